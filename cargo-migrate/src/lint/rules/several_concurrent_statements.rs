//! Several statements in one migration that can't run in a transaction.

use migrate_build::diagnostic::Diagnostic;
use migrate_build::statements::Kind;

use crate::lint::registry::SEVERAL_CONCURRENT_STATEMENTS;
use crate::lint::script::Script;

pub(super) fn check(script: &Script, out: &mut Vec<Diagnostic>) {
    let mut outside = script.statements.iter().filter_map(|part| match part.kind {
        Kind::OutsideTransaction(name) => Some((part, name)),
        _ => None,
    });
    let (Some((first, _)), Some((second, name))) = (outside.next(), outside.next()) else { return };
    out.push(Diagnostic {
        labels: vec![
            script.first_line(second, "starts when the first one is done, whatever time that took"),
            script.first_line(first, "stays where this one fails"),
        ],
        notes: vec![
            "each of them waits for all older transactions of the database, and none can be rolled back".to_owned(),
        ],
        helps: vec!["give each a migration of its own, so that each can fail and be repeated alone".to_owned()],
        ..SEVERAL_CONCURRENT_STATEMENTS.finding(format!("`{name}` is not the only statement outside a transaction"))
    });
}
