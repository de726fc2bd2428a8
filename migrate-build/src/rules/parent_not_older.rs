//! A migration that builds on itself or on a younger one.

use crate::diagnostic::{Diagnostic, Label};
use crate::graph::{Graph, GraphError};
use crate::migration::Migration;
use crate::migration::dir::Folder;
use crate::migration::header;

use super::{PARENT_NOT_OLDER, naming};

pub(super) fn check(folder: &Folder, graph: &Graph, errors: &[GraphError], out: &mut Vec<Diagnostic>) {
    for error in errors {
        if let GraphError::ParentNotOlder { version, parent } = *error {
            out.extend(folder.find(version).map(|migration| finding(folder, graph, migration, parent)));
        }
    }
}

fn finding(folder: &Folder, graph: &Graph, migration: &Migration, parent: i64) -> Diagnostic {
    let name = naming::stem(migration);
    let text = folder.text(&migration.up).unwrap_or_default();
    let itself = parent == migration.version;
    let (message, label, mut helps) = if itself {
        (format!("`{name}` builds on itself"), "its own version".to_owned(), Vec::new())
    } else {
        let parent_name = naming::call(folder, parent);
        (
            format!("`{name}` builds on `{parent_name}`, which is younger"),
            format!("higher than its own version, {}", migration.version),
            rename(folder, graph, migration, parent).into_iter().collect(),
        )
    };
    let older = migration.header.parents.iter().flatten().copied().filter(|&named| named != parent).collect::<Vec<_>>();
    let older = if older.is_empty() {
        graph.versions().rev().find(|&version| version < migration.version).into_iter().collect()
    } else {
        older
    };
    let line = naming::parents_line(&older);
    helps.push(if itself {
        format!("name an older migration that it builds on, or none: `{line}`")
    } else {
        format!("if the header is wrong, name older migrations only: `{line}`")
    });
    Diagnostic {
        labels: vec![Label {
            path: folder.shown(&migration.up),
            span: header::locate_parent(&text, parent),
            text: label,
        }],
        notes: vec![
            "versions are the order in which migrations run, so a parent's is lower than its child's".to_owned(),
        ],
        helps,
        ..PARENT_NOT_OLDER.finding(message)
    }
}

/// The command that gives the migration the next free version above its parent's.
fn rename(folder: &Folder, graph: &Graph, migration: &Migration, parent: i64) -> Option<String> {
    let mut free = parent.checked_add(1)?;
    while graph.contains(free) {
        free = free.checked_add(1)?;
    }
    let command: Vec<String> = [Some(&migration.up), migration.down.as_ref()]
        .into_iter()
        .flatten()
        .map(|file| {
            let old = folder.shown(file);
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            let (prefix, rest) = name.split_at_checked(1).unwrap_or_default();
            let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
            let new = old.with_file_name(format!("{prefix}{free}{rest}"));
            let (old, new) = (old.display().to_string(), new.display().to_string());
            format!("mv {} {}", naming::shell_word(&old), naming::shell_word(&new))
        })
        .collect();
    let mut help =
        format!("if it is applied nowhere yet, give it a version above its parent's: `{}`", command.join(" && "));
    let children: Vec<String> =
        graph.children(migration.version).iter().map(|&child| format!("`{}`", naming::call(folder, child))).collect();
    if !children.is_empty() {
        help.push_str(&format!("; then name {free} in the `parents` of {}", naming::list(&children)));
    }
    Some(help)
}
