//! `schema`: what the migrations make, as SQL.

use clap::Args;
use migrate_build::codegen;
use migrate_build::migration::dir::SCHEMA;
use migrate_build::runtime::Set;
use serde_json::json;

use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::file_changes::{self, FileChange};
use crate::generate::{Place, Scratch, replay};
use crate::history::History;
use crate::sql;
use crate::ui::Ui;

/// Print the schema that the migrations make, as SQL
#[derive(Args, Debug)]
pub struct SchemaArgs {
    /// Write it to `schema.sql` in the migrations folder, for review
    #[arg(long, conflicts_with = "check")]
    write: bool,
    /// Only tell whether that file is what would be written; if not, exit with code 4
    #[arg(long)]
    check: bool,
    /// Where it is built
    #[arg(long, value_enum, default_value_t, value_name = "WHERE")]
    scratch: Scratch,
}

/// Prints or writes it.
///
/// # Errors
/// A migration fails, or no server can be had.
pub async fn run(ui: &mut Ui, context: &Context, args: SchemaArgs) -> Result<ExitCode, CommandError> {
    let SchemaArgs { write, check, scratch } = args;
    let history = History::load(context)?;
    history.require_sound()?;
    let shared = &context.settings()?.shared;
    let set = Set::new(codegen::load(&history.folder, shared)?.migrations);
    let place = Place::find(scratch, context.target(), context.variables().home().as_deref()).await?;
    let replayed = replay(&place, &set, shared.history.as_deref()).await;
    place.end().await;
    let text = sql::dump(&replayed?.snapshot).map_err(CommandError::refused)?;
    let path = context.folder()?.join(SCHEMA);
    let shown = context.shown(&path).to_string();
    if !write && !check {
        if ui.is_json() {
            ui.json(json!({ "sql": text }));
        } else {
            ui.raw(&text);
        }
        return Ok(ExitCode::Done);
    }
    let text = format!("-- What the migrations make. Written by `cargo migrate schema --write`.\n\n{text}");
    let exists = path.is_file();
    let is_current = exists && fs_err::read_to_string(&path)?.replace("\r\n", "\n") == text;
    if ui.is_json() {
        ui.json(json!({ "file": shown, "current": is_current, "written": write && !is_current }));
    }
    if is_current {
        ui.status("Current", &shown);
        return Ok(ExitCode::Done);
    }
    if check {
        ui.status("Outdated", &shown);
        ui.help("write it anew: `cargo migrate schema --write`");
        return Ok(ExitCode::Pending);
    }
    file_changes::apply(&[FileChange::write(&path, text, exists)])?;
    ui.status("Wrote", &shown);
    Ok(ExitCode::Done)
}
