//! A TCP proxy before a server that loses a connection at a chosen moment.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use cargo_migrate::config::database_url::DatabaseUrl;

/// What happens once the client has sent a certain text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// The text and what follows it never reach the server.
    Request,
    /// The server gets it, and its answers never reach the client.
    Answer,
}

/// A proxy that loses one thing.
#[derive(Debug)]
pub struct Proxy {
    port: u16,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    server: (String, u16),
    text: String,
    loss: Loss,
    lost: AtomicBool,
    sockets: Mutex<Vec<TcpStream>>,
}

impl Proxy {
    /// Starts one before the server of `url`.
    ///
    /// # Panics
    ///
    /// There is no free port.
    pub fn start(url: &DatabaseUrl, text: &str, loss: Loss) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
        let port = listener.local_addr().expect("it is bound").port();
        let shared = Arc::new(Shared {
            server: ("127.0.0.1".to_owned(), url.config().get_ports()[0]),
            text: text.to_owned(),
            loss,
            lost: AtomicBool::new(false),
            sockets: Mutex::new(Vec::new()),
        });
        let accepting = Arc::clone(&shared);
        // It ends with the test's process.
        thread::spawn(move || {
            for client in listener.incoming().filter_map(Result::ok) {
                Shared::connect(&accepting, &client);
            }
        });
        Self { port, shared }
    }

    /// The same database by way of the proxy.
    ///
    /// # Panics
    ///
    /// The URL is not one of a throw-away server.
    pub fn url(&self, url: &DatabaseUrl) -> DatabaseUrl {
        at_port(url, self.port)
    }

    /// Whether the moment has come.
    pub fn has_lost(&self) -> bool {
        self.shared.lost.load(Ordering::SeqCst)
    }

    /// Cuts all connections.
    pub fn cut(&self) {
        for socket in self.shared.sockets.lock().expect("no thread panics with it").drain(..) {
            // It fails where the connection is gone already.
            drop(socket.shutdown(Shutdown::Both));
        }
    }
}

/// A URL with another port.
///
/// # Panics
///
/// It names none.
pub fn at_port(url: &DatabaseUrl, port: u16) -> DatabaseUrl {
    let old = format!(":{}/", url.config().get_ports()[0]);
    assert!(url.expose().contains(&old), "the URL names its port");
    DatabaseUrl::parse(&url.expose().replace(&old, &format!(":{port}/"))).expect("it stays a URL")
}

impl Shared {
    fn connect(shared: &Arc<Self>, client: &TcpStream) {
        let Ok(server) = TcpStream::connect((shared.server.0.as_str(), shared.server.1)) else { return };
        let copy = |socket: &TcpStream| socket.try_clone().expect("a socket can be cloned");
        shared.sockets.lock().expect("no thread panics with it").extend([copy(client), copy(&server)]);
        let (requests, answers) = (Arc::clone(shared), Arc::clone(shared));
        let (from, to) = (copy(client), copy(&server));
        thread::spawn(move || requests.forward_requests(from, to));
        let (from, to) = (server, copy(client));
        thread::spawn(move || answers.forward_answers(from, to));
    }

    fn forward_requests(&self, mut from: TcpStream, mut to: TcpStream) {
        let mut sent = Vec::new();
        let mut chunk = [0; 8192];
        while let Ok(count @ 1..) = from.read(&mut chunk) {
            sent.extend_from_slice(&chunk[..count]);
            if sent.windows(self.text.len()).any(|window| window == self.text.as_bytes()) {
                self.lost.store(true, Ordering::SeqCst);
                if self.loss == Loss::Request {
                    continue;
                }
            }
            if to.write_all(&chunk[..count]).is_err() {
                break;
            }
        }
        drop(to.shutdown(Shutdown::Both));
    }

    fn forward_answers(&self, mut from: TcpStream, mut to: TcpStream) {
        let mut chunk = [0; 8192];
        while let Ok(count @ 1..) = from.read(&mut chunk) {
            let lost = self.loss == Loss::Answer && self.lost.load(Ordering::SeqCst);
            if !lost && to.write_all(&chunk[..count]).is_err() {
                break;
            }
        }
        drop(to.shutdown(Shutdown::Both));
    }
}
