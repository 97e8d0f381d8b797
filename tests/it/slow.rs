//! Clients that send slowly, or nothing: they are sent away, so that their number stops nobody else.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use wellbeing_courses::app;
use wellbeing_courses::server::serve::{self, Patience};

use crate::support::Site;

/// What HTTP/2 begins with (RFC 9113 §3.4), and a SETTINGS frame without settings.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const SETTINGS: &[u8] = &[0, 0, 0, 4, 0, 0, 0, 0, 0];
/// `GET http://a/healthz` as a HEADERS frame that ends the request, from HPACK's static table.
const GET: &[u8] = b"\x00\x00\x0f\x01\x05\x00\x00\x00\x01\x82\x86\x41\x01a\x04\x08/healthz";

/// The same site on another port, where nobody is waited for long.
async fn impatient(site: &Site) -> (SocketAddr, watch::Sender<bool>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let patience = Patience {
        head: Duration::from_millis(400),
        body: Duration::from_millis(400),
        ping: Duration::from_millis(200),
    };
    let router = app::patient_router(&site.app, patience).unwrap();
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(serve::serve_for(listener, router, patience, stopped));
    (address, stop)
}

/// Sends `words`, then nothing more, and reads until the server hangs up.
async fn until_hung_up(address: SocketAddr, words: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(words).await.unwrap();
    let mut answer = Vec::new();
    // A connection that is cut is closed, too.
    let whole = async { drop(stream.read_to_end(&mut answer).await) };
    tokio::time::timeout(Duration::from_secs(30), whole)
        .await
        .unwrap_or_else(|_| panic!("still open after {:?}", String::from_utf8_lossy(words)));
    answer
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_sends_nothing_more_is_hung_up_on() {
    let site = Site::on_sqlite().await;
    let (address, _stop) = impatient(&site).await;
    let handshake = [PREFACE, SETTINGS].concat();
    let request = [PREFACE, SETTINGS, GET].concat();
    let form = b"POST /newsletter HTTP/1.1\r\nHost: a\r\nSec-Fetch-Site: same-origin\r\n\
        Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nemail=jo";
    let whole = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
    let (nothing, half_preface, preface, handshake, asked, half_head, half_form, then_nothing) = tokio::join!(
        until_hung_up(address, b""),
        until_hung_up(address, b"PRI * HTTP/2"),
        until_hung_up(address, PREFACE),
        until_hung_up(address, &handshake),
        until_hung_up(address, &request),
        until_hung_up(address, b"GET / HTTP/1.1\r\nHost:"),
        until_hung_up(address, form),
        until_hung_up(address, whole),
    );
    assert!(nothing.is_empty() && half_preface.is_empty());
    for (what, answer) in [("preface", preface), ("handshake", handshake)] {
        assert!(!has(&answer, b"alive"), "{what}");
    }
    assert!(!has(&half_head, b" 200 "));
    // These asked for something and got it; then they were silent.
    assert!(has(&asked, b"alive\n"), "an HTTP/2 request was answered");
    assert!(has(&then_nothing, b"alive\n"));
    let half_form = String::from_utf8_lossy(&half_form);
    assert!(half_form.starts_with("HTTP/1.1 408 "), "{half_form}");
    assert!(
        half_form.contains("That took too long to reach us"),
        "{half_form}"
    );
}

fn has(answer: &[u8], words: &[u8]) -> bool {
    answer.windows(words.len()).any(|part| part == words)
}
