//! What a lock file becomes when migrations are sealed or a seal is broken, worked out before it is written.

use std::io;
use std::path::Path;

use fs_err as fs;
use migrate_build::lock::{Break, FILE, Hash, Lock, compare};
use migrate_build::migration::Migration;
use migrate_build::migration::dir::Folder;

use crate::file_changes::{self, FileChange};

/// A lock file that is about to change.
#[derive(Clone, Debug)]
pub struct Sealing {
    lock: Lock,
    /// The file as it was read; `None` where there is none.
    before: Option<String>,
    /// What was sealed anew, lowest version first.
    pub sealed: Vec<i64>,
}

impl Sealing {
    /// Begins with what `folder` has.
    ///
    /// # Errors
    /// The lock file can't be read.
    pub fn begin(folder: &Folder) -> Result<Self, migrate_build::Error> {
        Ok(Self { lock: folder.lock.clone(), before: folder.lock_text()?, sealed: Vec::new() })
    }

    /// Seals a migration with these texts; one that is sealed already stays as it is.
    pub fn seal(&mut self, migration: &Migration, up: &str, down: Option<&str>) {
        let Some(stem) = compare::stem(migration) else { return };
        if self.lock.find(migration.version).is_none() {
            let (up, down) = (Hash::of(up), down.map(Hash::of));
            self.lock.seal(migration.version, stem.to_owned(), up, down, migration.parents.clone());
            self.sealed.push(migration.version);
        }
    }

    /// Breaks the seal of a migration; `None` where it has none.
    pub fn break_seal(&mut self, version: i64, at: String, by: &str, reason: &str) -> Option<&Break> {
        let round = self.lock.find(version)?.round;
        self.lock.break_seal(version, at, by, reason);
        self.lock.breaks.iter().find(|broken| broken.seal.version == version && broken.seal.round == round)
    }

    /// How many migrations are sealed.
    pub fn count(&self) -> usize {
        self.lock.seals.len()
    }

    /// Whether the file would become another one: also where a merge has left it unsorted.
    pub fn changes(&self) -> bool {
        match &self.before {
            Some(before) => *before != self.lock.to_text(),
            None => self.count() > 0 || !self.lock.breaks.is_empty(),
        }
    }

    /// Writes the file below the migrations folder `root`, if it would become another one. Whether it did.
    ///
    /// # Errors
    /// It can't be written, or somebody else has written it since it was read.
    pub fn write(&self, root: &Path) -> io::Result<bool> {
        if !self.changes() {
            return Ok(false);
        }
        let path = root.join(FILE);
        let now = match fs::read(&path) {
            Ok(bytes) => Some(String::from_utf8_lossy(&bytes).trim_start_matches('\u{feff}').replace("\r\n", "\n")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        if now != self.before {
            return Err(io::Error::other(format!("`{}` was changed by somebody else meanwhile", path.display())));
        }
        file_changes::apply(&[FileChange::write(path, self.lock.to_text(), now.is_some())])?;
        Ok(true)
    }
}

/// Whether a migration is sealed.
pub fn sealed(folder: &Folder, version: i64) -> bool {
    folder.lock.find(version).is_some()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use migrate_build::lock;
    use migrate_build::migration::dir;

    use super::*;

    fn folder(files: &[(&str, &str)]) -> (tempfile::TempDir, Folder) {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("versions")).unwrap();
        for (file, text) in files {
            fs::write(root.path().join(file), text).unwrap();
        }
        let folder = dir::scan(root.path(), Path::new("migrations")).unwrap();
        (root, folder)
    }

    fn seal_all(folder: &Folder) -> Sealing {
        let mut sealing = Sealing::begin(folder).unwrap();
        for migration in &folder.migrations {
            let text = |path: &PathBuf| folder.text(path).unwrap();
            let down = migration.down.as_ref().map(text);
            sealing.seal(migration, &text(&migration.up), down.as_deref());
        }
        sealing
    }

    const FILES: [(&str, &str); 3] = [
        ("versions/V1__a.sql", "select 1;\n"),
        ("versions/V1__a.down.sql", "select 2;\n"),
        ("versions/V2__b.sql", "select 3;\n"),
    ];

    #[test]
    fn what_is_sealed_is_found_to_be_so() {
        let (root, folder) = folder(&FILES);
        let sealing = seal_all(&folder);
        assert_eq!((sealing.sealed.as_slice(), sealing.count()), (&[1, 2][..], 2));
        assert!(sealing.write(root.path()).unwrap());
        let folder = dir::scan(root.path(), Path::new("migrations")).unwrap();
        assert!(folder.findings.is_empty() && sealed(&folder, 2) && !sealed(&folder, 3));
        let again = seal_all(&folder);
        assert!(again.sealed.is_empty() && !again.changes() && !again.write(root.path()).unwrap());
    }

    #[test]
    fn what_a_merge_left_unsorted_is_sorted() {
        let (root, unsealed) = folder(&FILES);
        let text = seal_all(&unsealed).lock.to_text();
        let mut lines: Vec<&str> = text.lines().collect();
        lines.reverse();
        fs::write(root.path().join(FILE), lines.join("\r\n")).unwrap();
        let merged = dir::scan(root.path(), Path::new("migrations")).unwrap();
        let again = seal_all(&merged);
        assert!(again.sealed.is_empty() && again.write(root.path()).unwrap());
        assert_eq!(fs::read_to_string(root.path().join(FILE)).unwrap(), text);
    }

    #[test]
    fn a_file_that_somebody_else_has_written_is_left_alone() {
        let (root, folder) = folder(&FILES);
        let sealing = seal_all(&folder);
        fs::write(root.path().join(FILE), "theirs").unwrap();
        let error = sealing.write(root.path()).unwrap_err();
        assert!(error.to_string().ends_with("was changed by somebody else meanwhile"), "{error}");
        assert_eq!(fs::read_to_string(root.path().join(FILE)).unwrap(), "theirs");
    }

    #[test]
    fn a_broken_seal_is_kept_with_its_reason() {
        let (root, folder) = folder(&FILES);
        let mut sealing = seal_all(&folder);
        assert_eq!(sealing.break_seal(3, String::new(), "ada", "x"), None);
        let broken = sealing.break_seal(2, "2026-11-23T01:30:00Z".to_owned(), "ada", "it was wrong").unwrap();
        assert_eq!((broken.seal.stem.as_str(), broken.reason.as_str()), ("V2__b", "it was wrong"));
        sealing.write(root.path()).unwrap();
        let text = fs::read_to_string(root.path().join(FILE)).unwrap();
        let (lock, findings) = lock::parse(&text, Path::new(FILE));
        assert_eq!((lock, findings), (sealing.lock, vec![]));
    }
}
