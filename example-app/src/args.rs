//! The command line.

use std::net::SocketAddr;

use clap::{Parser, ValueEnum};
use tokio_postgres::Config;

/// A lending library as a service
#[derive(Debug, Parser)]
#[command(version)]
pub(crate) struct Args {
    /// Database, `postgres://user@host/database`
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub(crate) database_url: Config,
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
        let error = Args::try_parse_from(["app", "--database-url", "postgres://u:secret@h:port/d"]).unwrap_err();
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}
