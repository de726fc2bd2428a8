//! Transactional migrations: many travel in one message, each is its own transaction.
//!
//! The server executes a message's statements in order, answers as it goes, and drops the rest of the message at the first
//! error. So the migrations before the failed one are committed, the failed one is rolled back, and those after it never
//! start. Only a syntax error stops the whole message before anything ran, because the server parses all of it first; then
//! the migrations go one by one.

use std::ops::Range;
use std::time::{Duration, Instant};

use futures_util::{StreamExt, pin_mut};
use tokio_postgres::error::ErrorPosition;
use tokio_postgres::{Client, SimpleQueryMessage};

use super::blocked::Attempts;
use super::error::{Error, ends_session};
use super::event::{Event, OnEvent};
use super::refusal::Refusal;
use super::script_error::ScriptError;
use super::sql::{Frame, MARK, is_raised};
use crate::direction::Direction;
use crate::embedded::Migration;
use crate::position::Position;
use crate::statements::{self, Kind, Statement};

/// So many migrations are sent together at first; four times as many after a message that took less than [`QUICK`].
const FIRST: usize = 8;
const MOST: usize = 512;
const MOST_BYTES: usize = 1 << 20;
/// Of so many migrations in a run, what is the same for each is prepared once.
const WORTH_PREPARING: usize = 8;
const QUICK: Duration = Duration::from_millis(500);

/// A migration to run, in one direction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step<'a> {
    pub(super) migration: &'a Migration<'a>,
    pub(super) direction: Direction,
}

impl<'a> Step<'a> {
    /// The script to run; a plan never has a step down without one.
    pub(super) fn script(&self) -> &'a str {
        match self.direction {
            Direction::Up => &self.migration.up,
            Direction::Down => self.migration.down.as_deref().unwrap_or_default(),
        }
    }

    /// The script's file.
    pub(super) fn file(&self) -> String {
        let file = &*self.migration.file;
        match self.direction {
            Direction::Up => file.to_owned(),
            Direction::Down => format!("{}.down.sql", file.strip_suffix(".sql").unwrap_or(file)),
        }
    }

    /// The script's statements.
    ///
    /// # Errors
    /// A script that can't be sent: it would swallow what follows it, end the transaction, or hold what the protocol can't carry.
    pub(super) fn statements(&self) -> Result<Vec<Statement>, Refusal> {
        let text = self.script();
        let refuse = |offset: usize, reason: String| Refusal::Script {
            file: self.file(),
            position: Position::of(text, offset),
            reason,
        };
        if let Some(offset) = text.find('\0') {
            return Err(refuse(offset, "a NUL character can't be sent to the server".to_owned()));
        }
        let statements = statements::split(text).map_err(|error| refuse(error.offset, error.to_string()))?;
        for statement in &statements {
            let reason = match statement.kind {
                Kind::TransactionControl(what) => {
                    format!("`{what}` would end the transaction that keeps the migration and its history row together")
                }
                Kind::CopyFromStdin => "`COPY … FROM STDIN` has no input here".to_owned(),
                Kind::OutsideTransaction(what) if self.migration.transaction => {
                    format!("`{what}` can't run in a transaction, and the header doesn't say `transaction = false`")
                }
                _ => continue,
            };
            return Err(refuse(statement.range.start, reason));
        }
        Ok(statements)
    }
}

/// Where one migration's script lies in a message.
struct Part<'a> {
    step: Step<'a>,
    script: Range<usize>,
}

/// What became of a message.
#[derive(Default)]
struct Outcome {
    /// Migrations of it that are committed.
    committed: usize,
    /// Whether the first mark came: the server accepted the whole message's syntax.
    begun: bool,
    /// Whether a migration is begun and not committed yet.
    open: bool,
    /// Statements that finished since the last mark, that mark's own included.
    completed: usize,
    /// Whether the last begun migration's rows are written, so that only its commit is left.
    recorded: bool,
    failure: Option<tokio_postgres::Error>,
}

