//! Finding the commit that has files as they once were.

use std::path::Path;

use super::now::now;

/// So many of a file's commits are looked at, the newest first.
const COMMITS: usize = 400;

/// What a file must hold, by its path relative to the folder; the bytes are as git keeps them.
pub type Wanted<'w> = (&'w Path, &'w dyn Fn(&[u8]) -> bool);

/// Returns the name of the newest commit that has all of `files` as they are wanted: `HEAD` where that does, else a commit on
/// the way to it, else one on any branch. `None` where there is none, or no repository around `folder`, or no git. Reads
/// git's answers without a runtime, so that whoever words a finding can ask.
pub fn earlier(folder: &Path, files: &[Wanted<'_>]) -> Option<String> {
    let (first, _) = files.first()?;
    let mut commits = vec!["HEAD".to_owned()];
    for everywhere in [false, true] {
        let count = format!("--max-count={COMMITS}");
        let mut args = vec!["log", "--format=%h", "--full-history", "--no-show-signature", &count];
        args.extend(everywhere.then_some("--all"));
        let path = slashed(first);
        args.extend(["--", &path]);
        let log = now(folder, &args, "").ok()?;
        commits.extend(String::from_utf8_lossy(&log).lines().map(str::to_owned));
        if let Some(commit) = first_of(folder, &commits, files) {
            return Some(commit);
        }
        commits.clear();
    }
    None
}

fn first_of(folder: &Path, commits: &[String], files: &[Wanted<'_>]) -> Option<String> {
    let objects =
        commits.iter().flat_map(|commit| files.iter().map(move |(path, _)| format!("{commit}:./{}\n", slashed(path))));
    let answer = now(folder, &["cat-file", "--batch"], &objects.collect::<String>()).ok()?;
    let mut rest = answer.as_slice();
    for commit in commits {
        let mut all = true;
        for (_, wanted) in files {
            let content = next(&mut rest)?;
            all = all && content.is_some_and(wanted);
        }
        if all {
            return Some(commit.clone());
        }
    }
    None
}

/// `OBJECT TYPE SIZE<LF>CONTENT<LF>`, or `NAME missing<LF>`: the content, or that there is none. `None` is no such answer.
fn next<'a>(rest: &mut &'a [u8]) -> Option<Option<&'a [u8]>> {
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
    Some(Some(content))
}

fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    struct Repository(tempfile::TempDir);

    impl Repository {
        fn git(&self, args: &[&str]) -> String {
            let identity = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"];
            let output = Command::new("git").current_dir(self.0.path()).args(identity).args(args).output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8(output.stdout).unwrap().trim().to_owned()
        }

        fn commit(&self, files: &[(&str, &str)]) -> String {
            for (file, text) in files {
                let path = self.0.path().join(file);
                fs_err::create_dir_all(path.parent().unwrap()).unwrap();
                fs_err::write(path, text).unwrap();
            }
            self.git(&["add", "--all"]);
            self.git(&["commit", "-q", "--allow-empty", "-m", "x"]);
            self.git(&["rev-parse", "--short", "HEAD"])
        }

        fn find(&self, files: &[(&str, &str)]) -> Option<String> {
            let wanted: Vec<_> =
                files.iter().map(|&(file, text)| (file, move |bytes: &[u8]| bytes == text.as_bytes())).collect();
            let wanted: Vec<Wanted<'_>> =
                wanted.iter().map(|(file, text)| (Path::new(*file), text as &dyn Fn(&[u8]) -> bool)).collect();
            earlier(&self.0.path().join("app"), &wanted)
        }
    }

    #[test]
    fn the_newest_commit_that_has_all_files() {
        let repository = Repository(tempfile::tempdir().unwrap());
        repository.git(&["init", "-q", "-b", "trunk"]);
        fs_err::create_dir_all(repository.0.path().join("app")).unwrap();
        assert_eq!(repository.find(&[("a", "1")]), None, "nothing is committed");
        let first = repository.commit(&[("app/a", "1"), ("app/b", "1")]);
        assert_eq!(repository.find(&[("a", "1"), ("b", "1")]).as_deref(), Some("HEAD"));
        let second = repository.commit(&[("app/a", "2\n")]);
        fs_err::remove_file(repository.0.path().join("app/a")).unwrap();
        repository.commit(&[]);
        assert_eq!(repository.find(&[("a", "1"), ("b", "1")]), Some(first.clone()));
        assert_eq!(repository.find(&[("a", "2\n")]), Some(second));
        assert_eq!(repository.find(&[("a", "3")]), None);
        repository.git(&["checkout", "-q", "-b", "other", &first]);
        let other = repository.commit(&[("app/a", "3")]);
        repository.git(&["checkout", "-q", "trunk"]);
        assert_eq!(repository.find(&[("a", "3")]), Some(other), "on another branch");
    }

    #[test]
    fn without_a_repository_there_is_none() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(earlier(folder.path(), &[(Path::new("a"), &|_| true)]), None);
        assert_eq!(earlier(folder.path(), &[]), None);
    }
}
