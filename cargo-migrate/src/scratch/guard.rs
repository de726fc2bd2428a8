//! A second process that cleans up if ours ends without doing it, `kill -9` included.

use std::{
    io,
    path::Path,
    process::{Child, Command, Stdio},
};

use super::platform::{self, Account};

/// The process that waits for our end. Letting go of it while the server's folder is still there makes it clean up.
#[derive(Debug)]
pub(super) struct Guard(Child);

impl Guard {
    /// Watches over the server in `folder`.
    pub(super) fn over_folder(folder: &Path, account: Option<Account>) -> io::Result<Option<Self>> {
        if cfg!(unix) {
            let mut command = shell(include_str!("guard.sh"));
            command.arg(folder);
            platform::confine(&mut command, account);
            Self::spawn(&mut command).map(Some)
        } else {
            // Without a POSIX shell only an owner that ends in order cleans up.
            Ok(None)
        }
    }

    /// Watches over the container `name` with whichever client of its engine is at hand, if there is one.
    #[cfg(feature = "containers")]
    pub(super) fn over_container(name: &str, clients: &[Vec<String>]) -> io::Result<Option<Self>> {
        let Some(client) = clients.first().filter(|_| cfg!(unix)) else {
            return Ok(None);
        };
        let mut command = shell(include_str!("guard_container.sh"));
        command.args(client).arg(name);
        platform::confine(&mut command, None);
        Self::spawn(&mut command).map(Some)
    }

    /// Lets go of it after everything has been cleaned up.
    #[cfg(feature = "containers")]
    pub(super) fn release(mut self) {
        if let Some(stdin) = &mut self.0.stdin {
            // It fails only if the guard had been killed.
            drop(io::Write::write_all(stdin, b"done\n"));
        }
    }

    fn spawn(command: &mut Command) -> io::Result<Self> {
        command.current_dir("/").stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().map(Self)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        // The end of its input is the guard's sign. It fails only if it had been killed; there is nobody to tell.
        drop(self.0.stdin.take());
        drop(self.0.wait());
    }
}

fn shell(script: &str) -> Command {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", script, "cargo-migrate-guard"]);
    command
}
