//! What git knows of the migrations: what is not committed, and what a branch holds.

use std::io;
use std::path::{Path, PathBuf};

use super::command::{GitError, git};

/// A migrations folder in a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repository {
    /// The folder.
    pub(super) folder: PathBuf,
    /// The folder's path in the repository, with slashes; empty where it is the repository's own.
    pub(super) prefix: String,
}

/// A branch as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// How it was found: `staging`, or `origin/staging`.
    pub name: String,
    /// The commit that it points to.
    pub commit: String,
}

impl Repository {
    /// The repository around `folder`; `None` where there is none.
    pub async fn around(folder: &Path) -> Result<Option<Self>, GitError> {
        match git(folder, &["rev-parse", "--show-prefix"], None).await {
            Ok(output) => {
                let prefix =
                    String::from_utf8_lossy(&output).trim_end_matches(['\n', '\r']).trim_end_matches('/').to_owned();
                Ok(Some(Self { folder: folder.to_path_buf(), prefix }))
            }
            Err(GitError::Failed { message, .. }) if message.contains("not a git repository") => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The folder's path in the repository, with slashes; empty where it is the repository's own.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The files below the folder that differ from the commit that is checked out, or that git does not know, sorted.
    pub async fn uncommitted(&self) -> Result<Vec<String>, GitError> {
        let args =
            ["status", "--porcelain", "-z", "--untracked-files=all", "--ignored=matching", "--no-renames", "--", "."];
        let output = git(&self.folder, &args, None).await?;
        let mut files: Vec<String> = output.split(|&byte| byte == 0).filter_map(|entry| self.entry(entry)).collect();
        files.sort();
        Ok(files)
    }

    /// `XY PATH`: two letters that say how it differs.
    fn entry(&self, entry: &[u8]) -> Option<String> {
        let text = String::from_utf8_lossy(entry);
        let (letters, path) = (text.get(..2)?, text.get(3..)?);
        // All of the folder, or one above it, is ignored: git names that instead of the files.
        if letters == "!!" && path.ends_with('/') && format!("{}/", self.prefix).starts_with(path) {
            return Some("./ (ignored)".to_owned());
        }
        let path = path.strip_prefix(&self.prefix).map_or(path, |path| path.trim_start_matches('/'));
        // What git is told to ignore matters only if we would read it.
        let is_script = path.ends_with(".sql") || path.ends_with(".rs") || path.ends_with('/');
        let what = match letters {
            "!!" if !is_script => return None,
            "!!" => "ignored",
            "??" => "untracked",
            letters if letters.contains('U') => "unmerged",
            letters if letters.contains('D') => "deleted",
            letters if letters.contains('A') => "added",
            _ => "modified",
        };
        Some(format!("{path} ({what})"))
    }

    /// The first of `names` that is a branch, here or at `origin`, or any other name of a commit.
    pub async fn branch(&self, names: &[&str]) -> Result<Option<Branch>, GitError> {
        for name in names {
            for (reference, shown) in [
                (format!("refs/heads/{name}"), (*name).to_owned()),
                (format!("refs/remotes/origin/{name}"), format!("origin/{name}")),
                (format!("refs/remotes/{name}"), (*name).to_owned()),
            ] {
                let commit = format!("{reference}^{{commit}}");
                match git(&self.folder, &["rev-parse", "--verify", "--quiet", "--end-of-options", &commit], None).await
                {
                    Ok(output) => {
                        let commit = String::from_utf8_lossy(&output).trim().to_owned();
                        return Ok(Some(Branch { name: shown, commit }));
                    }
                    Err(GitError::Failed { .. }) => {}
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(None)
    }

    /// Writes the folder as `commit` has it into `target`. Whether there is such a folder.
    pub async fn extract(&self, commit: &str, target: &Path) -> Result<bool, GitError> {
        let below = format!("{commit}:{}", self.prefix);
        let listed = git(&self.folder, &["rev-parse", "--verify", "--quiet", "--end-of-options", &below], None).await;
        let tree = match listed {
            Ok(output) => String::from_utf8_lossy(&output).trim().to_owned(),
            Err(GitError::Failed { .. }) => return Ok(false),
            Err(error) => return Err(error),
        };
        let listing = git(&self.folder, &["ls-tree", "-r", "-z", "--full-tree", &tree], None).await?;
        let wrong = |command: &str| GitError::Answer { command: command.to_owned() };
        let mut files = Vec::new();
        for entry in listing.split(|&byte| byte == 0).filter(|entry| !entry.is_empty()) {
            // MODE TYPE OBJECT<TAB>PATH
            let text = std::str::from_utf8(entry).map_err(|_| wrong("ls-tree"))?;
            let (about, path) = text.split_once('\t').ok_or_else(|| wrong("ls-tree"))?;
            let mut about = about.split(' ');
            let (kind, object) = (about.nth(1), about.next().ok_or_else(|| wrong("ls-tree"))?);
            if kind == Some("blob") {
                files.push((path.to_owned(), object.to_owned()));
            }
        }
        let objects: Vec<&str> = files.iter().map(|(_, object)| object.as_str()).collect();
        for ((path, _), blob) in files.iter().zip(self.blobs(&objects).await?) {
            write(&target.join(path), &blob).map_err(GitError::Start)?;
        }
        Ok(true)
    }

    /// The contents of objects, in their order.
    pub async fn blobs(&self, objects: &[&str]) -> Result<Vec<Vec<u8>>, GitError> {
        if objects.is_empty() {
            return Ok(Vec::new());
        }
        let input: String = objects.iter().map(|object| format!("{object}\n")).collect();
        let output = git(&self.folder, &["cat-file", "--batch"], Some(input.into_bytes())).await?;
        let mut rest = output.as_slice();
        let mut blobs = Vec::with_capacity(objects.len());
        for _ in objects {
            let wrong = || GitError::Answer { command: "cat-file".to_owned() };
            blobs.push(next_blob(&mut rest).ok_or_else(wrong)?.to_vec());
        }
        Ok(blobs)
    }
}

/// `OBJECT TYPE SIZE<LF>CONTENT<LF>`.
pub(super) fn next_blob<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let end = rest.iter().position(|&byte| byte == b'\n')?;
    let (head, behind) = rest.split_at_checked(end)?;
    let size: usize = std::str::from_utf8(head).ok()?.rsplit(' ').next()?.parse().ok()?;
    let (blob, behind) = behind.get(1..)?.split_at_checked(size)?;
    *rest = behind.strip_prefix(b"\n")?;
    Some(blob)
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        fs_err::create_dir_all(parent)?;
    }
    fs_err::write(path, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_named_by_what_differs() {
        let repository = Repository { folder: PathBuf::new(), prefix: "app/migrations".to_owned() };
        for (entry, expected) in [
            ("?? app/migrations/versions/V1__a.sql", Some("versions/V1__a.sql (untracked)")),
            (" M app/migrations/versions/V1__a.sql", Some("versions/V1__a.sql (modified)")),
            ("A  app/migrations/versions/V1__a.sql", Some("versions/V1__a.sql (added)")),
            (" D app/migrations/seeds/1.sql", Some("seeds/1.sql (deleted)")),
            ("UU app/migrations/seeds/1.sql", Some("seeds/1.sql (unmerged)")),
            ("!! app/migrations/versions/V2__b.sql", Some("versions/V2__b.sql (ignored)")),
            ("!! app/migrations/versions/.V2__b.sql.swp", None),
            ("!! app/migrations/", Some("./ (ignored)")),
            ("!! app/", Some("./ (ignored)")),
            ("", None),
        ] {
            assert_eq!(repository.entry(entry.as_bytes()).as_deref(), expected);
        }
    }

    #[test]
    fn blobs_are_cut_by_their_size() {
        let mut rest = b"aa blob 3\na\nb\nbb blob 0\n\n".as_slice();
        assert_eq!(next_blob(&mut rest), Some(b"a\nb".as_slice()));
        assert_eq!(next_blob(&mut rest), Some(b"".as_slice()));
        assert_eq!(next_blob(&mut rest), None);
        assert_eq!(next_blob(&mut b"cc missing\n".as_slice()), None);
    }
}
