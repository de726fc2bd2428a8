//! The tables `[package.metadata.migrate]` and `[workspace.metadata.migrate]` as they are written. What the build reads as
//! well (`dir`, `history`, `rules`, and which keys there are) is read by `migrate_build::settings`; the rest here.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use migrate_build::error::Mistake;
use migrate_build::migration::duration;
use migrate_build::position::Position;
use migrate_build::runtime::OnBlocked;
use migrate_build::settings::{self, Section};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::ConfigError;
pub use super::environments::RawEnvironment;
use super::error::{did_you_mean, list};
use super::promote::RawPromote;
use crate::models::{NamePatterns, PATTERN_KEYS, PatternError};

/// How new versions are numbered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Versions {
    /// `YYYYMMDDHHMMSS` in UTC.
    #[default]
    Timestamp,
    /// One more than the highest.
    Sequential,
}

/// One `migrate` table: every setting, `None` where it isn't written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawSettings {
    /// What the build reads as well.
    pub shared: settings::Settings,
    /// `version-format`: how new versions are numbered.
    pub versions: Option<Versions>,
    /// `lock-timeout`: for migrations that set none.
    pub lock_timeout: Option<Duration>,
    /// `on-blocked`: what a migration does that can't get a lock.
    pub on_blocked: Option<OnBlocked>,
    /// `retries`: how often it is tried again.
    pub retries: Option<u32>,
    /// `statement-timeout`: for migrations that set none.
    pub statement_timeout: Option<Duration>,
    /// `models`: the file that says what schema is wanted.
    pub models: Option<PathBuf>,
    /// `names`: patterns of names, by what they name.
    pub names: BTreeMap<String, String>,
    /// `postgres`: the major version of the servers that migrations are for.
    pub postgres: Option<u32>,
    /// `environments`: by name.
    pub environments: BTreeMap<String, RawEnvironment>,
    /// `promote`: what a rehearsal needs to know.
    pub promote: RawPromote,
}

/// A manifest's text and path, for errors that point into it.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The manifest.
    pub path: &'a Path,
    /// Its text.
    pub text: &'a str,
}

