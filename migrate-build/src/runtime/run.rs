//! Upgrade, downgrade and stamp: lock, read, compare, plan, apply, record, unlock.

use std::collections::BTreeSet;

use tokio_postgres::Client;

use super::apply::{self, Step};
use super::backfill;
use super::blocked::Attempts;
use super::compare::Comparison;
use super::error::Error;
use super::event::{Event, OnEvent, Report};
use super::lock::{self, Held};
use super::options::Options;
use super::outside;
use super::plan::{DownTarget, UpTarget, plan_downgrade, plan_upgrade, without_backfills};
use super::provenance::compare;
use super::recorded::{self, Before};
use super::refusal::Refusal;
use super::set::Set;
use super::sql::{self, Frame};
use super::state::{State, fill, query, read_state, refuse_session, refuse_too_large, rows_query};
use super::table::literal;
use crate::direction::Direction;
use crate::embedded::Migration;

/// Applies what is pending up to `target`. With nothing to do it reads in two round trips, and neither locks nor writes.
///
/// # Errors
/// The database doesn't fit the history, the plan is refused, a migration failed (what was committed before it stays and is
/// recorded), or the connection broke.
pub async fn upgrade(
    client: &mut Client,
    set: &Set<'_>,
    target: UpTarget,
    options: &Options,
    on_event: &mut OnEvent<'_>,
) -> Result<Report, Error> {
    let state = read_state(client, options.history.as_deref()).await?;
    upgrade_from(client, state, set, target, options, on_event).await
}

/// As [`upgrade`], for whoever has read the state of this database already: that saves two round trips. What has changed
/// since is seen, because the history is read again under the lock.
///
/// # Errors
/// As [`upgrade`].
pub async fn upgrade_from(
    client: &mut Client,
    state: State,
    set: &Set<'_>,
    target: UpTarget,
    options: &Options,
    on_event: &mut OnEvent<'_>,
) -> Result<Report, Error> {
    let client = &*client;
    // What looks interrupted may be under way: only who holds the lock can tell.
    let settled = interrupted(&state, Direction::Down).is_ok();
    let plan = |comparison: &Comparison| {
        let versions = plan_upgrade(set, comparison, target)?;
        if options.skip_backfills { without_backfills(set, versions) } else { Ok(versions) }
    };
    if settled && plan(&compare(client, set, &state).await?)?.is_empty() {
        return Ok(Report::default());
    }
    refuse_session(&state)?;
    let (held, state) = lock(client, state, options, on_event).await?;
    let result = async {
        interrupted(&state, Direction::Down)?;
        let versions = plan(&compare(client, set, &state).await?)?;
        let unlooked = |version: &&i64| options.allowed.as_ref().is_some_and(|allowed| !allowed.contains(version));
        if let Some(&version) = versions.iter().find(unlooked) {
            return Err(Refusal::Changed { version }.into());
        }
        if options.exactly.as_ref().is_some_and(|exactly| *exactly != versions) {
            return Err(Refusal::Moved.into());
        }
        refuse_too_large(&state, &versions)?;
        let steps = steps(set, &versions, Direction::Up);
        let mut taken = Vec::new();
        let mut keep = |event: &Event<'_>| {
            if let Event::Taken { taken: one } = event {
                taken.push((*one).clone());
            }
            on_event(event);
        };
        let applied = run_steps(client, &held, &state, &steps, options, &mut keep).await?;
        Ok(Report { applied, reverted: Vec::new(), taken })
    }
    .await;
    held.release().await;
    result
}

/// Reverts down to `target`.
///
/// # Errors
/// As [`upgrade`]; a plan of which any part is impossible does nothing at all.
pub async fn downgrade(
    client: &mut Client,
    set: &Set<'_>,
    target: DownTarget,
    options: &Options,
    on_event: &mut OnEvent<'_>,
) -> Result<Report, Error> {
    let client = &*client;
    let state = read_state(client, options.history.as_deref()).await?;
    let settled = interrupted(&state, Direction::Up).is_ok();
    if settled && plan_downgrade(set, &compare(client, set, &state).await?, target)?.is_empty() {
        return Ok(Report::default());
    }
    refuse_session(&state)?;
    let (held, state) = lock(client, state, options, on_event).await?;
    let result = async {
        interrupted(&state, Direction::Up)?;
        let versions = plan_downgrade(set, &compare(client, set, &state).await?, target)?;
        let steps = steps(set, &versions, Direction::Down);
        run_steps(client, &held, &state, &steps, options, on_event).await
    }
    .await;
    held.release().await;
    result.map(|reverted| Report { reverted, ..Report::default() })
}

