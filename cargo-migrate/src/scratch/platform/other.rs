//! Windows: servers listen on TCP alone and run as the user; `pg_ctl` sends what stands for signals.

use std::{
    io,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;

use super::Stop;
use crate::{
    config::environment,
    scratch::{error::ScratchError, find::program},
};

/// There are no sockets.
pub(in crate::scratch) const SOCKET_PATH_LIMIT: usize = usize::MAX;

/// Servers run as the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::scratch) enum Account {}

/// The account for servers: our own.
pub(in crate::scratch) fn account() -> Result<Option<Account>, ScratchError> {
    Ok(None)
}

/// Nothing to do.
pub(in crate::scratch) fn confine(_command: &mut Command, _account: Option<Account>) {}

/// Makes a folder in `parent`, which is the user's own.
pub(in crate::scratch) fn new_folder(parent: &Path) -> io::Result<TempDir> {
    tempfile::Builder::new().prefix("cargo-migrate-").tempdir_in(parent)
}

/// Nothing to do.
pub(in crate::scratch) fn give(_path: &Path, _account: Option<Account>) -> io::Result<()> {
    Ok(())
}

/// The folder for temporary files again.
pub(in crate::scratch) fn fallback_folder() -> PathBuf {
    environment::temporary_folder()
}

/// Always.
pub(in crate::scratch) fn usable_by(_account: Option<Account>, _folder: &Path) -> bool {
    true
}

/// Has `pg_ctl` tell the server.
pub(in crate::scratch) fn ask_to_stop(server: &Child, programs: &Path, how: Stop) -> io::Result<()> {
    let signal = match how {
        Stop::Fast => "INT",
        Stop::Immediate => "QUIT",
    };
    let status = Command::new(program(programs, "pg_ctl"))
        .args(["kill", signal, &server.id().to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other("`pg_ctl kill` failed")) }
}
