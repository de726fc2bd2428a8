//! What can go wrong, as data: each error says what happened and where; [`Error::help`] says what cures it.

use std::fmt;
use std::time::Duration;

use tokio_postgres::error::Severity;

use super::state::{Applied, Interrupted};
use crate::direction::Direction;
use crate::history_name::HistoryNameError;
use crate::position::Position;

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

/// Why a history is not applied to a database. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// Migrations are pending.
    #[error("the database is behind: {} pending ({}), it is at {}", .pending.len(), list(.pending), at(.current))]
    Behind {
        /// The pending versions.
        pending: Vec<i64>,
        /// The applied heads.
        current: Vec<i64>,
    },
    /// The database has migrations younger than everything that is known here.
    #[error("the database is ahead: it has {}, this history ends at {}", applied_list(.orphans), at(.head.as_slice()))]
    Ahead {
        /// What is applied and unknown.
        orphans: Vec<Applied>,
        /// The known head.
        head: Option<i64>,
    },
    /// Migrations are applied whose files are gone.
    #[error("the database has migrations that this history lacks: {}", applied_list(.orphans))]
    Orphans {
        /// What is applied and unknown.
        orphans: Vec<Applied>,
    },
    /// Migrations are applied with another text.
    #[error("migrations were changed after they were applied: {}", applied_list(.divergent))]
    Divergent {
        /// The rows whose name or checksum differs from the file's.
        divergent: Vec<Applied>,
    },
    /// A migration is applied and its parent is not.
    #[error("migration {version} is applied, and {parent}, which it builds on, is not")]
    Unparented {
        /// The applied one.
        version: i64,
        /// The parent.
        parent: i64,
    },
    /// The history has several heads.
    #[error("the history has {} heads: {}", .heads.len(), list(.heads))]
    SeveralHeads {
        /// The heads.
        heads: Vec<i64>,
    },
    /// The history's graph is wrong.
    #[error("the history is broken: {0}")]
    BrokenGraph(String),
    /// Several heads are applied, so that one step down is ambiguous.
    #[error("one step down is ambiguous: {} are applied heads", list(.heads))]
    AmbiguousDowngrade {
        /// The applied heads, any of which might be meant.
        heads: Vec<i64>,
    },
    /// No such migration.
    #[error("there is no migration {version}")]
    UnknownVersion {
        /// The version asked for.
        version: i64,
    },
    /// A downgrade to what is not applied.
    #[error("migration {version} is not applied")]
    NotApplied {
        /// The version asked for.
        version: i64,
    },
    /// A downgrade of one migration that others build on.
    #[error("migration {version} is not an applied head: {} built on it", builders(.children))]
    NotAHead {
        /// The version asked for.
        version: i64,
        /// The applied migrations that build on it.
        children: Vec<i64>,
    },
    /// A downgrade over an irreversible migration.
    #[error("migration {version} is irreversible: {reason}")]
    Irreversible {
        /// The migration.
        version: i64,
        /// Its header's reason.
        reason: String,
    },
    /// A downgrade over a migration without a down script.
    #[error("migration {version} has no down script")]
    MissingDown {
        /// The migration.
        version: i64,
        /// The up script's file.
        file: String,
    },
    /// A non-transactional migration stopped in the middle.
    #[error("{0}")]
    Interrupted(Interrupted),
    /// The text of a statement that ran already was changed before the rest could run.
    #[error("statement {statement} of migration {version} ran already and was changed since")]
    InterruptedChanged {
        /// The migration.
        version: i64,
        /// The statement, from 1.
        statement: usize,
    },
    /// A statement of which nobody can tell whether it ran.
    #[error(
        "statement {statement} of migration {version} ({words}) did not finish, and the server can't tell how far it came"
    )]
    Undecided {
        /// The migration.
        version: i64,
        /// The statement, from 1.
        statement: usize,
        /// Its first words.
        words: String,
    },
    /// An index of that name exists, invalid, and is not ours.
    #[error(
        "index {index} exists and is invalid, left by a failed `CREATE INDEX CONCURRENTLY` that this history did not run"
    )]
    InvalidIndex {
        /// The index, quoted.
        index: String,
    },
    /// The history table can't hold the version.
    #[error("table {table} has 32-bit versions and can't hold {version}")]
    VersionTooLarge {
        /// The table, quoted.
        table: String,
        /// The version.
        version: i64,
    },
    /// A script that can't be run safely.
    #[error("{file}:{position}: {reason}")]
    Script {
        /// The script's file.
        file: String,
        /// Where.
        position: Position,
        /// What is wrong with it.
        reason: String,
    },
}

