//! What a migration really locks, rewrites and writes: asked for on its own connection, from inside its own transaction.
//!
//! A migration whose locks are recorded travels alone, statement by statement, and behind each statement `pg_locks` is asked for what
//! this session holds. A lock is kept until the end of the transaction, so it is held from some moment of the statement behind which
//! it was first seen until the commit.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use tokio_postgres::{Client, SimpleQueryMessage, SimpleQueryRow};

use super::apply::{Step, script_error};
use super::blocked::Attempts;
use super::error::Error;
use super::event::{Event, OnEvent};
use super::outside::position_within;
use super::sql::{Frame, MARK, is_raised};
use super::state::query;

/// Relations that the server itself did not bring, those that keep long values left out.
const OURS: &str = "c.oid >= 16384 AND n.nspname <> 'pg_toast'";

/// What one migration took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The migration.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// The locks on relations, by relation and mode; `None` where it ran outside a transaction, whose locks end with each statement.
    pub locks: Option<Vec<TakenLock>>,
    /// Relations that were there before and whose rows are in another file now: rewritten or emptied.
    pub rewritten: Vec<String>,
    /// Bytes that the server wrote ahead meanwhile; what other sessions wrote is among them.
    pub wal: u64,
    /// How long it took.
    pub duration: Duration,
}

/// A lock that a migration held until its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenLock {
    /// The relation, qualified.
    pub relation: String,
    /// The mode as `pg_locks` has it: `AccessExclusiveLock`.
    pub mode: String,
    /// How long it was held at most.
    pub held: Duration,
    /// Whether the migration made the relation itself, so that nobody could wait for it.
    pub created: bool,
}

/// The relations before a migration, by their oid: name and file.
pub(super) struct Before {
    relations: BTreeMap<u32, (String, String)>,
    wal: String,
    began: Instant,
}

impl Before {
    /// Looks at what there is.
    pub(super) async fn read(client: &Client) -> Result<Self, Error> {
        let (relations, wal) = look(client).await?;
        Ok(Self { relations, wal, began: Instant::now() })
    }

    /// Says what became of it by `step`.
    pub(super) async fn taken(
        self,
        client: &Client,
        step: Step<'_>,
        locks: Option<Vec<TakenLock>>,
    ) -> Result<Taken, Error> {
        let duration = self.began.elapsed();
        let (now, wal) = look(client).await?;
        let rewritten = self.relations.iter().filter_map(|(oid, (_, file))| {
            let (name, other) = now.get(oid)?;
            (file != other).then(|| name.clone())
        });
        let mut rewritten: Vec<String> = rewritten.collect();
        rewritten.sort();
        let wal = position(&wal).zip(position(&self.wal)).map_or(0, |(after, before)| after.saturating_sub(before));
        let migration = step.migration;
        Ok(Taken { version: migration.version, name: migration.name.to_string(), locks, rewritten, wal, duration })
    }
}

/// A position in the write-ahead log, `16/B374D848`, as a number.
fn position(text: &str) -> Option<u64> {
    let (high, low) = text.split_once('/')?;
    Some((u64::from_str_radix(high, 16).ok()? << 32) + u64::from_str_radix(low, 16).ok()?)
}

async fn look(client: &Client) -> Result<(BTreeMap<u32, (String, String)>, String), Error> {
    let sql = format!(
        "SELECT pg_catalog.pg_current_wal_insert_lsn() AS wal;\n\
         SELECT c.oid, pg_catalog.format('%I.%I', n.nspname, c.relname) AS name, c.relfilenode AS file \
         FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE {OURS}"
    );
    let rows = query(client, &sql, "looking at the relations").await?;
    let mut relations = BTreeMap::new();
    let mut wal = String::new();
    for row in rows.iter().flatten() {
        match oid(row) {
            Some(oid) => drop(relations.insert(oid, (text(row, "name").to_owned(), text(row, "file").to_owned()))),
            None => text(row, "wal").clone_into(&mut wal),
        }
    }
    Ok((relations, wal))
}

fn text<'r>(row: &'r SimpleQueryRow, column: &str) -> &'r str {
    row.try_get(column).ok().flatten().unwrap_or_default()
}

fn oid(row: &SimpleQueryRow) -> Option<u32> {
    text(row, "oid").parse().ok()
}

