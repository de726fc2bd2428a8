//! Unix.

use std::{
    fs::Permissions,
    io,
    os::unix::{
        fs::{MetadataExt as _, PermissionsExt as _, chown},
        process::CommandExt as _,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use rustix::process::{Pid, Signal, geteuid, kill_process};
use tempfile::TempDir;

use super::Stop;
use crate::scratch::error::ScratchError;

/// The longest path of a socket, without the NUL that ends it.
pub(in crate::scratch) const SOCKET_PATH_LIMIT: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

/// Another account, that the server runs as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::scratch) struct Account {
    uid: u32,
    gid: u32,
}

/// The account for servers: our own, unless we are root, as which no server runs.
pub(in crate::scratch) fn account() -> Result<Option<Account>, ScratchError> {
    if !geteuid().is_root() {
        return Ok(None);
    }
    ["postgres", "nobody"].into_iter().find_map(look_up).map(Some).ok_or(ScratchError::NoAccount)
}

/// Asks `id`, which knows accounts of every kind, not those of `/etc/passwd` only.
fn look_up(name: &str) -> Option<Account> {
    let id = |option: &str| -> Option<u32> {
        let output =
            Command::new("id").args([option, name]).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
        String::from_utf8(output.stdout).ok()?.trim().parse().ok()
    };
    let account = Account { uid: id("-u")?, gid: id("-g")? };
    (account.uid != 0).then_some(account)
}

/// Runs a program as `account`, and out of the reach of the terminal's Ctrl-C: its owner ends it, in order.
pub(in crate::scratch) fn confine(command: &mut Command, account: Option<Account>) {
    command.process_group(0);
    if let Some(Account { uid, gid }) = account {
        command.uid(uid).gid(gid);
    }
}

/// Makes a folder in `parent` that nobody else can enter.
pub(in crate::scratch) fn new_folder(parent: &Path) -> io::Result<TempDir> {
    tempfile::Builder::new()
        .prefix("cargo-migrate-")
        .rand_bytes(8)
        .permissions(Permissions::from_mode(0o700))
        .tempdir_in(parent)
}

/// Hands a file or folder over to `account`.
pub(in crate::scratch) fn give(path: &Path, account: Option<Account>) -> io::Result<()> {
    match account {
        Some(Account { uid, gid }) => chown(path, Some(uid), Some(gid)),
        None => Ok(()),
    }
}

/// Where a server goes if the folder for temporary files is of no use to it.
pub(in crate::scratch) fn fallback_folder() -> PathBuf {
    PathBuf::from("/tmp")
}

/// Whether `account` may enter `folder` and write there: root's own folder for temporary files is closed to it.
pub(in crate::scratch) fn usable_by(account: Option<Account>, folder: &Path) -> bool {
    let Some(account) = account else {
        return true;
    };
    let allowed = |folder: &Path, wanted: u32| {
        fs_err::metadata(folder).is_ok_and(|metadata| {
            let shift = if metadata.uid() == account.uid {
                6
            } else if metadata.gid() == account.gid {
                3
            } else {
                0
            };
            (metadata.mode() >> shift) & wanted == wanted
        })
    };
    // A link may lead anywhere, so the way is that of the real path.
    fs_err::canonicalize(folder)
        .is_ok_and(|folder| allowed(&folder, 0o3) && folder.ancestors().all(|parent| allowed(parent, 0o1)))
}

/// Sends the server the signal that ends it.
pub(in crate::scratch) fn ask_to_stop(server: &Child, _programs: &Path, how: Stop) -> io::Result<()> {
    let pid = i32::try_from(server.id()).ok().and_then(Pid::from_raw).ok_or(io::ErrorKind::InvalidInput)?;
    let signal = match how {
        Stop::Fast => Signal::INT,
        Stop::Immediate => Signal::QUIT,
    };
    Ok(kill_process(pid, signal)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_folder_is_of_no_use_to_another_account() {
        let stranger = Account { uid: 54321, gid: 54321 };
        let folder = tempfile::tempdir().unwrap();
        let open = folder.path().join("open");
        fs_err::create_dir(&open).unwrap();
        let mode = |path: &Path, mode| {
            fs_err::set_permissions(path, Permissions::from_mode(mode)).unwrap();
        };
        mode(folder.path(), 0o711);
        mode(&open, 0o1777);
        assert!(usable_by(Some(stranger), &open));
        assert!(!usable_by(Some(stranger), folder.path()), "not writable");
        mode(folder.path(), 0o700);
        assert!(!usable_by(Some(stranger), &open), "not reachable");
        assert!(usable_by(None, &open));
    }

    #[test]
    fn a_new_folder_is_private() {
        let parent = tempfile::tempdir().unwrap();
        let folder = new_folder(parent.path()).unwrap();
        let mode = fs_err::metadata(folder.path()).unwrap().mode();
        assert_eq!(mode & 0o777, 0o700);
    }
}
