//! A stop (SIGTERM) of the real server: what is being asked is answered, and the letter in hand is sent, once.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use wellbeing_courses::read;

use crate::history::scene::Scene;
use crate::support::smtp::Mood;

const PAGE: &str = "/forgotten-password";
/// What a server says as soon as it wants the rest of a request (RFC 9110, 10.1.1).
const GO_ON: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sigterm_finishes_what_it_is_doing_on_sqlite() {
    finishes(Scene::on_sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sigterm_finishes_what_it_is_doing_on_postgres() {
    finishes(Scene::on_postgres(1).await).await;
}

async fn finishes(scene: Scene) {
    let node = &scene.nodes[0];
    let address = node.origin.strip_prefix("http://").unwrap();
    scene.post.set(Mood::Hesitates);
    let first = TcpStream::connect(address).await.unwrap();
    let asked = half_asked(first, address, &scene.people[0].email).await;
    assert_sent(&asked.finish().await);
    while scene.post.in_hand() == 0 {
        tokio::task::yield_now().await;
    }
    let second = TcpStream::connect(address).await.unwrap();
    let asked = half_asked(second, address, &scene.people[1].email).await;

    node.terminate();
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert_sent(&asked.finish().await);
    assert!(node.runs(), "a letter is in hand: {}", node.says());
    scene.post.set(Mood::Takes);
    let ended = node.ended();
    assert_eq!(ended.code(), Some(0), "{}", node.says());

    let taken = scene.post.taken();
    assert_eq!(taken.len(), 1, "the letter in hand, once, and no other");
    assert!(taken[0].contains(&scene.people[0].email), "{}", taken[0]);
    let db = scene.db().await;
    let letters: Vec<String> = read!(db, |c| {
        Ok(
            sqlx::query_scalar("SELECT state FROM outbox ORDER BY state")
                .fetch_all(&mut *c)
                .await?,
        )
    })
    .unwrap();
    db.close().await;
    assert_eq!(
        letters,
        ["sent", "waiting"],
        "what was answered last is kept"
    );
}

/// A form of which the server has the first half and wants the rest.
struct HalfAsked {
    stream: TcpStream,
    rest: String,
}

/// Asks for a link, up to the middle of the form.
async fn half_asked(mut stream: TcpStream, address: &str, email: &str) -> HalfAsked {
    let form = format!("email={}", email.replace('@', "%40"));
    let head = format!(
        "POST {PAGE} HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nSec-Fetch-Site: same-origin\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nExpect: 100-continue\r\n\
         Connection: close\r\n\r\n",
        form.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut said = vec![0; GO_ON.len()];
    stream.read_exact(&mut said).await.unwrap();
    assert_eq!(said, GO_ON, "{}", String::from_utf8_lossy(&said));
    let (half, rest) = form.split_at(form.len() / 2);
    stream.write_all(half.as_bytes()).await.unwrap();
    HalfAsked {
        stream,
        rest: rest.to_owned(),
    }
}

impl HalfAsked {
    /// Sends the rest; gives the whole answer, up to the end of the connection.
    async fn finish(mut self) -> String {
        self.stream.write_all(self.rest.as_bytes()).await.unwrap();
        let mut answer = String::new();
        self.stream.read_to_string(&mut answer).await.unwrap();
        answer
    }
}

fn assert_sent(answer: &str) {
    assert!(answer.starts_with("HTTP/1.1 303 "), "{answer}");
    let to = format!("\r\nlocation: {PAGE}/sent\r\n");
    assert!(answer.contains(&to), "{answer}");
    assert!(answer.contains("\r\n\r\n"), "whole: {answer}");
}
