//! What migrations really locked, rewrote and wrote: in words and as JSON.

use migrate_build::runtime::{Taken, TakenLock};
use serde_json::{Value, json};

use crate::engine::follow::time;
use crate::hazards::LockMode;
use crate::plan::size;

/// A line for each relation that was there before, with its strongest lock, and one that sums the migration up.
pub fn lines(taken: &Taken) -> Vec<String> {
    let Taken { version, name, locks, rewritten, wal, duration } = taken;
    let title = format!("{version} {name}");
    let mut lines = Vec::new();
    for lock in strongest(locks.as_deref().unwrap_or_default()) {
        let mode = LockMode::from_pg_locks(&lock.mode);
        let blocks = mode.map(|mode| mode.blocks().describe()).filter(|blocked| *blocked != "nothing");
        let blocks = blocks.map(|blocked| format!(": blocked {blocked}")).unwrap_or_default();
        let TakenLock { relation, held, .. } = &lock;
        let mode = mode.map_or(lock.mode.as_str(), |mode| mode.name());
        lines.push(format!("{title}: {mode} on {relation} for up to {}{blocks}", time(*held)));
    }
    let mut facts = vec![format!("{title}: {}", time(*duration)), format!("{} of WAL", size(*wal))];
    if !rewritten.is_empty() {
        facts.push(format!("rewrote {}", rewritten.join(", ")));
    }
    if locks.is_none() {
        facts.push("locks are not recorded outside a transaction".to_owned());
    }
    lines.push(facts.join(", "));
    lines
}

/// Whether others could not go on with their work beside it.
pub fn matters(taken: &Taken) -> bool {
    let strong = |lock: &TakenLock| LockMode::from_pg_locks(&lock.mode).is_none_or(LockMode::is_dangerous);
    !taken.rewritten.is_empty() || strongest(taken.locks.as_deref().unwrap_or_default()).iter().any(strong)
}

/// The strongest lock on each relation that was there before, held since the first of them.
pub fn strongest(locks: &[TakenLock]) -> Vec<TakenLock> {
    let mut strongest: Vec<TakenLock> = Vec::new();
    for lock in locks.iter().filter(|lock| !lock.created) {
        match strongest.iter_mut().find(|known| known.relation == lock.relation) {
            Some(known) if LockMode::from_pg_locks(&known.mode) < LockMode::from_pg_locks(&lock.mode) => {
                *known = lock.clone();
            }
            Some(_) => {}
            None => strongest.push(lock.clone()),
        }
    }
    strongest
}

/// All of it, for programs.
pub fn to_json(taken: &Taken) -> Value {
    let Taken { version, name, locks, rewritten, wal, duration } = taken;
    let milliseconds = |duration: std::time::Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    let lock = |TakenLock { relation, mode, held, created }: &TakenLock| json!({ "relation": relation, "mode": mode, "held_milliseconds": milliseconds(*held), "created": created });
    json!({
        "version": version,
        "name": name,
        "locks": locks.as_ref().map(|locks| locks.iter().map(lock).collect::<Vec<_>>()),
        "rewritten": rewritten,
        "wal_bytes": wal,
        "milliseconds": milliseconds(*duration),
    })
}
