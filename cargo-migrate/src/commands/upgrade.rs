//! `upgrade`: applies what is pending.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use migrate_build::runtime::{Options, Resume, UpTarget, plan_upgrade, without_backfills};
use serde_json::json;

use crate::context::Context;
use crate::engine::act::{Action, act};
use crate::engine::database::{Database, Heads};
use crate::engine::gates;
use crate::engine::give_way::GiveWayArgs;
use crate::environments::gates::Gate;
use crate::environments::verdict::{Overridden, Overrides, decide};
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::plan::Promised;
use crate::plan_view;
use crate::repair::diagnosis;
use crate::revision;
use crate::taken_view;
use crate::ui::Ui;
use crate::ui::text::printable;

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
    #[command(flatten)]
    gates: GateArgs,
    /// Leave backfills pending; refused where another migration builds on one
    #[arg(long)]
    skip_backfills: bool,
    /// Apply what this plan says, as `plan --output FILE` wrote it; refused where the database or the files moved since
    #[arg(long, value_name = "FILE", conflicts_with_all = ["target", "to", "skip_backfills"])]
    plan: Option<PathBuf>,
    #[command(flatten)]
    give_way: GiveWayArgs,
}

/// What there is to say to an environment's gates.
#[derive(Args, Debug)]
pub struct GateArgs {
    /// The JSON report of a rehearsal, for what the required environment accepts where its database can't be reached
    #[arg(long, value_name = "FILE")]
    evidence: Option<PathBuf>,
    /// Gates of the environment to pass nevertheless; the log keeps which and why
    #[arg(long = "override", value_enum, value_name = "GATES", value_delimiter = ',', requires = "reason")]
    overrides: Vec<Gate>,
    /// Why they are overridden
    #[arg(long, value_name = "TEXT", requires = "overrides", value_parser = reason)]
    reason: Option<String>,
}

fn reason(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() { Err("it is empty".to_owned()) } else { Ok(text.to_owned()) }
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
    let UpgradeArgs { target, to, dry_run, interrupted, gates, skip_backfills, plan: file, give_way } = args;
    let promised = file.as_deref().map(|file| read_plan(context, file)).transpose()?;
    let mut database = Database::open(ui, context).await?;
    let text = target.or(to).or_else(|| promised.as_ref().map(|plan| plan.target.clone()));
    let text = text.unwrap_or_else(|| "head".to_owned());
    let skip_backfills = skip_backfills || promised.as_ref().is_some_and(|plan| plan.skip_backfills);
    if let (Some(promised), Some(file)) = (&promised, &file) {
        refuse_moved(&database, promised, file)?;
    }
    let (target, heads) = parse(&database, &text)?;
    diagnosis::refuse(&database, context).await?;
    database.refuse_flaws(ui, context, &BTreeSet::new(), heads)?;
    let mut plan = plan_upgrade(&database.set, &database.comparison, target)?;
    if skip_backfills {
        plan = without_backfills(&database.set, plan)?;
    }
    if let (Some(promised), Some(file)) = (&promised, &file) {
        let migrations: Vec<_> = plan.iter().filter_map(|&version| database.set.get(version)).collect();
        refuse(promised.moved_files(&migrations), file)?;
    }
    database.refuse_flaws(ui, context, &plan.iter().copied().collect(), heads)?;
    let overridden = pass_gates(ui, context, &database, &plan, gates).await?;
    if dry_run {
        plan_view::plan(ui, &database.history, "apply", &plan);
        database.connection.close().await;
        return Ok(ExitCode::Done);
    }
    let options = give_way.over(database.options(context, Interrupted::resume(interrupted))?);
    // What is reverted meanwhile was looked at by no gate.
    let allowed = gates::rules(&database, context)?.map(|_| plan.iter().copied().collect());
    let exactly = promised.as_ref().map(Promised::versions);
    let options = Options {
        record_locks: ui.is_verbose(),
        skip_backfills,
        allowed,
        exactly,
        details: overridden.details,
        ..options
    };
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
        let mut fields = json!({ "database": name, "applied": plan_view::list(&database.history, &report.applied) });
        if let (true, Some(fields)) = (ui.is_verbose(), fields.as_object_mut()) {
            fields.insert("taken".to_owned(), report.taken.iter().map(taken_view::to_json).collect());
        }
        ui.json(fields);
    }
    database.connection.close().await;
    Ok(ExitCode::Done)
}

fn read_plan(context: &Context, file: &Path) -> Result<Promised, CommandError> {
    let text = fs_err::read_to_string(context.cwd().join(file))?;
    Promised::read(&text).map_err(|flaw| {
        CommandError::usage(format!("`{}` can't be used: {flaw}", file.display()))
            .help("make one: `cargo migrate plan --output FILE`")
    })
}

/// Says first what moved in the database: with other rows applied, the target may not even be pending.
fn refuse_moved(database: &Database<'_>, promised: &Promised, file: &Path) -> Result<(), CommandError> {
    let state = &database.state;
    refuse(promised.moved_database(&state.database, &state.table.to_string(), &state.applied), file)
}

fn refuse(moved: Vec<String>, file: &Path) -> Result<(), CommandError> {
    if moved.is_empty() {
        return Ok(());
    }
    let mut error = CommandError::refused(format!("the plan `{}` is out of date", file.display()))
        .help(format!("make it again and look at it: `cargo migrate plan --output {}`", file.display()));
    error.notes = moved;
    Err(error.note("nothing was changed"))
}

/// Asks the gates of the environment, where it has any.
async fn pass_gates(
    ui: &mut Ui,
    context: &Context,
    database: &Database<'_>,
    plan: &[i64],
    args: GateArgs,
) -> Result<Overridden, CommandError> {
    let GateArgs { evidence, overrides, reason } = args;
    let Some((name, rules)) = gates::rules(database, context)? else {
        let option = match (&evidence, overrides.is_empty()) {
            (Some(_), _) => "--evidence",
            (None, false) => "--override",
            (None, true) => return Ok(Overridden::default()),
        };
        return Err(CommandError::usage(format!("`{option}` is for an environment with gates, and none is meant"))
            .help("name one that has `requires`, `branch` or `protected`: `--env NAME`"));
    };
    let refused = gates::ask(ui, context, database, (name, rules), plan, evidence.as_deref()).await?;
    let overrides = Overrides { gates: overrides.into_iter().collect(), reason: reason.unwrap_or_default() };
    let overridden = decide(name, refused, &overrides)?;
    for refused in &overridden.refused {
        ui.warning(format_args!("gate `{}` is overridden: {}", refused.gate.name(), printable(&refused.message)));
    }
    for gate in &overridden.needless {
        ui.note(format_args!("gate `{}` did not have to be overridden", gate.name()));
    }
    Ok(overridden)
}

/// Where an upgrade shall end, by what somebody typed.
///
/// # Errors
/// It is no number, or no migration of the folder.
pub(super) fn parse(database: &Database<'_>, text: &str) -> Result<(UpTarget, Heads), CommandError> {
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
