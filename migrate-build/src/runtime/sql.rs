//! The SQL that goes round a migration's own: pure text.

use std::fmt::Write;
use std::time::Duration;

use super::blocked::{LOCK_TIMEOUT, OnBlocked};
use super::options::Options;
use super::rows::{Values, optional};
use super::state::State;
use super::table::{Table, identifier, literal};
use crate::checksum::VersionWidth;
use crate::direction::Direction;
use crate::embedded::Migration;

pub(super) const ARCHIVE: &str = "cargo_migrate_archive";
pub(super) const LOG: &str = "cargo_migrate_log";
pub(super) const PROGRESS: &str = "cargo_migrate_progress";

/// Part of the server's message when a statement of ours ran in another server process than the lock's.
pub(super) const OTHER_BACKEND: &str = "cargo-migrate: not the process that holds the lock";

/// Part of the server's message when the lock was taken from this session and somebody else came in.
pub(super) const LOCK_LOST: &str = "cargo-migrate: the lock is lost";

/// The column of rows that our own statements send back between those of a migration.
pub(super) const MARK: &str = "cargo_migrate_mark";

/// When the running migration was begun, as seconds since 1970: a setting that ends with its transaction.
const STARTED: &str = "cargo_migrate.started";

/// Prepared statements of a long run.
const BEGIN: &str = "cargo_migrate_begin";
const END: &str = "cargo_migrate_end";

/// What every statement of ours needs to know about the session.
#[derive(Clone, Debug)]
pub(super) struct Frame<'a> {
    pub(super) table: &'a Table,
    pub(super) width: VersionWidth,
    pub(super) server_version: u32,
    pub(super) options: &'a Options,
    /// Whether psql runs it by hand: what the session was at first is in psql's variables then, see [`PSQL`].
    pub(super) psql: bool,
    /// The server process that holds the lock.
    pub(super) pid: i32,
    /// The lock's key.
    pub(super) key: i64,
    /// `session_authorization` and `role` as they were before the first migration.
    pub(super) identity: (&'a str, &'a str),
    /// Calls of `set_config` that bring back what the caller had set; may be empty.
    pub(super) restore: &'a str,
}

/// Names of variables in psql that hold what a [`Frame`] knows of its session.
pub(super) struct Psql {
    pub(super) process: &'static str,
    pub(super) authorization: &'static str,
    pub(super) role: &'static str,
    pub(super) restore: &'static str,
}

pub(super) const PSQL: Psql = Psql {
    process: "cargo_migrate_process",
    authorization: "cargo_migrate_authorization",
    role: "cargo_migrate_role",
    restore: "cargo_migrate_restore",
};

/// When the running migration was begun, as an expression.
fn started() -> String {
    format!(
        "coalesce(pg_catalog.to_timestamp(nullif(pg_catalog.current_setting('{STARTED}', true), '')::pg_catalog.float8), \
         pg_catalog.now())"
    )
}

