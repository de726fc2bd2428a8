//! Bringing a history and its files together, all of it under one lock.

use std::collections::BTreeSet;

use migrate_build::direction::Direction;
use migrate_build::runtime::{
    Correction, Error, Locked, Options, Refusal, Report, Set, State, compare, plan_revert, plan_upgrade,
};
use migrate_build::runtime::{OnEvent, UpTarget};
use tokio_postgres::Client;

use super::act::follow;
use super::database::Database;
use crate::error::CommandError;
use crate::file_changes::{self, FileChange};
use crate::ui::Ui;

/// Writes corrections of the history, and files beside it: the files once the lock is held and the database is what it was
/// when they were decided, all of them or none; and the corrections after them, so that the log never tells of files that
/// are not there.
///
/// # Errors
/// The database was changed meanwhile, a file can't be written, or the connection broke.
pub async fn correct(
    ui: &mut Ui,
    database: &mut Database<'_>,
    options: &Options,
    files: &[FileChange],
    corrections: &[Correction<'_>],
) -> Result<(), CommandError> {
    follow(ui, database, "Corrected", async |client, _, on_event, _| {
        under_lock(client, options, on_event, async |locked, _| {
            locked.unchanged(corrections)?;
            file_changes::apply(files)?;
            let corrected = locked.correct(corrections).await.map_err(CommandError::from);
            corrected.map_err(|error| if files.is_empty() { error } else { error.note("the files were written") })
        })
        .await
    })
    .await
}

/// Reverts just these migrations of `set`, the newest first.
///
/// # Errors
/// One of them has no way back, is needed by one that stays, was applied with another text; or a script fails.
pub async fn revert(
    ui: &mut Ui,
    database: &mut Database<'_>,
    options: &Options,
    set: &Set<'_>,
    versions: &BTreeSet<i64>,
) -> Result<(), CommandError> {
    follow(ui, database, "Reverted", async |client, _, on_event, _| {
        under_lock(client, options, on_event, async |locked, on_event| {
            let plan = plan_revert(set, locked.state(), versions)?;
            locked.run(set, &plan, Direction::Down, on_event).await?;
            Ok(())
        })
        .await
    })
    .await
}

/// A way from one set of migrations to another.
#[derive(Debug)]
pub struct Way<'a> {
    /// What is to be reverted, with texts for all of it.
    pub from: &'a Set<'a>,
    /// What is reverted.
    pub down: &'a BTreeSet<i64>,
    /// What there shall be.
    pub to: &'a Set<'a>,
    /// The history as it was when the way was planned.
    pub planned: &'a State,
}

/// Reverts and applies, so that the database has all of a set and nothing else.
///
/// # Errors
/// As [`revert`]; or the database was changed since the way was planned.
pub async fn switch(
    ui: &mut Ui,
    database: &mut Database<'_>,
    options: &Options,
    way: &Way<'_>,
) -> Result<Report, CommandError> {
    let Way { from, down, to, planned } = way;
    follow(ui, database, "Reverted", async |client, _, on_event, verb| {
        under_lock(client, options, on_event, async |locked, on_event| {
            let now: BTreeSet<_> = locked.state().applied.iter().map(|row| (row.version, row.checksum)).collect();
            let then: BTreeSet<_> = planned.applied.iter().map(|row| (row.version, row.checksum)).collect();
            if let Some((version, _)) = now.symmetric_difference(&then).next() {
                return Err(Error::from(Refusal::Changed { version: *version }).into());
            }
            let reverted = plan_revert(from, locked.state(), down)?;
            locked.run(from, &reverted, Direction::Down, on_event).await?;
            verb("Applied");
            let mut applied = Vec::new();
            for head in to.graph.heads() {
                let comparison = compare(locked.client(), to, locked.state()).await?;
                let plan = plan_upgrade(to, &comparison, UpTarget::Version(head))?;
                locked.run(to, &plan, Direction::Up, on_event).await?;
                applied.extend(plan);
            }
            Ok(Report { applied, reverted, ..Report::default() })
        })
        .await
    })
    .await
}

/// Does something with the lock held, and gives it back however that ends.
async fn under_lock<T>(
    client: &mut Client,
    options: &Options,
    on_event: &mut OnEvent<'_>,
    work: impl AsyncFnOnce(&mut Locked<'_>, &mut OnEvent<'_>) -> Result<T, CommandError>,
) -> Result<T, CommandError> {
    let mut locked = Locked::acquire(client, options, on_event).await?;
    let result = work(&mut locked, on_event).await;
    locked.release().await;
    result
}
