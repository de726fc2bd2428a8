//! What a caller may decide about a run.

use std::collections::BTreeSet;
use std::time::Duration;

use super::blocked::{OnBlocked, RETRIES};
use super::table::literal;

/// What a caller may decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The history table: `table` or `schema.table`; refinery's default name where it is `None`.
    pub history: Option<String>,
    /// `lock_timeout` of migrations whose header has none; `None`: [`LOCK_TIMEOUT`](super::LOCK_TIMEOUT). With
    /// [`OnBlocked::Wait`] there is none.
    pub lock_timeout: Option<Duration>,
    /// What a migration does that can't get a lock.
    pub on_blocked: OnBlocked,
    /// How often one that was blocked, or the victim of a deadlock or a serialisation failure, is tried again.
    pub retries: u32,
    /// Whether queries of others, where they are in the way, are told of without their literals.
    pub redact: bool,
    /// `statement_timeout` of migrations whose header has none; `None`: they take their time.
    pub statement_timeout: Option<Duration>,
    /// How long to wait for somebody else who migrates this database; `None`: until they are done.
    pub wait: Option<Duration>,
    /// Who does it, for archive and log; the session's role where it is `None`.
    pub actor: Option<String>,
    /// What does it, for archive and log.
    pub tool: String,
    /// The commit of the migrations, for archive and log.
    pub git_commit: Option<String>,
    /// What to make of an interrupted statement of which nobody can tell whether it ran.
    pub interrupted: Resume,
    /// The only migrations that an upgrade may apply; `None`: whatever is pending. For whoever has looked at them before the lock
    /// was held.
    pub allowed: Option<BTreeSet<i64>>,
    /// What an upgrade applies, exactly and in this order; `None`: whatever is pending. For whoever has a plan to keep to.
    pub exactly: Option<Vec<i64>>,
    /// A JSON document that the rows of the log carry as their details.
    pub details: Option<String>,
    /// Whether an upgrade asks which locks each migration takes, what it rewrites and how much is written ahead for it: [`Report::taken`](super::Report::taken).
    /// Then each migration travels alone, statement by statement.
    pub record_locks: bool,
    /// Whether backfills stay pending: for an application that shall start at once, while they are run from elsewhere. A
    /// migration that builds on a pending one refuses the upgrade.
    pub skip_backfills: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            history: None,
            lock_timeout: None,
            on_blocked: OnBlocked::default(),
            retries: RETRIES,
            redact: false,
            statement_timeout: None,
            wait: None,
            actor: None,
            tool: concat!("migrate-build ", env!("CARGO_PKG_VERSION")).to_owned(),
            git_commit: None,
            interrupted: Resume::Refuse,
            allowed: None,
            exactly: None,
            details: None,
            record_locks: false,
            skip_backfills: false,
        }
    }
}

impl Options {
    pub(super) fn actor_sql(&self) -> String {
        self.actor.as_deref().map_or_else(|| "SESSION_USER".to_owned(), literal)
    }
}

/// What to make of an interrupted statement of which nobody can tell whether it ran (`CALL`, `DO`, `CREATE DATABASE`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Resume {
    /// Refuse, and ask.
    #[default]
    Refuse,
    /// It ran: go on after it.
    Done,
    /// It did not run: run it.
    Undone,
}
