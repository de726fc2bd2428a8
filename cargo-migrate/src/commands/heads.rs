//! `heads`: the migrations that no other names as parent.

use clap::Args;
use serde_json::json;

use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::history::History;
use crate::migration_view;
use crate::ui::Ui;

/// Show the migrations that no other builds on
#[derive(Args, Debug)]
pub struct HeadsArgs {}

/// Prints the heads, lowest first.
///
/// # Errors
/// The migrations can't be read.
pub fn run(ui: &mut Ui, context: &Context, HeadsArgs {}: HeadsArgs) -> Result<ExitCode, CommandError> {
    let history = History::load(context)?;
    history.warn_if_broken(ui);
    let heads = history.graph.heads();
    if ui.is_json() {
        let heads: Vec<_> = heads.iter().filter_map(|&head| migration_view::to_json(&history, head)).collect();
        ui.json(json!({ "heads": heads }));
        return Ok(ExitCode::Done);
    }
    for &head in &heads {
        if let Some(migration) = history.folder.find(head) {
            ui.raw(&migration_view::line(migration, &history.graph));
        }
    }
    match heads.len() {
        0 => ui.info("there is no migration yet; `cargo migrate new NAME` writes the first one"),
        1 => {}
        // Where the history is broken, these need not be its heads, and `merge` refuses.
        _ if history.is_broken() => {}
        _ => ui.help("join them: `cargo migrate merge -m \"merge heads\"`"),
    }
    Ok(ExitCode::Done)
}
