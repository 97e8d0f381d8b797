//! A small mail server that does what a test tells it.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What it does with the next message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// Takes it.
    Takes,
    /// 550 to the recipient.
    NoSuchPerson,
    /// 451 after the message.
    Later,
    /// Takes the message and breaks off without an answer.
    BreaksOff,
    /// Says nothing to a new connection.
    Away,
}

/// A mail server on a free port.
pub struct Smtp {
    pub address: SocketAddr,
    mood: Arc<Mutex<Mood>>,
    taken: Arc<Mutex<Vec<String>>>,
}

impl Smtp {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mood = Arc::new(Mutex::new(Mood::Takes));
        let taken = Arc::new(Mutex::new(Vec::new()));
        tokio::spawn({
            let (mood, taken) = (mood.clone(), taken.clone());
            async move {
                while let Ok((stream, _)) = listener.accept().await {
                    let (mood, taken) = (mood.clone(), taken.clone());
                    tokio::spawn(async move { drop(talk(stream, &mood, &taken).await) });
                }
            }
        });
        Self {
            address,
            mood,
            taken,
        }
    }

    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    pub fn set(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    /// Every message that came whole, as it was on the wire.
    pub fn taken(&self) -> Vec<String> {
        self.taken.lock().unwrap().clone()
    }
}

async fn talk(
    stream: TcpStream,
    mood: &Mutex<Mood>,
    taken: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let now = || *mood.lock().unwrap();
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    if now() == Mood::Away {
        return Ok(());
    }
    write.write_all(b"220 here\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        let verb = line.to_uppercase();
        let answer = match verb.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" => "250-here\r\n250 8BITMIME\r\n",
            "RCPT" if now() == Mood::NoSuchPerson => "550 no such person\r\n",
            "DATA" => {
                write.write_all(b"354 go on\r\n").await?;
                let mut message = String::new();
                while let Some(line) = lines.next_line().await? {
                    if line == "." {
                        break;
                    }
                    message.push_str(&line);
                    message.push('\n');
                }
                if now() == Mood::Later {
                    "451 later\r\n"
                } else {
                    taken.lock().unwrap().push(message);
                    if now() == Mood::BreaksOff {
                        return Ok(());
                    }
                    "250 taken\r\n"
                }
            }
            "QUIT" => {
                write.write_all(b"221 bye\r\n").await?;
                return Ok(());
            }
            _ => "250 fine\r\n",
        };
        write.write_all(answer.as_bytes()).await?;
    }
    Ok(())
}