impl Frame<'_> {
    pub(super) fn of(&self, name: &str) -> Table {
        self.table.sibling(name)
    }

    /// A `SELECT` item, the expression `mark`, that fails unless it runs in the server process that holds the lock. It takes
    /// the lock for the transaction as well, which fails where the session has lost its own: what is in the transaction can't
    /// give that up.
    pub(super) fn same_backend(&self, mark: &str) -> String {
        format!(
            "CASE WHEN pg_catalog.pg_backend_pid() <> {} THEN {} WHEN pg_catalog.pg_try_advisory_xact_lock({}) THEN {} ELSE {} \
             END AS {MARK}",
            self.process(),
            raise(OTHER_BACKEND),
            self.key,
            mark,
            raise(LOCK_LOST)
        )
    }

    fn process(&self) -> String {
        if self.psql { format!(":{}", PSQL.process) } else { self.pid.to_string() }
    }

    /// A `SELECT` item that gives the session its lock again, if a script has released it; in a transaction that holds it.
    pub(super) fn keep_lock(&self) -> String {
        let key = self.key;
        format!(
            "CASE WHEN pg_catalog.pg_advisory_unlock({key}) IS NOT NULL THEN pg_catalog.pg_try_advisory_lock({key}) END"
        )
    }

    /// `lock_timeout` and `statement_timeout` of a migration, as the server reads them.
    fn timeouts(&self, migration: &Migration<'_>) -> [String; 2] {
        let lock = match self.options.on_blocked {
            OnBlocked::Wait => None,
            OnBlocked::Retry | OnBlocked::Fail => {
                migration.lock_timeout.or(self.options.lock_timeout).or(Some(LOCK_TIMEOUT))
            }
        };
        let statement = migration.statement_timeout.or(self.options.statement_timeout);
        [lock, statement].map(|timeout| format!("'{}'", milliseconds(timeout)))
    }

    /// Calls that set the limits under which a migration runs, whatever the role or the server says.
    fn limits(&self, [lock, statement]: [&str; 2], local: bool) -> String {
        let mut settings = vec![
            ("lock_timeout", lock),
            ("statement_timeout", statement),
            ("idle_in_transaction_session_timeout", "'0'"),
        ];
        if self.server_version >= 170_000 {
            settings.push(("transaction_timeout", "'0'"));
        }
        let calls: Vec<String> =
            settings.iter().map(|(name, value)| format!("pg_catalog.set_config('{name}', {value}, {local})")).collect();
        calls.join(", ")
    }

    /// The `SELECT` that begins a migration: its mark, its limits, its time.
    fn open(&self, mark: &str, timeouts: [&str; 2]) -> String {
        format!(
            "SELECT {}, {}, pg_catalog.set_config('{STARTED}', \
             extract(epoch FROM pg_catalog.clock_timestamp())::pg_catalog.text, true)",
            self.same_backend(mark),
            self.limits(timeouts, true)
        )
    }

    /// Prepares what every transactional migration of a long run needs twice; see [`Frame::release`].
    pub(super) fn prepare(&self, direction: Direction) -> String {
        format!(
            "PREPARE {BEGIN}(text, text, text) AS {};\nPREPARE {END}{} AS {};\n",
            self.open("$1", ["$2", "$3"]),
            Values::TYPES,
            self.record(direction, &Values::parameters(), &started())
        )
    }

    /// Gives back what [`Frame::prepare`] made.
    pub(super) fn release() -> String {
        format!("DEALLOCATE {BEGIN};\nDEALLOCATE {END};\n")
    }

    /// Begins a transactional migration: its transaction, its mark, its limits.
    pub(super) fn begin(&self, migration: &Migration<'_>, prepared: bool) -> String {
        let mark = literal(&format!("begin {}", migration.version));
        let [lock, statement] = &self.timeouts(migration);
        let open = if prepared {
            format!("EXECUTE {BEGIN}({mark}, {lock}, {statement})")
        } else {
            self.open(&mark, [lock, statement])
        };
        format!("BEGIN ISOLATION LEVEL READ COMMITTED;\n{open};\n")
    }

    /// Ends a transactional migration: the session's identity again, its rows, its settings again, the commit.
    pub(super) fn end(&self, migration: &Migration<'_>, direction: Direction, prepared: bool) -> String {
        let values = Values::literals(migration, self.width);
        let record = if prepared {
            format!("EXECUTE {END}({})", values.list())
        } else {
            self.record(direction, &values, &started())
        };
        format!("\n;{}{record};\n{}COMMIT;\n", self.identity(""), self.reset())
    }

    /// How many statements [`Frame::end`] has from the record on.
    pub(super) fn statements_of_end(&self) -> usize {
        // The record, `RESET ALL`, what is restored, `COMMIT`.
        if self.restore.is_empty() { 3 } else { 4 }
    }

    /// Makes the session who it was. These are utility statements because they cost the server nothing to plan.
    pub(super) fn identity(&self, local: &str) -> String {
        if self.psql {
            let Psql { authorization, role, .. } = PSQL;
            return format!("SET {local} SESSION AUTHORIZATION :\"{authorization}\";\nSET {local} ROLE :\"{role}\";\n");
        }
        let (authorization, role) = self.identity;
        let role = if role == "none" { "NONE".to_owned() } else { identifier(role) };
        format!("SET {local} SESSION AUTHORIZATION {};\nSET {local} ROLE {role};\n", identifier(authorization))
    }

    /// Brings back the settings that were there before the migration.
    pub(super) fn reset(&self) -> String {
        if self.psql {
            format!("RESET ALL;\nSELECT :{};\n", PSQL.restore)
        } else if self.restore.is_empty() {
            "RESET ALL;\n".to_owned()
        } else {
            format!("RESET ALL;\nSELECT {};\n", self.restore)
        }
    }

    /// What `stamp` writes: rows for `add`, none for `remove`, no SQL of a migration run.
    pub(super) fn stamp(&self, add: &[&Migration<'_>], remove: &[(i64, &str)]) -> String {
        let now = "pg_catalog.clock_timestamp()";
        let mut sql = format!("BEGIN ISOLATION LEVEL READ COMMITTED;\nSELECT {};\n", self.same_backend("'stamp'"));
        for migration in add {
            let values = Values::literals(migration, self.width);
            let rows = self.insert_rows(&values, now);
            let log = self.log("stamp", (&values.version, &values.name), now, None);
            let _ = writeln!(sql, "WITH {rows} {log};");
        }
        for &(version, name) in remove {
            let _ = writeln!(
                sql,
                "WITH history AS (DELETE FROM {} WHERE version = {version}), \
                 archive AS (DELETE FROM {} WHERE history = {} AND version = {version}) {};",
                self.table,
                self.of(ARCHIVE),
                literal(&self.table.name),
                self.log("unstamp", (&version.to_string(), &literal(name)), now, None)
            );
        }
        sql.push_str("COMMIT;\n");
        sql
    }

    /// Begins a non-transactional migration: its limits, for the session.
    pub(super) fn begin_outside(&self, migration: &Migration<'_>) -> String {
        let [lock, statement] = &self.timeouts(migration);
        format!("SELECT {}, {}", self.same_backend("'outside'"), self.limits([lock, statement], false))
    }

    /// Lets the session's next statement wait for locks however long it takes.
    pub(super) fn patiently() -> &'static str {
        "SELECT pg_catalog.set_config('lock_timeout', '0', false)"
    }

    /// Brings back the limit that [`Frame::patiently`] took away.
    pub(super) fn impatiently(&self, migration: &Migration<'_>) -> String {
        let [lock, _] = &self.timeouts(migration);
        format!("SELECT pg_catalog.set_config('lock_timeout', {lock}, false)")
    }

    /// Begins the transaction of one statement, or of one row of progress, of a non-transactional migration.
    pub(super) fn begin_statement(&self) -> String {
        format!("BEGIN ISOLATION LEVEL READ COMMITTED;\nSELECT {};\n", self.same_backend("'statement'"))
    }

    /// Records how far a statement came, as whoever the session was at first.
    pub(super) fn progress(
        &self,
        (version, direction): (i64, Direction),
        (number, sha256): (usize, &str),
        state: &str,
        error: Option<&str>,
    ) -> String {
        format!(
            "{}SELECT {};\nINSERT INTO {} AS p (history, version, direction, statement, sha256, state, error, started_at, finished_at) \
             VALUES ({}, {version}, '{direction}', {number}, '{sha256}', '{state}', {}, pg_catalog.clock_timestamp(), \
             CASE WHEN '{state}' = 'running' THEN NULL ELSE pg_catalog.clock_timestamp() END) \
             ON CONFLICT (history, version, direction, statement) DO UPDATE SET sha256 = excluded.sha256, state = excluded.state, \
             error = excluded.error, finished_at = excluded.finished_at, \
             started_at = CASE WHEN excluded.state = 'running' THEN excluded.started_at ELSE p.started_at END;\n",
            self.identity("LOCAL"),
            self.keep_lock(),
            self.of(PROGRESS),
            literal(&self.table.name),
            optional(error)
        )
    }

    /// What records how far a backfill came, to be prepared: `$1` stands for the last key, `$2` for the rows so far.
    pub(super) fn cursor(&self, (version, direction): (i64, Direction), sha256: &str) -> String {
        format!(
            "INSERT INTO {} (history, version, direction, statement, sha256, state, started_at, cursor, rows) \
             VALUES ({}, {version}, '{direction}', 1, '{sha256}', 'running', pg_catalog.clock_timestamp(), $1, $2) \
             ON CONFLICT (history, version, direction, statement) DO UPDATE SET sha256 = excluded.sha256, \
             cursor = excluded.cursor, rows = excluded.rows",
            self.of(PROGRESS),
            literal(&self.table.name)
        )
    }

    /// What comes before a backfill's record, in the transaction of a batch.
    pub(super) fn before_cursor(&self) -> String {
        format!("{}SELECT {};\n", self.identity("LOCAL"), self.keep_lock())
    }

    /// Fails unless a statement's record says that it is running: a statement in no transaction may have released the lock,
    /// and whoever took it then has gone on with the migration.
    pub(super) fn still_running(&self, (version, direction): (i64, Direction), number: usize) -> String {
        format!(
            "{}SELECT CASE WHEN EXISTS (SELECT FROM {} WHERE history = {} AND version = {version} \
             AND direction = '{direction}' AND statement = {number} AND state = 'running') THEN '' ELSE {} END;\n",
            self.identity("LOCAL"),
            self.of(PROGRESS),
            literal(&self.table.name),
            raise(LOCK_LOST)
        )
    }

    /// Ends a non-transactional migration: its rows instead of its progress, and the session's settings again.
    pub(super) fn end_outside(&self, migration: &Migration<'_>, direction: Direction) -> String {
        let progress = format!(
            "FROM {} WHERE history = {} AND version = {} AND direction = '{direction}'",
            self.of(PROGRESS),
            literal(&self.table.name),
            migration.version
        );
        let started = format!("coalesce((SELECT pg_catalog.min(started_at) {progress}), pg_catalog.clock_timestamp())");
        format!(
            "{}{}{};\nDELETE {progress};\n{}COMMIT;\n",
            self.identity(""),
            self.begin_statement(),
            self.record(direction, &Values::literals(migration, self.width), &started),
            self.reset()
        )
    }
}

