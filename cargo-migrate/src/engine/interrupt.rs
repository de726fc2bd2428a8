//! What Ctrl-C does to a run: the server is asked to cancel, and its answer is waited for, so that the database is
//! consistent and what is said about it is true.

use std::io;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::connect::Canceller;

/// How a run ended.
#[derive(Debug)]
pub enum Outcome<T> {
    /// By itself.
    Finished(T),
    /// By an interrupt; what it returned, or nothing where it was dropped.
    Interrupted(Option<T>),
}

/// How often a cancellation is repeated: between two statements there is nothing that it could cancel.
const AGAIN: Duration = Duration::from_millis(300);

/// Runs `work`. An interrupt cancels the server's statement and waits for the end; where `idle` is set, there is no statement,
/// and `work` is dropped at once. So it is by a second interrupt, for whoever can't wait for a rollback.
///
/// # Errors
/// The system doesn't let interrupts be caught.
pub async fn run<T>(
    canceller: &Canceller,
    idle: &AtomicBool,
    mut on_interrupt: impl FnMut(),
    work: impl Future<Output = T>,
) -> io::Result<Outcome<T>> {
    let mut signals = Signals::new()?;
    let mut work = pin!(work);
    tokio::select! {
        biased;
        result = &mut work => return Ok(Outcome::Finished(result)),
        () = signals.next() => {}
    }
    on_interrupt();
    if idle.load(Ordering::Relaxed) {
        return Ok(Outcome::Interrupted(None));
    }
    loop {
        canceller.cancel().await;
        tokio::select! {
            biased;
            result = &mut work => return Ok(Outcome::Interrupted(Some(result))),
            () = signals.next() => return Ok(Outcome::Interrupted(None)),
            () = tokio::time::sleep(AGAIN) => {}
        }
    }
}

/// Returns when the process is interrupted: for work that may be dropped at any point.
///
/// # Errors
/// The system doesn't let interrupts be caught.
pub async fn next() -> io::Result<()> {
    Signals::new()?.next().await;
    Ok(())
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
