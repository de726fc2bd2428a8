//! What `repair` shows: what is wrong, and what it would do.

use migrate_build::runtime::Interrupted;
use serde_json::{Value, json};

use super::diagnosis::Diagnosis;
use super::evidence::Evidence;
use super::interrupted::Statement;
use crate::engine::database::Database;
use crate::ui::table::{self, Cell};
use crate::ui::{Ui, style, text};

/// One thing that a repair does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// `restore`, `downgrade`, `forget`, `accept`, `finish` or `undo`.
    pub action: &'static str,
    /// The migration.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// Where its texts come from.
    pub source: Option<String>,
    /// The files that are written, as seen from the working directory.
    pub files: Vec<String>,
}

/// Prints the steps, in order.
pub fn steps(ui: &mut Ui, steps: &[Step]) {
    for Step { action, version, name, source, files } in steps {
        let name = text::printable(name);
        let source = source.as_ref().map(|source| format!("  {0}from {source}{0:#}", style::DIM)).unwrap_or_default();
        ui.data(format_args!("{action:<9}  {0}{version}{0:#}  {name}{source}", style::VERSION));
        for file in files {
            ui.data(format_args!("           {}", text::printable(file)));
        }
    }
}

/// The same for JSON.
pub fn steps_to_json(steps: &[Step]) -> Vec<Value> {
    let step = |Step { action, version, name, source, files }: &Step| json!({ "action": action, "version": version, "name": name, "source": source, "files": files });
    steps.iter().map(step).collect()
}

/// What doesn't fit, a line a migration.
pub fn problems(database: &Database<'_>, evidence: &Evidence, diagnosis: &Diagnosis) -> Vec<Value> {
    let comparison = &database.comparison;
    let line = |version: i64| diagnosis.lines.get(&version).cloned();
    let row = |state: &str, version: i64, name: &str| {
        json!({
            "version": version, "name": name, "state": state, "note": line(version),
            "archive": evidence.archive.contains_key(&version).then(|| match evidence.flaws.get(&version) {
                Some(flaw) => format!("the archive's row {flaw}"),
                None => "sound".to_owned(),
            }),
            "source": evidence.scripts.get(&version).map(|script| script.source.to_string()),
        })
    };
    let mut problems: Vec<Value> = Vec::new();
    problems.extend(comparison.divergent.iter().map(|found| row("divergent", found.version, &found.name)));
    problems.extend(comparison.orphans.iter().map(|found| row("orphan", found.version, &found.name)));
    problems.extend(comparison.unparented.iter().map(|&(version, _)| {
        let name = database.set.get(version).map(|migration| migration.name.to_string()).unwrap_or_default();
        row("unparented", version, &name)
    }));
    problems
}

/// Prints how far a migration came that stopped half way.
pub fn statements(ui: &mut Ui, interrupted: &Interrupted, title: &str, statements: &[Statement]) {
    ui.data(format_args!("{title}: its {} script stopped half way", interrupted.direction));
    let rows: Vec<Vec<Cell>> = statements
        .iter()
        .map(|Statement { number, words, state, error, started_at }| {
            let style = match state.as_str() {
                "done" => style::GOOD,
                "not begun" => style::TODO,
                _ => style::BAD,
            };
            vec![
                Cell::from(number.to_string()),
                Cell::styled(state, style),
                Cell::from(started_at.as_deref().unwrap_or_default()),
                Cell::from(words),
                Cell::from(error.as_deref().unwrap_or_default()),
            ]
        })
        .collect();
    for line in table::render(&["", "STATE", "BEGUN", "STATEMENT", ""], &rows) {
        ui.data(line);
    }
}

/// The same for JSON.
pub fn statements_to_json(interrupted: &Interrupted, statements: &[Statement]) -> Value {
    let statements: Vec<Value> = statements
        .iter()
        .map(|Statement { number, words, state, error, started_at }| {
            json!({ "number": number, "words": words, "state": state, "error": error, "started_at": started_at })
        })
        .collect();
    json!({ "version": interrupted.version, "direction": interrupted.direction.to_string(), "statements": statements })
}
