//! How fast a backfill goes: slower where its own batches take long, and not at all while a standby is too far behind.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::backfill::Backfill;

/// A batch that takes longer is followed by one of half its size.
const SLOW: Duration = Duration::from_secs(1);
/// A batch that takes less is followed by one of twice its size, up to what the header says.
const QUICK: Duration = Duration::from_millis(250);

/// The standbys are not looked at more often.
const LOOK: Duration = Duration::from_millis(25);

/// The speed of one backfill.
#[derive(Debug)]
pub(super) struct Throttle {
    most: u32,
    size: u32,
    /// Where the log was written to, and when; what every standby has replayed is forgotten.
    written: VecDeque<(Instant, u64)>,
    looked: Option<Instant>,
}

impl Throttle {
    pub(super) fn new(backfill: &Backfill) -> Self {
        Self { most: backfill.batch, size: backfill.batch, written: VecDeque::new(), looked: None }
    }

    /// Rows of the next batch.
    pub(super) fn size(&self) -> u32 {
        self.size
    }

    /// Whether that is as many as the header says.
    pub(super) fn is_full(&self) -> bool {
        self.size == self.most
    }

    /// Takes how long a batch took.
    pub(super) fn took(&mut self, elapsed: Duration) {
        if elapsed > SLOW {
            self.size = (self.size / 2).max(1);
        } else if elapsed < QUICK {
            self.size = self.size.saturating_mul(2).min(self.most);
        }
    }

    /// Whether the standbys are to be looked at with this batch; small batches follow each other more quickly than a standby falls behind.
    pub(super) fn looks(&mut self, now: Instant) -> bool {
        let looks = self.looked.is_none_or(|before| now.saturating_duration_since(before) >= LOOK);
        if looks {
            self.looked = Some(now);
        }
        looks
    }

    /// Takes where the log is written to now, and how far the slowest standby has replayed it. Returns how far behind that one is:
    /// since when there is something that it lacks. It is measured by this backfill's own writing, since a standby that stands
    /// still reports no lag of its own.
    pub(super) fn lag(&mut self, now: Instant, written: u64, replayed: Option<u64>) -> Duration {
        let Some(replayed) = replayed else {
            self.written.clear();
            return Duration::ZERO;
        };
        if self.written.back().is_none_or(|(_, before)| *before < written) {
            self.written.push_back((now, written));
        }
        while self.written.front().is_some_and(|(_, place)| *place <= replayed) {
            self.written.pop_front();
        }
        self.written.front().map_or(Duration::ZERO, |(since, _)| now.saturating_duration_since(*since))
    }
}

/// A place in the write-ahead log, as `pg_lsn` is printed: `16/B374D848`.
pub(super) fn place(text: &str) -> Option<u64> {
    let (high, low) = text.split_once('/')?;
    Some(u64::from_str_radix(high, 16).ok()? << 32 | u64::from_str_radix(low, 16).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn throttle() -> Throttle {
        let (pause, max_lag) = (Duration::ZERO, Duration::from_secs(10));
        Throttle::new(&Backfill { table: "t".into(), key: "id".into(), batch: 100, pause, max_lag })
    }

    #[test]
    fn batches_shrink_where_they_take_long() {
        let mut throttle = throttle();
        let mut after = |ms| {
            throttle.took(Duration::from_millis(ms));
            throttle.size()
        };
        assert_eq!(
            [after(1001), after(1001), after(500), after(100), after(100), after(100)],
            [50, 25, 25, 50, 100, 100]
        );
        for _ in 0..20 {
            after(2000);
        }
        assert_eq!(after(2000), 1);
    }

    #[test]
    fn a_standby_that_stands_still_falls_behind() {
        let mut throttle = throttle();
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(throttle.lag(at(0), 10, Some(10)), Duration::ZERO);
        assert_eq!(throttle.lag(at(1), 20, Some(10)), Duration::ZERO);
        assert_eq!(throttle.lag(at(3), 30, Some(10)), Duration::from_secs(2));
        assert_eq!(throttle.lag(at(9), 30, Some(10)), Duration::from_secs(8));
        assert_eq!(throttle.lag(at(9), 30, Some(25)), Duration::from_secs(6));
        assert_eq!(throttle.lag(at(9), 30, Some(30)), Duration::ZERO);
        throttle.lag(at(10), 40, Some(30));
        assert_eq!(throttle.lag(at(20), 40, None), Duration::ZERO, "there is no standby any more");
    }

    #[test]
    fn standbys_are_looked_at_now_and_then() {
        let mut throttle = throttle();
        let start = Instant::now();
        let looks: Vec<bool> = [0, 5, 24, 25, 30, 49, 100]
            .into_iter()
            .map(|ms| throttle.looks(start + Duration::from_millis(ms)))
            .collect();
        assert_eq!(looks, [true, false, false, true, false, false, true]);
    }

    #[test]
    fn places_are_read() {
        assert_eq!(place("16/B374D848"), Some(0x16_B374_D848));
        assert_eq!(place("0/0"), Some(0));
        assert_eq!(place("16"), None);
    }
}
