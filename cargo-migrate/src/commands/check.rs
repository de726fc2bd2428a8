//! `check`: everything that the compiler would find, what git has otherwise, and with `--database` whether the database is
//! at the head.

use std::collections::BTreeSet;
use std::path::Path;

use clap::Args;
use migrate_build::check;
use migrate_build::diagnostic::Diagnostic;
use migrate_build::migration::dir::{Folder, VERSIONS};
use migrate_build::runtime::Refusal;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::committed::{self, Entry, Seen, Words};
use crate::config::environment::DEVELOPMENT;
use crate::context::Context;
use crate::engine::database::Database;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::findings;
use crate::git::{Reference, ReferenceError, Repository};
use crate::history::History;
use crate::plan_view;
use crate::repair::diagnosis::{self, Diagnosis};
use crate::sealing::origin;
use crate::ui::{Ui, style};

/// Check the migrations, and with `--database` that nothing is pending or differs
#[derive(Args, Debug)]
pub struct CheckArgs {
    /// Also compare with the database: exit code 4 where migrations are pending, 1 where it doesn't fit the files
    #[arg(long)]
    database: bool,
    /// Compare with what this commit or branch has, and refuse where both don't go together; without REF, and where the
    /// option isn't given, with the branch that this one comes from
    #[arg(long, value_name = "REF", num_args = 0..=1, conflicts_with = "at")]
    against: Option<Option<String>>,
    /// Check the migrations as a commit or a tree of git's has them, such as what is staged: `--at $(git write-tree)`
    #[arg(long, value_name = "COMMIT", conflicts_with = "database")]
    at: Option<String>,
}

/// Prints all findings.
///
/// # Errors
/// The migrations or the database can't be read.
pub fn run(ui: &mut Ui, context: &Context, args: CheckArgs) -> Result<ExitCode, CommandError> {
    let CheckArgs { database, against, at } = args;
    let (history, _extracted) = match &at {
        None => (History::load(context)?, None),
        Some(at) => super::block_on(extracted(context, at))?,
    };
    let mut found = check::check(&history.folder, &context.settings()?.shared)?;
    complete(context, &history, &mut found)?;
    let compared = if database { Some(super::block_on(compare(ui, context))?) } else { None };
    let seen = compared.as_ref().map(|compared| compared.seen.as_slice()).unwrap_or_default();
    let gathered = match at {
        Some(_) => None,
        None => super::block_on(with_git(ui, context, &history, against.as_ref(), seen))?,
    };
    let reference = gathered.map(|(reference, findings, answered)| {
        committed::join(&mut found, findings, &answered);
        reference
    });
    findings::print(ui, &context.package()?.root, &history.folder, &found);
    let refused = findings::refusing(&found) > 0;
    if history.folder.migrations.is_empty() && !refused {
        // The compiler has nothing to embed then, and says the same.
        return Err(migrate_build::Error::NoMigrations { path: context.settings()?.directory.join(VERSIONS) }.into());
    }
    let count = history.folder.migrations.len();
    let checked = if count == 1 { "1 migration".to_owned() } else { format!("{count} migrations") };
    match findings::summary(&found) {
        None => ui.status("Checked", format_args!("{checked}: nothing is wrong")),
        Some(summary) => ui.info(format_args!("{0}{checked}: {summary}{0:#}", style::STRONG)),
    }
    if against.is_some()
        && let Some(Reference { name, commit, .. }) = &reference
    {
        ui.status("Compared", format_args!("with `{name}` ({})", commit.get(..7).unwrap_or(commit)));
    }
    let mut code = if refused { ExitCode::Refused } else { ExitCode::Done };
    if let Some(compared) = &compared {
        if let Some(diagnosis) = &compared.differs {
            ui.failure(&CommandError::from(diagnosis.clone()));
            code = ExitCode::Refused;
        } else if !compared.pending.is_empty() {
            let (name, pending) = (&compared.name, compared.pending.len());
            ui.info(format_args!("{0}database {name} is behind{0:#}: {pending} pending", style::TODO));
            ui.help("apply what is pending: `cargo migrate upgrade`");
            if !refused {
                code = ExitCode::Pending;
            }
        } else {
            ui.status("Checked", format_args!("database {}: it is at the head", compared.name));
        }
    }
    if ui.is_json() {
        let compared = compared.map(|Compared { name, pending, differs, .. }| {
            json!({
                "name": name, "pending": plan_view::list(&history, &pending), "differs": differs.map(|diagnosis| diagnosis.message),
            })
        });
        let found: Vec<Value> = found.iter().map(findings::to_json).collect();
        let reference = reference
            .map(|Reference { name, commit, base, .. }| json!({ "name": name, "commit": commit, "base": base }));
        ui.json(json!({ "migrations": count, "findings": found, "database": compared, "against": reference }));
    }
    Ok(code)
}

/// Lets git say where to take from what was sealed.
fn complete(context: &Context, history: &History, found: &mut [Diagnostic]) -> Result<(), CommandError> {
    let root = context.folder()?;
    let folder = Folder { root: root.clone(), ..history.folder.clone() };
    origin::complete(found, &folder, &|path| context.shown(&root.join(path)).to_string());
    Ok(())
}

