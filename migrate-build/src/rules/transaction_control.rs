//! Statements at odds with the transaction that a migration runs in, or with its running without one.

use crate::diagnostic::{Diagnostic, Label, Span};
use crate::migration::Direction;
use crate::statements::{Kind, Statement, Unterminated};

use super::{Script, TRANSACTION_CONTROL, naming};

/// Statements that one finding points at.
const SHOWN: usize = 4;

pub(super) fn check(script: &Script<'_>, statements: &Result<Vec<Statement>, Unterminated>, out: &mut Vec<Diagnostic>) {
    let Ok(statements) = statements else { return };
    let select = |name: fn(Kind) -> Option<&'static str>| -> Vec<(&Statement, &'static str)> {
        statements.iter().filter_map(|statement| Some((statement, name(statement.kind)?))).collect()
    };
    let control = select(|kind| if let Kind::TransactionControl(name) = kind { Some(name) } else { None });
    let outside = select(|kind| if let Kind::OutsideTransaction(name) = kind { Some(name) } else { None });
    if script.migration.header.no_transaction {
        out.extend(in_a_bare_migration(script, &control, outside.is_empty()));
    } else {
        out.extend(in_a_transaction(script, &control));
        out.extend(not_in_a_transaction(script, &outside));
    }
}

fn in_a_transaction(script: &Script<'_>, control: &[(&Statement, &'static str)]) -> Option<Diagnostic> {
    let &(_, name) = control.first()?;
    Some(Diagnostic {
        labels: labels(script, control, "runs inside the migration's own transaction"),
        helps: vec![
            format!("remove {}: every migration is one transaction already", each(control)),
            format!("or run its statements one by one: {}", header(script)),
        ],
        ..TRANSACTION_CONTROL.finding(format!("`{name}` in a migration that is a transaction already"))
    })
}

fn not_in_a_transaction(script: &Script<'_>, outside: &[(&Statement, &'static str)]) -> Option<Diagnostic> {
    let &(_, name) = outside.first()?;
    Some(Diagnostic {
        labels: labels(script, outside, "PostgreSQL refuses this in a transaction"),
        notes: vec![
            "without a transaction a failure leaves what ran before it, so such statements are best alone in a migration"
                .to_owned(),
        ],
        helps: vec![header(script)],
        ..TRANSACTION_CONTROL.finding(format!("`{name}` in a migration that runs in a transaction"))
    })
}

fn in_a_bare_migration(
    script: &Script<'_>,
    control: &[(&Statement, &'static str)],
    could_be_a_transaction: bool,
) -> Option<Diagnostic> {
    let &(_, name) = control.first()?;
    let mut helps = vec![format!("remove {}", each(control))];
    if could_be_a_transaction {
        helps.push("or, to run the migration as one transaction, remove `transaction = false` too".to_owned());
    }
    Some(Diagnostic {
        labels: labels(script, control, "spans several statements"),
        notes: vec![
            "with `transaction = false` each statement is run and recorded on its own, so that a crash can be resumed"
                .to_owned(),
        ],
        helps,
        ..TRANSACTION_CONTROL.finding(format!("`{name}` in a migration without a transaction"))
    })
}

/// The first words of each statement, up to the end of its first line.
fn labels(script: &Script<'_>, found: &[(&Statement, &'static str)], text: &str) -> Vec<Label> {
    found
        .iter()
        .take(SHOWN)
        .enumerate()
        .map(|(at, (statement, _))| {
            let whole = script.text.get(statement.range.clone()).unwrap_or_default();
            let line = whole.lines().next().unwrap_or_default().trim_end();
            Label {
                path: script.path.to_owned(),
                span: Some(Span::new(script.text, statement.range.start, statement.range.start + line.len())),
                text: if at == 0 { text.to_owned() } else { String::new() },
            }
        })
        .collect()
}

/// `` `BEGIN` and `COMMIT` ``: every name once, in the order of the script.
fn each(found: &[(&Statement, &'static str)]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for (_, name) in found {
        if !names.contains(name) {
            names.push(name);
        }
    }
    naming::list(&names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>())
}

/// The header belongs to the up script and speaks for both.
fn header(script: &Script<'_>) -> String {
    match script.direction {
        Direction::Up => "write `--! transaction = false` as the first line of the script".to_owned(),
        Direction::Down => format!(
            "write `--! transaction = false` as the first line of the up script, {}",
            script.path.with_file_name(script.migration.up.file_name().unwrap_or_default()).display()
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::naming::tests::{migration, script};

    fn found(no_transaction: bool, sql: &str) -> Vec<(String, usize)> {
        let mut migration = migration(2, &[1]);
        migration.header.no_transaction = no_transaction;
        let mut out = Vec::new();
        check(&script(&migration, sql), &crate::statements::split(sql), &mut out);
        out.into_iter().map(|finding| (finding.message, finding.labels.len())).collect()
    }

    #[test]
    fn one_finding_for_each_conflict() {
        let sql = "begin; create index concurrently i on t (a); vacuum; commit;";
        assert_eq!(
            found(false, sql),
            [
                ("`BEGIN` in a migration that is a transaction already".to_owned(), 2),
                ("`CREATE INDEX CONCURRENTLY` in a migration that runs in a transaction".to_owned(), 2),
            ]
        );
        assert_eq!(found(true, sql), [("`BEGIN` in a migration without a transaction".to_owned(), 2)]);
    }

    #[test]
    fn bodies_and_savepoints_are_no_conflict() {
        let sql = "do $$ begin perform 1; end $$; savepoint a; rollback to a; call p();";
        assert_eq!(found(false, sql), []);
        assert_eq!(found(true, "create index concurrently i on t (a); select 1"), []);
        assert_eq!(found(false, "commit; select '"), [], "which is a syntax error");
    }
}
