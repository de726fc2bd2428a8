//! `upgrade`: applies what is pending.

use std::collections::BTreeSet;

use clap::{Args, ValueEnum};
use migrate_build::runtime::{Options, Resume, UpTarget, plan_upgrade, without_backfills};
use serde_json::json;

use crate::context::Context;
use crate::engine::act::{Action, act};
use crate::engine::database::{Database, Heads};
use crate::engine::give_way::GiveWayArgs;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::plan_view;
use crate::revision;
use crate::ui::Ui;

/// Apply pending migrations
#[derive(Args, Debug)]
pub struct UpgradeArgs {
    /// Where to end: a version or name, `+N` for N migrations, or `head`
    #[arg(value_name = "TARGET", conflicts_with = "to")]
    target: Option<String>,
    /// The same as an option
    #[arg(long, value_name = "TARGET")]
    to: Option<String>,
    /// Only show what would be applied
    #[arg(long)]
    dry_run: bool,
    /// What to make of an interrupted statement of which the server can't tell whether it ran
    #[arg(long, value_enum, value_name = "WHAT")]
    interrupted: Option<Interrupted>,
    /// Leave backfills pending; refused where another migration builds on one
    #[arg(long)]
    skip_backfills: bool,
    #[command(flatten)]
    give_way: GiveWayArgs,
}

/// What became of an interrupted statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Interrupted {
    /// It ran: go on after it
    Done,
    /// It did not run: run it
    Undone,
}

impl Interrupted {
    /// As the runtime has it.
    pub fn resume(chosen: Option<Self>) -> Resume {
        match chosen {
            None => Resume::Refuse,
            Some(Self::Done) => Resume::Done,
            Some(Self::Undone) => Resume::Undone,
        }
    }
}

/// Applies, or shows what it would apply.
///
/// # Errors
/// The database or the history is in no state for it, or a migration fails.
pub async fn run(ui: &mut Ui, context: &Context, args: UpgradeArgs) -> Result<ExitCode, CommandError> {
    let UpgradeArgs { target, to, dry_run, interrupted, skip_backfills, give_way } = args;
    let mut database = Database::open(ui, context).await?;
    let text = target.or(to).unwrap_or_else(|| "head".to_owned());
    let (target, heads) = parse(&database, &text)?;
    database.refuse_flaws(ui, context, &BTreeSet::new(), heads)?;
    let mut plan = plan_upgrade(&database.set, &database.comparison, target)?;
    if skip_backfills {
        plan = without_backfills(&database.set, plan)?;
    }
    database.refuse_flaws(ui, context, &plan.iter().copied().collect(), heads)?;
    if dry_run {
        plan_view::plan(ui, &database.history, "apply", &plan);
        database.connection.close().await;
        return Ok(ExitCode::Done);
    }
    let options = give_way.over(database.options(context, Interrupted::resume(interrupted))?);
    let options = Options { skip_backfills, ..options };
    let report = act(ui, &mut database, Action::Upgrade(target), &options).await?;
    let name = &database.state.database;
    match report.applied.last() {
        None => ui.status("Finished", format_args!("database {name} is up to date")),
        Some(&last) => ui.status(
            "Finished",
            format_args!("database {name} is at {} ({} applied)", database.title(last), report.applied.len()),
        ),
    }
    if ui.is_json() {
        ui.json(json!({ "database": name, "applied": plan_view::list(&database.history, &report.applied) }));
    }
    database.connection.close().await;
    Ok(ExitCode::Done)
}

fn parse(database: &Database<'_>, text: &str) -> Result<(UpTarget, Heads), CommandError> {
    if let Some(steps) = text.strip_prefix('+') {
        return match steps.parse() {
            Ok(steps) if steps > 0 => Ok((UpTarget::Steps(steps), Heads::One)),
            _ => Err(CommandError::usage(format!("`{}` is no number of migrations", text.escape_debug()))
                .help("write `+1` for the next one")),
        };
    }
    match text {
        "head" | "heads" => Ok((UpTarget::Head, Heads::One)),
        _ => {
            let version = revision::resolve(&database.history.folder, &database.history.graph, text)?;
            Ok((UpTarget::Version(version), Heads::Chosen))
        }
    }
}
