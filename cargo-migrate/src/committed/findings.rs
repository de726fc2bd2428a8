//! What was found, as findings: what was changed, by whom, and the command that cures it.

use std::path::Path;

use migrate_build::diagnostic::{Diagnostic, Label, Level, Span};
use migrate_build::migration::dir::Folder;
use migrate_build::migration::header;

use super::compare::{Change, What};
use super::gather::Gathered;
use super::rules::{DELETED, EDITED, NOT_ON_TOP, RENAMED, REPARENTED};
use super::side::{Entry, Script, down_of};
use crate::git::{Authors, slashed};

/// How findings name things.
pub struct Words<'a> {
    /// What commands call a file of the folder: as it is reached from the working directory.
    pub path: &'a dyn Fn(&Path) -> String,
    /// Whether it was asked whether both go together: then it is an error that they don't.
    pub named: bool,
}

/// Where one of our migrations is applied or bound to be: what only a merge is safe for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its version.
    pub version: i64,
    /// What was seen: "branch `staging`, which environment `staging` follows, has it".
    pub what: String,
}

/// The scripts that a change is about, for asking who changed them.
pub(super) fn paths(change: &Change) -> Vec<&Path> {
    let was = &change.was;
    match &change.what {
        What::Edited { scripts } => scripts.iter().map(AsRef::as_ref).collect(),
        What::Deleted => vec![&was.up.path],
        What::Renamed { to } => vec![&was.up.path, &to.up.path],
        What::Reparented { .. } => vec![&was.up.path],
    }
}

/// Puts into words what git and the folder say; `seen` is where our migrations were seen.
pub fn findings(gathered: &Gathered, folder: &Folder, seen: &[Seen], words: &Words<'_>) -> Vec<Diagnostic> {
    let teller = Teller { gathered, folder, words };
    let mut found: Vec<Diagnostic> = gathered.comparison.changes.iter().map(|change| teller.change(change)).collect();
    if gathered.comparison.is_split() {
        found.push(teller.not_on_top(seen));
    }
    found
}

struct Teller<'a> {
    gathered: &'a Gathered,
    folder: &'a Folder,
    words: &'a Words<'a>,
}

