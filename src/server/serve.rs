//! The server loop, with time limits on slow clients and a clean stop.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};
use tower::ServiceExt as _;

use super::Result;

/// How long slow clients are waited for.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For the head of the first request, and of every next one on HTTP/1.
    pub head: Duration,
    /// For a whole form.
    pub body: Duration,
    /// An HTTP/2 connection on which nothing moves is asked so often whether anybody is still there; `head` is how long
    /// the answer may take.
    pub ping: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            body: Duration::from_secs(30),
            ping: Duration::from_secs(20),
        }
    }
}

/// How long a stop waits for what is being answered.
const STOP_TIME: Duration = Duration::from_secs(20);

/// Answers on `listener` until `stop` becomes true, then finishes what it is doing.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    stop: watch::Receiver<bool>,
) -> Result<()> {
    serve_for(listener, router, Patience::default(), stop).await
}

/// As [`serve`], waiting for slow clients as long as `patience` says.
///
/// # Errors
/// When the listener fails.
pub async fn serve_for(
    listener: TcpListener,
    router: Router,
    patience: Patience,
    mut stop: watch::Receiver<bool>,
) -> Result<()> {
    let mut server = auto::Builder::new(TokioExecutor::new());
    server
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(patience.head);
    server
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(patience.ping)
        .keep_alive_timeout(patience.head);
    let graceful = GracefulShutdown::new();
    loop {
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of file descriptors: wait for some to come back.
                    tracing::warn!(%error, "accept");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            // Not the borrow that `wait_for` answers with: it must not live across an await.
            () = async { drop(stop.wait_for(|stop| *stop).await) } => break,
        };
        drop(stream.set_nodelay(true));
        let asked = Arc::new(Notify::new());
        let first = asked.clone();
        let service = router.clone().map_request(
            move |mut request: hyper::Request<hyper::body::Incoming>| {
                asked.notify_one();
                request
                    .extensions_mut()
                    .insert(ConnectInfo::<SocketAddr>(peer));
                request
            },
        );
        let connection = server
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service))
            .into_owned();
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            tokio::pin!(connection);
            // hyper's own limits begin once it knows which HTTP is spoken.
            let ended = tokio::select! {
                ended = &mut connection => ended,
                () = first.notified() => connection.await,
                () = tokio::time::sleep(patience.head) => {
                    tracing::debug!("a connection asked for nothing");
                    return;
                }
            };
            if let Err(error) = ended {
                tracing::debug!(%error, "connection");
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(STOP_TIME, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("some connections were still open when time ran out");
    }
    Ok(())
}

/// Turns true at SIGTERM or Ctrl-C.
///
/// # Errors
/// When the signals cannot be listened for.
pub fn stop_signal() -> Result<watch::Receiver<bool>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let (tell, stop) = watch::channel(false);
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping: finishing what is being done");
        tell.send_replace(true);
    });
    Ok(stop)
}
