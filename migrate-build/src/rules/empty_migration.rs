//! A script without a statement. Bases and merges may have an empty up script: a history may begin with nothing, and a
//! merge only joins.

use crate::diagnostic::{Diagnostic, Label};
use crate::migration::Direction;
use crate::statements;

use super::{EMPTY_MIGRATION, Script, naming};

pub(super) fn check(script: &Script<'_>, out: &mut Vec<Diagnostic>) {
    if !statements::is_empty(script.text) {
        return;
    }
    let migration = script.migration;
    let name = naming::stem(migration);
    // The script is replaced by what the Rust source returns.
    let rendered = script.rust_source.is_some();
    let (message, helps) = match script.direction {
        Direction::Up if migration.parents.len() != 1 => return,
        // The header says what it does.
        Direction::Up if !migration.header.retires.is_empty() || !migration.header.revives.is_empty() => return,
        Direction::Up => (
            format!("`{name}` has no statement"),
            vec![
                match rendered {
                    true => format!("write them in its Rust source, then render it: `cargo migrate render {name}`"),
                    false => format!("write its statements into {}", script.path.display()),
                },
                "or, if nothing needs it and it is applied nowhere yet, delete its files".to_owned(),
            ],
        ),
        Direction::Down if script.up_is_empty => return,
        Direction::Down => (
            format!("the down script of `{name}` has no statement, so a downgrade would undo nothing"),
            vec![
                format!("write the statements that undo it into {}", script.path.display()),
                format!(
                    "or, before it is applied anywhere, delete {} and say why it can't be undone in the up script: \
                     `--! irreversible = \"reason\"`",
                    script.path.display()
                ),
            ],
        ),
    };
    out.push(Diagnostic {
        labels: vec![Label { path: script.path.to_owned(), span: None, text: String::new() }],
        helps,
        ..EMPTY_MIGRATION.finding(message)
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::naming::tests::{migration, script};

    fn found(script: &Script<'_>) -> usize {
        let mut out = Vec::new();
        check(script, &mut out);
        out.len()
    }

    #[test]
    fn an_ordinary_migration_has_statements() {
        let ordinary = migration(2, &[1]);
        assert_eq!(found(&script(&ordinary, "--! parents = [1]\n-- later /* ; */\n;;")), 1);
        assert_eq!(found(&script(&ordinary, "select 1")), 0);
        assert_eq!(found(&script(&ordinary, "select '")), 0, "which is a syntax error");
    }

    #[test]
    fn bases_and_merges_may_be_empty() {
        assert_eq!(found(&script(&migration(1, &[]), "-- begins here")), 0);
        assert_eq!(found(&script(&migration(4, &[2, 3]), "")), 0);
    }

    #[test]
    fn a_down_script_is_as_empty_as_its_up_script() {
        let base = migration(1, &[]);
        let down = Script { direction: Direction::Down, ..script(&base, "-- nothing\n") };
        assert_eq!(found(&down), 1);
        assert_eq!(found(&Script { up_is_empty: true, ..down }), 0);
        assert_eq!(found(&Script { text: "drop table t", ..down }), 0);
    }
}
