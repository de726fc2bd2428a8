//! Statements that read and write rows.

use super::LockMode::{AccessShare, RowExclusive, RowShare};
use super::Nature::Data;
use super::Work::{self, Instant, Scan, Unknown};
use super::effect::{Analysis, On};
use super::expression;
use super::tokens::{Cursor, Kind};

pub(super) fn insert(cursor: &mut Cursor<'_>, out: &mut Analysis) {
    cursor.eat("INTO");
    let Some(table) = cursor.relation() else {
        out.work = Unknown;
        return;
    };
    // Rows that are written out are few.
    let work = if cursor.has("VALUES") || cursor.has("DEFAULT VALUES") { Instant } else { Scan };
    out.push(table, RowExclusive, work, "INSERT");
    reads(cursor, out, Scan);
}

pub(super) fn update(cursor: &mut Cursor<'_>, out: &mut Analysis) {
    changed(cursor, out, "UPDATE");
}

pub(super) fn delete(cursor: &mut Cursor<'_>, out: &mut Analysis) {
    cursor.eat("FROM");
    changed(cursor, out, "DELETE");
}

pub(super) fn merge(cursor: &mut Cursor<'_>, out: &mut Analysis) {
    cursor.eat("INTO");
    changed(cursor, out, "MERGE");
}

fn changed(cursor: &mut Cursor<'_>, out: &mut Analysis, action: &'static str) {
    cursor.eat("ONLY");
    let Some(table) = cursor.relation() else {
        out.work = Unknown;
        return;
    };
    out.push_on(On::Relation(table), RowExclusive, Scan, action, Some("locks the rows that it changes until the end"));
    reads(cursor, out, Scan);
}

/// `WITH a AS (…) INSERT …`: all that is in it, wherever it is.
pub(super) fn with(cursor: &mut Cursor<'_>, out: &mut Analysis) {
    let mut ahead = cursor.clone();
    while !ahead.is_at_end() {
        let action = if ahead.eat("INSERT INTO") {
            "INSERT"
        } else if ahead.eat("DELETE FROM") {
            "DELETE"
        } else if ahead.eat("MERGE INTO") {
            "MERGE"
        } else if !ahead.looks_at("UPDATE SET") && ahead.eat("UPDATE") {
            "UPDATE"
        } else {
            // `FOR UPDATE` and `FOR NO KEY UPDATE` change nothing.
            if !(ahead.eat("FOR UPDATE") || ahead.eat("NO KEY UPDATE")) {
                ahead.next();
            }
            continue;
        };
        ahead.eat("ONLY");
        if let Some(table) = ahead.relation() {
            out.push(table, RowExclusive, Scan, action);
            out.nature = Data;
        }
    }
    query(cursor, out);
}

pub(super) fn select(cursor: &mut Cursor<'_>, out: &mut Analysis) {
    query(cursor, out);
}

pub(super) fn table(cursor: &mut Cursor<'_>, out: &mut Analysis) {
    cursor.eat("ONLY");
    if let Some(table) = cursor.relation() {
        out.push(table, AccessShare, Scan, "TABLE");
    }
}

pub(super) fn copy(cursor: &mut Cursor<'_>, out: &mut Analysis) {
    if cursor.is_open() {
        reads(cursor, out, Scan);
        return;
    }
    let Some(table) = cursor.relation() else {
        out.work = Unknown;
        return;
    };
    let mode = if cursor.has("FROM") { RowExclusive } else { AccessShare };
    out.push(table, mode, Scan, "COPY");
}

fn query(cursor: &mut Cursor<'_>, out: &mut Analysis) {
    // A function that isn't PostgreSQL's may do anything.
    if calls(cursor) {
        out.work = Unknown;
    }
    reads(cursor, out, Scan);
    let locks = ["FOR UPDATE", "FOR SHARE", "FOR NO KEY UPDATE", "FOR KEY SHARE"];
    if locks.iter().any(|words| cursor.has(words)) {
        for effect in &mut out.effects {
            effect.mode = effect.mode.max(RowShare);
        }
    }
}

