//! Which objects a statement creates, drops and renames, by name: what tells whether one script undoes another.

use super::names::Relation;
use super::tokens::{Cursor, Kind};

/// What is done with an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// It wasn't there before.
    Creates,
    /// It may have been there before: `CREATE OR REPLACE`.
    Replaces,
    /// It is gone.
    Drops,
    /// A constraint `NOT VALID` is checked.
    Validates,
}

/// One object and what is done with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What is done.
    pub verb: Verb,
    /// The kind of object, as messages call it: `table`, `column`, `enum value`.
    pub kind: &'static str,
    /// Its name; an enum's value stands here as its text.
    pub name: Relation,
    /// The table or type that it is a part of.
    pub of: Option<Relation>,
    /// Whether a constraint comes `NOT VALID`, or a drop goes on to what depends on it.
    pub marked: bool,
}

/// Kinds after `CREATE` and `DROP`, and what messages call them. The longer words first.
const KINDS: [(&str, &str); 21] = [
    ("MATERIALIZED VIEW", "materialized view"),
    ("FOREIGN TABLE", "foreign table"),
    ("EVENT TRIGGER", "event trigger"),
    ("TABLE", "table"),
    ("VIEW", "view"),
    ("SEQUENCE", "sequence"),
    ("INDEX", "index"),
    ("TYPE", "type"),
    ("DOMAIN", "type"),
    ("FUNCTION", "function"),
    ("PROCEDURE", "function"),
    ("AGGREGATE", "function"),
    ("ROUTINE", "function"),
    ("TRIGGER", "trigger"),
    ("POLICY", "policy"),
    ("RULE", "rule"),
    ("SCHEMA", "schema"),
    ("EXTENSION", "extension"),
    ("STATISTICS", "statistics"),
    ("PUBLICATION", "publication"),
    ("COLLATION", "collation"),
];

/// Lists what a statement does to objects, in the order of its text.
pub fn changes(statement: &str) -> Vec<Change> {
    let mut cursor = Cursor::new(statement);
    let mut out = Vec::new();
    if cursor.eat("CREATE") {
        create(&mut cursor, &mut out);
    } else if cursor.eat("DROP") {
        drops(&mut cursor, &mut out);
    } else if cursor.eat("ALTER TABLE") || cursor.eat("ALTER FOREIGN TABLE") {
        alter_table(&mut cursor, &mut out);
    } else if cursor.eat("ALTER TYPE") {
        alter_type(&mut cursor, &mut out);
    } else {
        for (words, kind) in KINDS {
            let mut renamed = cursor.clone();
            if renamed.eat("ALTER") && renamed.eat(words) {
                renamed.eat("IF EXISTS");
                let old = renamed.relation();
                rename(&mut renamed, kind, old, None, &mut out);
                break;
            }
        }
    }
    out
}

