//! The whole way from one schema to another, in parts that are a migration each.

use std::collections::BTreeSet;

use crate::diff::catalog::Catalog;
use crate::diff::change::{Action, Change, Hazard, Question, Unsupported};
use crate::diff::error::DiffError;
use crate::diff::graph::order;
use crate::diff::hints::Hints;
use crate::diff::keep::keep;
use crate::diff::question::questions;
use crate::diff::rename::{rename, with_labels};
use crate::diff::verdict::only_adds;
use crate::diff::work::work;
use crate::schema::detail::{Enum, Function};
use crate::schema::{Kind, Object, Snapshot};
use crate::sql::{self, Sides, Statement};

/// What has to be done, and what has to be said about it.
#[derive(Debug)]
pub struct Plan {
    /// One after the other; none where nothing is to be done.
    pub parts: Vec<Part>,
    /// What may be a rename. The parts are made as if it were none.
    pub questions: Vec<Question>,
    /// What can't be generated: with any of it the parts don't reach the target.
    pub unsupported: Vec<Unsupported>,
    /// Tables that are not wanted and stay, with their rows.
    pub retired: Vec<String>,
    /// Columns that are not wanted and stay, with their values.
    pub kept: Vec<String>,
    /// What stays and is made anew, as something that it reads changes: what the server says of it then is not what was there.
    pub remade: BTreeSet<Object>,
    /// Whether new objects get privileges that nobody speaks of, by ALTER DEFAULT PRIVILEGES.
    pub granted_by_default: bool,
    /// What a reviewer should know.
    pub notes: Vec<String>,
    /// What the database is like afterwards: the wanted schema, and what stays.
    pub target: Snapshot,
}

/// One migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Whether it runs in a transaction.
    pub transaction: bool,
    /// Its statements, each with its comments and its semicolon.
    pub up: Vec<String>,
    /// The statements that take it back.
    pub down: Vec<String>,
    /// What may go wrong in it, sorted.
    pub hazards: Vec<Hazard>,
}

/// Works out the way from the former schema to the wanted one.
///
/// # Errors
/// When a snapshot was not read by this program, or a hint does not fit.
pub fn plan(former: &Snapshot, wanted: &Snapshot, hints: &Hints) -> Result<Plan, DiffError> {
    let (renamed, renames) = rename(former, wanted, hints)?;
    let kept = keep(&renamed, wanted, hints)?;
    let questions = questions(&Catalog::new(&renamed), &Catalog::new(wanted))?;
    let (grown, added) = grown(&renamed, &kept.target)?;
    let (start, before, after) = (Catalog::new(&renamed), Catalog::new(&grown), Catalog::new(&kept.target));
    let mut parts = Vec::new();
    let mut first = renames;
    if !added.is_empty() {
        let sides = Sides { before: &start, after: &before };
        let mut part = part(true, &first, sides)?;
        let adding = added
            .into_iter()
            .map(|object| Change { object, action: Action::AddValues, silent_drop: false })
            .collect::<Vec<_>>();
        part.up.extend(texts(statements(&adding, sides, sql::up)?));
        // A label can't be taken out of an enum: the way back makes the type anew.
        let work = work(&before, &start, hints)?;
        let back: Vec<Change> = order(&work.nodes, &before, &start)
            .into_iter()
            .filter_map(|(at, _)| work.nodes.get(at))
            .map(|node| together(&node.change))
            .collect();
        let mut down = texts(statements(&back, Sides { before: &before, after: &start }, sql::up)?);
        if let Some(first) = down.first_mut() {
            first.insert_str(0, "-- fails while a row has a label that goes\n");
        }
        down.append(&mut part.down);
        part.down = down;
        parts.push(part);
        first = Vec::new();
    }
    let mut work = work(&before, &after, hints)?;
    let sides = Sides { before: &before, after: &after };
    let mut levels: Vec<(u32, Vec<Change>, Vec<Hazard>)> = Vec::new();
    if !first.is_empty() {
        levels.push((1, first, Vec::new()));
    }
    for (at, level) in order(&work.nodes, &before, &after) {
        let Some(node) = work.nodes.get(at) else { continue };
        if levels.last().is_none_or(|(last, ..)| *last != level) {
            levels.push((level, Vec::new(), Vec::new()));
        }
        if let Some((_, changes, hazards)) = levels.last_mut() {
            changes.push(node.change.clone());
            hazards.extend(node.hazards.iter().cloned());
        }
    }
    for (level, changes, mut hazards) in levels {
        let mut part = part(level % 2 == 1, &changes, sides)?;
        hazards.sort();
        hazards.dedup();
        part.hazards = hazards;
        if !part.up.is_empty() || !part.down.is_empty() {
            parts.push(part);
        }
    }
    let remade: BTreeSet<Object> = work
        .nodes
        .iter()
        .map(|node| &node.change)
        .filter(|change| matches!(change.action, Action::Create(_) | Action::Replace))
        .filter(|change| {
            before.has(&change.object) && wanted.get(change.object.kind, &change.object.identity).is_none()
        })
        .map(|change| change.object.clone())
        .collect();
    let granted_by_default = hints.keep.contains(&Kind::DefaultPrivileges)
        && before.objects().any(|(object, _)| object.kind == Kind::DefaultPrivileges);
    let mut notes = kept.notes;
    notes.append(&mut work.notes);
    work.unsupported.sort();
    work.unsupported.dedup();
    Ok(Plan {
        parts,
        questions,
        unsupported: work.unsupported,
        retired: kept.retired,
        kept: kept.columns,
        remade,
        granted_by_default,
        notes,
        target: kept.target,
    })
}

