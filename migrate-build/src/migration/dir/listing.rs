//! The names of the files in `versions`, told apart; nothing of the files themselves is read.

use std::fs;
use std::io;
use std::path::Path;

use crate::diagnostic::{Diagnostic, Label};
use crate::error::Error;
use crate::migration::file_name::{self, FileName};
use crate::migration::{Direction, Prefix};
use crate::rules;

/// One script.
#[derive(Debug)]
pub(super) struct File {
    pub(super) version: i64,
    pub(super) file: String,
    /// Where the migration's name starts in `file`, and where it ends.
    pub(super) name: (usize, usize),
}

impl File {
    /// What the file's name says of a migration besides its version.
    pub(super) fn name(&self) -> (Prefix, &str) {
        let prefix = if self.file.starts_with('U') { Prefix::Unversioned } else { Prefix::Versioned };
        (prefix, self.file.get(self.name.0..self.name.1).unwrap_or_default())
    }

    /// What the names of a migration's two scripts have in common.
    fn stem(&self) -> &str {
        self.file.get(..self.name.1).unwrap_or_default()
    }
}

/// The files of `versions`.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// The up scripts by version, then by file name.
    pub(super) ups: Vec<File>,
    /// The down scripts, likewise.
    pub(super) downs: Vec<File>,
}

impl Listing {
    /// The place of each up script's down script, where there is one.
    pub(super) fn pairs(&self) -> Vec<Option<usize>> {
        let mut pairs = Vec::with_capacity(self.ups.len());
        // Both are in the order of the versions, so that none is searched for.
        let mut first = 0;
        for up in &self.ups {
            while self.downs.get(first).is_some_and(|down| down.version < up.version) {
                first += 1;
            }
            let mut at = first;
            pairs.push(loop {
                match self.downs.get(at) {
                    Some(down) if down.version == up.version && down.stem() == up.stem() => break Some(at),
                    Some(down) if down.version == up.version => at += 1,
                    _ => break None,
                }
            });
        }
        pairs
    }
}

/// Lists `folder`, which messages call `shown`.
pub(super) fn list(folder: &Path, shown: &Path, findings: &mut Vec<Diagnostic>) -> Result<Listing, Error> {
    let error = |source| Error::Read { path: shown.to_owned(), source };
    let mut listing = Listing::default();
    for entry in fs::read_dir(folder).map_err(error)? {
        let entry = entry.map_err(error)?;
        let name = entry.file_name();
        let Some(file) = name.to_str() else {
            let help = "rename it in ASCII or UTF-8";
            findings.push(unknown(&shown.join(&name), "its name is not UTF-8", help));
            continue;
        };
        // Files of version control and editors, which no shell shows either.
        if file.starts_with('.') {
            continue;
        }
        let mut kind = entry.file_type().map_err(error)?;
        if kind.is_symlink() {
            match fs::metadata(entry.path()) {
                Ok(target) => kind = target.file_type(),
                Err(source) if source.kind() == io::ErrorKind::NotFound => {
                    let help = "restore the file that it points to, or delete the link";
                    findings.push(unknown(&shown.join(file), "it is a symbolic link to nothing", help));
                    continue;
                }
                Err(source) => return Err(Error::Read { path: shown.join(file), source }),
            }
        }
        if kind.is_dir() {
            let help = "move its scripts up: folders in here are not read";
            findings.push(unknown(&shown.join(file), "it is a folder", help));
        } else if !kind.is_file() {
            findings.push(unknown(&shown.join(file), "it is not a regular file", "move it elsewhere"));
        } else {
            match file_name::parse(file) {
                Ok(FileName { version, name, direction, .. }) => {
                    let (list, extension) = match direction {
                        Direction::Up => (&mut listing.ups, ".sql"),
                        Direction::Down => (&mut listing.downs, ".down.sql"),
                    };
                    let end = file.len() - extension.len();
                    list.push(File { version, file: file.to_owned(), name: (end - name.len(), end) });
                }
                Err(error) => findings.push(unknown(&shown.join(file), &error.reason, &error.help)),
            }
        }
    }
    for files in [&mut listing.ups, &mut listing.downs] {
        // Names are compared for equal versions only, since this is what an unoptimised build script spends its time on.
        files.sort_unstable_by(|a, b| a.version.cmp(&b.version).then_with(|| a.file.cmp(&b.file)));
    }
    Ok(listing)
}

/// The finding about a file that is not taken for a migration.
pub(super) fn unknown(path: &Path, reason: &str, help: &str) -> Diagnostic {
    let file = path.file_name().unwrap_or(path.as_os_str());
    Diagnostic {
        labels: vec![Label { path: path.to_owned(), span: None, text: String::new() }],
        helps: vec![help.to_owned()],
        ..rules::UNKNOWN_FILE.finding(format!("`{}` is not a migration: {reason}", file.display()))
    }
}
