//! The former schema under new names: those of the hints, and those of keys, checks and indexes that differ in nothing else.

use std::collections::BTreeMap;

use crate::diff::catalog::Catalog;
use crate::diff::change::{Action, Change};
use crate::diff::error::DiffError;
use crate::diff::hints::{Hints, Rename};
use crate::diff::rewrite::Rewrite;
use crate::schema::detail::{Constraint, Enum, Index, Sequence};
use crate::schema::{Definition, Kind, Object, Snapshot};
use crate::sql::{self, ident};

/// Kinds that are renamed by their qualified name.
const WHOLES: [Kind; 9] = [
    Kind::Table,
    Kind::View,
    Kind::MaterializedView,
    Kind::Sequence,
    Kind::Index,
    Kind::Enum,
    Kind::Domain,
    Kind::CompositeType,
    Kind::RangeType,
];

/// Renames what the hints say, and what follows.
pub(super) fn rename(
    former: &Snapshot,
    wanted: &Snapshot,
    hints: &Hints,
) -> Result<(Snapshot, Vec<Change>), DiffError> {
    let mut snapshot = former.clone();
    let mut changes = Vec::new();
    let after = Catalog::new(wanted);
    let mut renames: Vec<&Rename> = hints.renames.iter().collect();
    renames.sort_by_key(|rename| (!WHOLES.contains(&rename.kind), (*rename).clone()));
    let mut moved: Vec<(&str, &str)> = Vec::new();
    for rename in renames {
        let (from, to) = (rename.former(), rename.wanted());
        if former.get(from.kind, &from.identity).is_none() {
            return Err(DiffError::NothingToRename(from));
        }
        if !after.has(&to) {
            return Err(DiffError::RenamedToNothing { from, to });
        }
        let mut now = from.clone();
        if WHOLES.contains(&rename.kind) {
            moved.push((&rename.old, &rename.new));
        } else if matches!(rename.kind, Kind::Column | Kind::Constraint | Kind::Trigger | Kind::Rule | Kind::Policy) {
            // The table may have another name by now.
            let whole = former
                .get(from.kind, &from.identity)
                .and_then(|definition| definition.part_of.as_deref())
                .unwrap_or_default();
            let own = ident::name_within(&from, whole);
            let whole_now = moved.iter().find(|(old, _)| *old == whole).map_or(whole, |(_, new)| new);
            now.identity = part_identity(from.kind, own, whole_now);
            if wanted.get(to.kind, &to.identity).and_then(|definition| definition.part_of.as_deref()) != Some(whole_now)
            {
                return Err(DiffError::NotByRenaming { from, to });
            }
        } else {
            return Err(DiffError::NotByRenaming { from, to });
        }
        if now == to {
            continue;
        }
        if snapshot.get(to.kind, &to.identity).is_some() {
            return Err(DiffError::RenamedOverAnother { from, to });
        }
        snapshot = renamed(snapshot, &now, &to)?;
        changes.push(Change { object: now, action: Action::Rename(to), silent_drop: false });
    }
    for value in &hints.values {
        let object = Object { kind: Kind::Enum, identity: value.of.clone() };
        if let Some(definition) = snapshot.get_mut(&object) {
            let labels: Enum =
                definition.detail().map_err(|source| DiffError::Detail { object: object.clone(), source })?;
            if !labels.labels.contains(&value.old) || labels.labels.contains(&value.new) {
                return Err(DiffError::NotByRenaming { from: object.clone(), to: object });
            }
            let labels = labels
                .labels
                .into_iter()
                .map(|label| if label == value.old { value.new.clone() } else { label })
                .collect();
            *definition = with_labels(definition, &Enum { labels });
            changes.push(Change {
                object,
                action: Action::RenameValue(value.old.clone(), value.new.clone()),
                silent_drop: false,
            });
        } else {
            return Err(DiffError::NothingToRename(object));
        }
    }
    follow(&mut snapshot, wanted, &mut changes)?;
    Ok((snapshot, changes))
}

/// Returns an enum's definition with other labels.
pub(super) fn with_labels(definition: &Definition, labels: &Enum) -> Definition {
    let quoted: Vec<String> = labels.labels.iter().map(|label| format!("'{}'", label.replace('\'', "''"))).collect();
    let detail = serde_json::json!({ "labels": labels.labels });
    Definition { body: quoted.join("\n"), detail: Some(detail.to_string()), ..definition.clone() }
}

