//! Which value of a setting wins: argument, then variable, then package, then workspace, then default.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use migrate_build::migration::duration::{self, DurationError};
use migrate_build::runtime::{OnBlocked, RETRIES};
use migrate_build::settings::DEFAULT_DIR;

use super::ConfigError;
use super::database_url::DatabaseUrl;
use super::environment::{self, DEVELOPMENT, Variables};
use super::environments;
use super::manifest::Package;
use super::promote::RawPromote;
use super::raw::{RawEnvironment, RawSettings, Versions};
use crate::models::{DEFAULT_PATH, NamePatterns};

/// The settings of a package, every layer taken into account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// What the build reads as well: the migrations folder where it isn't the default, the history table, levels of rules.
    pub shared: migrate_build::settings::Settings,
    /// The migrations folder, relative to the package.
    pub directory: PathBuf,
    /// How new versions are numbered.
    pub versions: Versions,
    /// `lock_timeout` of migrations that set none.
    pub lock_timeout: Option<Duration>,
    /// What a migration does that can't get a lock.
    pub on_blocked: OnBlocked,
    /// How often it is tried again.
    pub retries: u32,
    /// `statement_timeout` of migrations that set none.
    pub statement_timeout: Option<Duration>,
    /// The file that says what schema is wanted, relative to the package.
    pub models: PathBuf,
    /// How names of keys and indexes are made.
    pub names: NamePatterns,
    /// The major version of the servers that migrations are for.
    pub postgres: Option<u32>,
    /// Environments by name.
    pub environments: BTreeMap<String, RawEnvironment>,
    /// What a rehearsal needs to know.
    pub promote: RawPromote,
}

impl Settings {
    /// The settings of `package`.
    ///
    /// # Errors
    /// A variable's value is wrong, or environments require what is not there.
    pub fn new(package: &Package, variables: &Variables) -> Result<Self, ConfigError> {
        let RawSettings {
            shared,
            versions,
            lock_timeout,
            on_blocked,
            retries,
            statement_timeout,
            models,
            names,
            postgres,
            environments,
            promote,
        } = package.package_settings.clone().unwrap_or_default();
        let workspace = package.workspace_settings.clone();
        let shared = shared.or(workspace.shared);
        let mut all_names = workspace.names;
        all_names.extend(names);
        let mut all_environments = workspace.environments;
        for (name, environment) in environments {
            let defaults = all_environments.remove(&name).unwrap_or_default();
            all_environments.insert(name, environment.or(defaults));
        }
        environments::check(&all_environments)?;
        Ok(Self {
            directory: shared.dir.clone().unwrap_or_else(|| DEFAULT_DIR.into()),
            shared,
            versions: versions.or(workspace.versions).unwrap_or_default(),
            lock_timeout: lock_timeout_variable(variables)?.or(lock_timeout).or(workspace.lock_timeout),
            on_blocked: on_blocked_variable(variables)?.or(on_blocked).or(workspace.on_blocked).unwrap_or_default(),
            retries: retries.or(workspace.retries).unwrap_or(RETRIES),
            statement_timeout: variable_duration(variables, environment::STATEMENT_TIMEOUT)?
                .or(statement_timeout)
                .or(workspace.statement_timeout),
            models: models.or(workspace.models).unwrap_or_else(|| DEFAULT_PATH.into()),
            // Each was looked at when it was read.
            names: NamePatterns::new(&all_names).unwrap_or_default(),
            postgres: postgres.or(workspace.postgres),
            environments: all_environments,
            promote: promote.or(workspace.promote),
        })
    }
}

/// Reads a variable that holds a duration.
///
/// # Errors
/// It holds something else.
pub fn variable_duration(variables: &Variables, name: &'static str) -> Result<Option<Duration>, ConfigError> {
    let wrong = |error: DurationError| ConfigError::Variable { variable: name, message: error.to_string() };
    let parse = |text: &str| duration::parse(text).map_err(wrong);
    variables.get(name)?.map(parse).transpose()
}

fn lock_timeout_variable(variables: &Variables) -> Result<Option<Duration>, ConfigError> {
    let variable = environment::LOCK_TIMEOUT;
    match variable_duration(variables, variable)? {
        Some(Duration::ZERO) => Err(ConfigError::Variable { variable, message: duration::NO_LOCK_TIMEOUT.to_owned() }),
        timeout => Ok(timeout),
    }
}

