//! The newest commit of a branch that does without a migration, and branches made from it.

use std::collections::{BTreeMap, BTreeSet};

use migrate_build::migration::{Direction, file_name};

use super::command::{GitError, git};
use super::log::Author;
use super::repository::{Repository, next_blob};

/// So many commits are looked at together.
const CHUNK: usize = 256;

/// What a commit must not have, and what it must.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Without {
    /// The migration that it does without.
    pub version: i64,
    /// The migrations that it needs: those that stay applied.
    pub kept: BTreeSet<i64>,
}

/// The commit to go back to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    /// The commit, whole.
    pub commit: String,
    /// What git says of it.
    pub author: Author,
    /// Whether the branch itself stood there, and not only a branch that was merged into it.
    pub on_branch: bool,
    /// Migrations that stay applied and that it lacks.
    pub lacking: BTreeSet<i64>,
}

/// A commit's migrations; it may have none.
type Versions = BTreeSet<i64>;

impl Repository {
    /// The newest commit up to `tip` that does without a migration. The states of the branch itself come first: its first
    /// parents, which are what was deployed from it. Where none of them has all that stays applied, any commit that was
    /// merged into it will do, the newest first; and where there is none either, it is the branch's own with what it lacks.
    pub async fn newest_without(&self, tip: &str, without: &Without) -> Result<Option<Past>, GitError> {
        let own = self.find_without(&["rev-list", "--first-parent", tip], without).await?;
        if let Some((commit, lacking)) = &own
            && lacking.is_empty()
        {
            return Ok(Some(self.describe(commit, true, BTreeSet::new()).await?));
        }
        let any = self.find_without(&["rev-list", "--date-order", tip], without).await?;
        match (own, any) {
            (_, Some((commit, lacking))) if lacking.is_empty() => {
                Ok(Some(self.describe(&commit, false, lacking).await?))
            }
            (Some((commit, lacking)), _) => Ok(Some(self.describe(&commit, true, lacking).await?)),
            // What no state of the branch does without, only side branches lack: code that was never the branch's.
            (None, _) => Ok(None),
        }
    }

    /// The first commit that a listing names and that suits; else the first that does without it.
    async fn find_without(
        &self,
        listing: &[&str],
        without: &Without,
    ) -> Result<Option<(String, BTreeSet<i64>)>, GitError> {
        let output = git(&self.folder, listing, None).await?;
        let output = String::from_utf8_lossy(&output);
        let commits: Vec<&str> = output.lines().collect();
        let mut known: BTreeMap<String, Versions> = BTreeMap::new();
        let mut second = None;
        for chunk in commits.chunks(CHUNK) {
            let trees = self.versions_trees(chunk).await?;
            self.read_trees(&trees, &mut known).await?;
            for (commit, tree) in chunk.iter().zip(&trees) {
                let none = Versions::new();
                let versions = tree.as_ref().and_then(|tree| known.get(tree)).unwrap_or(&none);
                if versions.contains(&without.version) {
                    continue;
                }
                let lacking: BTreeSet<i64> = without.kept.difference(versions).copied().collect();
                if lacking.is_empty() {
                    return Ok(Some(((*commit).to_owned(), lacking)));
                }
                second = second.or_else(|| Some(((*commit).to_owned(), lacking)));
            }
        }
        Ok(second)
    }

    /// The object of each commit's `versions` folder.
    async fn versions_trees(&self, commits: &[&str]) -> Result<Vec<Option<String>>, GitError> {
        let folder = if self.prefix.is_empty() { "versions".to_owned() } else { format!("{}/versions", self.prefix) };
        let input: String = commits.iter().map(|commit| format!("{commit}:{folder}\n")).collect();
        let args = ["cat-file", "--batch-check=%(objecttype) %(objectname)"];
        let output = git(&self.folder, &args, Some(input.into_bytes())).await?;
        let output = String::from_utf8_lossy(&output);
        let trees: Vec<Option<String>> =
            output.lines().map(|line| line.strip_prefix("tree ").map(str::to_owned)).collect();
        if trees.len() == commits.len() { Ok(trees) } else { Err(GitError::Answer { command: "cat-file".to_owned() }) }
    }