fn kind(cursor: &mut Cursor<'_>) -> Option<&'static str> {
    KINDS.iter().find(|(words, _)| cursor.eat(words)).map(|(_, kind)| *kind)
}

fn create(cursor: &mut Cursor<'_>, out: &mut Vec<Change>) {
    let verb = if cursor.eat("OR REPLACE") { Verb::Replaces } else { Verb::Creates };
    let temporary = ["GLOBAL", "LOCAL", "TEMPORARY", "TEMP"].iter().any(|word| cursor.looks_at(word));
    cursor.skip_any(&["UNLOGGED", "UNIQUE", "RECURSIVE", "CONSTRAINT"]);
    let Some(kind) = kind(cursor) else { return };
    cursor.skip_any(&["CONCURRENTLY", "IF NOT EXISTS"]);
    // An index without a name gets one from the server; a temporary table ends by itself.
    if temporary || cursor.looks_at("ON") || cursor.looks_at("AUTHORIZATION") {
        return;
    }
    let Some(mut name) = cursor.relation() else { return };
    let mut of = None;
    if matches!(kind, "index" | "trigger" | "policy" | "rule") && cursor.seek(if kind == "rule" { "TO" } else { "ON" })
    {
        cursor.eat("ONLY");
        of = cursor.relation();
    }
    if kind == "index" {
        name.schema = of.as_ref().and_then(|table| table.schema.clone());
    }
    out.push(Change { verb, kind, name, of, marked: false });
}

fn drops(cursor: &mut Cursor<'_>, out: &mut Vec<Change>) {
    let Some(kind) = kind(cursor) else { return };
    cursor.skip_any(&["CONCURRENTLY", "IF EXISTS"]);
    let names = cursor.relations();
    let of = if cursor.eat("ON") { cursor.relation() } else { None };
    let marked = cursor.has("CASCADE");
    out.extend(names.into_iter().map(|name| Change { verb: Verb::Drops, kind, name, of: of.clone(), marked }));
}

fn alter_table(cursor: &mut Cursor<'_>, out: &mut Vec<Change>) {
    cursor.skip_any(&["IF EXISTS", "ONLY"]);
    let Some(table) = cursor.relation() else { return };
    for mut action in cursor.items() {
        alter(&mut action, &table, out);
    }
}

fn alter(action: &mut Cursor<'_>, table: &Relation, out: &mut Vec<Change>) {
    let mut push = |verb, kind, name: Option<String>, marked| {
        let of = Some(table.clone());
        out.extend(name.map(|name| Change { verb, kind, name: Relation::unqualified(name), of, marked }));
    };
    if action.eat("ADD CONSTRAINT") {
        let name = action.name();
        push(Verb::Creates, "constraint", name, action.has("NOT VALID"));
    } else if action.eat("DROP CONSTRAINT") {
        action.eat("IF EXISTS");
        let name = action.name();
        push(Verb::Drops, "constraint", name, action.has("CASCADE"));
    } else if action.eat("VALIDATE CONSTRAINT") {
        let name = action.name();
        push(Verb::Validates, "constraint", name, false);
    } else if action.eat("ADD") {
        let unnamed = ["CHECK", "UNIQUE", "PRIMARY KEY", "FOREIGN KEY", "EXCLUDE", "NOT NULL"];
        if !unnamed.iter().any(|words| action.looks_at(words)) {
            action.skip_any(&["COLUMN", "IF NOT EXISTS"]);
            let name = action.name();
            push(Verb::Creates, "column", name, false);
        }
    } else if action.eat("DROP") {
        action.skip_any(&["COLUMN", "IF EXISTS"]);
        let name = action.name();
        push(Verb::Drops, "column", name, action.has("CASCADE"));
    } else if action.looks_at("RENAME TO") {
        rename(action, "table", Some(table.clone()), None, out);
    } else if action.looks_at("RENAME") {
        let mut renamed = action.clone();
        renamed.eat("RENAME");
        let kind = if renamed.eat("CONSTRAINT") { "constraint" } else { "column" };
        renamed.eat("COLUMN");
        let old = renamed.name().map(Relation::unqualified);
        if renamed.eat("TO")
            && let (Some(old), Some(new)) = (old, renamed.name())
        {
            let of = Some(table.clone());
            out.push(Change { verb: Verb::Drops, kind, name: old, of: of.clone(), marked: false });
            out.push(Change { verb: Verb::Creates, kind, name: Relation::unqualified(new), of, marked: false });
        }
    }
}

fn rename(
    cursor: &mut Cursor<'_>,
    kind: &'static str,
    old: Option<Relation>,
    of: Option<Relation>,
    out: &mut Vec<Change>,
) {
    if cursor.eat("RENAME TO")
        && let (Some(old), Some(new)) = (old, cursor.name())
    {
        let new = Relation { schema: old.schema.clone(), name: new };
        out.push(Change { verb: Verb::Drops, kind, name: old, of: of.clone(), marked: false });
        out.push(Change { verb: Verb::Creates, kind, name: new, of, marked: false });
    }
}

fn alter_type(cursor: &mut Cursor<'_>, out: &mut Vec<Change>) {
    let Some(of) = cursor.relation() else { return };
    if cursor.eat("ADD VALUE") {
        cursor.eat("IF NOT EXISTS");
        if let Some(value) = cursor.next().filter(|token| token.kind == Kind::Other) {
            let name = Relation::unqualified(value.text.trim_matches('\'').replace("''", "'"));
            out.push(Change { verb: Verb::Creates, kind: "enum value", name, of: Some(of), marked: false });
        }
    } else {
        rename(cursor, "type", Some(of), None, out);
    }
}

/// Whether a statement has `words` next to each other, given in upper case and parted by blanks.
pub fn says(statement: &str, words: &str) -> bool {
    let mut cursor = Cursor::new(statement);
    while !cursor.is_at_end() {
        if cursor.looks_at(words) {
            return true;
        }
        cursor.next();
    }
    false
}

/// Whether a statement has the string `'text'`.
pub fn has_string(statement: &str, text: &str) -> bool {
    let wanted = format!("'{}'", text.replace('\'', "''"));
    Cursor::new(statement).rest().iter().any(|token| token.kind == Kind::Other && token.text == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(sql: &str) -> Vec<String> {
        let shown = |change: Change| {
            let of = change.of.map(|of| format!(" of {of}")).unwrap_or_default();
            let marked = if change.marked { "!" } else { "" };
            format!("{:?} {} {}{of}{marked}", change.verb, change.kind, change.name)
        };
        changes(sql).into_iter().map(shown).collect()
    }

    #[test]
    fn objects_are_named() {
        assert_eq!(shown("create unlogged table if not exists a.T (b int)"), ["Creates table a.t"]);
        assert_eq!(shown("create temp table t (b int)"), Vec::<String>::new());
        assert_eq!(shown("create or replace function f(a int) returns int"), ["Replaces function f"]);
        assert_eq!(shown("create unique index concurrently i on s.t (a)"), ["Creates index s.i of s.t"]);
        assert_eq!(shown("create index on t (a)"), Vec::<String>::new());
        assert_eq!(shown("create trigger r before insert on t"), ["Creates trigger r of t"]);
        assert_eq!(shown("drop trigger if exists r on t"), ["Drops trigger r of t"]);
        assert_eq!(shown("drop function f(int, text), g cascade"), ["Drops function f!", "Drops function g!"]);
        assert_eq!(shown("create materialized view v as select 1"), ["Creates materialized view v"]);
    }

    #[test]
    fn parts_of_tables_are_named() {
        assert_eq!(
            shown(
                "alter table t add a int, add column if not exists b int, drop c, add constraint d check (true) not valid, add check (true)"
            ),
            ["Creates column a of t", "Creates column b of t", "Drops column c of t", "Creates constraint d of t!"]
        );
        assert_eq!(shown("alter table t validate constraint d"), ["Validates constraint d of t"]);
        assert_eq!(shown("alter table t rename a to b"), ["Drops column a of t", "Creates column b of t"]);
        assert_eq!(shown("alter table s.t rename to u"), ["Drops table s.t", "Creates table s.u"]);
        assert_eq!(
            shown("alter type mood add value if not exists 'it''s' before 'x'"),
            ["Creates enum value \"it's\" of mood"]
        );
        assert_eq!(shown("alter view v rename to w"), ["Drops view v", "Creates view w"]);
    }

    #[test]
    fn words_and_strings_are_found_whole() {
        assert!(says("create table t (a int generated always as (1) virtual)", "VIRTUAL"));
        assert!(!says("select 'virtual', \"virtual\"", "VIRTUAL"));
        assert!(has_string("insert into t values ('it''s')", "it's") && !has_string("select 'its'", "it"));
    }
}
