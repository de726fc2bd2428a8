//! `downgrade`: reverts what is applied, one migration unless more is asked for.

use std::collections::BTreeSet;

use clap::Args;
use migrate_build::runtime::{DownTarget, plan_downgrade};
use serde_json::json;

use super::upgrade::Interrupted;
use crate::confirmation;
use crate::context::Context;
use crate::engine::act::{Action, act};
use crate::engine::database::{Database, Heads};
use crate::engine::give_way::GiveWayArgs;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::plan_view;
use crate::repair::diagnosis;
use crate::revision;
use crate::ui::Ui;

/// Revert applied migrations, one by default
#[derive(Args, Debug)]
pub struct DowngradeArgs {
    /// What shall stay: a version or name with all it builds on, or `base` for nothing; or `-N` for N migrations less
    #[arg(value_name = "TARGET", conflicts_with_all = ["to", "number"], allow_negative_numbers = true)]
    target: Option<String>,
    /// The same as an option
    #[arg(long, value_name = "TARGET", conflicts_with = "number", allow_negative_numbers = true)]
    to: Option<String>,
    /// How many migrations to revert
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    number: Option<u32>,
    /// Only show what would be reverted
    #[arg(long)]
    dry_run: bool,
    /// What to make of an interrupted statement of which the server can't tell whether it ran
    #[arg(long, value_enum, value_name = "WHAT")]
    interrupted: Option<Interrupted>,
    /// The environment's name, which a protected one asks for
    #[arg(long, value_name = "NAME")]
    confirm: Option<String>,
    #[command(flatten)]
    give_way: GiveWayArgs,
}

/// Reverts, or shows what it would revert.
///
/// # Errors
/// The database or the history is in no state for it, it is protected and more than one step was asked for, or a script
/// fails.
pub async fn run(ui: &mut Ui, context: &Context, args: DowngradeArgs) -> Result<ExitCode, CommandError> {
    let DowngradeArgs { target, to, number, dry_run, interrupted, give_way, confirm } = args;
    let mut database = Database::open(ui, context).await?;
    let mut target = match target.or(to) {
        None => DownTarget::Steps(number.map_or(1, |number| number as usize)),
        Some(text) => parse(&database, &text)?,
    };
    diagnosis::refuse(&database, context).await?;
    database.refuse_flaws(ui, context, &BTreeSet::new(), Heads::Chosen)?;
    let plan = plan_downgrade(&database.set, &database.comparison, target)?;
    refuse_far(&database, plan.len())?;
    if dry_run {
        plan_view::plan(ui, &database.history, "revert", &plan);
        database.connection.close().await;
        return Ok(ExitCode::Done);
    }
    if !plan.is_empty() || confirm.is_some() {
        confirmation::environment(ui, database.target, confirm.as_deref())?;
    }
    if let (true, [version]) = (database.target.protected, plan.as_slice()) {
        // This one, however many there may be above it by the time the lock is held.
        target = DownTarget::Version(*version);
    }
    let options = give_way.over(database.options(context, Interrupted::resume(interrupted))?);
    let report = act(ui, &mut database, Action::Downgrade(target), &options).await?;
    let name = &database.state.database;
    match report.reverted.len() {
        0 => ui.status("Finished", format_args!("database {name} has nothing to revert")),
        count => {
            let left: BTreeSet<i64> = database
                .comparison
                .applied
                .iter()
                .copied()
                .filter(|version| !report.reverted.contains(version))
                .collect();
            let at: Vec<String> =
                database.set.graph.heads_of(&left).into_iter().map(|version| database.title(version)).collect();
            let at = if at.is_empty() { "base".to_owned() } else { at.join(", ") };
            ui.status("Finished", format_args!("database {name} is at {at} ({count} reverted)"));
        }
    }
    if ui.is_json() {
        ui.json(json!({ "database": name, "reverted": plan_view::list(&database.history, &report.reverted) }));
    }
    database.connection.close().await;
    Ok(ExitCode::Done)
}

fn parse(database: &Database<'_>, text: &str) -> Result<DownTarget, CommandError> {
    if let Some(steps) = text.strip_prefix('-') {
        return match steps.parse() {
            Ok(steps) if steps > 0 => Ok(DownTarget::Steps(steps)),
            _ => Err(CommandError::usage(format!("`{}` is no number of migrations", text.escape_debug()))
                .help("write `-1` for the last one")),
        };
    }
    match text {
        "base" => Ok(DownTarget::To(None)),
        _ => Ok(DownTarget::To(Some(revision::resolve(&database.history.folder, &database.history.graph, text)?))),
    }
}

/// A protected environment goes down one step at a time.
fn refuse_far(database: &Database<'_>, steps: usize) -> Result<(), CommandError> {
    match &database.target.environment {
        Some(environment) if database.target.protected && steps > 1 => Err(CommandError::refused(format!(
            "environment `{environment}` is protected, and this downgrade takes {steps} steps at once"
        ))
        .note("nothing was changed")
        .help(format!("take one step at a time: `cargo migrate downgrade --env {environment}`"))),
        _ => Ok(()),
    }
}
