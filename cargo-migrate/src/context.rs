//! What a command's run is about: the package, its settings, its migrations and its database, each found when first asked for.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::cli::GlobalArgs;
use crate::config::environment::{self, Variables};
use crate::config::layers::{self, Settings, Target, TargetArgs};
use crate::config::manifest::{self, Package};
use crate::error::CommandError;

/// The surroundings of one command's run.
#[derive(Debug)]
pub struct Context {
    global: GlobalArgs,
    variables: Variables,
    cwd: PathBuf,
    package: OnceCell<Package>,
    settings: OnceCell<Settings>,
    target: OnceCell<Target>,
}

impl Context {
    /// Surroundings with the options, variables and working directory given; nothing is read yet.
    pub fn new(global: GlobalArgs, variables: Variables, cwd: PathBuf) -> Self {
        Self { global, variables, cwd, package: OnceCell::new(), settings: OnceCell::new(), target: OnceCell::new() }
    }

    /// The environment variables.
    pub fn variables(&self) -> &Variables {
        &self.variables
    }

    /// The working directory.
    pub fn cwd(&self) -> &Path {
        &self.cwd
    }

    /// The package that the command is about.
    ///
    /// # Errors
    /// There is none, or several may be meant, or a manifest is wrong.
    pub fn package(&self) -> Result<&Package, CommandError> {
        get_or_try_init(&self.package, || {
            let (path, name) = (self.global.manifest_path.as_deref(), self.global.package.as_deref());
            Ok(manifest::find(&self.cwd, path, name)?)
        })
    }

    /// Its settings.
    ///
    /// # Errors
    /// As [`Context::package`], or a variable is wrong.
    pub fn settings(&self) -> Result<&Settings, CommandError> {
        get_or_try_init(&self.settings, || Ok(Settings::new(self.package()?, &self.variables)?))
    }

    /// Its migrations folder; it need not exist.
    ///
    /// # Errors
    /// As [`Context::settings`].
    pub fn folder(&self) -> Result<PathBuf, CommandError> {
        Ok(self.package()?.root.join(&self.settings()?.directory))
    }

    /// The database that the command talks to.
    ///
    /// # Errors
    /// As [`Context::settings`], or nothing says which database, or its URL is wrong.
    pub fn target(&self) -> Result<&Target, CommandError> {
        get_or_try_init(&self.target, || {
            Ok(layers::target(self.settings()?, self.package()?, &self.variables, self.target_args())?)
        })
    }

    /// What the command line says about the database.
    pub fn target_args(&self) -> TargetArgs<'_> {
        TargetArgs { env: self.global.env.as_deref(), database_url: self.global.database_url.as_deref() }
    }

    /// Whether the command line or `CARGO_MIGRATE_ENV` names a database, as opposed to the one of everyday work.
    ///
    /// # Errors
    /// The variable is no text.
    pub fn names_database(&self) -> Result<bool, CommandError> {
        let GlobalArgs { env, database_url, .. } = &self.global;
        Ok(env.is_some() || database_url.is_some() || self.variables.get(environment::ENV)?.is_some())
    }

    /// How long to wait for another process that changes the same database; `None` for as long as it takes.
    ///
    /// # Errors
    /// `CARGO_MIGRATE_WAIT` is no duration.
    pub fn wait(&self) -> Result<Option<Duration>, CommandError> {
        match self.global.wait {
            Some(wait) => Ok(wait),
            None => Ok(layers::variable_duration(&self.variables, environment::WAIT)?),
        }
    }

    /// `--wait` as it was given, with the duration where it has one: what `status` waits for is the end of others' work.
    pub fn wait_given(&self) -> Option<Option<Duration>> {
        self.global.wait
    }

    /// A path as messages show it: relative to the working directory where it is below it.
    pub fn shown<'p>(&self, path: &'p Path) -> std::path::Display<'p> {
        match path.strip_prefix(&self.cwd) {
            Ok(relative) if !relative.as_os_str().is_empty() => relative.display(),
            _ => path.display(),
        }
    }
}

fn get_or_try_init<T>(cell: &OnceCell<T>, init: impl FnOnce() -> Result<T, CommandError>) -> Result<&T, CommandError> {
    if let Some(value) = cell.get() {
        return Ok(value);
    }
    let value = init()?;
    Ok(cell.get_or_init(|| value))
}
