//! Who changed which script.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::command::{GitError, git};
use super::repository::Repository;

/// A commit that changed something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    /// The commit, shortened.
    pub commit: String,
    /// Who wrote it.
    pub name: String,
    /// When, as `YYYY-MM-DD`.
    pub date: String,
    /// What they said of it.
    pub subject: String,
}

impl std::fmt::Display for Author {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { commit, name, date, subject } = self;
        write!(f, "commit {commit} of {name}, {date}: {subject}")
    }
}

/// The newest commit that changed a script, by the script's path relative to the folder.
pub type Authors = BTreeMap<PathBuf, Author>;

impl Repository {
    /// The newest commits from `from` (exclusive) to `to` that changed these files. A merge counts where it has a file as
    /// none of its parents has it.
    pub async fn authors(&self, from: &str, to: &str, files: &[&Path]) -> Result<Authors, GitError> {
        if files.is_empty() || from == to {
            return Ok(Authors::new());
        }
        let range = format!("{from}..{to}");
        let format = "--format=%x01%h%x02%an%x02%as%x02%s%x02";
        let files: Vec<String> = files.iter().map(|path| slashed(path)).collect();
        let mut args = vec!["-c", "core.quotePath=false", "log", "-c", "--name-only", "--no-renames"];
        args.extend(["--no-ext-diff", "--no-show-signature", "--relative", format, &range, "--"]);
        args.extend(files.iter().map(String::as_str));
        let output = git(&self.folder, &args, None).await?;
        Ok(parse(&String::from_utf8_lossy(&output)))
    }
}

/// Records that begin with `\x01`: four fields, each ended by `\x02`, and the lines of the files. The newest comes first.
fn parse(text: &str) -> Authors {
    let mut authors = Authors::new();
    for record in text.split('\u{1}') {
        let mut fields = record.split('\u{2}');
        let mut next = || fields.next().map(str::to_owned);
        let (Some(commit), Some(name), Some(date), Some(subject), Some(files)) =
            (next(), next(), next(), next(), next())
        else {
            continue;
        };
        let author = Author { commit, name, date, subject };
        for file in files.lines().filter(|line| !line.is_empty()) {
            authors.entry(PathBuf::from(file)).or_insert_with(|| author.clone());
        }
    }
    authors
}

/// A path as git has it.
pub fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_commit_of_each_file() {
        let text = "\u{1}b2\u{2}Grace\u{2}2026-11-24\u{2}Second\u{2}\n\nversions/V1__a.sql\n\
                    \u{1}a1\u{2}Ada\u{2}2026-11-23\u{2}First\u{2}\n\nversions/V1__a.sql\nversions/V2__b.sql\n";
        let authors = parse(text);
        let shown: Vec<String> = authors.iter().map(|(path, author)| format!("{} {author}", path.display())).collect();
        assert_eq!(
            shown,
            [
                "versions/V1__a.sql commit b2 of Grace, 2026-11-24: Second",
                "versions/V2__b.sql commit a1 of Ada, 2026-11-23: First",
            ]
        );
        assert_eq!(parse(""), Authors::new());
    }
}
