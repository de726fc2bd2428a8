//! A connection string whose password never shows.
//!
//! Both of libpq's forms are read, `postgres://user:password@host:port/database?key=value` and `host=… user=…`, and
//! taken apart here: TLS settings go to the engine, which knows more modes than tokio-postgres, the rest goes on to
//! tokio-postgres. No error shows a piece of the text, unless it is a known keyword: where a password stands in a
//! malformed string nobody can tell.

use std::fmt;

use migrate_build::nearest::nearest;
use tokio_postgres::Config;
use tokio_postgres::config::Host;

use super::connection_string::{encode, keyword_pairs, url_pairs};

/// What libpq calls `sslmode`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SslMode {
    /// No TLS.
    Disable,
    /// TLS only where the server insists.
    Allow,
    /// TLS where the server has it.
    #[default]
    Prefer,
    /// TLS, with any certificate (unless `sslrootcert` is given: then as `verify-ca`, as libpq has it).
    Require,
    /// TLS, with a certificate that a trusted authority has signed.
    VerifyCa,
    /// TLS, with a trusted certificate for the server's name.
    VerifyFull,
}

impl SslMode {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "disable" => Self::Disable,
            "allow" => Self::Allow,
            "prefer" => Self::Prefer,
            "require" => Self::Require,
            "verify-ca" => Self::VerifyCa,
            "verify-full" => Self::VerifyFull,
            _ => return None,
        })
    }

    /// Its name in libpq.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Allow => "allow",
            Self::Prefer => "prefer",
            Self::Require => "require",
            Self::VerifyCa => "verify-ca",
            Self::VerifyFull => "verify-full",
        }
    }
}

/// What a connection string says about TLS.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ssl {
    /// `sslmode`; `None` where it isn't said.
    pub mode: Option<SslMode>,
    /// `sslrootcert`: a file with trusted certificates, or `system`.
    pub root_cert: Option<String>,
    /// `sslcert`: the client's certificate.
    pub cert: Option<String>,
    /// `sslkey`: its key.
    pub key: Option<String>,
}

/// A PostgreSQL connection string. `Display` shows user, host, port and database; `Display` and `Debug` mask the password.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl {
    text: String,
    config: Config,
    ssl: Ssl,
}

/// What a connection string is made of.
#[derive(Clone, Copy)]
pub struct Parts<'a> {
    /// The role.
    pub user: &'a str,
    /// Its password.
    pub password: &'a str,
    /// The server's name or address, or the folder of its socket.
    pub host: &'a str,
    /// Its port.
    pub port: u16,
    /// The database.
    pub database: &'a str,
}

/// Why a text is no usable connection string.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DatabaseUrlError {
    /// It is empty.
    #[error("it is empty")]
    Empty,
    /// A URL of another scheme, or no URL and no `key=value` list.
    #[error("it begins neither with `postgres://` nor with a `key=value` pair")]
    Form,
    /// Something that must be percent-encoded stands in it.
    #[error("it has an unescaped `{0}` in its user, password or host")]
    Unescaped(char),
    /// `%` without two hexadecimal digits, or they make no UTF-8.
    #[error("a `%` in it is not followed by two hexadecimal digits of UTF-8 text")]
    Percent,
    /// The port is no number from 1 to 65535.
    #[error("its port is not a number from 1 to 65535")]
    Port,
    /// A quote is not closed, or `=` is missing.
    #[error("its `key=value` pairs are malformed")]
    Pairs,
    /// A key that nothing reads.
    #[error("it has an unknown parameter")]
    UnknownKey {
        /// The known key that is nearest.
        near: Option<&'static str>,
    },
    /// The value of a known key is wrong.
    #[error("its parameter `{0}` has no valid value")]
    Value(&'static str),
}

impl DatabaseUrlError {
    /// What cures it.
    pub fn help(&self) -> Option<String> {
        Some(match self {
            Self::Empty | Self::Form | Self::Pairs => "write it as `postgres://user:password@host:5432/database`".to_owned(),
            Self::Unescaped(c) => format!("write `%{:02X}` for `{c}`", u32::from(*c)),
            Self::Percent => "write `%25` for `%`".to_owned(),
            Self::Port => "write it as `postgres://user:password@host:5432/database`, special characters of the password percent-encoded".to_owned(),
            Self::UnknownKey { near } => format!("did you mean `{}`?", (*near)?),
            Self::Value("sslmode") => "its values are `disable`, `allow`, `prefer`, `require`, `verify-ca` and `verify-full`".to_owned(),
            Self::Value(_) => return None,
        })
    }
}

const SSL_KEYS: [&str; 4] = ["sslmode", "sslrootcert", "sslcert", "sslkey"];

/// The keys that tokio-postgres reads.
const KEYS: [&str; 19] = [
    "application_name",
    "channel_binding",
    "connect_timeout",
    "dbname",
    "host",
    "hostaddr",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_retries",
    "load_balance_hosts",
    "max_protocol_version",
    "min_protocol_version",
    "options",
    "password",
    "port",
    "sslnegotiation",
    "target_session_attrs",
    "tcp_user_timeout",
];

