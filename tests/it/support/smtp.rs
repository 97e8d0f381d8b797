//! A small mail server that does what a test tells it.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{
    AsyncBufRead, AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader, Lines,
};
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
    /// Takes it, after a moment.
    Slow,
    /// Takes it, once the mood is another.
    Hesitates,
}

/// How long the moment is.
const MOMENT: Duration = Duration::from_millis(150);

/// A message that came whole.
#[derive(Clone, Debug)]
pub struct Taken {
    /// As it was on the wire.
    pub message: String,
    /// Whether the sender was told that it is taken.
    pub acknowledged: bool,
}

/// What came so far.
#[derive(Debug, Default)]
struct Post {
    taken: Vec<Taken>,
    refused: usize,
    /// It has them whole and has not answered yet.
    in_hand: usize,
}

/// A mail server on a free port.
pub struct Smtp {
    pub address: SocketAddr,
    mood: Arc<Mutex<Mood>>,
    post: Arc<Mutex<Post>>,
}

impl Smtp {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mood = Arc::new(Mutex::new(Mood::Takes));
        let post = Arc::new(Mutex::new(Post::default()));
        tokio::spawn({
            let (mood, post) = (mood.clone(), post.clone());
            async move {
                while let Ok((stream, _)) = listener.accept().await {
                    let (mood, post) = (mood.clone(), post.clone());
                    tokio::spawn(async move { drop(talk(stream, &mood, &post).await) });
                }
            }
        });
        Self {
            address,
            mood,
            post,
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
        let post = self.post.lock().unwrap();
        post.taken
            .iter()
            .map(|taken| taken.message.clone())
            .collect()
    }

    /// How many messages it has whole and has not answered yet.
    pub fn in_hand(&self) -> usize {
        self.post.lock().unwrap().in_hand
    }

    /// Hands out everything that came, and how many recipients it refused, and forgets both.
    pub fn collect(&self) -> (Vec<Taken>, usize) {
        let mut post = self.post.lock().unwrap();
        let taken = std::mem::take(&mut post.taken);
        (taken, std::mem::take(&mut post.refused))
    }
}

/// What comes up to the dot that ends it. Nothing, when the sender is gone before: then there is no message (RFC 5321, 3.8
/// and 4.5.2).
async fn whole(lines: &mut Lines<impl AsyncBufRead + Unpin>) -> std::io::Result<Option<String>> {
    let mut message = String::new();
    while let Some(line) = lines.next_line().await? {
        if line == "." {
            return Ok(Some(message));
        }
        message.push_str(line.strip_prefix('.').unwrap_or(&line));
        message.push('\n');
    }
    Ok(None)
}

async fn talk(stream: TcpStream, mood: &Mutex<Mood>, post: &Mutex<Post>) -> std::io::Result<()> {
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
            "RCPT" if now() == Mood::NoSuchPerson => {
                post.lock().unwrap().refused += 1;
                "550 no such person\r\n"
            }
            "DATA" => {
                write.write_all(b"354 go on\r\n").await?;
                let Some(message) = whole(&mut lines).await? else {
                    return Ok(());
                };
                post.lock().unwrap().in_hand += 1;
                while now() == Mood::Hesitates {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                post.lock().unwrap().in_hand -= 1;
                let mood = now();
                if mood == Mood::Slow {
                    tokio::time::sleep(MOMENT).await;
                }
                if mood == Mood::Later {
                    "451 later\r\n"
                } else {
                    let acknowledged = mood != Mood::BreaksOff;
                    post.lock().unwrap().taken.push(Taken {
                        message,
                        acknowledged,
                    });
                    if !acknowledged {
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

#[tokio::test]
async fn a_message_whose_sender_is_gone_before_its_end_is_none() {
    let server = Smtp::start().await;
    for (end, came) in [("", 0), ("..and more\r\n.\r\n", 1)] {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        let words = format!("EHLO here\r\nDATA\r\nSubject: Half\r\n\r\nHalf a line\r\n{end}");
        stream.write_all(words.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut answers = String::new();
        stream.read_to_string(&mut answers).await.unwrap();
        assert_eq!(server.taken().len(), came, "{answers}");
    }
    assert_eq!(
        server.taken(),
        ["Subject: Half\n\nHalf a line\n.and more\n"]
    );
}
