//! What has to be made anew since something that it depends on is.

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::catalog::Catalog;
use crate::diff::error::DiffError;
use crate::diff::verdict::{Verdict, verdict};
use crate::schema::detail::Column;
use crate::schema::{Kind, Object};

/// The objects that can't just be changed.
#[derive(Debug, Default)]
pub(super) struct Closure {
    /// Dropped and made anew.
    pub(super) recreated: BTreeSet<Object>,
    /// Types that are made anew, with the columns that are taken over.
    pub(super) swapped: BTreeMap<Object, Vec<Object>>,
    /// Columns whose defaults go meanwhile.
    pub(super) defaults: BTreeSet<Object>,
    /// What stands in the way.
    pub(super) blocked: BTreeSet<Object>,
}

/// Works it out for all objects that both schemas have.
pub(super) fn closure(before: &Catalog<'_>, after: &Catalog<'_>) -> Result<Closure, DiffError> {
    let mut closure = Closure::default();
    let mut queue: Vec<(Object, bool)> = Vec::new();
    for (object, _) in before.objects() {
        match verdict(object, before, after)? {
            Verdict::Recreate => {
                closure.recreated.insert(object.clone());
                queue.push((object.clone(), true));
            }
            Verdict::AlterBare => queue.push((object.clone(), false)),
            _ => {}
        }
    }
    let mut seen: BTreeSet<(Object, bool)> = BTreeSet::new();
    while let Some((object, anew)) = queue.pop() {
        if !seen.insert((object.clone(), anew)) {
            continue;
        }
        let is_type = matches!(object.kind, Kind::Enum | Kind::Domain | Kind::CompositeType | Kind::RangeType);
        let mut reach: Vec<Object> = before.dependents(&object).iter().map(|&other| other.clone()).collect();
        if anew && matches!(object.kind, Kind::View | Kind::MaterializedView) {
            // What reads a view leans on its columns.
            for column in before.parts_of_kind(&object.identity, Kind::Column) {
                reach.extend(before.dependents(column).iter().map(|&other| other.clone()));
            }
        }
        if anew && object.kind == Kind::Constraint {
            // A foreign key leans on the index.
            if let Some(index) = crate::sql::index_of(&object, before)? {
                reach.extend(
                    before
                        .dependents(&index)
                        .iter()
                        .filter(|other| other.kind == Kind::Constraint)
                        .map(|&other| other.clone()),
                );
            }
        }
        for other in reach {
            match other.kind {
                Kind::Column => {
                    if before.whole(&other).is_none_or(|whole| whole.kind != Kind::Table) {
                        continue;
                    }
                    let column: Column = before.detail(&other)?;
                    if anew && is_type && names_type(&column.data_type, &object.identity) {
                        let columns = closure.swapped.entry(object.clone()).or_default();
                        // One that goes or gets another type does so before.
                        let stays = after.has(&other)
                            && names_type(&after.detail::<Column>(&other)?.data_type, &object.identity);
                        if column.local && stays && !columns.contains(&other) {
                            columns.push(other.clone());
                        }
                        queue.push((other, false));
                    } else if column.generated.is_some() {
                        closure.blocked.insert(other);
                    } else if anew && column.identity.is_none() {
                        closure.defaults.insert(other);
                    }
                }
                Kind::View
                | Kind::MaterializedView
                | Kind::Function
                | Kind::Procedure
                | Kind::Aggregate
                | Kind::Rule
                | Kind::Policy
                | Kind::Trigger => {
                    closure.recreated.insert(other.clone());
                    queue.push((other, true));
                }
                // The server takes these along when a column gets another type.
                Kind::Index | Kind::Constraint | Kind::Statistics if anew => {
                    if is_own(&other, &object, before)? {
                        continue;
                    }
                    closure.recreated.insert(other.clone());
                    queue.push((other, true));
                }
                Kind::Domain | Kind::CompositeType | Kind::RangeType | Kind::Table if anew && is_type => {
                    closure.blocked.insert(other);
                }
                _ => {}
            }
        }
    }
    for columns in closure.swapped.values_mut() {
        columns.sort();
    }
    for object in closure.swapped.keys() {
        closure.recreated.remove(object);
    }
    closure.defaults.retain(|column| before.needs(column).iter().any(|needed| closure.recreated.contains(needed)));
    Ok(closure)
}

/// Returns whether the first comes and goes with the second: a constraint's index, a domain's constraint.
fn is_own(object: &Object, of: &Object, before: &Catalog<'_>) -> Result<bool, DiffError> {
    if of.kind == Kind::Constraint {
        return Ok(crate::sql::index_of(of, before)?.as_ref() == Some(object));
    }
    Ok(before.whole(object).as_ref() == Some(of) && of.kind == Kind::Domain)
}

/// Returns whether a column's type is this one or an array of it.
fn names_type(data_type: &str, identity: &str) -> bool {
    data_type.strip_suffix("[]").unwrap_or(data_type) == identity
}