fn part_identity(kind: Kind, name: &str, whole: &str) -> String {
    if kind == Kind::Column { format!("{whole}.{name}") } else { format!("{name} on {whole}") }
}

/// Renames keys, checks, indexes and sequences of columns that are the same but for their names.
fn follow(snapshot: &mut Snapshot, wanted: &Snapshot, changes: &mut Vec<Change>) -> Result<(), DiffError> {
    loop {
        let found = {
            let (before, after) = (Catalog::new(snapshot), Catalog::new(wanted));
            namesake(&before, &after)?
        };
        let Some((from, to)) = found else { return Ok(()) };
        *snapshot = renamed(std::mem::take(snapshot), &from, &to)?;
        changes.push(Change { object: from, action: Action::Rename(to), silent_drop: false });
    }
}

/// The first object that is gone and whose like has come.
fn namesake(before: &Catalog<'_>, after: &Catalog<'_>) -> Result<Option<(Object, Object)>, DiffError> {
    for (old, definition) in before.objects() {
        if after.has(old) || !matches!(old.kind, Kind::Constraint | Kind::Index | Kind::Sequence) {
            continue;
        }
        let Some(like) = likeness(old, before)? else { continue };
        let candidates: Vec<&Object> = match (&definition.part_of, old.kind) {
            (Some(whole), _) => after.parts_of_kind(whole, old.kind).collect(),
            (None, _) => after.objects().map(|(object, _)| object).filter(|object| object.kind == old.kind).collect(),
        };
        for new in candidates {
            if !before.has(new) && likeness(new, after)?.as_ref() == Some(&like) && free(new, before) {
                return Ok(Some((old.clone(), new.clone())));
            }
        }
    }
    Ok(None)
}

/// Whether no other relation has that name.
fn free(object: &Object, before: &Catalog<'_>) -> bool {
    [Kind::Table, Kind::View, Kind::MaterializedView, Kind::Index, Kind::Sequence]
        .iter()
        .all(|&kind| !before.has(&Object { kind, identity: object.identity.clone() }))
}

/// What an object is apart from its name, for those that are the same if that is.
fn likeness(object: &Object, catalog: &Catalog<'_>) -> Result<Option<String>, DiffError> {
    Ok(match object.kind {
        Kind::Constraint => {
            let constraint: Constraint = catalog.detail(object)?;
            let from_parent = constraint.inherited && !constraint.local;
            (!from_parent && constraint.constraint_type != "t").then_some(constraint.definition)
        }
        Kind::Index => {
            let index: Index = catalog.detail(object)?;
            let name = ident::split(&object.identity).1;
            let bare = index.definition.replacen(&format!("INDEX {name} ON "), "INDEX ON ", 1);
            (index.constraint.is_none() && index.valid).then_some(bare)
        }
        Kind::Sequence => {
            // A column's own sequence is known by its column.
            let sequence: Sequence = catalog.detail(object)?;
            match (&sequence.table, &sequence.column) {
                (Some(table), Some(column)) => Some(format!("{} {table}.{column}", sequence.identity)),
                _ => None,
            }
        }
        _ => None,
    })
}

