//! `switch`: brings a database to exactly the migrations of a branch, or of the working tree.

use std::collections::BTreeSet;

use clap::Args;
use migrate_build::runtime::{Refusal, Resume, Set, plan_revert};
use serde_json::{Value, json};

use crate::at_commit;
use crate::context::Context;
use crate::engine::database::{Database, Heads};
use crate::engine::repair::{self, Way};
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::git::{GitError, Repository};
use crate::repair::cure::{lost, together};
use crate::repair::evidence::Evidence;
use crate::repair::place::Place;
use crate::repair::switch::plan;
use crate::ui::{Ui, style, text};

/// Bring a development database to the migrations of another branch: revert what it lacks, apply what it has
#[derive(Args, Debug)]
pub struct SwitchArgs {
    /// A branch, tag or commit; without it the working tree, for after `git checkout`
    #[arg(value_name = "REF")]
    reference: Option<String>,
    /// Only show what would be reverted and applied
    #[arg(long)]
    dry_run: bool,
}

/// Switches, or shows what it would do.
///
/// # Errors
/// The environment is protected, there is no such branch, something on the way can't be reverted, or a script fails.
pub async fn run(ui: &mut Ui, context: &Context, args: SwitchArgs) -> Result<ExitCode, CommandError> {
    let SwitchArgs { reference, dry_run } = args;
    if let (true, Some(environment)) = (context.target()?.protected, &context.target()?.environment) {
        return Err(CommandError::refused(format!("environment `{environment}` is protected"))
            .note("a switch reverts migrations, as many as it takes")
            .help(format!("take one step at a time: `cargo migrate downgrade --env {environment}`")));
    }
    let mut database = Database::open(ui, context).await?;
    let there = match &reference {
        Some(reference) => Some(of_commit(ui, context, &database, reference).await?),
        None => None,
    };
    let to = there.as_ref().unwrap_or(&database.set);
    if !to.errors.is_empty() {
        let of = reference.as_deref().unwrap_or("the working tree");
        return Err(CommandError::refused(format!("the history of `{of}` is broken"))
            .help("check it out and run `cargo migrate check`, which names file, line and cure"));
    }
    if let Some(interrupted) = database.state.interrupted.first() {
        return Err(migrate_build::runtime::Error::from(Refusal::Interrupted(interrupted.clone())).into());
    }
    let evidence = Evidence::gather(&database).await?;
    let comparison = &database.comparison;
    let unknown: Vec<_> = comparison.orphans.iter().chain(&comparison.divergent).cloned().collect();
    let from = together(&database.set, &unknown, &evidence, &database.history.folder.shown);
    let way = plan(&from, &database.state, to);
    if let Some(row) =
        unknown.iter().find(|row| way.down.contains(&row.version) && !evidence.scripts.contains_key(&row.version))
    {
        let place = Place::new(database.target, context, &database.history.folder);
        let forget = place.command(&format!("repair --forget {} --reason TEXT", row.version));
        return Err(CommandError::refused(lost(row, &evidence))
            .note("nothing was changed")
            .help(format!("{forget} takes it out of the history and keeps what it did")));
    }
    if reference.is_none() {
        let versions: BTreeSet<i64> = way.up.iter().copied().collect();
        database.refuse_flaws(ui, context, &versions, Heads::Chosen)?;
    }
    let reverted = plan_revert(&from, &database.state, &way.down)?;
    let name = database.state.database.clone();
    if dry_run {
        show(ui, (&from, &reverted), (to, &way.up));
        database.connection.close().await;
        return Ok(ExitCode::Done);
    }
    let to = there.unwrap_or_else(|| Set::new(database.set.migrations.clone()));
    let done = if way.down.is_empty() && way.up.is_empty() {
        migrate_build::runtime::Report::default()
    } else {
        let options = database.options(context, Resume::Refuse)?;
        let planned = database.state.clone();
        let way = Way { from: &from, down: &way.down, to: &to, planned: &planned };
        repair::switch(ui, &mut database, &options, &way).await?
    };
    let to_what = reference.as_deref().unwrap_or("the working tree");
    let (down, up) = (done.reverted.len(), done.applied.len());
    ui.status("Finished", format_args!("database {name} is at {to_what} ({down} reverted, {up} applied)"));
    if ui.is_json() {
        ui.json(json!({
            "database": name, "reverted": listed(&from, &done.reverted), "applied": listed(&to, &done.applied),
        }));
    }
    database.connection.close().await;
    Ok(ExitCode::Done)
}

/// The migrations of a commit; says which of the working tree's are no part of any.
async fn of_commit(
    ui: &mut Ui,
    context: &Context,
    database: &Database<'_>,
    reference: &str,
) -> Result<Set<'static>, CommandError> {
    let failed = |error: GitError| CommandError::refused(error);
    let Some(repository) = Repository::around(&database.history.folder.root).await.map_err(failed)? else {
        return Err(CommandError::refused("the migrations are in no git repository")
            .help("`cargo migrate switch` without a name brings the database to the files as they are"));
    };
    let Some(commit) = repository.commit_or_branch(reference).await.map_err(failed)? else {
        return Err(CommandError::usage(format!("git knows no `{}`", reference.escape_debug()))
            .help("`git branch --all` lists the branches; `git fetch` brings those of others"));
    };
    for file in repository.uncommitted().await.map_err(failed)? {
        if file.starts_with(migrate_build::migration::dir::VERSIONS) {
            ui.note(format_args!("{} is no part of `{reference}`", text::printable(&file)));
        }
    }
    at_commit::migrations(&repository, &commit, context.settings()?).await
}

fn listed(set: &Set<'_>, versions: &[i64]) -> Vec<Value> {
    let name = |version| set.get(version).map(|migration| migration.name.as_ref());
    versions.iter().map(|&version| json!({ "version": version, "name": name(version) })).collect()
}

fn show(ui: &mut Ui, (from, down): (&Set<'_>, &[i64]), (to, up): (&Set<'_>, &[i64])) {
    if ui.is_json() {
        ui.json(json!({ "dry_run": true, "revert": listed(from, down), "apply": listed(to, up) }));
        return;
    }
    for (verb, set, versions) in [("revert", from, down), ("apply", to, up)] {
        for &version in versions {
            let name = set.get(version).map(|migration| migration.name.as_ref()).unwrap_or_default();
            ui.data(format_args!("{verb:<6}  {0}{version}{0:#}  {1}", style::VERSION, text::printable(name)));
        }
    }
    ui.info(format_args!("would revert {} and apply {}; nothing was changed", down.len(), up.len()));
}
