//! Why a database doesn't fit the files, in words: what is wrong, where it comes from, and the commands that cure it. Pure.

use std::collections::{BTreeMap, BTreeSet};

use migrate_build::graph::GraphError;
use migrate_build::runtime::{Applied, Comparison, Origin};

use super::evidence::Evidence;
use super::place::Place;
use crate::context::Context;
use crate::engine::database::Database;
use crate::error::CommandError;
use crate::git::{Commit, Fate};

/// Where an orphan comes from, after all that archive and git know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// Its file was deleted on the way to what is checked out.
    Deleted,
    /// A branch that this one is not part of has it.
    Branch,
    /// What has it is newer than what is checked out.
    Newer,
    /// Nothing tells.
    Unknown,
}

/// What is wrong, and what cures it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnosis {
    /// What is wrong.
    pub message: String,
    /// Where it comes from, a line a migration.
    pub notes: Vec<String>,
    /// What cures it; the first is what most want.
    pub helps: Vec<String>,
    /// What there is to say of each migration in a list.
    pub lines: BTreeMap<i64, String>,
}

impl From<Diagnosis> for CommandError {
    fn from(Diagnosis { message, notes, helps, lines: _ }: Diagnosis) -> Self {
        Self { notes, helps, ..Self::refused(message) }
    }
}

/// Finds out why the database doesn't fit the files; `None` where it does.
///
/// # Errors
/// The archive can't be read, or git fails.
pub async fn examine(database: &Database<'_>, context: &Context) -> Result<Option<Diagnosis>, CommandError> {
    if !concerns(&database.comparison) {
        return Ok(None);
    }
    let evidence = Evidence::gather(database).await?;
    let place = Place::new(database.target, context, &database.history.folder);
    Ok(diagnose(&database.comparison, &evidence, &place, &tips(database), &|version| file_of(database, version)))
}

/// Refuses a database that doesn't fit the files, with all that is known about why.
///
/// # Errors
/// It doesn't fit, or that can't be found out.
pub async fn refuse(database: &Database<'_>, context: &Context) -> Result<(), CommandError> {
    match examine(database, context).await? {
        Some(diagnosis) => Err(diagnosis.into()),
        None => Ok(()),
    }
}

/// The applied migrations that no other applied one builds on, through whatever is not applied between them.
pub fn tips(database: &Database<'_>) -> Vec<i64> {
    let mut below = BTreeSet::new();
    let mut tips = Vec::new();
    for &version in database.comparison.applied.iter().rev() {
        if !below.contains(&version) {
            tips.push(version);
            below.extend(database.set.graph.ancestors(version));
        }
    }
    tips
}

/// The path of a migration's up script below the migrations folder, where there is one.
pub fn file_of(database: &Database<'_>, version: i64) -> Option<String> {
    let migration = database.history.folder.find(version)?;
    Some(migration.up.to_string_lossy().replace('\\', "/"))
}

/// Whether there is something to say that the files' own findings don't say: they know more about a broken graph, unless what
/// is missing there is what the database has, or what is wrong there was changed since it was applied.
fn concerns(comparison: &Comparison) -> bool {
    let Comparison { orphans, divergent, unparented, errors, .. } = comparison;
    let explained = |error: &GraphError| match error {
        GraphError::MissingParent { version, parent } => {
            orphans.iter().any(|row| row.version == *parent) || divergent.iter().any(|row| row.version == *version)
        }
        GraphError::ParentNotOlder { version, .. } => divergent.iter().any(|row| row.version == *version),
        GraphError::Duplicate { .. } => false,
    };
    if errors.iter().all(explained) {
        !(orphans.is_empty() && divergent.is_empty() && unparented.is_empty())
    } else {
        false
    }
}

