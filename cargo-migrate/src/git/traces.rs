//! What became of migrations' files: which commits had them, which one deleted them, which branches have them still.

use std::collections::{BTreeMap, BTreeSet};

use migrate_build::migration::dir::VERSIONS;
use migrate_build::migration::{Direction, file_name};

use super::command::{GitError, git};
use super::repository::Repository;

/// A commit, as people refer to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Its hash.
    pub hash: String,
    /// Who wrote it.
    pub author: String,
    /// When: RFC 3339.
    pub date: String,
    /// The first line of its message.
    pub subject: String,
}

impl Commit {
    /// The first digits of its hash.
    pub fn short(&self) -> &str {
        self.hash.get(..7).unwrap_or(&self.hash)
    }

    /// The day on which it was made.
    pub fn day(&self) -> &str {
        self.date.split('T').next().unwrap_or(&self.date)
    }
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The commit that is checked out has it: if it is missing or changed, that is not committed.
    CheckedOut,
    /// This commit, or one that git doesn't name, deleted it on the way to what is checked out.
    Deleted(Option<Commit>),
    /// What is checked out never had it.
    Elsewhere {
        /// Branches that have it.
        branches: Vec<String>,
        /// Those of them that contain all that is checked out.
        ahead: Vec<String>,
        /// The newest commit that wrote it.
        commit: Commit,
    },
}

/// What git knows of one migration's up script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// Its path below the migrations folder, with slashes.
    pub file: String,
    /// What became of it.
    pub fate: Fate,
    /// The commits on any branch that have written it, newest first.
    pub written: Vec<Commit>,
    /// The commits on the way to what is checked out that have changed or deleted it, newest first.
    pub changed: Vec<Commit>,
}

/// What a commit did to a file.
#[derive(Clone, Debug)]
struct Event {
    commit: Commit,
    deleted: bool,
    file: String,
}

impl Repository {
    /// What git knows of the up scripts of these versions, by version and by file. A version whose file was renamed has several.
    ///
    /// # Errors
    /// Git can't be asked, or answers what can't be understood.
    pub async fn traces(&self, versions: &BTreeSet<i64>) -> Result<BTreeMap<i64, Vec<Trace>>, GitError> {
        if versions.is_empty() {
            return Ok(BTreeMap::new());
        }
        let everywhere = self.events(versions, true).await?;
        let here = self.events(versions, false).await?;
        let mut files: BTreeMap<(i64, String), Vec<Event>> = BTreeMap::new();
        for event in everywhere {
            if let Some(version) = version_of(&event.file).filter(|version| versions.contains(version)) {
                files.entry((version, event.file.clone())).or_default().push(event);
            }
        }
        let checked_out = self.present(files.keys().map(|(_, file)| format!("HEAD:{}", self.path_of(file)))).await?;
        let mut elsewhere = Vec::new();
        let mut traces: BTreeMap<i64, Vec<Trace>> = BTreeMap::new();
        for (((version, file), events), checked_out) in files.into_iter().zip(checked_out) {
            let written: Vec<Commit> =
                events.iter().filter(|event| !event.deleted).map(|event| event.commit.clone()).collect();
            let on_the_way: Vec<&Event> = here.iter().filter(|event| event.file == file).collect();
            let fate = if checked_out {
                Fate::CheckedOut
            } else if !on_the_way.is_empty() {
                Fate::Deleted(on_the_way.iter().find(|event| event.deleted).map(|event| event.commit.clone()))
            } else if let Some(commit) = written.first() {
                elsewhere.push((file.clone(), commit.hash.clone()));
                Fate::Elsewhere { branches: Vec::new(), ahead: Vec::new(), commit: commit.clone() }
            } else {
                continue;
            };
            let changed = on_the_way.into_iter().map(|event| event.commit.clone()).collect();
            traces.entry(version).or_default().push(Trace { file, fate, written, changed });
        }
        if !elsewhere.is_empty() {
            let found = self.branches_with(&elsewhere).await?;
            for trace in traces.values_mut().flatten() {
                if let Fate::Elsewhere { branches, ahead, .. } = &mut trace.fate
                    && let Some((with, before)) = found.get(&trace.file)
                {
                    (*branches, *ahead) = (with.clone(), before.clone());
                }
            }
        }
        Ok(traces)
    }

