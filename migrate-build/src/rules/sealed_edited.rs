//! A sealed migration whose scripts are not what they were.

use super::{SEALED_EDITED, Script, naming, sealed};
use crate::diagnostic::{Diagnostic, Label};
use crate::lock::{Seal, compare};
use crate::migration::Direction;

pub(super) fn check(script: &Script<'_>, out: &mut Vec<Diagnostic>) {
    let Some(seal) = script.seal.filter(|seal| compare::stem(script.migration) == Some(&seal.stem)) else { return };
    let Seal { version, stem, .. } = seal;
    let (message, help) = match script.direction {
        // Whatever the header says of other parents is told by `sealed-parents-changed`, once.
        Direction::Up if script.migration.parents != seal.parents => return,
        Direction::Up if !compare::edited(Some(seal.up), script.text) => return,
        Direction::Up => (format!("`{stem}` was edited after it was sealed"), sealed::FIND_COMMIT.to_owned()),
        Direction::Down if seal.down.is_none() => (
            format!("`{stem}` was sealed without a down script, and has one now"),
            format!("take it out of the folder: `mv {} .`", naming::shell_word(&script.path.display().to_string())),
        ),
        Direction::Down if !compare::edited(seal.down, script.text) => return,
        Direction::Down => {
            (format!("the down script of `{stem}` was edited after it was sealed"), sealed::FIND_COMMIT.to_owned())
        }
    };
    out.push(Diagnostic {
        labels: vec![Label { path: script.path.to_owned(), span: None, text: String::new() }],
        notes: vec![sealed::WHY.to_owned()],
        helps: sealed::helps(help, *version, "then make the change in a new migration: `cargo migrate new NAME`"),
        ..SEALED_EDITED.finding(message)
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lock::Hash;
    use crate::rules::naming::tests::{migration, script};

    fn found(seal: &Seal, direction: Direction, text: &str) -> Option<String> {
        let migration = migration(2, &[1]);
        let mut out = Vec::new();
        check(&Script { direction, seal: Some(seal), ..script(&migration, text) }, &mut out);
        out.pop().map(|finding| finding.message)
    }

    #[test]
    fn texts_are_those_that_were_sealed() {
        let seal = Seal {
            version: 2,
            round: 0,
            stem: "V2__a".to_owned(),
            up: Hash::of("up"),
            down: Some(Hash::of("down")),
            parents: vec![1],
        };
        assert_eq!(found(&seal, Direction::Up, "up"), None);
        assert_eq!(found(&seal, Direction::Down, "down"), None);
        assert_eq!(found(&seal, Direction::Up, "up "), Some("`V2__a` was edited after it was sealed".to_owned()));
        let edited = "the down script of `V2__a` was edited after it was sealed";
        assert_eq!(found(&seal, Direction::Down, "up"), Some(edited.to_owned()));
        let (bare, none) =
            (Seal { down: None, ..seal.clone() }, "`V2__a` was sealed without a down script, and has one now");
        assert_eq!(found(&bare, Direction::Down, "down"), Some(none.to_owned()));
        assert_eq!(found(&Seal { stem: "V2__b".to_owned(), ..seal.clone() }, Direction::Up, "x"), None, "renamed");
        assert_eq!(found(&Seal { parents: vec![], ..seal }, Direction::Up, "x"), None, "its parents changed");
    }
}
