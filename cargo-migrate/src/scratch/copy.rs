//! Copies of data folders.

use std::{io, path::Path};

use super::platform::{self, Account};

/// Copies a folder of plain files and folders, permissions included, for `account`.
///
/// # Errors
/// The system refuses; what was copied until then stays.
pub(super) fn copy_folder(from: &Path, to: &Path, account: Option<Account>) -> io::Result<()> {
    // Theirs before there is anything in it: the guard, who is nobody else either, can then remove what was cut short.
    fs_err::create_dir(to)?;
    fs_err::set_permissions(to, fs_err::metadata(from)?.permissions())?;
    platform::give(to, account)?;
    for entry in fs_err::read_dir(from)? {
        let entry = entry?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            copy_folder(&from, &to, account)?;
        } else {
            fs_err::copy(&from, &to)?;
            platform::give(&to, account)?;
        }
    }
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn everything_is_copied_with_its_permissions() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs_err::create_dir_all(path("a/base/1")).unwrap();
        fs_err::write(path("a/base/1/2610"), "rows").unwrap();
        fs_err::write(path("a/PG_VERSION"), "15\n").unwrap();
        let mode = |name: &str, mode| fs_err::set_permissions(path(name), Permissions::from_mode(mode)).unwrap();
        mode("a/base/1/2610", 0o600);
        mode("a/base", 0o700);
        copy_folder(&path("a"), &path("b"), None).unwrap();
        assert_eq!(fs_err::read_to_string(path("b/base/1/2610")).unwrap(), "rows");
        assert_eq!(fs_err::read_to_string(path("b/PG_VERSION")).unwrap(), "15\n");
        let mode_of = |name: &str| fs_err::metadata(path(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode_of("b/base/1/2610"), mode_of("b/base")), (0o600, 0o700));
        assert!(copy_folder(&path("a"), &path("b"), None).is_err());
    }
}
