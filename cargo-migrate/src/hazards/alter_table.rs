//! `ALTER TABLE`: the table of its actions.

use super::LockMode::{self, AccessExclusive, RowShare, ShareRowExclusive, ShareUpdateExclusive};
use super::Work::{self, Instant, Rewrite, Scan, Unknown};
use super::column;
use super::effect::{Analysis, On};
use super::names::Relation;
use super::tokens::Cursor;

/// An action by its first words, where these and no more decide. Those with a longer reading are in [`action`].
struct Action {
    words: &'static str,
    mode: LockMode,
    work: Work,
}

const fn simple(words: &'static str, mode: LockMode, work: Work) -> Action {
    Action { words, mode, work }
}

const ACTIONS: &[Action] = &[
    simple("RENAME", AccessExclusive, Instant),
    simple("SET SCHEMA", AccessExclusive, Instant),
    simple("OWNER TO", AccessExclusive, Instant),
    simple("ALTER CONSTRAINT", AccessExclusive, Instant),
    simple("DROP", AccessExclusive, Instant),
    simple("DISABLE TRIGGER", ShareRowExclusive, Instant),
    simple("ENABLE TRIGGER", ShareRowExclusive, Instant),
    simple("ENABLE REPLICA TRIGGER", ShareRowExclusive, Instant),
    simple("ENABLE ALWAYS TRIGGER", ShareRowExclusive, Instant),
    simple("DISABLE RULE", AccessExclusive, Instant),
    simple("ENABLE RULE", AccessExclusive, Instant),
    simple("ENABLE REPLICA RULE", AccessExclusive, Instant),
    simple("ENABLE ALWAYS RULE", AccessExclusive, Instant),
    simple("DISABLE ROW LEVEL SECURITY", AccessExclusive, Instant),
    simple("ENABLE ROW LEVEL SECURITY", AccessExclusive, Instant),
    simple("FORCE ROW LEVEL SECURITY", AccessExclusive, Instant),
    simple("NO FORCE ROW LEVEL SECURITY", AccessExclusive, Instant),
    simple("CLUSTER ON", ShareUpdateExclusive, Instant),
    simple("SET WITHOUT CLUSTER", ShareUpdateExclusive, Instant),
    simple("SET WITHOUT OIDS", AccessExclusive, Instant),
    simple("SET LOGGED", AccessExclusive, Rewrite),
    simple("SET UNLOGGED", AccessExclusive, Rewrite),
    simple("SET TABLESPACE", AccessExclusive, Rewrite),
    simple("SET ACCESS METHOD", AccessExclusive, Rewrite),
    simple("NOT OF", AccessExclusive, Instant),
    simple("OF", AccessExclusive, Instant),
    simple("REPLICA IDENTITY", AccessExclusive, Instant),
    simple("OPTIONS", AccessExclusive, Instant),
    simple("DEPENDS ON EXTENSION", AccessExclusive, Instant),
    simple("NO DEPENDS ON EXTENSION", AccessExclusive, Instant),
];

/// Actions on a column, after `ALTER [COLUMN] name`.
const COLUMN_ACTIONS: &[Action] = &[
    simple("TYPE", AccessExclusive, Rewrite),
    simple("SET DATA TYPE", AccessExclusive, Rewrite),
    simple("SET DEFAULT", AccessExclusive, Instant),
    simple("DROP DEFAULT", AccessExclusive, Instant),
    simple("SET NOT NULL", AccessExclusive, Scan),
    simple("DROP NOT NULL", AccessExclusive, Instant),
    simple("SET EXPRESSION", AccessExclusive, Rewrite),
    simple("DROP EXPRESSION", AccessExclusive, Instant),
    simple("ADD GENERATED", AccessExclusive, Instant),
    simple("SET GENERATED", AccessExclusive, Instant),
    simple("RESTART", AccessExclusive, Instant),
    simple("DROP IDENTITY", AccessExclusive, Instant),
    simple("SET STATISTICS", ShareUpdateExclusive, Instant),
    simple("SET STORAGE", AccessExclusive, Instant),
    simple("SET COMPRESSION", AccessExclusive, Instant),
    simple("OPTIONS", AccessExclusive, Instant),
];

