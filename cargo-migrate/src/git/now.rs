//! Running git where there is no runtime.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use super::command::{GitError, OF_HOOKS};

/// Runs git in `folder` and returns what it prints.
pub(super) fn now(folder: &Path, args: &[&str], input: &str) -> Result<Vec<u8>, GitError> {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(args).env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C");
    for name in OF_HOOKS {
        command.env_remove(name);
    }
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(GitError::Start)?;
    let stdin = child.stdin.take();
    let output = std::thread::scope(|scope| {
        // Git answers while it reads, and stops where nobody reads its answer.
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(input.as_bytes())));
        child.wait_with_output()
    })
    .map_err(GitError::Start)?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let command = args.first().copied().unwrap_or_default().to_owned();
    let message = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(GitError::Failed { command, message })
}
