//! Statements without a transaction that belong in one.

use migrate_build::diagnostic::Diagnostic;
use migrate_build::migration::header::locate;
use migrate_build::statements::Kind;

use crate::hazards::Nature;
use crate::lint::registry::MIXED_TRANSACTION;
use crate::lint::script::{Part, Script};

pub(super) fn check(script: &Script, out: &mut Vec<Diagnostic>) {
    if script.is_transaction() {
        return;
    }
    let needs = |part: &&Part| matches!(part.kind, Kind::OutsideTransaction(_) | Kind::MayCommit(_));
    let belongs =
        |part: &&Part| part.kind == Kind::Ordinary && matches!(part.analysis.nature, Nature::Schema | Nature::Data);
    let Some(ordinary) = script.statements.iter().find(belongs) else { return };
    let reason = "a failure after it leaves it done, and the migration half applied until it is run again";
    let mut labels = vec![script.first_line(ordinary, "would be safe in a transaction")];
    let (message, help) = match script.statements.iter().find(needs) {
        Some(other) => {
            labels.push(script.first_line(other, "can't run in one"));
            (
                format!("`{}` runs outside a transaction because of its neighbour", ordinary.analysis.kind),
                "move it into a migration of its own, before this one or after it",
            )
        }
        None if script.statements.len() > 1 => {
            if let Some(span) = locate(&script.text, "transaction") {
                labels.push(script.label(span.start..span.end, "nothing here needs it"));
            }
            (
                "`transaction = false` in a migration that could be a transaction".to_owned(),
                "remove `transaction = false`",
            )
        }
        // A single statement is its own transaction, and may be wanted without our locks around.
        None => return,
    };
    out.push(Diagnostic {
        labels,
        notes: vec![reason.to_owned()],
        helps: vec![help.to_owned()],
        ..MIXED_TRANSACTION.finding(message)
    });
}
