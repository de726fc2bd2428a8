//! How an environment's database stands against the files, in a word: pure.

use migrate_build::runtime::{Activity, Applied, Change, Comparison, Interrupted, Set, State};

/// How an environment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// All there is is applied.
    Applied,
    /// Something is to be applied.
    Pending,
    /// Somebody is changing it now.
    Applying,
    /// What was done last failed, or stopped half way.
    Failed,
    /// It has what the files don't have, or have otherwise.
    Split,
    /// Nobody can tell.
    Unreachable,
}

impl Standing {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Pending => "pending",
            Self::Applying => "applying",
            Self::Failed => "failed",
            Self::Split => "split",
            Self::Unreachable => "unreachable",
        }
    }
}

/// What there is to know of one database.
#[derive(Clone, Debug)]
pub struct Outline {
    /// In a word.
    pub standing: Standing,
    /// Its own name.
    pub database: String,
    /// The applied migrations on which no other applied one builds.
    pub current: Vec<i64>,
    /// What is to be applied.
    pub pending: Vec<i64>,
    /// What it has and the files lack.
    pub orphans: Vec<Applied>,
    /// What it has otherwise than the files.
    pub divergent: Vec<Applied>,
    /// Applied without the one that they build on: both.
    pub unparented: Vec<(i64, i64)>,
    /// What stopped half way.
    pub interrupted: Vec<Interrupted>,
    /// Who is changing it.
    pub holders: Vec<String>,
    /// What was done last.
    pub last: Option<Change>,
    /// When it was last upgraded, where no log tells.
    pub applied_on: Option<String>,
}

impl Outline {
    /// Compares a database with the files.
    pub fn new(set: &Set<'_>, state: &State, activity: Activity) -> Self {
        let Comparison { pending, orphans, divergent, unparented, heads, .. } = Comparison::new(set, state);
        let Activity { holders, last } = activity;
        let failed = |change: &Change| {
            let is_applied = state.applied.iter().any(|row| row.version == change.version);
            // What was mended by other means than the log's counts as mended.
            change.error.is_some() && is_applied == (change.action == "downgrade")
        };
        let standing = if !holders.is_empty() {
            Standing::Applying
        } else if !orphans.is_empty() || !divergent.is_empty() || !unparented.is_empty() {
            Standing::Split
        } else if !state.interrupted.is_empty() || last.as_ref().is_some_and(failed) {
            Standing::Failed
        } else if !pending.is_empty() {
            Standing::Pending
        } else {
            Standing::Applied
        };
        let mut current = heads;
        current.extend(orphans.iter().map(|row| row.version));
        current.sort_unstable();
        Self {
            standing,
            database: state.database.clone(),
            current,
            pending,
            orphans,
            divergent,
            unparented,
            interrupted: state.interrupted.clone(),
            holders: holders.iter().map(ToString::to_string).collect(),
            last,
            applied_on: state.applied.iter().map(|row| row.applied_on.clone()).max(),
        }
    }

    /// What there is to say besides: who holds the lock, what failed, what is split.
    pub fn remark(&self) -> String {
        let list = |rows: &[Applied]| {
            rows.iter().map(|row| format!("{} {}", row.version, row.name)).collect::<Vec<_>>().join(", ")
        };
        match self.standing {
            Standing::Applying => format!("by {}", self.holders.join(", ")),
            Standing::Split if !self.divergent.is_empty() => {
                format!("applied with another text: {}", list(&self.divergent))
            }
            Standing::Split if !self.orphans.is_empty() => {
                format!("applied, and no file has it: {}", list(&self.orphans))
            }
            Standing::Split => match self.unparented.first() {
                Some((version, parent)) => format!("{version} is applied without {parent}, which it builds on"),
                None => String::new(),
            },
            Standing::Failed => match (&self.interrupted.first(), &self.last) {
                (Some(interrupted), _) => interrupted.to_string(),
                (None, Some(Change { action, version, name, error: Some(error), .. })) => {
                    let error = error.lines().next().unwrap_or_default();
                    format!("{action} of {version} {name}: {error}")
                }
                _ => String::new(),
            },
            Standing::Applied | Standing::Pending | Standing::Unreachable => String::new(),
        }
    }
}