/// Creates what is missing of the schema, the history and what goes with it, in one transaction.
pub(super) fn setup(state: &State) -> String {
    let table = &state.table;
    let schema = if state.schema_exists() {
        String::new()
    } else {
        format!("CREATE SCHEMA IF NOT EXISTS {};\n", identifier(&table.schema))
    };
    format!(
        "BEGIN ISOLATION LEVEL READ COMMITTED;\n{schema}\
         CREATE TABLE IF NOT EXISTS {table} (version int8 PRIMARY KEY, name varchar(255), applied_on varchar(255), \
         checksum varchar(255));\n\
         CREATE TABLE IF NOT EXISTS {archive} (history text NOT NULL, version int8 NOT NULL, name text NOT NULL, \
         parents int8[] NOT NULL, up text NOT NULL, down text, up_sha256 text NOT NULL, down_sha256 text, \
         applied_at timestamptz NOT NULL, applied_by text NOT NULL, execution_time interval NOT NULL, \
         tool_version text NOT NULL, git_commit text, PRIMARY KEY (history, version));\n\
         CREATE TABLE IF NOT EXISTS {log} (id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY, history text NOT NULL, \
         action text NOT NULL, version int8 NOT NULL, name text NOT NULL, started_at timestamptz NOT NULL, \
         finished_at timestamptz NOT NULL, outcome text NOT NULL, error text, actor text NOT NULL, \
         tool_version text NOT NULL, git_commit text, details jsonb);\n\
         CREATE TABLE IF NOT EXISTS {progress} (history text NOT NULL, version int8 NOT NULL, direction text NOT NULL, \
         statement int4 NOT NULL, sha256 text NOT NULL, state text NOT NULL, error text, started_at timestamptz NOT NULL, \
         finished_at timestamptz, cursor text, rows int8, PRIMARY KEY (history, version, direction, statement));\nCOMMIT;\n",
        archive = table.sibling(ARCHIVE),
        log = table.sibling(LOG),
        progress = table.sibling(PROGRESS)
    )
}

/// Gives the log the column that it lacks where an older version made it.
pub(super) fn add_details(table: &Table) -> String {
    format!("ALTER TABLE {} ADD COLUMN IF NOT EXISTS details jsonb;\n", table.sibling(LOG))
}

/// An expression of type `text` that fails with `message` in the server's.
pub(super) fn raise(message: &str) -> String {
    format!("(pg_catalog.concat({}, pg_catalog.pg_backend_pid())::pg_catalog.int4)::pg_catalog.text", literal(message))
}

/// Whether the server's message is one of [`raise`]'s.
pub(super) fn is_raised(message: &str) -> bool {
    message.contains(OTHER_BACKEND) || message.contains(LOCK_LOST)
}

fn milliseconds(timeout: Option<Duration>) -> String {
    // PostgreSQL's limits are 32 bits of milliseconds; 0 is none. Less than one would be none, too.
    let timeout = timeout.filter(|timeout| !timeout.is_zero());
    timeout.map_or_else(|| "0".to_owned(), |timeout| timeout.as_millis().clamp(1, 2_147_483_647).to_string())
}
