//! Which migrations a command would run, in which order: pure.

use std::collections::{BTreeMap, BTreeSet};

use super::compare::{Comparison, agrees};
use super::error::Error;
use super::refusal::Refusal;
use super::set::Set;
use super::state::{Applied, State};
use crate::embedded::Migration;

/// Where an upgrade shall end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpTarget {
    /// The one head.
    Head,
    /// This version and everything it builds on.
    Version(i64),
    /// So many of the pending migrations.
    Steps(usize),
}

/// Where a downgrade shall end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DownTarget {
    /// So many steps down from the applied head.
    Steps(usize),
    /// This version and everything it builds on stay; `None`: nothing stays.
    To(Option<i64>),
    /// This one applied head goes; other heads stay.
    Version(i64),
}

/// Returns the versions to apply, in order.
///
/// # Errors
/// A [`Refusal`] where the database doesn't fit the history, the history has several heads, or the target is unknown.
pub fn plan_upgrade(set: &Set<'_>, comparison: &Comparison, target: UpTarget) -> Result<Vec<i64>, Error> {
    comparison.refuse()?;
    let mut pending = comparison.pending.clone();
    match target {
        UpTarget::Version(version) => {
            if !set.graph.contains(version) {
                return Err(Refusal::UnknownVersion { version }.into());
            }
            let mut wanted = set.graph.ancestors(version);
            wanted.insert(version);
            pending.retain(|version| wanted.contains(version));
        }
        UpTarget::Head | UpTarget::Steps(_) => {
            let heads = set.graph.heads();
            if heads.len() > 1 {
                return Err(Refusal::SeveralHeads { heads }.into());
            }
            if let UpTarget::Steps(steps) = target {
                pending.truncate(steps);
            }
        }
    }
    Ok(pending)
}

/// Returns `versions` without backfills, which stay pending.
///
/// # Errors
/// One of the others builds on a backfill, and so can't be applied before it.
pub fn without_backfills(set: &Set<'_>, versions: Vec<i64>) -> Result<Vec<i64>, Error> {
    let is_backfill = |version: i64| set.get(version).is_some_and(|migration| migration.backfill.is_some());
    let (skipped, rest): (Vec<i64>, Vec<i64>) = versions.into_iter().partition(|&version| is_backfill(version));
    for &version in &rest {
        let ancestors = if skipped.is_empty() { BTreeSet::new() } else { set.graph.ancestors(version) };
        if let Some(&backfill) = skipped.iter().find(|skipped| ancestors.contains(skipped)) {
            return Err(Refusal::DependsOnBackfill { version, backfill }.into());
        }
    }
    Ok(rest)
}

/// Returns the versions to revert, in order.
///
/// # Errors
/// A [`Refusal`] where the database doesn't fit the history, the target is not applied, the step is ambiguous, or a
/// migration on the way has no down script. Then nothing at all may be reverted.
pub fn plan_downgrade(set: &Set<'_>, comparison: &Comparison, target: DownTarget) -> Result<Vec<i64>, Error> {
    comparison.refuse()?;
    let versions = match target {
        DownTarget::Steps(steps) => steps_down(set, comparison, steps)?,
        DownTarget::To(None) => comparison.applied.iter().rev().copied().collect(),
        DownTarget::To(Some(version)) => {
            if !set.graph.contains(version) {
                return Err(Refusal::UnknownVersion { version }.into());
            }
            if !comparison.applied.contains(&version) {
                return Err(Refusal::NotApplied { version }.into());
            }
            let mut kept = set.graph.ancestors(version);
            kept.insert(version);
            comparison.applied.iter().rev().copied().filter(|version| !kept.contains(version)).collect()
        }
        DownTarget::Version(version) => vec![applied_head(set, comparison, version)?],
    };
    for &version in &versions {
        let Some(migration) = set.get(version) else { return Err(Refusal::UnknownVersion { version }.into()) };
        way_back(migration)?;
    }
    Ok(versions)
}

