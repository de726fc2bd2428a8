//! What is told while a run goes on, and after it.

use std::time::Duration;

use super::blocked::Blocker;
use super::error::Holder;
use super::recorded::Taken;
use crate::embedded::Migration;

/// What happens, as it happens.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// Somebody else migrates this database; said again when it is somebody new.
    Waiting {
        /// Who holds the lock.
        holders: &'a [Holder],
    },
    /// A migration could not get a lock, or was the victim of a deadlock or a serialisation failure. It is rolled back, and
    /// nothing is locked in the pause that follows.
    Blocked {
        /// The migration.
        migration: &'a Migration<'a>,
        /// What the server said.
        reason: &'a str,
        /// Who is in the way, as far as that can be seen.
        blockers: &'a [Blocker],
        /// How many attempts failed.
        attempt: u32,
        /// How many more than one there are at most.
        retries: u32,
        /// How long until the next one.
        pause: Duration,
    },
    /// A concurrent build of an index is about to begin, and will wait for these transactions to end.
    Behind {
        /// The migration.
        migration: &'a Migration<'a>,
        /// Whose they are.
        blockers: &'a [Blocker],
    },
    /// The lock is held and the plan is made.
    Planned {
        /// How many migrations will run.
        total: usize,
    },
    /// A migration begins.
    Started {
        /// The migration.
        migration: &'a Migration<'a>,
    },
    /// A statement of a non-transactional migration begins.
    Statement {
        /// The migration.
        migration: &'a Migration<'a>,
        /// The statement, from 1.
        number: usize,
        /// How many it has.
        of: usize,
        /// Its first words.
        words: &'a str,
        /// The server's process that runs it.
        pid: i32,
    },
    /// A batch of a backfill is done.
    Batch {
        /// The migration.
        migration: &'a Migration<'a>,
        /// How many rows it has gone through.
        rows: u64,
        /// How many rows the table has, as the server estimates it.
        of: Option<u64>,
    },
    /// A backfill waits for a standby that is too far behind; said again as long as it does.
    Throttled {
        /// The migration.
        migration: &'a Migration<'a>,
        /// How far behind the standby is.
        lag: Duration,
    },
    /// What a migration took is known, where that was asked for; it is committed.
    Taken {
        /// What it took.
        taken: &'a Taken,
    },
    /// A migration is done and its rows are written.
    Finished {
        /// The migration.
        migration: &'a Migration<'a>,
        /// How long it took in the server.
        duration: Duration,
    },
}

/// Who is told of events.
pub type OnEvent<'f> = dyn FnMut(&Event<'_>) + Send + 'f;

/// What a command did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Applied, or stamped as applied, in order.
    pub applied: Vec<i64>,
    /// Reverted, or stamped as not applied, in order.
    pub reverted: Vec<i64>,
    /// What each applied migration took, where an upgrade was asked to record it.
    pub taken: Vec<Taken>,
}