    async fn read_trees(
        &self,
        trees: &[Option<String>],
        known: &mut BTreeMap<String, Versions>,
    ) -> Result<(), GitError> {
        let new: BTreeSet<&str> =
            trees.iter().flatten().filter(|tree| !known.contains_key(*tree)).map(String::as_str).collect();
        if new.is_empty() {
            return Ok(());
        }
        let input: String = new.iter().map(|tree| format!("{tree}\n")).collect();
        let output = git(&self.folder, &["cat-file", "--batch"], Some(input.into_bytes())).await?;
        let mut rest = output.as_slice();
        for tree in new {
            let content = next_blob(&mut rest).ok_or_else(|| GitError::Answer { command: "cat-file".to_owned() })?;
            known.insert(tree.to_owned(), versions(content, tree.len() / 2));
        }
        Ok(())
    }

    async fn describe(&self, commit: &str, on_branch: bool, lacking: BTreeSet<i64>) -> Result<Past, GitError> {
        let format = "--format=%h%x02%an%x02%as%x02%s";
        let output =
            git(&self.folder, &["log", "-1", "--no-show-signature", "--no-patch", format, commit, "--"], None).await?;
        let output = String::from_utf8_lossy(&output);
        let mut fields = output.trim_end_matches('\n').split('\u{2}').map(str::to_owned);
        let mut next = || fields.next().unwrap_or_default();
        let author = Author { commit: next(), name: next(), date: next(), subject: next() };
        Ok(Past { commit: commit.to_owned(), author, on_branch, lacking })
    }

    /// Whether `name` may be a branch's name.
    pub async fn is_branch_name(&self, name: &str) -> Result<bool, GitError> {
        match git(&self.folder, &["check-ref-format", "--branch", name], None).await {
            Ok(_) => Ok(true),
            Err(GitError::Failed { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Whether there is a branch `name` here.
    pub async fn has_branch(&self, name: &str) -> Result<bool, GitError> {
        Ok(self.commit(&format!("refs/heads/{name}")).await?.is_some())
    }

    /// Makes a branch at `commit`; the working tree stays as it is.
    pub async fn make_branch(&self, name: &str, commit: &str) -> Result<(), GitError> {
        git(&self.folder, &["branch", "--no-track", "--end-of-options", name, commit], None).await?;
        Ok(())
    }
}

/// The versions of the up scripts in a tree: `MODE NAME<NUL>` and the object's bytes, one after the other.
fn versions(mut content: &[u8], object: usize) -> Versions {
    let mut versions = Versions::new();
    while let Some(end) = content.iter().position(|&byte| byte == 0) {
        let (entry, rest) = content.split_at(end);
        if let Some((_, name)) = std::str::from_utf8(entry).ok().and_then(|entry| entry.split_once(' '))
            && let Ok(file) = file_name::parse(name)
            && file.direction == Direction::Up
        {
            versions.insert(file.version);
        }
        content = rest.get(1 + object..).unwrap_or_default();
    }
    versions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_read_past_its_objects() {
        let mut tree = Vec::new();
        for name in ["100644 V1__a.sql", "100644 V1__a.down.sql", "100644 README.md", "100644 V20__b.sql"] {
            tree.extend_from_slice(name.as_bytes());
            tree.push(0);
            // A hash may hold any byte, also a zero.
            tree.extend_from_slice(&[0; 20]);
        }
        assert_eq!(versions(&tree, 20), BTreeSet::from([1, 20]));
        assert_eq!(versions(b"", 20), BTreeSet::new());
        assert_eq!(versions(b"100644 V1__a.sql\0cut", 20), BTreeSet::from([1]));
    }
}
