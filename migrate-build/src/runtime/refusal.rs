//! Why nothing is done, as data, and what cures it.

use super::state::{Applied, Interrupted};
use crate::direction::Direction;
use crate::position::Position;

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
    /// Migrations are applied that were deleted here: others that are known here were built on them.
    #[error("migrations were deleted that the database has applied: {}", applied_list(.orphans))]
    Deleted {
        /// What is applied and unknown.
        orphans: Vec<Applied>,
    },
    /// Migrations are applied that build on older ones than this history ends with, beside what is known here.
    #[error("the database has migrations of another branch: {}", applied_list(.orphans))]
    OtherBranch {
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
    /// The database is not what it was when the change was decided.
    #[error("migration {version} was changed in the database since it was looked at")]
    Changed {
        /// The migration.
        version: i64,
    },
    /// What is pending is not what the plan says any more.
    #[error("the database has moved since the plan was made")]
    Moved,
    /// A backfill can't be written as a script.
    #[error("migration {version} is a backfill, whose batches a script can't run")]
    BackfillInScript {
        /// The migration.
        version: i64,
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
    /// A backfill has not reached its last row.
    #[error("the backfill of migration {version} is not finished: it has gone through {done} rows, {left} are left")]
    BackfillUnfinished {
        /// The migration.
        version: i64,
        /// Rows that it has gone through.
        done: u64,
        /// Rows that are left.
        left: u64,
    },
    /// A migration that builds on a backfill that was to be skipped.
    #[error("migration {version} builds on the backfill {backfill}, which is not finished")]
    DependsOnBackfill {
        /// The migration.
        version: i64,
        /// The backfill.
        backfill: i64,
    },
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
            Self::Behind { .. } | Self::BackfillUnfinished { .. } => "run `cargo migrate upgrade`".to_owned(),
            Self::DependsOnBackfill { backfill, .. } => {
                format!("finish it first: `cargo migrate upgrade --to {backfill}`")
            }
            Self::Ahead { .. } => {
                "this program or checkout is older than the database: deploy or check out the newer one".to_owned()
            }
            Self::Deleted { .. } | Self::Orphans { .. } => {
                "`cargo migrate repair --restore` writes the files back; `cargo migrate repair` shows the other ways".to_owned()
            }
            Self::OtherBranch { .. } => {
                "deploy or check out what has both branches; `cargo migrate repair` shows the other ways".to_owned()
            }
            Self::Divergent { .. } => {
                "`cargo migrate repair` shows what changed, and the command that brings the files back".to_owned()
            }
            Self::Unparented { parent, .. } => format!(
                "see that the database has what {parent} does, then `cargo migrate stamp` it at the newest migration that is applied"
            ),
            Self::Changed { .. } => "run the command again: it shows what is there now".to_owned(),
            Self::Moved => "make the plan again: `cargo migrate plan --output FILE`".to_owned(),
            Self::BackfillInScript { version } => format!(
                "end the script before it by `cargo migrate plan --sql --to VERSION`, run `cargo migrate upgrade --to {version}`, \
                 and make a script of what follows; `--skip-backfills` leaves it out where nothing builds on it"
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
