//! Backfills: one statement over a large table in batches of rows by a key, each batch a transaction together with the record of
//! how far it came.

use std::time::{Duration, Instant};

use tokio_postgres::error::{ErrorPosition, SqlState};
use tokio_postgres::{Client, SimpleColumn, SimpleQueryMessage, SimpleQueryRow};

use super::apply::{Step, byte_of, script_error};
use super::blocked::Attempts;
use super::error::Error;
use super::event::{Event, OnEvent};
use super::refusal::Refusal;
use super::rows::sha256;
use super::sql::{Frame, is_raised};
use super::state::{Progress, State, query};
use super::table::{Table, identifier, literal};
use super::throttle::{self, Throttle};
use crate::backfill::Backfill;
use crate::position::Position;

/// The statement, prepared: what stands for a batch's first key and its last one is `$1` and `$2`.
const PREPARED: &str = "cargo_migrate_backfill";

/// The look at the next batch of full size, prepared: `$1` stands for the last key of this one.
const LOOK_AHEAD: &str = "cargo_migrate_backfill_look";

/// What records how far it came, prepared: `$1` stands for the last key, `$2` for the rows so far.
const RECORD: &str = "cargo_migrate_backfill_record";

/// How often it is looked whether a standby has caught up.
const LOOK: Duration = Duration::from_millis(200);

/// The rows of a batch: their first key, their last one, and how many there are.
struct Batch {
    first: String,
    last: String,
    rows: u64,
}

/// How far a backfill came.
#[derive(Default)]
struct Done {
    /// The last key; `None` before the first batch.
    cursor: Option<String>,
    rows: u64,
}

/// The table as the catalogue has it.
struct Target {
    /// Qualified and quoted.
    table: String,
    /// Quoted.
    key: String,
    /// Estimated.
    rows: Option<u64>,
}

/// Goes on from where an earlier run stopped, up to the last row, and records the migration.
pub(super) async fn run(
    client: &Client,
    frame: &Frame<'_>,
    setup: String,
    state: &State,
    step: Step<'_>,
    backfill: &Backfill,
    on_event: &mut OnEvent<'_>,
) -> Result<(), Error> {
    let begun = Instant::now();
    let migration = step.migration;
    let doing = format!("applying {}", step.file());
    let (offset, sql) = statement(step)?;
    let recorded = recorded(state, step);
    if recorded.is_some_and(|progress| progress.sha256 != sha256(sql)) {
        return Err(Refusal::InterruptedChanged { version: migration.version, statement: 1 }.into());
    }
    let mut done =
        recorded.map_or_else(Done::default, |progress| Done { cursor: progress.cursor.clone(), rows: progress.rows });
    if !setup.is_empty() {
        query(client, &setup, &doing).await?;
    }
    on_event(&Event::Started { migration });
    let target = target(client, step, offset, backfill).await?;
    query(client, &frame.begin_outside(migration), &doing).await?;
    let prefix = format!("PREPARE {PREPARED} AS ");
    if let Err(failure) = prepare(client, PREPARED, &format!("{prefix}{sql}")).await {
        let within = position_within(&failure, &prefix, sql).unwrap_or(0);
        return Err(script_error(failure, step, offset + within, Some(1), true));
    }
    let mut work = Work { client, frame, step, target: &target, throttle: Throttle::new(backfill) };
    let record = frame.cursor((migration.version, step.direction), &sha256(sql));
    for (name, statement) in [(LOOK_AHEAD, work.ends(Some("$1"))), (RECORD, record)] {
        let prepared = prepare(client, name, &format!("PREPARE {name} AS {statement}")).await;
        prepared.map_err(|source| Error::from_driver(doing.clone(), source))?;
    }
    let mut attempts = Attempts::default();
    let first = query(client, &work.look(done.cursor.as_deref()), &doing).await?;
    let mut looked: Vec<SimpleQueryRow> = first.into_iter().flatten().collect();
    let mut size = work.throttle.size();
    while let Some(batch) = work.caught_up(&looked, size, done.cursor.as_deref(), &doing, backfill, on_event).await? {
        let sent = Instant::now();
        let message = work.message(&batch, &done);
        let answer = loop {
            let failure = match client.simple_query(&message).await {
                Ok(answer) => break answer,
                Err(failure) => failure,
            };
            let ours = failure.as_db_error().is_none_or(|server| is_raised(server.message()));
            let error = if ours {
                Error::from_driver(doing.clone(), failure)
            } else {
                script_error(failure, step, offset, Some(1), true)
            };
            // Outside the transaction that failed, and with the statement still prepared.
            attempts.again(client, frame.options, step, error, on_event).await?;
        };
        attempts = Attempts::default();
        (looked, size) = (rows_of(answer), work.throttle.size());
        done = Done { cursor: Some(batch.last), rows: done.rows + batch.rows };
        work.throttle.took(sent.elapsed());
        on_event(&Event::Batch { migration, rows: done.rows, of: target.rows });
        if !backfill.pause.is_zero() {
            tokio::time::sleep(backfill.pause).await;
        }
    }
    let end = frame.end_outside(migration, step.direction);
    query(client, &format!("DEALLOCATE {PREPARED};\nDEALLOCATE {LOOK_AHEAD};\nDEALLOCATE {RECORD};\n{end}"), &doing)
        .await?;
    on_event(&Event::Finished { migration, duration: begun.elapsed() });
    Ok(())
}

