//! What a backfill is: one statement that changes the rows of a large table, run in batches.

use std::time::Duration;

/// Rows of a batch where the header names no number.
pub const BATCH: u32 = 1000;

/// How far a standby may fall behind where the header doesn't say.
pub const MAX_LAG: Duration = Duration::from_secs(10);

/// `backfill = { table = "books", key = "id", batch = 1000 }` in a header: the script's one statement is run once for each batch of
/// rows, in the order of the key, with the batch's first key as `$1` and its last one as `$2`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backfill {
    /// The table that is gone through, as SQL names it.
    pub table: String,
    /// The column that orders it, as the catalogue names it.
    pub key: String,
    /// Rows of a batch, at most.
    pub batch: u32,
    /// A pause after each batch.
    pub pause: Duration,
    /// How far a standby may fall behind before the next batch waits.
    pub max_lag: Duration,
}

/// What separates the parts in the embedded text: no name holds it.
const SEPARATOR: char = '\u{1f}';

impl Backfill {
    /// One field of the embedded text.
    pub(crate) fn to_field(&self) -> String {
        let Self { table, key, batch, pause, max_lag } = self;
        let times = [pause, max_lag].map(|time| time.as_millis().to_string());
        [table.as_str(), key, &batch.to_string(), &times[0], &times[1]].join(&SEPARATOR.to_string())
    }

    /// Reads [`Backfill::to_field`].
    pub(crate) fn from_field(field: &str) -> Option<Self> {
        let mut parts = field.split(SEPARATOR);
        let (table, key, batch) = (parts.next()?.to_owned(), parts.next()?.to_owned(), parts.next()?.parse().ok()?);
        let mut time = || Some(Duration::from_millis(parts.next()?.parse().ok()?));
        Some(Self { table, key, batch, pause: time()?, max_lag: time()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_read_back() {
        let backfill = Backfill {
            table: "app.\"My books\"".into(),
            key: "id".into(),
            batch: 7,
            pause: Duration::from_millis(20),
            max_lag: MAX_LAG,
        };
        assert_eq!(Backfill::from_field(&backfill.to_field()), Some(backfill));
        assert_eq!(Backfill::from_field("books"), None);
    }
}
