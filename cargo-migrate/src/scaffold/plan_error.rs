//! What `init` may find in its way.

use std::io;
use std::path::PathBuf;

use migrate_build::rules::shell_word;

use super::build_script::BuildScriptError;
use super::git_hook::HookError;
use super::manifest::ManifestError;

/// Why nothing can be done.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// A file can't be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A manifest, or cargo's configuration.
    #[error("`{}` can't be edited", path.display())]
    Manifest {
        /// The file.
        path: PathBuf,
        /// Why.
        source: ManifestError,
    },
    /// The build script.
    #[error("`{}` can't be extended safely", path.display())]
    BuildScript {
        /// The file.
        path: PathBuf,
        /// The line to add by hand.
        call: String,
        /// Why.
        source: BuildScriptError,
    },
    /// The hook `pre-commit`.
    #[error("`{}` can't be extended safely", path.display())]
    Hook {
        /// The file.
        path: PathBuf,
        /// The command to add by hand.
        command: String,
        /// Why.
        source: HookError,
    },
    /// A folder `xtask` that is something else.
    #[error("`{}` is there already and does not depend on `cargo-migrate`", path.display())]
    Xtask {
        /// The folder.
        path: PathBuf,
        /// The dependency to add by hand.
        dependency: String,
    },
}

impl PlanError {
    /// What cures it.
    pub fn help(&self) -> Vec<String> {
        match self {
            Self::Io(_) => vec![],
            Self::Manifest { source, .. } => match source {
                ManifestError::Build { .. } => {
                    vec!["let it name one build script, for example `build = \"build.rs\"`".to_owned()]
                }
                ManifestError::Alias { .. } => vec!["rename that alias, or leave `--xtask` out".to_owned()],
                ManifestError::Syntax(_) | ManifestError::Shape { .. } => vec![],
            },
            Self::BuildScript { call, .. } => vec![
                format!("add this line to what it runs: `{call}`"),
                "then run `cargo migrate init` again for the rest".to_owned(),
            ],
            Self::Hook { source: HookError::NotExecutable, path, .. } => vec![
                format!("if it shall run: `chmod +x {}`, then run this again", shell_word(&path.display().to_string())),
                "if not, delete it".to_owned(),
            ],
            Self::Hook { command, .. } => vec![format!("let what runs before a commit run this, too: `{command}`")],
            Self::Xtask { dependency, .. } => vec![
                format!("add `cargo-migrate = {dependency}` to its `[dependencies]`"),
                "let its task `promote` return `cargo_migrate::promote::cli()`".to_owned(),
            ],
        }
    }
}
