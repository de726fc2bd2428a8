//! Which constraints stand within CREATE TABLE.

use std::collections::BTreeSet;

use crate::diff::catalog::Catalog;
use crate::diff::error::DiffError;
use crate::schema::detail::{Constraint, Table};
use crate::schema::{Kind, Object};

/// Returns them for the tables that this side has and the other one has not. A foreign key is among them unless tables refer to each
/// other in a circle, or it needs a key of a table that the other side has, too, and which may be made on the way.
pub(super) fn inlined(side: &Catalog<'_>, other: &Catalog<'_>) -> Result<BTreeSet<Object>, DiffError> {
    let tables: Vec<&Object> = side
        .objects()
        .map(|(object, _)| object)
        .filter(|object| object.kind == Kind::Table && !other.has(object))
        .collect();
    let mut inline = BTreeSet::new();
    let mut keys: Vec<(&Object, &Object, Vec<Object>)> = Vec::new();
    for &table in &tables {
        let detail: Table = side.detail(table)?;
        for object in side.parts_of_kind(&table.identity, Kind::Constraint) {
            let constraint: Constraint = side.detail(object)?;
            let from_parent = constraint.inherited && !constraint.local;
            match constraint.constraint_type.as_str() {
                // A check that no row was held against is held against those of a new table.
                "c" | "p" | "u" | "x" if constraint.validated && (!from_parent || detail.partition) => {
                    inline.insert(object.clone());
                }
                "f" if constraint.validated && !from_parent && !detail.partition => {
                    let needed = side
                        .needs(object)
                        .into_iter()
                        .filter(|needed| needed.kind == Kind::Table || needed.kind == Kind::Index);
                    let wholes: Vec<Object> = needed
                        .filter_map(
                            |needed| if needed.kind == Kind::Table { Some(needed) } else { side.whole(&needed) },
                        )
                        .collect();
                    keys.push((table, object, wholes));
                }
                _ => {}
            }
        }
    }
    // Tables in an order in which each refers to those before it, as far as it goes.
    let mut placed: BTreeSet<Object> = BTreeSet::new();
    let mut left: Vec<&Object> = tables.clone();
    while !left.is_empty() {
        let refers = |table: &Object| {
            keys.iter().any(|(of, _, wholes)| {
                *of == table
                    && wholes.iter().any(|whole| whole != table && tables.contains(&whole) && !placed.contains(whole))
            })
        };
        let at = left.iter().position(|&table| !refers(table)).unwrap_or(0);
        let table = left.remove(at);
        placed.insert(table.clone());
        for (_, object, wholes) in keys.iter().filter(|(of, ..)| *of == table) {
            let there = |whole: &Object| {
                if tables.contains(&whole) { placed.contains(whole) } else { keys_stay(whole, side, other) }
            };
            if wholes.iter().all(there) {
                inline.insert((*object).clone());
            }
        }
    }
    Ok(inline)
}

/// Returns whether a table's keys are the same on both sides.
fn keys_stay(table: &Object, side: &Catalog<'_>, other: &Catalog<'_>) -> bool {
    side.parts_of_kind(&table.identity, Kind::Index).all(|index| side.get(index) == other.get(index))
}
