//! What differs between two snapshots.

use crate::schema::object::{Kind, Object};
use crate::schema::snapshot::{Definition, Snapshot};

/// One object that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Which one.
    pub object: Object,
    /// The identity of the relation or domain that it is a part of.
    pub part_of: Option<String>,
    /// How it differs.
    pub change: Change,
}

/// How an object differs, with its definitions as [`Definition::text`] gives them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// It is in the second snapshot only.
    Added {
        /// Its definition there.
        after: String,
    },
    /// It is in the first snapshot only.
    Removed {
        /// Its definition there.
        before: String,
    },
    /// It is in both, with two definitions.
    Changed {
        /// Its definition in the first.
        before: String,
        /// Its definition in the second.
        after: String,
    },
}

/// Lists what differs, sorted by kind and identity; nothing, if and only if the two schemas are the same.
///
/// A column more or less does not count as a change of its table. The order of a table's columns differs where the columns that both
/// have come in another order.
pub fn compare(before: &Snapshot, after: &Snapshot) -> Vec<Difference> {
    let (first, second) = (before.objects(), after.objects());
    let mut differences: Vec<Difference> = Vec::new();
    for (object, old) in first {
        let change = match second.get(object) {
            None if object.kind == Kind::ColumnOrder => continue,
            None => Change::Removed { before: old.text() },
            Some(new) if old == new => continue,
            Some(new) if object.kind == Kind::ColumnOrder && !reordered(old, new) => continue,
            Some(new) => Change::Changed { before: old.text(), after: new.text() },
        };
        differences.push(Difference { object: object.clone(), part_of: old.part_of.clone(), change });
    }
    for (object, new) in second {
        if !first.contains_key(object) && object.kind != Kind::ColumnOrder {
            let change = Change::Added { after: new.text() };
            differences.push(Difference { object: object.clone(), part_of: new.part_of.clone(), change });
        }
    }
    differences.sort_by(|a, b| a.object.cmp(&b.object));
    differences
}

/// Returns whether the columns that are in both lists come in another order.
fn reordered(old: &Definition, new: &Definition) -> bool {
    let old: Vec<&str> = old.body.lines().collect();
    let new: Vec<&str> = new.body.lines().collect();
    let left = old.iter().filter(|name| new.contains(name));
    let right = new.iter().filter(|name| old.contains(name));
    left.ne(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot(objects: &[(Kind, &str, &str)]) -> Snapshot {
        let mut snapshot = Snapshot::default();
        for &(kind, identity, body) in objects {
            let definition = Definition { body: body.to_owned(), ..Definition::default() };
            snapshot.insert(Object { kind, identity: identity.to_owned() }, definition).unwrap();
        }
        snapshot
    }

    fn names(before: &[(Kind, &str, &str)], after: &[(Kind, &str, &str)]) -> Vec<String> {
        compare(&snapshot(before), &snapshot(after))
            .iter()
            .map(|difference| {
                let sign = match difference.change {
                    Change::Added { .. } => '+',
                    Change::Removed { .. } => '-',
                    Change::Changed { .. } => '~',
                };
                format!("{sign} {}", difference.object)
            })
            .collect()
    }

    #[test]
    fn added_removed_and_changed() {
        assert_eq!(
            names(
                &[(Kind::Table, "a", ""), (Kind::Table, "b", "unlogged"), (Kind::Table, "c", "")],
                &[(Kind::Table, "b", ""), (Kind::Table, "c", ""), (Kind::Schema, "d", "")],
            ),
            ["+ schema d", "- table a", "~ table b"]
        );
    }

    #[test]
    fn the_order_of_columns_counts_only_among_common_ones() {
        let order = |columns| (Kind::ColumnOrder, "t", columns);
        assert!(names(&[order("a\nb\nc")], &[order("a\nc\nd")]).is_empty());
        assert_eq!(names(&[order("a\nb\nc")], &[order("a\nc\nb")]), ["~ column order t"]);
        assert!(names(&[order("a")], &[]).is_empty() && names(&[], &[order("a")]).is_empty());
    }

    #[test]
    fn ownership_alone_is_a_difference() {
        let mut before = Snapshot::default();
        let mut after = Snapshot::default();
        let object = Object { kind: Kind::Table, identity: "t".to_owned() };
        before.insert(object.clone(), Definition { owner: Some("a".to_owned()), ..Definition::default() }).unwrap();
        after.insert(object.clone(), Definition { owner: Some("b".to_owned()), ..Definition::default() }).unwrap();
        assert_eq!(
            compare(&before, &after),
            [Difference {
                object,
                part_of: None,
                change: Change::Changed { before: "owner a".to_owned(), after: "owner b".to_owned() },
            }]
        );
    }
}
