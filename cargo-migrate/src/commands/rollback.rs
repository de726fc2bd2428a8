//! `rollback`: reverts the last migration of a database, and finds the commit whose code goes with what is left.

use std::collections::BTreeSet;

use clap::Args;
use migrate_build::runtime::{DownTarget, plan_downgrade};
use serde_json::{Value, json};

use super::check::no_repository;
use super::upgrade::Interrupted;
use crate::config::environments;
use crate::confirmation;
use crate::context::Context;
use crate::engine::act::{Action, act};
use crate::engine::database::{Database, Heads};
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::git::{Branch, Past, Repository, Without};
use crate::plan_view;
use crate::repair::diagnosis;
use crate::ui::{Ui, style};

/// Revert the last migration, and find the commit to go back to
///
/// Prints the commands that bring the code back, too: the branch to make, what to test, and what to push.
#[derive(Args, Debug)]
pub struct RollbackArgs {
    /// Also make this branch at the commit; the working tree stays as it is
    #[arg(long, value_name = "NAME")]
    branch: Option<String>,
    /// Only show what would be reverted, and the commit
    #[arg(long)]
    dry_run: bool,
    /// What to make of an interrupted statement of which the server can't tell whether it ran
    #[arg(long, value_enum, value_name = "WHAT")]
    interrupted: Option<Interrupted>,
    /// The environment's name, which a protected one needs
    #[arg(long, value_name = "NAME")]
    confirm: Option<String>,
}

/// Reverts, finds, and prints what is left to do.
///
/// # Errors
/// As `downgrade` of one step; or there is no repository, or the branch can't be made. All but the last are found before
/// anything is reverted.
pub async fn run(ui: &mut Ui, context: &Context, args: RollbackArgs) -> Result<ExitCode, CommandError> {
    let RollbackArgs { branch, dry_run, interrupted, confirm } = args;
    let mut database = Database::open(ui, context).await?;
    diagnosis::refuse(&database, context).await?;
    database.refuse_flaws(ui, context, &BTreeSet::new(), Heads::Chosen)?;
    let plan = plan_downgrade(&database.set, &database.comparison, DownTarget::Steps(1))?;
    let Some(&version) = plan.first() else {
        ui.info(format_args!("database {} has nothing to revert", database.state.database));
        if ui.is_json() {
            ui.json(json!({ "database": database.state.database, "reverted": [], "commit": null, "branch": null, "commands": [] }));
        }
        database.connection.close().await;
        return Ok(ExitCode::Done);
    };
    let folder = context.folder()?;
    let repository = Repository::around(&folder).await?.ok_or_else(|| {
        no_repository(context, &folder)
            .note("nothing was changed")
            .help("or revert the database alone: `cargo migrate downgrade`")
    })?;
    let tip = tip(&repository, context, &database).await?;
    let kept = database.comparison.applied.iter().copied().filter(|&applied| applied != version).collect();
    let past = repository.newest_without(&tip.commit, &Without { version, kept }).await?;
    if let Some(name) = &branch {
        refuse_branch(&repository, name, past.as_ref(), &tip).await?;
    }
    if !dry_run {
        confirmation::environment(ui, database.target, confirm.as_deref())?;
    }
    if dry_run {
        if !ui.is_json() {
            plan_view::plan(ui, &database.history, "revert", &plan);
        }
    } else {
        let options = database.options(context, Interrupted::resume(interrupted))?;
        // By its version: what was shown is what is reverted, whatever somebody else does meanwhile.
        act(ui, &mut database, Action::Downgrade(DownTarget::Version(version)), &options).await?;
        ui.status("Reverted", format_args!("{} in database {}", database.title(version), database.state.database));
        if let (Some(name), Some(past)) = (&branch, &past) {
            repository.make_branch(name, &past.commit).await.map_err(|error| {
                CommandError::from(error).note(format!("{} is reverted already", database.title(version)))
            })?;
            ui.status("Created", format_args!("branch `{name}` at {}", past.author.commit));
        }
    }
    let made = branch.is_some() && !dry_run;
    let name = branch.unwrap_or_else(|| format!("rollback-{version}"));
    let steps = past.as_ref().map(|past| steps(context, &database, past, &name, made)).transpose()?.unwrap_or_default();
    tell(ui, &database, &tip, version, past.as_ref());
    if ui.is_json() {
        let commit = past.as_ref().map(|Past { commit, author, on_branch, lacking }| {
            json!({
                "commit": commit, "author": author.name, "date": author.date, "subject": author.subject,
                "of": tip.name, "on_branch": on_branch, "lacking": plan_view::list(&database.history, &lacking.iter().copied().collect::<Vec<_>>()),
            })
        });
        let commands: Vec<Value> =
            steps.iter().map(|Step { why, command }| json!({ "command": command, "why": why })).collect();
        let listed = plan_view::list(&database.history, &plan);
        let mut fields = json!({
            "database": database.state.database, "commit": commit, "branch": made.then_some(&name), "commands": commands,
        });
        if let Value::Object(fields) = &mut fields {
            if dry_run {
                fields.insert("dry_run".to_owned(), Value::Bool(true));
            }
            fields.insert(if dry_run { "plan" } else { "reverted" }.to_owned(), Value::Array(listed));
        }
        ui.json(fields);
    } else {
        for Step { why, command } in &steps {
            ui.data(format_args!("{0}# {why}{0:#}", style::DIM));
            ui.data(command);
        }
    }
    database.connection.close().await;
    Ok(ExitCode::Done)
}

