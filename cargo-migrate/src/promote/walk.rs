//! Up one step at a time, down one at a time and up again, with the schema compared at every step.
//!
//! What has no way back divides the history: everything below it goes down and up again before it is applied, so that
//! every down script there is runs.

use std::time::{Duration, Instant};

use migrate_build::embedded::Migration;
use migrate_build::runtime::{Set, UpTarget};

use super::database::Database;
use super::gate::{Failure, Outcome};
use super::material::title;
use crate::schema::{Difference, Limits, Snapshot, render};

/// One of the three ways: all steps of its kind.
#[derive(Debug, Default)]
pub(super) struct Leg {
    pub(super) steps: usize,
    pub(super) notes: Vec<String>,
    pub(super) failures: Vec<Failure>,
    pub(super) duration: Duration,
}

impl Leg {
    /// How it ended, if it was gone at all; else it was skipped for `reason`.
    pub(super) fn outcome(self, reason: &str) -> (Outcome, Vec<String>, Duration) {
        let Self { steps, mut notes, failures, duration } = self;
        let outcome = match (steps, failures.is_empty()) {
            (0, true) => Outcome::Skipped(reason.to_owned()),
            (_, true) => Outcome::Passed,
            (_, false) => Outcome::Failed(failures),
        };
        if steps > 0 {
            notes.insert(0, if steps == 1 { "1 step".to_owned() } else { format!("{steps} steps") });
        }
        (outcome, notes, duration)
    }
}

/// The way through the history of a development database.
pub(super) struct Walk<'a> {
    database: &'a mut Database,
    set: &'a Set<'a>,
    doing: &'a (dyn Fn(String) + Sync),
    /// The schema after so many migrations.
    snapshots: Vec<Snapshot>,
    /// What was found to differ and is not told again.
    known: Vec<Difference>,
    pub(super) up: Leg,
    pub(super) down: Leg,
    pub(super) again: Leg,
}

/// The way ended early: the failure is in one of the legs.
#[derive(Debug)]
struct Stopped;

impl<'a> Walk<'a> {
    pub(super) fn new(database: &'a mut Database, set: &'a Set<'a>, doing: &'a (dyn Fn(String) + Sync)) -> Self {
        Self {
            database,
            set,
            doing,
            snapshots: Vec::new(),
            known: Vec::new(),
            up: Leg::default(),
            down: Leg::default(),
            again: Leg::default(),
        }
    }

    /// Goes all the way, as far as it goes.
    pub(super) async fn go(mut self) -> Self {
        // Where it stopped is in the legs.
        drop(self.go_on().await);
        self
    }

    async fn go_on(&mut self) -> Result<(), Stopped> {
        let set = self.set;
        let began = Instant::now();
        match self.database.snapshot().await {
            Ok(snapshot) => self.snapshots.push(snapshot),
            Err(failure) => return self.stop(failure, began, |walk| &mut walk.up),
        }
        self.up.duration += began.elapsed();
        let mut lowest = 0;
        for (index, migration) in set.migrations.iter().enumerate() {
            let barrier = no_way_back(migration);
            if barrier.is_some() {
                self.round_trip(lowest, index).await?;
            }
            self.step_up(migration).await?;
            if let Some(reason) = barrier {
                self.down.notes.push(format!("not below {} ({reason})", title(migration)));
                lowest = index + 1;
            }
        }
        self.round_trip(lowest, set.migrations.len()).await
    }

    /// Down from `top` migrations to `bottom`, and up again.
    async fn round_trip(&mut self, bottom: usize, top: usize) -> Result<(), Stopped> {
        let Some(part) = self.set.migrations.get(bottom..top) else { return Ok(()) };
        for (index, migration) in part.iter().enumerate().rev() {
            self.step_down(migration, bottom + index).await?;
        }
        if !self.down.failures.is_empty() {
            return Err(Stopped);
        }
        for (index, migration) in part.iter().enumerate() {
            self.step_again(migration, bottom + index + 1).await?;
        }
        if self.again.failures.is_empty() { Ok(()) } else { Err(Stopped) }
    }

    async fn step_up(&mut self, migration: &Migration<'_>) -> Result<(), Stopped> {
        let began = Instant::now();
        let done = self.apply(migration).await;
        self.up.steps += 1;
        match done {
            Ok(snapshot) => self.snapshots.push(snapshot),
            Err(failure) => return self.stop(failure, began, |walk| &mut walk.up),
        }
        self.up.duration += began.elapsed();
        Ok(())
    }

    async fn step_down(&mut self, migration: &Migration<'_>, left: usize) -> Result<(), Stopped> {
        let began = Instant::now();
        (self.doing)(format!("down {}", title(migration)));
        self.down.steps += 1;
        let done = match self.database.down(self.set, migration.version).await {
            Ok(()) => self.database.snapshot().await,
            Err(failure) => Err(failure),
        };
        let after = match done {
            Ok(after) => after,
            Err(failure) => return self.stop(failure, began, |walk| &mut walk.down),
        };
        let new = self.new_differences(left, &after);
        if !new.is_empty() {
            let message = format!("reverting {} leaves another schema than there was before it", title(migration));
            let file = migration.file.strip_suffix(".sql").unwrap_or(&migration.file);
            self.down.failures.push(differs(message, &new).help(format!("correct `{file}.down.sql`")));
        }
        self.down.duration += began.elapsed();
        Ok(())
    }

    async fn step_again(&mut self, migration: &Migration<'_>, applied: usize) -> Result<(), Stopped> {
        let began = Instant::now();
        let done = self.apply(migration).await;
        self.again.steps += 1;
        let after = match done {
            Ok(after) => after,
            Err(failure) => return self.stop(failure, began, |walk| &mut walk.again),
        };
        let new = self.new_differences(applied, &after);
        if !new.is_empty() {
            let message = format!("{} applied again gives another schema than the first time", title(migration));
            self.again.failures.push(differs(message, &new));
        }
        self.again.duration += began.elapsed();
        Ok(())
    }

    async fn apply(&mut self, migration: &Migration<'_>) -> Result<Snapshot, Failure> {
        self.database.up(self.set, UpTarget::Version(migration.version), self.doing).await?;
        self.database.snapshot().await
    }

    /// What differs from the schema that so many migrations gave at first, except for what was told already: one wrong
    /// down must not hide the next one, nor be told at every step.
    fn new_differences(&mut self, applied: usize, now: &Snapshot) -> Vec<Difference> {
        let Some(first) = self.snapshots.get(applied) else { return Vec::new() };
        let differences = self.database.differences(first, now);
        let new = differences.iter().filter(|difference| !self.known.contains(difference)).cloned().collect();
        self.known = differences;
        new
    }

    fn stop(&mut self, failure: Failure, began: Instant, leg: fn(&mut Self) -> &mut Leg) -> Result<(), Stopped> {
        let leg = leg(self);
        leg.failures.push(failure);
        leg.steps = leg.steps.max(1);
        leg.duration += began.elapsed();
        Err(Stopped)
    }
}

/// Two schemas that should be one.
pub(super) fn differs(message: String, differences: &[Difference]) -> Failure {
    let mut failure = Failure::new(message).body(render(differences, Limits::TERMINAL));
    failure.notes.push("`-` is what there was before, `+` what there is now".to_owned());
    failure
}

/// Why a migration can't be reverted.
pub(super) fn no_way_back(migration: &Migration<'_>) -> Option<String> {
    match (&migration.irreversible, &migration.down) {
        (Some(reason), _) => Some(format!("irreversible: {reason}")),
        (None, None) => Some("it has no down script".to_owned()),
        (None, Some(_)) => None,
    }
}
