//! Giving way: a migration that can't get a lock, or is the victim of a deadlock or a serialisation failure, is rolled back and
//! tried again later, so that nobody queues behind it meanwhile.

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio_postgres::{Client, SimpleQueryRow};

use super::apply::Step;
use super::error::Error;
use super::event::{Event, OnEvent};
use super::options::Options;
use super::script_error::ScriptError;
use super::state::query;
use super::table::literal;
use crate::statements;

/// How long a migration waits for a lock where nothing says otherwise: everybody who wants the table waits behind it.
pub const LOCK_TIMEOUT: Duration = Duration::from_secs(3);

/// How often a blocked migration is tried again where nothing says otherwise.
pub const RETRIES: u32 = 10;

/// The first pause; each one is twice as long as the one before it, up to [`LONGEST`].
const SHORTEST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(30);

/// So much of somebody's query is shown, in characters.
const SHOWN: usize = 160;

/// What a migration does that can't get a lock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnBlocked {
    /// It waits for as long as `lock_timeout` allows, is rolled back, and tried again after a pause without any lock.
    #[default]
    Retry,
    /// It fails as soon as `lock_timeout` is over.
    Fail,
    /// It queues for as long as it takes, and everybody who wants the table after it queues behind it.
    Wait,
}

impl OnBlocked {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Retry, Self::Fail, Self::Wait];

    /// Its name, as configuration has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Retry => "retry",
            Self::Fail => "fail",
            Self::Wait => "wait",
        }
    }
}

impl FromStr for OnBlocked {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|choice| choice.name() == text).ok_or(())
    }
}

/// A session that is in the way, as `pg_stat_activity` shows it. What the role may not see of others is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocker {
    /// Process id of the server's process.
    pub pid: i32,
    /// The role it is connected as.
    pub user: String,
    /// Its `application_name`.
    pub application: String,
    /// `active`, `idle in transaction`, ….
    pub state: String,
    /// How long its transaction is open.
    pub open: Duration,
    /// What it holds: `AccessShareLock on books`; empty where it is only an old transaction.
    pub lock: String,
    /// Its statement, or the last one of its transaction; without literals where that was asked for.
    pub query: String,
}

impl fmt::Display for Blocker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { pid, user, application, state, open, lock, query } = self;
        write!(f, "process {pid} ({application}, {user}, {state}, its transaction is open for {} s", open.as_secs())?;
        if !lock.is_empty() {
            write!(f, ", holds {lock}")?;
        }
        f.write_str(")")?;
        if query.is_empty() { Ok(()) } else { write!(f, ": {query}") }
    }
}

/// The attempts of the migration that is tried now.
#[derive(Debug, Default)]
pub(super) struct Attempts {
    version: Option<i64>,
    failed: u32,
}

impl Attempts {
    /// Says whether the failed step may be tried again, once its pause is over; the transaction is rolled back then.
    ///
    /// # Errors
    /// `error` itself, where another attempt would not help, with those who are in the way, where somebody is.
    pub(super) async fn again(
        &mut self,
        client: &Client,
        options: &Options,
        step: Step<'_>,
        error: Error,
        on_event: &mut OnEvent<'_>,
    ) -> Result<(), Error> {
        let Error::Script(mut script) = error else { return Err(error) };
        let blocked = script.code == LOCK_NOT_AVAILABLE;
        if !blocked && !matches!(script.code.as_str(), DEADLOCK | SERIALIZATION) {
            return Err(Error::Script(script));
        }
        drop(client.simple_query("ROLLBACK").await);
        // The error is what matters: where nobody can be named, nobody is.
        script.blockers = blockers(client, &script, options.redact).await.unwrap_or_default();
        if self.version != Some(script.version) {
            *self = Self { version: Some(script.version), failed: 0 };
        }
        self.failed += 1;
        script.attempts = self.failed;
        let another = match options.on_blocked {
            OnBlocked::Retry => true,
            OnBlocked::Wait => !blocked,
            OnBlocked::Fail => false,
        };
        if !another || self.failed > options.retries {
            return Err(Error::Script(script));
        }
        let pause = pause(self.failed);
        on_event(&Event::Blocked {
            migration: step.migration,
            reason: &script.message,
            blockers: &script.blockers,
            attempt: self.failed,
            retries: options.retries,
            pause,
        });
        tokio::time::sleep(pause).await;
        on_event(&Event::Started { migration: step.migration });
        Ok(())
    }
}

pub(super) const LOCK_NOT_AVAILABLE: &str = "55P03";
pub(super) const DEADLOCK: &str = "40P01";
pub(super) const SERIALIZATION: &str = "40001";

/// Between a half and the whole of what it may be, so that several who wait for each other don't come back together.
fn pause(failed: u32) -> Duration {
    let whole = SHORTEST.saturating_mul(1 << failed.saturating_sub(1).min(16)).min(LONGEST);
    jittered(whole)
}

/// Between a half and the whole of `pause`.
pub(super) fn jittered(pause: Duration) -> Duration {
    let nanos = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.subsec_nanos());
    pause / 2 + (pause / 2).mul_f64(f64::from(nanos % 1000) / 1000.0)
}

