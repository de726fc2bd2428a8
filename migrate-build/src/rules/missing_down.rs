//! A migration that can't be undone and doesn't say why.

use crate::diagnostic::{Diagnostic, Label};
use crate::migration::Direction;

use super::{MISSING_DOWN, Script, naming};

pub(super) fn check(script: &Script<'_>, out: &mut Vec<Diagnostic>) {
    let migration = script.migration;
    if script.direction == Direction::Down || script.has_down || migration.header.irreversible.is_some() {
        return;
    }
    // One that was sealed is not missing but deleted, which `sealed-deleted` says.
    if script.seal.is_some_and(|seal| seal.down.is_some()) {
        return;
    }
    let name = naming::stem(migration);
    let down = script.path.with_extension("down.sql");
    out.push(Diagnostic {
        labels: vec![Label { path: script.path.to_owned(), span: None, text: String::new() }],
        helps: vec![
            format!("write the statements that undo it into {}", down.display()),
            "or say why it can't be undone, before it is applied anywhere: `--! irreversible = \"reason\"`".to_owned(),
        ],
        ..MISSING_DOWN.finding(format!("`{name}` has no down script"))
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::naming::tests::{migration, script};

    #[test]
    fn wants_a_down_script_or_a_reason() {
        let mut migration = migration(2, &[1]);
        let found = |script: &Script<'_>| {
            let mut out = Vec::new();
            check(script, &mut out);
            out.len()
        };
        assert_eq!(found(&script(&migration, "select 1")), 1);
        assert_eq!(found(&Script { has_down: true, ..script(&migration, "select 1") }), 0);
        assert_eq!(found(&Script { direction: Direction::Down, ..script(&migration, "select 1") }), 0);
        migration.header.irreversible = Some("the old values are gone".to_owned());
        assert_eq!(found(&script(&migration, "select 1")), 0);
    }
}