/// Runs consecutive transactional steps. `setup` is sent before the first of them. Says how many are committed, also
/// with an error.
pub(super) async fn run(
    client: &Client,
    frame: &Frame<'_>,
    mut setup: String,
    steps: &[Step<'_>],
    on_event: &mut OnEvent<'_>,
) -> (usize, Result<(), Error>) {
    let mut done = 0;
    let mut most = FIRST;
    let mut attempts = Attempts::default();
    // Preparing pays from some migrations on; a run is all up or all down.
    let direction = steps.first().map(|step| step.direction);
    let mut prepared = direction.filter(|_| steps.len() >= WORTH_PREPARING);
    if let Some(direction) = prepared {
        setup.push_str(&frame.prepare(direction));
    }
    let without_preparing = setup.len() - prepared.map_or(0, |direction| frame.prepare(direction).len());
    while let Some(rest) = steps.get(done..).filter(|rest| !rest.is_empty()) {
        let (message, parts) = compose(frame, &setup, rest, most, prepared.is_some());
        let sent = Instant::now();
        let mut outcome = send(client, &message, &parts, frame.statements_of_end(), on_event).await;
        done += outcome.committed;
        if outcome.begun {
            setup.clear();
        }
        let Some(failure) = outcome.failure.take() else {
            most = if sent.elapsed() < QUICK { (most * 4).min(MOST) } else { (most / 4).max(1) };
            continue;
        };
        let server = failure.as_db_error().map(|server| server.code().code());
        let stopped_all = !outcome.begun && parts.len() > 1 && server.is_some();
        // A migration said `DEALLOCATE ALL` and took our statements with it, or a cancelled run left them in this session.
        let unprepared = prepared.is_some() && !outcome.recorded && matches!(server, Some("26000" | "42P05"));
        if prepared.is_some() && (server.is_some() || stopped_all) {
            // Nobody waits for what is given back: it may not be there.
            drop(client.simple_query("ROLLBACK").await);
            drop(client.simple_query(&Frame::release()).await);
            setup.truncate(without_preparing);
            prepared = None;
        }
        if stopped_all || unprepared {
            // What failed may have been the creation of our tables, in a transaction of its own.
            drop(client.simple_query("ROLLBACK").await);
            most = 1;
            continue;
        }
        let error = explain(failure, &outcome, &parts, &message);
        let Some(part) = parts.get(outcome.committed) else { return (done, Err(error)) };
        if let Err(error) = attempts.again(client, frame.options, part.step, error, on_event).await {
            return (done, Err(error));
        }
    }
    (done, Ok(()))
}

/// Writes a message of at most `most` migrations.
fn compose<'a>(
    frame: &Frame<'_>,
    setup: &str,
    steps: &[Step<'a>],
    most: usize,
    prepared: bool,
) -> (String, Vec<Part<'a>>) {
    let mut message = setup.to_owned();
    let mut parts = Vec::new();
    for &step in steps.iter().take(most) {
        if !parts.is_empty() && message.len() + step.script().len() > MOST_BYTES {
            break;
        }
        message.push_str(&frame.begin(step.migration, prepared));
        let start = message.len();
        message.push_str(step.script());
        let script = start..message.len();
        message.push_str(&frame.end(step.migration, step.direction, prepared));
        parts.push(Part { step, script });
    }
    if prepared && parts.len() == steps.len() {
        message.push_str(&Frame::release());
    }
    (message, parts)
}

/// Sends a message and follows its answers as they arrive; a migration is committed when so many statements as `end` finished
/// from its record on.
async fn send(client: &Client, message: &str, parts: &[Part<'_>], end: usize, on_event: &mut OnEvent<'_>) -> Outcome {
    let mut outcome = Outcome::default();
    let stream = match client.simple_query_raw(message).await {
        Ok(stream) => stream,
        Err(failure) => return Outcome { failure: Some(failure), ..outcome },
    };
    pin_mut!(stream);
    while let Some(answer) = stream.next().await {
        match answer {
            Ok(SimpleQueryMessage::Row(row)) => {
                let mark = row.columns().first().filter(|column| column.name() == MARK).and_then(|_| row.get(0));
                match mark.map(|mark| mark.split_once(' ').unwrap_or((mark, ""))) {
                    Some(("begin", _)) => {
                        outcome =
                            Outcome { begun: true, open: true, committed: outcome.committed, ..Outcome::default() };
                        if let Some(part) = parts.get(outcome.committed) {
                            on_event(&Event::Started { migration: part.step.migration });
                        }
                    }
                    Some(("done", rest)) => {
                        outcome.recorded = true;
                        outcome.completed = 0;
                        let seconds = rest.rsplit(' ').next().and_then(|seconds| seconds.parse().ok());
                        let duration = seconds.and_then(|s: f64| Duration::try_from_secs_f64(s).ok());
                        if let Some(part) = parts.get(outcome.committed) {
                            on_event(&Event::Finished {
                                migration: part.step.migration,
                                duration: duration.unwrap_or_default(),
                            });
                        }
                    }
                    _ => {}
                }
            }
            Ok(SimpleQueryMessage::CommandComplete(_)) => {
                outcome.completed += 1;
                // What fails from here on is the next one's, not this one's.
                if outcome.recorded && outcome.completed == end {
                    outcome = Outcome { begun: true, committed: outcome.committed + 1, ..Outcome::default() };
                }
            }
            Ok(_) => {}
            Err(failure) => {
                outcome.failure = Some(failure);
                return outcome;
            }
        }
    }
    outcome.committed = parts.len();
    outcome
}

/// Says in the script's own terms what the server said of the message.
fn explain(failure: tokio_postgres::Error, outcome: &Outcome, parts: &[Part<'_>], message: &str) -> Error {
    let Outcome { open, completed, recorded, .. } = *outcome;
    let Some(part) = parts.get(outcome.committed) else {
        return Error::from_driver("applying migrations", failure);
    };
    let doing = format!("applying {}", part.step.file());
    let Some(server) = failure.as_db_error() else { return Error::from_driver(doing, failure) };
    let in_script = match server.position() {
        Some(ErrorPosition::Original(position)) => {
            let byte = byte_of(message, *position as usize);
            if part.script.contains(&byte) || byte == part.script.end {
                Some(byte - part.script.start)
            } else {
                // One of our own statements, before or after the script.
                return Error::from_driver(doing, failure);
            }
        }
        _ => None,
    };
    if in_script.is_none() && (!open || is_raised(server.message())) {
        return Error::from_driver(doing, failure);
    }
    let statements = statements::split(part.step.script()).unwrap_or_default();
    // The mark's statement came first. What fails after the script's last statement is ours, or the commit.
    let number = match in_script {
        Some(offset) => statements.iter().rposition(|statement| statement.range.start <= offset),
        None => completed.checked_sub(1),
    };
    if !recorded && in_script.is_none() && number.is_none_or(|number| number >= statements.len()) {
        return Error::from_driver(doing, failure);
    }
    let statement = number.filter(|_| !recorded);
    let start = statement.and_then(|number| statements.get(number)).map(|statement| statement.range.start);
    script_error(failure, part.step, in_script.or(start).unwrap_or(0), statement.map(|number| number + 1), true)
}

/// The byte at which the character `position`, counted from 1, begins.
pub(super) fn byte_of(text: &str, position: usize) -> usize {
    text.char_indices().nth(position.saturating_sub(1)).map_or(text.len(), |(byte, _)| byte)
}

/// Makes an error of what the server said of a statement; `offset` is in the script.
pub(super) fn script_error(
    failure: tokio_postgres::Error,
    step: Step<'_>,
    offset: usize,
    statement: Option<usize>,
    rolled_back: bool,
) -> Error {
    // Whoever ended the session, it wasn't the script.
    let Some(server) = failure.as_db_error().filter(|_| !ends_session(&failure)) else {
        return Error::from_driver(format!("applying {}", step.file()), failure);
    };
    let text = step.script();
    Error::Script(Box::new(ScriptError {
        version: step.migration.version,
        name: step.migration.name.clone().into_owned(),
        direction: step.direction,
        file: step.file(),
        text: text.to_owned(),
        offset,
        position: Position::of(text, offset),
        statement,
        rolled_back,
        code: server.code().code().to_owned(),
        message: server.message().to_owned(),
        detail: server.detail().map(str::to_owned),
        hint: server.hint().map(str::to_owned),
        context: server.where_().map(str::to_owned),
        attempts: 1,
        blockers: Vec::new(),
        source: failure,
    }))
}
