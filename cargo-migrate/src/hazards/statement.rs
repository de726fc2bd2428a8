//! The table of statements: what each does, by its first words.

use super::LockMode::{self, AccessExclusive, ShareRowExclusive};
use super::Nature::{self, Data, Query, Schema, Session};
use super::Work::{self, Instant};
use super::effect::{Analysis, Effect, On};
use super::names::Relation;
use super::tokens::Cursor;
use super::{alter_table, create, data, drop, other};

/// Reads the rest of a statement into what it does.
pub(super) type Read = fn(&mut Cursor<'_>, &mut Analysis);

/// How what a statement does is found out.
#[derive(Clone, Copy)]
pub(super) enum Does {
    /// It locks no relation that is there already.
    Nothing,
    /// It may do anything.
    Unknown,
    /// It locks the relations that are named next.
    Named(LockMode, Work),
    /// It locks the relation that is named after `ON`.
    OnTable(LockMode, Work),
    /// It has a reader of its own.
    Special(Read),
}

/// A statement.
pub(super) struct Entry {
    /// Its first words.
    pub(super) words: &'static str,
    pub(super) nature: Nature,
    pub(super) does: Does,
}

const fn entry(words: &'static str, nature: Nature, does: Does) -> Entry {
    Entry { words, nature, does }
}

/// Words that stand between `CREATE` and what is created, and change nothing here.
const ADJECTIVES: [&str; 13] = [
    "OR REPLACE",
    "GLOBAL",
    "LOCAL",
    "TEMPORARY",
    "TEMP",
    "UNLOGGED",
    "UNIQUE",
    "RECURSIVE",
    "CONSTRAINT",
    "TRUSTED",
    "PROCEDURAL",
    "DEFAULT",
    "IF NOT EXISTS",
];

/// Finds the entry of a statement and goes past its words. The longest match wins.
pub(super) fn find(cursor: &mut Cursor<'_>) -> Option<&'static Entry> {
    if cursor.looks_at("CREATE") {
        let mut after = cursor.clone();
        after.eat("CREATE");
        let replaces = after.looks_at("OR REPLACE");
        after.skip_any(&ADJECTIVES);
        let kind = |entry: &&Entry| entry.words.strip_prefix("CREATE ").is_some_and(|kind| after.looks_at(kind));
        let entry = TABLE.iter().filter(kind).max_by_key(|entry| entry.words.len())?;
        after.eat(entry.words.strip_prefix("CREATE ")?);
        *cursor = after;
        return match entry.words {
            // What is replaced is locked, what is created is nobody's.
            "CREATE VIEW" if replaces => Some(&REPLACE_VIEW),
            "CREATE TRIGGER" if replaces => Some(&REPLACE_TRIGGER),
            _ => Some(entry),
        };
    }
    let entry = TABLE.iter().filter(|entry| cursor.looks_at(entry.words)).max_by_key(|entry| entry.words.len())?;
    cursor.eat(entry.words);
    Some(entry)
}

const REPLACE_VIEW: Entry = entry("CREATE OR REPLACE VIEW", Schema, Does::Special(create::replace_view));
const REPLACE_TRIGGER: Entry = entry("CREATE OR REPLACE TRIGGER", Schema, Does::OnTable(ShareRowExclusive, Instant));

const TABLE: &[Entry] = &[
    // What creates. Objects that are no relations lock none.
    entry("CREATE TABLE", Schema, Does::Special(create::table)),
    entry("CREATE FOREIGN TABLE", Schema, Does::Special(create::table)),
    entry("CREATE INDEX", Schema, Does::Special(create::index)),
    entry("CREATE VIEW", Schema, Does::Special(create::view)),
    entry("CREATE MATERIALIZED VIEW", Schema, Does::Special(create::materialized_view)),
    entry("CREATE SEQUENCE", Schema, Does::Special(create::sequence)),
    entry("CREATE TRIGGER", Schema, Does::OnTable(ShareRowExclusive, Instant)),
    entry("CREATE POLICY", Schema, Does::OnTable(AccessExclusive, Instant)),
    entry("CREATE RULE", Schema, Does::Special(create::rule)),
    entry("CREATE STATISTICS", Schema, Does::Special(create::statistics)),
    entry("CREATE PUBLICATION", Schema, Does::Special(other::publication)),
    entry("CREATE SCHEMA", Schema, Does::Special(create::schema)),
    // Its script may do anything.
    entry("CREATE EXTENSION", Schema, Does::Unknown),
    entry("CREATE SUBSCRIPTION", Schema, Does::Nothing),
    entry("CREATE TYPE", Schema, Does::Nothing),
    entry("CREATE DOMAIN", Schema, Does::Nothing),
    entry("CREATE FUNCTION", Schema, Does::Nothing),
    entry("CREATE PROCEDURE", Schema, Does::Nothing),
    entry("CREATE AGGREGATE", Schema, Does::Nothing),
    entry("CREATE OPERATOR", Schema, Does::Nothing),
    entry("CREATE CAST", Schema, Does::Nothing),
    entry("CREATE COLLATION", Schema, Does::Nothing),
    entry("CREATE CONVERSION", Schema, Does::Nothing),
    entry("CREATE ROLE", Schema, Does::Nothing),
    entry("CREATE USER", Schema, Does::Nothing),
    entry("CREATE GROUP", Schema, Does::Nothing),
    entry("CREATE SERVER", Schema, Does::Nothing),
    entry("CREATE LANGUAGE", Schema, Does::Nothing),
    entry("CREATE TEXT SEARCH", Schema, Does::Nothing),
    entry("CREATE TABLESPACE", Schema, Does::Nothing),
    entry("CREATE DATABASE", Schema, Does::Nothing),
    entry("CREATE EVENT TRIGGER", Schema, Does::Nothing),
    entry("CREATE ACCESS METHOD", Schema, Does::Nothing),
    entry("CREATE TRANSFORM", Schema, Does::Nothing),
    entry("CREATE FOREIGN DATA WRAPPER", Schema, Does::Nothing),
    // What alters.
    entry("ALTER TABLE", Schema, Does::Special(alter_table::table)),
    entry("ALTER FOREIGN TABLE", Schema, Does::Special(alter_table::table)),
    entry("ALTER INDEX", Schema, Does::Special(other::alter_index)),
    entry("ALTER VIEW", Schema, Does::Named(AccessExclusive, Instant)),
    entry("ALTER MATERIALIZED VIEW", Schema, Does::Special(alter_table::table)),
    entry("ALTER SEQUENCE", Schema, Does::Special(other::alter_sequence)),
    entry("ALTER TRIGGER", Schema, Does::OnTable(AccessExclusive, Instant)),
    entry("ALTER POLICY", Schema, Does::OnTable(AccessExclusive, Instant)),
    entry("ALTER RULE", Schema, Does::OnTable(AccessExclusive, Instant)),
    entry("ALTER DOMAIN", Schema, Does::Special(other::alter_domain)),
    entry("ALTER TYPE", Schema, Does::Special(other::alter_type)),
    entry("ALTER PUBLICATION", Schema, Does::Special(other::publication)),
    entry("ALTER EXTENSION", Schema, Does::Special(other::alter_extension)),
    entry("ALTER STATISTICS", Schema, Does::Nothing),
    entry("ALTER SCHEMA", Schema, Does::Nothing),
    entry("ALTER FUNCTION", Schema, Does::Nothing),
    entry("ALTER PROCEDURE", Schema, Does::Nothing),
    entry("ALTER ROUTINE", Schema, Does::Nothing),
    entry("ALTER AGGREGATE", Schema, Does::Nothing),
    entry("ALTER OPERATOR", Schema, Does::Nothing),
    entry("ALTER COLLATION", Schema, Does::Nothing),
    entry("ALTER CONVERSION", Schema, Does::Nothing),
    entry("ALTER ROLE", Schema, Does::Nothing),
    entry("ALTER USER", Schema, Does::Nothing),
    entry("ALTER GROUP", Schema, Does::Nothing),
    entry("ALTER SERVER", Schema, Does::Nothing),
    entry("ALTER LANGUAGE", Schema, Does::Nothing),
    entry("ALTER LARGE OBJECT", Data, Does::Nothing),
    entry("ALTER TEXT SEARCH", Schema, Does::Nothing),
    entry("ALTER TABLESPACE", Schema, Does::Nothing),
    entry("ALTER DATABASE", Schema, Does::Nothing),
    entry("ALTER EVENT TRIGGER", Schema, Does::Nothing),
    entry("ALTER DEFAULT PRIVILEGES", Schema, Does::Nothing),
    entry("ALTER FOREIGN DATA WRAPPER", Schema, Does::Nothing),
    entry("ALTER SUBSCRIPTION", Schema, Does::Nothing),
    entry("ALTER SYSTEM", Session, Does::Nothing),
    // What drops. `CASCADE` reaches what the text doesn't name.
    entry("DROP TABLE", Schema, Does::Special(drop::table)),
    entry("DROP FOREIGN TABLE", Schema, Does::Special(drop::relation)),
    entry("DROP VIEW", Schema, Does::Special(drop::relation)),
    entry("DROP MATERIALIZED VIEW", Schema, Does::Special(drop::relation)),
    entry("DROP SEQUENCE", Schema, Does::Special(drop::relation)),
    entry("DROP INDEX", Schema, Does::Special(drop::index)),
    entry("DROP TRIGGER", Schema, Does::OnTable(AccessExclusive, Instant)),
    entry("DROP RULE", Schema, Does::OnTable(AccessExclusive, Instant)),
    entry("DROP POLICY", Schema, Does::OnTable(AccessExclusive, Instant)),
    entry("DROP OWNED", Schema, Does::Unknown),
    entry("DROP", Schema, Does::Special(drop::object)),
    // Rows.
    entry("INSERT", Data, Does::Special(data::insert)),
    entry("UPDATE", Data, Does::Special(data::update)),
    entry("DELETE", Data, Does::Special(data::delete)),
    entry("MERGE", Data, Does::Special(data::merge)),
    entry("WITH", Query, Does::Special(data::with)),
    entry("SELECT", Query, Does::Special(data::select)),
    entry("VALUES", Query, Does::Special(data::select)),
    entry("TABLE", Query, Does::Special(data::table)),
    entry("COPY", Data, Does::Special(data::copy)),
    entry("TRUNCATE", Data, Does::Special(drop::truncate)),
    // Upkeep.
    entry("LOCK", Session, Does::Special(other::lock)),
    entry("ANALYZE", Session, Does::Special(other::analyze)),
    entry("VACUUM", Session, Does::Special(other::vacuum)),
    entry("CLUSTER", Session, Does::Special(other::cluster)),
    entry("REINDEX", Session, Does::Special(other::reindex)),
    entry("REFRESH MATERIALIZED VIEW", Data, Does::Special(other::refresh)),
    entry("CHECKPOINT", Session, Does::Nothing),
    // Words about objects.
    entry("COMMENT ON", Schema, Does::Special(other::comment)),
    entry("SECURITY LABEL", Schema, Does::Nothing),
    entry("GRANT", Schema, Does::Nothing),
    entry("REVOKE", Schema, Does::Nothing),
    entry("REASSIGN OWNED", Schema, Does::Unknown),
    entry("IMPORT FOREIGN SCHEMA", Schema, Does::Nothing),
    // The session and the transaction.
    entry("SET", Session, Does::Nothing),
    entry("RESET", Session, Does::Nothing),
    entry("SHOW", Session, Does::Nothing),
    entry("BEGIN", Session, Does::Nothing),
    entry("START TRANSACTION", Session, Does::Nothing),
    entry("COMMIT", Session, Does::Nothing),
    entry("END", Session, Does::Nothing),
    entry("ROLLBACK", Session, Does::Nothing),
    entry("ABORT", Session, Does::Nothing),
    entry("SAVEPOINT", Session, Does::Nothing),
    entry("RELEASE", Session, Does::Nothing),
    entry("PREPARE", Session, Does::Nothing),
    entry("DEALLOCATE", Session, Does::Nothing),
    entry("DISCARD", Session, Does::Nothing),
    entry("LISTEN", Session, Does::Nothing),
    entry("UNLISTEN", Session, Does::Nothing),
    entry("NOTIFY", Session, Does::Nothing),
    entry("LOAD", Session, Does::Nothing),
    entry("CLOSE", Session, Does::Nothing),
    entry("MOVE", Session, Does::Nothing),
    entry("FETCH", Session, Does::Nothing),
    entry("DO", Nature::Unknown, Does::Unknown),
    entry("CALL", Nature::Unknown, Does::Unknown),
    entry("EXECUTE", Nature::Unknown, Does::Unknown),
    entry("EXPLAIN", Nature::Unknown, Does::Unknown),
    entry("DECLARE", Query, Does::Unknown),
];

impl Analysis {
    /// Adds a lock on a relation.
    pub(super) fn push(&mut self, relation: Relation, mode: LockMode, work: Work, action: &'static str) {
        self.push_on(On::Relation(relation), mode, work, action, None);
    }

    /// Adds a lock on something.
    pub(super) fn push_on(
        &mut self,
        on: On,
        mode: LockMode,
        work: Work,
        action: &'static str,
        note: Option<&'static str>,
    ) {
        self.effects.push(Effect { on, mode, work, action, note });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_statement_is_listed_twice() {
        let mut words: Vec<&str> = TABLE.iter().map(|entry| entry.words).collect();
        let count = words.len();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), count);
        assert!(words.iter().all(|words| words.to_ascii_uppercase() == *words));
    }

    #[test]
    fn the_longest_words_win() {
        let found = |sql: &str| find(&mut Cursor::new(sql)).map(|entry| entry.words);
        assert_eq!(found("drop foreign table t"), Some("DROP FOREIGN TABLE"));
        assert_eq!(found("drop type t"), Some("DROP"));
        assert_eq!(found("create or replace view v as select 1"), Some("CREATE OR REPLACE VIEW"));
        assert_eq!(found("create unique index i on t (a)"), Some("CREATE INDEX"));
        assert_eq!(found("create constraint trigger x after insert on t"), Some("CREATE TRIGGER"));
        assert_eq!(found("alter foreign data wrapper w"), Some("ALTER FOREIGN DATA WRAPPER"));
        assert_eq!(found("create nothing"), None);
    }
}
