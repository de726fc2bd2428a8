//! What findings say of locks.

use crate::hazards::{Analysis, Effect, LockMode, Work};

/// The lock that matters most: the one that holds up most for longest.
pub(super) fn worst(analysis: &Analysis) -> Option<&Effect> {
    let key = |effect: &&Effect| (effect.mode.is_dangerous(), effect.work, effect.mode);
    // The first of equals, as the text has it.
    analysis.effects.iter().rev().max_by_key(key)
}

/// `ACCESS EXCLUSIVE on `books`: blocks reads and writes`
pub(super) fn lock(effect: &Effect) -> String {
    match effect.mode.blocks().describe() {
        "nothing" => format!("{} on {}", effect.mode, effect.on),
        blocked => format!("{} on {}: blocks {blocked}", effect.mode, effect.on),
    }
}

/// What the lock lasts for.
pub(super) fn lasts(effect: &Effect, in_transaction: bool) -> Option<String> {
    if !effect.mode.is_dangerous() {
        return None;
    }
    let work = match effect.work {
        Work::Instant => "is short in itself",
        Work::Scan => "lasts while the whole table is read",
        Work::Rewrite => "lasts while the whole table and its indexes are written anew",
        Work::Unknown => "lasts nobody knows how long",
    };
    let end = if in_transaction { ", and is kept until the migration ends" } else { "" };
    let queue = if effect.mode == LockMode::AccessExclusive {
        "; while it is waited for, every query of the table waits behind it"
    } else {
        ""
    };
    Some(format!("the lock of `{}` {work}{end}{queue}", effect.action))
}
