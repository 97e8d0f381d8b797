//! P2: the catalogue page for visitors, from the page cache, over a socket.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse as _;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};
use wellbeing_courses::server::serve;

use crate::Result;
use crate::measure::{Clock, Row, alternate, by_cpu, thread_id};
use crate::site::Site;

const PATH: &str = "/courses";
/// Connections that are kept open, asked all at once.
const VISITORS: usize = 8;

/// The kept page and "you have it already", each beside a raw handler with the same bytes and headers.
pub async fn rows(site: &Site, rounds: usize, each: usize) -> Result<Vec<Row>> {
    let (stop, stopped) = watch::channel(false);
    let ours = TcpListener::bind("127.0.0.1:0").await?;
    let ours_at = ours.local_addr()?;
    let served = tokio::spawn(serve::serve(ours, site.router.clone(), stopped));
    let (page, headers) = whole(site, "").await?;
    let etag = headers
        .get(header::ETAG)
        .ok_or("the page has no ETag")?
        .to_str()?
        .to_owned();
    let (_, same_headers) = whole(site, &etag).await?;
    let raw = TcpListener::bind("127.0.0.1:0").await?;
    let raw_at = raw.local_addr()?;
    let raw_served = tokio::spawn(
        axum::serve(raw, handler(page, headers, etag.clone(), same_headers)).into_future(),
    );

    let mut rows = Vec::new();
    let known = format!("If-None-Match: {etag}\r\n");
    for (what, head, status) in [
        ("kept catalogue page, brotli, over a socket", "", 200),
        ("the same, \"you have it\" (304)", known.as_str(), 304),
    ] {
        let ours = Visitors::start(ours_at, head, status)?;
        let raw = Visitors::start(raw_at, head, status)?;
        let without = [ours.thread, raw.thread];
        let rounds = alternate(
            rounds,
            async || by_cpu(each, &without, ours.look(each)).await,
            async || by_cpu(each, &without, raw.look(each)).await,
        )
        .await?;
        rows.push(Row::compared("P2", what, Clock::Cpu, &rounds, 60));
    }
    raw_served.abort();
    stop.send(true)?;
    served.await??;
    Ok(rows)
}

/// What the site answers a browser, with the ETag that the browser has.
async fn whole(site: &Site, etag: &str) -> Result<(Bytes, HeaderMap)> {
    let mut request = crate::site::get(PATH, "")?;
    let asked = request.headers_mut();
    asked.insert(header::ACCEPT_ENCODING, "gzip, deflate, br".parse()?);
    if !etag.is_empty() {
        asked.insert(header::IF_NONE_MATCH, etag.parse()?);
    }
    let response = site.ask(request).await?;
    let headers = response.headers().clone();
    Ok((to_bytes(response.into_body(), usize::MAX).await?, headers))
}

fn handler(page: Bytes, headers: HeaderMap, etag: String, same_headers: HeaderMap) -> Router {
    let kept = Arc::new((headers, etag, same_headers));
    crate::route(
        PATH,
        get(move |asked: HeaderMap| {
            let (page, kept) = (page.clone(), kept.clone());
            async move {
                let (headers, etag, same_headers) = &*kept;
                let known = asked.get(header::IF_NONE_MATCH);
                if known.is_some_and(|known| known.as_bytes() == etag.as_bytes()) {
                    (StatusCode::NOT_MODIFIED, same_headers.clone()).into_response()
                } else {
                    (headers.clone(), Body::from(page)).into_response()
                }
            }
        }),
    )
}

/// Visitors on a thread of their own, whose CPU time is not the server's.
struct Visitors {
    thread: u32,
    orders: Sender<(usize, oneshot::Sender<Result<()>>)>,
}

impl Visitors {
    fn start(at: SocketAddr, head: &str, status: u16) -> Result<Self> {
        let request = format!(
            "GET {PATH} HTTP/1.1\r\nHost: 127.0.0.1:3000\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0)\r\n\
             Accept: text/html,application/xhtml+xml\r\nAccept-Language: en-GB,en;q=0.5\r\n\
             Accept-Encoding: gzip, deflate, br\r\nSec-Fetch-Dest: document\r\nSec-Fetch-Mode: navigate\r\n\
             Sec-Fetch-Site: same-origin\r\n{head}\r\n"
        );
        let (orders, taken) = channel();
        let (say, said) = channel();
        thread::spawn(move || {
            if say.send(thread_id()).is_ok() {
                visit(at, request.as_bytes(), status, &taken);
            }
        });
        Ok(Self {
            thread: said.recv()??,
            orders,
        })
    }

    /// All of them together look at the page so many times.
    async fn look(&self, times: usize) -> Result<()> {
        let (done, waiting) = oneshot::channel();
        self.orders
            .send((times, done))
            .map_err(|_| "the visitors have gone")?;
        waiting.await?
    }
}

fn visit(
    at: SocketAddr,
    request: &[u8],
    status: u16,
    orders: &Receiver<(usize, oneshot::Sender<Result<()>>)>,
) {
    let mut connections: Result<Vec<TcpStream>> = (0..VISITORS)
        .map(|_| {
            let stream = TcpStream::connect(at)?;
            stream.set_nodelay(true)?;
            Ok(stream)
        })
        .collect();
    let mut room = vec![0; 256 * 1024];
    for (times, done) in orders {
        let outcome = match &mut connections {
            Ok(connections) => all_at_once(connections, request, status, times, &mut room),
            Err(error) => Err(error.to_string().into()),
        };
        drop(done.send(outcome));
    }
}

fn all_at_once(
    connections: &mut [TcpStream],
    request: &[u8],
    status: u16,
    times: usize,
    room: &mut [u8],
) -> Result<()> {
    for _ in 0..times.div_ceil(connections.len()) {
        for stream in connections.iter_mut() {
            stream.write_all(request)?;
        }
        for stream in connections.iter_mut() {
            answer(stream, status, room)?;
        }
    }
    Ok(())
}

/// Reads one answer to its end.
fn answer(stream: &mut TcpStream, status: u16, room: &mut [u8]) -> Result<()> {
    let mut have = 0;
    let mut whole = usize::MAX;
    while have < whole {
        let space = room.get_mut(have..).filter(|space| !space.is_empty());
        let more = stream.read(space.ok_or("an answer is too long")?)?;
        if more == 0 {
            return Err("the server hung up".into());
        }
        have += more;
        if whole == usize::MAX
            && let Some(end) = room[..have].windows(4).position(|four| four == b"\r\n\r\n")
        {
            let head = std::str::from_utf8(&room[..end])?.to_ascii_lowercase();
            if !head.starts_with(&format!("http/1.1 {status} ")) {
                return Err(format!("not {status}: {head}").into());
            }
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "))
                .map_or(Ok(0), str::parse)?;
            whole = end + 4 + if status == 304 { 0 } else { length };
        }
    }
    Ok(())
}
