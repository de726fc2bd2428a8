//! What was done to migrations that others have; pure.

use std::collections::BTreeSet;
use std::path::PathBuf;

use migrate_build::migration::header;

use super::side::{Entry, Script, Side};

/// What was done to a migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The text of one or both of its scripts is another.
    Edited {
        /// The scripts, relative to the folder.
        scripts: Vec<PathBuf>,
    },
    /// It is gone.
    Deleted,
    /// It has another name or version.
    Renamed {
        /// What it is now.
        to: Box<Entry>,
    },
    /// It builds on something else.
    Reparented {
        /// What it builds on now.
        to: Vec<i64>,
        /// Whether its own header says so; otherwise a migration came in between.
        by_header: bool,
    },
}

/// A migration that was changed although others have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// As it was.
    pub was: Entry,
    /// What was done.
    pub what: What,
    /// Whether it was done here; otherwise the other branch did it.
    pub here: bool,
}

/// How the folder stands to a branch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// What was changed, lowest version first.
    pub changes: Vec<Change>,
    /// Migrations that only this side has.
    pub ours: Vec<Entry>,
    /// Migrations that only the branch has.
    pub theirs: Vec<Entry>,
    /// What the branch ends in.
    pub heads: Vec<Entry>,
}

impl Comparison {
    /// Whether the history would have several heads, or another order, once both are merged.
    pub fn is_split(&self) -> bool {
        let (Some(first), Some(last)) = (self.ours.first(), self.theirs.last()) else { return false };
        let plain = self.ours.iter().chain(&self.theirs).all(|entry| !entry.named_parents);
        // Without any parents the versions are the order, and what comes last goes last.
        !(plain && first.version > last.version)
    }
}

/// Compares `here` with `reference`; `base` is what both had when they parted.
pub fn compare(base: &Side, reference: &Side, here: &Side) -> Comparison {
    let mut comparison =
        Comparison { heads: reference.heads().into_iter().cloned().collect(), ..Comparison::default() };
    let mut renamed: BTreeSet<PathBuf> = BTreeSet::new();
    for was in &base.entries {
        changed(was, base, here, true, &mut comparison.changes, &mut renamed);
        let mut unused = BTreeSet::new();
        let mut theirs = Vec::new();
        changed(was, base, reference, false, &mut theirs, &mut unused);
        // What both did in the same way is told once, as ours.
        let ours: Vec<What> =
            comparison.changes.iter().filter(|change| change.was.is(was)).map(|c| c.what.clone()).collect();
        comparison.changes.extend(theirs.into_iter().filter(|change| !ours.contains(&change.what)));
    }
    comparison.ours = here
        .entries
        .iter()
        .filter(|entry| {
            base.same(entry).is_none() && reference.same(entry).is_none() && !renamed.contains(&entry.up.path)
        })
        .cloned()
        .collect();
    comparison.theirs = reference
        .entries
        .iter()
        .filter(|entry| base.same(entry).is_none() && here.same(entry).is_none())
        .cloned()
        .collect();
    // Both have it, and neither had it before: a copy that isn't one.
    for theirs in reference.entries.iter().filter(|entry| base.same(entry).is_none()) {
        if let Some(mine) = here.same(theirs) {
            comparison.changes.extend(differences(theirs, mine).into_iter().map(|what| Change {
                was: theirs.clone(),
                what,
                here: true,
            }));
        }
    }
    comparison
}

/// Adds what became of `was` in `now`, and which new migrations are it.
fn changed(
    was: &Entry,
    base: &Side,
    now: &Side,
    here: bool,
    changes: &mut Vec<Change>,
    renamed: &mut BTreeSet<PathBuf>,
) {
    let mut add = |what| changes.push(Change { was: was.clone(), what, here });
    if let Some(same) = now.same(was) {
        differences(was, same).into_iter().for_each(add);
        return;
    }
    // One version, another name; or another version, and the same name or text.
    let new = |entry: &&Entry| base.same(entry).is_none();
    let by_version = now.find(was.version).iter().find(new);
    let by_text = || now.entries.iter().filter(new).find(|entry| has_content(was) && body_is_same(&was.up, &entry.up));
    let by_name = || now.entries.iter().filter(new).find(|entry| entry.name == was.name);
    match by_version.or_else(by_text).or_else(by_name) {
        Some(entry) => {
            renamed.insert(entry.up.path.clone());
            add(What::Renamed { to: Box::new(entry.clone()) });
        }
        None => add(What::Deleted),
    }
}

