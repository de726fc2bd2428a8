//! A constraint that is checked in the transaction that adds it NOT VALID.

use migrate_build::diagnostic::Diagnostic;

use crate::hazards::{On, Verb};
use crate::lint::registry::VALIDATE_WITH_NOT_VALID;
use crate::lint::script::{Around, Script};

pub(super) fn check(script: &Script, around: &Around, out: &mut Vec<Diagnostic>) {
    if !script.is_transaction() {
        return;
    }
    for (at, part) in script.statements.iter().enumerate() {
        for validated in part.changes.iter().filter(|change| change.verb == Verb::Validates) {
            let Some(table) = &validated.of else { continue };
            let added = script.statements.iter().take(at + 1).find(|earlier| {
                earlier.changes.iter().any(|change| {
                    change.verb == Verb::Creates
                        && change.marked
                        && change.name == validated.name
                        && change.of.as_ref().is_some_and(|of| of.may_be(table))
                })
            });
            let Some(added) = added else { continue };
            if script.is_fresh(around, at, &On::Relation(table.clone())) {
                continue;
            }
            out.push(Diagnostic {
                labels: vec![
                    script.first_line(part, "reads the whole table"),
                    script.first_line(added, "under this lock, which is kept until the migration ends"),
                ],
                notes: vec![format!(
                    "on its own `VALIDATE CONSTRAINT` would let everybody read and write `{table}`: that is what `NOT VALID` is for"
                )],
                helps: vec!["move `VALIDATE CONSTRAINT` into a later migration".to_owned()],
                ..VALIDATE_WITH_NOT_VALID.finding(format!(
                    "`{}` of `{table}` is validated in the transaction that adds it",
                    validated.name
                ))
            });
        }
    }
}
