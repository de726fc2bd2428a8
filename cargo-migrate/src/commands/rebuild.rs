//! `rebuild`: drops a database and builds it again from the migrations.

use std::collections::BTreeSet;

use clap::Args;
use migrate_build::check::check;
use migrate_build::runtime::{Resume, UpTarget};
use serde_json::json;

use crate::confirmation;
use crate::context::Context;
use crate::engine::act::{Action, act};
use crate::engine::database::{Database, Heads};
use crate::engine::rebuild::{Found, Rebuild};
use crate::engine::seed;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::findings;
use crate::history::History;
use crate::plan_view;
use crate::seeds;
use crate::ui::Ui;

/// Drop the database and build it again: migrations and seeds
#[derive(Args, Debug)]
pub struct RebuildArgs {
    /// Name of the environment, or of the database where none is meant: instead of the question
    #[arg(long, value_name = "NAME")]
    confirm: Option<String>,
    /// End the sessions of others that use the database
    #[arg(long)]
    force: bool,
    /// Don't load the seeds
    #[arg(long)]
    no_seeds: bool,
    /// Only show what would be done
    #[arg(long)]
    dry_run: bool,
}

/// Rebuilds, or shows what it would do.
///
/// # Errors
/// The environment is protected, the migrations have flaws, others use the database, it was not agreed to; or the server refuses,
/// or a script fails.
pub async fn run(ui: &mut Ui, context: &Context, args: RebuildArgs) -> Result<ExitCode, CommandError> {
    let RebuildArgs { confirm, force, no_seeds, dry_run } = args;
    let target = context.target()?;
    if let (true, Some(environment)) = (target.protected, &target.environment) {
        return Err(CommandError::refused(format!("environment `{environment}` is protected, and is not rebuilt"))
            .help(format!(
                "`cargo migrate repair --env {environment}` shows how it is brought together with the files"
            )));
    }
    // What the new database will be made of is looked at while the old one is there.
    let settings = context.settings()?;
    let history = History::load(context)?;
    let found = check(&history.folder, &settings.shared)?;
    if findings::refusing(&found) > 0 {
        findings::print(ui, &context.package()?.root, &history.folder, &found);
        let error = CommandError::refused("the migrations have errors, so nothing can be built of them");
        return Err(CommandError { findings: found.into(), ..error }.note("nothing was changed"));
    }
    let folder = context.folder()?;
    let seeds = if no_seeds { Vec::new() } else { seeds::read(&folder, &settings.directory)? };
    let home = context.variables().home();
    let rebuild = Rebuild::look(&target.url, home.as_deref()).await?;
    let name = rebuild.name().to_owned();
    if rebuild.found == Found::Nothing {
        rebuild.close().await;
        return Err(CommandError::database(format!("there is no database `{name}`"))
            .help(format!("create it: `createdb {name}`, then `cargo migrate upgrade`")));
    }
    let others: Vec<String> = rebuild.sessions.iter().map(ToString::to_string).collect();
    describe(ui, &rebuild, &others, force);
    let versions: Vec<i64> = history.graph.versions().collect();
    let files: Vec<&str> = seeds.iter().map(|seed| seed.file.as_str()).collect();
    if dry_run {
        let (migrations, seeds) = (counted(versions.len(), "migration"), counted(seeds.len(), "seed"));
        ui.info(format_args!("would apply {migrations} and load {seeds}; nothing was changed"));
        if ui.is_json() {
            ui.json(json!({
                "database": name, "dry_run": true, "sessions": others, "applied": plan_view::list(&history, &versions),
                "seeds": files,
            }));
        }
        rebuild.close().await;
        return Ok(ExitCode::Done);
    }
    if !others.is_empty() && !force {
        rebuild.close().await;
        let error = CommandError::refused(format!("database `{name}` is in use: {}", others.join(", ")));
        return Err(error.note("nothing was changed").help("end these sessions, or add `--force`, which ends them"));
    }
    let (what, wanted) = match &target.environment {
        Some(environment) => ("environment", environment.as_str()),
        None => ("database", name.as_str()),
    };
    confirmation::named(ui, confirm.as_deref(), what, wanted)?;
    rebuild.anew(force).await?;
    ui.status("Created", format_args!("database {name} anew"));
    let mut database = Database::open(ui, context).await?;
    database.refuse_flaws(ui, context, &BTreeSet::new(), Heads::One)?;
    let options = database.options(context, Resume::Refuse)?;
    let report = act(ui, &mut database, Action::Upgrade(UpTarget::Head), &options).await?;
    for seed in &seeds {
        let statements = seed::load(&database.connection.client, &seed.file, &seed.text).await?;
        ui.status("Loaded", format_args!("{} ({})", seed.file, counted(statements, "statement")));
    }
    let (applied, loaded) = (report.applied.len(), counted(seeds.len(), "seed"));
    ui.status("Finished", format_args!("database {name} is rebuilt ({applied} applied, {loaded})"));
    if ui.is_json() {
        ui.json(json!({
            "database": name, "dry_run": false, "sessions": others,
            "applied": plan_view::list(&history, &report.applied), "seeds": files,
        }));
    }
    database.connection.close().await;
    Ok(ExitCode::Done)
}

/// `1 seed`, `2 seeds`.
fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

fn describe(ui: &mut Ui, rebuild: &Rebuild, others: &[String], force: bool) {
    let name = rebuild.name();
    match &rebuild.found {
        Found::Whole(shape) => {
            ui.info(format_args!(
                "database {name} and all that is in it will be dropped; the new one keeps owner {}, encoding {}, locale {}, \
                 tablespace {}",
                shape.owner, shape.encoding, shape.collate, shape.tablespace
            ));
        }
        _ => {
            ui.note(format_args!("a rebuild of {name} was interrupted after the old database was dropped: it goes on"));
        }
    }
    if force {
        for session in others {
            ui.note(format_args!("{session} will be ended"));
        }
    }
}
