//! Reading what an environment's gates look at: git, the required environment's database, the report of a rehearsal.

use std::path::{Path, PathBuf};

use migrate_build::embedded::Migration;
use migrate_build::runtime::{State, read_state};
use time::OffsetDateTime;

use super::connect::connect;
use super::database::Database;
use crate::config::layers::{self, TargetArgs};
use crate::config::raw::RawEnvironment;
use crate::context::Context;
use crate::environments::evidence::{Evidence, Proof};
use crate::environments::facts::{Checkout, Facts, OnBranch, Planned};
use crate::environments::gates::{Refused, refusals};
use crate::environments::report::{Lineage, PromotionReport};
use crate::error::CommandError;
use crate::git::{GitError, Repository, Standing};
use crate::ui::Ui;

/// The rules that the database's environment has, where it has gates.
///
/// # Errors
/// The settings are wrong.
pub fn rules<'c>(
    database: &Database<'c>,
    context: &'c Context,
) -> Result<Option<(&'c str, &'c RawEnvironment)>, CommandError> {
    let Some(name) = database.target.environment.as_deref() else { return Ok(None) };
    let rules = context.settings()?.environments.get(name).filter(|rules| rules.is_gated());
    Ok(rules.map(|rules| (name, rules)))
}

/// Asks all gates of the environment `name` whether it may have the migrations `plan`.
///
/// # Errors
/// The report can't be read, or what is configured is wrong. What can't be found out about is a refusal.
pub async fn ask(
    ui: &mut Ui,
    context: &Context,
    database: &Database<'_>,
    (name, rules): (&str, &RawEnvironment),
    plan: &[i64],
    report: Option<&Path>,
) -> Result<Vec<Refused>, CommandError> {
    let migrations: Vec<&Migration<'_>> = plan.iter().filter_map(|&version| database.set.get(version)).collect();
    if migrations.is_empty() {
        return Ok(Vec::new());
    }
    let folder = &database.history.folder;
    let repository = Repository::around(&folder.root).await;
    let proof = match rules.required() {
        Some(required) => Some(proof(ui, context, required, &migrations, report, &repository).await?),
        None => None,
    };
    let planned = migrations.iter().map(|migration| {
        let file = folder.find(migration.version);
        let scripts = file.iter().flat_map(|file| std::iter::once(&file.up).chain(&file.down));
        Planned {
            migration,
            files: scripts.map(|path| slashes(path)).collect(),
            reviewed: file.is_none_or(|file| !file.header.unreviewed),
        }
    });
    let facts = Facts {
        name,
        rules,
        planned: planned.collect(),
        proof,
        checkout: checkout(&repository, rules.branch.as_deref()).await,
        folder: context.shown(&folder.root).to_string(),
        now: OffsetDateTime::now_utc(),
    };
    Ok(refusals(&facts))
}

