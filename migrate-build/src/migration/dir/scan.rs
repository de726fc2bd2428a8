//! Reading the folder: what its files are, and what belongs together.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::folder::{Folder, RUST, SCHEMA, VERSIONS};
use super::heads::{self, Contents, Head, Heads};
use super::listing::{self, File};
use crate::diagnostic::{self, Diagnostic, Label};
use crate::error::Error;
use crate::lock::Lock;
use crate::migration::{Header, Migration, file_name};
use crate::rules;

/// Reads the folder `root`, which messages call `shown`: the names of its files and the headers of its up scripts.
///
/// # Errors
/// The folder or its `versions` is missing, or something in it can't be read. What is wrong with a migration is no error
/// but one of [`Folder::findings`].
pub fn scan(root: &Path, shown: &Path) -> Result<Folder, Error> {
    scan_as(root, shown, false).map(|(folder, _)| folder)
}

/// As [`scan`], and returns the texts of each migration's scripts as well, in the order of the migrations, so that no file
/// is opened twice.
///
/// # Errors
/// As [`scan`].
pub(crate) fn scan_whole(root: &Path, shown: &Path) -> Result<(Folder, Vec<Contents>), Error> {
    scan_as(root, shown, true)
}

fn scan_as(root: &Path, shown: &Path, whole: bool) -> Result<(Folder, Vec<Contents>), Error> {
    let versions = root.join(VERSIONS);
    let mut findings = Vec::new();
    let misplaced = misplaced(root, shown, &mut findings)?;
    if !versions.is_dir() {
        let path = if root.is_dir() || shown.as_os_str().is_empty() { shown.join(VERSIONS) } else { shown.to_owned() };
        return Err(Error::MissingFolder { path, scripts_above: misplaced });
    }
    let listing = listing::list(&versions, &shown.join(VERSIONS), &mut findings)?;
    let pairs = listing.pairs();
    let Heads { heads, contents } = heads::read(&versions, &shown.join(VERSIONS), &listing, &pairs, whole)?;
    let mut folder = Folder {
        root: root.to_owned(),
        shown: shown.to_owned(),
        migrations: Vec::with_capacity(listing.ups.len()),
        findings,
        rust: Vec::new(),
        lock: Lock::default(),
    };
    folder.read_lock()?;
    let mut malformed = Vec::new();
    let mut taken = vec![false; listing.downs.len()];
    let mut heads = heads.into_iter().peekable();
    let mut contents = contents.into_iter();
    let mut kept = Vec::with_capacity(contents.len());
    for (at, (up, pair)) in listing.ups.iter().zip(pairs).enumerate() {
        let head = heads.next_if(|head| head.at == at);
        let (header, findings) = head.map_or_else(Default::default, |Head { header, findings, .. }| (header, findings));
        if !findings.is_empty() {
            malformed.push(up.version);
            folder.findings.extend(findings);
        }
        let down = pair.and_then(|pair| {
            *taken.get_mut(pair)? = true;
            Some(in_versions(&listing.downs.get(pair)?.file))
        });
        let contents = contents.next();
        let same = folder.migrations.last().filter(|last| last.version == up.version);
        if let Some(first) = same {
            let free = listing.ups.last().map_or(up.version, |last| last.version).saturating_add(1);
            let finding = folder.duplicate(first, up, down.as_deref(), free);
            folder.findings.push(finding);
        } else {
            folder.take(up, header, down);
            kept.extend(contents);
        }
    }
    folder.downs_without_up(&listing.downs, &taken);
    folder.resolve_parents(&malformed);
    folder.rust = folder.rust_sources()?;
    diagnostic::sort(&mut folder.findings);
    Ok((folder, kept))
}