/// The schema in which enums have their new labels already, where labels are only added.
fn grown(former: &Snapshot, target: &Snapshot) -> Result<(Snapshot, Vec<Object>), DiffError> {
    let (before, after) = (Catalog::new(former), Catalog::new(target));
    let mut grown = former.clone();
    let mut added = Vec::new();
    for (object, definition) in before.objects().filter(|(object, _)| object.kind == Kind::Enum && after.has(object)) {
        let new = after.get(object);
        if new.is_none_or(|new| new.body == definition.body) {
            continue;
        }
        let (old, new): (Enum, Enum) = (before.detail(object)?, after.detail(object)?);
        if only_adds(&old, &new) {
            if let Some(grown) = grown.get_mut(object) {
                *grown = with_labels(definition, &new);
            }
            added.push(object.clone());
        }
    }
    Ok((grown, added))
}

/// The same step within a transaction.
fn together(change: &Change) -> Change {
    let action = match &change.action {
        Action::CreateConcurrently | Action::CreateByIndex | Action::CreateUnvalidated => Action::Create(Vec::new()),
        Action::DropConcurrently => Action::Drop(Vec::new()),
        other => other.clone(),
    };
    Change { action, ..change.clone() }
}

fn part(transaction: bool, changes: &[Change], sides: Sides<'_>) -> Result<Part, DiffError> {
    let up = statements(changes, sides, sql::up)?;
    let back: Vec<Change> = changes.iter().rev().cloned().collect();
    let down = statements(&back, sides, sql::down)?;
    let up_check = unchecked(changes.iter(), sides.after)?;
    let inverses: Vec<Change> = back.iter().filter_map(Change::inverse).collect();
    let down_check = unchecked(inverses.iter(), sides.before)?;
    let script = |statements, unchecked: bool| {
        let mut texts = texts(statements);
        if unchecked {
            texts.insert(
                0,
                "-- functions may speak of what is made after them\nSET LOCAL check_function_bodies = off;".to_owned(),
            );
        }
        texts
    };
    Ok(Part {
        transaction,
        up: script(up, up_check && transaction),
        down: script(down, down_check && transaction),
        hazards: Vec::new(),
    })
}

/// Returns whether a function is made before something that its body may speak of.
fn unchecked<'c>(changes: impl Iterator<Item = &'c Change>, side: &Catalog<'_>) -> Result<bool, DiffError> {
    let mut open = false;
    for change in changes {
        if !matches!(change.action, Action::Create(_) | Action::Replace) {
            continue;
        }
        let kind = change.object.kind;
        if open
            && matches!(
                kind,
                Kind::Table
                    | Kind::View
                    | Kind::MaterializedView
                    | Kind::Function
                    | Kind::Column
                    | Kind::Procedure
                    | Kind::Aggregate
            )
        {
            return Ok(true);
        }
        if matches!(kind, Kind::Function | Kind::Procedure) {
            let function: Function = side.detail(&change.object)?;
            open |= !function.parsed && matches!(function.language.as_str(), "sql" | "plpgsql");
        }
    }
    Ok(false)
}

fn statements(
    changes: &[Change],
    sides: Sides<'_>,
    render: impl Fn(&Change, Sides<'_>) -> Result<Vec<Statement>, DiffError>,
) -> Result<Vec<Statement>, DiffError> {
    let mut all = Vec::new();
    for change in changes {
        all.extend(render(change, sides)?);
    }
    Ok(sql::merged(all))
}

fn texts(statements: Vec<Statement>) -> Vec<String> {
    statements.iter().map(Statement::text).collect()
}
