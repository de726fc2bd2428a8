//! What stops the reading of a folder or the writing of its module: input and output, and misuse. What is wrong with a
//! migration is a [`Diagnostic`](crate::diagnostic::Diagnostic), never an error.

use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::position::Position;

/// One mistake in `[package.metadata.migrate]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The manifest.
    pub path: PathBuf,
    /// Where in it.
    pub position: Position,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// How to mend it.
    pub help: String,
}

/// What stopped the work.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// There is no migrations folder, or no `versions` in it.
    MissingFolder {
        /// The folder that is missing, as shown.
        path: PathBuf,
        /// Whether scripts lie in the folder above it, where refinery keeps them.
        scripts_above: bool,
    },
    /// The folder holds no migration, so there is nothing to embed.
    NoMigrations {
        /// The folder, as shown.
        path: PathBuf,
    },
    /// Something could not be read.
    Read {
        /// What.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Something could not be written.
    Write {
        /// What.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file is not UTF-8.
    NotUtf8 {
        /// The file, as shown.
        path: PathBuf,
        /// The first byte that is not.
        offset: usize,
        /// Its line, from 1.
        line: usize,
    },
    /// A file holds a NUL character, which PostgreSQL's protocol can't carry.
    Nul {
        /// The file, as shown.
        path: PathBuf,
        /// Where.
        offset: usize,
        /// Its line, from 1.
        line: usize,
    },
    /// The configuration is wrong.
    Settings(Vec<Mistake>),
    /// An option of the builder is wrong.
    Option {
        /// The option.
        name: &'static str,
        /// What is wrong with its value.
        message: String,
        /// How to mend it.
        help: String,
    },
    /// Called outside of a build script: a variable that cargo sets for one is not set.
    NotABuildScript {
        /// The variable.
        variable: &'static str,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingFolder { path, .. } => write!(f, "there is no folder `{}`", path.display()),
            Self::NoMigrations { path } => write!(f, "there is no migration in `{}`", path.display()),
            Self::Read { path, .. } => write!(f, "failed to read `{}`", path.display()),
            Self::Write { path, .. } => write!(f, "failed to write `{}`", path.display()),
            Self::NotUtf8 { path, offset, line } => {
                write!(f, "`{}` is not UTF-8: byte {offset}, in line {line}", path.display())
            }
            Self::Nul { path, offset, line } => {
                write!(f, "`{}` holds a NUL character: byte {offset}, in line {line}", path.display())
            }
            Self::Settings(mistakes) => {
                for (i, Mistake { path, position, message, .. }) in mistakes.iter().enumerate() {
                    write!(f, "{}{}:{position}: {message}", if i == 0 { "" } else { "\n" }, path.display())?;
                }
                Ok(())
            }
            Self::Option { name, message, .. } => write!(f, "option `{name}`: {message}"),
            Self::NotABuildScript { variable } => write!(f, "the environment variable `{variable}` is not set"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Read { source, .. } | Self::Write { source, .. } => Some(source),
            _ => None,
        }
    }
}

impl Error {
    /// How to mend it, where that can be said.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::MissingFolder { path, scripts_above: true } => {
                let above = path.parent().unwrap_or(path);
                Some(format!(
                    "move the scripts of `{}` into it: `mkdir {}`, then `git mv` them",
                    above.display(),
                    path.display()
                ))
            }
            Self::MissingFolder { .. } => Some("run `cargo migrate init`, which creates it".to_owned()),
            Self::NoMigrations { .. } => Some("run `cargo migrate new NAME`, which writes the first one".to_owned()),
            Self::Read { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => {
                Some("let the user that builds read it".to_owned())
            }
            Self::Read { .. } | Self::Write { .. } => None,
            Self::NotUtf8 { path, .. } => Some(format!(
                "save it as UTF-8, for example by `iconv -f latin1 -t utf-8 {}` where it is Latin-1",
                path.display()
            )),
            Self::Nul { .. } => Some("remove the character, or save the file as UTF-8 where it is UTF-16".to_owned()),
            Self::Settings(mistakes) => {
                let helps: Vec<&str> = mistakes.iter().map(|mistake| mistake.help.as_str()).collect();
                Some(helps.join("\n"))
            }
            Self::Option { help, .. } => Some(help.clone()),
            Self::NotABuildScript { .. } => Some(
                "call this from `build.rs`, or name `out_dir` and `manifest_dir` on `migrate_build::configure()`"
                    .to_owned(),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    #[test]
    fn a_cause_is_shown_once() {
        let error = Error::Read { path: "a.sql".into(), source: io::Error::other("device is gone") };
        assert_eq!(error.to_string(), "failed to read `a.sql`");
        assert_eq!(error.source().unwrap().to_string(), "device is gone");
    }

    #[test]
    fn a_missing_folder_says_how_to_get_one() {
        let missing = |scripts_above| Error::MissingFolder { path: "migrations/versions".into(), scripts_above };
        assert_eq!(missing(false).to_string(), "there is no folder `migrations/versions`");
        assert_eq!(missing(false).help().unwrap(), "run `cargo migrate init`, which creates it");
        assert_eq!(
            missing(true).help().unwrap(),
            "move the scripts of `migrations` into it: `mkdir migrations/versions`, then `git mv` them"
        );
    }
}
