//! Connecting to a server, with an error that says which of the many things that can go wrong went wrong.

use std::error::Error as _;
use std::fmt;
use std::io;
use std::path::Path;
use std::time::Duration;

use rustls::CertificateError;
use tokio::task::JoinHandle;
use tokio_postgres::config::{Host, LoadBalanceHosts, SslMode as DriverSslMode};
use tokio_postgres::error::SqlState;
use tokio_postgres::{CancelToken, Client, Config};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::connect_error::ConnectError;
use super::tls;
use crate::config::database_url::{DatabaseUrl, SslMode};

/// How long connecting may take, where the URL's `connect_timeout` doesn't say.
const TIMEOUT: Duration = Duration::from_secs(15);

/// What the server's `pg_stat_activity` shows, where the URL's `application_name` doesn't say.
const APPLICATION: &str = "cargo-migrate";

/// An open connection. Close it by [`Connection::close`], so that the server doesn't log a lost one.
pub struct Connection {
    /// The client.
    pub client: Client,
    driver: JoinHandle<()>,
    door: Door,
}

/// The way by which a connection was made: another one is made the same way.
#[derive(Clone)]
pub struct Door {
    config: Config,
    tls: MakeRustlsConnect,
}

impl Door {
    /// Makes another connection; `None` where the server doesn't take one more, or not in time.
    pub async fn open(&self) -> Option<Connection> {
        let connecting = self.config.connect(self.tls.clone());
        let (client, connection) = tokio::time::timeout(TIMEOUT, connecting).await.ok()?.ok()?;
        let driver = tokio::spawn(async move { drop(connection.await) });
        Some(Connection { client, driver, door: self.clone() })
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("client", &self.client).finish_non_exhaustive()
    }
}

/// Asks the server, on another connection, to cancel what one is doing.
#[derive(Clone)]
pub struct Canceller {
    token: CancelToken,
    tls: MakeRustlsConnect,
}

impl Canceller {
    /// Asks once. Whether it was heard shows in the statement's end only.
    pub async fn cancel(&self) {
        // A request that can't be sent is as one that came too late.
        drop(self.token.cancel_query(self.tls.clone()).await);
    }
}

impl Connection {
    /// What can cancel this connection's statements.
    pub fn canceller(&self) -> Canceller {
        Canceller { token: self.client.cancel_token(), tls: self.door.tls.clone() }
    }

    /// The way to another connection.
    pub fn door(&self) -> Door {
        self.door.clone()
    }

    /// Says good-bye to the server.
    pub async fn close(self) {
        let Self { client, driver, door: _ } = self;
        drop(client);
        // It ends as soon as it has sent what is left.
        drop(tokio::time::timeout(Duration::from_secs(1), driver).await);
    }
}

/// Connects to `url`. `home` is the user's home folder, where libpq's root certificates may be.
///
/// # Errors
/// See [`ConnectError`].
pub async fn connect(url: &DatabaseUrl, home: Option<&Path>) -> Result<Connection, ConnectError> {
    let mode = if over_sockets(url.config()) { SslMode::Disable } else { tls::mode(url.ssl(), home)? };
    let tls = tls::connector(url.ssl(), mode, home)?;
    let mut config = url.config().clone();
    if config.get_application_name().is_none() {
        config.application_name(APPLICATION);
    }
    // As libpq: each server has the whole of it.
    let timeout = match config.get_connect_timeout() {
        Some(timeout) => *timeout,
        None => {
            config.connect_timeout(TIMEOUT);
            TIMEOUT
        }
    };
    let (first, second) = match mode {
        SslMode::Disable => (DriverSslMode::Disable, None),
        SslMode::Allow => (DriverSslMode::Disable, Some(DriverSslMode::Require)),
        SslMode::Prefer => (DriverSslMode::Prefer, Some(DriverSslMode::Disable)),
        SslMode::Require | SslMode::VerifyCa | SslMode::VerifyFull => (DriverSslMode::Require, None),
    };
    let attempt = Attempt { url, tls, mode, timeout };
    let mut failed = None;
    for server in each_server(&config) {
        let failure = match (attempt.connect(&server, first).await, second) {
            // As libpq: TLS that fails, or a server that lets nobody in this way, is tried the other way.
            (Err(error), Some(second)) if is_worth_another_way(&error) => {
                match attempt.connect(&server, second).await {
                    Ok(connection) => return Ok(connection),
                    Err(_) => error,
                }
            }
            (Ok(connection), _) => return Ok(connection),
            (Err(error), _) => error,
        };
        // A server that doesn't let us in is the one that is meant, and the next one would only hide what it says.
        let is_last = refuses_us(&failure);
        failed = Some(failure);
        if is_last {
            break;
        }
    }
    Err(attempt.explain(failed.unwrap_or(Failure::Timeout), &config))
}