fn slashes(path: &Path) -> String {
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn no_repository() -> String {
    "the migrations are in no git repository".to_owned()
}

fn told(error: &GitError) -> String {
    error.to_string()
}

async fn checkout(repository: &Result<Option<Repository>, GitError>, branch: Option<&str>) -> Checkout {
    let repository = match repository {
        Ok(Some(repository)) => repository,
        Ok(None) => return Checkout::Unknown(no_repository()),
        Err(error) => return Checkout::Unknown(told(error)),
    };
    let uncommitted = match repository.uncommitted().await {
        Ok(uncommitted) => uncommitted,
        Err(error) => return Checkout::Unknown(told(&error)),
    };
    let branch = match branch {
        None => None,
        Some(name) => Some(match repository.standing(name).await {
            Ok(Standing::On) => OnBranch::Yes,
            Ok(Standing::NoBranch) => OnBranch::Missing,
            Ok(Standing::Off(at)) => OnBranch::No(at),
            Err(error) => return Checkout::Unknown(told(&error)),
        }),
    };
    Checkout::Known { uncommitted, branch }
}

/// The required environment's database counts; a report does where the database can't be reached.
async fn proof(
    ui: &mut Ui,
    context: &Context,
    required: &str,
    migrations: &[&Migration<'_>],
    report: Option<&Path>,
    repository: &Result<Option<Repository>, GitError>,
) -> Result<Proof, CommandError> {
    let error = match required_state(ui, context, required).await {
        Ok(Ok(state)) => {
            if let Some(report) = report {
                ui.note(format_args!(
                    "`{}` is not looked at: the database of environment `{required}` can be, and counts",
                    report.display()
                ));
            }
            return Ok(Proof::Evidence(Evidence::of_database(&state, migrations)));
        }
        // It is there, and something is wrong with it: a report doesn't make that right.
        Ok(Err(error)) => {
            return Ok(Proof::None { notes: vec![told_with_causes(&error)], helps: error.helps });
        }
        Err(error) => error,
    };
    let mut notes = vec![told_with_causes(&error)];
    let Some(file) = report else {
        let mut helps = error.helps;
        helps.push(
            "or give the report of a rehearsal: `--evidence FILE.json`, which `cargo xtask promote --report` wrote"
                .to_owned(),
        );
        return Ok(Proof::None { notes, helps });
    };
    ui.detail(format_args!("environment `{required}`: {error}; taking `{}` instead", file.display()));
    let shown = file.display().to_string();
    let text = fs_err::read_to_string(context.cwd().join(file))?;
    let flaws = match PromotionReport::read(&text) {
        Err(flaw) => vec![flaw],
        Ok(report) => {
            let lineage = lineage(&report, repository).await;
            let flaws = report.flaws(&context.package()?.name, required, &lineage, OffsetDateTime::now_utc());
            if flaws.is_empty() {
                return Ok(Proof::Evidence(Evidence::of_report(&report, &shown, migrations)));
            }
            flaws
        }
    };
    notes.extend(flaws.iter().map(|flaw| format!("report `{shown}` is no evidence: {flaw}")));
    let helps = vec!["rehearse what is to be applied: `cargo xtask promote --report FILE.json`".to_owned()];
    Ok(Proof::None { notes, helps })
}

fn told_with_causes(error: &CommandError) -> String {
    let mut text = error.to_string();
    for cause in error.causes() {
        text.push_str(": ");
        text.push_str(&cause);
    }
    text
}

async fn lineage(report: &PromotionReport, repository: &Result<Option<Repository>, GitError>) -> Lineage {
    let Some(commit) = &report.commit else { return Lineage::Elsewhere };
    match repository {
        Ok(Some(repository)) => match repository.builds_on(commit).await {
            Ok(true) => Lineage::Here,
            Ok(false) => Lineage::Elsewhere,
            Err(error) => Lineage::Unknown(told(&error)),
        },
        Ok(None) => Lineage::Unknown(no_repository()),
        Err(error) => Lineage::Unknown(told(error)),
    }
}

/// Reads the history of another environment's database, on a connection that can't write. The outer error says that it can't be
/// reached, the inner one that it can't be read.
async fn required_state(
    ui: &mut Ui,
    context: &Context,
    required: &str,
) -> Result<Result<State, CommandError>, CommandError> {
    let settings = context.settings()?;
    let args = TargetArgs { env: Some(required), database_url: None };
    let target = layers::target(settings, context.package()?, context.variables(), args)?;
    ui.detail(format_args!("connecting to {} ({}) for what it has applied", target.url, target.origin));
    let home: Option<PathBuf> = context.variables().home();
    let connection = connect(&target.url, home.as_deref()).await?;
    let read = async {
        let only = connection.client.batch_execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY").await;
        only.map_err(CommandError::database)?;
        Ok::<_, CommandError>(read_state(&connection.client, settings.shared.history.as_deref()).await?)
    };
    let state = read.await;
    connection.close().await;
    Ok(state)
}
