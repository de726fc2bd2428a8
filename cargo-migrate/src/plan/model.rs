//! A plan as data.

use migrate_build::diagnostic::Level;
use migrate_build::runtime::Applied;

use super::facts::Standing;
use crate::hazards::{LockMode, Work};

/// What an upgrade would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The database's name.
    pub database: String,
    /// The environment, where one is meant.
    pub environment: Option<String>,
    /// The history table.
    pub history: String,
    /// Whether the database was ever migrated.
    pub migrated: bool,
    /// What was asked for: `head`, `+2`, a version.
    pub target: String,
    /// Whether backfills are left out.
    pub skip_backfills: bool,
    /// What is applied.
    pub applied: Vec<Applied>,
    /// Where the database stands: titles of its heads.
    pub at: Vec<String>,
    /// What would be applied, in order.
    pub migrations: Vec<PlannedMigration>,
}

/// One migration of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedMigration {
    /// Its version.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// Its up script.
    pub file: String,
    /// SHA-256 of the up script.
    pub up_sha256: String,
    /// SHA-256 of the down script.
    pub down_sha256: Option<String>,
    /// Whether all of it is one transaction.
    pub transaction: bool,
    /// Whether its statement is run in batches.
    pub backfill: bool,
    /// Why it can't be reverted.
    pub irreversible: Option<String>,
    /// The statements of the up script.
    pub up: Vec<PlannedStatement>,
    /// Those of the down script.
    pub down: Option<Vec<PlannedStatement>>,
    /// What was found that belongs to no statement.
    pub hazards: Vec<Hazard>,
}

/// One statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedStatement {
    /// Its line in the script, from 1.
    pub line: usize,
    /// Its text.
    pub sql: String,
    /// What it is called by.
    pub kind: String,
    /// How long it takes, judged by what it has to go through.
    pub work: Work,
    /// Whether it runs outside any transaction.
    pub alone: bool,
    /// Its locks, one for each relation.
    pub locks: Vec<Lock>,
    /// What was found in it.
    pub hazards: Vec<Hazard>,
}

/// A lock that a statement takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lock {
    /// How strong it is.
    pub mode: LockMode,
    /// What it is on, in words.
    pub on: String,
    /// What is done with the relation.
    pub work: Work,
    /// How the relation is in the database.
    pub state: State,
}

impl Lock {
    /// What waits for it; `None` where nobody does.
    pub fn blocks(&self) -> Option<&'static str> {
        let blocked = self.mode.blocks().describe();
        (self.state != State::New && blocked != "nothing").then_some(blocked)
    }
}

/// How a relation is in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It is there.
    There(Standing),
    /// The plan makes it, so nobody uses it.
    New,
    /// It is not there, and nothing in the plan is known to make it.
    Missing,
}

/// A finding of `lint`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hazard {
    /// The rule.
    pub rule: &'static str,
    /// Its level.
    pub level: Level,
    /// What it says.
    pub message: String,
    /// The safe way.
    pub helps: Vec<String>,
}