/// Prepares a statement of this name, whatever an earlier run in this session left of it.
async fn prepare(client: &Client, name: &str, statement: &str) -> Result<(), tokio_postgres::Error> {
    let prepared = client.simple_query(statement).await;
    if prepared.as_ref().is_err_and(|failure| failure.code() == Some(&SqlState::DUPLICATE_PSTATEMENT)) {
        client.simple_query(&format!("DEALLOCATE {name};\n{statement}")).await?;
        return Ok(());
    }
    prepared.map(drop)
}

/// How many rows are left of a backfill that was begun: reads the table from its cursor on.
pub(super) async fn left(client: &Client, backfill: &Backfill, cursor: Option<&str>) -> Result<u64, Error> {
    let above = cursor.map(|cursor| format!(" WHERE {} > {}", identifier(&backfill.key), literal(cursor)));
    // The table is the migration's own words, as in its statement.
    let sql = format!("SELECT count(*) AS rows FROM {}{}", backfill.table, above.unwrap_or_default());
    let rows = query(client, &sql, "counting what a backfill has left").await?;
    let count = rows.iter().flatten().next().and_then(|row| row.try_get("rows").ok().flatten());
    count.and_then(|count| count.parse().ok()).ok_or_else(|| Error::Answer { doing: "counting rows".to_owned() })
}

/// What is recorded of the step's one statement.
pub(super) fn recorded<'s>(state: &'s State, step: Step<'_>) -> Option<&'s Progress> {
    let of = (step.migration.version, step.direction);
    let interrupted =
        state.interrupted.iter().find(|interrupted| (interrupted.version, interrupted.direction) == of)?;
    interrupted.statements.first()
}

/// The one statement and where it begins.
fn statement(step: Step<'_>) -> Result<(usize, &str), Error> {
    let text = step.script();
    match step.statements()?.as_slice() {
        [statement] => Ok((statement.range.start, text.get(statement.range.clone()).unwrap_or_default())),
        statements => {
            let at = statements.get(1).map_or(0, |second| second.range.start);
            Err(refused(step, at, format!("a backfill is one statement, and this script has {}", statements.len())))
        }
    }
}

fn refused(step: Step<'_>, offset: usize, reason: String) -> Error {
    Refusal::Script { file: step.file(), position: Position::of(step.script(), offset), reason }.into()
}

