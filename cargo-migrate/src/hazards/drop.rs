//! `DROP` and `TRUNCATE`.

use super::LockMode::{AccessExclusive, ShareUpdateExclusive};
use super::Work::{Instant, Unknown};
use super::effect::{Analysis, On};
use super::tokens::Cursor;

pub(super) fn table(cursor: &mut Cursor<'_>, out: &mut Analysis) {
    cursor.eat("IF EXISTS");
    let tables = cursor.relations();
    for table in &tables {
        out.push(table.clone(), AccessExclusive, Instant, "DROP TABLE");
    }
    for table in tables {
        let note = Some("its foreign keys are dropped with it");
        out.push_on(On::ReferencedBy(table), AccessExclusive, Instant, "DROP TABLE", note);
    }
    cascade(cursor, out);
}

pub(super) fn relation(cursor: &mut Cursor<'_>, out: &mut Analysis) {
    cursor.eat("IF EXISTS");
    for relation in cursor.relations() {
        out.push(relation, AccessExclusive, Instant, "DROP");
    }
    cascade(cursor, out);
}

pub(super) fn index(cursor: &mut Cursor<'_>, out: &mut Analysis) {
    let concurrently = cursor.eat("CONCURRENTLY");
    cursor.eat("IF EXISTS");
    let (mode, action) = if concurrently {
        "DROP INDEX CONCURRENTLY".clone_into(&mut out.kind);
        (ShareUpdateExclusive, "DROP INDEX CONCURRENTLY")
    } else {
        (AccessExclusive, "DROP INDEX")
    };
    for index in cursor.relations() {
        out.push_on(On::TableOf(index.clone()), mode, Instant, action, None);
        out.push(index, mode, Instant, action);
    }
    cascade(cursor, out);
}

/// Objects that are no relations: nothing is locked, unless what depends on them goes too.
pub(super) fn object(cursor: &mut Cursor<'_>, out: &mut Analysis) {
    if let Some(kind) = cursor.peek() {
        out.kind = format!("DROP {}", kind.text.to_ascii_uppercase());
    }
    cascade(cursor, out);
}

pub(super) fn truncate(cursor: &mut Cursor<'_>, out: &mut Analysis) {
    cursor.eat("TABLE");
    for table in cursor.relations() {
        out.push(table, AccessExclusive, Instant, "TRUNCATE");
    }
    cascade(cursor, out);
}

/// `CASCADE` reaches what the text doesn't name.
fn cascade(cursor: &Cursor<'_>, out: &mut Analysis) {
    if cursor.has("CASCADE") {
        out.work = Unknown;
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Work, analyse};

    #[test]
    fn an_index_is_dropped_under_its_tables_lock() {
        let found = &analyse("drop index concurrently if exists app.i")[0];
        let effects: Vec<String> =
            found.effects.iter().map(|effect| format!("{} {}", effect.mode, effect.on)).collect();
        assert_eq!(effects, ["SHARE UPDATE EXCLUSIVE the table of `app.i`", "SHARE UPDATE EXCLUSIVE `app.i`"]);
        assert_eq!(found.kind, "DROP INDEX CONCURRENTLY");
    }

    #[test]
    fn cascade_is_unknown() {
        for (sql, work) in [
            ("drop table a, b", Work::Instant),
            ("drop table a, b cascade", Work::Unknown),
            ("drop type t", Work::Instant),
            ("drop type t cascade", Work::Unknown),
            ("truncate a restart identity cascade", Work::Unknown),
        ] {
            assert_eq!(analyse(sql)[0].work, work, "{sql}");
        }
        assert_eq!(analyse("drop type t")[0].kind, "DROP TYPE");
    }
}