/// Returns the versions to revert, in order, where just these shall go, whatever else the database holds.
///
/// # Errors
/// A [`Refusal`] where one of them is not applied, was applied with another text than `set` has, has another applied migration
/// built on it that stays, or has no way back. Then nothing at all may be reverted.
pub fn plan_revert(set: &Set<'_>, state: &State, versions: &BTreeSet<i64>) -> Result<Vec<i64>, Error> {
    let rows: BTreeMap<i64, &Applied> = state.applied.iter().map(|row| (row.version, row)).collect();
    for &version in versions.iter().rev() {
        let Some(row) = rows.get(&version) else { return Err(Refusal::NotApplied { version }.into()) };
        let Some(migration) = set.get(version) else { return Err(Refusal::UnknownVersion { version }.into()) };
        if !agrees(row, migration, state.width) {
            return Err(Refusal::Divergent { divergent: vec![(*row).clone()] }.into());
        }
        let children = set.graph.children(version).iter().copied();
        let children: Vec<i64> =
            children.filter(|child| rows.contains_key(child) && !versions.contains(child)).collect();
        if !children.is_empty() {
            return Err(Refusal::NotAHead { version, children }.into());
        }
        way_back(migration)?;
    }
    Ok(versions.iter().rev().copied().collect())
}

/// Refuses what has no way back.
fn way_back(migration: &Migration<'_>) -> Result<(), Refusal> {
    let version = migration.version;
    match (&migration.irreversible, &migration.down) {
        (Some(reason), _) => Err(Refusal::Irreversible { version, reason: reason.clone().into_owned() }),
        (None, None) => Err(Refusal::MissingDown { version, file: migration.file.clone().into_owned() }),
        (None, Some(_)) => Ok(()),
    }
}

fn applied_head(set: &Set<'_>, comparison: &Comparison, version: i64) -> Result<i64, Error> {
    if !set.graph.contains(version) {
        return Err(Refusal::UnknownVersion { version }.into());
    }
    if !comparison.applied.contains(&version) {
        return Err(Refusal::NotApplied { version }.into());
    }
    let children = set.graph.children(version).iter().copied();
    let children: Vec<i64> = children.filter(|child| comparison.applied.contains(child)).collect();
    if children.is_empty() { Ok(version) } else { Err(Refusal::NotAHead { version, children }.into()) }
}

