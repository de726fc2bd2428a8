//! What is wrong with a configuration.

use std::path::PathBuf;

use migrate_build::error::Mistake;
use migrate_build::migration::duration;
use migrate_build::nearest::nearest;

use super::database_url::DatabaseUrlError;
use super::environment;

/// Why a configuration can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// No manifest here nor above.
    #[error("can't find a `Cargo.toml` in `{}` or in a folder above it", .from.display())]
    NoManifest {
        /// Where the search began.
        from: PathBuf,
    },
    /// `--manifest-path` names something else.
    #[error("`{}` is not a `Cargo.toml`", .path.display())]
    NotAManifest {
        /// What it names.
        path: PathBuf,
    },
    /// A file can't be read; the message of `source` names it.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// A manifest is no TOML, or settings in it are wrong.
    #[error("{}", mistakes(.0))]
    Manifest(Vec<Mistake>),
    /// The workspace has several packages that may be meant.
    #[error("several packages of the workspace `{}` use migrations: {}", .root.display(), list(.packages))]
    SeveralPackages {
        /// The workspace's root.
        root: PathBuf,
        /// Their names.
        packages: Vec<String>,
    },
    /// No package of the workspace uses migrations, and there are several.
    #[error("no package of the workspace `{}` uses migrations", .root.display())]
    NoMigrations {
        /// The workspace's root.
        root: PathBuf,
        /// The names of its packages.
        packages: Vec<String>,
    },
    /// `-p` names no package of the workspace.
    #[error("the workspace `{}` has no package `{name}`", .root.display())]
    UnknownPackage {
        /// The workspace's root.
        root: PathBuf,
        /// The name given.
        name: String,
        /// The names of its packages.
        packages: Vec<String>,
    },
    /// `cargo metadata` failed.
    #[error("`cargo metadata` failed")]
    Metadata(#[source] Box<cargo_metadata::Error>),
    /// `--env` or `CARGO_MIGRATE_ENV` names no configured environment.
    #[error("no environment `{name}` is configured for package `{package}`")]
    UnknownEnvironment {
        /// The name given.
        name: String,
        /// The package.
        package: String,
        /// The names that are configured.
        known: Vec<String>,
    },
    /// An environment without a URL.
    #[error("environment `{name}` has no database URL")]
    NoEnvironmentUrl {
        /// The environment's name.
        name: String,
    },
    /// A URL names a variable that isn't set.
    #[error("variable `{variable}`, which the URL of environment `{environment}` names, is not set")]
    MissingVariable {
        /// The variable's name.
        variable: String,
        /// The environment's name.
        environment: String,
        /// Whether `.env` was looked into.
        dotenv: bool,
    },
    /// A variable holds what is no text.
    #[error("variable `{0}` is not UTF-8")]
    NotUnicode(String),
    /// A variable's value is wrong; the value is never shown.
    #[error("variable `{variable}`: {message}")]
    Variable {
        /// The variable's name.
        variable: &'static str,
        /// What is wrong.
        message: String,
    },
    /// A line of `.env` is wrong; the line is never shown.
    #[error("{}:{line}: not a `NAME=value` line", .path.display())]
    DotEnv {
        /// The file.
        path: PathBuf,
        /// Its line, from 1.
        line: usize,
    },
    /// Nothing says which database.
    #[error("no database is configured")]
    NoDatabase,
    /// The database URL is wrong.
    #[error("{origin} is not a usable PostgreSQL URL: {reason}")]
    DatabaseUrl {
        /// Where it comes from (`DATABASE_URL`, `--database-url`, …).
        origin: String,
        /// What is wrong.
        reason: DatabaseUrlError,
    },
}

impl ConfigError {
    /// What cures it.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::NoManifest { .. } => {
                Some("change into a package's folder, or name one with `--manifest-path path/to/Cargo.toml`".to_owned())
            }
            Self::NotAManifest { .. } => Some("`--manifest-path` takes the path of a file named `Cargo.toml`".to_owned()),
            Self::Manifest(mistakes) => {
                let helps: Vec<&str> = mistakes.iter().map(|mistake| mistake.help.as_str()).collect();
                (!helps.concat().is_empty()).then(|| helps.join("\n"))
            }
            Self::SeveralPackages { packages, .. } => {
                packages.first().map(|first| format!("choose one, for example `-p {first}`"))
            }
            Self::NoMigrations { packages, .. } => Some(match packages.first() {
                Some(first) => format!("set one up, for example `cargo migrate init -p {first}` (packages: {})", list(packages)),
                None => "add a package with `cargo new NAME`".to_owned(),
            }),
            Self::UnknownPackage { name, packages, .. } => {
                Some(did_you_mean(name, packages.iter().map(String::as_str))
                    .unwrap_or_else(|| format!("its packages are {}", list(packages))))
            }
            Self::UnknownEnvironment { name, known, .. } => {
                Some(did_you_mean(name, known.iter().map(String::as_str)).unwrap_or_else(|| {
                    if known.is_empty() {
                        format!("add `[package.metadata.migrate.environments.{name}]` with `url = \"$VARIABLE\"` to `Cargo.toml`")
                    } else {
                        format!("configured are {}", list(known))
                    }
                }))
            }
            Self::NoEnvironmentUrl { name } => Some(format!(
                "add `url = \"$VARIABLE\"` to `[package.metadata.migrate.environments.{name}]`, or give `--database-url`"
            )),
            Self::MissingVariable { variable, dotenv, .. } => Some(if *dotenv {
                format!("set `{variable}` in the environment or in `.env`")
            } else {
                format!("set `{variable}` in the environment; `.env` is read for development only")
            }),
            Self::NoDatabase => {
                Some("set `DATABASE_URL`, for example in `.env`, or give `--database-url postgres://user@host/database`".to_owned())
            }
            Self::DatabaseUrl { reason, .. } => reason.help(),
            Self::Variable { variable: environment::ON_BLOCKED, .. } => None,
            Self::Variable { .. } => Some(duration::EXAMPLES.to_owned()),
            Self::DotEnv { .. } => Some("write a line as `NAME=value` or `NAME='a value'`, a comment as `# comment`".to_owned()),
            Self::Io(_) | Self::Metadata(_) | Self::NotUnicode(_) => None,
        }
    }
}

/// Returns "did you mean `x`?" for the known name that is nearest to `name`, where one is near enough.
pub(super) fn did_you_mean<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(name, known).map(|known| format!("did you mean `{known}`?"))
}

fn mistakes(mistakes: &[Mistake]) -> String {
    let lines = mistakes
        .iter()
        .map(|Mistake { path, position, message, .. }| format!("{}:{position}: {message}", path.display()));
    lines.collect::<Vec<_>>().join("\n")
}

/// Returns names in backticks, separated by commas.
pub(super) fn list<S: AsRef<str>>(names: &[S]) -> String {
    names.iter().map(|name| format!("`{}`", name.as_ref())).collect::<Vec<_>>().join(", ")
}
