//! Where what is checked out stands: on a branch, behind a commit.

use super::command::{GitError, git};
use super::repository::Repository;

/// How what is checked out relates to a branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The branch is checked out, or contains the commit that is.
    On,
    /// There is no such branch, here or at a remote.
    NoBranch,
    /// Another branch is checked out, or none: `branch trunk`, `commit 1a2b3c4`.
    Off(String),
}

impl Repository {
    /// How what is checked out relates to branch `name`, here or at any remote. A commit counts, so that a detached HEAD may be on
    /// it.
    ///
    /// # Errors
    /// Git fails.
    pub async fn standing(&self, name: &str) -> Result<Standing, GitError> {
        let current = self.ask(&["symbolic-ref", "--quiet", "--short", "HEAD"]).await?;
        if current.as_deref() == Some(name) {
            return Ok(Standing::On);
        }
        if !self.has_reference(&["for-each-ref", "--format=%(refname)"], name).await? {
            return Ok(Standing::NoBranch);
        }
        let Some(commit) = self.ask(&["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]).await? else {
            return Ok(Standing::Off(
                current.map_or_else(|| "no commit".to_owned(), |name| format!("branch `{name}`")),
            ));
        };
        if self.has_reference(&["for-each-ref", "--format=%(refname)", "--contains", &commit], name).await? {
            return Ok(Standing::On);
        }
        let commit = commit.get(..7).unwrap_or(&commit).to_owned();
        Ok(Standing::Off(match current {
            Some(current) => format!("branch `{current}` ({commit})"),
            None => format!("commit {commit}"),
        }))
    }

    /// Whether what is checked out is `commit` or builds on it. A commit that git doesn't know is none of its history.
    ///
    /// # Errors
    /// Git fails.
    pub async fn builds_on(&self, commit: &str) -> Result<bool, GitError> {
        let is_hash = matches!(commit.len(), 40 | 64) && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
        Ok(is_hash && self.ask(&["merge-base", "--is-ancestor", commit, "HEAD"]).await?.is_some())
    }

    /// What git answers; nothing where it says no.
    async fn ask(&self, args: &[&str]) -> Result<Option<String>, GitError> {
        match git(self.folder(), args, None).await {
            Ok(output) => Ok(Some(String::from_utf8_lossy(&output).trim().to_owned())),
            Err(GitError::Failed { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn has_reference(&self, command: &[&str], name: &str) -> Result<bool, GitError> {
        let all = ["refs/heads", "refs/remotes"];
        let listed = self.ask(&[command, all.as_slice()].concat()).await?.unwrap_or_default();
        let is_it = |reference: &str| {
            reference.strip_prefix("refs/heads/") == Some(name)
                || reference.strip_prefix("refs/remotes/").is_some_and(|remote| {
                    remote == name || remote.split_once('/').is_some_and(|(_, rest)| rest == name)
                })
        };
        Ok(listed.lines().any(is_it))
    }
}
