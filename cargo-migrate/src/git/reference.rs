//! What a branch is compared with: the commit that was named, or the upstream or default branch.

use super::command::{GitError, git};
use super::repository::Repository;
use crate::error::CommandError;

/// A commit to compare the working tree with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// What it is called: as it was named, or `origin/main`.
    pub name: String,
    /// The commit itself.
    pub commit: String,
    /// Where it and the commit that is checked out part: the working tree has seen all up to here.
    pub base: String,
    /// The commit that is checked out.
    pub head: String,
}

/// Why there is nothing to compare with.
#[derive(Debug, thiserror::Error)]
pub enum ReferenceError {
    /// Git can't be asked.
    #[error(transparent)]
    Git(#[from] GitError),
    /// No commit yet.
    #[error("the repository has no commit yet")]
    Unborn,
    /// Nothing of that name.
    #[error("git knows no commit `{}`", name.escape_debug())]
    Unknown {
        /// The name.
        name: String,
        /// What it may have been meant to be.
        nearest: Option<String>,
    },
    /// The commit where both part was not fetched.
    #[error("this clone is shallow: the commit that it shares with `{name}` was not fetched")]
    Shallow {
        /// What was compared with.
        name: String,
    },
    /// There is none.
    #[error("this branch and `{name}` share no commit")]
    Unrelated {
        /// What was compared with.
        name: String,
    },
}

impl ReferenceError {
    /// What cures it.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Git(error) => error.help().map(str::to_owned),
            Self::Unborn => Some("commit first: `git add --all && git commit`".to_owned()),
            Self::Unknown { nearest: Some(nearest), .. } => Some(format!("did you mean `{nearest}`?")),
            Self::Unknown { name, nearest: None } => Some(format!(
                "`git branch --all` lists the branches; `git fetch origin {name}` gets one that is not here"
            )),
            Self::Shallow { .. } => {
                Some("fetch the rest: `git fetch --unshallow`, or a part of it: `git fetch --deepen=100`".to_owned())
            }
            Self::Unrelated { .. } => Some("name a branch that this one comes from: `--against REF`".to_owned()),
        }
    }
}

impl From<ReferenceError> for CommandError {
    fn from(error: ReferenceError) -> Self {
        let help = error.help();
        match error {
            ReferenceError::Unknown { .. } => Self::usage(error),
            error => Self::refused(error),
        }
        .maybe_help(help)
    }
}

/// A branch, here or of a remote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Line {
    name: String,
    /// Whether it is checked out.
    current: bool,
    upstream: String,
    /// What it stands for: `refs/remotes/origin/HEAD` does.
    symbolic: String,
}

/// Names of a default branch, where no remote says which it is.
const DEFAULT: [&str; 3] = ["main", "master", "trunk"];

const HEADS: &str = "refs/heads/";
const REMOTES: &str = "refs/remotes/";

impl Repository {
    /// The commit that `name` names, and where the branch that is checked out parts from it. Without a name it is the
    /// branch's upstream, unless that is the branch itself at a remote; else the default branch. On the default branch it
    /// is what the remote has of it, and without a remote the commit that is checked out.
    ///
    /// # Errors
    /// See [`ReferenceError`].
    pub async fn reference(&self, name: Option<&str>) -> Result<Reference, ReferenceError> {
        let Some(head) = self.commit("HEAD").await? else { return Err(ReferenceError::Unborn) };
        let name = match name {
            Some(name) => name.to_owned(),
            None => {
                let lines = self.branches().await?;
                shorten(&default(&lines).unwrap_or_else(|| "HEAD".to_owned())).to_owned()
            }
        };
        let commit = match self.commit(&name).await? {
            Some(commit) => commit,
            // `staging` is meant where only `origin/staging` is here.
            None => match self.branch(&[&name]).await? {
                Some(branch) => branch.commit,
                None => {
                    let nearest = self.nearest(&name).await?;
                    return Err(ReferenceError::Unknown { name, nearest });
                }
            },
        };
        let base = self.merge_base(&name, &head, &commit).await?;
        Ok(Reference { name, commit, base, head })
    }