/// Returns the snapshot in which one object has another name, wherever it is spoken of.
fn renamed(snapshot: Snapshot, from: &Object, to: &Object) -> Result<Snapshot, DiffError> {
    let index = sql::index_of(from, &Catalog::new(&snapshot))?;
    let of_whole =
        snapshot.get(from.kind, &from.identity).and_then(|definition| definition.part_of.clone()).unwrap_or_default();
    let rewrite = if WHOLES.contains(&from.kind) {
        Rewrite::Qualified { old: from.identity.clone(), new: to.identity.clone() }
    } else {
        let name = |object: &Object| ident::name_within(object, &of_whole).to_owned();
        Rewrite::Bare { old: name(from), new: name(to) }
    };
    let mut names: BTreeMap<Object, Object> = BTreeMap::new();
    for (object, definition) in snapshot.iter() {
        let mut identity = object.identity.clone();
        if object.kind == from.kind && *object == *from {
            identity.clone_from(&to.identity);
        } else if WHOLES.contains(&from.kind) && from.kind != Kind::Index {
            if definition.part_of.as_deref() == Some(from.identity.as_str()) {
                identity = match object.kind {
                    Kind::ColumnOrder => to.identity.clone(),
                    Kind::Index | Kind::Statistics => identity,
                    kind => part_identity(kind, ident::name_within(object, &from.identity), &to.identity),
                };
            } else if matches!(object.kind, Kind::Function | Kind::Procedure | Kind::Aggregate) {
                identity = rewrite.apply(&identity);
            }
        } else if Some(object) == index.as_ref() {
            let (schema, _) = ident::split(&object.identity);
            identity = format!("{schema}.{}", ident::name_within(to, &of_whole));
        }
        if identity != object.identity {
            names.insert(object.clone(), Object { kind: object.kind, identity });
        }
    }
    let mut out = Snapshot::default();
    for (object, mut definition) in snapshot.into_objects() {
        let speaks = match (&rewrite, from.kind) {
            (Rewrite::Qualified { .. }, Kind::Index) => object == *from || definition.body.contains(&from.identity),
            (Rewrite::Qualified { .. }, _) => true,
            (Rewrite::Bare { .. }, Kind::Column) => {
                object == *from
                    || definition.needs.contains(from)
                    || object.kind == Kind::ColumnOrder && object.identity == of_whole
            }
            (Rewrite::Bare { .. }, _) => Some(&object) == index.as_ref(),
        };
        if speaks {
            rewritten(&object, &mut definition, &rewrite, from, &of_whole)?;
            if from.kind == Kind::Column && matches!(object.kind, Kind::View | Kind::MaterializedView) {
                mark(&mut definition);
            }
        }
        if object == *from && from.kind == Kind::Index {
            let bare = Rewrite::Bare {
                old: ident::split(&from.identity).1.to_owned(),
                new: ident::split(&to.identity).1.to_owned(),
            };
            rewritten(&object, &mut definition, &bare, from, "")?;
        }
        if let Some(whole) = &definition.part_of
            && *whole == from.identity
            && WHOLES.contains(&from.kind)
        {
            definition.part_of = Some(to.identity.clone());
        }
        for needed in &mut definition.needs {
            if let Some(new) = names.get(needed) {
                *needed = new.clone();
            }
        }
        definition.needs.sort();
        let object = names.get(&object).cloned().unwrap_or(object);
        // Two names can't become one: the caller has seen that the new one is free.
        drop(out.insert(object, definition));
    }
    Ok(out)
}

/// Notes that a view's columns keep their names while its query has new ones.
fn mark(definition: &mut Definition) {
    if let Some(text) = definition.detail.as_mut().filter(|text| !text.contains("\"renamed\":true"))
        && let Some(head) = text.strip_suffix('}')
    {
        *text = format!("{head},\"renamed\":true}}");
    }
}

fn rewritten(
    object: &Object,
    definition: &mut Definition,
    rewrite: &Rewrite,
    from: &Object,
    of_whole: &str,
) -> Result<(), DiffError> {
    let apply: &dyn Fn(&str) -> String = &|text| match (object.kind, rewrite, text.split_once(" REFERENCES ")) {
        // Either side of a reference has columns of its own.
        (Kind::Constraint, Rewrite::Bare { .. }, Some((own, other))) => {
            let own = if definition_of(object, of_whole) { rewrite.apply(own) } else { own.to_owned() };
            let other =
                if other.starts_with(&format!("{of_whole}(")) { rewrite.apply(other) } else { other.to_owned() };
            format!("{own} REFERENCES {other}")
        }
        _ => rewrite.apply(text),
    };
    definition.body = apply(&definition.body);
    if let Some(text) = &definition.detail {
        let mut value: serde_json::Value = serde_json::from_str(text).map_err(|error| DiffError::Detail {
            object: object.clone(),
            source: crate::schema::SchemaError::Answer(format!("{error} in `{text}`")),
        })?;
        walk(&mut value, apply);
        definition.detail = Some(value.to_string());
    }
    debug_assert!(
        object.kind != Kind::Column || from.kind != Kind::Column || !definition.body.is_empty(),
        "a column has a type"
    );
    Ok(())
}

/// Returns whether a constraint is of this relation.
fn definition_of(object: &Object, whole: &str) -> bool {
    object.identity.ends_with(&format!(" on {whole}"))
}

fn walk(value: &mut serde_json::Value, apply: &dyn Fn(&str) -> String) {
    match value {
        serde_json::Value::String(text) => *text = apply(text),
        serde_json::Value::Array(values) => values.iter_mut().for_each(|value| walk(value, apply)),
        serde_json::Value::Object(fields) => fields.values_mut().for_each(|value| walk(value, apply)),
        _ => {}
    }
}
