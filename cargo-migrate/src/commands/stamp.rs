//! `stamp`: makes the history say what is applied, and runs no migration.

use std::collections::BTreeSet;

use clap::Args;
use migrate_build::runtime::Resume;
use serde_json::json;

use crate::context::Context;
use crate::engine::act::{Action, act};
use crate::engine::database::{Database, Heads};
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::plan_view;
use crate::repair::diagnosis;
use crate::revision;
use crate::ui::Ui;

/// Set what the database's history says, without running any migration
#[derive(Args, Debug)]
pub struct StampArgs {
    /// A version or name, which then is applied with all it builds on and nothing else; `head`; or `base` for nothing
    #[arg(value_name = "TARGET")]
    target: String,
}

/// Stamps.
///
/// # Errors
/// The database or the history is in no state for it, or there is no such migration.
pub async fn run(ui: &mut Ui, context: &Context, args: StampArgs) -> Result<ExitCode, CommandError> {
    let StampArgs { target } = args;
    let mut database = Database::open(ui, context).await?;
    let version = match target.as_str() {
        "base" => None,
        text => Some(revision::resolve(&database.history.folder, &database.history.graph, text)?),
    };
    // Stamping is what cures an applied migration without its parent.
    if !(database.comparison.orphans.is_empty() && database.comparison.divergent.is_empty()) {
        diagnosis::refuse(&database, context).await?;
    }
    database.refuse_flaws(ui, context, &BTreeSet::new(), Heads::Chosen)?;
    let options = database.options(context, Resume::Refuse)?;
    let report = act(ui, &mut database, Action::Stamp(version), &options).await?;
    for &version in &report.reverted {
        ui.status("Removed", format_args!("{} from the history", database.title(version)));
    }
    for &version in &report.applied {
        ui.status("Added", format_args!("{} to the history", database.title(version)));
    }
    let name = &database.state.database;
    let at = version.map_or_else(|| "base".to_owned(), |version| database.title(version));
    ui.status("Finished", format_args!("database {name} is stamped {at}; no migration was run"));
    if ui.is_json() {
        ui.json(json!({
            "database": name,
            "added": plan_view::list(&database.history, &report.applied),
            "removed": report.reverted.iter().map(|&version| json!({ "version": version })).collect::<Vec<_>>(),
        }));
    }
    database.connection.close().await;
    Ok(ExitCode::Done)
}
