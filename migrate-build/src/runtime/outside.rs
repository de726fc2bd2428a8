//! Non-transactional migrations: statement by statement, with a record of each, so that a crash is resumed and nothing is
//! silently repeated.
//!
//! A statement that can run in a transaction runs in one together with its record, so its state is never in doubt. One that
//! can't (`CREATE INDEX CONCURRENTLY`, `VACUUM`, `CALL`, …) is recorded as running before and as done after; if the record
//! says `running` later, the statement's own traces in the catalogue tell whether it ran, and where there are none the user
//! is asked.

use std::time::Instant;

use futures_util::{StreamExt, pin_mut};
use tokio_postgres::error::ErrorPosition;
use tokio_postgres::{Client, SimpleQueryMessage};

use super::apply::{Step, byte_of, script_error};
use super::blocked::old_transactions;
use super::error::Error;
use super::event::{Event, OnEvent};
use super::options::Resume;
use super::refusal::Refusal;
use super::rows::sha256;
use super::sql::{Frame, is_raised};
use super::state::{Progress, ProgressState, State, query};
use super::table::{identifier, literal};
use crate::concurrent_index::{self, ConcurrentIndex};
use crate::embedded::Migration;
use crate::position::Position;
use crate::statements::{self, Kind, Statement};

/// What to do with a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Decision {
    Run,
    Skip,
    /// It ran, and only its record says otherwise.
    MarkDone,
}

/// Runs one non-transactional step, from where an earlier run stopped.
pub(super) async fn run(
    client: &Client,
    frame: &Frame<'_>,
    setup: String,
    state: &State,
    step: Step<'_>,
    on_event: &mut OnEvent<'_>,
) -> Result<(), Error> {
    let begun = Instant::now();
    let Step { migration, direction } = step;
    let text = step.script();
    let statements = step.statements()?;
    let doing = format!("applying {}", step.file());
    let recorded: &[Progress] = state
        .interrupted
        .iter()
        .find(|interrupted| (interrupted.version, interrupted.direction) == (migration.version, direction))
        .map_or(&[], |interrupted| &interrupted.statements);
    refuse_changed(step, &statements, recorded)?;
    if !setup.is_empty() {
        query(client, &setup, &doing).await?;
    }
    on_event(&Event::Started { migration });
    query(client, &frame.begin_outside(migration), &doing).await?;
    for (at, statement) in statements.iter().enumerate() {
        let number = at + 1;
        let sql = text.get(statement.range.clone()).unwrap_or_default();
        let record = recorded.iter().find(|progress| progress.number == number);
        let key = ((migration.version, direction), (number, sha256(sql)));
        let write = |state: &str, error: Option<&str>| frame.progress(key.0, (key.1.0, &key.1.1), state, error);
        match decide(client, frame, step, number, statement, record).await? {
            Decision::Skip => continue,
            Decision::MarkDone => {
                query(client, &format!("{}{}COMMIT", frame.begin_statement(), write("done", None)), &doing).await?;
                continue;
            }
            Decision::Run => {}
        }
        let words = statement.words.join(" ");
        if let Some(index) = concurrent_build(statement.kind, sql) {
            let blockers = old_transactions(client, &index.table, frame.options.redact).await?;
            if !blockers.is_empty() {
                on_event(&Event::Behind { migration, blockers: &blockers });
            }
        }
        let patient = is_patient(migration, text, statement.kind);
        on_event(&Event::Statement { migration, number, of: statements.len(), words: &words, pid: frame.pid });
        let (prefix, result) = if alone(statement.kind) {
            let wait = if patient { Frame::patiently() } else { "" };
            let before = format!("{}{}COMMIT;\n{wait}", frame.begin_statement(), write("running", None));
            query(client, &before, &doing).await?;
            let result = client.simple_query(sql).await.map(drop);
            if result.is_ok() {
                let (begin, running) = (frame.begin_statement(), frame.still_running(key.0, number));
                let hurry = if patient { frame.impatiently(migration) } else { String::new() };
                query(client, &format!("{begin}{running}{}COMMIT;\n{hurry}", write("done", None)), &doing).await?;
            }
            (String::new(), result)
        } else {
            let begin = frame.begin_statement();
            let record = write("done", None);
            let (finished, result) = counted(client, &format!("{begin}{sql}\n;{record}COMMIT")).await;
            // What fails behind the statement is ours and not to be blamed on it, but for what the commit checks.
            let behind = count(&begin) + 1;
            match result {
                Err(failure) if (behind..behind + count(&record)).contains(&finished) => {
                    // As without a connection: the statement is rolled back, and will be run again.
                    drop(client.simple_query("ROLLBACK").await);
                    let doing = format!("recording statement {number} of {}", step.file());
                    return Err(Error::from_driver(doing, failure));
                }
                result => (begin, result),
            }
        };
        if let Err(failure) = result {
            let within = position_within(&failure, &prefix, sql).unwrap_or(0);
            let place = (number, statement.range.start + within);
            return Err(failed(client, frame, step, place, failure, &write).await);
        }
    }
    query(client, &frame.end_outside(migration, direction), &doing).await?;
    on_event(&Event::Finished { migration, duration: begun.elapsed() });
    Ok(())
}

