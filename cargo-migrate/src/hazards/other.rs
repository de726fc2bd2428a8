//! What is neither an `ALTER TABLE` nor about rows: other `ALTER`s, upkeep, comments.

use super::LockMode::{self, AccessExclusive, AccessShare, Exclusive, Share, ShareRowExclusive, ShareUpdateExclusive};
use super::Nature::Unknown as UnknownNature;
use super::Work::{Instant, Rewrite, Scan, Unknown};
use super::effect::{Analysis, On};
use super::tokens::{Cursor, Kind};

pub(super) fn alter_index(cursor: &mut Cursor<'_>, out: &mut Analysis) {
    cursor.eat("IF EXISTS");
    let Some(index) = cursor.relation() else {
        out.work = Unknown;
        return;
    };
    if cursor.eat("ATTACH PARTITION") {
        out.push(index, ShareUpdateExclusive, Instant, "ATTACH PARTITION");
        if let Some(part) = cursor.relation() {
            out.push(part, AccessExclusive, Instant, "ATTACH PARTITION");
        }
    } else if cursor.looks_at("SET TABLESPACE") {
        out.push(index, AccessExclusive, Rewrite, "SET TABLESPACE");
    } else {
        out.push(index, ShareUpdateExclusive, Instant, "ALTER INDEX");
    }
}

pub(super) fn alter_sequence(cursor: &mut Cursor<'_>, out: &mut Analysis) {
    cursor.eat("IF EXISTS");
    let Some(sequence) = cursor.relation() else {
        out.work = Unknown;
        return;
    };
    let strong = ["RENAME", "OWNER TO", "SET SCHEMA", "SET LOGGED", "SET UNLOGGED"];
    let mode = if strong.iter().any(|words| cursor.looks_at(words)) { AccessExclusive } else { ShareRowExclusive };
    out.push(sequence, mode, Instant, "ALTER SEQUENCE");
    if cursor.seek("OWNED BY")
        && let Some(table) = cursor.table_of_column()
    {
        out.push(table, AccessShare, Instant, "OWNED BY");
    }
}

pub(super) fn alter_domain(cursor: &mut Cursor<'_>, out: &mut Analysis) {
    let Some(domain) = cursor.relation() else { return };
    let checks = cursor.looks_at("ADD") && !cursor.has("NOT VALID");
    if checks || cursor.looks_at("SET NOT NULL") || cursor.looks_at("VALIDATE CONSTRAINT") {
        out.push_on(On::UsersOf(domain), Share, Scan, "ALTER DOMAIN", Some("every value of the domain is checked"));
    }
}

pub(super) fn alter_type(cursor: &mut Cursor<'_>, out: &mut Analysis) {
    let Some(name) = cursor.relation() else { return };
    let attributes = ["ADD ATTRIBUTE", "DROP ATTRIBUTE", "ALTER ATTRIBUTE", "RENAME ATTRIBUTE"];
    if attributes.iter().any(|words| cursor.looks_at(words)) && cursor.has("CASCADE") {
        out.push_on(
            On::UsersOf(name),
            AccessExclusive,
            Rewrite,
            "ALTER TYPE",
            Some("the tables of the type change too"),
        );
    }
}

pub(super) fn alter_extension(cursor: &mut Cursor<'_>, out: &mut Analysis) {
    if cursor.has("UPDATE") {
        out.work = Unknown;
        out.nature = UnknownNature;
    }
}

/// `CREATE` and `ALTER PUBLICATION`: the tables that are named.
pub(super) fn publication(cursor: &mut Cursor<'_>, out: &mut Analysis) {
    let words = ["FOR TABLE", "ADD TABLE", "SET TABLE", "DROP TABLE"];
    if words.iter().any(|words| cursor.seek(words)) {
        for table in cursor.relations() {
            out.push(table, ShareUpdateExclusive, Instant, "PUBLICATION");
        }
    }
}

pub(super) fn lock(cursor: &mut Cursor<'_>, out: &mut Analysis) {
    cursor.eat("TABLE");
    let tables = cursor.relations();
    let mode = if cursor.eat("IN") {
        let words: Vec<String> = cursor
            .rest()
            .iter()
            .take_while(|token| !token.is("MODE"))
            .map(|token| token.text.to_ascii_uppercase())
            .collect();
        LockMode::from_name(&words.join(" "))
    } else {
        Some(AccessExclusive)
    };
    match mode {
        Some(mode) => tables.into_iter().for_each(|table| out.push(table, mode, Instant, "LOCK")),
        None => out.work = Unknown,
    }
}

pub(super) fn analyze(cursor: &mut Cursor<'_>, out: &mut Analysis) {
    drop(cursor.group());
    cursor.eat("VERBOSE");
    for table in cursor.relations() {
        out.push(table, ShareUpdateExclusive, Scan, "ANALYZE");
    }
    whole_database(out);
}

pub(super) fn vacuum(cursor: &mut Cursor<'_>, out: &mut Analysis) {
    let options = cursor.group();
    let full = options.is_some_and(|options| options.has("FULL") && !options.has("FULL FALSE")) || cursor.has("FULL");
    cursor.skip_any(&["FULL", "FREEZE", "VERBOSE", "ANALYZE"]);
    let (mode, work) = if full { (AccessExclusive, Rewrite) } else { (ShareUpdateExclusive, Scan) };
    for table in cursor.relations() {
        out.push(table, mode, work, if full { "VACUUM FULL" } else { "VACUUM" });
    }
    whole_database(out);
}

