//! Puts the command that restores a sealed file into the findings about it, where git knows the commit.

use std::path::{Path, PathBuf};

use migrate_build::diagnostic::Diagnostic;
use migrate_build::lock::{self, FILE, Hash, Seal};
use migrate_build::migration::dir::{Folder, VERSIONS};
use migrate_build::migration::{Direction, file_name};
use migrate_build::rules::{self, FIND_COMMIT};

use crate::git::{Wanted, earlier};

/// Git is asked about so many findings; whoever has changed more restores them all by one look at the first ones.
const ASKED: usize = 16;

/// Completes the findings about what is sealed. `shown` gives a path of the migrations folder as the user can type it.
pub fn complete(findings: &mut [Diagnostic], folder: &Folder, shown: &dyn Fn(&Path) -> String) {
    let about_lock = |finding: &&mut Diagnostic| {
        finding.rule == rules::MALFORMED_LOCK.name && finding.helps.iter().any(|help| help.starts_with(RESTORE_LOCK))
    };
    let mut of_lock: Vec<&mut Diagnostic> = findings.iter_mut().filter(about_lock).collect();
    if !of_lock.is_empty()
        && let Some(commit) = earlier(&folder.root, &[(Path::new(FILE), &is_sound_lock)])
    {
        let command = checkout(&commit, &[PathBuf::from(FILE)], shown);
        for finding in &mut of_lock {
            for help in finding.helps.iter_mut().filter(|help| help.starts_with(RESTORE_LOCK)) {
                *help = format!("{RESTORE_LOCK}{command}");
            }
            finding.helps.retain(|help| !help.starts_with("if it was committed like this"));
        }
    }
    let of_scripts =
        findings.iter_mut().filter(|finding| finding.helps.first().is_some_and(|help| help == FIND_COMMIT));
    for finding in of_scripts.take(ASKED) {
        let files = files(finding, folder);
        let tests: Vec<_> = files.iter().map(|(path, hash)| (path.as_path(), holds(*hash))).collect();
        let wanted: Vec<Wanted<'_>> =
            tests.iter().map(|(path, test)| (*path, test as &dyn Fn(&[u8]) -> bool)).collect();
        let paths: Vec<PathBuf> = files.iter().map(|(path, _)| path.clone()).collect();
        if let Some(first) = finding.helps.first_mut() {
            *first = match earlier(&folder.root, &wanted) {
                Some(commit) => format!("restore the file first: {}", checkout(&commit, &paths, shown)),
                None => "restore the file first: no commit here has it as it was sealed, so move away what is in its place and \
                         take it from a database that has applied it: `cargo migrate repair --restore`"
                    .to_owned(),
            };
        }
        if finding.helps.first().is_some_and(|help| help.contains("repair --restore")) {
            finding.helps.retain(|help| !help.starts_with("or take it from a database"));
        }
    }
}

/// How the helps about the lock file itself begin.
const RESTORE_LOCK: &str = "restore the file: ";

fn checkout(commit: &str, files: &[PathBuf], shown: &dyn Fn(&Path) -> String) -> String {
    let files: Vec<String> = files.iter().map(|path| rules::shell_word(&shown(path)).into_owned()).collect();
    format!("`git checkout {commit} -- {}`", files.join(" "))
}

/// The sealed files that a finding is about, with their hashes: of a migration that is gone all of them.
fn files(finding: &Diagnostic, folder: &Folder) -> Vec<(PathBuf, Hash)> {
    let found = || {
        let path = finding.labels.first()?.path.strip_prefix(&folder.shown).ok()?;
        let name = file_name::parse(path.file_name()?.to_str()?).ok()?;
        let seal = folder.lock.find(name.version)?;
        Some((name.direction, seal))
    };
    let Some((direction, Seal { stem, up, down, version, .. })) = found() else { return Vec::new() };
    let file = |extension: &str| Path::new(VERSIONS).join(format!("{stem}{extension}"));
    let is_gone = folder.find(*version).is_none();
    let mut files = Vec::new();
    if direction == Direction::Up {
        files.push((file(".sql"), *up));
    }
    let script = file(".down.sql");
    if (direction == Direction::Down || is_gone)
        && let Some(down) = down
    {
        files.push((script, *down));
    }
    files
}

fn holds(hash: Hash) -> impl Fn(&[u8]) -> bool {
    move |bytes| folded(bytes).is_some_and(|text| Hash::of(&text) == hash)
}

fn is_sound_lock(bytes: &[u8]) -> bool {
    folded(bytes).is_some_and(|text| lock::parse(&text, Path::new(FILE)).1.is_empty())
}

/// A file of git's as it is hashed.
fn folded(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    Some(text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n"))
}
