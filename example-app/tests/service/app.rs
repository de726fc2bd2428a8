//! A running service, and what it says.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Output, Stdio};
use std::thread::JoinHandle;

use serde_json::Value;
use tests::postgres::Database;

/// The program with its database, and nothing else of the environment's.
pub(crate) fn command(database: &Database, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_example-app"));
    command.args(args).env_remove("DATABASE_URL").env("DATABASE_URL", database.url().expose());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs the program to its end.
pub(crate) fn run(database: &Database, args: &[&str]) -> Output {
    command(database, args).output().unwrap()
}

/// What a program said that had to fail.
#[track_caller]
pub(crate) fn refused(database: &Database, args: &[&str]) -> String {
    let output = run(database, args);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    said
}

/// A service that serves; it is killed when the test ends.
pub(crate) struct App {
    process: Child,
    address: String,
    /// What it said before it served.
    pub(crate) said: Vec<String>,
    rest: Option<JoinHandle<String>>,
}

impl App {
    /// Starts it on a free port.
    #[track_caller]
    pub(crate) fn start(database: &Database, migrate: &str) -> Self {
        let mut process = command(database, &["--listen", "127.0.0.1:0", "--migrate", migrate]).spawn().unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let mut said = Vec::new();
        let address = loop {
            let Some(line) = lines.next() else { panic!("it does not serve: {said:?}") };
            let line = line.unwrap();
            match line.strip_prefix("listening on http://") {
                Some(address) => break address.to_owned(),
                None => said.push(line),
            }
        };
        // Nobody may wait for a reader who is gone.
        let rest = std::thread::spawn(move || lines.map_while(Result::ok).collect::<Vec<_>>().join("\n"));
        Self { process, address, said, rest: Some(rest) }
    }

    pub(crate) fn get(&self, path: &str) -> (u16, Value) {
        self.request("GET", path, None)
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        self.request("POST", path, Some(body))
    }

    fn request(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        let body = body.map(Value::to_string).unwrap_or_default();
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, serde_json::from_str(body).unwrap_or_else(|_| Value::String(body.to_owned())))
    }

    /// Tells it to stop, as a service manager does; returns what it said since it served.
    #[cfg(unix)]
    pub(crate) fn stop(mut self) -> String {
        let sent = Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status().unwrap();
        assert!(sent.success());
        let status = self.process.wait().unwrap();
        let said = self.rest.take().unwrap().join().unwrap();
        assert!(status.success(), "{status}: {said}");
        said
    }
}

impl Drop for App {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
