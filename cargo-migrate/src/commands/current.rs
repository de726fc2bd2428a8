//! `current`: where the database stands.

use clap::Args;
use serde_json::{Value, json};

use crate::context::Context;
use crate::engine::database::Database;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::ui::{Ui, style, text};

/// Show the migrations that the database stands at
#[derive(Args, Debug)]
pub struct CurrentArgs {}

/// Prints the applied migrations that no other applied one builds on, and those whose files are gone.
///
/// # Errors
/// The migrations or the database can't be read.
pub async fn run(ui: &mut Ui, context: &Context, CurrentArgs {}: CurrentArgs) -> Result<ExitCode, CommandError> {
    let database = Database::open(ui, context).await?;
    let heads = database.comparison.heads.iter().map(|&version| {
        let name = database.set.get(version).map(|migration| migration.name.to_string()).unwrap_or_default();
        (version, name, database.set.graph.children(version).is_empty(), false)
    });
    let orphans = database.comparison.orphans.iter().map(|row| (row.version, row.name.clone(), false, true));
    let mut current: Vec<(i64, String, bool, bool)> = heads.chain(orphans).collect();
    current.sort();
    if ui.is_json() {
        let current: Vec<Value> = current
            .iter()
            .map(|(version, name, head, orphan)| {
                json!({ "version": version, "name": name, "head": head, "orphan": orphan })
            })
            .collect();
        ui.json(json!({ "database": database.state.database, "current": current }));
    } else {
        for (version, name, head, orphan) in &current {
            let mark = match (head, orphan) {
                (true, _) => format!("  {0}(head){0:#}", style::DIM),
                (_, true) => format!("  {0}(its file is gone){0:#}", style::BAD),
                _ => String::new(),
            };
            ui.data(format_args!("{0}{version}{0:#}  {1}{mark}", style::VERSION, text::printable(name)));
        }
        if current.is_empty() {
            ui.info(format_args!("no migration is applied to database {}", database.state.database));
        }
    }
    database.connection.close().await;
    Ok(ExitCode::Done)
}