/// Says what is wrong. `tips` are the applied migrations that no other applied one builds on, directly or not; `file_of` gives the
/// path of a migration's up script.
pub fn diagnose(
    comparison: &Comparison,
    evidence: &Evidence,
    place: &Place,
    tips: &[i64],
    file_of: &dyn Fn(i64) -> Option<String>,
) -> Option<Diagnosis> {
    let mut words = Words { evidence, place, out: Diagnosis::default() };
    if !comparison.divergent.is_empty() {
        words.divergent(comparison, file_of);
    }
    if !comparison.orphans.is_empty() {
        words.orphans(comparison);
    }
    if !comparison.unparented.is_empty() {
        words.unparented(comparison, tips);
    }
    (!words.out.message.is_empty()).then_some(words.out)
}

struct Words<'a> {
    evidence: &'a Evidence,
    place: &'a Place,
    out: Diagnosis,
}

impl Words<'_> {
    fn message(&mut self, text: String) {
        if self.out.message.is_empty() {
            self.out.message = text;
        } else {
            self.out.notes.push(text);
        }
    }

    fn help(&mut self, text: String) {
        if !self.out.helps.contains(&text) {
            self.out.helps.push(text);
        }
    }

    /// When and by whom a migration was applied.
    fn applied(&self, row: &Applied) -> String {
        match self.evidence.archive.get(&row.version) {
            Some(archived) => {
                let commit = archived.git_commit.as_deref().map(|commit| format!(" at commit {}", short(commit)));
                format!("applied {} by {}{}", archived.applied_at, archived.applied_by, commit.unwrap_or_default())
            }
            None => format!("applied {}", row.applied_on),
        }
    }

    fn note(&mut self, row: &Applied, fate: &str) {
        self.out.lines.insert(row.version, fate.to_owned());
        let flaw = self.evidence.flaws.get(&row.version).map(|flaw| format!("; the archive's row {flaw}"));
        let note = format!("{}: {}; {fate}{}", title(row), self.applied(row), flaw.unwrap_or_default());
        self.out.notes.push(note);
    }

    fn divergent(&mut self, comparison: &Comparison, file_of: &dyn Fn(i64) -> Option<String>) {
        let rows = &comparison.divergent;
        self.message(format!("migrations were changed after they were applied: {}", titles(rows)));
        let all = self.put_all_back(rows, file_of);
        let is_told = all.is_some();
        self.out.helps.extend(all);
        for row in rows {
            let file = file_of(row.version).unwrap_or_default();
            let is_renamed = !file.ends_with(&format!("{}__{}.sql", row.version, row.name));
            let what = if is_renamed { "its file was renamed" } else { "its file was changed" };
            let fate = match self.evidence.trace(row) {
                Some(trace) if trace.file == file || is_renamed => match trace.changed.first() {
                    _ if trace.fate == Fate::CheckedOut && self.is_committed_as_applied(row, &trace.file) => {
                        format!("{what}, and that is not committed")
                    }
                    Some(commit) => format!("{what} by {}", by(commit)),
                    None => format!("{what} after it was applied"),
                },
                _ => format!("{what} after it was applied"),
            };
            self.note(row, &fate);
            let put_back = match self.evidence.commits.get(&row.version) {
                _ if is_renamed => {
                    format!("{} gives it its name again", self.place.rename(&file, &super::script::default_file(row)))
                }
                Some((commit, then)) => {
                    let then = self.place.file(then);
                    format!("`git checkout {} -- {then}` puts the file back as it was applied", commit.short())
                }
                None if self.evidence.scripts.contains_key(&row.version) => format!(
                    "`mv {} . && {}` writes it as it was applied",
                    self.place.file(&file),
                    self.place.command("repair --restore").trim_matches('`')
                ),
                None => {
                    format!("put {} back as it was applied: neither archive nor git has it", self.place.file(&file))
                }
            };
            if !is_told {
                self.help(put_back);
            }
            let accept = self.place.command(&format!("repair --accept {}", row.version));
            self.help(format!("{accept} shows the difference, and takes the file as it is now, if it does the same"));
        }
        self.help("put a change of the schema into a new migration: `cargo migrate new NAME`".to_owned());
    }

    /// Where several were changed, and git has none of them as it was, they are put aside and written again together: one may be
    /// where another belongs.
    fn put_all_back(&self, rows: &[Applied], file_of: &dyn Fn(i64) -> Option<String>) -> Option<String> {
        let Evidence { scripts, commits, .. } = self.evidence;
        let is_archived = |row: &Applied| scripts.contains_key(&row.version) && !commits.contains_key(&row.version);
        if rows.len() < 2 || !rows.iter().all(is_archived) {
            return None;
        }
        let files = rows.iter().filter_map(|row| file_of(row.version)).flat_map(|up| self.place.scripts(&up));
        let files = files.collect::<Vec<_>>().join(" ");
        let restore = self.place.command("repair --restore");
        Some(format!("`mv {files} . && {}` writes them as they were applied", restore.trim_matches('`')))
    }

    /// Whether the newest commit on the way to what is checked out has the text that was applied.
    fn is_committed_as_applied(&self, row: &Applied, file: &str) -> bool {
        let trace = self.evidence.trace(row).and_then(|trace| trace.changed.first());
        let found = self.evidence.commits.get(&row.version);
        matches!((trace, found), (Some(last), Some((commit, then))) if last.hash == commit.hash && then == file)
    }

    fn kind(&self, row: &Applied, comparison: &Comparison) -> Kind {
        match (self.evidence.fate(row), comparison.origin(row.version)) {
            (Some(Fate::CheckedOut | Fate::Deleted(_)), _) | (None, Origin::Deleted) => Kind::Deleted,
            (Some(Fate::Elsewhere { ahead, .. }), _) if !ahead.is_empty() => Kind::Newer,
            (Some(Fate::Elsewhere { .. }), _) | (None, Origin::Branch) => Kind::Branch,
            (None, Origin::Newer) => Kind::Newer,
            (None, Origin::Unknown) if comparison.newest.is_none_or(|newest| row.version > newest) => Kind::Newer,
            (None, Origin::Unknown) => Kind::Unknown,
        }
    }

    fn fate_of_orphan(&self, row: &Applied, kind: Kind) -> String {
        match (self.evidence.fate(row), kind) {
            (Some(Fate::CheckedOut), _) => "its file is deleted, and that is not committed".to_owned(),
            (Some(Fate::Deleted(Some(commit))), _) => format!("its file was deleted by {}", by(commit)),
            (Some(Fate::Deleted(None)), _) => "its file was deleted by a merge".to_owned(),
            (Some(Fate::Elsewhere { branches, commit, .. }), _) if branches.is_empty() => {
                format!("its file is in commit {}, which is on no branch any more", by(commit))
            }
            (Some(Fate::Elsewhere { branches, .. }), _) => format!("its file is on {}", listed(branches)),
            (None, Kind::Deleted) => "its file is gone, and what builds on it is here".to_owned(),
            (None, _) => match self.evidence.without_git {
                Some(_) => "its file is gone".to_owned(),
                None => "its file is gone, and git has never seen it".to_owned(),
            },
        }
    }

    fn orphans(&mut self, comparison: &Comparison) {
        let rows = &comparison.orphans;
        let kinds: Vec<Kind> = rows.iter().map(|row| self.kind(row, comparison)).collect();
        let all = |kind| kinds.iter().all(|found| *found == kind);
        let any = |kind| kinds.contains(&kind);
        let ends = comparison.newest.map_or_else(|| "base".to_owned(), |version| version.to_string());
        self.message(match () {
            () if all(Kind::Deleted) => {
                format!("migrations were deleted that the database has applied: {}", titles(rows))
            }
            () if all(Kind::Branch) => format!("the database has migrations of another branch: {}", titles(rows)),
            () if all(Kind::Newer) => {
                format!("the database is ahead of these files: it has {}, they end at {ends}", titles(rows))
            }
            () => format!("the database has migrations that these files lack: {}", titles(rows)),
        });
        for (row, kind) in rows.iter().zip(&kinds) {
            let fate = self.fate_of_orphan(row, *kind);
            self.note(row, &fate);
        }
        for (row, kind) in rows.iter().zip(&kinds) {
            self.take_in(row, *kind);
        }
        let may_be_deleted = any(Kind::Deleted) || any(Kind::Unknown) || self.evidence.without_git.is_some();
        if rows.iter().any(|row| self.evidence.scripts.contains_key(&row.version)) {
            let restore = self.place.command("repair --restore");
            let text = if may_be_deleted { "writes the files back" } else { "writes their files here" };
            if may_be_deleted && !any(Kind::Branch) {
                self.out.helps.insert(0, format!("{restore} {text}"));
                self.out.helps.dedup();
            } else {
                self.help(format!("{restore} {text}"));
            }
        }
        let goes = |row: &Applied| {
            let script = self.evidence.scripts.get(&row.version);
            script.is_some_and(|script| script.down.is_some()) && comparison.origin(row.version) != Origin::Deleted
        };
        if rows.iter().all(goes) {
            let downgrade = self.place.command("repair --downgrade");
            self.help(format!("{downgrade} reverts them in the database by the down scripts that were applied"));
        }
        if let Some(row) = rows.last() {
            let forget = self.place.command(&format!("repair --forget {} --reason TEXT", row.version));
            self.help(format!("{forget} takes it out of the history and keeps what it did"));
        }
    }

    /// What brings an orphan's file here along with the commit that it belongs to.
    fn take_in(&mut self, row: &Applied, kind: Kind) {
        match self.evidence.fate(row) {
            Some(Fate::Elsewhere { ahead, .. }) if !ahead.is_empty() => {
                if let Some(branch) = ahead.first() {
                    self.help(format!("`git merge --ff-only {branch}` brings this checkout to where its file is"));
                }
            }
            Some(Fate::Elsewhere { branches, commit, .. }) => {
                let switch = self.place.command("switch");
                let from = branches.first().map_or_else(|| commit.short().to_owned(), Clone::clone);
                let merge = format!("`git merge {from}` brings their files here");
                if self.place.may_switch() {
                    self.help(format!("{switch} brings the database to what is checked out"));
                    self.help(merge);
                } else {
                    self.help(merge);
                }
            }
            None if kind == Kind::Newer && self.evidence.without_git.is_none() => {
                self.help("`git pull` brings the newer files, if this checkout is older than the database".to_owned());
            }
            None if kind == Kind::Newer => {
                self.help("check out the newer files, if this checkout is older than the database".to_owned());
            }
            _ => {}
        }
    }

    fn unparented(&mut self, comparison: &Comparison, tips: &[i64]) {
        let list: Vec<String> =
            comparison.unparented.iter().map(|(version, parent)| format!("{version} without {parent}")).collect();
        self.message(format!("migrations are applied, and what they build on is not: {}", list.join(", ")));
        for &(version, parent) in &comparison.unparented {
            self.out.lines.entry(version).or_insert_with(|| format!("applied without {parent}, which it builds on"));
        }
        if let [head] = tips {
            let stamp = self.place.command(&format!("stamp {head}"));
            self.help(format!("{stamp} puts what is missing into the history, if the database has what it does"));
        } else {
            let stamp = self.place.command("stamp VERSION");
            self.help(format!(
                "{stamp} makes the history say that VERSION and all it builds on is applied, and nothing else"
            ));
        }
    }
}

/// A commit with its author.
pub fn by(commit: &Commit) -> String {
    format!("{} ({}, {}: {})", commit.short(), commit.author, commit.day(), commit.subject)
}

fn short(hash: &str) -> &str {
    hash.get(..7).unwrap_or(hash)
}

fn listed(branches: &[String]) -> String {
    const SHOWN: usize = 3;
    let names: Vec<String> = branches.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    let more = branches.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{} {}{more}", if branches.len() == 1 { "branch" } else { "branches" }, names.join(", "))
}

/// `2 add_isbn`.
pub fn title(row: &Applied) -> String {
    format!("{} {}", row.version, row.name)
}

fn titles(rows: &[Applied]) -> String {
    const SHOWN: usize = 5;
    let mut text: Vec<String> = rows.iter().take(SHOWN).map(title).collect();
    if rows.len() > SHOWN {
        text.push(format!("and {} more", rows.len() - SHOWN));
    }
    text.join(", ")
}
