//! The version of a new migration.

use std::time::Duration;

use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time};

/// Every version that could follow is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no version is left above {newest}")]
pub struct NoVersionLeft {
    /// The highest version there is.
    pub newest: i64,
}

/// Returns `now` as `YYYYMMDDHHMMSS`, or the second after `newest` where the clock is behind it: a parent must always be
/// older than its child, however wrong the clock is.
///
/// # Errors
/// `newest` is the highest number there is.
pub fn timestamp(now: OffsetDateTime, newest: Option<i64>) -> Result<i64, NoVersionLeft> {
    let now = to_version(now);
    match newest {
        Some(newest) if newest >= now => match to_time(newest) {
            Some(time) => Ok(to_version(time.saturating_add(time::Duration::SECOND)).max(newest.saturating_add(1))),
            None => sequential(Some(newest)),
        },
        _ => Ok(now),
    }
}

/// Returns the number after `newest`, 1 where there is none.
///
/// # Errors
/// `newest` is the highest number there is.
pub fn sequential(newest: Option<i64>) -> Result<i64, NoVersionLeft> {
    let newest = newest.unwrap_or(0);
    newest.checked_add(1).ok_or(NoVersionLeft { newest })
}

/// How long after `now` a timestamp version lies, if it does: the sign of a clock that is wrong, here or where that
/// migration was made.
pub fn ahead(version: i64, now: OffsetDateTime) -> Option<Duration> {
    Duration::try_from(to_time(version)? - now).ok().filter(|ahead| !ahead.is_zero())
}

fn to_version(time: OffsetDateTime) -> i64 {
    [
        (i64::from(u8::from(time.month())), 100),
        (time.day().into(), 100),
        (time.hour().into(), 100),
        (time.minute().into(), 100),
        (time.second().into(), 100),
    ]
    .into_iter()
    .fold(time.year().into(), |version, (part, places)| version * places + part)
}

fn to_time(version: i64) -> Option<OffsetDateTime> {
    let part = |divisor: i64| u8::try_from(version / divisor % 100).ok();
    let year = i32::try_from(version / 10_000_000_000).ok().filter(|year| (1970..=9999).contains(year))?;
    let date = Date::from_calendar_date(year, Month::try_from(part(100_000_000)?).ok()?, part(1_000_000)?).ok()?;
    let time = Time::from_hms(part(10_000)?, part(100)?, part(1)?).ok()?;
    Some(PrimitiveDateTime::new(date, time).assume_utc())
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn is_the_time_in_utc() {
        let now = datetime!(2026-11-23 01:02:03.9 UTC);
        assert_eq!(timestamp(now, None), Ok(20_261_123_010_203));
        assert_eq!(timestamp(now, Some(20_261_123_010_202)), Ok(20_261_123_010_203));
        assert_eq!(to_time(20_261_123_010_203), Some(datetime!(2026-11-23 01:02:03 UTC)));
    }

    #[test]
    fn a_clock_that_is_behind_still_gives_a_younger_version() {
        let now = datetime!(2026-11-23 01:02:03 UTC);
        for (newest, next) in [
            (20_261_123_010_203, 20_261_123_010_204),
            (20_261_231_235_959, 20_270_101_000_000),
            (20_261_231_235_999, 20_261_231_236_000),
            (99_991_231_235_959, 99_991_231_235_960),
            (i64::MAX - 1, i64::MAX),
        ] {
            assert_eq!(timestamp(now, Some(newest)), Ok(next));
        }
        assert_eq!(timestamp(now, Some(i64::MAX)), Err(NoVersionLeft { newest: i64::MAX }));
        assert_eq!(ahead(20_261_123_010_204, now), Some(Duration::from_secs(1)));
        assert_eq!(ahead(20_261_123_010_203, now), None);
        assert_eq!(ahead(7, now), None);
    }

    #[test]
    fn numbers_follow_each_other() {
        assert_eq!(sequential(None), Ok(1));
        assert_eq!(sequential(Some(41)), Ok(42));
        assert_eq!(sequential(Some(i64::MAX)), Err(NoVersionLeft { newest: i64::MAX }));
    }
}