/// Finds scripts that lie in the migrations folder itself.
fn misplaced(root: &Path, shown: &Path, findings: &mut Vec<Diagnostic>) -> Result<bool, Error> {
    let error = |source| Error::Read { path: shown.to_owned(), source };
    let entries = match fs::read_dir(root) {
        Ok(entries) => entries,
        Err(source) if source.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(source) => return Err(error(source)),
    };
    let before = findings.len();
    for entry in entries {
        let name = entry.map_err(error)?.file_name();
        let is_script = |file: &&str| file.ends_with(".sql") && !file.starts_with('.') && *file != SCHEMA;
        if let Some(file) = name.to_str().filter(is_script) {
            let help = format!("move it to `{}`", shown.join(VERSIONS).join(file).display());
            findings.push(listing::unknown(&shown.join(file), &format!("it is not in `{VERSIONS}`"), &help));
        }
    }
    Ok(findings.len() > before)
}

fn in_versions(file: &str) -> PathBuf {
    let mut path = PathBuf::with_capacity(VERSIONS.len() + 1 + file.len());
    path.push(VERSIONS);
    path.push(file);
    path
}

impl Folder {
    /// Takes a migration in.
    fn take(&mut self, up: &File, header: Header, down: Option<PathBuf>) {
        let (prefix, name) = up.name();
        self.migrations.push(Migration {
            version: up.version,
            name: name.to_owned(),
            prefix,
            header,
            parents: Vec::new(),
            up: in_versions(&up.file),
            down,
        });
    }

    /// What is said of a second migration with the version of `first`; `free` is a version that nobody has.
    fn duplicate(&self, first: &Migration, second: &File, down: Option<&Path>, free: i64) -> Diagnostic {
        let up = in_versions(&second.file);
        let (prefix, name) = second.name();
        let stem = file_name::stem(prefix, free, name);
        let moved = |from: &Path, extension: &str| {
            let to = in_versions(&format!("{stem}.{extension}"));
            let word = |path: &Path| rules::shell_word(&self.shown(path).display().to_string()).into_owned();
            format!("mv {} {}", word(from), word(&to))
        };
        let mut commands = vec![moved(&up, "sql")];
        commands.extend(down.map(|down| moved(down, "down.sql")));
        let label = |path, text: &str| Label { path, span: None, text: text.to_owned() };
        Diagnostic {
            labels: vec![label(self.shown(&up), ""), label(self.shown(&first.up), "the other one")],
            helps: vec![
                "where one of them came from another branch, yours goes on top of it: `cargo migrate rebase`"
                    .to_owned(),
                format!("or give the one that no database has applied a free version: `{}`", commands.join(" && ")),
            ],
            ..rules::DUPLICATE_VERSION.finding(format!(
                "`{}` and `{}` have the same version {}",
                file_of(&first.up),
                second.file,
                second.version
            ))
        }
    }

    fn downs_without_up(&mut self, downs: &[File], taken: &[bool]) {
        for (down, _) in downs.iter().zip(taken).filter(|&(_, taken)| !taken) {
            let (prefix, name) = down.name();
            let stem = file_name::stem(prefix, down.version, name);
            // A sealed migration whose up script is gone has a finding of its own.
            if self.lock.find(down.version).is_some_and(|seal| seal.stem == stem) {
                continue;
            }
            let help = match self.find(down.version).filter(|migration| migration.down.is_none()) {
                Some(migration) => format!(
                    "rename it to `{}`, if it undoes `{}`",
                    file_of(&migration.up.with_extension("down.sql")),
                    file_of(&migration.up)
                ),
                None => {
                    format!("restore `{stem}.sql`, for example by `git log -- '*{stem}.sql'`, or delete this one too")
                }
            };
            let finding = Diagnostic {
                labels: vec![Label { path: self.shown(&in_versions(&down.file)), span: None, text: String::new() }],
                helps: vec![help],
                ..rules::DOWN_WITHOUT_UP.finding(format!("`{}` undoes nothing: there is no `{stem}.sql`", down.file))
            };
            self.findings.push(finding);
        }
    }