fn on_blocked_variable(variables: &Variables) -> Result<Option<OnBlocked>, ConfigError> {
    let variable = environment::ON_BLOCKED;
    let wrong = |()| ConfigError::Variable {
        variable,
        message: format!("it is none of {}", OnBlocked::ALL.map(OnBlocked::name).join(", ")),
    };
    variables.get(variable)?.map(|text| text.parse().map_err(wrong)).transpose()
}

/// The database that a command talks to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The environment that was named, or `development` where it is configured and nothing else was said.
    pub environment: Option<String>,
    /// Whether it is protected.
    pub protected: bool,
    /// Its URL.
    pub url: DatabaseUrl,
    /// Where the URL comes from, for messages.
    pub origin: String,
}

/// What the command line says about the database.
#[derive(Clone, Copy, Debug, Default)]
pub struct TargetArgs<'a> {
    /// `--env`.
    pub env: Option<&'a str>,
    /// `--database-url`.
    pub database_url: Option<&'a str>,
}

/// Finds the database: `--database-url`; or the URL of the environment that `--env` or `CARGO_MIGRATE_ENV` names; or
/// `DATABASE_URL`; or the URL of the environment `development`. `.env` is read unless the URL is an argument or another
/// environment than `development` is named.
///
/// # Errors
/// Nothing says which database, or an environment or a variable is missing, or the URL is wrong.
pub fn target(
    settings: &Settings,
    package: &Package,
    variables: &Variables,
    args: TargetArgs<'_>,
) -> Result<Target, ConfigError> {
    let named = match args.env {
        Some(name) => Some(name),
        None => variables.get(environment::ENV)?,
    };
    let environment = match named {
        None => settings.environments.get(DEVELOPMENT),
        Some(name) => match settings.environments.get(name) {
            // `development` needs no table: its URL is in `DATABASE_URL` then.
            None if name != DEVELOPMENT => {
                return Err(ConfigError::UnknownEnvironment {
                    name: name.to_owned(),
                    package: package.name.clone(),
                    known: settings.environments.keys().cloned().collect(),
                });
            }
            found => found,
        },
    };
    let is_development = named.is_none_or(|name| name == DEVELOPMENT);
    let with_dotenv;
    // A broken file of no use is no reason to refuse.
    let variables = if is_development && args.database_url.is_none() {
        with_dotenv = variables.with_dotenv(&[&package.root, &package.workspace_root])?;
        &with_dotenv
    } else {
        variables
    };
    let configured = environment.and_then(|environment| environment.url.as_deref());
    let mut name = named.map(str::to_owned);
    let (text, origin) = if let Some(url) = args.database_url {
        (url.to_owned(), "`--database-url`".to_owned())
    } else if named.is_some()
        && let (Some(url), Some(name)) = (configured, named)
    {
        expand(url, name, variables, is_development)?
    } else if named.is_some() && !is_development {
        return Err(ConfigError::NoEnvironmentUrl { name: named.unwrap_or_default().to_owned() });
    } else if let Some(url) = variables.get(environment::DATABASE_URL)? {
        (url.to_owned(), "`DATABASE_URL`".to_owned())
    } else if let Some(url) = configured {
        name = Some(DEVELOPMENT.to_owned());
        expand(url, DEVELOPMENT, variables, true)?
    } else {
        return Err(ConfigError::NoDatabase);
    };
    let url =
        DatabaseUrl::parse(&text).map_err(|reason| ConfigError::DatabaseUrl { origin: origin.clone(), reason })?;
    // A database that only DATABASE_URL names isn't known to be the environment's: no rule of it applies.
    let protected = name.is_some() && environment.and_then(|environment| environment.protected).unwrap_or_default();
    Ok(Target { environment: name, protected, url, origin })
}

