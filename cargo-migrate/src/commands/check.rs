//! `check`: everything that the compiler would find, and with `--database` whether the database is at the head.

use clap::Args;
use migrate_build::check;
use migrate_build::diagnostic::Diagnostic;
use migrate_build::migration::dir::{Folder, VERSIONS};
use migrate_build::runtime::Refusal;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::context::Context;
use crate::engine::database::Database;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::findings;
use crate::git::Repository;
use crate::history::History;
use crate::plan_view;
use crate::sealing::origin;
use crate::ui::{Ui, style};

/// Check the migrations, and with `--database` that nothing is pending or differs
#[derive(Args, Debug)]
pub struct CheckArgs {
    /// Also compare with the database: exit code 4 where migrations are pending, 1 where it doesn't fit the files
    #[arg(long)]
    database: bool,
    /// Check the migrations as a commit or a tree of git's has them, such as what is staged: `--at $(git write-tree)`
    #[arg(long, value_name = "COMMIT", conflicts_with = "database")]
    at: Option<String>,
}

/// Prints all findings.
///
/// # Errors
/// The migrations or the database can't be read.
pub fn run(ui: &mut Ui, context: &Context, args: CheckArgs) -> Result<ExitCode, CommandError> {
    let CheckArgs { database, at } = args;
    let (history, _extracted) = match &at {
        None => (History::load(context)?, None),
        Some(at) => super::block_on(extracted(context, at))?,
    };
    let mut found = check::check(&history.folder, &context.settings()?.shared)?;
    complete(context, &history, &mut found)?;
    findings::print(ui, &context.package()?.root, &history.folder, &found);
    let refused = findings::refusing(&found) > 0;
    if history.folder.migrations.is_empty() && !refused {
        // The compiler has nothing to embed then, and says the same.
        return Err(migrate_build::Error::NoMigrations { path: context.settings()?.directory.join(VERSIONS) }.into());
    }
    let compared = if database { Some(super::block_on(compare(ui, context))?) } else { None };
    let count = history.folder.migrations.len();
    let checked = if count == 1 { "1 migration".to_owned() } else { format!("{count} migrations") };
    match findings::summary(&found) {
        None => ui.status("Checked", format_args!("{checked}: nothing is wrong")),
        Some(summary) => ui.info(format_args!("{0}{checked}: {summary}{0:#}", style::STRONG)),
    }
    let mut code = if refused { ExitCode::Refused } else { ExitCode::Done };
    if let Some(compared) = &compared {
        if let Some((error, help)) = &compared.differs {
            ui.failure(&CommandError::refused(error.clone()).maybe_help(help.clone()));
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
        let compared = compared.map(|Compared { name, pending, differs }| {
            json!({
                "name": name, "pending": plan_view::list(&history, &pending), "differs": differs.map(|(error, _)| error),
            })
        });
        let found: Vec<Value> = found.iter().map(findings::to_json).collect();
        ui.json(json!({ "migrations": count, "findings": found, "database": compared }));
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
    differs: Option<(String, Option<String>)>,
}

async fn compare(ui: &mut Ui, context: &Context) -> Result<Compared, CommandError> {
    let database = Database::open(ui, context).await?;
    let interrupted = database.state.interrupted.first();
    let differs = match (database.comparison.refuse(), interrupted) {
        (Err(error), _) => Some((error.to_string(), error.help())),
        (Ok(()), Some(interrupted)) => {
            Some((interrupted.to_string(), Refusal::Interrupted(interrupted.clone()).help()))
        }
        (Ok(()), None) => None,
    };
    let (name, pending) = (database.state.database.clone(), database.comparison.pending.clone());
    database.connection.close().await;
    Ok(Compared { name, pending, differs })
}