/// Sends statements; an error comes with the number of those that finished before it.
async fn counted(client: &Client, message: &str) -> (usize, Result<(), tokio_postgres::Error>) {
    let mut finished = 0;
    let stream = match client.simple_query_raw(message).await {
        Ok(stream) => stream,
        Err(failure) => return (finished, Err(failure)),
    };
    pin_mut!(stream);
    while let Some(answer) = stream.next().await {
        match answer {
            Ok(SimpleQueryMessage::CommandComplete(_)) => finished += 1,
            Ok(_) => {}
            Err(failure) => return (finished, Err(failure)),
        }
    }
    (finished, Ok(()))
}

/// How many statements a text of ours has.
fn count(sql: &str) -> usize {
    statements::split(sql).map_or(0, |statements| statements.len())
}

/// Where in a statement the server points, when it was sent behind `prefix`.
pub(super) fn position_within(failure: &tokio_postgres::Error, prefix: &str, sql: &str) -> Option<usize> {
    let Some(ErrorPosition::Original(position)) = failure.as_db_error()?.position() else { return None };
    let characters = (*position as usize).checked_sub(prefix.chars().count())?;
    Some(byte_of(sql, characters)).filter(|&byte| byte < sql.len())
}

/// Whether a statement waits for locks however long it takes, as long as nobody has said otherwise: what it waits for, it waits
/// for in nobody's way, and given up half way it leaves an invalid index behind.
pub(super) fn is_patient(migration: &Migration<'_>, script: &str, kind: Kind) -> bool {
    migration.lock_timeout.is_none()
        && !script.contains("lock_timeout")
        && matches!(
            kind,
            Kind::OutsideTransaction("CREATE INDEX CONCURRENTLY" | "DROP INDEX CONCURRENTLY" | "REINDEX CONCURRENTLY")
        )
}

fn concurrent_build(kind: Kind, sql: &str) -> Option<ConcurrentIndex> {
    if kind == Kind::OutsideTransaction("CREATE INDEX CONCURRENTLY") { concurrent_index::parse(sql) } else { None }
}

/// Whether the failed statement is one that may have committed a part of its work, and so must not be repeated unasked.
pub(super) fn may_have_committed(step: Step<'_>, error: &Error) -> bool {
    let Error::Script(script) = error else { return true };
    let Ok(statements) = step.statements() else { return true };
    let failed = script.statement.and_then(|number| number.checked_sub(1)).and_then(|at| statements.get(at));
    failed.is_none_or(|statement| matches!(statement.kind, Kind::MayCommit(_)))
}

/// Whether a statement runs outside any transaction.
pub(super) fn alone(kind: Kind) -> bool {
    matches!(kind, Kind::OutsideTransaction(_) | Kind::MayCommit(_))
}

/// Records the failure, where the server still answers, and says it in the script's terms.
async fn failed(
    client: &Client,
    frame: &Frame<'_>,
    step: Step<'_>,
    (number, offset): (usize, usize),
    failure: tokio_postgres::Error,
    write: &impl Fn(&str, Option<&str>) -> String,
) -> Error {
    let doing = format!("applying {}", step.file());
    let Some(server) = failure.as_db_error() else { return Error::from_driver(doing, failure) };
    if is_raised(server.message()) {
        return Error::from_driver(doing, failure);
    }
    let record = format!("ROLLBACK;\n{}{}COMMIT", frame.begin_statement(), write("failed", Some(server.message())));
    // What failed matters more than its record; without it the statement counts as not begun, or as running.
    drop(client.simple_query(&record).await);
    script_error(failure, step, offset, Some(number), false)
}

/// Refuses a script whose statements that ran, or may have run, are not what they were then.
fn refuse_changed(step: Step<'_>, statements: &[Statement], recorded: &[Progress]) -> Result<(), Refusal> {
    let text = step.script();
    for progress in recorded.iter().filter(|progress| progress.state != ProgressState::Failed) {
        let now = progress.number.checked_sub(1).and_then(|at| statements.get(at));
        let same = now
            .and_then(|statement| text.get(statement.range.clone()))
            .is_some_and(|sql| sha256(sql) == progress.sha256);
        if !same {
            return Err(Refusal::InterruptedChanged { version: step.migration.version, statement: progress.number });
        }
    }
    Ok(())
}

