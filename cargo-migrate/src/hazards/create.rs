//! `CREATE` of relations and of what hangs on them.

use super::LockMode::{AccessExclusive, AccessShare, Share, ShareRowExclusive, ShareUpdateExclusive};
use super::Work::{Instant, Scan, Unknown};
use super::column;
use super::data;
use super::effect::Analysis;
use super::tokens::Cursor;

pub(super) fn table(cursor: &mut Cursor<'_>, out: &mut Analysis) {
    cursor.eat("IF NOT EXISTS");
    let Some(table) = cursor.relation() else {
        out.work = Unknown;
        return;
    };
    out.creates.push(table);
    if cursor.eat("PARTITION OF") {
        if let Some(parent) = cursor.relation() {
            out.push(parent.clone(), AccessExclusive, Instant, "PARTITION OF");
            let default = super::On::DefaultPartitionOf(parent);
            out.push_on(
                default,
                AccessExclusive,
                Scan,
                "PARTITION OF",
                Some("none of its rows may belong to the new one"),
            );
        }
        return;
    }
    if let Some(definition) = cursor.group() {
        for mut item in definition.items() {
            element(&mut item, out);
        }
    }
    if cursor.seek("INHERITS")
        && let Some(mut parents) = cursor.group()
    {
        for parent in parents.relations() {
            out.push(parent, ShareUpdateExclusive, Instant, "INHERITS");
        }
    }
    // `CREATE TABLE … AS`: the relations that it reads.
    if cursor.seek("AS") {
        data::reads(cursor, out, Scan);
    }
}

/// A column or a constraint of a new table.
fn element(cursor: &mut Cursor<'_>, out: &mut Analysis) {
    if cursor.eat("LIKE") {
        if let Some(source) = cursor.relation() {
            out.push(source, AccessShare, Instant, "LIKE");
        }
        return;
    }
    if cursor.eat("CONSTRAINT") {
        drop(cursor.name());
    }
    if cursor.looks_at("FOREIGN KEY") {
        if cursor.seek("REFERENCES")
            && let Some(referenced) = cursor.relation()
        {
            references(referenced, out);
        }
        return;
    }
    if ["CHECK", "UNIQUE", "PRIMARY KEY", "EXCLUDE"].iter().any(|words| cursor.looks_at(words)) {
        return;
    }
    for referenced in column::read(cursor).references {
        references(referenced, out);
    }
}

/// A foreign key of a table without rows: the other table gets triggers and isn't read.
fn references(referenced: super::Relation, out: &mut Analysis) {
    if !out.creates.contains(&referenced) {
        out.push(referenced, ShareRowExclusive, Instant, "REFERENCES");
    }
}

pub(super) fn index(cursor: &mut Cursor<'_>, out: &mut Analysis) {
    let concurrently = cursor.eat("CONCURRENTLY");
    cursor.eat("IF NOT EXISTS");
    let name = if cursor.looks_at("ON") { None } else { cursor.relation() };
    if !cursor.eat("ON") {
        out.work = Unknown;
        return;
    }
    let only = cursor.eat("ONLY");
    let Some(table) = cursor.relation() else {
        out.work = Unknown;
        return;
    };
    // An index lies in its table's schema.
    out.creates.extend(name.map(|name| super::Relation { schema: table.schema.clone(), ..name }));
    let (mode, action) = if concurrently {
        "CREATE INDEX CONCURRENTLY".clone_into(&mut out.kind);
        (ShareUpdateExclusive, "CREATE INDEX CONCURRENTLY")
    } else {
        (Share, "CREATE INDEX")
    };
    let note = only.then_some("of a partitioned table this makes an index without its parts, and reads nothing");
    out.push_on(super::On::Relation(table), mode, Scan, action, note);
}

pub(super) fn view(cursor: &mut Cursor<'_>, out: &mut Analysis) {
    cursor.eat("IF NOT EXISTS");
    out.creates.extend(cursor.relation());
    if cursor.seek("AS") {
        data::reads(cursor, out, Instant);
    }
}

