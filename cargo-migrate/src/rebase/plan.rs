//! Which migration gets which version, and what it builds on then.

use std::collections::BTreeSet;

use migrate_build::graph::{Graph, Node};
use migrate_build::migration::header;

use crate::authoring::version::NoVersionLeft;
use crate::committed::{Entry, Side};

/// A migration on its way to another version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// As it is.
    pub from: Entry,
    /// Its new version.
    pub version: i64,
    /// What its header names then; `None` in a folder whose headers name no parents at all.
    pub parents: Option<Vec<i64>>,
}

impl Move {
    /// What its files are called then, without folder and extension.
    pub fn stem(&self) -> String {
        Entry { version: self.version, ..self.from.clone() }.stem()
    }

    /// The text of its up script then.
    pub fn up(&self, text: &str) -> String {
        match &self.parents {
            Some(parents) => set_parents(text, parents),
            None => text.to_owned(),
        }
    }
}

/// What a rebase does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The migrations that move, in their order.
    pub moves: Vec<Move>,
    /// What the first one is put on.
    pub onto: Option<i64>,
    /// The migrations of the other side that ours did not build on.
    pub unseen: Vec<Entry>,
}

/// Why ours can't be put on top.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotPossible {
    /// The other side itself ends in several.
    #[error("the other side ends in {} migrations itself: {}", heads.len(), heads.join(", "))]
    SeveralHeads {
        /// Their names.
        heads: Vec<String>,
    },
    /// The numbers end.
    #[error(transparent)]
    NoVersionLeft(#[from] NoVersionLeft),
}

/// Plans to put `ours` on top of `theirs`, one after the other in the order of their versions; `here` is what the working
/// tree has, both sides. `next` gives the version after the newest.
///
/// # Errors
/// See [`NotPossible`].
pub fn plan(
    ours: &[Entry],
    theirs: &Side,
    here: &Side,
    mut next: impl FnMut(Option<i64>) -> Result<i64, NoVersionLeft>,
) -> Result<Plan, NotPossible> {
    let onto = match theirs.heads().as_slice() {
        [] => None,
        [head] => Some(head.version),
        heads => return Err(NotPossible::SeveralHeads { heads: heads.iter().map(|head| head.stem()).collect() }),
    };
    if ours.is_empty() || is_on_top(ours, onto, here) {
        return Ok(Plan { onto, ..Plan::default() });
    }
    let plain = ours.iter().chain(&theirs.entries).all(|entry| !entry.named_parents);
    let mut parent = onto;
    let mut newest = theirs.entries.last().map(|entry| entry.version);
    let mut moves = Vec::with_capacity(ours.len());
    for entry in ours {
        let version = next(newest)?;
        let parents = (!plain).then(|| parent.into_iter().collect());
        moves.push(Move { from: entry.clone(), version, parents });
        (parent, newest) = (Some(version), Some(version));
    }
    Ok(Plan { moves, onto, unseen: unseen(ours, theirs, here) })
}

/// Whether ours are a line that goes on where theirs end.
fn is_on_top(ours: &[Entry], onto: Option<i64>, here: &Side) -> bool {
    let twice = here.entries.windows(2).any(|pair| matches!(pair, [a, b] if a.version == b.version));
    let (graph, errors) = graph(here);
    let lies_on = |entry: &Entry| onto.is_none_or(|onto| graph.ancestors(entry.version).contains(&onto));
    !twice && errors && graph.heads().len() <= 1 && ours.iter().all(lies_on)
}

/// The graph of a side, and whether it has no errors.
fn graph(side: &Side) -> (Graph, bool) {
    let nodes = side.entries.iter().map(|entry| Node { version: entry.version, parents: entry.parents.clone() });
    let (graph, errors) = Graph::new(nodes);
    (graph, errors.is_empty())
}

/// What of theirs none of ours builds on: what ours were written without.
fn unseen(ours: &[Entry], theirs: &Side, here: &Side) -> Vec<Entry> {
    let (graph, _) = graph(here);
    let own: BTreeSet<i64> = ours.iter().map(|entry| entry.version).collect();
    let parents = ours.iter().flat_map(|entry| &entry.parents).filter(|parent| !own.contains(parent));
    let mut seen = BTreeSet::new();
    for &parent in parents {
        seen.extend(graph.ancestors(parent));
        seen.insert(parent);
    }
    theirs.entries.iter().filter(|entry| !seen.contains(&entry.version)).cloned().collect()
}

