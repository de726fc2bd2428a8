//! Where a throw-away server listens, and its superuser's way in.

use std::{fmt, path::PathBuf, time::Duration};

use rand::distr::{Alphanumeric, SampleString as _};
use tokio_postgres::{Client, Config, NoTls};

use crate::config::database_url::{DatabaseUrl, Parts};

/// The superuser of every throw-away server.
pub(super) const SUPERUSER: &str = "postgres";

/// Host, port, socket and password of one server.
#[derive(Clone)]
pub(super) struct Address {
    pub(super) host: String,
    pub(super) port: u16,
    /// The folder of the server's socket, where it has one.
    pub(super) socket: Option<PathBuf>,
    pub(super) password: String,
}

impl Address {
    pub(super) fn tcp_url(&self, database: &str) -> DatabaseUrl {
        self.url(&self.host, database)
    }

    pub(super) fn socket_url(&self, database: &str) -> Option<DatabaseUrl> {
        Some(self.url(self.socket.as_ref()?.to_str()?, database))
    }

    fn url(&self, host: &str, database: &str) -> DatabaseUrl {
        DatabaseUrl::of(&Parts { user: SUPERUSER, password: &self.password, host, port: self.port, database })
    }

    /// Connects to the maintenance database. The connection ends with the client.
    pub(super) async fn connect(&self) -> Result<Client, tokio_postgres::Error> {
        let mut config = Config::new();
        config
            .host(&self.host)
            .port(self.port)
            .user(SUPERUSER)
            .password(&self.password)
            .dbname("postgres")
            .application_name("cargo-migrate");
        let (client, connection) = config.connect(NoTls).await?;
        // An error of the connection reaches the client as well.
        tokio::spawn(connection);
        Ok(client)
    }

    /// Whether the server takes connections; if not, why.
    pub(super) async fn probe(&self) -> Result<(), String> {
        match tokio::time::timeout(Duration::from_secs(5), self.connect()).await {
            Ok(Ok(_client)) => Ok(()),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_elapsed) => Err("no answer".to_owned()),
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Address")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("socket", &self.socket)
            .finish_non_exhaustive()
    }
}

/// A password that nobody guesses: 190 bits.
pub(super) fn random_password() -> String {
    Alphanumeric.sample_string(&mut rand::rng(), 32)
}

/// Quotes the name of a database for a statement.
pub(super) fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address() -> Address {
        Address {
            host: "127.0.0.1".to_owned(),
            port: 5433,
            socket: Some(PathBuf::from("/tmp/a b")),
            password: "sEcret".to_owned(),
        }
    }

    #[test]
    fn urls_are_read_as_they_were_meant() {
        let name = r#"O'Brien "x" /?#%é"#;
        let tcp: Config = address().tcp_url(name).expose().parse().unwrap();
        assert_eq!(tcp.get_dbname(), Some(name));
        assert_eq!(tcp.get_ports(), [5433]);
        assert_eq!(tcp.get_password(), Some(&b"sEcret"[..]));
        assert_eq!(address().tcp_url("a b").expose(), "postgres://postgres:sEcret@127.0.0.1:5433/a%20b");
        assert_eq!(address().socket_url("db").unwrap().expose(), "postgres://postgres:sEcret@%2Ftmp%2Fa%20b:5433/db");
    }

    #[test]
    fn no_password_in_debug_output() {
        assert!(!format!("{:?}", address()).contains("sEcret"));
    }

    #[test]
    fn passwords_differ() {
        assert_ne!(random_password(), random_password());
        assert_eq!(random_password().len(), 32);
    }

    #[test]
    fn a_name_cannot_leave_its_quotes() {
        assert_eq!(quote(r#"a"; DROP DATABASE b; --"#), r#""a""; DROP DATABASE b; --""#);
    }
}
