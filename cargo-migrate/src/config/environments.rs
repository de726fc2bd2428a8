//! The tables `environments.NAME`: as they are written, and as they hold together.

use std::collections::BTreeMap;
use std::iter::successors;
use std::path::PathBuf;
use std::time::Duration;

use migrate_build::error::Mistake;
use migrate_build::migration::duration;
use migrate_build::position::Position;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::ConfigError;
use super::environment::DEVELOPMENT;
use super::error::{did_you_mean, list};
use super::raw::Source;

/// A value and where it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed<T> {
    /// The value.
    pub value: T,
    path: PathBuf,
    position: Position,
}

impl<T> Placed<T> {
    fn new(source: Source<'_>, value: T, written: &Spanned<DeValue<'_>>) -> Self {
        let position = Position::of(source.text, written.span().start);
        Self { value, path: source.path.to_path_buf(), position }
    }

    fn mistake(&self, message: String, help: String) -> Mistake {
        Mistake { path: self.path.clone(), position: self.position, message, help }
    }
}

/// One `environments.NAME` table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawEnvironment {
    /// `url`: a connection string, or `$VARIABLE`.
    pub url: Option<String>,
    /// `protected`: downgrades go one step at a time.
    pub protected: Option<bool>,
    /// `branch`: the git branch that holds what its database has.
    pub branch: Option<String>,
    /// `requires`: the environment that must have a migration first.
    pub requires: Option<Placed<String>>,
    /// `soak`: how long that one must have had it.
    pub soak: Option<Placed<Duration>>,
}

const KEYS: [&str; 5] = ["branch", "protected", "requires", "soak", "url"];

impl RawEnvironment {
    /// Takes from `defaults` what is not set here.
    #[must_use]
    pub fn or(self, defaults: Self) -> Self {
        let Self { url, protected, branch, requires, soak } = self;
        Self {
            url: url.or(defaults.url),
            protected: protected.or(defaults.protected),
            branch: branch.or(defaults.branch),
            requires: requires.or(defaults.requires),
            soak: soak.or(defaults.soak),
        }
    }

    /// Whether upgrades of it have to pass gates.
    pub fn is_gated(&self) -> bool {
        self.requires.is_some() || self.branch.is_some() || self.protected == Some(true)
    }

    /// The name of the environment that it requires.
    pub fn required(&self) -> Option<&str> {
        self.requires.as_ref().map(|requires| requires.value.as_str())
    }

    /// Reads a table.
    ///
    /// # Errors
    /// It has an unknown key or a wrong value.
    pub fn read(source: Source<'_>, table: &DeTable<'_>) -> Result<Self, ConfigError> {
        let mut environment = Self::default();
        for (key, value) in table {
            let name: &str = key.get_ref();
            match name {
                "branch" => environment.branch = Some(source.string(name, value, "staging")?),
                "url" => environment.url = Some(source.string(name, value, "$DATABASE_URL")?),
                "requires" => {
                    let required = source.string(name, value, "staging")?;
                    environment.requires = Some(Placed::new(source, required, value));
                }
                "soak" => {
                    let text = source.string(name, value, "24h")?;
                    let soak = duration::parse_any(&text).map_err(|error| {
                        source.error(value.span().start, format!("`{name}`: {error}"), duration::EXAMPLES)
                    })?;
                    environment.soak = Some(Placed::new(source, soak, value));
                }
                "protected" => {
                    environment.protected = Some(value.get_ref().as_bool().ok_or_else(|| {
                        source.error(value.span().start, "`protected` is not a boolean", "write `protected = true`")
                    })?);
                }
                _ => {
                    let help = did_you_mean(name, KEYS).unwrap_or_else(|| format!("the keys are {}", list(&KEYS)));
                    let message = format!("unknown key `{}` in an environment", name.escape_debug());
                    return Err(source.error(key.span().start, message, help));
                }
            }
        }
        Ok(environment)
    }
}

/// Refuses environments that require what is not there or, by whatever way, themselves.
///
/// # Errors
/// All of them, each with its line.
pub fn check(environments: &BTreeMap<String, RawEnvironment>) -> Result<(), ConfigError> {
    let mut mistakes = Vec::new();
    for (name, environment) in environments {
        match &environment.requires {
            Some(requires) => mistakes.extend(wrong(environments, name, requires)),
            None => mistakes.extend(environment.soak.as_ref().map(|soak| {
                soak.mistake(
                    format!("environment `{name}` has `soak` and no `requires`: nothing says where to soak"),
                    "write `requires = \"staging\"` beside it".to_owned(),
                )
            })),
        }
    }
    if mistakes.is_empty() { Ok(()) } else { Err(ConfigError::Manifest(mistakes)) }
}

