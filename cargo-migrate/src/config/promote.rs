//! The table `promote`: what a rehearsal needs to know of the package.

use std::time::Duration;

use migrate_build::migration::duration;
use toml::Spanned;
use toml::de::DeValue;

use super::ConfigError;
use super::error::{did_you_mean, list};
use super::raw::Source;

/// How long the smoke command may take where nothing is configured: it may have to be compiled first.
pub const SMOKE_TIMEOUT: Duration = Duration::from_secs(600);

/// The table as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawPromote {
    /// `smoke`: a shell's command line that tries the application on the rehearsal's database.
    pub smoke: Option<String>,
    /// `old-smoke`: one that tries the code that an environment runs now on the upgraded database.
    pub old_smoke: Option<String>,
    /// `smoke-timeout`: how long either may take.
    pub smoke_timeout: Option<Duration>,
    /// `staging-at`: what staging is at where no git branch tells; a version, a name, `head` or `base`.
    pub staging_at: Option<String>,
    /// `production-at`: likewise.
    pub production_at: Option<String>,
}

const KEYS: [&str; 5] = ["old-smoke", "production-at", "smoke", "smoke-timeout", "staging-at"];

impl RawPromote {
    /// Takes from `defaults` what is not set here.
    #[must_use]
    pub fn or(self, defaults: Self) -> Self {
        let Self { smoke, old_smoke, smoke_timeout, staging_at, production_at } = self;
        Self {
            smoke: smoke.or(defaults.smoke),
            old_smoke: old_smoke.or(defaults.old_smoke),
            smoke_timeout: smoke_timeout.or(defaults.smoke_timeout),
            staging_at: staging_at.or(defaults.staging_at),
            production_at: production_at.or(defaults.production_at),
        }
    }

    /// Reads the table.
    ///
    /// # Errors
    /// It is none, or has an unknown key or a wrong value.
    pub(super) fn read(source: Source<'_>, value: &Spanned<DeValue<'_>>) -> Result<Self, ConfigError> {
        let Some(table) = value.get_ref().as_table() else {
            let help = "start a table by `[package.metadata.migrate.promote]`";
            return Err(source.error(value.span().start, "`promote` is not a table", help));
        };
        let mut promote = Self::default();
        for (key, value) in table {
            let name: &str = key.get_ref();
            match name {
                "smoke" => promote.smoke = Some(source.string(name, value, "cargo run -- --check")?),
                "old-smoke" => promote.old_smoke = Some(source.string(name, value, "cargo run -- --check")?),
                "smoke-timeout" => promote.smoke_timeout = Some(timeout(source, name, value)?),
                "staging-at" => promote.staging_at = Some(source.string(name, value, "20261123013000")?),
                "production-at" => promote.production_at = Some(source.string(name, value, "20261123013000")?),
                _ => {
                    let help = did_you_mean(name, KEYS).unwrap_or_else(|| format!("the keys are {}", list(&KEYS)));
                    let message = format!("unknown key `{}` in `promote`", name.escape_debug());
                    return Err(source.error(key.span().start, message, help));
                }
            }
        }
        Ok(promote)
    }
}

fn timeout(source: Source<'_>, key: &str, value: &Spanned<DeValue<'_>>) -> Result<Duration, ConfigError> {
    let wrong = |message: String| source.error(value.span().start, message, duration::EXAMPLES);
    match duration::parse(&source.string(key, value, "2min")?) {
        Ok(Duration::ZERO) => Err(wrong(format!("`{key}` gives the command no time at all"))),
        Ok(timeout) => Ok(timeout),
        Err(error) => Err(wrong(format!("`{key}`: {error}"))),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use toml::de::DeTable;

    use super::*;

    fn read(text: &str) -> Result<RawPromote, String> {
        let source = Source { path: Path::new("Cargo.toml"), text };
        let document = DeTable::parse(text).unwrap();
        RawPromote::read(source, document.get_ref().get("promote").unwrap())
            .map_err(|error| format!("{error}; {}", error.help().unwrap_or_default()))
    }

    #[test]
    fn reads_every_setting() {
        let promote =
            read("[promote]\nsmoke = 'cargo run -- --check'\nold-smoke = 'true'\nsmoke-timeout = '2min'\n").unwrap();
        let two_minutes = Some(Duration::from_secs(120));
        assert_eq!(
            promote,
            RawPromote {
                smoke: Some("cargo run -- --check".into()),
                old_smoke: Some("true".into()),
                smoke_timeout: two_minutes,
                ..RawPromote::default()
            }
        );
        let default = RawPromote { smoke: Some("true".into()), ..RawPromote::default() };
        let merged = default.or(promote);
        assert_eq!((merged.smoke_timeout, merged.old_smoke.as_deref()), (two_minutes, Some("true")));
    }

    #[test]
    fn wrong_settings_are_named_with_their_line() {
        for (text, expected) in [
            ("[promote]\nsmok = 'x'", "Cargo.toml:2:1: unknown key `smok` in `promote`; did you mean `smoke`?"),
            (
                "promote = 1",
                "Cargo.toml:1:11: `promote` is not a table; start a table by `[package.metadata.migrate.promote]`",
            ),
            ("[promote]\nsmoke = ''", "Cargo.toml:2:9: `smoke` is empty; write `smoke = \"cargo run -- --check\"`"),
            (
                "promote.smoke-timeout = 5",
                "Cargo.toml:1:25: `smoke-timeout` is not a string; write `smoke-timeout = \"2min\"`",
            ),
        ] {
            assert_eq!(read(text).unwrap_err(), expected);
        }
        assert!(read("promote.smoke-timeout = '0ms'").unwrap_err().contains("no time at all"));
    }
}