/// Storage parameters whose change needs no more than a weak lock; the others are rare and take the strongest.
const WEAK_PARAMETERS: [&str; 8] = [
    "fillfactor",
    "autovacuum",
    "toast_tuple_target",
    "parallel_workers",
    "n_distinct",
    "vacuum",
    "toast",
    "log_autovacuum",
];

pub(super) fn table(cursor: &mut Cursor<'_>, out: &mut Analysis) {
    if cursor.looks_at("ALL IN TABLESPACE") {
        out.work = Unknown;
        return;
    }
    cursor.skip_any(&["IF EXISTS", "ONLY"]);
    let Some(table) = cursor.relation() else {
        out.work = Unknown;
        return;
    };
    let actions = cursor.items();
    if actions.is_empty() {
        out.work = Unknown;
    }
    for mut found in actions {
        action(&mut found, &table, out);
    }
}

fn action(cursor: &mut Cursor<'_>, table: &Relation, out: &mut Analysis) {
    let on = || On::Relation(table.clone());
    if cursor.eat("ADD") {
        return add(cursor, table, out);
    }
    if cursor.eat("VALIDATE CONSTRAINT") {
        out.push_on(on(), ShareUpdateExclusive, Scan, "VALIDATE CONSTRAINT", None);
        let note = Some("where the constraint is a foreign key");
        out.push_on(On::ReferencedBy(table.clone()), RowShare, Instant, "VALIDATE CONSTRAINT", note);
        return;
    }
    if cursor.looks_at("DROP CONSTRAINT") {
        out.push_on(on(), AccessExclusive, Instant, "DROP CONSTRAINT", None);
        let note = Some("where the constraint is a foreign key");
        out.push_on(On::ReferencedBy(table.clone()), AccessExclusive, Instant, "DROP CONSTRAINT", note);
        return;
    }
    if cursor.eat("ATTACH PARTITION") {
        out.push_on(on(), ShareUpdateExclusive, Instant, "ATTACH PARTITION", None);
        if let Some(partition) = cursor.relation() {
            let note = Some("not read where a constraint proves that its rows belong there");
            out.push_on(On::Relation(partition), AccessExclusive, Scan, "ATTACH PARTITION", note);
        }
        let default = On::DefaultPartitionOf(table.clone());
        out.push_on(default, AccessExclusive, Scan, "ATTACH PARTITION", None);
        return;
    }
    if cursor.eat("DETACH PARTITION") {
        return detach(cursor, table, out);
    }
    if cursor.eat("NO INHERIT") || cursor.eat("INHERIT") {
        out.push_on(on(), AccessExclusive, Instant, "INHERIT", None);
        if let Some(parent) = cursor.relation() {
            out.push_on(On::Relation(parent), ShareUpdateExclusive, Instant, "INHERIT", None);
        }
        return;
    }
    if (cursor.looks_at("SET") || cursor.looks_at("RESET"))
        && cursor.rest().get(1).is_some_and(|token| token.text == "(")
    {
        cursor.next();
        out.push_on(on(), parameters(cursor), Instant, "SET", None);
        return;
    }
    if cursor.looks_at("ALTER") && !cursor.looks_at("ALTER CONSTRAINT") {
        cursor.eat("ALTER");
        return alter_column(cursor, table, out);
    }
    match ACTIONS.iter().find(|action| cursor.looks_at(action.words)) {
        Some(Action { words, mode, work }) => {
            // Without a word what is dropped is a column.
            let words = if *words == "DROP" { "DROP COLUMN" } else { words };
            out.push_on(on(), *mode, *work, words, None);
        }
        None => out.work = Unknown,
    }
}