/// Makes the history say that exactly `target` and what it builds on is applied (`None`: nothing), and runs no migration.
///
/// # Errors
/// The database doesn't fit the history, `target` is unknown, or the connection broke; then nothing is changed.
pub async fn stamp(
    client: &mut Client,
    set: &Set<'_>,
    target: Option<i64>,
    options: &Options,
    on_event: &mut OnEvent<'_>,
) -> Result<Report, Error> {
    let client = &*client;
    let mut wanted = BTreeSet::new();
    if let Some(version) = target {
        if !set.graph.contains(version) {
            return Err(Refusal::UnknownVersion { version }.into());
        }
        wanted = set.graph.ancestors(version);
        wanted.insert(version);
    }
    let state = read_state(client, options.history.as_deref()).await?;
    refuse_session(&state)?;
    let (held, state) = lock(client, state, options, on_event).await?;
    let result = async {
        let comparison = compare(client, set, &state).await?;
        // A history that lacks a parent is what stamping mends; the rest of what refuses an upgrade refuses this too.
        Comparison { unparented: Vec::new(), ..comparison.clone() }.refuse()?;
        if let Some(interrupted) = state.interrupted.first() {
            return Err(Refusal::Interrupted(interrupted.clone()).into());
        }
        let add: Vec<&Migration<'_>> =
            wanted.difference(&comparison.applied).filter_map(|&version| set.get(version)).collect();
        let remove: Vec<(i64, &str)> = state
            .applied
            .iter()
            .rev()
            .filter(|row| !wanted.contains(&row.version))
            .map(|row| (row.version, row.name.as_str()))
            .collect();
        let report = Report {
            applied: add.iter().map(|migration| migration.version).collect(),
            reverted: remove.iter().map(|&(version, _)| version).collect(),
            taken: Vec::new(),
        };
        refuse_too_large(&state, &report.applied)?;
        if report != Report::default() {
            let message = format!("{}{}", setup(&state, options), frame(&held, &state, options).stamp(&add, &remove));
            query(client, &message, "stamping").await?;
        }
        Ok(report)
    }
    .await;
    held.release().await;
    result
}

/// Refuses while a migration is half way in the other direction.
fn interrupted(state: &State, direction: Direction) -> Result<(), Error> {
    match state.interrupted.iter().find(|interrupted| interrupted.direction == direction) {
        Some(interrupted) => Err(Refusal::Interrupted(interrupted.clone()).into()),
        None => Ok(()),
    }
}

/// Takes the lock and reads the history again, in the same round trip where that is possible.
pub(super) async fn lock<'c>(
    client: &'c Client,
    mut state: State,
    options: &Options,
    on_event: &mut OnEvent<'_>,
) -> Result<(Held<'c>, State), Error> {
    // Where a table was missing, it may be there by now, with the progress of whoever made it.
    let first = if state.complete { rows_query(&state) } else { String::new() };
    let (held, rows) = lock::acquire(client, &state.table, &first, options, on_event).await?;
    let read = match rows {
        Some(rows) if state.complete => fill(&mut state, &rows).map(|()| state),
        _ => read_state(client, options.history.as_deref()).await,
    };
    match read {
        Ok(state) => Ok((held, state)),
        Err(error) => {
            held.release().await;
            Err(error)
        }
    }
}

pub(super) fn steps<'a>(set: &'a Set<'a>, versions: &[i64], direction: Direction) -> Vec<Step<'a>> {
    versions.iter().filter_map(|&version| Some(Step { migration: set.get(version)?, direction })).collect()
}

pub(super) fn frame<'a>(held: &'a Held<'_>, state: &'a State, options: &'a Options) -> Frame<'a> {
    Frame {
        table: &state.table,
        width: state.width,
        server_version: state.server_version,
        options,
        psql: false,
        pid: held.pid,
        key: held.key,
        identity: (&held.authorization, &held.role),
        restore: &held.restore,
    }
}