fn steps_down(set: &Set<'_>, comparison: &Comparison, steps: usize) -> Result<Vec<i64>, Error> {
    let mut left: BTreeSet<i64> = comparison.applied.clone();
    let mut heads: BTreeSet<i64> = comparison.heads.iter().copied().collect();
    let mut versions = Vec::new();
    while versions.len() < steps {
        let Some(head) = heads.pop_last() else { break };
        if !heads.is_empty() {
            heads.insert(head);
            return Err(Refusal::AmbiguousDowngrade { heads: heads.into_iter().collect() }.into());
        }
        left.remove(&head);
        versions.push(head);
        let uncovered = |&parent: &i64| {
            left.contains(&parent) && !set.graph.children(parent).iter().any(|child| left.contains(child))
        };
        heads.extend(set.graph.parents(head).iter().copied().filter(|parent| uncovered(parent)));
    }
    Ok(versions)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(nodes: &[(i64, &[i64])]) -> Set<'static> {
        Set::new(
            nodes
                .iter()
                .map(|&(version, parents)| Migration {
                    version,
                    name: "m".into(),
                    file: "V.sql".into(),
                    parents: parents.to_vec(),
                    up: "".into(),
                    down: (version != 9).then(|| "".into()),
                    transaction: true,
                    unversioned: false,
                    lock_timeout: None,
                    statement_timeout: None,
                    backfill: None,
                    irreversible: (version == 8).then(|| "gone".into()),
                })
                .collect(),
        )
    }

    fn compared(set: &Set<'_>, applied: &[i64]) -> Comparison {
        let applied: BTreeSet<i64> = applied.iter().copied().collect();
        Comparison {
            pending: set.graph.versions().filter(|version| !applied.contains(version)).collect(),
            heads: set.graph.heads_of(&applied),
            applied,
            ..Comparison::default()
        }
    }

    fn refusal<T: std::fmt::Debug>(result: Result<T, Error>) -> Refusal {
        match result {
            Err(Error::Refused(refusal)) => *refusal,
            other => panic!("not refused: {other:?}"),
        }
    }

    const DIAMOND: &[(i64, &[i64])] = &[(1, &[]), (2, &[1]), (3, &[1]), (4, &[2, 3]), (5, &[4])];

    #[test]
    fn up_to_a_version_takes_what_it_builds_on() {
        let set = set(DIAMOND);
        let plan = |applied: &[i64], target| plan_upgrade(&set, &compared(&set, applied), target).unwrap();
        assert_eq!(plan(&[], UpTarget::Head), [1, 2, 3, 4, 5]);
        assert_eq!(plan(&[1], UpTarget::Version(3)), [3]);
        assert_eq!(plan(&[1, 3], UpTarget::Steps(2)), [2, 4]);
        assert_eq!(plan(&[1, 2, 3, 4, 5], UpTarget::Version(2)), Vec::<i64>::new());
        assert_eq!(
            refusal(plan_upgrade(&set, &compared(&set, &[]), UpTarget::Version(7))),
            Refusal::UnknownVersion { version: 7 }
        );
    }

    #[test]
    fn several_heads_need_a_version() {
        let set = set(&[(1, &[]), (2, &[1]), (3, &[1])]);
        let comparison = compared(&set, &[1]);
        assert_eq!(
            refusal(plan_upgrade(&set, &comparison, UpTarget::Head)),
            Refusal::SeveralHeads { heads: vec![2, 3] }
        );
        assert_eq!(plan_upgrade(&set, &comparison, UpTarget::Version(3)).unwrap(), [3]);
    }

    #[test]
    fn one_step_down_of_several_heads_is_ambiguous() {
        let set = set(DIAMOND);
        let plan = |applied: &[i64], target| plan_downgrade(&set, &compared(&set, applied), target);
        assert_eq!(plan(&[1, 2, 3, 4, 5], DownTarget::Steps(2)).unwrap(), [5, 4]);
        assert_eq!(
            refusal(plan(&[1, 2, 3, 4, 5], DownTarget::Steps(3))),
            Refusal::AmbiguousDowngrade { heads: vec![2, 3] }
        );
        assert_eq!(plan(&[1, 2, 3], DownTarget::To(Some(3))).unwrap(), [2]);
        assert_eq!(plan(&[1, 2, 3, 4], DownTarget::To(Some(1))).unwrap(), [4, 3, 2]);
        assert_eq!(plan(&[1, 2], DownTarget::To(None)).unwrap(), [2, 1]);
        assert_eq!(plan(&[], DownTarget::Steps(1)).unwrap(), Vec::<i64>::new());
        assert_eq!(refusal(plan(&[1], DownTarget::To(Some(2)))), Refusal::NotApplied { version: 2 });
    }

    #[test]
    fn one_of_several_heads_goes_alone() {
        let set = set(DIAMOND);
        let plan =
            |applied: &[i64], version| plan_downgrade(&set, &compared(&set, applied), DownTarget::Version(version));
        assert_eq!(plan(&[1, 2, 3], 2).unwrap(), [2]);
        assert_eq!(plan(&[1, 2, 3], 3).unwrap(), [3]);
        assert_eq!(refusal(plan(&[1, 2, 3, 4], 2)), Refusal::NotAHead { version: 2, children: vec![4] });
        assert_eq!(refusal(plan(&[1, 2, 3], 1)), Refusal::NotAHead { version: 1, children: vec![2, 3] });
        assert_eq!(refusal(plan(&[1, 2], 3)), Refusal::NotApplied { version: 3 });
        assert_eq!(refusal(plan(&[1, 2], 7)), Refusal::UnknownVersion { version: 7 });
    }

    #[test]
    fn what_has_no_way_back_stops_the_whole_downgrade() {
        let set = set(&[(7, &[]), (8, &[7]), (9, &[8])]);
        let plan = |applied: &[i64], target| plan_downgrade(&set, &compared(&set, applied), target);
        assert!(matches!(refusal(plan(&[7, 8, 9], DownTarget::Steps(1))), Refusal::MissingDown { version: 9, .. }));
        assert!(matches!(refusal(plan(&[7, 8], DownTarget::To(None))), Refusal::Irreversible { version: 8, .. }));
    }
}
