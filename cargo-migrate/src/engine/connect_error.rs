//! Why there is no connection, and what cures it.

use std::io;
use std::time::Duration;

use super::tls::TlsError;
use crate::config::database_url::SslMode;

/// Why there is no connection. No message holds a password.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The URL's TLS settings are wrong.
    #[error(transparent)]
    Settings(#[from] TlsError),
    /// No server, or nothing that lets anybody in.
    #[error("can't reach a PostgreSQL server at {servers}")]
    Unreachable {
        /// `host:port`, of every server.
        servers: String,
        /// Why.
        source: Option<io::Error>,
    },
    /// Nothing answered in time.
    #[error("no answer from {servers} in {} s", .after.as_secs_f32())]
    Timeout {
        /// `host:port`, of every server.
        servers: String,
        /// How long was waited.
        after: Duration,
    },
    /// The password is wrong or missing.
    #[error("{message}")]
    Password {
        /// What the server or the driver says.
        message: String,
        /// Whether the URL holds a password.
        given: bool,
    },
    /// The server has no such database.
    #[error("there is no database `{database}` at {servers}")]
    NoDatabase {
        /// Its name.
        database: String,
        /// `host:port`, of every server.
        servers: String,
    },
    /// The server refuses for another reason.
    #[error("the server at {servers} refuses the connection: {message} (SQLSTATE {code})")]
    Refused {
        /// `host:port`, of every server.
        servers: String,
        /// What it says.
        message: String,
        /// SQLSTATE.
        code: String,
    },
    /// The server has no TLS, and the URL insists.
    #[error("the server at {servers} has no TLS")]
    NoTls {
        /// `host:port`, of every server.
        servers: String,
        /// The mode that insists.
        mode: SslMode,
    },
    /// The server's certificate isn't to be trusted.
    #[error("the certificate of the server at {servers} is not trusted: {reason}")]
    Certificate {
        /// `host:port`, of every server.
        servers: String,
        /// Why not.
        reason: String,
    },
    /// The server's certificate is for another name.
    #[error("the certificate of the server at {servers} is for another host{}", names(.presented))]
    HostName {
        /// `host:port`, of every server.
        servers: String,
        /// The names that it is for.
        presented: Vec<String>,
    },
    /// TLS fails for another reason.
    #[error("TLS with the server at {servers} fails: {reason}")]
    Tls {
        /// `host:port`, of every server.
        servers: String,
        /// Why.
        reason: String,
    },
    /// Anything else that the driver says.
    #[error("connecting to {servers} fails: {reason}")]
    Other {
        /// `host:port`, of every server.
        servers: String,
        /// What it says.
        reason: String,
    },
}

impl ConnectError {
    /// Whether the configuration is wrong, not the server.
    pub fn is_usage(&self) -> bool {
        matches!(self, Self::Settings(_))
    }

    /// What cures it.
    pub fn help(&self) -> Option<String> {
        Some(match self {
            Self::Settings(error) => return error.help(),
            Self::Unreachable { .. } | Self::Timeout { .. } => {
                "start the server, or correct host and port of the database URL".to_owned()
            }
            Self::Password { given: true, .. } => "correct user and password of the database URL".to_owned(),
            Self::Password { given: false, .. } => {
                "give the password in the database URL: `postgres://user:password@host/database`".to_owned()
            }
            Self::NoDatabase { database, .. } => format!("create it: `createdb {}`", shell_word(database)),
            Self::NoTls { .. } => "switch TLS on in the server (`ssl = on`), or give `sslmode=disable`".to_owned(),
            Self::Certificate { .. } => {
                "give the certificate of the authority that signed it by `sslrootcert=FILE`".to_owned()
            }
            Self::HostName { presented, .. } if presented.is_empty() => {
                "connect by the name that the certificate is for, or give `sslmode=verify-ca`".to_owned()
            }
            Self::HostName { presented, .. } => {
                format!("connect by one of {}, or give `sslmode=verify-ca`", presented.join(", "))
            }
            Self::Refused { .. } | Self::Tls { .. } | Self::Other { .. } => return None,
        })
    }
}

/// A name as a POSIX shell takes it for one word, whatever is in it.
fn shell_word(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    if !name.is_empty() && !name.starts_with('-') && name.chars().all(plain) {
        return name.to_owned();
    }
    let dashes = if name.starts_with('-') { "-- " } else { "" };
    format!("{dashes}'{}'", name.replace('\'', "'\\''"))
}

fn names(presented: &[String]) -> String {
    if presented.is_empty() { String::new() } else { format!(": {}", presented.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_word_of_a_shell() {
        for (name, word) in [
            ("shop_1.2-x", "shop_1.2-x"),
            ("a b", "'a b'"),
            ("it's; rm -r x", r"'it'\''s; rm -r x'"),
            ("$(x)`y`", "'$(x)`y`'"),
            ("-e", "-- '-e'"),
            ("", "''"),
        ] {
            assert_eq!(shell_word(name), word);
        }
    }
}
