//! The hook `pre-commit`: a commit whose migrations have errors is refused.

use migrate_build::rules::shell_word;

/// The hook's name.
pub const NAME: &str = "pre-commit";

/// The shells whose scripts can be extended.
const SHELLS: [&str; 6] = ["sh", "bash", "dash", "ash", "ksh", "zsh"];

/// Why a hook can't be extended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HookError {
    /// It is no script of a shell.
    #[error("it is no shell script")]
    NoShell,
    /// Git does not run it.
    #[error("it is not executable, so git passes over it")]
    NotExecutable,
    /// It is in a folder that other repositories use, too.
    #[error("its folder, which git's setting `core.hooksPath` names, is not this repository's own")]
    Shared,
}

/// Returns the command that checks what is staged of the package in the folder `prefix` below the top of the working tree.
pub fn command(prefix: &str) -> String {
    let manifest = format!("{prefix}Cargo.toml");
    format!("cargo migrate check --quiet --manifest-path {} --at \"$(git write-tree)\"", shell_word(&manifest))
}

/// Returns the text of a hook that checks the package, from what the hook is now; `None` where it does so already.
///
/// # Errors
/// It is no shell script.
pub fn extend(hook: &str, prefix: &str) -> Result<Option<String>, HookError> {
    let command = command(prefix);
    if hook.lines().any(|line| line.trim().starts_with(&command)) {
        return Ok(None);
    }
    let block = format!(
        "\n# What is staged must pass; without the command, no commit does.\n\
         {command} || {{\n    \
         echo 'the commit is refused, see above (where the command is missing: cargo install cargo-migrate)' >&2\n    \
         exit 1\n\
         }}\n"
    );
    if hook.is_empty() {
        return Ok(Some(format!("#!/bin/sh{block}")));
    }
    // It comes first: what stands in the hook may end it early.
    let (first, rest) = hook.split_once('\n').unwrap_or((hook, ""));
    if !is_shell(first) {
        return Err(HookError::NoShell);
    }
    Ok(Some(format!("{first}{block}{}{rest}", if rest.is_empty() { "" } else { "\n" })))
}

/// Whether a first line names a shell: `#!/bin/sh -e`, `#!/usr/bin/env bash`.
fn is_shell(line: &str) -> bool {
    let Some(program) = line.trim_end().strip_prefix("#!") else { return false };
    let mut words = program.split_whitespace().map(|word| word.rsplit('/').next().unwrap_or(word));
    let name = match words.next() {
        Some("env") => words.find(|word| !word.starts_with('-')),
        name => name,
    };
    name.is_some_and(|name| SHELLS.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hook_is_made_once() {
        let hook = extend("", "").unwrap().unwrap();
        assert!(hook.starts_with("#!/bin/sh\n# What"), "{hook}");
        assert!(
            hook.contains("\ncargo migrate check --quiet --manifest-path Cargo.toml --at \"$(git write-tree)\" || {\n")
        );
        assert_eq!(extend(&hook, ""), Ok(None));
        let two = extend(&hook, "the app/").unwrap().unwrap();
        assert!(two.contains("--manifest-path 'the app/Cargo.toml' --at"), "{two}");
        assert_eq!((extend(&two, ""), extend(&two, "the app/")), (Ok(None), Ok(None)));
    }

    #[test]
    fn what_is_there_stays_and_comes_after() {
        let hook = extend("#!/usr/bin/env -S bash -e\nmake lint\nexit 0\n", "app/").unwrap().unwrap();
        assert!(hook.starts_with("#!/usr/bin/env -S bash -e\n# What"), "{hook}");
        assert!(hook.ends_with("    exit 1\n}\n\nmake lint\nexit 0\n"), "{hook}");
    }

    #[test]
    fn what_is_no_shell_script_is_left_alone() {
        for other in ["#!/usr/bin/env python3\nx\n", "#!/usr/bin/perl", "make lint\n", "\u{7f}ELF"] {
            assert_eq!(extend(other, ""), Err(HookError::NoShell), "{other}");
        }
        for shell in ["#!/bin/sh", "#! /bin/bash -e", "#!/usr/bin/env zsh", "#!/bin/dash\r"] {
            assert!(is_shell(shell), "{shell}");
        }
    }
}