impl DatabaseUrl {
    /// Reads a connection string.
    ///
    /// # Errors
    /// It is none; the error shows nothing of it.
    pub fn parse(text: &str) -> Result<Self, DatabaseUrlError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(DatabaseUrlError::Empty);
        }
        let scheme = ["postgres://", "postgresql://"].iter().find_map(|scheme| text.strip_prefix(scheme));
        let pairs = match scheme {
            Some(rest) => url_pairs(rest)?,
            None if text.contains("://") || !text.contains('=') => return Err(DatabaseUrlError::Form),
            None => keyword_pairs(text)?,
        };
        let mut ssl = Ssl::default();
        let mut rest = String::new();
        for (key, value) in pairs {
            match key.as_str() {
                "sslmode" => ssl.mode = Some(SslMode::parse(&value).ok_or(DatabaseUrlError::Value("sslmode"))?),
                "sslrootcert" => ssl.root_cert = Some(value),
                "sslcert" => ssl.cert = Some(value),
                "sslkey" => ssl.key = Some(value),
                "port" if !value.split(',').all(|port| port.is_empty() || port.parse::<u16>().is_ok_and(|p| p > 0)) => {
                    return Err(DatabaseUrlError::Port);
                }
                _ => {
                    let known = KEYS
                        .iter()
                        .chain(["user"].iter())
                        .find(|known| **known == key)
                        .ok_or_else(|| DatabaseUrlError::UnknownKey { near: near(&key) })?;
                    let value = value.replace('\\', "\\\\").replace('\'', "\\'");
                    let pair = format!("{known}='{value}' ");
                    // Alone first, so that the error can name the key without repeating the parser's text.
                    pair.parse::<Config>().map_err(|_| DatabaseUrlError::Value(known))?;
                    rest.push_str(&pair);
                }
            }
        }
        let config = rest.parse::<Config>().map_err(|_| DatabaseUrlError::Pairs)?;
        Ok(Self { text: text.to_owned(), config, ssl })
    }

    /// The connection string of a server whose every part is known.
    pub fn of(parts: &Parts<'_>) -> Self {
        let Parts { user, password, host, port, database } = *parts;
        let mut config = Config::new();
        config.user(user).password(password).host(host).port(port).dbname(database);
        let [user, password, database] = [user, password, database].map(encode);
        let host = if host.contains(':') { format!("[{host}]") } else { encode(host) };
        Self { text: format!("postgres://{user}:{password}@{host}:{port}/{database}"), config, ssl: Ssl::default() }
    }

    /// The same server, user and TLS, and another database; `None` where the string can't be made to say so.
    pub fn with_database(&self, name: &str) -> Option<Self> {
        let encoded = encode(name);
        let quoted = name.replace('\\', "\\\\").replace('\'', "\\'");
        // What comes last wins, in both of libpq's forms.
        let texts = [
            format!("{}&dbname={encoded}", self.text),
            format!("{}?dbname={encoded}", self.text),
            format!("{} dbname='{quoted}'", self.text),
        ];
        let mut urls = texts.iter().filter_map(|text| Self::parse(text).ok());
        urls.find(|url| url.config.get_dbname() == Some(name) && url.servers() == self.servers() && url.ssl == self.ssl)
    }

    /// The string as it was given, with its password: for handing on to a program, and for nothing else.
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// What tokio-postgres is to know, the password included; TLS settings are in [`DatabaseUrl::ssl`].
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// What it says about TLS.
    pub fn ssl(&self) -> &Ssl {
        &self.ssl
    }

    /// The database's name: the user's where none is given, as libpq has it.
    pub fn database(&self) -> Option<&str> {
        self.config.get_dbname().or_else(|| self.config.get_user())
    }

    /// `host:port` of every server it names, separated by commas; a socket's folder stands for its host.
    pub fn servers(&self) -> String {
        let ports = self.config.get_ports();
        let port = |at: usize| ports.get(at).or_else(|| ports.first()).copied().unwrap_or(5432);
        let mut hosts: Vec<String> = self
            .config
            .get_hosts()
            .iter()
            .enumerate()
            .map(|(at, host)| match host {
                Host::Tcp(host) if host.contains(':') => format!("[{host}]:{}", port(at)),
                Host::Tcp(host) => format!("{host}:{}", port(at)),
                #[cfg(unix)]
                Host::Unix(folder) => format!("{}:{}", folder.display(), port(at)),
            })
            .collect();
        if hosts.is_empty() {
            hosts =
                self.config.get_hostaddrs().iter().enumerate().map(|(at, ip)| format!("{ip}:{}", port(at))).collect();
        }
        hosts.join(",")
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgres://")?;
        if let Some(user) = self.config.get_user() {
            let password = if self.config.get_password().is_some() { ":***" } else { "" };
            write!(f, "{user}{password}@")?;
        }
        write!(f, "{}/{}", self.servers(), self.database().unwrap_or_default())
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

fn near(key: &str) -> Option<&'static str> {
    nearest(key, KEYS.into_iter().chain(SSL_KEYS).chain(["user"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        DatabaseUrl::parse(text).map_or_else(|error| error.to_string(), |url| url.to_string())
    }

    #[test]
    fn another_database_of_the_same_server() {
        for text in [
            "postgres://app:s3?cret@db:6000/shop",
            "postgres://app@db:6000/shop?sslmode=disable",
            "postgres://db:6000?user=a@b",
            "host=db port=6000 dbname=shop",
            "host=db port=6000 dbname='a b' user='c d'",
        ] {
            let url = DatabaseUrl::parse(text).unwrap();
            for name in ["postgres", "it's a \\ name&more?"] {
                let other = url.with_database(name).unwrap();
                assert_eq!((other.database(), other.servers().as_str()), (Some(name), "db:6000"), "{text}");
                assert_eq!(other.config().get_user(), url.config().get_user());
            }
        }
    }

    #[test]
    fn shows_everything_but_the_password() {
        for (text, expected) in [
            ("postgres://app:s3cret@db.example:6000/shop", "postgres://app:***@db.example:6000/shop"),
            ("postgresql://app@localhost/shop", "postgres://app@localhost:5432/shop"),
            ("postgres://a%40b:s3%2Fcret@[::1]:7/x", "postgres://a@b:***@[::1]:7/x"),
            ("postgres://app:s3cret@a,b:2/x", "postgres://app:***@a:5432,b:2/x"),
            (
                "postgres:///x?host=/run/postgresql&user=app&password=s3cret",
                "postgres://app:***@/run/postgresql:5432/x",
            ),
            ("postgres://app:s3cret@%2Frun%2Fpg/x", "postgres://app:***@/run/pg:5432/x"),
            ("host=h port=1 user='a b' password = 's3\\'cret' dbname=x", "postgres://a b:***@h:1/x"),
            ("postgres://app:s3?cret/@h/x", "postgres://app:***@h:5432/x"),
            ("postgres://app@h", "postgres://app@h:5432/app"),
        ] {
            assert_eq!(shown(text), expected);
        }
    }

    #[test]
    fn a_malformed_one_shows_nothing_of_itself() {
        for (text, expected) in [
            ("", DatabaseUrlError::Empty),
            ("mysql://u:s3cret@h/x", DatabaseUrlError::Form),
            ("s3cret", DatabaseUrlError::Form),
            ("postgres://u:s3@cret@h/x", DatabaseUrlError::Unescaped('@')),
            ("postgres://u:s3cret", DatabaseUrlError::Port),
            ("postgres://u:p@h:s3cret/x", DatabaseUrlError::Port),
            ("postgres://u:p@h:99999/x", DatabaseUrlError::Port),
            ("postgres://u:s3cret%zz@h/x", DatabaseUrlError::Percent),
            ("postgres://u:s3cret@h/x?sslmod=require", DatabaseUrlError::UnknownKey { near: Some("sslmode") }),
            ("postgres://u:s3cret@h/x?sslmode=s3cret", DatabaseUrlError::Value("sslmode")),
            ("postgres://u@h/x?connect_timeout=s3cret", DatabaseUrlError::Value("connect_timeout")),
            ("host=h password='s3cret", DatabaseUrlError::Pairs),
            ("host=h password=s3 cret", DatabaseUrlError::Pairs),
        ] {
            let error = DatabaseUrl::parse(text).unwrap_err();
            assert_eq!(error, expected, "{text}");
            assert!(!format!("{error} {error:?} {:?}", error.help()).contains("s3"), "{error}");
        }
    }

    #[test]
    fn one_made_of_parts_reads_the_same() {
        for host in ["h", "::1", "/tmp/a b"] {
            let parts = Parts { user: "a:b", password: "s3/cr@t", host, port: 7, database: "x?y" };
            let url = DatabaseUrl::of(&parts);
            assert_eq!(DatabaseUrl::parse(url.expose()).unwrap(), url);
            assert_eq!(url.to_string(), format!("postgres://a:b:***@{}/x?y", url.servers()));
        }
    }

    #[test]
    fn takes_tls_settings_out() {
        let url = DatabaseUrl::parse("postgres://u@h/x?sslmode=verify-full&sslrootcert=/a%20b.crt&application_name=me")
            .unwrap();
        assert_eq!(url.ssl().mode, Some(SslMode::VerifyFull));
        assert_eq!(url.ssl().root_cert.as_deref(), Some("/a b.crt"));
        assert_eq!(url.config().get_application_name(), Some("me"));
        assert_eq!(format!("{url:?}"), "DatabaseUrl(postgres://u@h:5432/x)");
    }
}
