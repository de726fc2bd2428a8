//! The lock file of a folder, where it has one.

use std::io;
use std::path::Path;

use super::folder::Folder;
use crate::diagnostic::{Diagnostic, Label};
use crate::error::Error;
use crate::lock::{self, FILE};
use crate::rules;

impl Folder {
    /// Reads what is sealed. A file that is no text is a finding.
    pub(super) fn read_lock(&mut self) -> Result<(), Error> {
        let relative = Path::new(FILE);
        match self.lock_text() {
            Ok(Some(text)) => {
                let (lock, findings) = lock::parse(&text, &self.shown(relative));
                self.lock = lock;
                self.findings.extend(findings);
            }
            Ok(None) => {}
            Err(error @ (Error::NotUtf8 { .. } | Error::Nul { .. })) => {
                let path = self.shown(relative);
                self.findings.push(Diagnostic {
                    helps: vec![format!("restore the file: `git checkout HEAD -- {}`", path.display())],
                    labels: vec![Label { path, span: None, text: String::new() }],
                    ..rules::MALFORMED_LOCK.finding(error.to_string())
                });
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// The text of the lock file; `None` where there is none.
    ///
    /// # Errors
    /// It can't be read, or is no text.
    pub fn lock_text(&self) -> Result<Option<String>, Error> {
        match self.text(Path::new(FILE)) {
            Ok(text) => Ok(Some(text)),
            Err(Error::Read { source, .. }) if source.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lock::{Hash, Lock};
    use crate::migration::dir::scan::tests::{found, scanned};

    #[test]
    fn is_read_with_the_folder() {
        let mut lock = Lock::default();
        lock.seal(1, "V1__a".to_owned(), Hash::of("select 1;\n"), None, vec![]);
        let text = lock.to_text().replace('\n', "\r\n");
        let (_dir, folder) = scanned(&[("migrate.lock", &text), ("versions/V1__a.sql", "select 1;\n")]);
        found(&folder, &[]);
        assert_eq!(folder.lock, lock);
        assert_eq!(folder.lock_text().unwrap(), Some(lock.to_text()));
        let (_dir, folder) = scanned(&[("versions/V1__a.sql", "")]);
        assert_eq!((folder.lock.seals.len(), folder.lock_text().unwrap()), (0, None));
    }

    #[test]
    fn what_is_no_text_is_a_finding() {
        let (_dir, folder) = scanned(&[("migrate.lock", "\0")]);
        found(
            &folder,
            &[
                "migrations/migrate.lock malformed-lock: `migrations/migrate.lock` holds a NUL character: byte 0, in line 1 | \
               restore the file: `git checkout HEAD -- migrations/migrate.lock`",
            ],
        );
    }
}
