//! Another commit's files beside the ones that are checked out.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::command::{GitError, OF_HOOKS, git};
use super::repository::Repository;

/// A commit, checked out into a temporary folder as a worktree of the repository. Dropping it removes both.
#[derive(Debug)]
pub struct Worktree {
    /// The folder that the repository was asked from.
    of: PathBuf,
    /// Where the files are, below `_holder`.
    files: PathBuf,
    /// Where the same folder of the repository is in it.
    folder: PathBuf,
    _holder: TempDir,
}

impl Worktree {
    /// The folder that the [`Repository`] is of, as the commit has it.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Worktree {
    fn drop(&mut self) {
        // Twice, since one whose making was interrupted is locked. What fails here, git itself prunes some day.
        let mut command = Command::new("git");
        command.arg("-C").arg(&self.of).args(["worktree", "remove", "--force", "--force"]).arg(&self.files);
        for name in OF_HOOKS {
            command.env_remove(name);
        }
        drop(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status());
    }
}

impl Repository {
    /// Checks `commit` out into a temporary folder. No hook is run, and what is checked out here stays as it is.
    ///
    /// # Errors
    /// A folder can't be made, or git can't check it out.
    pub async fn worktree(&self, commit: &str) -> Result<Worktree, GitError> {
        let holder = tempfile::Builder::new().prefix("cargo-migrate-").tempdir().map_err(GitError::Start)?;
        let files = holder.path().join("worktree");
        let folder = if self.prefix.is_empty() { files.clone() } else { files.join(&self.prefix) };
        // Before git begins, so that an interrupt finds what there is to remove.
        let worktree = Worktree { of: self.folder.clone(), files, folder, _holder: holder };
        let Some(path) = worktree.files.to_str() else {
            return Err(GitError::Answer { command: "worktree".to_owned() });
        };
        git(
            &self.folder,
            &["-c", "core.hooksPath=/dev/null", "worktree", "add", "--quiet", "--detach", path, commit],
            None,
        )
        .await?;
        Ok(worktree)
    }
}