/// How two scripts of one migration differ.
fn differences(was: &Entry, is: &Entry) -> Vec<What> {
    let mut found = Vec::new();
    if was.parents != is.parents {
        let by_header = is.named_parents || was.named_parents;
        found.push(What::Reparented { to: is.parents.clone(), by_header });
    }
    let mut scripts = Vec::new();
    // Another line of `parents` is told above.
    let only_parents = was.parents != is.parents && body_is_same(&was.up, &is.up);
    if !was.up.same(&is.up) && !only_parents {
        scripts.push(was.up.path.clone());
    }
    match (&was.down, &is.down) {
        (Some(before), Some(now)) if before.same(now) => {}
        (Some(down), _) | (None, Some(down)) => scripts.push(down.path.clone()),
        (None, None) => {}
    }
    if !scripts.is_empty() {
        found.push(What::Edited { scripts });
    }
    found
}

/// Whether two scripts differ in what their headers say of parents at most.
fn body_is_same(a: &Script, b: &Script) -> bool {
    a.same(b) || matches!((&a.text, &b.text), (Some(a), Some(b)) if without_parents(a) == without_parents(b))
}

/// Whether a script has more than what every migration has.
fn has_content(entry: &Entry) -> bool {
    entry.up.text.as_ref().is_some_and(|text| !migrate_build::statements::is_empty(text))
}