    /// The commit that `name` names.
    pub async fn commit(&self, name: &str) -> Result<Option<String>, GitError> {
        let name = format!("{name}^{{commit}}");
        match git(&self.folder, &["rev-parse", "--verify", "--quiet", "--end-of-options", &name], None).await {
            Ok(output) => Ok(Some(String::from_utf8_lossy(&output).trim().to_owned())),
            Err(GitError::Failed { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What the branch that is checked out was before the merge that it ends in, where it ends in one.
    pub async fn merged_into(&self) -> Result<Option<String>, GitError> {
        Ok(self.commit("HEAD^2").await?.map(|_| "HEAD^1".to_owned()))
    }

    async fn merge_base(&self, name: &str, head: &str, commit: &str) -> Result<String, ReferenceError> {
        if head == commit {
            return Ok(head.to_owned());
        }
        let base = match git(&self.folder, &["merge-base", head, commit], None).await {
            Ok(output) => String::from_utf8_lossy(&output).trim().to_owned(),
            Err(GitError::Failed { message, .. }) if message.is_empty() => String::new(),
            Err(error) => return Err(error.into()),
        };
        if !base.is_empty() {
            return Ok(base);
        }
        let shallow = git(&self.folder, &["rev-parse", "--is-shallow-repository"], None).await?;
        let name = name.to_owned();
        Err(if shallow.starts_with(b"true") {
            ReferenceError::Shallow { name }
        } else {
            ReferenceError::Unrelated { name }
        })
    }

    async fn branches(&self) -> Result<Vec<Line>, GitError> {
        let format = "--format=%(refname)%09%(HEAD)%09%(upstream)%09%(symref)";
        let output = git(&self.folder, &["for-each-ref", format, HEADS, REMOTES], None).await?;
        Ok(String::from_utf8_lossy(&output).lines().filter_map(line).collect())
    }

    /// The branch or tag whose name is nearest to `name`.
    async fn nearest(&self, name: &str) -> Result<Option<String>, GitError> {
        let output = git(&self.folder, &["for-each-ref", "--format=%(refname:short)"], None).await?;
        let text = String::from_utf8_lossy(&output);
        let near = text.lines().map(|known| (strsim::damerau_levenshtein(name, known), known)).min();
        Ok(near.filter(|(distance, known)| *distance <= known.len() / 3).map(|(_, known)| known.to_owned()))
    }
}

fn line(text: &str) -> Option<Line> {
    let mut fields = text.split('\t');
    Some(Line {
        name: fields.next()?.to_owned(),
        current: fields.next()? == "*",
        upstream: fields.next()?.to_owned(),
        symbolic: fields.next()?.to_owned(),
    })
}

/// The branch to compare with where none was named.
fn default(lines: &[Line]) -> Option<String> {
    let known = |name: &str| lines.iter().any(|line| line.name == name);
    let current = lines.iter().find(|line| line.current);
    if let Some(Line { name, upstream, .. }) = current
        && known(upstream)
        && of_remote(upstream) != name.strip_prefix(HEADS)
    {
        return Some(upstream.clone());
    }
    let remote = lines.iter().find(|line| line.name.ends_with("/HEAD") && known(&line.symbolic));
    let default = match remote {
        Some(remote) => Some(remote.symbolic.clone()),
        None => {
            let named = DEFAULT.iter().flat_map(|name| [format!("{REMOTES}origin/{name}"), format!("{HEADS}{name}")]);
            named.into_iter().find(|name| known(name))
        }
    }?;
    match current {
        // Only what is not committed can differ then.
        Some(current) if current.name == default => None,
        _ => Some(default),
    }
}

/// The branch's name at its remote.
fn of_remote(name: &str) -> Option<&str> {
    Some(name.strip_prefix(REMOTES)?.split_once('/')?.1)
}

fn shorten(name: &str) -> &str {
    name.strip_prefix(HEADS).or_else(|| name.strip_prefix(REMOTES)).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines of `NAME [*] [-> UPSTREAM] [= SYMBOLIC]`.
    fn chosen(lines: &[&str]) -> Option<String> {
        let lines: Vec<Line> = lines
            .iter()
            .map(|text| {
                let mut line = Line::default();
                let mut words = text.split(' ');
                line.name = words.next().unwrap().to_owned();
                while let Some(word) = words.next() {
                    match word {
                        "*" => line.current = true,
                        "->" => line.upstream = words.next().unwrap().to_owned(),
                        "=" => line.symbolic = words.next().unwrap().to_owned(),
                        word => panic!("{word}"),
                    }
                }
                line
            })
            .collect();
        default(&lines).map(|name| shorten(&name).to_owned())
    }

    #[test]
    fn a_branch_is_compared_with_what_it_comes_from() {
        for (lines, expected) in [
            (&["refs/heads/main", "refs/heads/x *"][..], Some("main")),
            (&["refs/heads/main *", "refs/heads/x"], None),
            (&["refs/heads/main", "refs/heads/x"], Some("main")),
            (&["refs/heads/y", "refs/heads/x *"], None),
            // Its own copy at the remote says nothing.
            (
                &["refs/heads/master", "refs/heads/x * -> refs/remotes/origin/x", "refs/remotes/origin/x"],
                Some("master"),
            ),
            (&["refs/heads/main", "refs/heads/x * -> refs/remotes/o/rel", "refs/remotes/o/rel"], Some("o/rel")),
            (&["refs/heads/main", "refs/heads/x * -> refs/remotes/o/gone"], Some("main")),
            (&["refs/heads/main * -> refs/remotes/origin/main", "refs/remotes/origin/main"], Some("origin/main")),
            (
                &[
                    "refs/heads/x *",
                    "refs/remotes/up/HEAD = refs/remotes/up/dev",
                    "refs/remotes/up/dev",
                    "refs/heads/main",
                ],
                Some("up/dev"),
            ),
        ] {
            assert_eq!(chosen(lines).as_deref(), expected, "{lines:?}");
        }
    }
}
