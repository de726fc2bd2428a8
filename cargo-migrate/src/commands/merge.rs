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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn only_what_is_apart_can_be_joined() {
        let root = tempfile::tempdir().unwrap();
        fs_err::create_dir(root.path().join("versions")).unwrap();
        for (file, parents) in [("V1__init", ""), ("V2__a", "1"), ("V3__b", "1"), ("V4__c", "2")] {
            let path = root.path().join(format!("versions/{file}.sql"));
            fs_err::write(path, format!("--! parents = [{parents}]\n")).unwrap();
        }
        let history = History::read(root.path(), Path::new("migrations")).unwrap();
        let join = |texts: &[&str]| {
            let texts: Vec<String> = texts.iter().map(ToString::to_string).collect();
            named(&history, &texts).map_err(|error| format!("{error}; {}", error.helps.join("; ")))
        };
        assert_eq!(join(&["c", "b"]).unwrap(), [3, 4]);
        assert_eq!(join(&["a", "b", "a"]).unwrap(), [2, 3]);
        assert_eq!(join(&["c", "a"]).unwrap_err(), "4 c builds on 2 a already; leave 2 out");
        let alone = "one migration alone can't be merged; name the others too, or none at all for every head";
        assert_eq!(join(&["c", "4"]).unwrap_err(), alone);
    }
}