fn wrong(environments: &BTreeMap<String, RawEnvironment>, name: &str, requires: &Placed<String>) -> Option<Mistake> {
    let required = &requires.value;
    if required == name {
        let help = "name the environment that comes before it, or take the line out".to_owned();
        return Some(requires.mistake(format!("environment `{name}` requires itself"), help));
    }
    // `development` needs no table.
    if !environments.contains_key(required) && required != DEVELOPMENT {
        let others = environments.keys().map(String::as_str).filter(|other| *other != name);
        let help = did_you_mean(required, others.chain([DEVELOPMENT])).unwrap_or_else(|| {
            format!("add `[package.metadata.migrate.environments.{required}]` with `url = \"$VARIABLE\"`")
        });
        let message = format!("environment `{name}` requires `{}`, which is not configured", required.escape_debug());
        return Some(requires.mistake(message, help));
    }
    let mut way = vec![name];
    let mut next = Some(required.as_str());
    while let Some(environment) = next {
        way.push(environment);
        if environment == name {
            let way = way.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" requires ");
            let help = "let the first of them require none".to_owned();
            return Some(requires.mistake(format!("environments require each other in a ring: {way}"), help));
        }
        // Another ring, which is reported by its own members.
        if way.len() > environments.len() + 1 {
            return None;
        }
        next = environments.get(environment).and_then(RawEnvironment::required);
    }
    None
}

/// The names, each behind the one that it requires.
pub fn in_order(environments: &BTreeMap<String, RawEnvironment>) -> Vec<&str> {
    let depth = |name: &str| {
        let mut depth = 0;
        let mut at = environments.get(name);
        while let Some(required) = at.and_then(RawEnvironment::required) {
            depth += 1;
            if depth > environments.len() {
                break;
            }
            at = environments.get(required);
        }
        depth
    };
    let mut names: Vec<&str> = environments.keys().map(String::as_str).collect();
    names.sort_by_key(|name| (*name != DEVELOPMENT, depth(name), *name));
    names
}

/// The environments that require this one, directly or by way of others, each behind the one that it requires.
pub fn behind<'e>(environments: &'e BTreeMap<String, RawEnvironment>, name: &str) -> Vec<&'e str> {
    let required = |environment: &str| environments.get(environment).and_then(RawEnvironment::required);
    let mut names = in_order(environments);
    names.retain(|&environment| {
        successors(required(environment), |&before| required(before))
            .take(environments.len())
            .any(|before| before == name)
    });
    names
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn read(text: &str) -> Result<BTreeMap<String, RawEnvironment>, String> {
        let source = Source { path: Path::new("Cargo.toml"), text };
        let document = DeTable::parse(text).unwrap();
        let mut environments = BTreeMap::new();
        let shown = |error: ConfigError| format!("{error}; {}", error.help().unwrap_or_default());
        for (name, value) in document.get_ref() {
            let environment = RawEnvironment::read(source, value.get_ref().as_table().unwrap()).map_err(shown)?;
            environments.insert(name.get_ref().to_string(), environment);
        }
        check(&environments).map_err(shown)?;
        Ok(environments)
    }

    #[test]
    fn a_chain_is_in_order() {
        let text = "[alpha]\nrequires = 'staging'\nsoak = '30d'\n[staging]\nrequires = 'development'\n[demo]\n";
        let environments = read(text).unwrap();
        assert_eq!(in_order(&environments), ["demo", "staging", "alpha"]);
        assert_eq!(environments["alpha"].required(), Some("staging"));
        assert!(environments["alpha"].is_gated() && !environments["demo"].is_gated());
        assert_eq!(behind(&environments, "development"), ["staging", "alpha"]);
        assert_eq!(behind(&environments, "staging"), ["alpha"]);
        assert_eq!(behind(&environments, "demo"), Vec::<&str>::new());
        let chain = "[development]\nrequires = 'b'\n[b]\nrequires = 'a'\n[a]\n";
        assert_eq!(in_order(&read(chain).unwrap()), ["development", "a", "b"]);
    }

    #[test]
    fn wrong_requirements_are_named_with_their_line() {
        for (text, expected) in [
            (
                "[a]\nrequires = 'a'",
                "Cargo.toml:2:12: environment `a` requires itself; name the environment that comes before it, or take the line out",
            ),
            (
                "[staging]\n[production]\nrequires = 'stagin'",
                "Cargo.toml:3:12: environment `production` requires `stagin`, which is not configured; did you mean `staging`?",
            ),
            (
                "[a]\nrequires = 'nowhere'",
                "Cargo.toml:2:12: environment `a` requires `nowhere`, which is not configured; \
                 add `[package.metadata.migrate.environments.nowhere]` with `url = \"$VARIABLE\"`",
            ),
            (
                "[a]\nsoak = '1h'",
                "Cargo.toml:2:8: environment `a` has `soak` and no `requires`: nothing says where to soak; \
                 write `requires = \"staging\"` beside it",
            ),
            (
                "[a]\nrequires = 'b'\nsoak = '1 hour'\n[b]",
                "Cargo.toml:3:8: `soak`: `hour` is not a unit of time; write a whole number and a unit out of `ms`, `s`, \
                 `min`, `h`, `d`, for example `5s`",
            ),
        ] {
            assert_eq!(read(text).unwrap_err(), expected);
        }
    }

    #[test]
    fn a_ring_is_named_at_each_of_its_members_and_nowhere_else() {
        let text = "[a]\nrequires = 'b'\n[b]\nrequires = 'c'\n[c]\nrequires = 'b'\n";
        let error = read(text).unwrap_err();
        assert_eq!(
            error,
            "Cargo.toml:4:12: environments require each other in a ring: `b` requires `c` requires `b`\n\
             Cargo.toml:6:12: environments require each other in a ring: `c` requires `b` requires `c`; \
             let the first of them require none\nlet the first of them require none"
        );
    }
}
