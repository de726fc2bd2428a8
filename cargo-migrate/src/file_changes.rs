//! Several files written together: all of them, or none.

use std::fs::Permissions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use fs_err as fs;

/// One file to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileChange {
    /// Where.
    pub path: PathBuf,
    /// Its whole new text.
    pub text: String,
    /// Whether it is there already and shall be replaced; otherwise it must not be there.
    pub replace: bool,
    /// Whether a file that is created is a program; one that is replaced stays what it is.
    pub executable: bool,
}

impl FileChange {
    /// A file that is not there yet.
    pub fn create(path: impl Into<PathBuf>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into(), replace: false, executable: false }
    }

    /// A file that is there.
    pub fn replace(path: impl Into<PathBuf>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into(), replace: true, executable: false }
    }

    /// Makes it a program, where it is created.
    #[must_use]
    pub fn executable(self) -> Self {
        Self { executable: true, ..self }
    }

    /// [`FileChange::create`] or [`FileChange::replace`], whichever it takes.
    pub fn write(path: impl Into<PathBuf>, text: impl Into<String>, exists: bool) -> Self {
        Self { path: path.into(), text: text.into(), replace: exists, executable: false }
    }
}

/// Writes all files, making the folders they need. A file that is to be created is never overwritten; one that is to be
/// replaced keeps its permissions and is whole at any moment.
///
/// # Errors
/// The first file that can't be written; what was written before it is taken back.
pub fn apply(changes: &[FileChange]) -> io::Result<()> {
    apply_and_remove(changes, &[])
}

/// As [`apply`], and then deletes the files `removed`.
///
/// # Errors
/// As [`apply`], or the first file that can't be deleted; what was deleted before it is written back.
pub fn apply_and_remove(changes: &[FileChange], removed: &[PathBuf]) -> io::Result<()> {
    let mut done = Done::default();
    let written = changes.iter().try_for_each(|change| done.prepare(change)).and_then(|()| done.put_in_place());
    match written.and_then(|()| removed.iter().try_for_each(|path| done.remove(path))) {
        Ok(()) => Ok(()),
        Err(error) => {
            done.take_back();
            Err(error)
        }
    }
}

/// What was done so far, so that it can be taken back.
#[derive(Default)]
struct Done {
    /// Folders that were made, outermost first.
    folders: Vec<PathBuf>,
    /// Files that were created.
    created: Vec<PathBuf>,
    /// New texts beside the files that they will replace.
    staged: Vec<Staged>,
    /// Files that were deleted, with what they held.
    removed: Vec<(PathBuf, Vec<u8>, Permissions)>,
}

struct Staged {
    target: PathBuf,
    temporary: PathBuf,
    before: Vec<u8>,
    in_place: bool,
}

impl Done {
    fn prepare(&mut self, change: &FileChange) -> io::Result<()> {
        if let Some(folder) = change.path.parent() {
            self.make_folder(folder)?;
        }
        if !change.replace {
            create(&change.path, &change.text)?;
            self.created.push(change.path.clone());
            return if change.executable { make_executable(&change.path) } else { Ok(()) };
        }
        // A link stays a link: the file that it points to is replaced.
        let target = fs::canonicalize(&change.path)?;
        let before = fs::read(&target)?;
        let mut name = target.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.tmp", std::process::id()));
        let temporary = target.with_file_name(name);
        create(&temporary, &change.text)?;
        let permissions = fs::metadata(&target)?.permissions();
        self.staged.push(Staged { target, temporary: temporary.clone(), before, in_place: false });
        fs::set_permissions(&temporary, permissions)
    }