pub(super) fn materialized_view(cursor: &mut Cursor<'_>, out: &mut Analysis) {
    cursor.eat("IF NOT EXISTS");
    out.creates.extend(cursor.relation());
    if cursor.seek("AS") {
        data::reads(cursor, out, Scan);
    }
}

pub(super) fn replace_view(cursor: &mut Cursor<'_>, out: &mut Analysis) {
    if let Some(view) = cursor.relation() {
        out.creates.push(view.clone());
        let note = Some("where the view is there already");
        out.push_on(super::On::Relation(view), AccessExclusive, Instant, "CREATE OR REPLACE VIEW", note);
    }
    if cursor.seek("AS") {
        data::reads(cursor, out, Instant);
    }
}

pub(super) fn sequence(cursor: &mut Cursor<'_>, out: &mut Analysis) {
    cursor.eat("IF NOT EXISTS");
    out.creates.extend(cursor.relation());
}

/// `CREATE RULE r AS ON INSERT TO t …`
pub(super) fn rule(cursor: &mut Cursor<'_>, out: &mut Analysis) {
    if cursor.seek("TO")
        && let Some(table) = cursor.relation()
    {
        out.push(table, AccessExclusive, Instant, "CREATE RULE");
    }
}

pub(super) fn statistics(cursor: &mut Cursor<'_>, out: &mut Analysis) {
    if cursor.seek("FROM")
        && let Some(table) = cursor.relation()
    {
        out.push(table, ShareUpdateExclusive, Instant, "CREATE STATISTICS");
    }
}

/// A schema may be created along with what is in it, which this doesn't read.
pub(super) fn schema(cursor: &mut Cursor<'_>, out: &mut Analysis) {
    if cursor.seek("CREATE") || cursor.seek("GRANT") {
        out.work = Unknown;
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Work, analyse};

    fn effects(sql: &str) -> Vec<String> {
        let found = &analyse(sql)[0];
        found.effects.iter().map(|effect| format!("{} {}: {}", effect.mode, effect.on, effect.work)).collect()
    }

    #[test]
    fn a_new_table_locks_what_it_refers_to() {
        assert_eq!(
            effects(
                "create table a (b int references c (d) on delete set null, e int references a, constraint f foreign key (g) references h, check (b in (1)))"
            ),
            ["SHARE ROW EXCLUSIVE `c`: instant", "SHARE ROW EXCLUSIVE `h`: instant"]
        );
        assert_eq!(
            effects("create table a partition of b for values in (1)"),
            ["ACCESS EXCLUSIVE `b`: instant", "ACCESS EXCLUSIVE the default partition of `b`: scan"]
        );
        assert_eq!(effects("create table a () inherits (b, c)").len(), 2);
        assert_eq!(effects("create table a (like b including all)"), ["ACCESS SHARE `b`: instant"]);
        assert_eq!(effects("create table a as select * from b join c using (d)").len(), 2);
    }

    #[test]
    fn an_index_lies_in_its_tables_schema() {
        let found = &analyse("create unique index concurrently if not exists i on only app.t using btree (a)")[0];
        assert_eq!(found.creates[0].to_string(), "app.i");
        assert_eq!(found.kind, "CREATE INDEX CONCURRENTLY");
        assert_eq!(effects("create index on t (a)"), ["SHARE `t`: scan"]);
    }

    #[test]
    fn views_and_schemas() {
        assert_eq!(
            effects("create or replace view v as select a from t"),
            ["ACCESS EXCLUSIVE `v`: instant", "ACCESS SHARE `t`: instant"]
        );
        assert_eq!(analyse("create schema s create table t (a int)")[0].work, Work::Unknown);
        assert_eq!(analyse("create schema if not exists s")[0].work, Work::Instant);
    }
}