impl Refusal {
    /// What cures it.
    pub fn help(&self) -> Option<String> {
        Some(match self {
            Self::Behind { .. } => "run `cargo migrate upgrade`".to_owned(),
            Self::Ahead { .. } => {
                "this program or checkout is older than the database: deploy or check out the newer one".to_owned()
            }
            Self::Orphans { orphans } => format!(
                "restore the deleted files from git first: `git log --diff-filter=D -- '*/?{}__*'` names the commit",
                orphans.first().map_or(0, |orphan| orphan.version)
            ),
            Self::Divergent { divergent } => format!(
                "restore the files as they were: `git log -p -- '*/?{}__*'` shows what changed; put the change into a new migration",
                divergent.first().map_or(0, |row| row.version)
            ),
            Self::Unparented { parent, .. } => format!(
                "see that the database has what {parent} does, then `cargo migrate stamp` it at the newest migration that is applied"
            ),
            Self::SeveralHeads { .. } => {
                "join them with `cargo migrate merge -m \"merge heads\"`, or name one with `--to VERSION`".to_owned()
            }
            Self::BrokenGraph(_) => "run `cargo migrate check`, which names file, line and cure".to_owned(),
            Self::AmbiguousDowngrade { heads } => {
                let choices: Vec<String> = heads
                    .iter()
                    .map(|keep| format!("`cargo migrate downgrade --to {keep}` keeps {keep}"))
                    .collect();
                format!("say what shall stay: {}", choices.join("; "))
            }
            Self::UnknownVersion { .. } => "`cargo migrate history` lists all of them".to_owned(),
            Self::NotApplied { .. } => "`cargo migrate status` shows what is applied".to_owned(),
            Self::NotAHead { .. } => "revert those first, the newest of them first".to_owned(),
            Self::Irreversible { .. } => "undo it by a new migration: `cargo migrate new`".to_owned(),
            Self::MissingDown { file, .. } => {
                let down = file.strip_suffix(".sql").unwrap_or(file);
                format!("write {down}.down.sql, or undo it by a new migration")
            }
            Self::Interrupted(interrupted) => {
                let command = match interrupted.direction {
                    Direction::Up => "upgrade",
                    Direction::Down => "downgrade",
                };
                format!("`cargo migrate {command}` resumes it where it stopped")
            }
            Self::InterruptedChanged { .. } => {
                "restore the statement as it was; put the change into a new migration".to_owned()
            }
            Self::Undecided { .. } => {
                "look at the database, then run the command again with `--interrupted done` or `--interrupted undone`".to_owned()
            }
            Self::InvalidIndex { index } => format!("drop it: `DROP INDEX CONCURRENTLY {index}`"),
            Self::VersionTooLarge { .. } => {
                "number migrations sequentially (`version-format = \"sequential\"`), or move to 64-bit versions in refinery first".to_owned()
            }
            Self::Script { .. } => "run `cargo migrate check`, which names the cure".to_owned(),
        })
    }
}

/// A statement of a migration that the server refused.
#[derive(Debug)]
pub struct ScriptError {
    /// The migration.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// Up or down.
    pub direction: Direction,
    /// The script's file, relative to the package.
    pub file: String,
    /// The script's text, for showing its lines.
    pub text: String,
    /// Byte offset of the error in `text`.
    pub offset: usize,
    /// The same as line and column.
    pub position: Position,
    /// Which statement failed, from 1; `None` where it is the transaction's end (a deferred constraint).
    pub statement: Option<usize>,
    /// Whether the migration's effects are rolled back; outside a transaction the finished statements stay.
    pub rolled_back: bool,
    /// SQLSTATE.
    pub code: String,
    /// The server's message.
    pub message: String,
    /// The server's detail.
    pub detail: Option<String>,
    /// The server's hint.
    pub hint: Option<String>,
    /// The server's context (`where`).
    pub context: Option<String>,
    /// The driver's error.
    pub source: tokio_postgres::Error,
}

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {} (SQLSTATE {}", self.file, self.position, self.message, self.code)?;
        match self.statement {
            Some(statement) => write!(f, ", statement {statement})")?,
            None => write!(f, ", at the end of the transaction)")?,
        }
        for (what, text) in [("detail", &self.detail), ("hint", &self.hint), ("context", &self.context)] {
            if let Some(text) = text {
                write!(f, "\n{what}: {text}")?;
            }
        }
        Ok(())
    }
}

// The source's text is part of the message already, so `source()` gives nothing: a chain would say it twice.
impl std::error::Error for ScriptError {}

impl ScriptError {
    /// What cures it, for the states that have a known cure.
    pub fn help(&self) -> Option<String> {
        Some(match self.code.as_str() {
            "25001" => "add `--! transaction = false` as the file's first line".to_owned(),
            "42501" => "connect with a role that has the right, or grant it".to_owned(),
            "55P03" => {
                "something holds the lock: run it again when the table is free, or set `lock-timeout`".to_owned()
            }
            "57014" => return None,
            _ if self.rolled_back => {
                format!("the migration is rolled back: correct {} and run the command again", self.file)
            }
            _ => format!(
                "the statements before it stay: correct {} from this statement on and run the command again",
                self.file
            ),
        })
    }
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

fn list(versions: &[i64]) -> String {
    const SHOWN: usize = 5;
    let mut text: Vec<String> = versions.iter().take(SHOWN).map(i64::to_string).collect();
    if versions.len() > SHOWN {
        text.push(format!("and {} more", versions.len() - SHOWN));
    }
    text.join(", ")
}

fn builders(children: &[i64]) -> String {
    format!("{} {}", list(children), if children.len() == 1 { "is" } else { "are" })
}

fn at(versions: &[i64]) -> String {
    if versions.is_empty() { "base".to_owned() } else { list(versions) }
}

fn applied_list(rows: &[Applied]) -> String {
    const SHOWN: usize = 5;
    let mut text: Vec<String> = rows.iter().take(SHOWN).map(|row| format!("{} {}", row.version, row.name)).collect();
    if rows.len() > SHOWN {
        text.push(format!("and {} more", rows.len() - SHOWN));
    }
    text.join(", ")
}