/// A script with another line of parents in its header.
fn set_parents(text: &str, parents: &[i64]) -> String {
    let list = format!("[{}]", parents.iter().map(i64::to_string).collect::<Vec<_>>().join(", "));
    match header::locate(text, "parents") {
        Some(span) => {
            let mut text = text.to_owned();
            text.replace_range(span.start..span.end, &list);
            text
        }
        // A header begins with its first line: nothing may part the new one from it.
        None => format!("--! parents = {list}\n{}", text.trim_start_matches(['\n', ' ', '\t'])),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::authoring::version::sequential;

    fn side(files: &[(&str, &str)]) -> Side {
        let tree: BTreeMap<String, String> =
            files.iter().map(|(file, text)| (format!("versions/{file}.sql"), (*text).to_owned())).collect();
        let mut side = Side::of_tree(&tree);
        side.resolve(&|object| Some(object.to_owned()), &Side::default());
        side
    }

    /// The moves from `ours` on top of `theirs`, as words, and what ours were written without.
    fn moved(ours: &[(&str, &str)], theirs: &[(&str, &str)]) -> Result<(Vec<String>, Vec<String>), NotPossible> {
        let both: Vec<_> = theirs.iter().chain(ours).copied().collect();
        let Plan { moves, unseen, .. } = plan(&side(ours).entries, &side(theirs), &side(&both), sequential)?;
        let word = |moved: &Move| format!("{} -> {} on {:?}", moved.from.stem(), moved.stem(), moved.parents);
        Ok((moves.iter().map(word).collect(), unseen.iter().map(Entry::stem).collect()))
    }

    const BASE: (&str, &str) = ("V1__a", "");
    const THEIRS: &[(&str, &str)] = &[BASE, ("V2__b", "--! parents = [1]\n"), ("V4__d", "--! parents = [2]\n")];

    #[test]
    fn ours_go_on_top_in_their_order() {
        let (moves, unseen) =
            moved(&[("V3__x", "--! parents = [1]\n"), ("V5__y", "--! parents = [3]\n")], THEIRS).unwrap();
        assert_eq!(moves, ["V3__x -> V5__x on Some([4])", "V5__y -> V6__y on Some([5])"]);
        assert_eq!(unseen, ["V2__b", "V4__d"]);
        // A fork among ours, and a merge of both sides, become a line.
        let ours = [
            ("V3__x", "--! parents = [2]\n"),
            ("V6__y", "--! parents = [2]\n"),
            ("V7__merge", "--! parents = [3, 4, 6]\n"),
        ];
        let (moves, unseen) = moved(&ours, THEIRS).unwrap();
        assert_eq!(
            moves,
            ["V3__x -> V5__x on Some([4])", "V6__y -> V6__y on Some([5])", "V7__merge -> V7__merge on Some([6])"]
        );
        assert_eq!(unseen, Vec::<String>::new());
    }

    #[test]
    fn two_with_one_version_get_two() {
        let (moves, unseen) = moved(&[("V4__x", "--! parents = [2]\n")], THEIRS).unwrap();
        assert_eq!(moves, ["V4__x -> V5__x on Some([4])"]);
        assert_eq!(unseen, ["V4__d"]);
    }

    #[test]
    fn what_is_on_top_stays() {
        for ours in [&[][..], &[("V5__x", "--! parents = [4]\n"), ("V6__y", "--! parents = [5]\n")]] {
            assert_eq!(moved(ours, THEIRS).unwrap().0, Vec::<String>::new());
        }
        assert_eq!(moved(&[("V5__x", "")], &[]).unwrap().0, Vec::<String>::new());
    }

    #[test]
    fn a_plain_folder_stays_plain() {
        let theirs = [("V1__a", ""), ("V3__c", "")];
        assert_eq!(moved(&[("V2__x", "")], &theirs).unwrap().0, ["V2__x -> V4__x on None"]);
        assert_eq!(moved(&[("V4__x", "")], &theirs).unwrap().0, Vec::<String>::new());
    }

    #[test]
    fn theirs_must_have_one_head() {
        let theirs = [BASE, ("V2__b", "--! parents = [1]\n"), ("V3__c", "--! parents = [1]\n")];
        let error = moved(&[("V4__x", "--! parents = [2]\n")], &theirs).unwrap_err();
        assert_eq!(error.to_string(), "the other side ends in 2 migrations itself: V2__b, V3__c");
    }

    #[test]
    fn only_the_parents_change() {
        for (text, expected) in [
            ("--! parents = [1]\nselect 1;\n", "--! parents = [7]\nselect 1;\n"),
            (
                "--! transaction = false\n--! parents = [1,\n--!   2] # two\n",
                "--! transaction = false\n--! parents = [7] # two\n",
            ),
            ("--! transaction = false\nselect 1;", "--! parents = [7]\n--! transaction = false\nselect 1;"),
            ("\n--! transaction = false\n", "--! parents = [7]\n--! transaction = false\n"),
            ("select 1;", "--! parents = [7]\nselect 1;"),
        ] {
            assert_eq!(set_parents(text, &[7]), expected);
        }
    }
}
