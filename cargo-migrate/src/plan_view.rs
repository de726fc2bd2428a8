//! Versions that a command ran or would run.

use serde_json::{Value, json};

use crate::history::History;
use crate::ui::{Ui, style, text};

/// Returns versions with their names, for JSON.
pub fn list(history: &History, versions: &[i64]) -> Vec<Value> {
    let name = |version| history.folder.find(version).map(|migration| migration.name.as_str());
    versions.iter().map(|&version| json!({ "version": version, "name": name(version) })).collect()
}

/// Prints what a command would do, in order: the migrations as data, the rest beside it.
pub fn plan(ui: &mut Ui, history: &History, verb: &str, versions: &[i64]) {
    if ui.is_json() {
        ui.json(json!({ "dry_run": true, "plan": list(history, versions) }));
        return;
    }
    for &version in versions {
        let name = history.folder.find(version).map_or("", |migration| migration.name.as_str());
        ui.data(format_args!("{0}{version}{0:#}  {1}", style::VERSION, text::printable(name)));
    }
    match versions.len() {
        0 => ui.info(format_args!("there is nothing to {verb}")),
        1 => ui.info(format_args!("would {verb} 1 migration; nothing was changed")),
        count => ui.info(format_args!("would {verb} {count} migrations, in this order; nothing was changed")),
    }
}