/// Looks the table and the key up.
async fn target(client: &Client, step: Step<'_>, offset: usize, backfill: &Backfill) -> Result<Target, Error> {
    let Backfill { table, key, .. } = backfill;
    let sql = format!(
        "SELECT n.nspname AS schema, c.relname AS name, c.relkind AS kind, c.reltuples::pg_catalog.int8 AS rows, \
         a.attnotnull AS filled, EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indisvalid \
         AND i.indpred IS NULL AND i.indkey[0] = a.attnum) AS indexed \
         FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = {} AND a.attnum > 0 AND NOT a.attisdropped \
         WHERE c.oid = pg_catalog.to_regclass({})",
        literal(key),
        literal(table)
    );
    let rows = query(client, &sql, "looking for the table of a backfill").await?;
    let refuse = |reason: String| Err(refused(step, offset, reason));
    let Some(row) = rows.iter().flatten().next() else {
        return refuse(format!("`backfill` names table `{table}`, which does not exist"));
    };
    let text = |column: &str| row.try_get(column).ok().flatten();
    if !matches!(text("kind"), Some("r" | "p")) {
        return refuse(format!("`backfill` names `{table}`, which is no table"));
    }
    match (text("filled"), text("indexed")) {
        (None, _) => return refuse(format!("`backfill` names column `{key}`, which table `{table}` does not have")),
        (Some("f"), _) => {
            return refuse(format!(
                "column `{key}` of `{table}` may be NULL, and rows without a key are never reached"
            ));
        }
        (_, Some("f")) => {
            return refuse(format!(
                "no index of `{table}` begins with `{key}`: every batch would read the whole table"
            ));
        }
        _ => {}
    }
    let named = Table {
        schema: text("schema").unwrap_or_default().to_owned(),
        name: text("name").unwrap_or_default().to_owned(),
    };
    let rows = text("rows").and_then(|rows| rows.parse().ok()).filter(|rows| *rows > 0);
    Ok(Target { table: named.to_string(), key: identifier(key), rows })
}

/// What every batch needs.
struct Work<'a> {
    client: &'a Client,
    frame: &'a Frame<'a>,
    step: Step<'a>,
    target: &'a Target,
    throttle: Throttle,
}

