//! A sealed migration that builds on others than it did.

use std::path::Path;

use super::{SEALED_PARENTS_CHANGED, naming, sealed};
use crate::diagnostic::{Diagnostic, Label};
use crate::lock::compare::{Mismatch, edited};
use crate::migration::Migration;
use crate::migration::dir::Folder;
use crate::migration::{file_name, header};

pub(super) fn check(folder: &Folder, mismatch: Mismatch<'_>, out: &mut Vec<Diagnostic>) {
    let Mismatch::ParentsChanged(seal, migration) = mismatch else { return };
    let text = folder.text(&migration.up).ok();
    let unchanged = text.as_ref().is_some_and(|text| !edited(Some(seal.up), text));
    let between: Vec<&Migration> = migration
        .parents
        .iter()
        .filter(|parent| unchanged && !seal.parents.contains(parent))
        .filter_map(|&parent| folder.find(parent))
        .collect();
    let first = match between.as_slice() {
        // Its text is as it was: what came in below it has taken the place of its parent.
        [first, ..] => {
            format!("restore the order first, `{}` came in between: `{}`", naming::stem(first), above(folder, first))
        }
        [] => sealed::FIND_COMMIT.to_owned(),
    };
    let span = text.and_then(|text| header::locate(&text, "parents"));
    let label = if span.is_some() { "it builds on these now" } else { "" };
    out.push(Diagnostic {
        labels: vec![Label { path: folder.shown(&migration.up), span, text: label.to_owned() }],
        notes: vec![sealed::WHY.to_owned()],
        helps: sealed::helps(
            first,
            seal.version,
            "to join branches, write a migration that does: `cargo migrate merge`",
        ),
        ..SEALED_PARENTS_CHANGED.finding(format!(
            "`{}` was sealed on top of {} and builds on {} now",
            seal.stem,
            called(folder, &seal.parents),
            called(folder, &migration.parents)
        ))
    });
}

/// The command that puts a migration after all others.
fn above(folder: &Folder, migration: &Migration) -> String {
    let newest = folder.migrations.last().map_or(migration.version, |last| last.version).saturating_add(1);
    let stem = file_name::stem(migration.prefix, newest, &migration.name);
    let moved = |from: &Path, down: bool| {
        let to = sealed::shown(folder, &sealed::script_of(&stem, down));
        let word = |path: &Path| naming::shell_word(&path.display().to_string()).into_owned();
        format!("mv {} {}", word(&folder.shown(from)), word(&to))
    };
    let down = migration.down.iter().map(|down| format!(" && {}", moved(down, true)));
    [moved(&migration.up, false)].into_iter().chain(down).collect()
}

fn called(folder: &Folder, parents: &[i64]) -> String {
    let names: Vec<String> = parents.iter().map(|&parent| format!("`{}`", naming::call(folder, parent))).collect();
    if names.is_empty() { "nothing".to_owned() } else { naming::list(&names) }
}