fn calls(cursor: &Cursor<'_>) -> bool {
    const HARMLESS: [&str; 20] = [
        "count",
        "sum",
        "min",
        "max",
        "avg",
        "set_config",
        "pg_sleep",
        "setval",
        "nextval",
        "currval",
        "generate_series",
        "string_agg",
        "array_agg",
        "over",
        "values",
        "from",
        "on",
        "using",
        "select",
        "random",
    ];
    let mut cursor = cursor.clone();
    let mut rest = Vec::new();
    while let Some(token) = cursor.next() {
        let name = token.text.to_ascii_lowercase();
        // A table and its list of columns look like a call.
        if ["into", "with", "recursive"].contains(&name.as_str()) {
            drop(cursor.relation());
            drop(cursor.group());
        } else if !(token.kind == Kind::Word && HARMLESS.contains(&name.as_str())) {
            rest.push(token);
        }
    }
    expression::is_volatile(&Cursor::of(rest))
}

/// Adds the relations that stand after `FROM`, `JOIN` and `USING`, at any depth.
pub(super) fn reads(cursor: &Cursor<'_>, out: &mut Analysis, work: Work) {
    let mut ahead = cursor.clone();
    let mut own: Vec<String> = Vec::new();
    while let Some(token) = ahead.peek() {
        // `name AS (` of a common table expression.
        if token.kind == Kind::Word || token.kind == Kind::Quoted {
            let mut name = ahead.clone();
            if let Some(name_text) = name.name()
                && (name.eat("AS MATERIALIZED") || name.eat("AS NOT MATERIALIZED") || name.eat("AS"))
                && name.is_open()
            {
                own.push(name_text);
            }
        }
        if !["FROM", "JOIN", "USING"].iter().any(|word| token.is(word)) {
            ahead.next();
            continue;
        }
        ahead.next();
        loop {
            ahead.skip_any(&["ONLY", "LATERAL"]);
            if ahead.is_open() {
                break;
            }
            let mut name = ahead.clone();
            let Some(relation) = name.relation() else { break };
            // A function, or the list of columns of `USING (…)`.
            if name.is_open() {
                break;
            }
            ahead = name;
            let ours = relation.schema.is_none() && own.contains(&relation.name);
            let known = out.effects.iter().any(|effect| effect.on.name() == &relation);
            if !ours && !known && !out.creates.contains(&relation) {
                out.push(relation, AccessShare, work, "FROM");
            }
            // An alias, and the next of the list.
            if !ahead.peek().is_some_and(|token| token.kind == Kind::Comma) {
                ahead.eat("AS");
                let alias = ahead.clone().next().is_some_and(|token| token.kind != Kind::Other);
                let ends = ["WHERE", "JOIN", "ON", "LEFT", "INNER", "GROUP", "ORDER", "SET", "CROSS", "FOR", "LIMIT"];
                if alias && !ends.iter().any(|word| ahead.looks_at(word)) {
                    ahead.name();
                }
            }
            if !ahead.peek().is_some_and(|token| token.kind == Kind::Comma) {
                break;
            }
            ahead.next();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Nature, Work, analyse};

    fn effects(sql: &str) -> Vec<String> {
        let found = &analyse(sql)[0];
        found.effects.iter().map(|effect| format!("{} {}", effect.mode, effect.on)).collect()
    }

    #[test]
    fn what_is_written_and_what_is_read() {
        assert_eq!(effects("insert into a (b) values (1)"), ["ROW EXCLUSIVE `a`"]);
        assert_eq!(
            effects("insert into a select * from b c, d where true"),
            ["ROW EXCLUSIVE `a`", "ACCESS SHARE `b`", "ACCESS SHARE `d`"]
        );
        assert_eq!(
            effects("update only a set b = c.d from c where a.e = c.e"),
            ["ROW EXCLUSIVE `a`", "ACCESS SHARE `c`"]
        );
        assert_eq!(effects("delete from a using b where true"), ["ROW EXCLUSIVE `a`", "ACCESS SHARE `b`"]);
        assert_eq!(effects("select 1 from a join s.b on true for update"), ["ROW SHARE `a`", "ROW SHARE `s.b`"]);
        assert_eq!(
            effects("with x as (delete from a returning *) insert into b select * from x"),
            ["ROW EXCLUSIVE `a`", "ROW EXCLUSIVE `b`"]
        );
        assert_eq!(effects("copy a (b) from '/x'"), ["ROW EXCLUSIVE `a`"]);
    }

    #[test]
    fn functions_of_others_are_unknown() {
        assert_eq!(analyse("select count(*) from a")[0].work, Work::Scan);
        assert_eq!(analyse("select app.mend()")[0].work, Work::Unknown);
        assert_eq!(analyse("with x as (update a set b = 1) select 1")[0].nature, Nature::Data);
    }
}