/// The servers that `config` names, one after the other. The driver would not leave one that takes the connection and then
/// says nothing; of several in random order it picks.
fn each_server(config: &Config) -> Vec<Config> {
    let (hosts, addresses, ports) = (config.get_hosts(), config.get_hostaddrs(), config.get_ports());
    let count = hosts.len().max(addresses.len());
    if count < 2 || config.get_load_balance_hosts() != LoadBalanceHosts::Disable {
        return vec![config.clone()];
    }
    let one = |at: usize| {
        let mut one = alone(config);
        match hosts.get(at) {
            Some(Host::Tcp(host)) => _ = one.host(host),
            #[cfg(unix)]
            Some(Host::Unix(folder)) => _ = one.host_path(folder),
            None => {}
        }
        addresses.get(at).map(|&address| one.hostaddr(address));
        ports.get(at).or(ports.first()).map(|&port| one.port(port));
        one
    };
    (0..count).map(one).collect()
}

/// All that `config` says but for the servers.
fn alone(config: &Config) -> Config {
    let mut one = Config::new();
    config.get_user().map(|user| one.user(user));
    config.get_password().map(|password| one.password(password));
    config.get_dbname().map(|name| one.dbname(name));
    config.get_options().map(|options| one.options(options));
    config.get_application_name().map(|name| one.application_name(name));
    config.get_connect_timeout().map(|&timeout| one.connect_timeout(timeout));
    config.get_tcp_user_timeout().map(|&timeout| one.tcp_user_timeout(timeout));
    config.get_keepalives_interval().map(|interval| one.keepalives_interval(interval));
    config.get_keepalives_retries().map(|retries| one.keepalives_retries(retries));
    one.keepalives(config.get_keepalives())
        .keepalives_idle(config.get_keepalives_idle())
        .ssl_negotiation(config.get_ssl_negotiation())
        .target_session_attrs(config.get_target_session_attrs())
        .channel_binding(config.get_channel_binding());
    one
}

fn refuses_us(failure: &Failure) -> bool {
    let Failure::Driver(error) = failure else { return false };
    matches!(error.code(), Some(&SqlState::INVALID_PASSWORD | &SqlState::INVALID_AUTHORIZATION_SPECIFICATION))
}

/// Whether the servers are reached by sockets of this machine, where libpq uses no TLS whatever `sslmode` says.
fn over_sockets(config: &Config) -> bool {
    let is_socket = |host: &Host| match host {
        Host::Tcp(_) => false,
        #[cfg(unix)]
        Host::Unix(_) => true,
    };
    !config.get_hosts().is_empty() && config.get_hosts().iter().all(is_socket)
}

fn is_worth_another_way(error: &Failure) -> bool {
    let Failure::Driver(error) = error else { return false };
    error.code() == Some(&SqlState::INVALID_AUTHORIZATION_SPECIFICATION) || error.to_string().contains("TLS handshake")
}

enum Failure {
    Driver(tokio_postgres::Error),
    Timeout,
}

struct Attempt<'a> {
    url: &'a DatabaseUrl,
    tls: MakeRustlsConnect,
    mode: SslMode,
    /// For each server.
    timeout: Duration,
}

