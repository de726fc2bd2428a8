//! A down script that leaves what the up script made, or doesn't bring back what it dropped.

use std::path::Path;

use migrate_build::diagnostic::{Diagnostic, Label, Span};
use migrate_build::statements;

use crate::hazards::{self, Change, Nature, Verb};
use crate::lint::registry::DOWN_DOES_NOT_UNDO;
use crate::lint::script::{Down, Script};

/// Objects that a finding names.
const SHOWN: usize = 4;

pub(super) fn check(script: &Script, out: &mut Vec<Diagnostic>) {
    let Some(down) = &script.down else { return };
    // An empty script is found by the build already, and one with statements that nobody can read may do all of it.
    let Ok(statements) = statements::split(&down.text) else { return };
    let analyses = hazards::analyse(&down.text);
    if statements.is_empty() || analyses.iter().any(|analysis| analysis.nature == Nature::Unknown) {
        return;
    }
    let changes: Vec<Change> = analyses
        .iter()
        .flat_map(|analysis| hazards::changes(down.text.get(analysis.range.clone()).unwrap_or_default()))
        .collect();
    let up: Vec<(usize, &Change)> = script
        .statements
        .iter()
        .enumerate()
        .flat_map(|(at, part)| part.changes.iter().map(move |change| (at, change)))
        .collect();
    let mut left: Vec<(usize, String)> = Vec::new();
    for (number, (at, change)) in up.iter().enumerate() {
        let others = |verb: Verb, later: bool| {
            up.iter().enumerate().any(|(other, (_, found))| {
                (other > number) == later && other != number && found.verb == verb && is_same(found, change)
            })
        };
        match change.verb {
            Verb::Creates if change.kind == "enum value" => {}
            Verb::Creates if !others(Verb::Drops, true) && !changes.iter().any(|found| takes_away(found, change)) => {
                left.push((*at, format!("{} is not dropped", named(change))));
            }
            Verb::Drops if !others(Verb::Creates, false) && !changes.iter().any(|found| brings_back(found, change)) => {
                left.push((*at, format!("{} does not come back", named(change))));
            }
            _ => {}
        }
    }
    // What goes with its table is said of the table.
    let Some((_, first)) = left.first() else { return };
    let message = match left.len() {
        1 => format!("the down script does not undo the up script: {first}"),
        count => format!("the down script does not undo the up script: {first}, and {} more", count - 1),
    };
    let mut labels = vec![whole(&down.path, down)];
    for (at, what) in left.iter().take(SHOWN) {
        labels.extend(script.statements.get(*at).map(|part| script.first_line(part, what.clone())));
    }
    out.push(Diagnostic {
        labels,
        notes: vec!["going down and up again would meet what is left".to_owned()],
        helps: vec![
            "write what undoes it".to_owned(),
            "or, if there is no way back, remove the down script and say why: `--! irreversible = \"…\"`".to_owned(),
        ],
        ..DOWN_DOES_NOT_UNDO.finding(message)
    });
}

fn whole(path: &Path, down: &Down) -> Label {
    let first = statements::split(&down.text).ok().and_then(|found| found.first().map(|found| found.range.start));
    let start = first.unwrap_or_default();
    let line = down.text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default().trim_end().len();
    Label { path: path.to_owned(), span: Some(Span::new(&down.text, start, start + line)), text: String::new() }
}

fn named(change: &Change) -> String {
    match &change.of {
        Some(of) => format!("{} `{}` of `{of}`", change.kind, change.name),
        None => format!("{} `{}`", change.kind, change.name),
    }
}

fn is_same(one: &Change, other: &Change) -> bool {
    one.kind == other.kind
        && one.name.may_be(&other.name)
        && one.of.as_ref().zip(other.of.as_ref()).is_none_or(|(one, other)| one.may_be(other))
}

/// Whether `found` drops what was created: itself, the table that it is of, its schema.
fn takes_away(found: &Change, created: &Change) -> bool {
    if found.verb != Verb::Drops {
        return false;
    }
    let table = found.kind == "table" && created.of.as_ref().is_some_and(|of| found.name.may_be(of));
    let schema = found.kind == "schema" && created.name.schema.as_ref() == Some(&found.name.name);
    // A column takes its constraints and indexes along; which ones its name doesn't tell.
    let column = found.kind == "column"
        && matches!(created.kind, "index" | "constraint")
        && found.of.as_ref().zip(created.of.as_ref()).is_some_and(|(one, other)| one.may_be(other));
    is_same(found, created) || table || schema || column || found.marked
}

fn brings_back(found: &Change, dropped: &Change) -> bool {
    let table = found.kind == "table" && dropped.of.as_ref().is_some_and(|of| found.name.may_be(of));
    matches!(found.verb, Verb::Creates | Verb::Replaces) && (is_same(found, dropped) || table)
}