/// A script without the line of its header that names its parents.
fn without_parents(text: &str) -> String {
    match header::locate(text, "parents") {
        Some(span) => {
            let start = text.get(..span.start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
            let end = text.get(span.end..).and_then(|rest| rest.find('\n')).map_or(text.len(), |at| span.end + at + 1);
            let mut text = text.to_owned();
            text.replace_range(start..end, "");
            text.trim_start().to_owned()
        }
        None => text.trim_start().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::committed::side::fold;

    /// A side of files and their texts, whose contents are called by what they are.
    fn side(files: &[(&str, &str)]) -> Side {
        let tree: BTreeMap<String, String> =
            files.iter().map(|(file, text)| (format!("versions/{file}.sql"), (*text).to_owned())).collect();
        let mut side = Side::of_tree(&tree);
        side.resolve(&|object| Some(fold(object.as_bytes())), &Side::default());
        side
    }

    fn words(comparison: &Comparison) -> Vec<String> {
        let word = |change: &Change| {
            let what = match &change.what {
                What::Edited { scripts } => {
                    let scripts: Vec<String> = scripts.iter().map(|path| path.display().to_string()).collect();
                    format!("edited {}", scripts.join(" "))
                }
                What::Deleted => "deleted".to_owned(),
                What::Renamed { to } => format!("renamed to {}", to.stem()),
                What::Reparented { to, by_header } => format!("on {to:?} {by_header}"),
            };
            format!("{} {} {what}", if change.here { "here" } else { "there" }, change.was.stem())
        };
        comparison.changes.iter().map(word).collect()
    }

    const BASE: &[(&str, &str)] = &[
        ("V1__a", "create table a ();\n"),
        ("V1__a.down", "drop table a;\n"),
        ("V2__b", "--! parents = [1]\ncreate table b ();\n"),
        ("V3__c", "--! parents = [2]\ncreate table c ();\n"),
    ];

    /// `BASE` with other texts, or without a file where the text is empty.
    fn with(changes: &[(&'static str, &'static str)]) -> Side {
        let mut files: BTreeMap<&str, &str> = BASE.iter().copied().collect();
        files.extend(changes.iter().copied());
        side(&files.into_iter().filter(|(_, text)| !text.is_empty()).collect::<Vec<_>>())
    }

    #[test]
    fn every_change_is_told_by_its_kind() {
        let base = with(&[]);
        for (changes, expected) in [
            (&[][..], vec![]),
            // Line ends and a byte-order mark are folded.
            (&[("V1__a", "\u{feff}create table a ();\r\n")], vec![]),
            (&[("V1__a", "create table x ();\n")], vec!["here V1__a edited versions/V1__a.sql"]),
            (&[("V1__a.down", "drop table a cascade;\n")], vec!["here V1__a edited versions/V1__a.down.sql"]),
            (&[("V1__a.down", "")], vec!["here V1__a edited versions/V1__a.down.sql"]),
            (&[("V2__b.down", "drop table b;\n")], vec!["here V2__b edited versions/V2__b.down.sql"]),
            (&[("V3__c", "")], vec!["here V3__c deleted"]),
            (&[("V3__c", "--! parents = [1]\ncreate table c ();\n")], vec!["here V3__c on [1] true"]),
            (
                &[("V3__c", "--! parents = [1]\ncreate table x ();\n")],
                vec!["here V3__c on [1] true", "here V3__c edited versions/V3__c.sql"],
            ),
            (&[("V3__c", ""), ("V3__d", "--! parents = [2]\nselect 1;\n")], vec!["here V3__c renamed to V3__d"]),
            (
                &[("V3__c", ""), ("V9__x", "--! parents = [2]\ncreate table c ();\n")],
                vec!["here V3__c renamed to V9__x"],
            ),
            (&[("V3__c", ""), ("V9__c", "--! parents = [2]\nselect 1;\n")], vec!["here V3__c renamed to V9__c"]),
            (&[("V3__c", ""), ("V9__x", "--! parents = [2]\nselect 1;\n")], vec!["here V3__c deleted"]),
            // Two that swap their versions.
            (
                &[
                    ("V2__b", ""),
                    ("V3__c", ""),
                    ("V2__c", "--! parents = [1]\ncreate table c ();\n"),
                    ("V3__b", "--! parents = [2]\ncreate table b ();\n"),
                ],
                vec!["here V2__b renamed to V2__c", "here V3__c renamed to V3__b"],
            ),
        ] {
            let here = with(changes);
            assert_eq!(words(&compare(&base, &base, &here)), expected, "{changes:?}");
            // The same done by the other branch.
            let expected: Vec<String> = expected.iter().map(|text| text.replacen("here", "there", 1)).collect();
            assert_eq!(words(&compare(&base, &here, &base)), expected, "{changes:?}");
        }
    }

    #[test]
    fn what_comes_in_between_has_a_plain_folder_build_on_it() {
        let base = side(&[("V1__a", "select 1;"), ("V3__c", "select 3;")]);
        let here = side(&[("V1__a", "select 1;"), ("V2__b", "select 2;"), ("V3__c", "select 3;")]);
        let comparison = compare(&base, &base, &here);
        assert_eq!(words(&comparison), ["here V3__c on [2] false"]);
        assert!(!comparison.is_split());
    }

    #[test]
    fn both_sides_have_their_own() {
        let base = with(&[]);
        let (ours, theirs) = (("V5__ours", "--! parents = [3]\n"), ("V4__theirs", "--! parents = [3]\n"));
        let comparison = compare(&base, &with(&[theirs]), &with(&[ours]));
        assert_eq!(words(&comparison), Vec::<String>::new());
        let stems = |entries: &[Entry]| entries.iter().map(Entry::stem).collect::<Vec<_>>();
        assert_eq!(stems(&comparison.ours), ["V5__ours"]);
        assert_eq!(stems(&comparison.theirs), ["V4__theirs"]);
        assert_eq!(stems(&comparison.heads), ["V4__theirs"]);
        assert!(comparison.is_split());
        // Merged in git: what is left is for the compiler to say.
        assert!(!compare(&base, &with(&[theirs]), &with(&[theirs, ours])).is_split());
        assert!(!compare(&base, &base, &with(&[ours])).is_split());
        assert!(!compare(&base, &with(&[theirs]), &base).is_split());
        // One version, two migrations.
        let comparison = compare(&base, &with(&[("V4__x", "--! parents = [3]\n")]), &with(&[theirs]));
        assert!(comparison.is_split() && comparison.changes.is_empty());
    }

    #[test]
    fn versions_are_the_order_of_a_plain_folder() {
        let base = side(&[("V1__a", "select 1;")]);
        let with = |file| side(&[("V1__a", "select 1;"), (file, "select 2;")]);
        assert!(!compare(&base, &with("V2__theirs"), &with("V3__ours")).is_split());
        assert!(compare(&base, &with("V3__theirs"), &with("V2__ours")).is_split());
    }
}
