//! Changes that the lock file answers for: a seal that holds says what is right, whatever a commit has, and one that was broken
//! says why it is another now. Pure.

use std::collections::BTreeSet;

use migrate_build::lock::Lock;

use super::compare::{Change, What};
use super::gather::Gathered;

/// The migrations whose change here is none: they were sealed where both sides parted, and their seal still holds as it
/// was, or was broken since. A seal that came later answers for nothing, or sealing would hide an edit.
pub fn answered(gathered: &Gathered, lock: &Lock) -> BTreeSet<String> {
    let is_answered = |change: &&Change| {
        // A commit may have renamed what was sealed: then this is the way back.
        let entry = match &change.what {
            What::Renamed { to } => to,
            What::Edited { .. } | What::Reparented { .. } | What::Deleted => &change.was,
        };
        let Some(seal) = gathered.sealed.find(entry.version) else { return false };
        let is_broken = || lock.breaks.iter().any(|broken| broken.seal == *seal);
        entry.stem() == seal.stem && (lock.find(seal.version) == Some(seal) || is_broken())
    };
    let changes = gathered.comparison.changes.iter().filter(|change| change.here);
    changes.filter(is_answered).map(|change| change.was.stem()).collect()
}
