//! `new`: the files of a new migration.

use clap::Args;
use serde_json::json;
use time::OffsetDateTime;

use crate::authoring::name::normalize;
use crate::authoring::script::{Kind, NewMigration};
use crate::authoring::version::{self, ahead};
use crate::config::raw::Versions;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::file_changes;
use crate::history::{History, newest};
use crate::ui::Ui;

/// Write the files of a new migration
#[derive(Args, Debug)]
pub struct NewArgs {
    /// What it does, for example `create_books` or "create books"
    name: String,
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
pub fn run(ui: &mut Ui, context: &Context, args: NewArgs) -> Result<ExitCode, CommandError> {
    let NewArgs { name, rust, parent, irreversible } = args;
    let name =
        normalize(&name).map_err(|error| CommandError::usage(error).help("give it a name like `create_books`"))?;
    if irreversible.as_deref().is_some_and(|reason| reason.trim().is_empty()) {
        return Err(CommandError::usage("`--irreversible` gives no reason")
            .help("say why there is no way back, for example `--irreversible \"drops old orders\"`"));
    }
    let history = History::load(context)?;
    let parents = if parent.is_empty() { head(&history)? } else { named(&history, &parent)? };
    let kind = if rust { Kind::Rust } else { Kind::Sql };
    let migration = NewMigration { version: next_version(ui, context, &history)?, name, parents, irreversible, kind };
    write(ui, context, &history, &migration)?;
    if rust && !ui.is_json() {
        ui.help("after each change of the Rust source run `cargo migrate render`: it is the SQL that is applied");
    }
    Ok(ExitCode::Done)
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
