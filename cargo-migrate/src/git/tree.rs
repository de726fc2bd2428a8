//! The scripts that a commit holds.

use std::collections::{BTreeMap, BTreeSet};

use super::command::{GitError, git};
use super::repository::Repository;

/// A file's content, as git names it.
pub type Object = String;

/// The files of the folder's `versions` in a commit, by their path relative to the folder, with slashes.
pub type Tree = BTreeMap<String, Object>;

/// The folder of the scripts.
const VERSIONS: &str = "versions/";

impl Repository {
    /// The scripts that `commit` holds; none where it has no such folder.
    pub async fn tree(&self, commit: &str) -> Result<Tree, GitError> {
        let listing = git(&self.folder, &["ls-tree", "-z", commit, "--", VERSIONS], None).await?;
        let mut tree = Tree::new();
        for entry in listing.split(|&byte| byte == 0).filter(|entry| !entry.is_empty()) {
            // MODE TYPE OBJECT<TAB>PATH; a name that is no text is no migration's.
            let Ok(text) = std::str::from_utf8(entry) else { continue };
            let wrong = || GitError::Answer { command: "ls-tree".to_owned() };
            let (about, path) = text.split_once('\t').ok_or_else(wrong)?;
            let mut about = about.split(' ').skip(1);
            if let (Some("blob"), Some(object)) = (about.next(), about.next()) {
                tree.insert(path.to_owned(), object.to_owned());
            }
        }
        Ok(tree)
    }

    /// The scripts of the working tree that may differ from those of `commit`, or are gone.
    pub async fn differing(&self, commit: &str) -> Result<BTreeSet<String>, GitError> {
        let args = ["diff", "--no-ext-diff", "--no-renames", "--name-only", "-z", "--relative", commit, "--", VERSIONS];
        let output = git(&self.folder, &args, None).await?;
        let paths = output.split(|&byte| byte == 0).filter(|path| !path.is_empty());
        Ok(paths.map(|path| String::from_utf8_lossy(path).into_owned()).collect())
    }
}