impl Source<'_> {
    /// An error at the byte `offset`.
    pub fn error(self, offset: usize, message: impl Into<String>, help: impl Into<String>) -> ConfigError {
        ConfigError::Manifest(vec![Mistake {
            path: self.path.to_path_buf(),
            position: Position::of(self.text, offset),
            message: message.into(),
            help: help.into(),
        }])
    }

    pub(super) fn string(self, key: &str, value: &Spanned<DeValue<'_>>, example: &str) -> Result<String, ConfigError> {
        let help = format!("write `{key} = \"{example}\"`");
        match value.get_ref().as_str() {
            Some("") => Err(self.error(value.span().start, format!("`{key}` is empty"), help)),
            Some(text) => Ok(text.to_owned()),
            None => Err(self.error(value.span().start, format!("`{key}` is not a string"), help)),
        }
    }

    fn duration(self, key: &str, value: &Spanned<DeValue<'_>>) -> Result<Duration, ConfigError> {
        let text = self.string(key, value, "5s")?;
        duration::parse(&text)
            .map_err(|error| self.error(value.span().start, format!("`{key}`: {error}"), duration::EXAMPLES))
    }

    /// `"15"`, or `15`.
    fn major_version(self, key: &str, value: &Spanned<DeValue<'_>>) -> Result<u32, ConfigError> {
        let text = match value.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Integer(number) => number.to_string(),
            _ => String::new(),
        };
        text.parse().ok().filter(|version| (10..100).contains(version)).ok_or_else(|| {
            let message = format!("`{key}` is not a major version of PostgreSQL");
            self.error(value.span().start, message, format!("write `{key} = \"17\"`"))
        })
    }

    fn lock_timeout(self, key: &str, value: &Spanned<DeValue<'_>>) -> Result<Duration, ConfigError> {
        let timeout = self.duration(key, value)?;
        if timeout.is_zero() {
            let message = format!("`{key}`: {}", duration::NO_LOCK_TIMEOUT);
            return Err(self.error(value.span().start, message, duration::NO_LOCK_TIMEOUT_HELP));
        }
        Ok(timeout)
    }

    fn on_blocked(self, key: &str, value: &Spanned<DeValue<'_>>) -> Result<OnBlocked, ConfigError> {
        let text = self.string(key, value, "retry")?;
        text.parse().map_err(|()| {
            let names = OnBlocked::ALL.map(OnBlocked::name);
            let help = did_you_mean(&text, names).unwrap_or_else(|| format!("the choices are {}", list(&names)));
            self.error(value.span().start, format!("`{key}` can't be `{}`", text.escape_debug()), help)
        })
    }

    fn count(self, key: &str, value: &Spanned<DeValue<'_>>) -> Result<u32, ConfigError> {
        let number = match value.get_ref() {
            DeValue::Integer(number) => u32::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        };
        number.ok_or_else(|| {
            self.error(value.span().start, format!("`{key}` is not a number"), format!("write `{key} = 10`"))
        })
    }

    fn versions(self, key: &str, value: &Spanned<DeValue<'_>>) -> Result<Versions, ConfigError> {
        match self.string(key, value, "timestamp")?.as_str() {
            "timestamp" => Ok(Versions::Timestamp),
            "sequential" => Ok(Versions::Sequential),
            other => {
                let help = did_you_mean(other, ["timestamp", "sequential"])
                    .unwrap_or_else(|| "the formats are `\"timestamp\"` and `\"sequential\"`".to_owned());
                Err(self.error(value.span().start, format!("`{key}` can't be `{}`", other.escape_debug()), help))
            }
        }
    }

    fn table<'v, 'i>(self, key: &str, value: &'v Spanned<DeValue<'i>>) -> Result<&'v DeTable<'i>, ConfigError> {
        value.get_ref().as_table().ok_or_else(|| {
            let help = "start a table by `[package.metadata.migrate.environments.NAME]`";
            self.error(value.span().start, format!("`{key}` is not a table"), help)
        })
    }

    fn names(self, value: &Spanned<DeValue<'_>>) -> Result<BTreeMap<String, String>, ConfigError> {
        let table = value.get_ref().as_table().ok_or_else(|| {
            let help = "write `names = { index = \"ix_{table}_{columns}\" }`";
            self.error(value.span().start, "`names` is not a table", help)
        })?;
        let mut names = BTreeMap::new();
        for (key, value) in table {
            let name: &str = key.get_ref();
            let pattern = self.string(name, value, "ix_{table}_{columns}")?;
            let one = BTreeMap::from([(name.to_owned(), pattern.clone())]);
            NamePatterns::new(&one).map_err(|error| {
                let (at, help) = match &error {
                    PatternError::Key(_) => {
                        let near = did_you_mean(name, PATTERN_KEYS);
                        (key.span(), near.unwrap_or_else(|| format!("the kinds are {}", list(&PATTERN_KEYS))))
                    }
                    PatternError::Lacks { .. } => (
                        value.span(),
                        "two names must differ: write `{table}_{columns}` with something around".to_owned(),
                    ),
                    PatternError::Placeholder { .. } => {
                        (value.span(), "there are `{table}` and `{columns}`".to_owned())
                    }
                };
                self.error(at.start, error.to_string(), help)
            })?;
            names.insert(name.to_owned(), pattern);
        }
        Ok(names)
    }
}

impl RawSettings {
    /// Reads the `migrate` table of a section; `None` where there is none.
    ///
    /// # Errors
    /// Unknown keys and wrong values, each with its line.
    pub fn read(source: Source<'_>, document: &DeTable<'_>, section: Section) -> Result<Option<Self>, ConfigError> {
        let name = match section {
            Section::Package => "package",
            Section::Workspace => "workspace",
        };
        let (shared, mistakes) = settings::parse(source.text, source.path, section);
        if !mistakes.is_empty() {
            return Err(ConfigError::Manifest(mistakes));
        }
        let mut found = document.get(name);
        for key in ["metadata", "migrate"] {
            found = found.and_then(|value| value.get_ref().as_table()).and_then(|table| table.get(key));
        }
        let Some(table) = found.and_then(|value| value.get_ref().as_table()) else { return Ok(None) };
        let mut settings = Self { shared, ..Self::default() };
        for (key, value) in table {
            let name: &str = key.get_ref();
            match name {
                "version-format" => settings.versions = Some(source.versions(name, value)?),
                "lock-timeout" => settings.lock_timeout = Some(source.lock_timeout(name, value)?),
                "on-blocked" => settings.on_blocked = Some(source.on_blocked(name, value)?),
                "retries" => settings.retries = Some(source.count(name, value)?),
                "statement-timeout" => settings.statement_timeout = Some(source.duration(name, value)?),
                "postgres" => settings.postgres = Some(source.major_version(name, value)?),
                "environments" => {
                    for (environment, value) in source.table(name, value)? {
                        let table = source.table(environment.get_ref(), value)?;
                        settings
                            .environments
                            .insert(environment.get_ref().to_string(), RawEnvironment::read(source, table)?);
                    }
                }
                "models" => settings.models = Some(source.string(name, value, "src/models.rs")?.into()),
                "names" => settings.names = source.names(value)?,
                "promote" => settings.promote = RawPromote::read(source, value)?,
                // The others are read by their own readers, and an unknown one was found above.
                _ => {}
            }
        }
        Ok(Some(settings))
    }
}

