//! Durations as PostgreSQL's settings write them: `500ms`, `5s`, `1min`, `2h`, `1d`.

use std::fmt;
use std::time::Duration;

/// The units, largest first, with their length in milliseconds.
const UNITS: [(&str, u64); 5] = [("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1000), ("ms", 1)];

/// The longest timeout that PostgreSQL takes: its settings are 32-bit numbers of milliseconds.
const LONGEST: u64 = i32::MAX as u64;

/// Why a text is no duration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DurationError {
    /// It does not start with a whole number.
    NoNumber,
    /// There is nothing after the number.
    NoUnit,
    /// What follows the number is no unit.
    UnknownUnit(String),
    /// It is longer than PostgreSQL's timeouts can be.
    TooLong,
}

impl fmt::Display for DurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoNumber => f.write_str("a duration is a whole number and a unit"),
            Self::NoUnit => f.write_str("the duration has no unit"),
            Self::UnknownUnit(unit) => write!(f, "`{unit}` is not a unit of time"),
            Self::TooLong => f.write_str("the duration is longer than PostgreSQL's 2147483647 milliseconds"),
        }
    }
}

impl std::error::Error for DurationError {}

/// What a duration looks like, for the help of a message about one.
pub const EXAMPLES: &str = "write a whole number and a unit out of `ms`, `s`, `min`, `h`, `d`, for example `5s`";

/// Why a lock timeout can't be nothing.
pub const NO_LOCK_TIMEOUT: &str =
    "`0` is no limit to PostgreSQL: the migration would queue for a lock, and everybody who wants the table behind it";

/// What to do instead.
pub const NO_LOCK_TIMEOUT_HELP: &str =
    "write how long it may wait, for example `3s`, or run it by `--on-blocked wait` if it shall queue";

/// Reads a duration; `0` and `0s` are one, which as a timeout stands for none, as in PostgreSQL.
///
/// # Errors
/// What is wrong with it.
pub fn parse(text: &str) -> Result<Duration, DurationError> {
    match parse_any(text)? {
        duration if duration <= Duration::from_millis(LONGEST) => Ok(duration),
        _ => Err(DurationError::TooLong),
    }
}

/// Reads a duration that is no timeout of PostgreSQL's, and so may be longer.
///
/// # Errors
/// What is wrong with it.
pub fn parse_any(text: &str) -> Result<Duration, DurationError> {
    let text = text.trim();
    if text == "0" {
        return Ok(Duration::ZERO);
    }
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    if number.is_empty() {
        return Err(DurationError::NoNumber);
    }
    let unit = unit.trim_start();
    if unit.is_empty() {
        return Err(DurationError::NoUnit);
    }
    let Some(&(_, length)) = UNITS.iter().find(|(name, _)| *name == unit) else {
        return Err(DurationError::UnknownUnit(unit.to_owned()));
    };
    let milliseconds = number.parse::<u64>().ok().and_then(|number| number.checked_mul(length));
    milliseconds.map(Duration::from_millis).ok_or(DurationError::TooLong)
}

/// Writes a duration in the largest unit that divides it, so that [`parse`] reads it back; parts of a millisecond are
/// dropped.
pub fn format(duration: Duration) -> String {
    let milliseconds = duration.as_millis();
    if milliseconds == 0 {
        return "0s".to_owned();
    }
    let (unit, length) =
        UNITS.into_iter().find(|&(_, length)| milliseconds.is_multiple_of(u128::from(length))).unwrap_or(("ms", 1));
    format!("{}{unit}", milliseconds / u128::from(length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        for text in ["500ms", "5s", "1min", "2h", "3d", "0s", "1500ms", "90min"] {
            assert_eq!(format(parse(text).unwrap()), text);
        }
        assert_eq!(parse(" 60 s "), Ok(Duration::from_secs(60)));
        assert_eq!(format(Duration::from_secs(60)), "1min");
    }

    #[test]
    fn refuses_with_a_reason() {
        assert_eq!(parse("soon"), Err(DurationError::NoNumber));
        assert_eq!(parse("-5s"), Err(DurationError::NoNumber));
        assert_eq!(parse("5"), Err(DurationError::NoUnit));
        assert_eq!(parse("5m"), Err(DurationError::UnknownUnit("m".to_owned())));
        assert_eq!(parse("1.5s"), Err(DurationError::UnknownUnit(".5s".to_owned())));
        assert_eq!(parse("25d"), Err(DurationError::TooLong));
        assert_eq!(parse("99999999999999999999d"), Err(DurationError::TooLong));
        assert_eq!(parse_any("30d"), Ok(Duration::from_secs(2_592_000)));
        assert_eq!(parse_any("99999999999999999999d"), Err(DurationError::TooLong));
        assert_eq!(DurationError::NoUnit.to_string(), "the duration has no unit");
    }
}
