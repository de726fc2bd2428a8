//! Running git.

use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::process::Stdio;

use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::error::CommandError;

/// Why git could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// The program can't be run.
    #[error("can't run `git`")]
    Start(#[source] io::Error),
    /// It ended with an error.
    #[error("`git {command}` fails: {message}")]
    Failed {
        /// What it was asked for.
        command: String,
        /// What it said.
        message: String,
    },
    /// Its answer has another form than this program knows.
    #[error("`git {command}` answers what can't be understood")]
    Answer {
        /// What it was asked for.
        command: String,
    },
}

impl GitError {
    /// What cures it, where that is known.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Start(_) => Some("install git, and make sure that it is found in `PATH`"),
            Self::Failed { .. } | Self::Answer { .. } => None,
        }
    }
}

impl From<GitError> for CommandError {
    fn from(error: GitError) -> Self {
        let help = error.help();
        Self::refused(error).maybe_help(help)
    }
}

/// What git hands to its hooks. It would have git take the folder for the top of the repository.
pub(super) const OF_HOOKS: [&str; 4] = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"];

/// Runs git in `folder` and returns what it prints.
pub(super) async fn git(folder: &Path, args: &[&str], input: Option<Vec<u8>>) -> Result<Vec<u8>, GitError> {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(args).env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C");
    for name in OF_HOOKS {
        command.env_remove(name);
    }
    command.stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() });
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().map_err(GitError::Start)?;
    let stdin = child.stdin.take();
    let feed = async {
        if let (Some(mut stdin), Some(input)) = (stdin, input) {
            // It fails only if git ended early, and then git says why.
            drop(stdin.write_all(&input).await);
        }
    };
    let ((), output) = tokio::join!(feed, child.wait_with_output());
    let output = output.map_err(GitError::Start)?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let message = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    let command = args.first().map(OsStr::new).unwrap_or_default().to_string_lossy().into_owned();
    Err(GitError::Failed { command, message })
}
