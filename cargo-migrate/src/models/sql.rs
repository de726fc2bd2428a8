//! Writing statements, and remembering which of their bytes come from where.

use std::ops::Range;

use migrate_build::history_name::HistoryName;

use crate::schema::QualifiedName;

use super::schema::Said;
use super::text::Place;
use super::wanted::{Phase, Statement};

/// A name in double quotes.
pub(super) fn ident(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Names in double quotes, with commas between.
pub(super) fn idents<S: AsRef<str>>(names: &[S]) -> String {
    names.iter().map(|name| ident(name.as_ref())).collect::<Vec<_>>().join(", ")
}

/// A string as a literal that means the same under every setting.
pub(super) fn literal(text: &str) -> String {
    let quoted = text.replace('\'', "''");
    if quoted.contains('\\') { format!("E'{}'", quoted.replace('\\', "\\\\")) } else { format!("'{quoted}'") }
}

/// `name` or `schema.name`, each part plain or in double quotes, as SQL; as it is where it is neither.
pub(super) fn object(text: &str) -> String {
    match HistoryName::parse(text) {
        Ok(HistoryName { schema: Some(schema), table }) => format!("{}.{}", ident(&schema), ident(&table)),
        Ok(HistoryName { schema: None, table }) => ident(&table),
        Err(_) => text.to_owned(),
    }
}

/// A statement that is being written.
#[derive(Default)]
pub(super) struct Writer {
    sql: String,
    pieces: Vec<(Range<usize>, Place)>,
}

impl Writer {
    pub(super) fn push(&mut self, sql: &str) -> &mut Self {
        self.sql.push_str(sql);
        self
    }

    /// Adds what comes from a place.
    pub(super) fn at(&mut self, place: &Place, sql: &str) -> &mut Self {
        let start = self.sql.len();
        self.sql.push_str(sql);
        self.pieces.push((start..self.sql.len(), place.clone()));
        self
    }

    /// Adds what the source says as SQL.
    pub(super) fn said(&mut self, said: &Said) -> &mut Self {
        self.at(&said.place, &said.value);
        // A comment at its end would swallow what follows.
        if said.value.lines().last().is_some_and(|line| line.contains("--")) {
            self.push("\n");
        }
        self
    }

    pub(super) fn finish(self, phase: Phase, about: Option<&QualifiedName>, place: Option<&Place>) -> Statement {
        Statement { sql: self.sql, phase, about: about.cloned(), pieces: self.pieces, place: place.cloned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_literals_are_quoted() {
        assert_eq!(ident("a\"b"), "\"a\"\"b\"");
        assert_eq!(literal("it's"), "'it''s'");
        assert_eq!(literal("a\\b"), "E'a\\\\b'");
        assert_eq!(object("pg_catalog.C"), "\"pg_catalog\".\"C\"");
        assert_eq!(object("\"en_US.utf8\""), "\"en_US.utf8\"");
        assert_eq!(object("a.b.c"), "a.b.c");
    }
}
