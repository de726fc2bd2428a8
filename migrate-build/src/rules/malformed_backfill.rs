//! A script that a header calls a backfill, and that can't be run in batches.

use crate::diagnostic::{Diagnostic, Label, Span};
use crate::migration::Direction;
use crate::statements::{self, Statement, Unterminated};

use super::{MALFORMED_BACKFILL, Script};

const BETWEEN: &str = "bound the rows by the batch's keys, as in `WHERE id BETWEEN $1 AND $2`";

pub(super) fn check(script: &Script<'_>, statements: &Result<Vec<Statement>, Unterminated>, out: &mut Vec<Diagnostic>) {
    let Ok(statements) = statements else { return };
    let header = &script.migration.header;
    if header.backfill.is_none() || script.direction == Direction::Down {
        return;
    }
    let mut find = |message: String, at: Option<&Statement>, help: &str| {
        let span = at.map(|statement| {
            let line =
                script.text.get(statement.range.clone()).and_then(|text| text.lines().next()).unwrap_or_default();
            Span::new(script.text, statement.range.start, statement.range.start + line.trim_end().len())
        });
        out.push(Diagnostic {
            labels: vec![Label { path: script.path.to_owned(), span, text: String::new() }],
            helps: vec![help.to_owned()],
            ..MALFORMED_BACKFILL.finding(message)
        });
    };
    if header.no_transaction {
        let help = "remove `transaction = false`";
        find("a backfill without a transaction, when each of its batches is one".to_owned(), None, help);
    }
    let [statement] = statements.as_slice() else {
        if let Some(second) = statements.get(1) {
            let message = format!("a backfill of {} statements", statements.len());
            find(message, Some(second), "make a migration of its own of every statement");
        }
        return;
    };
    let first = statement.words.first().map(String::as_str).unwrap_or_default();
    if !matches!(first, "UPDATE" | "INSERT" | "DELETE" | "MERGE" | "WITH" | "SELECT") {
        let message = format!("a backfill by `{}`, which takes no batch of rows", statement.words.join(" "));
        find(
            message,
            Some(statement),
            "remove `backfill` from the header, or change rows by `UPDATE`, `INSERT` or `DELETE`",
        );
        return;
    }
    let text = script.text.get(statement.range.clone()).unwrap_or_default();
    let parameters = statements::parameters(text);
    if let Some(other) = parameters.iter().find(|parameter| !matches!(parameter.as_str(), "$1" | "$2")) {
        find(
            format!("a backfill with a parameter `{other}`"),
            Some(statement),
            "there are `$1`, the batch's first key, and `$2`, its last one",
        );
    } else if parameters.len() < 2 {
        find("a backfill whose statement is not bounded by a batch".to_owned(), Some(statement), BETWEEN);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backfill::{BATCH, Backfill, MAX_LAG};
    use crate::rules::naming::tests::{migration, script};

    fn found(no_transaction: bool, sql: &str) -> Vec<String> {
        let mut migration = migration(2, &[1]);
        migration.header.no_transaction = no_transaction;
        migration.header.backfill = Some(Backfill {
            table: "books".into(),
            key: "id".into(),
            batch: BATCH,
            pause: std::time::Duration::ZERO,
            max_lag: MAX_LAG,
        });
        let mut out = Vec::new();
        check(&script(&migration, sql), &statements::split(sql), &mut out);
        out.into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn one_bounded_statement_is_right() {
        for sql in [
            "update books set a = 1 where id between $1 and $2;",
            "with b as (select id from books where id >= $1 and id <= $2) delete from books using b where b.id = books.id",
            "",
        ] {
            assert_eq!(found(false, sql), Vec::<String>::new(), "{sql}");
        }
    }

    #[test]
    fn what_cannot_be_run_in_batches() {
        for (sql, expected) in [
            ("update books set a = 1", "a backfill whose statement is not bounded by a batch"),
            ("update books set a = '$1 $2' where id > $1", "a backfill whose statement is not bounded by a batch"),
            ("update books set a = $3 where id between $1 and $2", "a backfill with a parameter `$3`"),
            ("alter table books add a int", "a backfill by `ALTER TABLE BOOKS ADD`, which takes no batch of rows"),
            ("update a set b = 1; update c set d = 2", "a backfill of 2 statements"),
        ] {
            assert_eq!(found(false, sql), [expected], "{sql}");
        }
        assert_eq!(
            found(true, "update books set a = 1 where id between $1 and $2"),
            ["a backfill without a transaction, when each of its batches is one"]
        );
    }
}