    fn rust_sources(&mut self) -> Result<Vec<PathBuf>, Error> {
        let shown = self.shown(Path::new(RUST));
        let error = |source| Error::Read { path: shown.clone(), source };
        let entries = match fs::read_dir(self.root.join(RUST)) {
            Ok(entries) => entries,
            Err(source) if source.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(source) => return Err(error(source)),
        };
        let mut sources = Vec::new();
        for entry in entries {
            let name = entry.map_err(error)?.file_name();
            // Sources may share code in other modules, whose names say nothing of a version.
            let Some(file) = name.to_str().filter(|file| looks_versioned(file) && file.ends_with(".rs")) else {
                continue;
            };
            match file_name::parse_rust(file) {
                Ok(_) => sources.push(Path::new(RUST).join(file)),
                Err(error) => self.findings.push(listing::unknown(&shown.join(file), &error.reason, &error.help)),
            }
        }
        sources.sort_unstable();
        Ok(sources)
    }
}

fn looks_versioned(file: &str) -> bool {
    let mut bytes = file.bytes();
    matches!(bytes.next(), Some(b'V' | b'U' | b'v' | b'u')) && bytes.next().is_some_and(|byte| byte.is_ascii_digit())
}

pub(super) fn file_of(path: &Path) -> std::path::Display<'_> {
    path.file_name().map_or(path, Path::new).display()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Writes a folder of these files and reads it.
    pub(in crate::migration::dir) fn scanned(files: &[(&str, &str)]) -> (tempfile::TempDir, Folder) {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join(VERSIONS)).unwrap();
        for (file, text) in files {
            let path = dir.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let folder = scan(dir.path(), Path::new("migrations")).unwrap();
        (dir, folder)
    }

    #[track_caller]
    pub(in crate::migration::dir) fn found(folder: &Folder, expected: &[&str]) {
        let found: Vec<String> = folder
            .findings
            .iter()
            .map(|f| format!("{} {}: {} | {}", f.location(), f.rule, f.message, f.helps.join(" | ")))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_plain_folder_of_refinery_is_a_chain() {
        let (_dir, folder) = scanned(&[
            ("versions/V10__c.sql", ""),
            ("versions/V1__a.sql", "--! transaction = false\r\nvacuum;"),
            ("versions/U2__b.sql", ""),
            ("versions/V1__a.down.sql", ""),
            ("versions/.gitkeep", ""),
            ("README.md", ""),
            ("rust/V10__c.rs", ""),
            ("rust/common.rs", ""),
        ]);
        found(&folder, &[]);
        let versions: Vec<_> = folder.migrations.iter().map(|m| (m.version, m.parents.as_slice())).collect();
        assert_eq!(versions, [(1, &[][..]), (2, &[1]), (10, &[2])]);
        assert!(folder.migrations[0].header.no_transaction);
        assert_eq!(folder.migrations[0].down.as_deref(), Some(Path::new("versions/V1__a.down.sql")));
        assert_eq!(folder.find(10).unwrap().name, "c");
        assert_eq!(folder.find(3), None);
        assert_eq!(folder.rust_source(&folder.migrations[2]), Some(Path::new("rust/V10__c.rs")));
        assert_eq!(folder.rust_source(&folder.migrations[0]), None);
        assert_eq!(folder.text(Path::new("versions/V1__a.sql")).unwrap(), "--! transaction = false\nvacuum;");
    }

    #[test]
    fn what_is_no_migration_is_named() {
        let (_dir, folder) = scanned(&[
            ("V1__a.sql", ""),
            ("rust/V1_x.rs", ""),
            ("versions/V1_a.sql", ""),
            ("versions/V2__b.rs", ""),
            ("versions/old/V3__c.sql", ""),
        ]);
        found(
            &folder,
            &[
                "migrations/V1__a.sql unknown-file: `V1__a.sql` is not a migration: it is not in `versions` | \
                 move it to `migrations/versions/V1__a.sql`",
                "migrations/rust/V1_x.rs unknown-file: `V1_x.rs` is not a migration: \
                 one underscore, not two, separates version and name | rename it to `V1__x.rs`",
                "migrations/versions/V1_a.sql unknown-file: `V1_a.sql` is not a migration: \
                 one underscore, not two, separates version and name | rename it to `V1__a.sql`",
                "migrations/versions/V2__b.rs unknown-file: `V2__b.rs` is not a migration: \
                 a script written in Rust is not read from here | \
                 move it to `rust/V2__b.rs` of the migrations folder and run `cargo migrate render`",
                "migrations/versions/old unknown-file: `old` is not a migration: it is a folder | \
                 move its scripts up: folders in here are not read",
            ],
        );
        assert_eq!(folder.migrations, []);
    }

    #[test]
    fn equal_versions_and_lonely_downs() {
        let (_dir, folder) = scanned(&[
            ("versions/V01__a.sql", ""),
            ("versions/V1__b.sql", ""),
            ("versions/V2__c.sql", ""),
            ("versions/V2__d.down.sql", ""),
            ("versions/V3__e.down.sql", ""),
        ]);
        found(
            &folder,
            &[
                "migrations/versions/V1__b.sql duplicate-version: `V01__a.sql` and `V1__b.sql` have the same version 1 | \
                 where one of them came from another branch, yours goes on top of it: `cargo migrate rebase` | \
                 or give the one that no database has applied a free version: \
                 `mv migrations/versions/V1__b.sql migrations/versions/V3__b.sql`",
                "migrations/versions/V2__d.down.sql down-without-up: `V2__d.down.sql` undoes nothing: there is no `V2__d.sql` | \
                 rename it to `V2__c.down.sql`, if it undoes `V2__c.sql`",
                "migrations/versions/V3__e.down.sql down-without-up: `V3__e.down.sql` undoes nothing: there is no `V3__e.sql` | \
                 restore `V3__e.sql`, for example by `git log -- '*V3__e.sql'`, or delete this one too",
            ],
        );
        assert_eq!(folder.findings[0].labels[1].path, Path::new("migrations/versions/V01__a.sql"));
        assert_eq!(folder.migrations.iter().map(|m| m.version).collect::<Vec<_>>(), [1, 2]);
    }

    #[test]
    fn missing_folders_are_errors() {
        let dir = tempfile::tempdir().unwrap();
        let error = |root: &Path| {
            let error = scan(root, Path::new("migrations")).unwrap_err();
            format!("{error} | {}", error.help().unwrap())
        };
        assert_eq!(
            error(&dir.path().join("migrations")),
            "there is no folder `migrations` | run `cargo migrate init`, which creates it"
        );
        assert_eq!(
            error(dir.path()),
            "there is no folder `migrations/versions` | run `cargo migrate init`, which creates it"
        );
        fs::write(dir.path().join("V1__a.sql"), "").unwrap();
        assert_eq!(
            error(dir.path()),
            "there is no folder `migrations/versions` | \
             move the scripts of `migrations` into it: `mkdir migrations/versions`, then `git mv` them"
        );
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed() {
        let (dir, _) = scanned(&[("shared.txt", "--! transaction = false\n")]);
        let versions = dir.path().join(VERSIONS);
        std::os::unix::fs::symlink("../shared.txt", versions.join("V1__a.sql")).unwrap();
        std::os::unix::fs::symlink("../gone.sql", versions.join("V2__b.sql")).unwrap();
        let folder = scan(dir.path(), Path::new("migrations")).unwrap();
        found(
            &folder,
            &["migrations/versions/V2__b.sql unknown-file: `V2__b.sql` is not a migration: \
               it is a symbolic link to nothing | restore the file that it points to, or delete the link"],
        );
        assert!(folder.find(1).unwrap().header.no_transaction);
    }
}