    fn make_folder(&mut self, folder: &Path) -> io::Result<()> {
        let missing: Vec<&Path> =
            folder.ancestors().take_while(|path| !path.as_os_str().is_empty() && !path.is_dir()).collect();
        for path in missing.into_iter().rev() {
            match fs::create_dir(path) {
                Ok(()) => self.folders.push(path.to_owned()),
                Err(_) if path.is_dir() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn put_in_place(&mut self) -> io::Result<()> {
        for staged in &mut self.staged {
            fs::rename(&staged.temporary, &staged.target)?;
            staged.in_place = true;
        }
        Ok(())
    }

    fn remove(&mut self, path: &Path) -> io::Result<()> {
        let (before, permissions) = (fs::read(path)?, fs::metadata(path)?.permissions());
        fs::remove_file(path)?;
        self.removed.push((path.to_owned(), before, permissions));
        Ok(())
    }

    /// Takes back what can be; the error that led here is the one to tell.
    fn take_back(self) {
        for (path, before, permissions) in &self.removed {
            drop(fs::write(path, before).and_then(|()| fs::set_permissions(path, permissions.clone())));
        }
        for staged in &self.staged {
            if staged.in_place {
                drop(fs::write(&staged.target, &staged.before));
            } else {
                drop(fs::remove_file(&staged.temporary));
            }
        }
        for file in &self.created {
            drop(fs::remove_file(file));
        }
        for folder in self.folders.iter().rev() {
            drop(fs::remove_dir(folder));
        }
    }
}

/// Whether the system would run a file as a program. Windows asks for no such permission.
///
/// # Errors
/// Nothing can be found out about it.
pub fn is_executable(path: &Path) -> io::Result<bool> {
    let metadata = fs::metadata(path)?;
    #[cfg(unix)]
    let is = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o111 != 0;
    #[cfg(not(unix))]
    let is = metadata.is_file();
    Ok(is)
}

/// Lets everybody run a file who may read it. Windows asks for no such permission.
fn make_executable(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mut permissions = fs::metadata(path)?.permissions();
        permissions.set_mode(permissions.mode() | (permissions.mode() & 0o444) >> 2);
        fs::set_permissions(path, permissions)?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

fn create(path: &Path, text: &str) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create_new(true).open(path)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    if written.is_err() {
        drop(fs::remove_file(path));
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listing(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn writes_all_with_their_folders() {
        let folder = tempfile::tempdir().unwrap();
        let old = folder.path().join("old");
        fs::write(&old, "before").unwrap();
        apply(&[FileChange::create(folder.path().join("a/b/new"), "new"), FileChange::replace(&old, "after")]).unwrap();
        assert_eq!(fs::read_to_string(folder.path().join("a/b/new")).unwrap(), "new");
        assert_eq!(fs::read_to_string(&old).unwrap(), "after");
        assert_eq!(listing(folder.path()), ["a", "old"]);
    }

    #[test]
    fn writes_none_where_one_fails() {
        let folder = tempfile::tempdir().unwrap();
        let (old, there) = (folder.path().join("old"), folder.path().join("there"));
        fs::write(&old, "before").unwrap();
        fs::write(&there, "theirs").unwrap();
        let error = apply(&[
            FileChange::create(folder.path().join("a/b/new"), "new"),
            FileChange::replace(&old, "after"),
            FileChange::create(&there, "ours"),
        ])
        .unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert!(error.to_string().contains("there"), "{error}");
        assert_eq!(fs::read_to_string(&old).unwrap(), "before");
        assert_eq!(fs::read_to_string(&there).unwrap(), "theirs");
        assert_eq!(listing(folder.path()), ["old", "there"]);
        apply(&[FileChange::replace(folder.path().join("missing"), "")]).unwrap_err();
    }

    #[test]
    fn deletes_after_writing_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let [old, older, new] = ["old", "older", "new"].map(|name| folder.path().join(name));
        fs::write(&old, "1").unwrap();
        fs::write(&older, "2").unwrap();
        let missing = folder.path().join("missing");
        apply_and_remove(&[FileChange::create(&new, "3")], &[old.clone(), missing]).unwrap_err();
        assert_eq!(listing(folder.path()), ["old", "older"]);
        assert_eq!(fs::read_to_string(&old).unwrap(), "1");
        apply_and_remove(&[FileChange::create(&new, "3")], &[old, older]).unwrap();
        assert_eq!(listing(folder.path()), ["new"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_program_can_be_run() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let mode = |file: &str| fs::metadata(folder.path().join(file)).unwrap().permissions().mode() & 0o111;
        let change = |file: &str| FileChange::create(folder.path().join(file), "");
        apply(&[change("text"), change("program").executable()]).unwrap();
        assert_eq!((mode("text"), mode("program") & 0o100), (0, 0o100));
    }

    #[cfg(unix)]
    #[test]
    fn keeps_permissions_and_links() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real"), folder.path().join("link"));
        fs::write(&real, "before").unwrap();
        fs::set_permissions(&real, Permissions::from_mode(0o640)).unwrap();
        symlink(&real, &link).unwrap();
        apply(&[FileChange::replace(&link, "after")]).unwrap();
        assert_eq!(fs::read_to_string(&real).unwrap(), "after");
        assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    }
}
