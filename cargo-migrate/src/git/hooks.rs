//! Where a repository's hooks are.

use std::path::{Path, PathBuf};

use super::command::GitError;
use super::now::now;

/// The hooks that git runs in a working tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hooks {
    /// Their folder; it need not exist. All working trees of a repository share it.
    pub folder: PathBuf,
    /// Whether it belongs to this repository alone, and not to all of a user's.
    pub is_own: bool,
    /// The path of `folder` from the working tree's top, where hooks run; with slashes at its end, or empty.
    pub prefix: String,
}

/// Returns the hooks of the repository around `folder`; `None` where there is none.
///
/// # Errors
/// Git can't be asked.
pub fn hooks(folder: &Path) -> Result<Option<Hooks>, GitError> {
    let ask = |what: &[&str]| {
        let output = now(folder, &[&["rev-parse"], what].concat(), "")?;
        Ok(String::from_utf8_lossy(&output).trim_end_matches(['\n', '\r']).to_owned())
    };
    let prefix = match ask(&["--show-prefix"]) {
        Ok(prefix) => prefix,
        Err(GitError::Failed { message, .. }) if message.contains("not a git repository") => return Ok(None),
        Err(error) => return Err(error),
    };
    // Git answers relative to the folder that it runs in.
    let path = |text: String| folder.join(text);
    let hooks = path(ask(&["--git-path", "hooks"])?);
    let homes = [path(ask(&["--git-common-dir"])?), path(ask(&["--show-toplevel"])?)];
    let real = nearest(&hooks);
    let is_own = homes.iter().any(|home| fs_err::canonicalize(home).is_ok_and(|home| real.starts_with(home)));
    Ok(Some(Hooks { folder: hooks, is_own, prefix }))
}

/// The path without links, as far as it is there.
fn nearest(path: &Path) -> PathBuf {
    let found = path.ancestors().find_map(|ancestor| Some((fs_err::canonicalize(ancestor).ok()?, ancestor)));
    match found {
        Some((real, ancestor)) => real.join(path.strip_prefix(ancestor).unwrap_or(path)),
        None => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn git(folder: &Path, args: &[&str]) {
        now(folder, &[&["-c", "user.name=t", "-c", "user.email=t@example.com"], args].concat(), "").unwrap();
    }

    #[test]
    fn worktrees_share_them_and_a_setting_moves_them() {
        let root = tempfile::tempdir().unwrap();
        let root = fs_err::canonicalize(root.path()).unwrap();
        assert_eq!(hooks(&root).unwrap(), None);
        let main = root.join("main");
        fs_err::create_dir_all(main.join("app/api")).unwrap();
        git(&main, &["init", "-q"]);
        let found = |folder: &Path| {
            let Hooks { folder, is_own, prefix } = hooks(folder).unwrap().unwrap();
            (nearest(&folder), is_own, prefix)
        };
        assert_eq!(found(&main), (main.join(".git/hooks"), true, String::new()));
        assert_eq!(found(&main.join("app/api")), (main.join(".git/hooks"), true, "app/api/".to_owned()));
        git(&main, &["commit", "-q", "--allow-empty", "-m", "x"]);
        git(&main, &["worktree", "add", "-q", "../linked"]);
        assert_eq!(found(&root.join("linked")), (main.join(".git/hooks"), true, String::new()));
        git(&main, &["config", "core.hooksPath", ".husky"]);
        assert_eq!(found(&main), (main.join(".husky"), true, String::new()));
        git(&main, &["config", "core.hooksPath", root.join("all").to_str().unwrap()]);
        assert_eq!(found(&main), (root.join("all"), false, String::new()));
    }
}
