//! `lint`: whether migrations are safe on a database that is in use.

use std::collections::BTreeSet;

use clap::Args;
use migrate_build::diagnostic::{self, Diagnostic};
use migrate_build::migration::Migration;
use serde_json::{Value, json};

use crate::context::Context;
use crate::engine::database::Database;
use crate::engine::emptiness;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::file_changes;
use crate::findings;
use crate::git::Repository;
use crate::history::History;
use crate::lint::{self, Basis, Known, Linted, Picked};
use crate::ui::{Format, Ui, style};

/// Fixes that make room for others are applied in so many rounds.
const ROUNDS: usize = 8;

/// Find what would hold up or break a running application
#[derive(Args, Debug)]
pub struct LintArgs {
    /// Migrations to look at: versions or names; without any those that are not applied yet
    #[arg(value_name = "MIGRATION")]
    migrations: Vec<String>,
    /// Look at all migrations
    #[arg(long, conflicts_with = "migrations")]
    all: bool,
    /// Apply the fixes that are safe, to migrations that are neither applied nor sealed, and look again
    #[arg(long)]
    fix: bool,
}

/// Looks, and prints what it found.
///
/// # Errors
/// The migrations or the database can't be read, or a fix can't be written.
pub async fn run(ui: &mut Ui, context: &Context, args: LintArgs) -> Result<ExitCode, CommandError> {
    let LintArgs { migrations, all, fix } = args;
    let settings = context.settings()?;
    let mut history = History::load(context)?;
    let mut named = BTreeSet::new();
    for text in &migrations {
        named.insert(history.resolve(text)?);
    }
    let named = (!named.is_empty()).then_some(named);
    let (basis, known) = basis(ui, context, &history).await?;
    let picked = lint::pick(&history.folder, named, all, basis.as_ref());
    let mut linted = lint::lint(&history.folder, settings, &known, &picked.versions)?;
    let mut fixed = 0;
    if fix {
        let may_change = may_change(&picked)?;
        for _ in 0..ROUNDS {
            let round = lint::fix(&history.folder, &linted, &may_change)?;
            if round.changes.is_empty() {
                break;
            }
            file_changes::apply(&round.changes)?;
            fixed += round.count;
            history = History::load(context)?;
            linted = lint::lint(&history.folder, settings, &known, &picked.versions)?;
        }
    }
    let found = all_findings(&history, &picked, &linted);
    report(ui, context, &history, &picked, &found, fixed).await?;
    Ok(if findings::refusing(&found) > 0 { ExitCode::Refused } else { ExitCode::Done })
}

/// What is known to be applied, and of the servers: from the database that was named, or else from git.
async fn basis(ui: &mut Ui, context: &Context, history: &History) -> Result<(Option<Basis>, Known), CommandError> {
    let settings = context.settings()?;
    if !context.names_database()? {
        let branch = lint::branch_basis(&context.folder()?, settings).await?;
        let basis = branch.or_else(|| Basis::sealed(&history.folder));
        return Ok((basis, Known { postgres: settings.postgres, empty: BTreeSet::new() }));
    }
    let database = Database::open(ui, context).await?;
    let applied: BTreeSet<i64> = database.state.applied.iter().map(|row| row.version).collect();
    let everything: BTreeSet<i64> = history.folder.migrations.iter().map(|migration| migration.version).collect();
    let pending = everything.difference(&applied).copied().collect();
    let tables = lint::tables(&history.folder, &pending)?;
    let client = &database.connection.client;
    let empty = emptiness::empty_tables(client, &tables).await?;
    let version = emptiness::major_version(client).await?;
    let name = format!("database `{}`", database.state.database);
    database.connection.close().await;
    // Other servers may be older than this one.
    let postgres = match (settings.postgres, version) {
        (Some(configured), Some(found)) => Some(configured.min(found)),
        (configured, found) => configured.or(found),
    };
    Ok((Some(Basis { name, applied }), Known { postgres, empty }))
}

/// Whether a migration may still be changed. What is frozen from a Rust source is changed there.
fn may_change(picked: &Picked) -> Result<impl Fn(&Migration) -> bool, CommandError> {
    let Some(unapplied) = picked.unapplied.clone() else {
        return Err(CommandError::refused("nothing says which migrations are applied, so none is changed")
            .help("name a database: `cargo migrate lint --fix --env production`, or `--database-url URL`"));
    };
    Ok(move |migration: &Migration| unapplied.contains(&migration.version) && migration.header.rendered_from.is_none())
}

/// What was found in the scripts, and what was wrong with their headers before anything could be looked for.
fn all_findings(history: &History, picked: &Picked, linted: &[Linted]) -> Vec<Diagnostic> {
    let folder = &history.folder;
    let picked: Vec<_> = folder
        .migrations
        .iter()
        .filter(|migration| picked.versions.contains(&migration.version))
        .map(|migration| folder.shown(&migration.up))
        .collect();
    let headers = folder.findings.iter().filter(|finding| {
        finding.rule == "malformed-header" && finding.labels.first().is_some_and(|label| picked.contains(&label.path))
    });
    let mut all: Vec<Diagnostic> = headers.cloned().collect();
    all.extend(linted.iter().flat_map(|linted| &linted.findings).map(|found| found.diagnostic.clone()));
    diagnostic::sort(&mut all);
    all
}

async fn report(
    ui: &mut Ui,
    context: &Context,
    history: &History,
    picked: &Picked,
    found: &[Diagnostic],
    fixed: usize,
) -> Result<(), CommandError> {
    let root = &context.package()?.root;
    let format = ui.format();
    match format {
        Format::Human => findings::print(ui, root, &history.folder, found),
        Format::Json => {
            let findings: Vec<Value> = found.iter().map(findings::to_json).collect();
            ui.json(json!({
                "migrations": picked.versions, "why": picked.why, "findings": findings, "fixed": fixed,
            }));
        }
        Format::Github | Format::Sarif => {
            let repository = Repository::around(root).await.map_err(CommandError::refused)?;
            let prefix = match repository.as_ref().map(Repository::prefix) {
                Some("") | None => String::new(),
                Some(prefix) => format!("{prefix}/"),
            };
            let found: Vec<&Diagnostic> = found.iter().collect();
            if format == Format::Github {
                ui.raw(&lint::to_github(&found, &prefix));
            } else {
                ui.data(format_args!("{:#}", lint::to_sarif(&found, &prefix)));
            }
        }
    }
    let count = picked.versions.len();
    let looked = if count == 1 { "1 migration".to_owned() } else { format!("{count} migrations") };
    if fixed > 0 {
        ui.status("Fixed", format_args!("{fixed} {}", if fixed == 1 { "finding" } else { "findings" }));
    }
    match findings::summary(found) {
        None => ui.status("Linted", format_args!("{looked} ({}): nothing is wrong", picked.why)),
        Some(summary) => {
            ui.info(format_args!("{0}{looked} ({1}): {summary}{0:#}", style::STRONG, picked.why));
            ui.help("`cargo migrate explain RULE` says more of a rule, and how to allow what it finds");
        }
    }
    if count == 0 && !history.folder.migrations.is_empty() {
        ui.help("look at all of them: `cargo migrate lint --all`");
    }
    Ok(())
}
