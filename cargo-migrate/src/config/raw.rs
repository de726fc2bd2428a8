//! The tables `[package.metadata.migrate]` and `[workspace.metadata.migrate]` as they are written.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use migrate_build::diagnostic::Level;
use migrate_build::position::Position;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{ConfigError, duration};

/// How new versions are numbered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Versions {
    /// `YYYYMMDDHHMMSS` in UTC.
    #[default]
    Timestamp,
    /// One more than the highest.
    Sequential,
}

/// One `environments.NAME` table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawEnvironment {
    /// `url`: a connection string, or `$VARIABLE`.
    pub url: Option<String>,
    /// `protected`: downgrades go one step at a time.
    pub protected: Option<bool>,
}

/// One `migrate` table: every setting, `None` where it isn't written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawSettings {
    /// `directory`: the migrations folder, relative to the package.
    pub directory: Option<String>,
    /// `history`: the history table, `name` or `schema.name`.
    pub history: Option<String>,
    /// `versions`: how new versions are numbered.
    pub versions: Option<Versions>,
    /// `lock-timeout`: for migrations that set none.
    pub lock_timeout: Option<Duration>,
    /// `statement-timeout`: for migrations that set none.
    pub statement_timeout: Option<Duration>,
    /// `rules`: levels of rules.
    pub rules: BTreeMap<String, Level>,
    /// `environments`: by name.
    pub environments: BTreeMap<String, RawEnvironment>,
}

const KEYS: [&str; 7] =
    ["directory", "environments", "history", "lock-timeout", "rules", "statement-timeout", "versions"];
const ENVIRONMENT_KEYS: [&str; 2] = ["protected", "url"];

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
    pub fn error(self, offset: usize, message: impl Into<String>, help: Option<String>) -> ConfigError {
        let Position { line, column } = Position::of(self.text, offset);
        ConfigError::Manifest { path: self.path.to_path_buf(), line, column, message: message.into(), help }
    }

    fn unknown(self, key: &Spanned<impl AsRef<str>>, known: &[&str]) -> ConfigError {
        let name = key.get_ref().as_ref();
        let help = super::error::did_you_mean(name, known.iter().copied())
            .unwrap_or_else(|| format!("the settings here are {}", super::error::list(known)));
        self.error(key.span().start, format!("unknown setting `{name}`"), Some(help))
    }

    fn expected(self, value: &Spanned<DeValue<'_>>, key: &str, what: &str) -> ConfigError {
        let message = format!("`{key}` is {} {}", article(value.get_ref().type_str()), value.get_ref().type_str());
        self.error(value.span().start, message, Some(format!("write {what}")))
    }

    fn string(self, key: &str, value: &Spanned<DeValue<'_>>, what: &str) -> Result<String, ConfigError> {
        match value.get_ref().as_str() {
            Some("") => Err(self.error(value.span().start, format!("`{key}` is empty"), Some(format!("write {what}")))),
            Some(text) => Ok(text.to_owned()),
            None => Err(self.expected(value, key, what)),
        }
    }

    fn choice<T: Copy>(self, key: &str, value: &Spanned<DeValue<'_>>, of: &[(&str, T)]) -> Result<T, ConfigError> {
        let names: Vec<&str> = of.iter().map(|(name, _)| *name).collect();
        let what =
            format!("one of {}", names.iter().map(|name| format!("`\"{name}\"`")).collect::<Vec<_>>().join(", "));
        let text = self.string(key, value, &what)?;
        of.iter().find(|(name, _)| *name == text).map(|(_, choice)| *choice).ok_or_else(|| {
            let help = super::error::did_you_mean(&text, names).unwrap_or_else(|| format!("write {what}"));
            self.error(value.span().start, format!("`{key}` can't be `{text}`"), Some(help))
        })
    }

    fn duration(self, key: &str, value: &Spanned<DeValue<'_>>) -> Result<Duration, ConfigError> {
        let text = self.string(key, value, "a duration, for example `\"5s\"`")?;
        duration::parse(&text)
            .map_err(|message| self.error(value.span().start, format!("`{key}` is no duration"), Some(message)))
    }

    fn table<'v, 'i>(self, key: &str, value: &'v Spanned<DeValue<'i>>) -> Result<&'v DeTable<'i>, ConfigError> {
        value.get_ref().as_table().ok_or_else(|| self.expected(value, key, "a table"))
    }
}

fn article(noun: &str) -> &'static str {
    if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

