//! A history and a database side by side.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::error::Error;
use super::provenance::Origin;
use super::refusal::Refusal;
use super::set::Set;
use super::state::{Applied, State};
use crate::checksum::{VersionWidth, refinery_checksum};
use crate::embedded::Migration;
use crate::graph::GraphError;

/// What a database has and lacks of a history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Applied migrations of the history.
    pub applied: BTreeSet<i64>,
    /// Migrations of the history that are not applied, in the order in which they would be.
    pub pending: Vec<i64>,
    /// Rows of which the history knows nothing.
    pub orphans: Vec<Applied>,
    /// Where the orphans come from, where that was looked up; see [`compare`](super::compare).
    pub origins: BTreeMap<i64, Origin>,
    /// Rows whose name or checksum is not that of the history's migration.
    pub divergent: Vec<Applied>,
    /// Applied migrations and their parents that are not applied.
    pub unparented: Vec<(i64, i64)>,
    /// The applied migrations on which no other applied one builds.
    pub heads: Vec<i64>,
    /// The highest version of the history.
    pub newest: Option<i64>,
    /// What is wrong with the history's graph.
    pub errors: Vec<GraphError>,
}

impl Comparison {
    /// Compares; pure.
    pub fn new(set: &Set<'_>, state: &State) -> Self {
        let mut comparison = Self { errors: set.errors.clone(), ..Self::default() };
        for row in &state.applied {
            match set.get(row.version) {
                None => comparison.orphans.push(row.clone()),
                Some(migration) => {
                    comparison.applied.insert(row.version);
                    if !agrees(row, migration, state.width) {
                        comparison.divergent.push(row.clone());
                    }
                }
            }
        }
        for version in set.graph.versions() {
            if comparison.applied.contains(&version) {
                let missing = set.graph.parents(version).iter().filter(|parent| !comparison.applied.contains(parent));
                comparison.unparented.extend(missing.map(|&parent| (version, parent)));
            } else {
                comparison.pending.push(version);
            }
        }
        comparison.heads = set.graph.heads_of(&comparison.applied);
        comparison.newest = set.graph.versions().next_back();
        comparison
    }

    /// Whether all that is unknown came after all that is known: the program or checkout is older than the database.
    pub fn ahead(&self) -> bool {
        let is_newer = |orphan: &Applied| match self.origin(orphan.version) {
            Origin::Newer => true,
            Origin::Unknown => self.newest.is_none_or(|newest| orphan.version > newest),
            Origin::Deleted | Origin::Branch => false,
        };
        !self.orphans.is_empty() && self.orphans.iter().all(is_newer)
    }

    /// Where an orphan comes from.
    pub fn origin(&self, version: i64) -> Origin {
        self.origins.get(&version).copied().unwrap_or(Origin::Unknown)
    }

    /// Refuses a database that this history can't be applied to.
    ///
    /// # Errors
    /// A [`Refusal`]: the history's graph is broken, or the database is ahead, has orphans, is divergent, or has a
    /// migration without its parent.
    pub fn refuse(&self) -> Result<(), Error> {
        if let Some(error) = self.errors.first() {
            let what = match error {
                GraphError::Duplicate { version } => format!("version {version} occurs twice"),
                GraphError::MissingParent { version, parent } => {
                    format!("migration {version} builds on {parent}, which does not exist")
                }
                GraphError::ParentNotOlder { version, parent } => {
                    format!("migration {version} builds on {parent}, which is not older")
                }
            };
            return Err(Refusal::BrokenGraph(what).into());
        }
        if !self.divergent.is_empty() {
            return Err(Refusal::Divergent { divergent: self.divergent.clone() }.into());
        }
        if self.ahead() {
            return Err(Refusal::Ahead { orphans: self.orphans.clone(), head: self.newest }.into());
        }
        if !self.orphans.is_empty() {
            let orphans = self.orphans.clone();
            let is = |origin| orphans.iter().any(|orphan| self.origin(orphan.version) == origin);
            return Err(match (is(Origin::Deleted), is(Origin::Branch)) {
                (true, _) => Refusal::Deleted { orphans },
                (false, true) => Refusal::OtherBranch { orphans },
                (false, false) => Refusal::Orphans { orphans },
            }
            .into());
        }
        if let Some(&(version, parent)) = self.unparented.first() {
            return Err(Refusal::Unparented { version, parent }.into());
        }
        Ok(())
    }
}

/// Whether a row was written for this migration. Refinery hashes raw text, so a row that it wrote from a file with CRLF or a
/// byte-order mark counts as equal, and so does one that was hashed before the column was widened.
pub fn agrees(row: &Applied, migration: &Migration<'_>, width: VersionWidth) -> bool {
    if row.name != migration.name {
        return false;
    }
    let hash = |sql: &str, width| refinery_checksum(&migration.name, migration.version, sql, width);
    if hash(&migration.up, width) == row.checksum {
        return true;
    }
    let crlf = migration.up.replace('\n', "\r\n");
    let variants = [
        Cow::Borrowed(&*migration.up),
        Cow::Owned(format!("\u{feff}{}", migration.up)),
        Cow::Owned(format!("\u{feff}{crlf}")),
        Cow::Owned(crlf),
    ];
    let widths: &[VersionWidth] = match width {
        VersionWidth::Int8 if VersionWidth::Int4.holds(migration.version) => &[VersionWidth::Int8, VersionWidth::Int4],
        VersionWidth::Int8 => &[VersionWidth::Int8],
        VersionWidth::Int4 => &[VersionWidth::Int4],
    };
    variants.iter().any(|sql| widths.iter().any(|&width| hash(sql, width) == row.checksum))
}
