//! `new`: the files of a new migration.

use clap::Args;
use serde_json::json;
use time::OffsetDateTime;

use super::expand_contract::{self, Asked};
use crate::authoring::name::normalize;
use crate::authoring::script::{Kind, NewMigration};
use crate::authoring::version::{self, ahead};
use crate::config::raw::Versions;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::expand::{Change, Phase};
use crate::file_changes;
use crate::history::{History, newest};
use crate::ui::Ui;

/// Write the files of a new migration
#[derive(Args, Debug)]
pub struct NewArgs {
    /// What it does, for example `create_books` or "create books"; with `--expand-contract` what is changed
    name: String,
    /// Write a series of migrations that running code survives, by the database's schema
    #[arg(long, value_name = "CHANGE", conflicts_with_all = ["rust", "irreversible"])]
    expand_contract: Option<Change>,
    /// Write one part of the series: the other is made and deployed at another time
    #[arg(long, value_name = "PART", requires = "expand_contract")]
    phase: Option<Phase>,
    /// Column that the series' backfill follows, instead of the table's own key
    #[arg(long, value_name = "COLUMN", requires = "expand_contract")]
    key: Option<String>,
    /// Write it in Rust with barrel; `cargo migrate render` turns it into SQL
    #[arg(long)]
    rust: bool,
    /// Migration that it builds on, instead of the head; several make it a merge
    #[arg(long, value_name = "VERSION")]
    parent: Vec<String>,
    /// Why it can't be undone; it gets no down script
    #[arg(long, value_name = "REASON")]
    irreversible: Option<String>,
}

/// Writes the files and prints their paths.
///
/// # Errors
/// The name can't be used, it is not clear what the migration builds on, or a file can't be written.
pub async fn run(ui: &mut Ui, context: &Context, args: NewArgs) -> Result<ExitCode, CommandError> {
    let NewArgs { name, expand_contract: change, phase, key, rust, parent, irreversible } = args;
    if let Some(change) = change {
        return expand_contract::run(ui, context, Asked { change, text: name, phase, key, parent }).await;
    }
    let name =
        normalize(&name).map_err(|error| CommandError::usage(error).help("give it a name like `create_books`"))?;
    if irreversible.as_deref().is_some_and(|reason| reason.trim().is_empty()) {
        return Err(CommandError::usage("`--irreversible` gives no reason")
            .help("say why there is no way back, for example `--irreversible \"drops old orders\"`"));
    }
    let history = History::load(context)?;
    let parents = parents(&history, &parent)?;
    let kind = if rust { Kind::Rust } else { Kind::Sql };
    let migration = NewMigration { version: next_version(ui, context, &history)?, name, parents, irreversible, kind };
    write(ui, context, &history, &migration)?;
    if rust && !ui.is_json() {
        ui.help("after each change of the Rust source run `cargo migrate render`: it is the SQL that is applied");
    }
    Ok(ExitCode::Done)
}

/// What a new migration builds on: what is `named`, or else the head.
///
/// # Errors
/// There are several heads, or no such migrations.
pub(super) fn parents(history: &History, names: &[String]) -> Result<Vec<i64>, CommandError> {
    if names.is_empty() { head(history) } else { named(history, names) }
}

/// The only head, or nothing for a first migration.
///
/// # Errors
/// The history is broken, or has several heads.
pub(super) fn head(history: &History) -> Result<Vec<i64>, CommandError> {
    history.require_sound()?;
    let heads = history.graph.heads();
    if heads.len() > 1 {
        let titles: Vec<String> = heads.iter().map(|&head| format!("`{}`", history.title(head))).collect();
        let first = heads.first().copied().unwrap_or_default();
        return Err(CommandError::refused(format!("the history has {} heads: {}", heads.len(), titles.join(", ")))
            .help("join them first: `cargo migrate merge -m \"merge heads\"`")
            .help(format!("or say which one to build on: `--parent {first}`")));
    }
    Ok(heads)
}

fn named(history: &History, texts: &[String]) -> Result<Vec<i64>, CommandError> {
    let mut parents = Vec::new();
    for text in texts {
        parents.push(history.resolve(text)?);
    }
    parents.sort_unstable();
    parents.dedup();
    Ok(parents)
}

/// The version of a migration that is written behind `previous` in one go.
///
/// # Errors
/// There is none left.
pub(super) fn version_after(context: &Context, previous: i64) -> Result<i64, CommandError> {
    match context.settings()?.versions {
        Versions::Sequential => version::sequential(Some(previous)),
        Versions::Timestamp => version::timestamp(OffsetDateTime::now_utc(), Some(previous)),
    }
    .map_err(CommandError::refused)
}

/// The version of a migration that is written now.
///
/// # Errors
/// There is none left.
pub(super) fn next_version(ui: &mut Ui, context: &Context, history: &History) -> Result<i64, CommandError> {
    let newest = newest(&history.folder);
    let left = |error: version::NoVersionLeft| {
        CommandError::refused(error).help("give the newest migration a lower version, if it is applied nowhere")
    };
    match context.settings()?.versions {
        Versions::Sequential => version::sequential(newest).map_err(left),
        Versions::Timestamp => {
            let now = OffsetDateTime::now_utc();
            // A second or two is the last `new`; more is a clock.
            if let Some((newest, ahead)) = newest.and_then(|newest| Some((newest, ahead(newest, now)?)))
                && ahead.as_secs() > 60
            {
                ui.warning(format_args!(
                    "{} is dated {} s in the future, so the new one is too",
                    history.title(newest),
                    ahead.as_secs()
                ));
                ui.note("the clock was wrong here or where that one was written");
            }
            version::timestamp(now, newest).map_err(left)
        }
    }
}

/// Writes the files of `migration` and prints their paths.
///
/// # Errors
/// One of them can't be written; then none is.
pub(super) fn write(
    ui: &mut Ui,
    context: &Context,
    history: &History,
    migration: &NewMigration,
) -> Result<(), CommandError> {
    let changes = migration.changes(&history.folder.root);
    file_changes::apply(&changes)?;
    if ui.is_json() {
        let files: Vec<String> = changes.iter().map(|change| context.shown(&change.path).to_string()).collect();
        ui.json(json!({
            "migration": { "version": migration.version, "name": migration.name, "parents": migration.parents },
            "files": files,
        }));
        return Ok(());
    }
    let builds_on = match migration.parents.as_slice() {
        [] => "the first migration".to_owned(),
        parents => {
            let titles: Vec<String> = parents.iter().map(|&parent| history.title(parent)).collect();
            format!("builds on {}", titles.join(", "))
        }
    };
    ui.status("Created", format_args!("{} {}, {builds_on}", migration.version, migration.name));
    for change in &changes {
        ui.data(context.shown(&change.path));
    }
    Ok(())
}
