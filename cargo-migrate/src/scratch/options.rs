//! What kind of server is wanted.

use std::{fmt, str::FromStr};

use clap::ValueEnum;

/// The image that containers are made from unless another is named.
pub const DEFAULT_IMAGE: &str = "postgres:17";

/// What every throw-away server is told: it does not have to survive a crash of the machine, and days don't depend on where it runs.
pub(super) const THROW_AWAY: [&str; 5] =
    ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "timezone=UTC", "log_timezone=UTC"];

/// Where throw-away servers come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    /// Local server binaries if there are any, else containers
    #[default]
    Auto,
    /// Containers, through Docker or Podman
    Container,
    /// Server binaries of this machine
    Local,
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Auto => "auto",
            Self::Container => "container",
            Self::Local => "local",
        })
    }
}

impl FromStr for Engine {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        <Self as ValueEnum>::from_str(text, false)
    }
}

/// What to start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerOptions {
    /// Where the server comes from.
    pub engine: Engine,
    /// The image of a container, `name:tag`; [`DEFAULT_IMAGE`] if nothing is given.
    pub image: Option<String>,
    /// Further server settings, as of `postgres -c name=value`.
    pub settings: Vec<(String, String)>,
}

impl ServerOptions {
    /// The settings as `name=value`; of two with one name the later counts.
    pub(super) fn all_settings(&self) -> Vec<String> {
        let own = self.settings.iter();
        THROW_AWAY
            .iter()
            .map(|setting| (*setting).to_owned())
            .chain(own.map(|(name, value)| format!("{name}={value}")))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn engines_are_read_as_they_are_shown() {
        for engine in Engine::value_variants() {
            assert_eq!(engine.to_string().parse(), Ok(*engine));
        }
        assert!("docker".parse::<Engine>().is_err());
    }
}
