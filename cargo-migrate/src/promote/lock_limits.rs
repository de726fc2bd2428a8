//! What an environment's migrations may lock, and for how long.

use std::time::Duration;

use migrate_build::runtime::{Taken, TakenLock};

use super::gate::{Failure, Tried};
use crate::engine::follow::time;
use crate::hazards::LockMode;

/// The limits, as far as they are configured.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Limits {
    /// The strongest lock on a relation that is there.
    pub(super) mode: Option<LockMode>,
    /// How long one may be held that others can't write beside.
    pub(super) time: Option<Duration>,
}

impl Limits {
    /// Whether there are any.
    pub(super) fn are_set(self) -> bool {
        self.mode.is_some() || self.time.is_some()
    }

    /// What is beyond them in one lock.
    fn beyond(self, lock: &TakenLock) -> Option<String> {
        let mode = LockMode::from_pg_locks(&lock.mode).filter(|_| !lock.created)?;
        let TakenLock { relation, held, .. } = lock;
        if self.mode.is_some_and(|limit| mode > limit) {
            return Some(format!("{mode} on {relation}, which is more than `max-lock` allows"));
        }
        let limit = self.time.filter(|limit| mode.is_dangerous() && held > limit)?;
        Some(format!("{mode} on {relation} for {}, and `max-lock-time` is {}", time(*held), time(limit)))
    }
}

/// Fails where a migration took more than it may; each of them once for each relation.
pub(super) fn within(limits: Limits, taken: &[Taken]) -> Tried<()> {
    let failures: Vec<Failure> = taken.iter().filter_map(|taken| failure(limits, taken)).collect();
    let count: usize = taken.iter().flat_map(|taken| &taken.locks).map(Vec::len).sum();
    let tried = Tried::passed(()).note(if count == 1 { "1 lock".to_owned() } else { format!("{count} locks") });
    Tried { failures, ..tried }
}

fn failure(limits: Limits, taken: &Taken) -> Option<Failure> {
    let locks = taken.locks.as_deref().unwrap_or_default();
    let beyond: Vec<String> = locks.iter().filter_map(|lock| limits.beyond(lock)).collect();
    if beyond.is_empty() {
        return None;
    }
    let message = format!("{} {} locks more than it may", taken.version, taken.name);
    let failure = Failure::new(message).body(beyond.iter().map(|line| format!("{line}\n")).collect::<String>());
    Some(failure.help("`cargo migrate lint` names the way that locks less"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock(mode: LockMode, held: u64, created: bool) -> TakenLock {
        let held = Duration::from_millis(held);
        TakenLock { relation: "public.a".to_owned(), mode: mode.pg_locks_name().to_owned(), held, created }
    }

    #[test]
    fn level_and_time_are_limits_of_their_own() {
        let mode = Limits { mode: Some(LockMode::ShareRowExclusive), time: None };
        assert!(mode.beyond(&lock(LockMode::ShareRowExclusive, 9999, false)).is_none());
        assert!(mode.beyond(&lock(LockMode::AccessExclusive, 0, true)).is_none());
        assert_eq!(
            mode.beyond(&lock(LockMode::Exclusive, 0, false)).unwrap(),
            "EXCLUSIVE on public.a, which is more than `max-lock` allows"
        );
        let held = Limits { mode: None, time: Some(Duration::from_millis(100)) };
        assert!(held.beyond(&lock(LockMode::AccessExclusive, 100, false)).is_none());
        assert!(held.beyond(&lock(LockMode::RowExclusive, 9999, false)).is_none());
        assert_eq!(
            held.beyond(&lock(LockMode::Share, 101, false)).unwrap(),
            "SHARE on public.a for 101 ms, and `max-lock-time` is 100 ms"
        );
        assert!(!Limits::default().are_set());
    }
}
