//! A TCP proxy before a server that counts what every connection asks.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use cargo_migrate::config::database_url::DatabaseUrl;

use crate::proxy::at_port;

/// A proxy that counts.
#[derive(Debug)]
pub struct RoundTrips {
    port: u16,
    counts: Arc<Mutex<Vec<usize>>>,
}

impl RoundTrips {
    /// Starts one before the server of `url`.
    ///
    /// # Panics
    ///
    /// There is no free port.
    pub fn start(url: &DatabaseUrl) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
        let port = listener.local_addr().expect("it is bound").port();
        let server = url.config().get_ports()[0];
        let counts = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::clone(&counts);
        // It ends with the test's process.
        thread::spawn(move || {
            for client in listener.incoming().filter_map(Result::ok) {
                let Ok(server) = TcpStream::connect(("127.0.0.1", server)) else { continue };
                let number = {
                    let mut counts = shared.lock().expect("no thread panics with it");
                    counts.push(0);
                    counts.len() - 1
                };
                let copy = |socket: &TcpStream| socket.try_clone().expect("a socket can be cloned");
                let (from, to) = (copy(&client), copy(&server));
                let counts = Arc::clone(&shared);
                thread::spawn(move || {
                    requests(from, to, &|| counts.lock().expect("no thread panics with it")[number] += 1);
                });
                thread::spawn(move || copy_all(server, client));
            }
        });
        Self { port, counts }
    }

    /// The same database by way of the proxy.
    ///
    /// # Panics
    ///
    /// The URL is not one of a throw-away server.
    pub fn url(&self, url: &DatabaseUrl) -> DatabaseUrl {
        at_port(url, self.port)
    }

    /// How often each connection has asked and waited for the answer, after it was let in.
    ///
    /// # Panics
    ///
    /// A thread of the proxy has.
    pub fn counts(&self) -> Vec<usize> {
        self.counts.lock().expect("no thread panics with it").clone()
    }
}

fn copy_all(mut from: TcpStream, mut to: TcpStream) {
    let mut chunk = [0; 8192];
    while let Ok(count @ 1..) = from.read(&mut chunk) {
        if to.write_all(&chunk[..count]).is_err() {
            break;
        }
    }
    drop(to.shutdown(Shutdown::Both));
}

/// Hands messages on, and counts those behind which the client waits: queries and the ends of pipelines.
fn requests(mut from: TcpStream, mut to: TcpStream, count: &dyn Fn()) {
    let mut started = false;
    loop {
        // Before the session there are messages without a kind: the wish for TLS, and the start.
        let mut head = vec![0; if started { 5 } else { 4 }];
        if from.read_exact(&mut head).is_err() {
            break;
        }
        let length = u32::from_be_bytes([
            head[head.len() - 4],
            head[head.len() - 3],
            head[head.len() - 2],
            head[head.len() - 1],
        ]);
        let mut body = vec![0; (length as usize).saturating_sub(4)];
        if from.read_exact(&mut body).is_err() {
            break;
        }
        if started {
            if matches!(head[0], b'Q' | b'S') {
                count();
            }
        } else {
            const TLS: [u8; 4] = 80_877_103_u32.to_be_bytes();
            started = !body.starts_with(&TLS);
        }
        if to.write_all(&head).and_then(|()| to.write_all(&body)).is_err() {
            break;
        }
    }
    drop(to.shutdown(Shutdown::Both));
}
