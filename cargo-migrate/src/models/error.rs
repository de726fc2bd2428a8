//! Why models can't be read.

use std::io;
use std::path::PathBuf;

use migrate_build::diagnostic::Diagnostic;

use super::text::Sources;

/// Why there is no wanted schema.
#[derive(Debug, thiserror::Error)]
pub enum ModelsError {
    /// The configured file is not there.
    #[error("there is no file `{}` to read models from", .0.display())]
    Missing(PathBuf),
    /// A file can't be read; the error names it.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Something in the files is wrong.
    #[error("the models are not right")]
    Refused(Box<Refused>),
}

/// What is wrong with the models, and the files it is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// All findings, sorted; at least one denies.
    pub findings: Vec<Diagnostic>,
    /// The texts that they point into.
    pub sources: Sources,
}

impl ModelsError {
    /// What cures it.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Missing(_) => Some(
                "write structs that derive `Table` there, or name another file by `models = \"…\"` in \
                 `[package.metadata.migrate]`: models, Diesel's `schema.rs` or an `.sql` file"
                    .to_owned(),
            ),
            Self::Io(_) | Self::Refused(_) => None,
        }
    }
}