    /// What files hold in commits, each `(commit, file)` with the file's path below the migrations folder; `None` where the
    /// commit has no such file.
    ///
    /// # Errors
    /// As [`Repository::traces`].
    pub async fn contents(&self, files: &[(String, String)]) -> Result<Vec<Option<Vec<u8>>>, GitError> {
        if files.is_empty() {
            return Ok(Vec::new());
        }
        let objects: String = files.iter().map(|(commit, file)| format!("{commit}:{}\n", self.path_of(file))).collect();
        let output = git(self.folder(), &["cat-file", "--batch"], Some(objects.into_bytes())).await?;
        let mut rest = output.as_slice();
        let mut contents = Vec::with_capacity(files.len());
        for _ in files {
            contents.push(next(&mut rest).ok_or_else(|| GitError::Answer { command: "cat-file".to_owned() })?);
        }
        Ok(contents)
    }

    /// The commit that a name stands for: a branch here or at `origin`, a tag, a hash.
    ///
    /// # Errors
    /// Git can't be asked.
    pub async fn commit_or_branch(&self, name: &str) -> Result<Option<String>, GitError> {
        match self.branch(&[name]).await? {
            Some(branch) => Ok(Some(branch.commit)),
            None => self.commit(name).await,
        }
    }

    /// Commits that have written or deleted these versions' up scripts, newest first: on any branch, or on the way to what is
    /// checked out.
    async fn events(&self, versions: &BTreeSet<i64>, everywhere: bool) -> Result<Vec<Event>, GitError> {
        let mut args = vec![
            "log",
            "--full-history",
            "--no-renames",
            "--relative",
            "--name-status",
            "-z",
            "--format=%x02%H%x1f%an%x1f%aI%x1f%s",
        ];
        if everywhere {
            args.push("--all");
        }
        args.extend(["HEAD", "--"]);
        let paths: Vec<String> =
            versions.iter().map(|version| format!(":(glob){VERSIONS}/?*{version}__*.sql")).collect();
        args.extend(paths.iter().map(String::as_str));
        match git(self.folder(), &args, None).await {
            Ok(output) => Ok(parse(&output)),
            // Nothing was ever committed.
            Err(GitError::Failed { message, .. }) if message.contains("HEAD") => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    /// Whether each object is there.
    async fn present(&self, objects: impl Iterator<Item = String>) -> Result<Vec<bool>, GitError> {
        let objects: String = objects.map(|object| format!("{object}\n")).collect();
        if objects.is_empty() {
            return Ok(Vec::new());
        }
        let output = git(self.folder(), &["cat-file", "--batch-check"], Some(objects.into_bytes())).await?;
        Ok(String::from_utf8_lossy(&output).lines().map(|line| !line.ends_with(" missing")).collect())
    }

    /// The branches that have each of the files, each given with a commit that wrote it, and those of them that contain what
    /// is checked out.
    async fn branches_with(
        &self,
        files: &[(String, String)],
    ) -> Result<BTreeMap<String, (Vec<String>, Vec<String>)>, GitError> {
        // Where many files are elsewhere, few branches have them all: the newest files' are looked at.
        const ASKED: usize = 8;
        let commits: BTreeSet<&str> = files.iter().rev().take(ASKED).map(|(_, commit)| commit.as_str()).collect();
        let mut references = BTreeSet::new();
        for commit in commits {
            references.extend(self.references(commit).await?);
        }
        let ahead: BTreeSet<String> = self.references("HEAD").await?.into_iter().collect();
        let pairs: Vec<(&str, &String)> =
            files.iter().flat_map(|(file, _)| references.iter().map(move |name| (file.as_str(), name))).collect();
        let present = self.present(pairs.iter().map(|(file, name)| format!("{name}:{}", self.path_of(file)))).await?;
        let mut found: BTreeMap<String, (Vec<String>, Vec<String>)> = BTreeMap::new();
        for ((file, name), _) in pairs.into_iter().zip(present).filter(|(_, present)| *present) {
            let short = name.strip_prefix("refs/heads/").or_else(|| name.strip_prefix("refs/remotes/")).unwrap_or(name);
            let (branches, before) = found.entry(file.to_owned()).or_default();
            branches.push(short.to_owned());
            if ahead.contains(name) {
                before.push(short.to_owned());
            }
        }
        Ok(found)
    }

    /// The branches, here first, that contain a commit.
    async fn references(&self, commit: &str) -> Result<Vec<String>, GitError> {
        let args = ["for-each-ref", "--format=%(refname)", "--contains", commit, "refs/heads", "refs/remotes"];
        let output = git(self.folder(), &args, None).await?;
        let names = String::from_utf8_lossy(&output);
        Ok(names.lines().filter(|name| !name.ends_with("/HEAD")).map(str::to_owned).collect())
    }

    /// A path in the repository.
    fn path_of(&self, file: &str) -> String {
        if self.prefix().is_empty() { file.to_owned() } else { format!("{}/{file}", self.prefix()) }
    }
}

/// The version of an up script.
fn version_of(file: &str) -> Option<i64> {
    let name = file_name::parse(file.strip_prefix(VERSIONS)?.strip_prefix('/')?).ok()?;
    (name.direction == Direction::Up).then_some(name.version)
}

/// Reads what `git log -z --name-status` prints with the format of [`Repository::events`].
fn parse(output: &[u8]) -> Vec<Event> {
    let text = String::from_utf8_lossy(output);
    let mut events = Vec::new();
    for entry in text.split('\u{2}').skip(1) {
        let (head, changes) = entry.split_once('\0').unwrap_or((entry, ""));
        let mut fields = head.split('\u{1f}').map(str::to_owned);
        let mut field = || fields.next().unwrap_or_default();
        let commit = Commit { hash: field(), author: field(), date: field(), subject: field() };
        let mut changes = changes.trim_start_matches('\n').split('\0').filter(|field| !field.is_empty());
        while let (Some(letter), Some(file)) = (changes.next(), changes.next()) {
            events.push(Event { commit: commit.clone(), deleted: letter == "D", file: file.to_owned() });
        }
    }
    events
}

/// `OBJECT TYPE SIZE<LF>CONTENT<LF>`, or `NAME missing<LF>`: the content, or that there is none. `None` is no such answer.
fn next(rest: &mut &[u8]) -> Option<Option<Vec<u8>>> {
    let end = rest.iter().position(|&byte| byte == b'\n')?;
    let (head, behind) = rest.split_at_checked(end)?;
    let (head, behind) = (std::str::from_utf8(head).ok()?, behind.get(1..)?);
    if head.ends_with(" missing") {
        *rest = behind;
        return Some(None);
    }
    let size: usize = head.rsplit(' ').next()?.parse().ok()?;
    let (content, behind) = behind.split_at_checked(size)?;
    *rest = behind.strip_prefix(b"\n")?;
    Some(Some(content.to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_read_with_its_files() {
        let output = "\u{2}b\u{1f}Ada\u{1f}2026-11-23T01:00:00Z\u{1f}drop it\0\nD\0versions/V2__b.sql\0M\0versions/V3__é.sql\0\
                      \0\u{2}a\u{1f}Bob\u{1f}2026-11-22T01:00:00Z\u{1f}start\0\nA\0versions/V2__b.sql\0";
        let events = parse(output.as_bytes());
        let shown: Vec<(&str, bool, &str)> =
            events.iter().map(|event| (event.commit.hash.as_str(), event.deleted, event.file.as_str())).collect();
        assert_eq!(
            shown,
            [("b", true, "versions/V2__b.sql"), ("b", false, "versions/V3__é.sql"), ("a", false, "versions/V2__b.sql")]
        );
        assert_eq!((events[0].commit.author.as_str(), events[0].commit.day()), ("Ada", "2026-11-23"));
    }

    #[test]
    fn only_up_scripts_have_a_version() {
        assert_eq!(version_of("versions/V2__b.sql"), Some(2));
        assert_eq!(version_of("versions/V2__b.down.sql"), None);
        assert_eq!(version_of("seeds/V2__b.sql"), None);
    }

    #[test]
    fn a_batch_tells_what_is_missing() {
        let mut rest = b"aa blob 3\na\nb\nx:y missing\nbb blob 0\n\n".as_slice();
        assert_eq!(next(&mut rest), Some(Some(b"a\nb".to_vec())));
        assert_eq!(next(&mut rest), Some(None));
        assert_eq!(next(&mut rest), Some(Some(Vec::new())));
        assert_eq!(next(&mut rest), None);
    }
}
