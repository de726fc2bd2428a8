//! The order of changes: what each needs comes before it, and what does not matter is sorted.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use crate::diff::catalog::Catalog;
use crate::diff::change::{Action, Change, Hazard};
use crate::schema::{Kind, Object};

/// What a step does to what it covers, as far as the order goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// It takes something away.
    Drop,
    /// It makes something.
    Create,
    /// It changes something.
    Alter,
}

/// Where a step may run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// In a transaction with others.
    Together,
    /// Outside of any.
    Alone,
}

/// One step with all that decides its place.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) change: Change,
    pub(super) role: Role,
    pub(super) class: Class,
    /// The objects that it drops, makes or changes along with its own.
    pub(super) covers: Vec<Object>,
    /// Steps that must have been committed before.
    pub(super) committed: Vec<usize>,
    /// Steps that must have been made before.
    pub(super) after: Vec<usize>,
    pub(super) hazards: Vec<Hazard>,
}

impl Node {
    pub(super) fn new(object: &Object, action: Action, role: Role) -> Self {
        Self {
            change: Change { object: object.clone(), action, silent_drop: false },
            role,
            class: Class::Together,
            covers: vec![object.clone()],
            committed: Vec::new(),
            after: Vec::new(),
            hazards: Vec::new(),
        }
    }
}

/// Returns the steps' numbers in order, each with the number of its part. Parts with even numbers are outside of transactions.
pub(super) fn order(nodes: &[Node], before: &Catalog<'_>, after: &Catalog<'_>) -> Vec<(usize, u32)> {
    let edges = edges(nodes, before, after);
    let mut waits: Vec<usize> = vec![0; nodes.len()];
    let mut then: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    for &(first, second) in &edges {
        if let (Some(waits), Some(then)) = (waits.get_mut(second), then.get_mut(first)) {
            *waits += 1;
            then.push(second);
        }
    }
    let keys: Vec<_> = nodes.iter().map(|node| key(node, before, after)).collect();
    let mut level: Vec<u32> = nodes.iter().map(|node| lowest(1, node.class)).collect();
    let mut ready: BinaryHeap<Reverse<(&Key, usize)>> = BinaryHeap::new();
    let mut left: BTreeSet<(&Key, usize)> = keys.iter().zip(0..).collect();
    for (at, key) in keys.iter().enumerate() {
        if waits.get(at) == Some(&0) {
            ready.push(Reverse((key, at)));
        }
    }
    let mut ordered = Vec::with_capacity(nodes.len());
    while !left.is_empty() {
        // In a circle somebody has to begin: the first of those that are left.
        let next = match ready.pop() {
            Some(Reverse(next)) => next,
            None => match left.first() {
                Some(&next) => next,
                None => break,
            },
        };
        if !left.remove(&next) {
            continue;
        }
        let (_, at) = next;
        let own = level.get(at).copied().unwrap_or(1);
        ordered.push((at, own));
        for &second in then.get(at).map_or(&[][..], Vec::as_slice) {
            let Some(node) = nodes.get(second) else { continue };
            let least = if node.committed.contains(&at) { own + 1 } else { own };
            if let Some(level) = level.get_mut(second) {
                *level = lowest(least, node.class).max(*level);
            }
            if let (Some(waits), Some(key)) = (waits.get_mut(second), keys.get(second)) {
                *waits = waits.saturating_sub(1);
                if *waits == 0 {
                    ready.push(Reverse((key, second)));
                }
            }
        }
    }
    // Stable: within a part the order is that of the steps.
    ordered.sort_by_key(|&(_, level)| level);
    ordered
}

/// The first part from this one on in which a step of a class may run.
fn lowest(least: u32, class: Class) -> u32 {
    let outside = least.is_multiple_of(2);
    if outside == (class == Class::Alone) { least } else { least + 1 }
}