impl Attempt<'_> {
    async fn connect(&self, config: &Config, mode: DriverSslMode) -> Result<Connection, Failure> {
        let mut config = config.clone();
        config.ssl_mode(mode);
        // The driver's own timeout ends with the socket: what listens there may never answer.
        let connecting = tokio::time::timeout(self.timeout, config.connect(self.tls.clone()));
        let (client, connection) = connecting.await.map_err(|_| Failure::Timeout)?.map_err(Failure::Driver)?;
        // Its error is the client's too, where it is told with what was being done.
        let driver = tokio::spawn(async move { drop(connection.await) });
        Ok(Connection { client, driver, door: Door { config, tls: self.tls.clone() } })
    }

    fn explain(&self, failure: Failure, config: &Config) -> ConnectError {
        let servers = if self.url.servers().is_empty() {
            "no server (the URL names no host)".to_owned()
        } else {
            format!("`{}`", self.url.servers())
        };
        let Failure::Driver(error) = failure else { return ConnectError::Timeout { servers, after: self.timeout } };
        let given = config.get_password().is_some();
        if let Some(server) = error.as_db_error() {
            let message = server.message().to_owned();
            return match server.code() {
                &SqlState::INVALID_PASSWORD => ConnectError::Password { message, given },
                &SqlState::INVALID_CATALOG_NAME => {
                    ConnectError::NoDatabase { database: self.url.database().unwrap_or_default().to_owned(), servers }
                }
                code => ConnectError::Refused { servers, message, code: code.code().to_owned() },
            };
        }
        let text = error.to_string();
        let cause = error.source().map(ToString::to_string).unwrap_or_default();
        if cause == "password missing" {
            return ConnectError::Password { message: format!("the server at {servers} wants a password"), given };
        }
        if text.contains("TLS handshake") {
            return self.explain_tls(&error, servers, &cause);
        }
        if text.starts_with("timeout") || cause.contains("timed out") {
            return ConnectError::Timeout { servers, after: self.timeout };
        }
        match error.into_source().map(|source| source.downcast::<io::Error>()) {
            Some(Ok(source)) => ConnectError::Unreachable { servers, source: Some(*source) },
            _ if text.starts_with("connection closed") => ConnectError::Unreachable { servers, source: None },
            _ if cause.is_empty() => ConnectError::Other { servers, reason: text },
            _ => ConnectError::Other { servers, reason: format!("{text}: {cause}") },
        }
    }

    fn explain_tls(&self, error: &tokio_postgres::Error, servers: String, cause: &str) -> ConnectError {
        if cause == "server does not support TLS" {
            return ConnectError::NoTls { servers, mode: self.mode };
        }
        let tls = error
            .source()
            .and_then(|source| source.downcast_ref::<io::Error>())
            .and_then(io::Error::get_ref)
            .and_then(|source| source.downcast_ref::<rustls::Error>());
        match tls {
            Some(rustls::Error::InvalidCertificate(CertificateError::NotValidForName)) => {
                ConnectError::HostName { servers, presented: Vec::new() }
            }
            Some(rustls::Error::InvalidCertificate(CertificateError::NotValidForNameContext { presented, .. })) => {
                ConnectError::HostName { servers, presented: presented.iter().map(|name| bare(name)).collect() }
            }
            Some(rustls::Error::InvalidCertificate(reason)) => {
                ConnectError::Certificate { servers, reason: certificate_reason(reason) }
            }
            _ => ConnectError::Tls { servers, reason: cause.to_owned() },
        }
    }
}

/// The name in rustls' `DnsName("name")`.
fn bare(presented: &str) -> String {
    presented.split('"').nth(1).unwrap_or(presented).to_owned()
}

fn certificate_reason(error: &CertificateError) -> String {
    match error {
        CertificateError::UnknownIssuer => "no trusted authority has signed it".to_owned(),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "it has expired".to_owned(),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => "it is not valid yet".to_owned(),
        CertificateError::Revoked => "it is revoked".to_owned(),
        CertificateError::Other(error) if error.to_string().contains("CaUsedAsEndEntity") => {
            "it is an authority's own certificate, and not a trusted one".to_owned()
        }
        other => other.to_string(),
    }
}
