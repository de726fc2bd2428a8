//! The way from what a database has applied to another set of migrations. Pure.

use std::collections::BTreeSet;

use migrate_build::runtime::{Applied, Set, State, agrees};

/// What there is to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Way {
    /// What is reverted.
    pub down: BTreeSet<i64>,
    /// What is applied then, in order.
    pub up: Vec<i64>,
}

/// Plans the way to `to`. `from` has the texts, and above all the parents, of what is applied.
///
/// What stays is what `to` has with the same text, and with all that it builds on; what is reverted takes along what was
/// built on it.
pub fn plan(from: &Set<'_>, state: &State, to: &Set<'_>) -> Way {
    way(from, &state.applied, to, &|row| {
        to.get(row.version).is_some_and(|migration| agrees(row, migration, state.width))
    })
}

fn way(from: &Set<'_>, applied: &[Applied], to: &Set<'_>, is_same: &dyn Fn(&Applied) -> bool) -> Way {
    let mut kept: BTreeSet<i64> = BTreeSet::new();
    // The lowest first, so that what a migration builds on is decided before it.
    for row in applied {
        let version = row.version;
        let stays = |parent: &i64| kept.contains(parent);
        let was_applied = |parent: &&i64| applied.iter().any(|row| row.version == **parent);
        let stands = to.graph.parents(version).iter().all(stays)
            && from.graph.parents(version).iter().filter(was_applied).all(stays);
        if is_same(row) && stands {
            kept.insert(version);
        }
    }
    Way {
        down: applied.iter().map(|row| row.version).filter(|version| !kept.contains(version)).collect(),
        up: to.graph.versions().filter(|version| !kept.contains(version)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use migrate_build::embedded::Migration;

    use super::*;

    fn set(nodes: &[(i64, &[i64])]) -> Set<'static> {
        let migration = |&(version, parents): &(i64, &[i64])| Migration {
            version,
            name: "m".into(),
            file: "V.sql".into(),
            parents: parents.to_vec(),
            up: "".into(),
            down: None,
            transaction: true,
            unversioned: false,
            lock_timeout: None,
            statement_timeout: None,
            irreversible: None,
            backfill: None,
        };
        Set::new(nodes.iter().map(migration).collect())
    }

    fn between(from: &Set<'_>, to: &Set<'_>, changed: &[i64]) -> (Vec<i64>, Vec<i64>) {
        let row = |version| Applied { version, name: "m".into(), applied_on: String::new(), checksum: 0 };
        let applied: Vec<Applied> = from.graph.versions().map(row).collect();
        let same = |row: &Applied| to.get(row.version).is_some() && !changed.contains(&row.version);
        let Way { down, up } = way(from, &applied, to, &same);
        (down.into_iter().collect(), up)
    }

    #[test]
    fn what_both_have_stays() {
        let here = set(&[(1, &[]), (2, &[1]), (4, &[2])]);
        let there = set(&[(1, &[]), (2, &[1]), (3, &[2]), (5, &[3])]);
        assert_eq!(between(&here, &there, &[]), (vec![4], vec![3, 5]));
        assert_eq!(between(&here, &here, &[]), (vec![], vec![]));
        assert_eq!(between(&here, &Set::default(), &[]), (vec![1, 2, 4], vec![]));
    }

    #[test]
    fn what_changed_takes_along_what_was_built_on_it() {
        let here = set(&[(1, &[]), (2, &[1]), (3, &[1]), (4, &[2])]);
        assert_eq!(between(&here, &here, &[2]), (vec![2, 4], vec![2, 4]));
    }

    /// In a plain folder the next lower version is the parent, so another branch may put one below.
    #[test]
    fn what_builds_on_something_else_there_is_applied_anew() {
        let here = set(&[(1, &[]), (3, &[1])]);
        let there = set(&[(1, &[]), (2, &[1]), (3, &[2])]);
        assert_eq!(between(&here, &there, &[]), (vec![3], vec![2, 3]));
    }
}