fn edges(nodes: &[Node], before: &Catalog<'_>, after: &Catalog<'_>) -> BTreeSet<(usize, usize)> {
    let mut by_role: BTreeMap<&Object, Vec<usize>> = BTreeMap::new();
    let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, node) in nodes.iter().enumerate() {
        for object in &node.covers {
            by_role.entry(object).or_default().push(at);
            if shares_names(object.kind) {
                by_name.entry(object.identity.as_str()).or_default().push(at);
            }
        }
    }
    let of = |object: &Object| by_role.get(object).map_or(&[][..], Vec::as_slice);
    let role = |at: usize| nodes.get(at).map(|node| node.role);
    let mut edges = BTreeSet::new();
    for (at, node) in nodes.iter().enumerate() {
        edges.extend(node.committed.iter().chain(&node.after).map(|&first| (first, at)));
        for object in &node.covers {
            // What is dropped along with its whole holds on to what it needs until then.
            if let Some(whole) = before.whole(object).filter(|_| node.role == Role::Drop && node.change.silent_drop) {
                for needed in before.needs(object) {
                    if needed == whole || before.whole(&needed).as_ref() == Some(&whole) {
                        continue;
                    }
                    for &first in of(&whole).iter().filter(|&&other| role(other) == Some(Role::Drop)) {
                        let then = of(&needed).iter().filter(|&&other| role(other) == Some(Role::Drop));
                        edges.extend(then.map(|&second| (first, second)));
                    }
                }
            }
            // The same object: taken away, then changed or made.
            if node.role == Role::Drop {
                edges.extend(
                    of(object).iter().filter(|&&other| role(other) != Some(Role::Drop)).map(|&other| (at, other)),
                );
            } else if node.role == Role::Create {
                edges.extend(
                    of(object)
                        .iter()
                        .filter(|&&other| role(other) == Some(Role::Alter) && before.has(object))
                        .map(|&other| (other, at)),
                );
            }
            if node.role == Role::Drop && shares_names(object.kind) {
                let same = by_name.get(object.identity.as_str()).map_or(&[][..], Vec::as_slice);
                edges.extend(same.iter().filter(|&&other| role(other) == Some(Role::Create)).map(|&other| (at, other)));
            }
            if node.role != Role::Drop {
                for needed in after.needs(object) {
                    edges.extend(
                        of(&needed).iter().filter(|&&other| role(other) != Some(Role::Drop)).map(|&other| (other, at)),
                    );
                }
            }
            if node.role != Role::Create {
                let wanted = after.needs(object);
                for needed in before.needs(object) {
                    let made_anew = of(&needed).iter().any(|&other| role(other) == Some(Role::Create));
                    edges.extend(
                        of(&needed)
                            .iter()
                            .filter(|&&other| match role(other) {
                                Some(Role::Drop) => node.role == Role::Drop || !made_anew,
                                Some(Role::Alter) => node.role == Role::Drop || !wanted.contains(&needed),
                                _ => false,
                            })
                            .map(|&other| (at, other)),
                    );
                }
            }
        }
    }
    edges.retain(|(first, second)| first != second);
    edges
}

/// Whether two objects of such kinds can't have one name.
fn shares_names(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Table
            | Kind::ForeignTable
            | Kind::View
            | Kind::MaterializedView
            | Kind::Index
            | Kind::Sequence
            | Kind::Enum
            | Kind::Domain
            | Kind::CompositeType
            | Kind::RangeType
            | Kind::Type
            | Kind::Function
            | Kind::Procedure
            | Kind::Aggregate
    )
}

/// Where a step stands among those that don't depend on each other.
type Key = (u8, u8, String, u8, String);

fn key(node: &Node, before: &Catalog<'_>, after: &Catalog<'_>) -> Key {
    let object = &node.change.object;
    let whole = after.whole(object).or_else(|| before.whole(object));
    let (phase, rank) = match (node.role, &node.change.action) {
        (_, Action::CatchUpBack) => (0, 0),
        // Their reverse has to come late, as the making does.
        (Role::Drop, _) => match object.kind {
            Kind::DefaultPrivileges => (0, 1),
            Kind::Column | Kind::Constraint if whole.as_ref().is_some_and(|whole| whole.kind == Kind::Table) => (2, 6),
            Kind::Table | Kind::Sequence | Kind::Schema | Kind::Extension | Kind::Collation => {
                (3, 50 - rank(object.kind))
            }
            Kind::Enum | Kind::Domain | Kind::CompositeType | Kind::RangeType => (3, 50 - rank(object.kind)),
            kind => (1, 50 - rank(kind)),
        },
        (_, Action::Describe) if object.kind != Kind::Column => (2, rank(object.kind) + 1),
        _ => (2, rank(object.kind)),
    };
    let step = match (node.role, object.kind) {
        (_, Kind::Table) => 0,
        (Role::Drop, Kind::Constraint) => 1,
        (Role::Drop, Kind::Column) => 2,
        (Role::Create, Kind::Column) => 3,
        (Role::Alter, Kind::Column) => 4,
        (_, Kind::Constraint) => 6,
        _ => 5,
    };
    let describes = u8::from(node.change.action == Action::Describe);
    let position = if object.kind == Kind::Column {
        let side = if after.has(object) { after } else { before };
        side.detail::<crate::schema::detail::Column>(object).map_or(0, |column| column.position)
    } else {
        0
    };
    let group = whole.map_or_else(|| object.identity.clone(), |whole| whole.identity);
    (phase, rank, group, step + 10 * describes, format!("{position:05}{}", object.identity))
}

fn rank(kind: Kind) -> u8 {
    match kind {
        Kind::Schema => 0,
        Kind::Extension => 1,
        Kind::Collation => 2,
        Kind::Enum | Kind::Domain | Kind::CompositeType | Kind::RangeType => 3,
        Kind::Sequence => 4,
        Kind::Table => 5,
        Kind::Column | Kind::Constraint => 6,
        Kind::Index | Kind::Statistics => 8,
        Kind::View | Kind::MaterializedView => 12,
        Kind::Function | Kind::Procedure | Kind::Aggregate => 14,
        Kind::Trigger | Kind::Rule => 16,
        Kind::Policy => 18,
        Kind::DefaultPrivileges => 30,
        _ => 20,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_alternate() {
        assert_eq!([lowest(1, Class::Together), lowest(1, Class::Alone)], [1, 2]);
        assert_eq!([lowest(2, Class::Together), lowest(2, Class::Alone)], [3, 2]);
    }
}
