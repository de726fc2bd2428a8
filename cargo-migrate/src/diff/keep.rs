//! What stays though it is not wanted: retired tables, columns that may not be dropped, and kinds that the wanted side doesn't speak of.

use std::collections::BTreeSet;

use crate::diff::catalog::Catalog;
use crate::diff::error::DiffError;
use crate::diff::hints::Hints;
use crate::schema::detail::{Column, Constraint};
use crate::schema::{Kind, Object, Snapshot};

/// The schema to reach, and what is in it though it is not wanted.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) target: Snapshot,
    /// Tables.
    pub(super) retired: Vec<String>,
    /// Columns of tables that are wanted.
    pub(super) columns: Vec<String>,
    pub(super) notes: Vec<String>,
}

/// Adds what stays to what is wanted.
pub(super) fn keep(former: &Snapshot, wanted: &Snapshot, hints: &Hints) -> Result<Kept, DiffError> {
    let (before, after) = (Catalog::new(former), Catalog::new(wanted));
    let mut kept = Kept { target: wanted.clone(), retired: Vec::new(), columns: Vec::new(), notes: Vec::new() };
    let mut stays: BTreeSet<&Object> = BTreeSet::new();
    let mut queue: Vec<&Object> = Vec::new();
    for (object, _) in before.objects().filter(|(object, _)| !after.has(object)) {
        let whole = before.whole(object);
        // A part of what goes, goes.
        if whole.as_ref().is_some_and(|whole| !after.has(whole)) {
            continue;
        }
        match object.kind {
            Kind::Table if !hints.drop_tables.allows(&object.identity) => {
                kept.retired.push(object.identity.clone());
                queue.push(object);
            }
            Kind::Column if whole.is_some_and(|whole| whole.kind == Kind::Table) => {
                let column: Column = before.detail(object)?;
                // Without values of its own nothing is lost; a parent's column goes with the parent's.
                if column.generated.is_some()
                    || column.inherited && !column.local
                    || hints.drop_columns.allows(&object.identity)
                {
                    continue;
                }
                if column.not_null && column.expression.is_none() && column.identity.is_none() {
                    kept.notes.push(format!(
                        "{} stays and is NOT NULL without a default: new rows that don't name it are refused",
                        object.identity
                    ));
                }
                kept.columns.push(object.identity.clone());
                queue.push(object);
            }
            kind if hints.keep.contains(&kind) => queue.push(object),
            _ => {}
        }
    }
    while let Some(object) = queue.pop() {
        if after.has(object) || !stays.insert(object) {
            continue;
        }
        queue.extend(before.parts(&object.identity).iter().copied());
        for needed in before.needs(object) {
            queue.extend(before.objects().map(|(other, _)| other).find(|other| **other == needed));
        }
        for &other in before.dependents(object) {
            let belongs = match other.kind {
                Kind::Sequence => true,
                // What a kept column is in stays with it, but for a key, of which there may be another one.
                Kind::Index => {
                    object.kind == Kind::Column
                        && before.detail::<crate::schema::detail::Index>(other)?.constraint.is_none()
                }
                Kind::Constraint => {
                    object.kind == Kind::Column && before.detail::<Constraint>(other)?.constraint_type != "p"
                }
                _ => false,
            };
            if belongs {
                queue.push(other);
            }
        }
        if object.kind == Kind::Constraint {
            let index = crate::sql::index_of(object, &before)?;
            queue.extend(before.objects().map(|(other, _)| other).find(|other| Some(*other) == index.as_ref()));
        }
    }
    for object in stays {
        if let Some(definition) = before.get(object) {
            // Whoever is in both is wanted as it is wanted.
            drop(kept.target.insert(object.clone(), definition.clone()));
        }
    }
    Ok(kept)
}