impl Teller<'_> {
    fn change(&self, change: &Change) -> Diagnostic {
        let Change { was, what, here } = change;
        let name = &self.gathered.reference.name;
        let (stem, place) = (was.stem(), if *here { String::new() } else { format!(" in `{name}`") });
        let mut labels = vec![self.label(&was.up.path, None)];
        let mut finding = match what {
            What::Edited { scripts } => {
                labels = scripts.iter().map(|path| self.label(path, None)).collect();
                let side = if *here { &self.gathered.here } else { &self.gathered.there };
                let has_down = side.same(was).is_some_and(|entry| entry.down.is_some());
                let is_down = matches!(scripts.as_slice(), [down] if down.to_string_lossy().ends_with(".down.sql"));
                let done = match (is_down, was.down.is_some(), has_down) {
                    (true, true, false) => format!("the down script of `{stem}` was deleted"),
                    (true, false, true) => format!("`{stem}` got a down script"),
                    (true, ..) => format!("the down script of `{stem}` was edited"),
                    (false, ..) => format!("`{stem}` was edited"),
                };
                EDITED.finding(format!("{done}{place} after it was committed"))
            }
            What::Deleted => DELETED.finding(format!("`{stem}` was deleted{place} after it was committed")),
            What::Renamed { to } => {
                labels = vec![self.label(&to.up.path, None)];
                RENAMED.finding(format!("`{stem}` was renamed to `{}`{place} after it was committed", to.stem()))
            }
            What::Reparented { to, by_header } => {
                labels = vec![self.label(&was.up.path, if *by_header { Some("parents") } else { None })];
                let (before, now) = (self.list(&was.parents), self.list(to));
                REPARENTED.finding(format!("`{stem}` was put on {now}{place} after it was committed on {before}"))
            }
        };
        finding.labels = labels;
        finding.notes = self.notes(change);
        finding.helps = self.helps(change);
        finding
    }

    fn notes(&self, change: &Change) -> Vec<String> {
        let gathered = self.gathered;
        let authors = if change.here { &gathered.ours } else { &gathered.theirs };
        let mut notes = Vec::new();
        for path in paths(change) {
            if let Some(author) = authors.get(path) {
                let note = format!("{author}");
                if !notes.contains(&note) {
                    notes.push(note);
                }
            }
        }
        let uncommitted = paths(change).iter().any(|path| gathered.uncommitted.contains(&slashed(path)));
        if change.here && (uncommitted || notes.is_empty()) {
            notes.push("the change is not committed".to_owned());
        }
        if let What::Reparented { by_header: false, to } = &change.what {
            notes.push(format!("it names no parents, so it builds on the next lower version: {}", self.list(to)));
        }
        let name = &gathered.reference.name;
        notes.push(match change.here {
            true => format!("`{name}` has it as it was, and so may databases"),
            false => "a database may have it as it was".to_owned(),
        });
        notes
    }

    fn helps(&self, change: &Change) -> Vec<String> {
        let Change { was, what, here } = change;
        let reference = &self.gathered.reference;
        // The branch has it as it was, unless it is the branch that changed it.
        let from = if *here { self.commit() } else { short(&reference.base).to_owned() };
        let path = |path: &Path| (self.words.path)(path);
        let files = |entry: &Entry| entry.scripts().map(|script| path(&script.path)).collect::<Vec<_>>().join(" ");
        let at = if *here { String::new() } else { format!(" in `{}`", reference.name) };
        let restore = match what {
            What::Renamed { to } => format!("git checkout {from} -- {} && rm {}", files(was), files(to)),
            What::Edited { scripts } => {
                let was_there = |script: &&std::path::PathBuf| was.scripts().any(|was| was.path == **script);
                let (old, new): (Vec<_>, Vec<_>) = scripts.iter().partition(was_there);
                let joined = |paths: &[&std::path::PathBuf]| {
                    paths.iter().map(|script| path(script)).collect::<Vec<_>>().join(" ")
                };
                let mut commands = Vec::new();
                if !old.is_empty() {
                    commands.push(format!("git checkout {from} -- {}", joined(&old)));
                }
                if !new.is_empty() {
                    commands.push(format!("rm {}", joined(&new)));
                }
                commands.join(" && ")
            }
            What::Reparented { by_header: false, .. } if *here => {
                return vec![format!("put what is new here on top: `cargo migrate rebase {}`", reference.name)];
            }
            What::Deleted | What::Reparented { .. } => format!("git checkout {from} -- {}", files(was)),
        };
        let mut helps = vec![format!("restore it{at}: `{restore}`")];
        helps.extend(match what {
            What::Deleted => Some("to undo what it does, write a new migration: `cargo migrate new NAME`".to_owned()),
            What::Edited { .. } => Some("put the change into a new migration: `cargo migrate new NAME`".to_owned()),
            What::Renamed { .. } => Some("leave its name: it is what databases know it by".to_owned()),
            What::Reparented { .. } => None,
        });
        helps
    }

    fn not_on_top(&self, seen: &[Seen]) -> Diagnostic {
        let Gathered { reference, comparison, theirs: authors, .. } = self.gathered;
        let name = &reference.name;
        let one = comparison.ours.len() == 1;
        let ours = stems(&comparison.ours);
        let heads = stems(&comparison.heads);
        let verb = if one { "does" } else { "do" };
        let mut finding = NOT_ON_TOP.finding(format!("{ours} {verb} not build on {heads}, which `{name}` ends in"));
        if self.words.named {
            finding.level = Level::Deny;
        }
        finding.labels = comparison.ours.iter().map(|entry| self.label(&entry.up.path, Some("parents"))).collect();
        for entry in comparison.theirs.iter().take(SHOWN) {
            let who = author(authors, &entry.up).map_or_else(String::new, |author| format!(": {author}"));
            finding.notes.push(format!("`{name}` has `{}`, which is not here{who}", entry.stem()));
        }
        if let Some(more) = comparison.theirs.len().checked_sub(SHOWN).filter(|&more| more > 0) {
            finding.notes.push(format!("and {more} more"));
        }
        let twice =
            comparison.ours.iter().any(|entry| comparison.theirs.iter().any(|other| other.version == entry.version));
        finding.notes.push(match twice {
            true => "merged in git, two migrations would have one version, and that does not compile".to_owned(),
            false => "merged in git, the history would have several heads, and that does not compile".to_owned(),
        });
        let rebase = format!("git merge {name} && cargo migrate rebase {name}");
        let merge = format!("git merge {name} && cargo migrate merge -m \"merge heads\"");
        if seen.is_empty() {
            let what = if one { "it is" } else { "they are" };
            finding
                .helps
                .push(format!("put yours on top of theirs: `{rebase}`, safe as long as {what} applied nowhere else"));
            if !twice {
                finding.helps.push(format!("or join both: `{merge}`, safe wherever either is applied"));
            }
        } else {
            finding.notes.extend(seen.iter().map(|seen| format!("{}: {}", seen.version, seen.what)));
            finding.helps.push(match twice {
                true => format!("take yours back where it is applied, then put it on top of theirs: `{rebase}`"),
                false => format!("join both, which is safe where either is applied: `{merge}`"),
            });
        }
        finding
    }

    /// What commands call the commit that has everything as it was.
    fn commit(&self) -> String {
        let reference = &self.gathered.reference;
        match reference.base == reference.commit {
            true => reference.name.clone(),
            false => short(&reference.base).to_owned(),
        }
    }

    fn label(&self, path: &Path, key: Option<&str>) -> Label {
        let text = || self.folder.text(path).ok();
        let span: Option<Span> = key.and_then(|key| header::locate(&text()?, key));
        Label { path: self.folder.shown(path), span, text: String::new() }
    }

    /// Migrations by their names, where either side knows them.
    fn list(&self, versions: &[i64]) -> String {
        let sides = [&self.gathered.there, &self.gathered.here];
        let named = |&version: &i64| match sides.iter().find_map(|side| side.find(version).first()) {
            Some(entry) => format!("`{}`", entry.stem()),
            None => format!("`{version}`"),
        };
        match versions {
            [] => "nothing".to_owned(),
            versions => versions.iter().map(named).collect::<Vec<_>>().join(" and "),
        }
    }
}

/// So many migrations of theirs are named.
const SHOWN: usize = 5;

fn short(commit: &str) -> &str {
    commit.get(..10).unwrap_or(commit)
}

fn stems(entries: &[Entry]) -> String {
    entries.iter().map(|entry| format!("`{}`", entry.stem())).collect::<Vec<_>>().join(", ")
}

fn author<'a>(authors: &'a Authors, script: &Script) -> Option<&'a crate::git::Author> {
    authors.get(&script.path).or_else(|| authors.get(&down_of(&script.path)))
}