/// Returns the URL that `url`, written in an environment's table, stands for, and where it comes from.
fn expand(url: &str, environment: &str, variables: &Variables, dotenv: bool) -> Result<(String, String), ConfigError> {
    let Some(variable) = url.strip_prefix('$') else {
        return Ok((url.to_owned(), format!("the URL of environment `{environment}`")));
    };
    let variable = variable.strip_prefix('{').and_then(|name| name.strip_suffix('}')).unwrap_or(variable);
    let value = variables.get(variable)?.ok_or_else(|| ConfigError::MissingVariable {
        variable: variable.to_owned(),
        environment: environment.to_owned(),
        dotenv,
    })?;
    Ok((value.to_owned(), format!("`{variable}`")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shared(history: &str, dir: Option<&str>) -> migrate_build::settings::Settings {
        let (history, dir) = (Some(history.to_owned()), dir.map(PathBuf::from));
        migrate_build::settings::Settings { dir, history, ..Default::default() }
    }

    fn package(root: &std::path::Path) -> Package {
        let environment =
            |url: &str, protected| RawEnvironment { url: Some(url.to_owned()), protected, ..RawEnvironment::default() };
        Package {
            name: "shop".into(),
            root: root.to_path_buf(),
            workspace_root: root.to_path_buf(),
            package_settings: Some(RawSettings {
                shared: shared("package", None),
                environments: [("staging".to_owned(), environment("$STAGING_URL", None))].into(),
                ..RawSettings::default()
            }),
            workspace_settings: RawSettings {
                shared: shared("workspace", Some("db")),
                environments: [
                    ("staging".to_owned(), environment("$OTHER", Some(true))),
                    ("development".to_owned(), environment("postgres://dev@localhost/dev", None)),
                ]
                .into(),
                ..RawSettings::default()
            },
        }
    }

    #[test]
    fn the_nearer_layer_wins() {
        let root = tempfile::tempdir().unwrap();
        let package = package(root.path());
        let settings = Settings::new(&package, &Variables::default()).unwrap();
        assert_eq!((settings.shared.history.as_deref(), settings.directory.to_str()), (Some("package"), Some("db")));
        let variables = Variables::from_pairs([("CARGO_MIGRATE_LOCK_TIMEOUT", "3s")]);
        assert_eq!(Settings::new(&package, &variables).unwrap().lock_timeout, Some(Duration::from_secs(3)));
        let staging = &settings.environments["staging"];
        assert_eq!((staging.url.as_deref(), staging.protected), (Some("$STAGING_URL"), Some(true)));
    }

    #[test]
    fn the_database_is_the_one_that_was_said_last() {
        let root = tempfile::tempdir().unwrap();
        fs_err::write(root.path().join(".env"), "STAGING_URL=postgres://file@h/x\n").unwrap();
        let package = package(root.path());
        let url = "postgres://variable@h/x";
        let check = |args: TargetArgs<'_>, pairs: &[(&str, &str)]| {
            let variables = Variables::from_pairs(pairs.iter().copied());
            let settings = Settings::new(&package, &variables).unwrap();
            match target(&settings, &package, &variables, args) {
                Ok(target) => format!("{} {:?} {}", target.url, target.environment, target.protected),
                Err(error) => format!("{error}; {}", error.help().unwrap_or_default()),
            }
        };
        let none = TargetArgs::default();
        let staging = TargetArgs { env: Some("staging"), database_url: None };
        let both = TargetArgs { env: Some("staging"), database_url: Some("postgres://arg@h/x") };
        assert_eq!(check(none, &[]), "postgres://dev@localhost:5432/dev Some(\"development\") false");
        assert_eq!(check(none, &[("DATABASE_URL", url)]), "postgres://variable@h:5432/x None false");
        assert_eq!(
            check(staging, &[("DATABASE_URL", url), ("STAGING_URL", "postgres://s@h/x")]),
            "postgres://s@h:5432/x Some(\"staging\") true"
        );
        assert_eq!(check(both, &[]), "postgres://arg@h:5432/x Some(\"staging\") true");
        assert_eq!(
            check(none, &[("CARGO_MIGRATE_ENV", "staging"), ("DATABASE_URL", url)]),
            "variable `STAGING_URL`, which the URL of environment `staging` names, is not set; \
             set `STAGING_URL` in the environment; `.env` is read for development only"
        );
        fs_err::write(root.path().join(".env"), "not a line\n").unwrap();
        assert!(check(none, &[]).contains(".env"), "{}", check(none, &[]));
        let argument = TargetArgs { env: None, database_url: Some("postgres://arg@h/x") };
        assert_eq!(check(argument, &[]), "postgres://arg@h:5432/x None false", "a file of no use is not read");
        let wrong = TargetArgs { env: Some("stagin"), database_url: None };
        assert_eq!(
            check(wrong, &[]),
            "no environment `stagin` is configured for package `shop`; did you mean `staging`?"
        );
    }
}
