//! What can go wrong, as data: each error says what happened and where; [`Error::help`] says what cures it.

use std::fmt;
use std::time::Duration;

use tokio_postgres::error::Severity;

use super::refusal::Refusal;
use super::script_error::ScriptError;
use crate::history_name::HistoryNameError;

/// What an error means for whoever called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The history or the database is not in a state in which this may be done. Nothing was changed.
    Refused,
    /// A migration failed; it is rolled back where it was in a transaction, and those before it stay applied.
    Failed,
    /// The caller's configuration or build is wrong.
    Usage,
    /// The database can't be reached, refused something, or broke the connection.
    Database,
}

/// An error of the runtime.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The embedded text is not of this crate's format.
    #[error("the embedded migrations are damaged in line {line}")]
    Embedded {
        /// Line of the embedded text.
        line: usize,
    },
    /// The configured history table is not a name.
    #[error("the history's name {0}")]
    HistoryName(HistoryNameError),
    /// Refinery can't run this history.
    #[error("refinery can't run migration {version}: {reason}")]
    Refinery {
        /// The migration.
        version: i64,
        /// Why.
        reason: String,
    },
    /// Refused because of what the database or the history is.
    #[error(transparent)]
    Refused(Box<Refusal>),
    /// A statement of a migration failed.
    #[error(transparent)]
    Script(Box<ScriptError>),
    /// The server refused a statement of ours.
    #[error("{doing}: {}", server_message(.source))]
    Database {
        /// What was being done.
        doing: String,
        /// The driver's error.
        source: tokio_postgres::Error,
    },
    /// The connection broke.
    #[error("{doing}: the connection to the database is lost")]
    Connection {
        /// What was being done.
        doing: String,
        /// The driver's error.
        source: tokio_postgres::Error,
    },
    /// The server answered what it can't answer.
    #[error("{doing}: unexpected answer from the server")]
    Answer {
        /// What was being done.
        doing: String,
    },
    /// Somebody else holds the lock for longer than this caller wanted to wait.
    #[error("another process migrates this database, gave up after {:.1} s{}", .waited.as_secs_f64(), held_by(.holders))]
    Locked {
        /// How long it was waited for.
        waited: Duration,
        /// Who holds it, as far as the server tells.
        holders: Vec<Holder>,
    },
    /// The connection goes through a pooler that hands every transaction to another server process.
    #[error("the connection goes through a pooler in transaction mode, where a lock can't be held")]
    Pooler,
    /// A script released the lock, and another process took it.
    #[error("a migration released the lock over its history, and another process has taken it")]
    LockLost,
    /// The server is a standby, or the session may only read.
    #[error("the database can't be written: {0}")]
    ReadOnly(&'static str),
    /// The session reads backslashes in plain strings as escapes.
    #[error(
        "`standard_conforming_strings` is off, so the server would cut scripts into other statements than were checked"
    )]
    Strings,
    /// A table of the history's name exists and is no history.
    #[error("table {table} is not a migration history: {reason}")]
    ForeignTable {
        /// The table, quoted.
        table: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A row of the history that refinery would not have written.
    #[error("table {table} has a malformed row for version {version}: {reason}")]
    MalformedRow {
        /// The table, quoted.
        table: String,
        /// The version as the row has it.
        version: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl Error {
    /// What the error means for the caller.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Embedded { .. } | Self::HistoryName(_) | Self::Refinery { .. } => ErrorKind::Usage,
            Self::Refused(_) | Self::Locked { .. } => ErrorKind::Refused,
            Self::Script(_) => ErrorKind::Failed,
            Self::Database { .. }
            | Self::Connection { .. }
            | Self::Answer { .. }
            | Self::Pooler
            | Self::LockLost
            | Self::ReadOnly(_)
            | Self::Strings
            | Self::ForeignTable { .. }
            | Self::MalformedRow { .. } => ErrorKind::Database,
        }
    }

    /// What cures it, where that is known: a sentence that names the command or the edit.
    pub fn help(&self) -> Option<String> {
        Some(match self {
            Self::Embedded { .. } => "build the application again: `cargo clean -p` it, then `cargo build`".to_owned(),
            Self::HistoryName(_) => "write `history = \"table\"` or `history = \"schema.table\"`".to_owned(),
            Self::Refinery { .. } => "apply it with `MIGRATIONS.upgrade` or `cargo migrate upgrade`".to_owned(),
            Self::Refused(refusal) => return refusal.help(),
            Self::Script(error) => return error.help(),
            Self::Database { source, .. } => return database_help(source),
            Self::Connection { .. } | Self::LockLost => AGAIN.to_owned(),
            Self::Answer { .. } => "connect to the server directly, without a proxy between".to_owned(),
            Self::Locked { .. } => "wait for it to finish, or allow more time with `--wait`".to_owned(),
            Self::Pooler => {
                "give the server's own address, or a pool in session mode, as the URL for migrations".to_owned()
            }
            Self::ReadOnly(_) => "connect to the primary server with a role that may write".to_owned(),
            Self::Strings => {
                "switch it on for this role: `ALTER ROLE … SET standard_conforming_strings = on`".to_owned()
            }
            Self::ForeignTable { .. } => {
                "give the history another name with `history = \"schema.table\"` in [package.metadata.migrate]"
                    .to_owned()
            }
            Self::MalformedRow { .. } => {
                "compare the row with the migration's file and correct or delete it".to_owned()
            }
        })
    }

    pub(crate) fn from_driver(doing: impl Into<String>, source: tokio_postgres::Error) -> Self {
        let doing = doing.into();
        let says = |text: &str| source.as_db_error().is_some_and(|error| error.message().contains(text));
        if says(super::sql::OTHER_BACKEND) {
            Self::Pooler
        } else if says(super::sql::LOCK_LOST) {
            Self::LockLost
        } else if source.as_db_error().is_none() {
            Self::Connection { doing, source }
        } else {
            Self::Database { doing, source }
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

/// Who holds the lock, as `pg_stat_activity` shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Process id of the server's process.
    pub pid: i32,
    /// The role it is connected as.
    pub user: String,
    /// Its `application_name`.
    pub application: String,
    /// Its address; `local` for a socket.
    pub address: String,
    /// How long it has been connected.
    pub connected: Duration,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { pid, user, application, address, connected } = self;
        write!(f, "process {pid} ({application}, {user}@{address}, connected for {} s)", connected.as_secs())
    }
}

fn held_by(holders: &[Holder]) -> String {
    let holders: Vec<String> = holders.iter().map(Holder::to_string).collect();
    if holders.is_empty() { String::new() } else { format!("; held by {}", holders.join(", ")) }
}

fn server_message(error: &tokio_postgres::Error) -> String {
    let Some(error) = error.as_db_error() else { return error.to_string() };
    let mut text = format!("{} (SQLSTATE {})", error.message(), error.code().code());
    for (what, part) in [("detail", error.detail()), ("hint", error.hint())] {
        if let Some(part) = part {
            text.push_str(&format!("\n{what}: {part}"));
        }
    }
    text
}

/// Whether the server ended the session with this error: somebody terminated it, or the server stops.
pub(super) fn ends_session(error: &tokio_postgres::Error) -> bool {
    let severity = error.as_db_error().and_then(|error| error.parsed_severity());
    matches!(severity, Some(Severity::Fatal | Severity::Panic))
}

const AGAIN: &str = "run the same command again: what was committed is recorded and is not repeated";

fn database_help(error: &tokio_postgres::Error) -> Option<String> {
    if ends_session(error) {
        return Some(AGAIN.to_owned());
    }
    Some(match error.code()?.code() {
        "42501" => "the role needs USAGE and CREATE on the schema, and SELECT, INSERT, UPDATE and DELETE on the history's tables".to_owned(),
        "25006" => "connect to the primary server, or switch `default_transaction_read_only` off for this role".to_owned(),
        _ => return None,
    })
}