impl Work<'_> {
    /// One batch, its record and a look at the next one, as one transaction and one message: a failure leaves nothing of them.
    fn message(&mut self, batch: &Batch, done: &Done) -> String {
        let (first, last, rows) = (literal(&batch.first), literal(&batch.last), done.rows + batch.rows);
        let look = self.look(Some(&batch.last));
        let (begin, before) = (self.frame.begin_statement(), self.frame.before_cursor());
        format!(
            "{begin}EXECUTE {PREPARED}({first}, {last});\n{look};\n{before}EXECUTE {RECORD}({last}, {rows});\nCOMMIT"
        )
    }

    /// Looks for the first row behind a key and the last one of a whole batch, and now and then for the standbys.
    fn look(&mut self, cursor: Option<&str>) -> String {
        let look = match cursor {
            Some(cursor) if self.throttle.is_full() => format!("EXECUTE {LOOK_AHEAD}({})", literal(cursor)),
            Some(cursor) => self.ends(Some(&literal(cursor))),
            None => self.ends(None),
        };
        if self.throttle.looks(Instant::now()) { format!("{look};\n{STANDBYS}") } else { look }
    }

    /// The query for the two ends of a batch behind a key. Qualified it is the column; alone it would be the text that is called like it.
    fn ends(&self, cursor: Option<&str>) -> String {
        let Target { table, key, .. } = self.target;
        let above = cursor.map(|cursor| format!(" WHERE t.{key} > {cursor}")).unwrap_or_default();
        let from = format!("(SELECT t.{key}::pg_catalog.text FROM {table} t{above} ORDER BY t.{key} LIMIT 1");
        format!("SELECT {from}) AS first, {from} OFFSET {}) AS last", self.throttle.size().saturating_sub(1))
    }

    /// Looks for the last row of the rest, which is no whole batch, and counts it. As text a key of any type goes into an array.
    fn rest(&self, cursor: Option<&str>) -> String {
        let Target { table, key, .. } = self.target;
        format!(
            "SELECT b.k[1] AS first, b.k[pg_catalog.cardinality(b.k)] AS last, pg_catalog.cardinality(b.k) AS rows \
             FROM (SELECT pg_catalog.array_agg(k::pg_catalog.text ORDER BY k) AS k \
             FROM (SELECT {key} AS k FROM {table}{} ORDER BY {key} LIMIT {}) n) b",
            cursor.map(|cursor| format!(" WHERE {key} > {}", literal(cursor))).unwrap_or_default(),
            self.throttle.size()
        )
    }

    /// The batch that was seen by a look, once the standbys are near enough; nothing where there was no row.
    async fn caught_up(
        &mut self,
        looked: &[SimpleQueryRow],
        rows: u32,
        cursor: Option<&str>,
        doing: &str,
        backfill: &Backfill,
        on_event: &mut OnEvent<'_>,
    ) -> Result<Option<Batch>, Error> {
        // The last ones: the statement may return rows of its own.
        let last = |columns: &[&str]| looked.iter().rev().find(|row| has(row, columns));
        let text = |column: &str| last(&["first", "last"])?.try_get(column).ok().flatten();
        let batch = match (text("first"), text("last")) {
            (None, _) => return Ok(None),
            (Some(first), Some(last)) => {
                Some(Batch { first: first.to_owned(), last: last.to_owned(), rows: rows.into() })
            }
            (Some(_), None) => {
                query(self.client, &self.rest(cursor), doing).await?.iter().flatten().next().and_then(batch)
            }
        };
        let mut lag = last(&["written", "replayed"]).and_then(|row| self.lag(row)).unwrap_or_default();
        while batch.is_some() && lag > backfill.max_lag {
            on_event(&Event::Throttled { migration: self.step.migration, lag });
            tokio::time::sleep(LOOK).await;
            let rows = query(self.client, STANDBYS, doing).await?;
            lag = rows.iter().flatten().next().and_then(|row| self.lag(row)).unwrap_or_default();
        }
        Ok(batch)
    }

    fn lag(&mut self, row: &SimpleQueryRow) -> Option<Duration> {
        let text = |column: &str| row.try_get(column).ok().flatten();
        let written = throttle::place(text("written")?)?;
        Some(self.throttle.lag(Instant::now(), written, text("replayed").and_then(throttle::place)))
    }
}

/// Where the log is written to, and how far the slowest standby has replayed it, as far as the role may see that.
/// It is the function under `pg_stat_replication`, without who they are.
const STANDBYS: &str = "SELECT pg_catalog.pg_current_wal_lsn() AS written, (SELECT pg_catalog.min(r.replay_lsn) \
     FROM pg_catalog.pg_stat_get_wal_senders() r WHERE r.state = 'streaming') AS replayed";

fn rows_of(answer: Vec<SimpleQueryMessage>) -> Vec<SimpleQueryRow> {
    let row = |message| match message {
        SimpleQueryMessage::Row(row) => Some(row),
        _ => None,
    };
    answer.into_iter().filter_map(row).collect()
}

fn has(row: &SimpleQueryRow, names: &[&str]) -> bool {
    row.columns().iter().map(SimpleColumn::name).eq(names.iter().copied())
}

fn batch(row: &SimpleQueryRow) -> Option<Batch> {
    let text = |column: &str| row.try_get(column).ok().flatten();
    Some(Batch { first: text("first")?.to_owned(), last: text("last")?.to_owned(), rows: text("rows")?.parse().ok()? })
}

/// Where in the statement the server points, when it was sent behind `prefix`.
fn position_within(failure: &tokio_postgres::Error, prefix: &str, sql: &str) -> Option<usize> {
    let Some(ErrorPosition::Original(position)) = failure.as_db_error()?.position() else { return None };
    let characters = (*position as usize).checked_sub(prefix.chars().count())?;
    Some(byte_of(sql, characters)).filter(|&byte| byte < sql.len())
}