impl RawSettings {
    /// Reads a `migrate` table of `source`.
    ///
    /// # Errors
    /// The first unknown key or wrong value, with its line.
    pub fn read(source: Source<'_>, table: &DeTable<'_>) -> Result<Self, ConfigError> {
        let mut settings = Self::default();
        for (key, value) in table {
            let name: &str = key.get_ref();
            match name {
                "directory" => {
                    settings.directory = Some(source.string(name, value, "a folder, for example `\"migrations\"`")?)
                }
                "history" => {
                    settings.history = Some(source.string(name, value, "a table, for example `\"schema.table\"`")?)
                }
                "versions" => {
                    let of = [("timestamp", Versions::Timestamp), ("sequential", Versions::Sequential)];
                    settings.versions = Some(source.choice(name, value, &of)?);
                }
                "lock-timeout" => settings.lock_timeout = Some(source.duration(name, value)?),
                "statement-timeout" => settings.statement_timeout = Some(source.duration(name, value)?),
                "rules" => {
                    let of = [("allow", Level::Allow), ("warn", Level::Warn), ("deny", Level::Deny)];
                    for (rule, level) in source.table(name, value)? {
                        settings.rules.insert(rule.get_ref().to_string(), source.choice(rule.get_ref(), level, &of)?);
                    }
                }
                "environments" => {
                    for (environment, value) in source.table(name, value)? {
                        let table = source.table(environment.get_ref(), value)?;
                        settings
                            .environments
                            .insert(environment.get_ref().to_string(), read_environment(source, table)?);
                    }
                }
                _ => return Err(source.unknown(key, &KEYS)),
            }
        }
        Ok(settings)
    }
}

fn read_environment(source: Source<'_>, table: &DeTable<'_>) -> Result<RawEnvironment, ConfigError> {
    let mut environment = RawEnvironment::default();
    for (key, value) in table {
        let name: &str = key.get_ref();
        match name {
            "url" => {
                environment.url =
                    Some(source.string(name, value, "the name of a variable, for example `\"$DATABASE_URL\"`")?)
            }
            "protected" => {
                let protected = value.get_ref().as_bool();
                environment.protected =
                    Some(protected.ok_or_else(|| source.expected(value, name, "`true` or `false`"))?);
            }
            _ => return Err(source.unknown(key, &ENVIRONMENT_KEYS)),
        }
    }
    Ok(environment)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<RawSettings, String> {
        let source = Source { path: Path::new("Cargo.toml"), text };
        RawSettings::read(source, DeTable::parse(text).unwrap().get_ref())
            .map_err(|error| format!("{error}; {}", error.help().unwrap_or_default()))
    }

    #[test]
    fn reads_every_setting() {
        let settings = read(
            "directory = 'db'\nhistory = 'app.history'\nversions = 'sequential'\nlock-timeout = '5s'\n\
             statement-timeout = '1min'\nrules.missing-down = 'deny'\n\
             [environments.staging]\nurl = '$STAGING'\nprotected = true\n",
        )
        .unwrap();
        let staging = RawEnvironment { url: Some("$STAGING".into()), protected: Some(true) };
        assert_eq!(
            settings,
            RawSettings {
                directory: Some("db".into()),
                history: Some("app.history".into()),
                versions: Some(Versions::Sequential),
                lock_timeout: Some(Duration::from_secs(5)),
                statement_timeout: Some(Duration::from_secs(60)),
                rules: [("missing-down".to_owned(), Level::Deny)].into(),
                environments: [("staging".to_owned(), staging)].into(),
            }
        );
    }

    #[test]
    fn wrong_settings_are_named_with_their_line() {
        for (text, expected) in [
            ("\nhistroy = 'a'", "Cargo.toml:2:1: unknown setting `histroy`; did you mean `history`?"),
            (
                "zzz = 1",
                "Cargo.toml:1:1: unknown setting `zzz`; the settings here are `directory`, `environments`, `history`, \
                 `lock-timeout`, `rules`, `statement-timeout`, `versions`",
            ),
            ("history = 1", "Cargo.toml:1:11: `history` is an integer; write a table, for example `\"schema.table\"`"),
            ("versions = 'sequental'", "Cargo.toml:1:12: `versions` can't be `sequental`; did you mean `sequential`?"),
            ("rules.a = 'x'", "Cargo.toml:1:11: `a` can't be `x`; write one of `\"allow\"`, `\"warn\"`, `\"deny\"`"),
            (
                "[environments.a]\nprotect = true",
                "Cargo.toml:2:1: unknown setting `protect`; did you mean `protected`?",
            ),
            (
                "[environments.a]\nprotected = 'yes'",
                "Cargo.toml:2:13: `protected` is a string; write `true` or `false`",
            ),
        ] {
            assert_eq!(read(text).unwrap_err(), expected);
        }
    }
}