/// Who holds a lock on a relation that the failed statement names (its partitions and a named index's table included) since
/// before it gave up, the oldest first. The server doesn't tell any more whom it waited for, once the wait is over.
async fn blockers(client: &Client, script: &ScriptError, redact: bool) -> Result<Vec<Blocker>, Error> {
    let statements = statements::split(&script.text).unwrap_or_default();
    let at = script.statement.and_then(|number| number.checked_sub(1)).and_then(|at| statements.get(at));
    let text = at.and_then(|statement| script.text.get(statement.range.clone())).unwrap_or(&script.text);
    let names: Vec<String> = statements::identifiers(text).iter().map(|name| literal(name)).collect();
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "WITH named AS (SELECT c.oid FROM pg_catalog.pg_class c WHERE c.relname = ANY (ARRAY[{names}]::text[])), \
         meant AS (SELECT oid FROM named UNION SELECT i.indrelid FROM pg_catalog.pg_index i JOIN named n ON n.oid = i.indexrelid \
         UNION SELECT h.inhrelid FROM pg_catalog.pg_inherits h JOIN named n ON n.oid = h.inhparent) \
         SELECT {ACTIVITY}, pg_catalog.string_agg(DISTINCT l.mode || ' on ' || l.relation::pg_catalog.regclass::pg_catalog.text, ', ') \
         AS lock FROM pg_catalog.pg_locks l JOIN meant m ON m.oid = l.relation \
         JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid \
         WHERE l.granted AND l.locktype = 'relation' AND l.pid <> pg_catalog.pg_backend_pid() AND l.database = \
         (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()) \
         GROUP BY a.pid, a.usename, a.application_name, a.state, a.xact_start, a.query ORDER BY a.xact_start, a.pid",
        names = names.join(", ")
    );
    let rows = query(client, &sql, "looking for who is in the way").await?;
    Ok(rows.iter().flatten().map(|row| blocker(row, redact)).collect())
}

/// Whose transactions a concurrent build of an index on `table` (as the statement names it) would wait for: those that write
/// to the table, and those with a snapshot that is older than the build. Only what is open for a second is told of.
pub(super) async fn old_transactions(client: &Client, table: &str, redact: bool) -> Result<Vec<Blocker>, Error> {
    let sql = format!(
        "SELECT {ACTIVITY}, coalesce((SELECT pg_catalog.min(l.mode) FROM pg_catalog.pg_locks l WHERE {WRITES}), '') AS lock \
         FROM pg_catalog.pg_stat_activity a WHERE a.datname = pg_catalog.current_database() \
         AND a.pid <> pg_catalog.pg_backend_pid() AND a.xact_start < pg_catalog.clock_timestamp() - interval '1 second' \
         AND (a.backend_xmin IS NOT NULL OR EXISTS (SELECT FROM pg_catalog.pg_locks l WHERE {WRITES})) \
         ORDER BY a.xact_start, a.pid",
        WRITES = format_args!(
            "l.pid = a.pid AND l.granted AND l.relation = pg_catalog.to_regclass({}) AND l.mode IN ('RowExclusiveLock', \
             'ShareUpdateExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')",
            literal(table)
        )
    );
    let rows = query(client, &sql, "looking for old transactions").await?;
    Ok(rows.iter().flatten().map(|row| blocker(row, redact)).collect())
}

/// What is asked of `pg_stat_activity a`.
const ACTIVITY: &str = "a.pid, coalesce(a.usename, '?') AS user, coalesce(nullif(a.application_name, ''), 'unnamed') AS application, \
     coalesce(a.state, '?') AS state, coalesce(extract(epoch FROM pg_catalog.clock_timestamp() - a.xact_start), 0)::pg_catalog.int8 \
     AS open, coalesce(a.query, '') AS query";

fn blocker(row: &SimpleQueryRow, redact: bool) -> Blocker {
    let text = |column: &str| row.try_get(column).ok().flatten().unwrap_or_default();
    let query = if redact { statements::without_literals(text("query")) } else { text("query").to_owned() };
    let query = query.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown: String = query.chars().take(SHOWN).collect();
    Blocker {
        pid: text("pid").parse().unwrap_or_default(),
        user: text("user").to_owned(),
        application: text("application").to_owned(),
        state: text("state").to_owned(),
        open: Duration::from_secs(text("open").parse().unwrap_or_default()),
        lock: text("lock").to_owned(),
        query: if shown.len() < query.len() { format!("{shown}…") } else { shown },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_the_longest() {
        for (failed, longest) in [(1, 500), (2, 1000), (4, 4000), (7, 30_000), (1000, 30_000)] {
            let (pause, longest) = (pause(failed), Duration::from_millis(longest));
            assert!(pause >= longest / 2 && pause <= longest, "{failed}: {pause:?}");
        }
    }

    #[test]
    fn names_are_read_back() {
        for choice in OnBlocked::ALL {
            assert_eq!(choice.name().parse(), Ok(choice));
        }
        assert_eq!("never".parse::<OnBlocked>(), Err(()));
    }

    #[test]
    fn a_blocker_is_one_line() {
        let blocker = Blocker {
            pid: 7,
            user: "ada".into(),
            application: "psql".into(),
            state: "idle in transaction".into(),
            open: Duration::from_secs(61),
            lock: "AccessShareLock on books".into(),
            query: "select 1".into(),
        };
        assert_eq!(
            blocker.to_string(),
            "process 7 (psql, ada, idle in transaction, its transaction is open for 61 s, holds AccessShareLock on books): select 1"
        );
    }
}
