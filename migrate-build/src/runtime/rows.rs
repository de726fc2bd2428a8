//! The rows that a migration leaves in history, archive and log: pure text.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::sql::{ARCHIVE, Frame, LOG, MARK};
use super::table::literal;
use crate::checksum::{VersionWidth, refinery_checksum};
use crate::direction::Direction;
use crate::embedded::Migration;

/// What a migration's rows are made of, as SQL expressions: literals, or the parameters of a prepared statement.
pub(super) struct Values {
    pub(super) version: String,
    pub(super) name: String,
    checksum: String,
    parents: String,
    up: String,
    down: String,
    up_sha256: String,
    down_sha256: String,
}

impl Values {
    /// The types of [`Values::parameters`].
    pub(super) const TYPES: &str = "(int8, text, text, int8[], text, text, text, text)";

    /// `$1`, `$2`, …
    pub(super) fn parameters() -> Self {
        let parameter = |number: usize| format!("${number}");
        Self {
            version: parameter(1),
            name: parameter(2),
            checksum: parameter(3),
            parents: parameter(4),
            up: parameter(5),
            down: parameter(6),
            up_sha256: parameter(7),
            down_sha256: parameter(8),
        }
    }

    /// Those of a migration.
    pub(super) fn literals(migration: &Migration<'_>, width: VersionWidth) -> Self {
        let parents: Vec<String> = migration.parents.iter().map(i64::to_string).collect();
        Self {
            version: migration.version.to_string(),
            name: literal(&migration.name),
            checksum: format!("'{}'", refinery_checksum(&migration.name, migration.version, &migration.up, width)),
            parents: format!("'{{{}}}'", parents.join(",")),
            up: literal(&migration.up),
            down: optional(migration.down.as_deref()),
            up_sha256: format!("'{}'", sha256(&migration.up)),
            down_sha256: optional(migration.down.as_deref().map(sha256).as_deref()),
        }
    }

    /// All of them, as arguments for [`Values::parameters`].
    pub(super) fn list(&self) -> String {
        let Self { version, name, checksum, parents, up, down, up_sha256, down_sha256 } = self;
        [version, name, checksum, parents, up, down, up_sha256, down_sha256].map(String::as_str).join(", ")
    }
}

impl Frame<'_> {
    /// One statement that writes a migration's rows of history, archive and log, and sends a mark back; it sees to the lock
    /// as well.
    pub(super) fn record(&self, direction: Direction, values: &Values, started: &str) -> String {
        let Self { table, .. } = self;
        let Values { version, name, .. } = values;
        let rows = match direction {
            Direction::Up => self.insert_rows(values, started),
            Direction::Down => format!(
                "history AS (DELETE FROM {table} WHERE version = {version}), \
                 archive AS (DELETE FROM {} WHERE history = {} AND version = {version})",
                self.of(ARCHIVE),
                literal(&table.name)
            ),
        };
        let action = match direction {
            Direction::Up => "upgrade",
            Direction::Down => "downgrade",
        };
        format!(
            "WITH {rows} {} RETURNING pg_catalog.concat('done ', version, ' ', \
             extract(epoch FROM finished_at - started_at)) AS {MARK}, {}",
            self.log(action, (version, name), started, None),
            self.keep_lock()
        )
    }

    /// The rows of history and archive, as parts of a `WITH`.
    pub(super) fn insert_rows(&self, values: &Values, started: &str) -> String {
        let Values { version, name, checksum, .. } = values;
        format!(
            "history AS (INSERT INTO {} (version, name, applied_on, checksum) VALUES ({version}, {name}, \
             pg_catalog.to_char(pg_catalog.timezone('UTC', pg_catalog.clock_timestamp()), 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), \
             {checksum})), {}",
            self.table,
            self.archive_row(values, started)
        )
    }

    /// The row of the archive, put in or replaced, as a part of a `WITH`.
    fn archive_row(&self, values: &Values, started: &str) -> String {
        let Self { table, options, .. } = self;
        let Values { version, name, parents, up, down, up_sha256, down_sha256, .. } = values;
        format!(
            "archive AS (INSERT INTO {archive} (history, version, name, parents, up, down, up_sha256, down_sha256, applied_at, \
             applied_by, execution_time, tool_version, git_commit) VALUES ({history}, {version}, {name}, {parents}, {up}, {down}, \
             {up_sha256}, {down_sha256}, pg_catalog.clock_timestamp(), {actor}, pg_catalog.clock_timestamp() - {started}, {tool}, {commit}) \
             ON CONFLICT (history, version) DO UPDATE SET name = excluded.name, parents = excluded.parents, up = excluded.up, \
             down = excluded.down, up_sha256 = excluded.up_sha256, down_sha256 = excluded.down_sha256, \
             applied_at = excluded.applied_at, applied_by = excluded.applied_by, execution_time = excluded.execution_time, \
             tool_version = excluded.tool_version, git_commit = excluded.git_commit)",
            archive = self.of(ARCHIVE),
            history = literal(&table.name),
            actor = options.actor_sql(),
            tool = literal(&options.tool),
            commit = optional(options.git_commit.as_deref()),
        )
    }

    /// The rows of history and archive of a migration that is applied already, as parts of a `WITH`.
    pub(super) fn replace_rows(&self, values: &Values, started: &str) -> String {
        let Values { version, name, checksum, .. } = values;
        let history =
            format!("UPDATE {} SET name = {name}, checksum = {checksum} WHERE version = {version}", self.table);
        format!("history AS ({history}), {}", self.archive_row(values, started))
    }

    /// `INSERT INTO` the log, without a semicolon; `error` makes it a failure.
    pub(super) fn log(
        &self,
        action: &str,
        (version, name): (&str, &str),
        started: &str,
        error: Option<&str>,
    ) -> String {
        let Self { table, options, .. } = self;
        let (column, details) = match &options.details {
            Some(details) => (", details", format!(", {}", literal(details))),
            None => ("", String::new()),
        };
        format!(
            "INSERT INTO {} (history, action, version, name, started_at, finished_at, outcome, error, actor, tool_version, \
             git_commit{column}) VALUES ({}, '{action}', {version}, {}, {started}, pg_catalog.clock_timestamp(), '{}', {}, {}, {}, \
             {}{details})",
            self.of(LOG),
            literal(&table.name),
            name,
            if error.is_some() { "failed" } else { "done" },
            optional(error),
            options.actor_sql(),
            literal(&options.tool),
            optional(options.git_commit.as_deref())
        )
    }
}

/// SHA-256 of a text, hexadecimal.
pub(super) fn sha256(text: &str) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(text.as_bytes()) {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// A literal, or `NULL`.
pub(super) fn optional(text: Option<&str>) -> String {
    text.map_or_else(|| "NULL".to_owned(), literal)
}
