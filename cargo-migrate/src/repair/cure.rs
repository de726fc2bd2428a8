//! What a repair would do, decided before anything is done. Pure.

use std::collections::BTreeSet;
use std::path::Path;

use migrate_build::runtime::{Applied, Comparison, Origin, Set};

use super::evidence::Evidence;
use crate::error::CommandError;

/// The migrations of the files, and these rows' with the texts that were found instead of what the files have, as one history.
pub fn together<'a>(set: &Set<'a>, rows: &[Applied], evidence: &Evidence, shown: &Path) -> Set<'a> {
    let mut all = set.migrations.clone();
    for row in rows {
        if let Some(script) = evidence.scripts.get(&row.version) {
            all.retain(|migration| migration.version != row.version);
            all.push(script.migration(row, set, shown));
        }
    }
    Set::new(all)
}

/// The orphans that a downgrade would revert: all of them.
///
/// # Errors
/// There is none, the texts of one are nowhere to be found, or a migration that stays was built on one.
pub fn revertible(comparison: &Comparison, evidence: &Evidence) -> Result<BTreeSet<i64>, CommandError> {
    for row in &comparison.orphans {
        if !evidence.scripts.contains_key(&row.version) {
            return Err(CommandError::refused(lost(row, evidence)));
        }
        if comparison.origin(row.version) == Origin::Deleted {
            return Err(CommandError::refused(format!(
                "migration {} {} can't be reverted: others that stay were built on it",
                row.version, row.name
            )));
        }
    }
    Ok(comparison.orphans.iter().map(|row| row.version).collect())
}

/// Why the texts of a migration can't be had.
pub fn lost(row: &Applied, evidence: &Evidence) -> String {
    let of_archive = match evidence.flaws.get(&row.version) {
        Some(flaw) => format!("the archive's row {flaw}"),
        None => "the archive has no row of it".to_owned(),
    };
    let of_git = match &evidence.without_git {
        Some(why) => why.clone(),
        None => "git has no file of it with the history's checksum".to_owned(),
    };
    format!("the texts of migration {} {} are nowhere to be found: {of_archive}, and {of_git}", row.version, row.name)
}