/// The migrations as git has them, in a temporary folder that is there as long as what is returned.
async fn extracted(context: &Context, at: &str) -> Result<(History, Option<TempDir>), CommandError> {
    let (root, shown) = (context.folder()?, &context.settings()?.directory);
    let repository = Repository::around(&root).await.map_err(CommandError::refused)?;
    let Some(repository) = repository else {
        return Err(CommandError::refused(format!("`{}` is in no git repository", root.display())));
    };
    let folder = tempfile::Builder::new().prefix("cargo-migrate-check-").tempdir()?;
    if !repository.extract(at, folder.path()).await.map_err(CommandError::refused)? {
        let message = format!("`{}` is no commit that has a folder `{}`", at.escape_debug(), shown.display());
        return Err(CommandError::usage(message).help("name a branch, a tag, a commit or a tree: `--at HEAD`"));
    }
    Ok((History::read(folder.path(), shown)?, Some(folder)))
}

/// What a database looks like from the files.
struct Compared {
    name: String,
    pending: Vec<i64>,
    /// How it doesn't fit them, and what cures that.
    differs: Option<Diagnosis>,
    /// What it has applied, where it isn't one's own.
    seen: Vec<Seen>,
}

/// Compares with git. What was not asked for is left out where there is nothing to compare with.
async fn with_git(
    ui: &mut Ui,
    context: &Context,
    history: &History,
    against: Option<&Option<String>>,
    seen: &[Seen],
) -> Result<Option<(Reference, Vec<Diagnostic>, BTreeSet<String>)>, CommandError> {
    let folder = &history.folder;
    let looked = async {
        let Some(repository) = Repository::around(&folder.root).await? else { return Ok(None) };
        let name = against.and_then(Option::as_deref);
        Ok::<_, ReferenceError>(Some((committed::gather(&repository, folder, name).await?, repository)))
    };
    let (gathered, repository) = match (looked.await, against) {
        (Ok(Some(looked)), _) => looked,
        (Ok(None), None) => {
            ui.detail("not compared with git: the migrations are in no repository");
            return Ok(None);
        }
        (Ok(None), Some(_)) => return Err(no_repository(context, &folder.root)),
        (Err(error), None) => {
            ui.note(format_args!("not compared with git: {}", one_line(&error)));
            if let Some(help) = error.help() {
                ui.help(help);
            }
            return Ok(None);
        }
        (Err(error), Some(_)) => return Err(error.into()),
    };
    let ours = &gathered.comparison.ours;
    let mut seen: Vec<Seen> =
        seen.iter().filter(|seen| ours.iter().any(|entry| entry.version == seen.version)).cloned().collect();
    let sealed = |entry: &&Entry| folder.lock.find(entry.version).is_some_and(|seal| seal.stem == entry.stem());
    seen.extend(
        ours.iter().filter(sealed).map(|entry| Seen { version: entry.version, what: "it is sealed".to_owned() }),
    );
    if gathered.comparison.is_split() {
        seen.extend(committed::on_branches(&repository, &context.settings()?.environments, ours).await?);
    }
    let path = |path: &Path| context.shown(&folder.root.join(path)).to_string();
    let words = Words { path: &path, named: against.is_some() };
    let found = committed::findings(&gathered, folder, &seen, &words);
    let answered = committed::answered(&gathered, &folder.lock);
    Ok(Some((gathered.reference, found, answered)))
}

/// The migrations are in no repository, and a command needs one.
pub(super) fn no_repository(context: &Context, folder: &Path) -> CommandError {
    CommandError::refused(format!("`{}` is in no git repository", context.shown(folder)))
        .help("make one: `git init && git add --all && git commit -m \"Start\"`")
}

/// An error with its causes.
fn one_line(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        if !text.ends_with(&error.to_string()) {
            text.push_str(&format!(": {error}"));
        }
        cause = error.source();
    }
    text
}

async fn compare(ui: &mut Ui, context: &Context) -> Result<Compared, CommandError> {
    let database = Database::open(ui, context).await?;
    let interrupted = database.state.interrupted.first();
    let of_refusal = |message: String, help: Option<String>| Diagnosis {
        message,
        helps: help.into_iter().collect(),
        ..Diagnosis::default()
    };
    let differs = match (diagnosis::examine(&database, context).await?, database.comparison.refuse(), interrupted) {
        (Some(diagnosis), ..) => Some(diagnosis),
        (None, Err(error), _) => Some(of_refusal(error.to_string(), error.help())),
        (None, Ok(()), Some(interrupted)) => {
            Some(of_refusal(interrupted.to_string(), Refusal::Interrupted(interrupted.clone()).help()))
        }
        (None, Ok(()), None) => None,
    };
    let (name, pending) = (database.state.database.clone(), database.comparison.pending.clone());
    let environment = database.target.environment.as_deref().filter(|name| *name != DEVELOPMENT);
    let seen = environment.map_or_else(Vec::new, |environment| {
        let applied = database.comparison.applied.iter();
        applied.map(|&version| Seen { version, what: format!("environment `{environment}` has applied it") }).collect()
    });
    database.connection.close().await;
    Ok(Compared { name, pending, differs, seen })
}
