//! Names of the database objects, quoted and schema-qualified, and the key of the lock over them.

use std::fmt;
use std::hash::Hasher;

use siphasher::sip::SipHasher13;

use super::error::Error;
use crate::history_name::HistoryName;

/// Refinery's own name for its history table.
pub const DEFAULT_HISTORY: &str = "refinery_schema_history";

/// A schema-qualified table. `Display` quotes both names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Table {
    /// The schema's name, unquoted.
    pub schema: String,
    /// The table's name, unquoted.
    pub name: String,
}

impl Table {
    /// The table `name` beside this one.
    pub fn sibling(&self, name: &str) -> Self {
        Self { schema: self.schema.clone(), name: name.to_owned() }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", identifier(&self.schema), identifier(&self.name))
    }
}

/// The configured history table, or refinery's own.
pub(super) fn configured(text: Option<&str>) -> Result<HistoryName, Error> {
    HistoryName::parse(text.unwrap_or(DEFAULT_HISTORY)).map_err(Error::HistoryName)
}

/// The name as `to_regclass` reads it.
pub(super) fn regclass(name: &HistoryName) -> String {
    match &name.schema {
        Some(schema) => format!("{}.{}", identifier(schema), identifier(&name.table)),
        None => identifier(&name.table),
    }
}

/// Quotes an identifier, always.
pub(crate) fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Quotes a string literal; right under either setting of `standard_conforming_strings`.
pub(crate) fn literal(text: &str) -> String {
    let quotes = text.replace('\'', "''");
    if quotes.contains('\\') { format!(" E'{}'", quotes.replace('\\', "\\\\")) } else { format!("'{quotes}'") }
}

/// The key of the advisory lock that serialises all writers of one history: SipHash-1-3 with zero keys over
/// `cargo-migrate`, schema and name, each ended by a zero byte.
pub fn advisory_key(history: &Table) -> i64 {
    let mut hasher = SipHasher13::new();
    for part in ["cargo-migrate", &history.schema, &history.name] {
        hasher.write(part.as_bytes());
        hasher.write_u8(0);
    }
    hasher.finish().cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes() {
        assert_eq!(literal("it's"), "'it''s'");
        assert_eq!(literal(r"\'"), r" E'\\'''");
        assert_eq!(Table { schema: "a\"".into(), name: "B".into() }.to_string(), r#""a"""."B""#);
    }

    /// Other versions of this crate must take the same lock: this number never changes.
    #[test]
    fn the_lock_key_is_pinned() {
        let table = Table { schema: "public".into(), name: DEFAULT_HISTORY.into() };
        assert_eq!(advisory_key(&table), 8_398_119_159_236_240_479);
    }
}
