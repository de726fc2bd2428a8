//! Names of the database objects, quoted and schema-qualified, and the key of the lock over them.

use std::fmt;
use std::hash::Hasher;

use siphasher::sip::SipHasher13;

use super::error::Error;

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

/// A history table as it is configured: `name` or `schema.name`, each part plain or in double quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Configured {
    pub(crate) schema: Option<String>,
    pub(crate) name: String,
}

impl Configured {
    pub(crate) fn parse(text: Option<&str>) -> Result<Self, Error> {
        let text = text.unwrap_or(DEFAULT_HISTORY);
        let mut parts = Vec::new();
        let mut rest = text;
        loop {
            let (part, after) = match rest.strip_prefix('"') {
                Some(quoted) => quoted_part(quoted).ok_or_else(|| Error::HistoryName(text.to_owned()))?,
                None => {
                    let end = rest.find(['.', '"']).unwrap_or(rest.len());
                    (rest[..end].to_owned(), &rest[end..])
                }
            };
            if part.is_empty() || part.len() > 63 || part.contains('\0') {
                return Err(Error::HistoryName(text.to_owned()));
            }
            parts.push(part);
            match after.strip_prefix('.') {
                Some(more) => rest = more,
                None if after.is_empty() => break,
                None => return Err(Error::HistoryName(text.to_owned())),
            }
        }
        let mut parts = parts.into_iter();
        match (parts.next(), parts.next(), parts.next()) {
            (Some(name), None, None) => Ok(Self { schema: None, name }),
            (Some(schema), Some(name), None) => Ok(Self { schema: Some(schema), name }),
            _ => Err(Error::HistoryName(text.to_owned())),
        }
    }

    /// The name as `to_regclass` reads it.
    pub(crate) fn regclass(&self) -> String {
        match &self.schema {
            Some(schema) => format!("{}.{}", identifier(schema), identifier(&self.name)),
            None => identifier(&self.name),
        }
    }
}

fn quoted_part(text: &str) -> Option<(String, &str)> {
    let mut part = String::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c != '"' {
            part.push(c);
        } else if chars.next_if(|(_, next)| *next == '"').is_some() {
            part.push('"');
        } else {
            return Some((part, &text[at + 1..]));
        }
    }
    None
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

    fn parse(text: &str) -> Option<(Option<String>, String)> {
        Configured::parse(Some(text)).ok().map(|configured| (configured.schema, configured.name))
    }

    #[test]
    fn reads_configured_names() {
        assert_eq!(parse("history"), Some((None, "history".into())));
        assert_eq!(parse("app.history"), Some((Some("app".into()), "history".into())));
        assert_eq!(parse(r#""My.App"."h""x""#), Some((Some("My.App".into()), "h\"x".into())));
        for wrong in ["", ".", "a.", "a.b.c", "\"a", "\"a\"b", &"x".repeat(64)] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }

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