async fn decide(
    client: &Client,
    frame: &Frame<'_>,
    step: Step<'_>,
    number: usize,
    statement: &Statement,
    record: Option<&Progress>,
) -> Result<Decision, Error> {
    let sql = step.script().get(statement.range.clone()).unwrap_or_default();
    let state = record.map(|progress| progress.state);
    // Settings live in the session, which a resumed migration doesn't have any more.
    if matches!(statement.words.first().map(String::as_str), Some("SET" | "RESET")) {
        return Ok(Decision::Run);
    }
    if state == Some(ProgressState::Done) {
        return Ok(Decision::Skip);
    }
    match statement.kind {
        Kind::OutsideTransaction("CREATE INDEX CONCURRENTLY") => {
            let Some(index) = concurrent_index::parse(sql) else {
                return Err(Refusal::Script {
                    file: step.file(),
                    position: Position::of(step.script(), statement.range.start),
                    reason: "a concurrent index without a name can't be recognised after a failure".to_owned(),
                }
                .into());
            };
            decide_index(client, frame, step, &index, state).await
        }
        // They find what is left to do, or do the same again.
        Kind::OutsideTransaction(
            "VACUUM"
            | "REINDEX"
            | "REINDEX CONCURRENTLY"
            | "CLUSTER"
            | "ALTER SYSTEM"
            | "DISCARD ALL"
            | "ALTER SUBSCRIPTION … REFRESH"
            | "ALTER DATABASE SET TABLESPACE",
        ) => Ok(Decision::Run),
        Kind::OutsideTransaction("DROP INDEX CONCURRENTLY") if state == Some(ProgressState::Running) => {
            decide_drop(client, sql).await
        }
        Kind::OutsideTransaction(_) if state == Some(ProgressState::Running) => ask(frame, step, number, statement),
        // Also one that failed: its procedure may have committed a part of its work before.
        Kind::MayCommit(_) if state.is_some() => ask(frame, step, number, statement),
        _ => Ok(Decision::Run),
    }
}

/// What the user says of a statement of which nobody else can tell how far it came.
fn ask(frame: &Frame<'_>, step: Step<'_>, number: usize, statement: &Statement) -> Result<Decision, Error> {
    match frame.options.interrupted {
        Resume::Done => Ok(Decision::MarkDone),
        Resume::Undone => Ok(Decision::Run),
        Resume::Refuse => {
            let words = statement.words.join(" ");
            Err(Refusal::Undecided { version: step.migration.version, statement: number, words }.into())
        }
    }
}

/// A concurrent build that fails leaves its index behind, invalid. Ours is dropped and built again; somebody else's is not
/// ours to drop.
async fn decide_index(
    client: &Client,
    frame: &Frame<'_>,
    step: Step<'_>,
    index: &ConcurrentIndex,
    state: Option<ProgressState>,
) -> Result<Decision, Error> {
    let sql = format!(
        "SELECT n.nspname, c.relname, i.indisvalid AND i.indisready AS valid FROM pg_catalog.pg_class t \
         JOIN pg_catalog.pg_index i ON i.indrelid = t.oid JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid \
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         WHERE t.oid = pg_catalog.to_regclass({}) AND c.relname = {}",
        literal(&index.table),
        literal(&index.name)
    );
    let rows = query(client, &sql, "looking for the index").await?;
    let Some(row) = rows.iter().flatten().next() else { return Ok(Decision::Run) };
    let text = |column: &str| row.try_get(column).ok().flatten().unwrap_or_default();
    let found = format!("{}.{}", identifier(text("nspname")), identifier(text("relname")));
    match (text("valid") == "t", state) {
        (true, Some(ProgressState::Running)) => Ok(Decision::MarkDone),
        (false, Some(ProgressState::Running | ProgressState::Failed)) => {
            let doing = "dropping the invalid index";
            // It waits in nobody's way, and alone in its message: two statements would be a transaction.
            query(client, Frame::patiently(), doing).await?;
            query(client, &format!("DROP INDEX CONCURRENTLY {found}"), doing).await?;
            query(client, &frame.impatiently(step.migration), doing).await?;
            Ok(Decision::Run)
        }
        (false, _) => Err(Refusal::InvalidIndex { index: found }.into()),
        // A build that failed leaves no valid index: this one is somebody else's, and the server says so.
        (true, _) => Ok(Decision::Run),
    }
}

/// An interrupted drop is done when the index is gone; otherwise the drop is repeated, which takes up where it stopped.
async fn decide_drop(client: &Client, sql: &str) -> Result<Decision, Error> {
    let Some(name) = concurrent_index::dropped(sql) else { return Ok(Decision::Run) };
    let sql = format!("SELECT pg_catalog.to_regclass({}) AS found", literal(&name));
    let rows = query(client, &sql, "looking for the index").await?;
    let gone = rows.iter().flatten().all(|row| row.try_get("found").ok().flatten().is_none());
    Ok(if gone { Decision::MarkDone } else { Decision::Run })
}
