//! The command line.

use std::net::SocketAddr;

use clap::{Parser, ValueEnum};
use tokio_postgres::Config;

use crate::error::Error;

/// A lending library as a service
#[derive(Debug, Parser)]
#[command(version)]
pub(crate) struct Args {
    /// Database, `postgres://user@host/database`
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    database_url: String,
    /// What to do about the database's schema before serving
    #[arg(long, value_enum, default_value_t)]
    pub(crate) migrate: Migrate,
    /// Address to serve on; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    pub(crate) listen: SocketAddr,
    /// Verify the schema, run every query once, undo what they did, and exit
    #[arg(long)]
    pub(crate) check: bool,
}

impl Args {
    /// The database. Clap would show a wrong URL with its password, so it does not parse it.
    pub(crate) fn database(&self) -> Result<Config, Error> {
        self.database_url.parse().map_err(Error::Url)
    }
}

/// What to do about the database's schema at start-up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Migrate {
    /// Apply what is pending
    Upgrade,
    /// Refuse to start unless the database is exactly at the head that this program was built with
    #[default]
    Verify,
    /// Nothing
    Off,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn verify_args() {
        Args::command().debug_assert();
    }

    #[test]
    fn a_wrong_url_is_refused_without_its_password() {
        let args = Args::try_parse_from(["app", "--database-url", "postgres://u:secret@h:port/d"]).unwrap();
        let report = args.database().unwrap_err().report();
        assert!(report.starts_with("error: the database's URL is wrong\n  caused by: "), "{report}");
        assert!(!report.contains("secret"), "{report}");
    }
}