#[cfg(test)]
mod tests {
    use migrate_build::Level;

    use super::*;

    fn read(table: &str) -> Result<RawSettings, String> {
        let text = format!("[package]\n[package.metadata.migrate]\n{table}");
        let source = Source { path: Path::new("Cargo.toml"), text: &text };
        let document = DeTable::parse(&text).unwrap();
        match RawSettings::read(source, document.get_ref(), Section::Package) {
            Ok(settings) => Ok(settings.unwrap()),
            Err(error) => Err(format!("{error}; {}", error.help().unwrap_or_default())),
        }
    }

    #[test]
    fn reads_every_setting() {
        let settings = read(
            "dir = 'db'\nhistory = 'app.history'\nversion-format = 'sequential'\nlock-timeout = '5s'\n\
             models = 'src/schema.rs'\nnames.index = '{table}_{columns}_idx'\n\
             on-blocked = 'fail'\nretries = 3\nstatement-timeout = '1min'\npostgres = '15'\nrules.missing-down = 'deny'\n\
             [package.metadata.migrate.environments.staging]\nurl = '$STAGING'\nprotected = true\nbranch = 'next'\n\
             [package.metadata.migrate.promote]\nsmoke = 'true'\n",
        )
        .unwrap();
        let staging = RawEnvironment {
            url: Some("$STAGING".into()),
            protected: Some(true),
            branch: Some("next".into()),
            ..RawEnvironment::default()
        };
        assert_eq!(
            settings,
            RawSettings {
                shared: settings::Settings {
                    dir: Some("db".into()),
                    history: Some("app.history".into()),
                    rules: [("missing-down", Level::Deny)].into(),
                },
                versions: Some(Versions::Sequential),
                lock_timeout: Some(Duration::from_secs(5)),
                on_blocked: Some(OnBlocked::Fail),
                retries: Some(3),
                statement_timeout: Some(Duration::from_secs(60)),
                models: Some("src/schema.rs".into()),
                names: [("index".to_owned(), "{table}_{columns}_idx".to_owned())].into(),
                postgres: Some(15),
                environments: [("staging".to_owned(), staging)].into(),
                promote: RawPromote { smoke: Some("true".into()), ..RawPromote::default() },
            }
        );
    }

    #[test]
    fn wrong_settings_are_named_with_their_line() {
        for (text, expected) in [
            (
                "\nhistroy = 'a'",
                "Cargo.toml:4:1: unknown key `histroy` in `[package.metadata.migrate]`; did you mean `history`?",
            ),
            (
                "lock-timeout = '0'",
                "Cargo.toml:3:16: `lock-timeout`: `0` is no limit to PostgreSQL: the migration would queue for a lock, and \
                 everybody who wants the table behind it; write how long it may wait, for example `3s`, or run it by \
                 `--on-blocked wait` if it shall queue",
            ),
            ("on-blocked = 'wiat'", "Cargo.toml:3:14: `on-blocked` can't be `wiat`; did you mean `wait`?"),
            ("retries = -1", "Cargo.toml:3:11: `retries` is not a number; write `retries = 10`"),
            ("lock-timeout = 5", "Cargo.toml:3:16: `lock-timeout` is not a string; write `lock-timeout = \"5s\"`"),
            (
                "version-format = 'sequental'",
                "Cargo.toml:3:18: `version-format` can't be `sequental`; did you mean `sequential`?",
            ),
            ("models = ''", "Cargo.toml:3:10: `models` is empty; write `models = \"src/models.rs\"`"),
            ("names.indx = 'x'", "Cargo.toml:3:7: unknown kind of name `indx`; did you mean `index`?"),
            (
                "names.index = 'ix_{table}'",
                "Cargo.toml:3:15: `index` lacks `{columns}`; two names must differ: write `{table}_{columns}` with something around",
            ),
            (
                "environments.a.protect = true",
                "Cargo.toml:3:16: unknown key `protect` in an environment; did you mean `protected`?",
            ),
            (
                "environments.a.protected = 'yes'",
                "Cargo.toml:3:28: `protected` is not a boolean; write `protected = true`",
            ),
        ] {
            assert_eq!(read(text).unwrap_err(), expected);
        }
    }
}
