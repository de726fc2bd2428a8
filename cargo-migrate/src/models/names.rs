//! What keys and indexes are called where the models don't say: `pk_books`, `uq_books_isbn`, …

use std::collections::BTreeMap;

use migrate_build_model::MAX_NAME;
use sha2::{Digest, Sha256};

/// The kinds of names that a pattern can be configured for: keys of `names` in `[package.metadata.migrate]`, sorted.
pub const PATTERN_KEYS: [&str; 6] = ["check", "exclusion", "foreign-key", "index", "primary-key", "unique"];

/// How names are made; each holds `{table}`, and all but the primary key's `{columns}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamePatterns {
    /// Primary keys.
    pub primary_key: String,
    /// Unique constraints and unique indexes.
    pub unique: String,
    /// Other indexes.
    pub index: String,
    /// Foreign keys.
    pub foreign_key: String,
    /// Checks.
    pub check: String,
    /// Exclusion constraints.
    pub exclusion: String,
}

impl Default for NamePatterns {
    fn default() -> Self {
        Self {
            primary_key: "pk_{table}".to_owned(),
            unique: "uq_{table}_{columns}".to_owned(),
            index: "ix_{table}_{columns}".to_owned(),
            foreign_key: "fk_{table}_{columns}".to_owned(),
            check: "ck_{table}_{columns}".to_owned(),
            exclusion: "ex_{table}_{columns}".to_owned(),
        }
    }
}

/// Why a text is no pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// A key that is none of [`PATTERN_KEYS`].
    #[error("unknown kind of name `{0}`")]
    Key(String),
    /// `{table}` or `{columns}` is not in it.
    #[error("`{key}` lacks `{lacks}`")]
    Lacks {
        /// The pattern's key.
        key: String,
        /// What is not in it.
        lacks: &'static str,
    },
    /// Something else in braces.
    #[error("`{key}` holds an unknown `{{…}}`")]
    Placeholder {
        /// The pattern's key.
        key: String,
    },
}

impl NamePatterns {
    /// The default patterns with those given in the place of some.
    ///
    /// # Errors
    /// One is unknown or lacks what makes its names differ.
    pub fn new(given: &BTreeMap<String, String>) -> Result<Self, PatternError> {
        let mut patterns = Self::default();
        for (key, pattern) in given {
            let slot = match key.as_str() {
                "primary-key" => &mut patterns.primary_key,
                "unique" => &mut patterns.unique,
                "index" => &mut patterns.index,
                "foreign-key" => &mut patterns.foreign_key,
                "check" => &mut patterns.check,
                "exclusion" => &mut patterns.exclusion,
                _ => return Err(PatternError::Key(key.clone())),
            };
            let needed: &[&'static str] = if key == "primary-key" { &["{table}"] } else { &["{table}", "{columns}"] };
            if let Some(lacks) = needed.iter().find(|needed| !pattern.contains(**needed)) {
                return Err(PatternError::Lacks { key: key.clone(), lacks });
            }
            if pattern.replace("{table}", "").replace("{columns}", "").contains(['{', '}']) {
                return Err(PatternError::Placeholder { key: key.clone() });
            }
            slot.clone_from(pattern);
        }
        Ok(patterns)
    }
}

/// Makes a name of at most 63 bytes: what is too long ends in eight digits that stand for the whole.
pub(super) fn make(pattern: &str, table: &str, columns: &[&str]) -> String {
    let columns = columns.join("_");
    // One after the other, so that a table called `{columns}` stays one.
    let mut name = String::new();
    let mut rest = pattern;
    while let Some(at) = rest.find('{') {
        let (before, after) = rest.split_at(at);
        name.push_str(before);
        rest = if let Some(after) = after.strip_prefix("{table}") {
            name.push_str(table);
            after
        } else if let Some(after) = after.strip_prefix("{columns}") {
            name.push_str(&columns);
            after
        } else {
            name.push('{');
            after.get(1..).unwrap_or_default()
        };
    }
    name.push_str(rest);
    // A check that names no column would end in the pattern's separator.
    if columns.is_empty() {
        name.truncate(name.trim_end_matches('_').len());
    }
    shorten(name)
}

fn shorten(name: String) -> String {
    if name.len() <= MAX_NAME {
        return name;
    }
    let hash = Sha256::digest(name.as_bytes());
    let digits: String = hash.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    let kept = name.floor_char_boundary(MAX_NAME - 1 - digits.len());
    format!("{}_{digits}", name.get(..kept).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_and_differ() {
        assert_eq!(make("ix_{table}_{columns}", "books", &["author_id", "title"]), "ix_books_author_id_title");
        assert_eq!(make("pk_{table}", "{columns}", &["id"]), "pk_{columns}");
        assert_eq!(make("ck_{table}_{columns}", "books", &[]), "ck_books");
        let long = "ä".repeat(40);
        let (one, other) = (make("ix_{table}_{columns}", &long, &["a"]), make("ix_{table}_{columns}", &long, &["b"]));
        assert!(one.len() <= MAX_NAME && one.starts_with("ix_ää") && one != other, "{one} {other}");
        assert_eq!(make("{table}_{columns}", &"t".repeat(61), &["c"]).len(), 63);
        assert!(make("{table}_{columns}", &"t".repeat(61), &["c"]).ends_with("t_c"));
    }

    #[test]
    fn a_pattern_must_make_names_that_differ() {
        let given = |key: &str, pattern: &str| {
            NamePatterns::new(&BTreeMap::from([(key.to_owned(), pattern.to_owned())]))
                .map_err(|error| error.to_string())
        };
        assert_eq!(given("index", "{table}_{columns}_idx").unwrap().index, "{table}_{columns}_idx");
        assert_eq!(given("index", "{table}_idx").unwrap_err(), "`index` lacks `{columns}`");
        assert_eq!(given("indexes", "x").unwrap_err(), "unknown kind of name `indexes`");
        assert_eq!(given("check", "{table}{columns}{x}").unwrap_err(), "`check` holds an unknown `{…}`");
        assert!(given("primary-key", "{table}_pkey").is_ok());
    }
}
