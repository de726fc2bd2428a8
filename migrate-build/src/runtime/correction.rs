//! Changes of a history that run no migration: what `repair` writes. Each says in the log what was there before.

use std::fmt::Write;

use super::refusal::Refusal;
use super::rows::{Values, optional};
use super::sql::{ARCHIVE, Frame, LOG, PROGRESS, add_details};
use super::state::{Applied, Interrupted, State};
use super::table::literal;
use crate::direction::Direction;
use crate::embedded::Migration;

/// One change of a history.
#[derive(Clone, Copy, Debug)]
pub enum Correction<'a> {
    /// The row goes, the schema stays.
    Forget {
        /// The row as it was seen.
        row: &'a Applied,
        /// Why.
        reason: &'a str,
    },
    /// The row takes the file's name and checksum, and the archive its texts.
    Accept {
        /// The row as it was seen.
        row: &'a Applied,
        /// The migration as the file has it now.
        migration: &'a Migration<'a>,
    },
    /// Only the log: its files were written back.
    Restore {
        /// The row as it was seen.
        row: &'a Applied,
        /// Where the texts came from.
        source: &'a str,
    },
    /// A migration that stopped half way counts as finished, because somebody has done the rest.
    Finish {
        /// Where it stopped, as it was seen.
        interrupted: &'a Interrupted,
        /// The migration.
        migration: &'a Migration<'a>,
    },
    /// A migration that stopped half way counts as not begun, because somebody has undone its first statements.
    Undo {
        /// Where it stopped, as it was seen.
        interrupted: &'a Interrupted,
        /// Its name.
        name: &'a str,
    },
}

impl Correction<'_> {
    /// The migration that is meant.
    pub fn version(&self) -> i64 {
        match self {
            Self::Forget { row, .. } | Self::Accept { row, .. } | Self::Restore { row, .. } => row.version,
            Self::Finish { interrupted, .. } | Self::Undo { interrupted, .. } => interrupted.version,
        }
    }

    /// Refuses where the database is not what was seen.
    pub(super) fn refuse_changed(&self, state: &State) -> Result<(), Refusal> {
        let is_there = match self {
            Self::Forget { row, .. } | Self::Accept { row, .. } | Self::Restore { row, .. } => {
                state.applied.contains(row)
            }
            Self::Finish { interrupted, .. } | Self::Undo { interrupted, .. } => {
                state.interrupted.contains(interrupted)
            }
        };
        if is_there { Ok(()) } else { Err(Refusal::Changed { version: self.version() }) }
    }

    fn name(&self) -> &str {
        match self {
            Self::Forget { row, .. } | Self::Accept { row, .. } | Self::Restore { row, .. } => &row.name,
            Self::Finish { migration, .. } => &migration.name,
            Self::Undo { name, .. } => name,
        }
    }

    fn action(&self) -> &'static str {
        match self {
            Self::Forget { .. } => "forget",
            Self::Accept { .. } => "accept",
            Self::Restore { .. } => "restore",
            Self::Finish { .. } => "finish",
            Self::Undo { .. } => "undo",
        }
    }
}

impl Frame<'_> {
    /// One transaction with all of the corrections.
    pub(super) fn correct(&self, corrections: &[Correction<'_>], log_has_details: bool) -> String {
        let mut sql = format!("BEGIN ISOLATION LEVEL READ COMMITTED;\nSELECT {};\n", self.same_backend("'repair'"));
        if !log_has_details {
            sql.push_str(&add_details(self.table));
        }
        for correction in corrections {
            let rows = self.corrected_rows(correction);
            let separator = if rows.is_empty() { "" } else { "WITH " };
            let _ = writeln!(sql, "{separator}{rows} {};", self.log_correction(correction));
        }
        sql.push_str("COMMIT;\n");
        sql
    }

    /// The changed rows, as parts of a `WITH`. All parts of one statement see what was there before it.
    fn corrected_rows(&self, correction: &Correction<'_>) -> String {
        let now = "pg_catalog.clock_timestamp()";
        let delete = |version: i64| {
            format!(
                "history AS (DELETE FROM {} WHERE version = {version}), \
                 archive AS (DELETE FROM {} WHERE history = {} AND version = {version})",
                self.table,
                self.of(ARCHIVE),
                literal(&self.table.name)
            )
        };
        let progress = |interrupted: &Interrupted| format!("progress AS (DELETE {})", self.progress_of(interrupted));
        match correction {
            Correction::Forget { row, .. } => delete(row.version),
            Correction::Accept { migration, .. } => self.replace_rows(&Values::literals(migration, self.width), now),
            Correction::Restore { .. } => String::new(),
            Correction::Finish { interrupted, migration } => {
                let rows = match interrupted.direction {
                    Direction::Up => self.insert_rows(&Values::literals(migration, self.width), now),
                    Direction::Down => delete(interrupted.version),
                };
                format!("{rows}, {}", progress(interrupted))
            }
            Correction::Undo { interrupted, .. } => progress(interrupted),
        }
    }

    fn progress_of(&self, interrupted: &Interrupted) -> String {
        format!(
            "FROM {} p WHERE p.history = {} AND p.version = {} AND p.direction = '{}'",
            self.of(PROGRESS),
            literal(&self.table.name),
            interrupted.version,
            interrupted.direction
        )
    }

    /// `INSERT INTO` the log, with what was there before in its details.
    fn log_correction(&self, correction: &Correction<'_>) -> String {
        let (table, options) = (self.table, self.options);
        let (history, version) = (literal(&table.name), correction.version());
        let row = format!("(SELECT pg_catalog.to_jsonb(h) FROM {table} h WHERE h.version = {version})");
        let archive = format!(
            "(SELECT pg_catalog.to_jsonb(a) FROM {} a WHERE a.history = {history} AND a.version = {version})",
            self.of(ARCHIVE)
        );
        let statements = |interrupted: &Interrupted| {
            format!(
                "(SELECT pg_catalog.jsonb_agg(pg_catalog.to_jsonb(p) ORDER BY p.statement) {})",
                self.progress_of(interrupted)
            )
        };
        let details = match correction {
            Correction::Forget { reason, .. } => {
                format!("'reason', {}::pg_catalog.text, 'history', {row}, 'archive', {archive}", literal(reason))
            }
            Correction::Accept { .. } => format!("'history', {row}, 'archive', {archive}"),
            Correction::Restore { source, .. } => format!("'source', {}::pg_catalog.text", literal(source)),
            Correction::Finish { interrupted, .. } | Correction::Undo { interrupted, .. } => {
                format!(
                    "'direction', '{}'::pg_catalog.text, 'statements', {}",
                    interrupted.direction,
                    statements(interrupted)
                )
            }
        };
        format!(
            "INSERT INTO {} (history, action, version, name, started_at, finished_at, outcome, error, actor, tool_version, \
             git_commit, details) SELECT {history}, '{}', {version}, {}, pg_catalog.now(), pg_catalog.clock_timestamp(), 'done', \
             NULL, {}, {}, {}, pg_catalog.jsonb_build_object({details})",
            self.of(LOG),
            correction.action(),
            literal(correction.name()),
            options.actor_sql(),
            literal(&options.tool),
            optional(options.git_commit.as_deref()),
        )
    }
}