/// What this session holds now.
fn sample() -> String {
    format!(
        "SELECT 'lock' AS {MARK}, l.relation AS oid, l.mode, \
         CASE WHEN c.oid IS NOT NULL THEN pg_catalog.format('%I.%I', n.nspname, c.relname) END AS name, \
         c.oid IS NOT NULL AND {OURS} AS ours FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_class c ON c.oid = l.relation \
         LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation' AND l.granted AND l.relation >= 16384"
    )
}

/// Runs one transactional step by itself, and says what it had locked when it ended.
pub(super) async fn run(
    client: &Client,
    frame: &Frame<'_>,
    setup: &str,
    step: Step<'_>,
    before: &Before,
    on_event: &mut OnEvent<'_>,
) -> Result<Vec<TakenLock>, Error> {
    if !setup.is_empty() {
        query(client, setup, &format!("applying {}", step.file())).await?;
    }
    let mut attempts = Attempts::default();
    loop {
        match once(client, frame, step, before, on_event).await {
            Ok(locks) => return Ok(locks),
            Err(error) => attempts.again(client, frame.options, step, error, on_event).await?,
        }
    }
}

async fn once(
    client: &Client,
    frame: &Frame<'_>,
    step: Step<'_>,
    before: &Before,
    on_event: &mut OnEvent<'_>,
) -> Result<Vec<TakenLock>, Error> {
    let Step { migration, direction } = step;
    let doing = format!("applying {}", step.file());
    on_event(&Event::Started { migration });
    query(client, &frame.begin(migration, false), &doing).await?;
    let mut seen: BTreeMap<(String, String), (Instant, bool)> = BTreeMap::new();
    for (at, statement) in step.statements()?.iter().enumerate() {
        let sql = step.script().get(statement.range.clone()).unwrap_or_default();
        let sent = Instant::now();
        let answers = client.simple_query(&format!("{sql}\n;{}", sample())).await;
        let answers = match answers {
            Ok(answers) => answers,
            Err(failure) if is_ours(&failure) => return Err(Error::from_driver(doing, failure)),
            Err(failure) => {
                let within = position_within(&failure, "", sql).unwrap_or(0);
                return Err(script_error(failure, step, statement.range.start + within, Some(at + 1), true));
            }
        };
        for answer in &answers {
            let SimpleQueryMessage::Row(row) = answer else { continue };
            if row.columns().first().is_none_or(|column| column.name() != MARK) {
                continue;
            }
            let Some(oid) = oid(row) else { continue };
            let known = before.relations.get(&oid);
            // What is dropped has a name only in what was there before.
            let name = match (known, text(row, "ours")) {
                (Some((name, _)), _) => name.as_str(),
                (None, "t") => text(row, "name"),
                (None, _) => continue,
            };
            let key = (name.to_owned(), text(row, "mode").to_owned());
            seen.entry(key).or_insert((sent, known.is_none()));
        }
    }
    let rows = match client.simple_query(&frame.end(migration, direction, false)).await {
        Ok(rows) => rows,
        Err(failure) if is_ours(&failure) => return Err(Error::from_driver(doing, failure)),
        // What the commit checks.
        Err(failure) => return Err(script_error(failure, step, 0, None, true)),
    };
    let ended = Instant::now();
    let seconds = rows.iter().find_map(|answer| {
        let SimpleQueryMessage::Row(row) = answer else { return None };
        row.try_get(MARK).ok().flatten()?.strip_prefix("done ")?.rsplit(' ').next()?.parse::<f64>().ok()
    });
    let duration = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()).unwrap_or_default();
    on_event(&Event::Finished { migration, duration });
    let locks = seen.into_iter().map(|((relation, mode), (since, created))| {
        let held = ended.saturating_duration_since(since);
        TakenLock { relation, mode, held, created }
    });
    Ok(locks.collect())
}

/// Whether no statement of the script is to blame.
fn is_ours(failure: &tokio_postgres::Error) -> bool {
    failure.as_db_error().is_none_or(|server| is_raised(server.message()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_of_the_log_are_numbers() {
        assert_eq!(position("16/B374D848"), Some((0x16 << 32) + 0xB374_D848));
        assert_eq!(position("x"), None);
    }
}
