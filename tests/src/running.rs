//! cargo-migrate as a process that a test watches, interrupts and kills.

use std::io::Read;
use std::process::{self, Child, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::environment;
use crate::output::Output;
use crate::project::Project;

/// A process that was started. Dropping it kills it.
#[derive(Debug)]
pub struct Running {
    child: Child,
    command: String,
    replacements: Vec<(String, &'static str)>,
    stdout: Stream,
    stderr: Stream,
}

impl Running {
    /// Starts cargo-migrate in the package.
    ///
    /// # Panics
    ///
    /// It can't be started.
    pub fn start(project: &Project, args: &[&str]) -> Self {
        let mut child = environment::command(&environment::cargo_migrate())
            .args(args)
            .current_dir(project.root())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("a program is started");
        let stdout = Stream::read(child.stdout.take().expect("it is piped"));
        let stderr = Stream::read(child.stderr.take().expect("it is piped"));
        let command = format!("cargo-migrate {}", args.join(" "));
        Self { child, command, replacements: project.replacements(), stdout, stderr }
    }

    /// Sends it a signal.
    ///
    /// # Panics
    ///
    /// It has ended and was waited for.
    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("the process is there");
    }

    /// Ends it by SIGKILL: it gets no chance to say good-bye to anybody.
    ///
    /// # Panics
    ///
    /// It has ended by itself.
    #[track_caller]
    pub fn kill(mut self) {
        assert!(!self.has_ended(), "it was over already: {}", self.said());
        self.child.kill().expect("the process is there");
        self.child.wait().expect("the process is there");
    }

    /// Whether it has ended.
    ///
    /// # Panics
    ///
    /// The system doesn't tell.
    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().expect("the process is there").is_some()
    }

    /// What it has printed to stderr until now.
    pub fn said(&self) -> String {
        self.stderr.text()
    }

    /// Waits until it has printed a text to stderr.
    ///
    /// # Panics
    ///
    /// It doesn't.
    #[track_caller]
    pub fn until_said(&mut self, text: &str) {
        let deadline = Instant::now() + PATIENCE;
        while !self.said().contains(text) {
            let ended = self.has_ended();
            assert!(!ended && Instant::now() < deadline || self.said().contains(text), "no `{text}`: {}", self.said());
            thread::sleep(PAUSE);
        }
    }

    /// Waits for its end.
    ///
    /// # Panics
    ///
    /// It doesn't end.
    #[track_caller]
    pub fn wait(mut self) -> Output {
        let deadline = Instant::now() + PATIENCE;
        while !self.has_ended() {
            assert!(Instant::now() < deadline, "{} goes on and on: {}", self.command, self.said());
            thread::sleep(PAUSE);
        }
        let status = self.child.wait().expect("the process is there");
        let output = process::Output { status, stdout: self.stdout.end(), stderr: self.stderr.end() };
        Output::new(self.command.clone(), output, &self.replacements)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It fails where the process has ended, and then there is nothing to do.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// What a process prints, read as it comes.
#[derive(Debug)]
struct Stream {
    bytes: Arc<Mutex<Vec<u8>>>,
    reader: Option<JoinHandle<()>>,
}

impl Stream {
    fn read(mut from: impl Read + Send + 'static) -> Self {
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let into = Arc::clone(&bytes);
        let reader = thread::spawn(move || {
            let mut chunk = [0; 4096];
            while let Ok(count @ 1..) = from.read(&mut chunk) {
                into.lock().expect("no thread panics with it").extend_from_slice(&chunk[..count]);
            }
        });
        Self { bytes, reader: Some(reader) }
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes.lock().expect("no thread panics with it")).into_owned()
    }

    /// All of it, once the process has ended.
    fn end(&mut self) -> Vec<u8> {
        if let Some(reader) = self.reader.take() {
            reader.join().expect("reading doesn't panic");
        }
        self.bytes.lock().expect("no thread panics with it").clone()
    }
}

/// How long something may take that must happen: for a machine that is busy with other things.
const PATIENCE: Duration = Duration::from_secs(90);
const PAUSE: Duration = Duration::from_millis(10);

/// Waits until something is so.
///
/// # Panics
///
/// It doesn't come true.
#[track_caller]
pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "{what}: it doesn't come true");
        thread::sleep(PAUSE);
    }
}
