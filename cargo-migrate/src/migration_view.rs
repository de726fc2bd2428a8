//! One migration as a line of a list, and as a JSON object.

use migrate_build::graph::Graph;
use migrate_build::migration::Migration;
use serde_json::{Value, json};

use crate::history::{History, marks};
use crate::ui::style;

/// `version  name  (marks)`, with its line end. Its colours are taken away where stdout has none.
pub fn line(migration: &Migration, graph: &Graph) -> String {
    let mut line = String::with_capacity(96);
    push(&mut line, migration, graph);
    line.push('\n');
    line
}

/// Appends what [`line()`] returns, without a line end.
pub fn push(out: &mut String, migration: &Migration, graph: &Graph) {
    use std::fmt::Write;
    let marks = marks(migration, graph);
    let _ = write!(out, "{0}{1}{0:#}  {2}", style::VERSION, migration.version, migration.name);
    if !marks.is_empty() {
        let _ = write!(out, "  {0}({1}){0:#}", style::DIM, marks.join(", "));
    }
}

/// The object that every command prints for a migration.
pub fn to_json(history: &History, version: i64) -> Option<Value> {
    let History { folder, graph, .. } = history;
    let migration = folder.find(version)?;
    let Migration { version, name, header, up, down, .. } = migration;
    Some(json!({
        "version": version,
        "name": name,
        "parents": graph.parents(*version),
        "children": graph.children(*version),
        "head": graph.children(*version).is_empty(),
        "up": folder.shown(up),
        "down": down.as_ref().map(|down| folder.shown(down)),
        "transaction": !header.no_transaction,
        "irreversible": header.irreversible,
        "reviewed": !header.unreviewed,
    }))
}
