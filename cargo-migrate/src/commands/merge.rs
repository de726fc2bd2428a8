//! `merge`: a migration that joins heads and runs nothing.

use std::collections::BTreeSet;

use clap::Args;
use serde_json::json;

use super::new;
use crate::authoring::name::normalize;
use crate::authoring::script::{Kind, NewMigration};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::history::History;
use crate::ui::Ui;

/// Write a migration that joins several heads
#[derive(Args, Debug)]
pub struct MergeArgs {
    /// What it is called
    #[arg(short, long, default_value = "merge heads")]
    message: String,
    /// Migrations to join; all heads where none is given
    #[arg(value_name = "VERSION")]
    versions: Vec<String>,
}

/// Writes the merge, or says that there is nothing to join.
///
/// # Errors
/// The migrations can't be joined, or a file can't be written.
pub fn run(ui: &mut Ui, context: &Context, args: MergeArgs) -> Result<ExitCode, CommandError> {
    let MergeArgs { message, versions } = args;
    let name = normalize(&message)
        .map_err(|error| CommandError::usage(error).help("give a message like `-m \"merge heads\"`"))?;
    let history = History::load(context)?;
    history.require_sound()?;
    let parents = if versions.is_empty() { history.graph.heads() } else { named(&history, &versions)? };
    if parents.len() < 2 {
        if ui.is_json() {
            ui.json(json!({ "migration": null, "files": [] }));
        } else {
            match parents.first() {
                Some(&head) => ui.info(format_args!("nothing to merge: {} is the only head", history.title(head))),
                None => ui.info("nothing to merge: there is no migration yet"),
            }
        }
        return Ok(ExitCode::Done);
    }
    let left: Vec<i64> = history.graph.heads().into_iter().filter(|head| !parents.contains(head)).collect();
    let migration = NewMigration {
        version: new::next_version(ui, context, &history)?,
        name,
        parents,
        irreversible: None,
        kind: Kind::Empty("Joins its parents; there is nothing to do."),
    };
    new::write(ui, context, &history, &migration)?;
    if !left.is_empty() {
        let titles: Vec<String> = left.iter().map(|&head| history.title(head)).collect();
        ui.note(format_args!("other heads are left: {}", titles.join(", ")));
    }
    Ok(ExitCode::Done)
}

fn named(history: &History, texts: &[String]) -> Result<Vec<i64>, CommandError> {
    let graph = &history.graph;
    let mut parents = BTreeSet::new();
    for text in texts {
        parents.insert(history.resolve(text)?);
    }
    if parents.len() < 2 {
        return Err(CommandError::usage("one migration alone can't be merged")
            .help("name the others too, or none at all for every head"));
    }
    for &younger in &parents {
        let ancestors = graph.ancestors(younger);
        if let Some(&older) = parents.iter().find(|parent| ancestors.contains(parent)) {
            return Err(CommandError::refused(format!(
                "{} builds on {} already",
                history.title(younger),
                history.title(older)
            ))
            .help(format!("leave {older} out")));
        }
    }
    Ok(parents.into_iter().collect())
}