/// What makes the tables ready for what is to be written; nothing where they are.
pub(super) fn setup(state: &State, options: &Options) -> String {
    let mut setup = if state.complete { String::new() } else { sql::setup(state) };
    // An older version made a log without the column.
    if options.details.is_some() && !state.log_has_details() {
        setup.push_str(&sql::add_details(&state.table));
    }
    setup
}

pub(super) async fn run_steps(
    client: &Client,
    held: &Held<'_>,
    state: &State,
    steps: &[Step<'_>],
    options: &Options,
    on_event: &mut OnEvent<'_>,
) -> Result<Vec<i64>, Error> {
    // Every script is looked at before the first one runs: what can't be sent refuses the whole plan.
    for step in steps {
        step.statements()?;
    }
    on_event(&Event::Planned { total: steps.len() });
    let frame = frame(held, state, options);
    let mut setup = setup(state, options);
    let mut done = Vec::with_capacity(steps.len());
    let mut rest = steps;
    while let Some(first) = rest.first() {
        let before = if options.record_locks { Some(Before::read(client).await?) } else { None };
        let mut locks = None;
        let (count, result) = if let (Some(fill), Direction::Up) = (&first.migration.backfill, first.direction) {
            let setup = std::mem::take(&mut setup);
            let result = backfill::run(client, &frame, setup, state, *first, fill, on_event).await;
            (usize::from(result.is_ok()), result)
        } else if let (true, Some(before)) = (first.migration.transaction, &before) {
            let setup = std::mem::take(&mut setup);
            let result = recorded::run(client, &frame, &setup, *first, before, on_event).await;
            (usize::from(result.is_ok()), result.map(|taken| locks = Some(taken)))
        } else if first.migration.transaction {
            let count = rest.iter().take_while(|step| step.migration.transaction).count();
            let (batch, _) = rest.split_at(count);
            apply::run(client, &frame, std::mem::take(&mut setup), batch, on_event).await
        } else {
            let setup = std::mem::take(&mut setup);
            let result = run_outside(client, &frame, setup, state, *first, on_event).await;
            (usize::from(result.is_ok()), result)
        };
        done.extend(rest.iter().take(count).map(|step| step.migration.version));
        if let Err(error) = result {
            log_failure(client, &frame, &error).await;
            return Err(error);
        }
        if let Some(before) = before {
            let taken = before.taken(client, *first, locks).await?;
            on_event(&Event::Taken { taken: &taken });
        }
        rest = rest.split_at(count).1;
    }
    Ok(done)
}

/// Runs a step outside a transaction, and again from the statement that was blocked.
async fn run_outside(
    client: &Client,
    frame: &Frame<'_>,
    setup: String,
    state: &State,
    step: Step<'_>,
    on_event: &mut OnEvent<'_>,
) -> Result<(), Error> {
    let mut attempts = Attempts::default();
    let mut result = outside::run(client, frame, setup, state, step, on_event).await;
    while let Err(error) = result {
        if outside::may_have_committed(step, &error) {
            return Err(error);
        }
        attempts.again(client, frame.options, step, error, on_event).await?;
        // The records of what is done by now.
        let state = read_state(client, frame.options.history.as_deref()).await?;
        result = outside::run(client, frame, String::new(), &state, step, on_event).await;
    }
    result
}

/// Writes a failed migration into the log, once its transaction is gone. The error itself matters more than its record:
/// where the record can't be written, it is left out.
async fn log_failure(client: &Client, frame: &Frame<'_>, error: &Error) {
    let Error::Script(script) = error else { return };
    let action = match script.direction {
        Direction::Up => "upgrade",
        Direction::Down => "downgrade",
    };
    let message = format!("{} (SQLSTATE {}) at {}", script.message, script.code, script.position);
    let of = (script.version.to_string(), literal(&script.name));
    let insert = frame.log(action, (&of.0, &of.1), "pg_catalog.now()", Some(&message));
    let sql = format!("ROLLBACK;\n{}{insert}", frame.identity(""));
    drop(client.simple_query(&sql).await);
}