/// The branch whose states are gone back through: that which the environment follows, else what is checked out.
async fn tip(repository: &Repository, context: &Context, database: &Database<'_>) -> Result<Branch, CommandError> {
    let environments = &context.settings()?.environments;
    let environment = database.target.environment.as_deref();
    let configured = environment.and_then(|name| environments.get(name)).and_then(|named| named.branch.as_deref());
    let Some(name) = configured else {
        return match repository.commit("HEAD").await? {
            Some(commit) => Ok(Branch { name: "HEAD".to_owned(), commit }),
            None => {
                Err(CommandError::refused("the repository has no commit to go back to").note("nothing was changed"))
            }
        };
    };
    repository.branch(&[name]).await?.ok_or_else(|| {
        let environment = environment.unwrap_or_default();
        CommandError::refused(format!("there is no branch `{name}`, which environment `{environment}` follows"))
            .note("nothing was changed")
            .help(format!("fetch it: `git fetch origin {name}`"))
    })
}

/// Refuses a branch that can't be made, before anything is reverted.
async fn refuse_branch(
    repository: &Repository,
    name: &str,
    past: Option<&Past>,
    tip: &Branch,
) -> Result<(), CommandError> {
    if !repository.is_branch_name(name).await? {
        return Err(CommandError::usage(format!("`{}` is no name for a branch", name.escape_debug()))
            .note("nothing was changed")
            .help("give it a name like `--branch rollback`"));
    }
    if repository.has_branch(name).await? {
        return Err(CommandError::refused(format!("there is a branch `{name}` already"))
            .note("nothing was changed")
            .help("give the new one another name"));
    }
    if past.is_none() {
        return Err(CommandError::refused(format!("every commit of `{}` has the migration", tip.name))
            .note("nothing was changed")
            .help("without `--branch` the database alone is reverted"));
    }
    Ok(())
}

/// A command that is left to do.
struct Step {
    why: String,
    command: String,
}

/// What brings the code back, in order.
fn steps(
    context: &Context,
    database: &Database<'_>,
    past: &Past,
    name: &str,
    made: bool,
) -> Result<Vec<Step>, CommandError> {
    let step = |why: &str, command: String| Step { why: why.to_owned(), command };
    let mut steps = vec![match made {
        true => step("the code as it was before", format!("git switch {name}")),
        false => step("the code as it was before", format!("git switch --create {name} {}", past.author.commit)),
    }];
    let configured = &context.settings()?.environments;
    let environment = database.target.environment.as_deref();
    let option = environment.map_or_else(String::new, |environment| format!(" --env {environment}"));
    steps.push(step("does it go with the database?", format!("cargo migrate status --exit-code{option}")));
    let push = |environment: &str| {
        let branch = configured.get(environment).and_then(|named| named.branch.as_deref());
        match branch {
            Some(branch) => format!("git push --force-with-lease origin {name}:{branch}"),
            None => format!("git push --set-upstream origin {name}"),
        }
    };
    let here = environment.unwrap_or("development");
    steps.push(step(&format!("deploy it to {here}, and test it there"), push(here)));
    for next in environments::behind(configured, here) {
        steps.push(step(
            &format!("then {next}, if it has the migration too"),
            format!("cargo migrate rollback --env {next}"),
        ));
        steps.push(step(&format!("deploy it to {next}"), push(next)));
    }
    Ok(steps)
}

fn tell(ui: &mut Ui, database: &Database<'_>, tip: &Branch, version: i64, past: Option<&Past>) {
    let title = database.title(version);
    let Some(past) = past else {
        ui.warning(format_args!("every commit of `{}` has {title}: there is no code to go back to", tip.name));
        return;
    };
    ui.info(format_args!("the newest commit of `{}` without {title}: {}", tip.name, past.author));
    if !past.on_branch {
        ui.note(format_args!(
            "it came into `{}` by a merge: no state of the branch itself has all that stays applied",
            tip.name
        ));
    }
    if !past.lacking.is_empty() {
        let titles: Vec<String> = past.lacking.iter().map(|&version| database.title(version)).collect();
        ui.warning(format_args!("it lacks what stays applied: {}", titles.join(", ")));
        ui.help("bring them into the branch: `git cherry-pick` the commits that added them");
    }
}
