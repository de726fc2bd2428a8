//! Durations as PostgreSQL writes them: `500ms`, `5s`, `1min`, `2h`.

use std::time::Duration;

/// Reads a duration: a whole number and its unit.
///
/// # Errors
/// What would be right.
pub fn parse(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let wrong = || "expected a whole number with its unit `ms`, `s`, `min` or `h`, for example `5s`".to_owned();
    let number: u64 = number.parse().map_err(|_| wrong())?;
    let milliseconds = match unit.trim_start() {
        "ms" => 1,
        "s" => 1_000,
        "min" | "m" => 60_000,
        "h" => 3_600_000,
        "" if number == 0 => 1,
        _ => return Err(wrong()),
    };
    // PostgreSQL keeps timeouts as 32-bit milliseconds.
    match number.checked_mul(milliseconds) {
        Some(total) if total <= i32::MAX as u64 => Ok(Duration::from_millis(total)),
        _ => Err("longer than PostgreSQL's longest timeout, 24 days".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_numbers_with_units() {
        assert_eq!(parse("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(parse(" 5 s"), Ok(Duration::from_secs(5)));
        assert_eq!(parse("1min"), Ok(Duration::from_secs(60)));
        assert_eq!(parse("2h"), Ok(Duration::from_secs(7200)));
        assert_eq!(parse("0"), Ok(Duration::ZERO));
        for wrong in ["", "5", "s", "5 weeks", "-1s", "1.5s", "99999999999999999999s", "1000h"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
