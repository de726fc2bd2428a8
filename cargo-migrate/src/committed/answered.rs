//! Changes that the lock file answers for: a seal that holds says what is right, whatever a commit has, and one that was broken
//! says why it is another now. Pure.

use std::collections::BTreeSet;

use migrate_build::lock::Lock;

use super::gather::Gathered;

/// The migrations whose change here is none: they were sealed where both sides parted, and their seal still holds as it
/// was, or was broken since. A seal that came later answers for nothing, or sealing would hide an edit.
pub fn answered(gathered: &Gathered, lock: &Lock) -> BTreeSet<String> {
    let changes = gathered.comparison.changes.iter().filter(|change| change.here);
    let stems = changes.map(|change| (change.was.version, change.was.stem()));
    let is_answered = |(version, stem): &(i64, String)| {
        gathered.sealed.find(*version).is_some_and(|seal| {
            &seal.stem == stem
                && (lock.find(*version) == Some(seal) || lock.breaks.iter().any(|broken| broken.seal == *seal))
        })
    };
    stems.filter(is_answered).map(|(_, stem)| stem).collect()
}
