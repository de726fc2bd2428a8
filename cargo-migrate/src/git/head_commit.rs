//! The commit that the migrations come from, read from git's files: starting git takes longer than many an upgrade.

use std::path::{Path, PathBuf};

/// Returns the commit that is checked out in the repository around `folder`; `None` where there is none to be found.
pub fn head_commit(folder: &Path) -> Option<String> {
    let git = folder.ancestors().map(|folder| folder.join(".git")).find(|git| git.exists())?;
    let git = if git.is_dir() { git } else { linked(&git)? };
    let head = fs_err::read_to_string(git.join("HEAD")).ok()?;
    let Some(name) = head.trim().strip_prefix("ref: ") else { return commit(&head) };
    // A linked worktree has a HEAD of its own and shares the branches.
    let common = match fs_err::read_to_string(git.join("commondir")) {
        Ok(relative) => git.join(relative.trim()),
        Err(_) => git,
    };
    if let Ok(text) = fs_err::read_to_string(common.join(name)) {
        return commit(&text);
    }
    let packed = fs_err::read_to_string(common.join("packed-refs")).ok()?;
    let line = packed.lines().find(|line| line.split_once(' ').is_some_and(|(_, reference)| reference == name))?;
    commit(line.split(' ').next()?)
}

/// The folder that a `.git` file names.
fn linked(file: &Path) -> Option<PathBuf> {
    let text = fs_err::read_to_string(file).ok()?;
    Some(file.parent()?.join(text.trim().strip_prefix("gitdir: ")?))
}

fn commit(text: &str) -> Option<String> {
    let text = text.trim();
    let is_hash = matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    fn git(folder: &Path, args: &[&str]) -> String {
        let identity = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"];
        let output = Command::new("git").current_dir(folder).args(identity).args(args).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    #[test]
    fn agrees_with_git() {
        let root = tempfile::tempdir().unwrap();
        let main = root.path().join("main");
        fs_err::create_dir_all(main.join("a/b")).unwrap();
        git(&main, &["init", "-q"]);
        assert_eq!(head_commit(&main), None);
        git(&main, &["commit", "-q", "--allow-empty", "-m", "x"]);
        let commit = Some(git(&main, &["rev-parse", "HEAD"]));
        assert_eq!(head_commit(&main.join("a/b")), commit);
        git(&main, &["pack-refs", "--all"]);
        assert_eq!(head_commit(&main), commit);
        git(&main, &["worktree", "add", "-q", "../linked"]);
        assert_eq!(head_commit(&root.path().join("linked")), commit);
        git(&main, &["checkout", "-q", "--detach"]);
        assert_eq!(head_commit(&main), commit);
    }
}