/// How strongly `SET (…)` and `RESET (…)` lock.
fn parameters(cursor: &mut Cursor<'_>) -> LockMode {
    let Some(parameters) = cursor.group() else { return AccessExclusive };
    let weak = parameters.items().iter().all(|parameter| {
        parameter.peek().is_some_and(|name| {
            let name = name.text.to_ascii_lowercase();
            WEAK_PARAMETERS.iter().any(|weak| name.starts_with(weak))
        })
    });
    if weak { ShareUpdateExclusive } else { AccessExclusive }
}

fn detach(cursor: &mut Cursor<'_>, table: &Relation, out: &mut Analysis) {
    let Some(partition) = cursor.relation() else {
        out.work = Unknown;
        return;
    };
    let (parent, child, action) = if cursor.looks_at("CONCURRENTLY") {
        (ShareUpdateExclusive, ShareUpdateExclusive, "DETACH PARTITION CONCURRENTLY")
    } else if cursor.looks_at("FINALIZE") {
        (ShareUpdateExclusive, AccessExclusive, "DETACH PARTITION FINALIZE")
    } else {
        (AccessExclusive, AccessExclusive, "DETACH PARTITION")
    };
    out.push_on(On::Relation(table.clone()), parent, Instant, action, None);
    out.push_on(On::Relation(partition), child, Instant, action, None);
    if action == "DETACH PARTITION" {
        out.push_on(On::DefaultPartitionOf(table.clone()), AccessExclusive, Instant, action, None);
    }
}

fn alter_column(cursor: &mut Cursor<'_>, table: &Relation, out: &mut Analysis) {
    cursor.eat("COLUMN");
    drop(cursor.name());
    let on = On::Relation(table.clone());
    if (cursor.looks_at("SET") || cursor.looks_at("RESET"))
        && cursor.rest().get(1).is_some_and(|token| token.text == "(")
    {
        out.push_on(on, ShareUpdateExclusive, Instant, "ALTER COLUMN SET", None);
        return;
    }
    match COLUMN_ACTIONS.iter().find(|action| cursor.looks_at(action.words)) {
        Some(Action { words, mode, work }) => {
            let note = match *words {
                "TYPE" | "SET DATA TYPE" => {
                    Some("not rewritten where the old type's values fit the new one as they are")
                }
                "SET NOT NULL" => Some("not read where a valid `CHECK (… IS NOT NULL)` proves it"),
                _ => None,
            };
            out.push_on(on, *mode, *work, words, note);
        }
        // `SET GENERATED ALWAYS SET START WITH 1`, `SET INCREMENT BY 2` and so on, of an identity.
        None if cursor.looks_at("SET") => out.push_on(on, AccessExclusive, Instant, "ALTER COLUMN SET", None),
        None => out.work = Unknown,
    }
}

/// What follows `ADD`.
fn add(cursor: &mut Cursor<'_>, table: &Relation, out: &mut Analysis) {
    let on = On::Relation(table.clone());
    if cursor.eat("CONSTRAINT") {
        drop(cursor.name());
        return add_constraint(cursor, on, out);
    }
    let is_constraint = ["CHECK", "UNIQUE", "PRIMARY KEY", "FOREIGN KEY", "EXCLUDE", "NOT NULL"];
    if is_constraint.iter().any(|words| cursor.looks_at(words)) {
        return add_constraint(cursor, on, out);
    }
    cursor.skip_any(&["COLUMN", "IF NOT EXISTS"]);
    let column = column::read(cursor);
    let (work, note) = if column.computed {
        (Rewrite, Some("every row gets a value of its own"))
    } else if column.index {
        (Scan, Some("an index is built"))
    } else if column.check || (column.not_null && !column.default) {
        (Scan, Some("every row is checked"))
    } else if !column.references.is_empty() && column.default {
        (Scan, Some("every row's reference is checked"))
    } else if column.foreign_type {
        (Instant, Some("rewritten where the type is a domain with a constraint"))
    } else {
        (Instant, None)
    };
    out.push_on(on, AccessExclusive, work, "ADD COLUMN", note);
    for referenced in column.references {
        let on = On::Relation(referenced);
        out.push_on(on, ShareRowExclusive, Instant, "ADD COLUMN … REFERENCES", None);
    }
}

