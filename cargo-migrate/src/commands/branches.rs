//! `branches`: where the history parts and where it joins again.

use clap::Args;
use serde_json::json;

use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::history::History;
use crate::migration_view;
use crate::ui::Ui;

/// Show where the history branches and where it is merged
#[derive(Args, Debug)]
pub struct BranchesArgs {}

/// Prints every branch point with its children and every merge with its parents, oldest first.
///
/// # Errors
/// The migrations can't be read.
pub fn run(ui: &mut Ui, context: &Context, BranchesArgs {}: BranchesArgs) -> Result<ExitCode, CommandError> {
    let history = History::load(context)?;
    history.warn_if_broken(ui);
    let graph = &history.graph;
    // Several bases are branches too: of the empty schema.
    let bases = graph.bases();
    let branching: Vec<i64> = graph.versions().filter(|&version| graph.children(version).len() > 1).collect();
    let merging: Vec<i64> = graph.versions().filter(|&version| graph.parents(version).len() > 1).collect();
    if ui.is_json() {
        let objects = |versions: &[i64]| -> Vec<_> {
            versions.iter().filter_map(|&version| migration_view::to_json(&history, version)).collect()
        };
        ui.json(json!({
            "bases": objects(&bases),
            "branch_points": objects(&branching),
            "merges": objects(&merging),
        }));
        return Ok(ExitCode::Done);
    }
    let mut list = |title: String, versions: &[i64]| {
        ui.data(title);
        for (n, &version) in versions.iter().enumerate() {
            let corner = if n + 1 == versions.len() { "╰─" } else { "├─" };
            ui.data(format_args!("{corner} {}", history.title(version)));
        }
    };
    if bases.len() > 1 {
        list("bases".to_owned(), &bases);
    }
    for version in graph.versions() {
        if graph.parents(version).len() > 1 {
            list(format!("{}  (merge of)", history.title(version)), graph.parents(version));
        }
        if graph.children(version).len() > 1 {
            list(format!("{}  (branch point of)", history.title(version)), graph.children(version));
        }
    }
    if bases.len() < 2 && branching.is_empty() && merging.is_empty() {
        ui.info("the history is one line: it has no branches");
    }
    Ok(ExitCode::Done)
}
