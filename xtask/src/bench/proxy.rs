//! A network of some milliseconds between client and server: a TCP proxy that delays every byte in both directions and counts
//! round trips.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

/// A running proxy; it ends with the runtime.
#[derive(Debug)]
pub(crate) struct Proxy {
    pub(crate) port: u16,
    trips: Arc<AtomicUsize>,
}

impl Proxy {
    /// Listens, and forwards every connection to `server` with `delay` each way.
    pub(crate) async fn start(server: SocketAddr, delay: Duration) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();
        let trips = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&trips);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let counted = Arc::clone(&counted);
                tokio::spawn(async move {
                    if let Ok(server) = TcpStream::connect(server).await {
                        forward(client, server, delay, counted).await;
                    }
                });
            }
        });
        Ok(Self { port, trips })
    }

    /// Round trips since the last call: turns of the conversation from the server back to the client.
    pub(crate) fn take_trips(&self) -> usize {
        self.trips.swap(0, Ordering::Relaxed)
    }
}

async fn forward(client: TcpStream, server: TcpStream, delay: Duration, trips: Arc<AtomicUsize>) {
    // The sockets' own buffering must not add to the delay.
    if client.set_nodelay(true).is_err() || server.set_nodelay(true).is_err() {
        return;
    }
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    // 1 while the client speaks, 0 while the server does.
    let speaker = Arc::new(AtomicUsize::new(0));
    let asked = Arc::clone(&speaker);
    let up = pipe(from_client, to_server, delay, move || asked.store(1, Ordering::Relaxed));
    let down = pipe(from_server, to_client, delay, move || {
        if speaker.swap(0, Ordering::Relaxed) == 1 {
            trips.fetch_add(1, Ordering::Relaxed);
        }
    });
    tokio::join!(up, down);
}

async fn pipe(
    mut from: impl AsyncReadExt + Unpin,
    mut to: impl AsyncWriteExt + Unpin,
    delay: Duration,
    heard: impl Fn(),
) {
    let (sender, mut receiver) = mpsc::unbounded_channel::<(Instant, Vec<u8>)>();
    let read = async move {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(length @ 1..) = from.read(&mut buffer).await {
            heard();
            let bytes = buffer.get(..length).unwrap_or_default().to_vec();
            if sender.send((Instant::now() + delay, bytes)).is_err() {
                break;
            }
        }
    };
    let write = async move {
        while let Some((at, bytes)) = receiver.recv().await {
            sleep_until(at).await;
            if to.write_all(&bytes).await.is_err() {
                break;
            }
        }
        // The other side is told of the end; it may be gone already.
        drop(to.shutdown().await);
    };
    tokio::join!(read, write);
}