fn add_constraint(cursor: &mut Cursor<'_>, on: On, out: &mut Analysis) {
    let work = if cursor.has("NOT VALID") { Instant } else { Scan };
    if cursor.eat("CHECK") {
        out.push_on(on, AccessExclusive, work, "ADD CHECK", None);
    } else if cursor.eat("NOT NULL") {
        out.push_on(on, AccessExclusive, work, "ADD NOT NULL", None);
    } else if cursor.eat("FOREIGN KEY") {
        out.push_on(on, ShareRowExclusive, work, "ADD FOREIGN KEY", None);
        if cursor.seek("REFERENCES")
            && let Some(referenced) = cursor.relation()
        {
            let note = (work == Scan).then_some("held while the other table is read");
            out.push_on(On::Relation(referenced), ShareRowExclusive, Instant, "ADD FOREIGN KEY", note);
        }
    } else if cursor.looks_at("UNIQUE USING INDEX") {
        out.push_on(on, AccessExclusive, Instant, "ADD UNIQUE USING INDEX", None);
    } else if cursor.looks_at("PRIMARY KEY USING INDEX") {
        let note = Some("not read where its columns are NOT NULL already");
        out.push_on(on, AccessExclusive, Scan, "ADD PRIMARY KEY USING INDEX", note);
    } else if cursor.looks_at("UNIQUE") {
        out.push_on(on, AccessExclusive, Scan, "ADD UNIQUE", Some("an index is built"));
    } else if cursor.looks_at("PRIMARY KEY") {
        out.push_on(on, AccessExclusive, Scan, "ADD PRIMARY KEY", Some("an index is built"));
    } else if cursor.looks_at("EXCLUDE") {
        out.push_on(on, AccessExclusive, Scan, "ADD EXCLUDE", Some("an index is built"));
    } else {
        out.work = Unknown;
    }
}

#[cfg(test)]
mod tests {
    use super::super::analyse;
    use super::*;

    #[track_caller]
    fn is(action: &str, mode: LockMode, work: Work) {
        let found = analyse(&format!("alter table t {action}"));
        let effect = &found[0].effects.first().unwrap_or_else(|| panic!("{action}: no effect"));
        assert_eq!((effect.mode, effect.work), (mode, work), "{action}");
        assert_ne!(found[0].work, Unknown, "{action}");
    }

    #[test]
    fn actions_with_a_reading_of_their_own() {
        is("add a int", AccessExclusive, Instant);
        is("add column a int not null default 0", AccessExclusive, Instant);
        is("add column a int not null", AccessExclusive, Scan);
        is("add column a int default 1 references b", AccessExclusive, Scan);
        is("add column a int references b", AccessExclusive, Instant);
        is("add constraint c check (a > 0) not valid", AccessExclusive, Instant);
        is("add constraint c unique (a)", AccessExclusive, Scan);
        is("add constraint c unique using index i", AccessExclusive, Instant);
        is("add exclude using gist (a with &&)", AccessExclusive, Scan);
        is("add foreign key (a) references b not valid", ShareRowExclusive, Instant);
        is("alter a type text using a::text", AccessExclusive, Rewrite);
        is("alter column a set (n_distinct = 5)", ShareUpdateExclusive, Instant);
        is("alter column a set increment by 2", AccessExclusive, Instant);
        is("set (fillfactor = 70, autovacuum_enabled = false)", ShareUpdateExclusive, Instant);
        is("set (user_catalog_table = true)", AccessExclusive, Instant);
        is("detach partition p concurrently", ShareUpdateExclusive, Instant);
        is("drop a", AccessExclusive, Instant);
    }

    #[test]
    fn what_is_no_action_is_unknown() {
        for sql in [
            "alter table t frobnicate",
            "alter table t",
            "alter table t alter a frobnicate",
            "alter table t add constraint c what",
        ] {
            assert_eq!(analyse(sql)[0].work, Unknown, "{sql}");
        }
    }
}
