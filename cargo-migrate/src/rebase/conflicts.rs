//! What both sides touch: a script that was written without the other side's may undo what that did.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::touched::touched;

/// A place of ours and one of theirs that touch the same thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// What both touch: `books.isbn`.
    pub what: String,
    /// Our script, and the line.
    pub ours: (PathBuf, usize),
    /// Theirs.
    pub theirs: (PathBuf, usize),
}

/// Scripts of one migration: the down script first where it is ours, the up script where it is theirs.
pub type Scripts = Vec<(PathBuf, String)>;

/// Returns what both sides touch, each thing once for two migrations, in the order of ours.
pub fn conflicts(ours: &[Scripts], theirs: &[Scripts]) -> Vec<Conflict> {
    let mut found = Vec::new();
    for our_scripts in ours {
        for their_scripts in theirs {
            let mut told = BTreeSet::new();
            for (our_path, our_text) in our_scripts {
                let mine = touched(our_text);
                for (their_path, their_text) in their_scripts {
                    for other in touched(their_text) {
                        let Some(mine) = mine.iter().find(|mine| mine.overlaps(&other)) else { continue };
                        // The narrower of the two names it.
                        let what = if mine.part.is_some() { mine.name() } else { other.name() };
                        if told.insert(what.clone()) {
                            found.push(Conflict {
                                what,
                                ours: (our_path.clone(), mine.line),
                                theirs: (their_path.clone(), other.line),
                            });
                        }
                    }
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scripts(files: &[(&str, &str)]) -> Vec<Scripts> {
        vec![files.iter().map(|(file, text)| (PathBuf::from(file), (*text).to_owned())).collect()]
    }

    #[test]
    fn a_way_back_that_undoes_theirs_is_named_with_both_lines() {
        let theirs = scripts(&[("V2.sql", "--! x\nalter table books rename isbn to code;"), ("V2.down.sql", "")]);
        let ours = scripts(&[
            ("V3.down.sql", "\n\nalter table books add isbn text;\n"),
            ("V3.sql", "alter table books drop isbn;"),
        ]);
        let conflict =
            Conflict { what: "books.isbn".to_owned(), ours: ("V3.down.sql".into(), 3), theirs: ("V2.sql".into(), 2) };
        assert_eq!(conflicts(&ours, &theirs), [conflict]);
        let others = scripts(&[("V2.sql", "alter table books add price int; create table books_x ();")]);
        assert_eq!(conflicts(&ours, &others), []);
        let whole = scripts(&[("V2.sql", "drop table books")]);
        assert_eq!(conflicts(&ours, &whole)[0].what, "books.isbn");
    }
}