pub(super) fn cluster(cursor: &mut Cursor<'_>, out: &mut Analysis) {
    drop(cursor.group());
    cursor.eat("VERBOSE");
    if let Some(table) = cursor.relation() {
        out.push(table, AccessExclusive, Rewrite, "CLUSTER");
    }
    whole_database(out);
}

/// Without a table it goes through all of them.
fn whole_database(out: &mut Analysis) {
    if out.effects.is_empty() {
        out.work = Unknown;
    }
}

pub(super) fn reindex(cursor: &mut Cursor<'_>, out: &mut Analysis) {
    let mut concurrently = cursor.group().is_some_and(|options| options.has("CONCURRENTLY"));
    let (index, table) = (cursor.eat("INDEX"), cursor.eat("TABLE"));
    concurrently |= cursor.eat("CONCURRENTLY");
    if concurrently {
        "REINDEX CONCURRENTLY".clone_into(&mut out.kind);
    }
    let (on_table, on_index, action) = if concurrently {
        (ShareUpdateExclusive, ShareUpdateExclusive, "REINDEX CONCURRENTLY")
    } else {
        (Share, AccessExclusive, "REINDEX")
    };
    match cursor.relation() {
        Some(name) if index => {
            out.push_on(On::TableOf(name.clone()), on_table, Scan, action, None);
            out.push_on(On::Relation(name), on_index, Rewrite, action, None);
        }
        Some(name) if table => {
            let note = (!concurrently).then_some("its indexes are locked so that reads that would use them wait");
            out.push_on(On::Relation(name), on_table, Scan, action, note);
        }
        _ => out.work = Unknown,
    }
}

pub(super) fn refresh(cursor: &mut Cursor<'_>, out: &mut Analysis) {
    let (mode, work) = if cursor.eat("CONCURRENTLY") { (Exclusive, Scan) } else { (AccessExclusive, Rewrite) };
    if let Some(view) = cursor.relation() {
        let work = if cursor.looks_at("WITH NO DATA") { Rewrite } else { work };
        out.push(view, mode, work, "REFRESH MATERIALIZED VIEW");
    }
}

pub(super) fn comment(cursor: &mut Cursor<'_>, out: &mut Analysis) {
    if cursor.eat("COLUMN") {
        if let Some(table) = cursor.table_of_column() {
            out.push(table, ShareUpdateExclusive, Instant, "COMMENT");
        }
    } else if ["TABLE", "VIEW", "MATERIALIZED VIEW", "INDEX", "SEQUENCE", "FOREIGN TABLE"]
        .iter()
        .any(|kind| cursor.eat(kind))
    {
        if let Some(relation) = cursor.relation() {
            out.push(relation, ShareUpdateExclusive, Instant, "COMMENT");
        }
    } else if cursor.peek().is_none_or(|token| token.kind != Kind::Word) {
        out.work = Unknown;
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Work, analyse};

    #[track_caller]
    fn is(sql: &str, expected: &[&str]) {
        let found = &analyse(sql)[0];
        let effects: Vec<String> =
            found.effects.iter().map(|effect| format!("{} {}: {}", effect.mode, effect.on, effect.work)).collect();
        assert_eq!(effects, expected, "{sql}");
    }

    #[test]
    fn upkeep() {
        is("vacuum (full, analyze) t", &["ACCESS EXCLUSIVE `t`: rewrite"]);
        is("vacuum analyze t", &["SHARE UPDATE EXCLUSIVE `t`: scan"]);
        is("reindex index i", &["SHARE the table of `i`: scan", "ACCESS EXCLUSIVE `i`: rewrite"]);
        is("reindex (concurrently) table s.t", &["SHARE UPDATE EXCLUSIVE `s.t`: scan"]);
        is(
            "lock a, b in share row exclusive mode nowait",
            &["SHARE ROW EXCLUSIVE `a`: instant", "SHARE ROW EXCLUSIVE `b`: instant"],
        );
        is("lock table a", &["ACCESS EXCLUSIVE `a`: instant"]);
        is("refresh materialized view concurrently v", &["EXCLUSIVE `v`: scan"]);
        assert_eq!(analyse("vacuum")[0].work, Work::Unknown);
    }

    #[test]
    fn objects() {
        is("alter domain d add constraint c check (value > 0)", &["SHARE the tables that use `d`: scan"]);
        is("alter domain d drop constraint c", &[]);
        is("alter type mood add value 'x'", &[]);
        is("alter index i rename to j", &["SHARE UPDATE EXCLUSIVE `i`: instant"]);
        is("comment on column t.a is 'x'", &["SHARE UPDATE EXCLUSIVE `t`: instant"]);
        is("comment on column s.t.a is 'x'", &["SHARE UPDATE EXCLUSIVE `s.t`: instant"]);
        is("alter sequence q owned by none", &["SHARE ROW EXCLUSIVE `q`: instant"]);
        is("comment on function f() is 'x'", &[]);
        is(
            "alter publication p add table only a, b (c)",
            &["SHARE UPDATE EXCLUSIVE `a`: instant", "SHARE UPDATE EXCLUSIVE `b`: instant"],
        );
    }
}
