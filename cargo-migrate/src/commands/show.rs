//! `show`: one migration, with its scripts.

use clap::Args;
use migrate_build::statements;
use serde_json::{Value, json};

use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::history::{History, marks};
use crate::ui::{Ui, style};
use crate::{migration_view, revision};

/// Show one migration: what it builds on, its files and its SQL
#[derive(Args, Debug)]
pub struct ShowArgs {
    /// Version, name or file of the migration, or `head`
    #[arg(default_value = "head", value_name = "VERSION")]
    migration: String,
}

/// Prints the migration.
///
/// # Errors
/// There is no such migration, or it can't be read.
pub fn run(ui: &mut Ui, context: &Context, args: ShowArgs) -> Result<ExitCode, CommandError> {
    let ShowArgs { migration } = args;
    let history = History::load(context)?;
    history.warn_if_broken(ui);
    let History { folder, graph, .. } = &history;
    let version = history.resolve(&migration)?;
    let Some(migration) = folder.find(version) else {
        return Err(revision::RevisionError::Unknown { text: migration, nearest: None }.into());
    };
    let up = history.text(&migration.up)?;
    let down = migration.down.as_ref().map(|down| history.text(down)).transpose()?;

    if ui.is_json() {
        let mut object = migration_view::to_json(&history, version).unwrap_or_default();
        if let Value::Object(fields) = &mut object {
            fields.insert("statements".to_owned(), json!({ "up": count(&up), "down": down.as_deref().map(count) }));
            fields.insert("sql".to_owned(), json!({ "up": up, "down": down }));
            fields.insert("rendered_from".to_owned(), json!(migration.header.rendered_from));
        }
        ui.json(json!({ "migration": object }));
        return Ok(ExitCode::Done);
    }

    let mut field = |name: &str, value: String| {
        if !value.is_empty() {
            ui.data(format_args!("{0}{name:<14}{0:#}{value}", style::DIM));
        }
    };
    let titles =
        |versions: &[i64]| versions.iter().map(|&version| history.title(version)).collect::<Vec<_>>().join(", ");
    field("migration", format!("{0}{1}{0:#} {2}", style::VERSION, migration.version, migration.name));
    field("", marks(migration, graph).join(", "));
    field(
        "parents",
        if graph.parents(version).is_empty() { "none".to_owned() } else { titles(graph.parents(version)) },
    );
    field("children", titles(graph.children(version)));
    field("irreversible", migration.header.irreversible.clone().unwrap_or_default());
    let duration = |timeout: Option<std::time::Duration>| {
        timeout.map(migrate_build::migration::duration::format).unwrap_or_default()
    };
    field("lock timeout", duration(migration.header.lock_timeout));
    field("run timeout", duration(migration.header.statement_timeout));
    field("retires", migration.header.retires.join(", "));
    field(
        "rendered from",
        folder.rust_source(migration).map(|path| folder.shown(path).display().to_string()).unwrap_or_default(),
    );
    for (path, text) in [(Some(&migration.up), Some(&up)), (migration.down.as_ref(), down.as_ref())] {
        let (Some(path), Some(text)) = (path, text) else { continue };
        ui.data("");
        let statements = match count(text) {
            Some(1) => "1 statement".to_owned(),
            Some(count) => format!("{count} statements"),
            None => "a quote or a comment in it is not closed".to_owned(),
        };
        ui.data(format_args!("{0}-- {1}: {statements}{0:#}", style::STRONG, folder.shown(path).display()));
        ui.raw(text);
        if !text.ends_with('\n') && !text.is_empty() {
            ui.raw("\n");
        }
    }
    Ok(ExitCode::Done)
}

fn count(sql: &str) -> Option<usize> {
    statements::split(sql).ok().map(|statements| statements.len())
}
