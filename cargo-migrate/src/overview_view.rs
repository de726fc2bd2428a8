//! Environments side by side, as a table and as JSON.

use migrate_build::runtime::{Applied, Change, Set};
use serde_json::{Value, json};

use crate::engine::overview::Row;
use crate::environments::gates::shown;
use crate::environments::overview::{Outline, Standing};
use crate::exit_code::ExitCode;
use crate::ui::table::{self, Cell};
use crate::ui::{Ui, style, text};

/// How a row stands.
fn standing(row: &Row) -> Standing {
    row.outline.as_ref().map_or(Standing::Unreachable, |outline| outline.standing)
}

/// The exit code of one that stands so, where it is asked for.
pub fn exit_code(standing: Standing) -> ExitCode {
    match standing {
        Standing::Applied => ExitCode::Done,
        Standing::Pending | Standing::Applying => ExitCode::Pending,
        Standing::Unreachable => ExitCode::Database,
        Standing::Failed | Standing::Split => ExitCode::Refused,
    }
}

/// The exit code of all of them: of what is wrong, else of what can't be reached, else of what is pending.
pub fn worst(rows: &[Row]) -> ExitCode {
    let codes: Vec<ExitCode> = rows.iter().map(|row| exit_code(standing(row))).collect();
    let order = [ExitCode::Refused, ExitCode::Database, ExitCode::Pending];
    order.into_iter().find(|code| codes.contains(code)).unwrap_or(ExitCode::Done)
}

/// Whether none of them could be looked at.
pub fn is_blind(rows: &[Row]) -> bool {
    rows.iter().all(|row| standing(row) == Standing::Unreachable)
}

/// Prints a table, and below it what there is to say of single ones.
pub fn print(ui: &mut Ui, rows: &[Row], set: &Set<'_>) {
    let cells: Vec<Vec<Cell>> = rows.iter().map(|row| cells(row, set)).collect();
    for line in table::render(
        &["ENVIRONMENT", "STATE", "CURRENT", "PENDING", "ORPHANS", "DIVERGENT", "LAST CHANGE", "BY", ""],
        &cells,
    ) {
        ui.data(line);
    }
    for row in rows {
        match &row.outline {
            Ok(outline) => {
                let remark = outline.remark();
                if !remark.is_empty() {
                    let (name, state) = (&row.name, outline.standing.name());
                    ui.note(format_args!("{name} is {state}: {}", text::printable(&remark)));
                }
            }
            Err(error) => {
                let mut said = error.to_string();
                for cause in error.causes() {
                    said.push_str(": ");
                    said.push_str(&cause);
                }
                ui.note(format_args!("{} is unreachable: {}", row.name, text::printable(&said)));
                for help in &error.helps {
                    ui.help(text::printable(help));
                }
            }
        }
    }
}

fn cells(row: &Row, set: &Set<'_>) -> Vec<Cell> {
    let standing = standing(row);
    let state = Cell::styled(
        standing.name(),
        match standing {
            Standing::Applied => style::GOOD,
            Standing::Pending | Standing::Applying => style::TODO,
            Standing::Failed | Standing::Split | Standing::Unreachable => style::BAD,
        },
    );
    let protected = if row.protected { "protected" } else { "" };
    let Ok(outline) = &row.outline else {
        let mut cells = vec![Cell::from(&row.name), state];
        cells.extend(std::iter::repeat_with(|| Cell::from("")).take(6));
        cells.push(Cell::from(protected));
        return cells;
    };
    let name = |version: i64| {
        let orphan = outline.orphans.iter().find(|row| row.version == version).map(|row| row.name.as_str());
        let name = set.get(version).map(|migration| migration.name.as_ref()).or(orphan);
        format!("{version} {}", name.unwrap_or_default())
    };
    let current: Vec<String> = outline.current.iter().map(|&version| name(version)).collect();
    let current = if current.is_empty() { "base".to_owned() } else { current.join(", ") };
    let (change, by) = match (&outline.last, &outline.applied_on) {
        (Some(Change { action, version, at, actor, error, .. }), _) => {
            let failed = if error.is_some() { " failed" } else { "" };
            (format!("{} {action} {version}{failed}", shown(*at)), actor.clone())
        }
        (None, Some(applied_on)) => (applied_on.clone(), String::new()),
        (None, None) => (String::new(), String::new()),
    };
    vec![
        Cell::from(&row.name),
        state,
        Cell::from(current),
        Cell::from(outline.pending.len().to_string()),
        Cell::from(outline.orphans.len().to_string()),
        Cell::from(outline.divergent.len().to_string()),
        Cell::from(change),
        Cell::from(by),
        Cell::from(protected),
    ]
}

/// One object an environment.
pub fn to_json(rows: &[Row], set: &Set<'_>) -> Vec<Value> {
    rows.iter().map(|row| one(row, set)).collect()
}

fn one(row: &Row, set: &Set<'_>) -> Value {
    let Row { name, protected, requires, url, outline } = row;
    let mut value = json!({
        "name": name, "protected": protected, "requires": requires, "url": url, "state": standing(row).name(),
        "reason": null, "database": null, "current": [], "pending": [], "orphans": [], "divergent": [], "last": null,
    });
    let mut set_to = |key: &str, field: Value| value[key] = field;
    match outline {
        Err(error) => set_to("reason", json!(error.to_string())),
        Ok(outline) => {
            let Outline { database, current, pending, orphans, divergent, last, .. } = outline;
            let remark = outline.remark();
            let listed = |rows: &[Applied]| -> Vec<Value> {
                rows.iter().map(|row| json!({ "version": row.version, "name": row.name })).collect()
            };
            let pending: Vec<Value> = pending
                .iter()
                .map(
                    |&version| json!({ "version": version, "name": set.get(version).map(|migration| &migration.name) }),
                )
                .collect();
            set_to("reason", json!((!remark.is_empty()).then_some(remark)));
            set_to("database", json!(database));
            set_to("current", json!(current));
            set_to("pending", json!(pending));
            set_to("orphans", json!(listed(orphans)));
            set_to("divergent", json!(listed(divergent)));
            set_to(
                "last",
                last.as_ref().map_or(Value::Null, |Change { action, version, name, at, actor, error }| {
                    json!({
                        "action": action, "version": version, "name": name, "at": shown(*at), "by": actor, "error": error,
                    })
                }),
            );
        }
    }
    value
}
