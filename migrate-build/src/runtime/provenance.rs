//! Where migrations come from that a database has and a history lacks, as far as the archive tells.

use std::collections::{BTreeMap, BTreeSet};

use tokio_postgres::{Client, SimpleQueryRow};

use super::compare::Comparison;
use super::error::Error;
use super::set::Set;
use super::sql::ARCHIVE;
use super::state::{State, query};
use super::table::literal;

/// Where an applied migration that the history lacks comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// A migration that is known here was built on it: it was known once, and was deleted.
    Deleted,
    /// It builds on what this history ends with: whoever applied it knew more than is known here.
    Newer,
    /// It builds on an older migration of this history, beside what is known here: another branch has it.
    Branch,
    /// The archive has no row of it.
    Unknown,
}

/// What the archive says of an applied migration, but for its texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Provenance {
    pub(super) version: i64,
    pub(super) parents: Vec<i64>,
}

/// Compares, and where the history lacks migrations reads from the archive where they come from.
///
/// # Errors
/// The archive can't be read.
pub async fn compare(client: &Client, set: &Set<'_>, state: &State) -> Result<Comparison, Error> {
    let mut comparison = Comparison::new(set, state);
    if !comparison.orphans.is_empty() {
        let rows = if state.archive_readable() {
            query(client, &rows_query(state, &comparison), "reading the archive").await?
        } else {
            Vec::new()
        };
        let rows: Vec<Provenance> = rows.iter().flatten().filter_map(provenance).collect();
        comparison.origins = origins(set, &comparison, &rows);
    }
    Ok(comparison)
}

/// The rows of the orphans, and of what was built on them.
fn rows_query(state: &State, comparison: &Comparison) -> String {
    let versions: Vec<String> = comparison.orphans.iter().map(|row| row.version.to_string()).collect();
    let versions = versions.join(",");
    format!(
        "SELECT version, pg_catalog.array_to_string(parents, ',') AS parents FROM {} WHERE history = {} \
         AND (version IN ({versions}) OR parents OPERATOR(pg_catalog.&&) '{{{versions}}}'::pg_catalog.int8[]) ORDER BY version",
        state.table.sibling(ARCHIVE),
        literal(&state.table.name)
    )
}

fn provenance(row: &SimpleQueryRow) -> Option<Provenance> {
    let text = |column: &str| row.try_get(column).ok().flatten();
    let parents = text("parents")?.split(',').filter_map(|parent| parent.parse().ok()).collect();
    Some(Provenance { version: text("version")?.parse().ok()?, parents })
}

/// Where each orphan comes from; pure.
fn origins(set: &Set<'_>, comparison: &Comparison, rows: &[Provenance]) -> BTreeMap<i64, Origin> {
    let archived: BTreeMap<i64, &[i64]> = rows.iter().map(|row| (row.version, row.parents.as_slice())).collect();
    let heads = set.graph.heads();
    let mut origins = BTreeMap::new();
    for orphan in &comparison.orphans {
        let version = orphan.version;
        let is_built_on = rows.iter().any(|row| set.get(row.version).is_some() && row.parents.contains(&version));
        let origin = if is_built_on {
            Origin::Deleted
        } else if !archived.contains_key(&version) {
            Origin::Unknown
        } else if rests_on(&archived, version, &heads) {
            Origin::Newer
        } else {
            Origin::Branch
        };
        origins.insert(version, origin);
    }
    // What was deleted takes along what it was built on.
    let mut below: Vec<i64> =
        origins.iter().filter(|(_, origin)| **origin == Origin::Deleted).map(|(v, _)| *v).collect();
    while let Some(version) = below.pop() {
        for parent in archived.get(&version).copied().unwrap_or_default() {
            if let Some(origin) = origins.get_mut(parent).filter(|origin| **origin != Origin::Deleted) {
                *origin = Origin::Deleted;
                below.push(*parent);
            }
        }
    }
    origins
}

/// Whether all heads are among what a migration builds on. A base rests on them where there are none.
fn rests_on(archived: &BTreeMap<i64, &[i64]>, version: i64, heads: &[i64]) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![version];
    while let Some(at) = open.pop() {
        if seen.insert(at) {
            open.extend(archived.get(&at).copied().unwrap_or_default());
        }
    }
    heads.iter().all(|head| seen.contains(head))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedded::Migration;
    use crate::runtime::Applied;

    fn origin_of(known: &[(i64, &[i64])], applied: &[i64], archived: &[(i64, &[i64])]) -> Vec<(i64, Origin)> {
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
        let set = Set::new(known.iter().map(migration).collect());
        let row = |&version| Applied { version, name: "m".to_owned(), applied_on: String::new(), checksum: 0 };
        let orphans = applied.iter().filter(|version| set.get(**version).is_none()).map(row).collect();
        let comparison = Comparison { orphans, ..Comparison::default() };
        let rows: Vec<Provenance> =
            archived.iter().map(|&(version, parents)| Provenance { version, parents: parents.to_vec() }).collect();
        origins(&set, &comparison, &rows).into_iter().collect()
    }

    #[test]
    fn the_archives_parents_tell_where_an_orphan_comes_from() {
        use Origin::{Branch, Deleted, Newer, Unknown};
        let all: &[(i64, &[i64])] = &[(1, &[]), (2, &[1]), (3, &[2]), (4, &[3])];
        // The last two are gone.
        assert_eq!(origin_of(&[(1, &[]), (2, &[1])], &[1, 2, 3, 4], all), [(3, Newer), (4, Newer)]);
        // One in the middle is gone, and what it was built on.
        assert_eq!(origin_of(&[(1, &[]), (4, &[1])], &[1, 2, 3, 4], all), [(2, Deleted), (3, Deleted)]);
        // Beside what is known: 2 builds on 1, and 3 is known to build on 1, too.
        let beside: &[(i64, &[i64])] = &[(2, &[1]), (5, &[2])];
        assert_eq!(origin_of(&[(1, &[]), (3, &[1])], &[1, 2, 3, 5], beside), [(2, Branch), (5, Branch)]);
        assert_eq!(origin_of(&[(1, &[])], &[1, 2], &[]), [(2, Unknown)]);
        assert_eq!(origin_of(&[], &[1], &[(1, &[])]), [(1, Newer)]);
    }
}
