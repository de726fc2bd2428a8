//! `check`: everything that the compiler would find, and with `--database` whether the database is at the head.

use clap::Args;
use migrate_build::check;
use migrate_build::migration::dir::VERSIONS;
use migrate_build::runtime::Refusal;
use serde_json::{Value, json};

use crate::context::Context;
use crate::engine::database::Database;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::findings;
use crate::history::History;
use crate::plan_view;
use crate::repair::diagnosis::{self, Diagnosis};
use crate::ui::{Ui, style};

/// Check the migrations, and with `--database` that nothing is pending or differs
#[derive(Args, Debug)]
pub struct CheckArgs {
    /// Also compare with the database: exit code 4 where migrations are pending, 1 where it doesn't fit the files
    #[arg(long)]
    database: bool,
}

/// Prints all findings.
///
/// # Errors
/// The migrations or the database can't be read.
pub fn run(ui: &mut Ui, context: &Context, args: CheckArgs) -> Result<ExitCode, CommandError> {
    let CheckArgs { database } = args;
    let history = History::load(context)?;
    let found = check::check(&history.folder, &context.settings()?.shared, None)?;
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
        let compared = compared.map(|Compared { name, pending, differs }| {
            json!({
                "name": name, "pending": plan_view::list(&history, &pending), "differs": differs.map(|diagnosis| diagnosis.message),
            })
        });
        let found: Vec<Value> = found.iter().map(findings::to_json).collect();
        ui.json(json!({ "migrations": count, "findings": found, "database": compared }));
    }
    Ok(code)
}

/// What a database looks like from the files.
struct Compared {
    name: String,
    pending: Vec<i64>,
    /// How it doesn't fit them, and what cures that.
    differs: Option<Diagnosis>,
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
    database.connection.close().await;
    Ok(Compared { name, pending, differs })
}
