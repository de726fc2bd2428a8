//! A running throw-away server, wherever it came from.

use std::path::Path;

#[cfg(feature = "containers")]
use super::container::Container;
use super::{
    address::{Address, quote},
    error::ScratchError,
    find,
    local::{self, Local},
    options::{Engine, ServerOptions},
    platform::Stop,
};
use crate::config::database_url::DatabaseUrl;

/// How a server is restarted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restart {
    /// In order: sessions are ended, everything is written.
    Fast,
    /// As by a crash: the server recovers when it starts.
    Immediate,
}

/// A throw-away server. Dropping it stops it and removes everything of it; [`stop`](Self::stop) does so without blocking the thread.
///
/// It also goes if its owner ends without dropping it, even by `kill -9`: on Unix, and a container if the command `docker` or
/// `podman` is there to remove it.
#[derive(Debug)]
pub struct Server {
    place: Place,
    version: String,
}

#[derive(Debug)]
enum Place {
    Local(Box<Local>),
    #[cfg(feature = "containers")]
    Container(Box<Container>),
}

/// What several servers are started from: with local binaries the work of `initdb` is done once for all of them, and they share their
/// superuser's password and system identifier. Dropping it leaves the servers as they are.
#[derive(Debug)]
pub struct Cluster(Option<local::Cluster>);

impl Cluster {
    /// Makes one for servers of this kind; of containers there is nothing to make.
    ///
    /// # Errors
    ///
    /// The machine has no such server, or `initdb` fails.
    pub async fn new(engine: Engine) -> Result<Self, ScratchError> {
        match (engine, find::binaries()) {
            (Engine::Container, _) | (Engine::Auto, None) => Ok(Self(None)),
            (Engine::Local, None) => Err(ScratchError::NoBinaries),
            (Engine::Auto | Engine::Local, Some(programs)) => Ok(Self(Some(local::Cluster::init(programs).await?))),
        }
    }

    /// Starts a server.
    ///
    /// # Errors
    ///
    /// It does not start; nothing of it is left behind then.
    pub async fn start(&self, options: &ServerOptions) -> Result<Server, ScratchError> {
        match &self.0 {
            Some(cluster) => Server::at(local_place(cluster.server(options).await?)).await,
            None => Server::at(container_instead(options).await?).await,
        }
    }
}

/// Starts a server.
///
/// # Errors
///
/// The machine has no such server, or it did not start; nothing is left behind then.
pub async fn start(options: &ServerOptions) -> Result<Server, ScratchError> {
    match Cluster::new(options.engine).await?.0 {
        Some(cluster) => Server::at(local_place(cluster.into_server(options).await?)).await,
        None => Server::at(container_instead(options).await?).await,
    }
}

fn local_place(local: Local) -> Place {
    Place::Local(Box::new(local))
}

/// A container: wanted, or for want of binaries.
async fn container_instead(options: &ServerOptions) -> Result<Place, ScratchError> {
    let place = container(options).await;
    if options.engine == Engine::Auto { place.map_err(neither) } else { place }
}

#[cfg(feature = "containers")]
async fn container(options: &ServerOptions) -> Result<Place, ScratchError> {
    let container = Container::start(options).await?;
    Ok(Place::Container(Box::new(container)))
}

#[cfg(not(feature = "containers"))]
async fn container(_options: &ServerOptions) -> Result<Place, ScratchError> {
    Err(ScratchError::NoContainerSupport)
}

/// What `auto` says after it found no binaries.
fn neither(error: ScratchError) -> ScratchError {
    match error {
        ScratchError::NoContainerSupport | ScratchError::NoContainerEngine { podman: None, .. } => {
            ScratchError::NoEngine { containers: error.to_string() }
        }
        other => other,
    }
}

impl Server {
    async fn at(place: Place) -> Result<Self, ScratchError> {
        let mut server = Self { place, version: String::new() };
        server.version = server.ask_version().await?;
        Ok(server)
    }

    /// What was taken: `PostgreSQL 17.5, local binaries in /usr/lib/postgresql/17/bin`.
    pub fn describe(&self) -> String {
        let version = &self.version;
        match &self.place {
            Place::Local(local) => {
                let programs = local.programs().display();
                format!("PostgreSQL {version}, local binaries in {programs}")
            }
            #[cfg(feature = "containers")]
            Place::Container(container) => {
                format!("PostgreSQL {version}, container {}", container.image())
            }
        }
    }

    /// The server's version, `17.5`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The superuser's way to a database, over TCP: what every client understands.
    pub fn url(&self, database: &str) -> DatabaseUrl {
        self.address().tcp_url(database)
    }

    /// The superuser's way to a database by the private socket, which a server in a container or on Windows does not have.
    pub fn socket_url(&self, database: &str) -> Option<DatabaseUrl> {
        self.address().socket_url(database)
    }

    /// The folder of a local server.
    pub fn folder(&self) -> Option<&Path> {
        match &self.place {
            Place::Local(local) => Some(local.folder()),
            #[cfg(feature = "containers")]
            Place::Container(_) => None,
        }
    }

    /// The process of a local server.
    pub fn process(&self) -> Option<u32> {
        match &self.place {
            Place::Local(local) => local.process(),
            #[cfg(feature = "containers")]
            Place::Container(_) => None,
        }
    }

    /// The name of a server's container.
    pub fn container(&self) -> Option<&str> {
        match &self.place {
            Place::Local(_) => None,
            #[cfg(feature = "containers")]
            Place::Container(container) => Some(container.name()),
        }
    }

    /// Creates an empty database and says where it is.
    ///
    /// # Errors
    ///
    /// The name is taken or can't be one.
    pub async fn create_database(&self, name: &str) -> Result<DatabaseUrl, ScratchError> {
        let quoted = checked(name)?;
        self.execute(format!("CREATE DATABASE {quoted} TEMPLATE template0")).await?;
        Ok(self.url(name))
    }

    /// Drops a database, and ends the sessions that use it. One that does not exist is no error.
    ///
    /// # Errors
    ///
    /// The server refuses or can't be reached.
    pub async fn drop_database(&self, name: &str) -> Result<(), ScratchError> {
        let quoted = checked(name)?;
        self.execute(format!("DROP DATABASE IF EXISTS {quoted} WITH (FORCE)")).await
    }

    /// Restarts the server with its databases. A container's port may change: take the URLs anew.
    ///
    /// # Errors
    ///
    /// It does not stop or does not come up again.
    pub async fn restart(&mut self, how: Restart) -> Result<(), ScratchError> {
        let how = match how {
            Restart::Fast => Stop::Fast,
            Restart::Immediate => Stop::Immediate,
        };
        match &mut self.place {
            Place::Local(local) => local.restart(how).await,
            #[cfg(feature = "containers")]
            Place::Container(container) => container.restart(how).await,
        }
    }

    /// Stops the server and removes everything of it.
    pub async fn stop(self) {
        // What fails here was a panic of the clean-up itself, whose message is out already.
        drop(tokio::task::spawn_blocking(move || drop(self)).await);
    }

    fn address(&self) -> &Address {
        match &self.place {
            Place::Local(local) => local.address(),
            #[cfg(feature = "containers")]
            Place::Container(container) => container.address(),
        }
    }

    async fn execute(&self, statement: String) -> Result<(), ScratchError> {
        let result = match self.address().connect().await {
            Ok(client) => client.batch_execute(&statement).await,
            Err(error) => Err(error),
        };
        result.map_err(|source| ScratchError::Statement { statement, source })
    }

    async fn ask_version(&self) -> Result<String, ScratchError> {
        let statement = "SHOW server_version";
        let ask = async {
            let client = self.address().connect().await?;
            client.query_one(statement, &[]).await?.try_get(0)
        };
        let text: String =
            ask.await.map_err(|source| ScratchError::Statement { statement: statement.to_owned(), source })?;
        Ok(first_word(&text))
    }
}

/// Packagers add theirs in brackets: `15.13 (Debian 15.13-0+deb12u1)`.
fn first_word(version: &str) -> String {
    version.split_whitespace().next().unwrap_or_default().to_owned()
}

fn checked(name: &str) -> Result<String, ScratchError> {
    if name.is_empty() || name.contains('\0') || name.len() > 63 {
        // The server would cut a longer name and so give another database.
        return Err(ScratchError::BadDatabaseName(name.to_owned()));
    }
    Ok(quote(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_the_server_would_change_are_refused() {
        for name in ["", "a\0b", &"x".repeat(64)] {
            assert!(checked(name).is_err(), "{name:?}");
        }
        assert_eq!(checked("a b").unwrap(), "\"a b\"");
    }

    #[test]
    fn a_machine_with_neither_is_told_so_unless_a_podman_is_at_hand() {
        let error = neither(ScratchError::NoContainerSupport);
        assert!(matches!(error, ScratchError::NoEngine { .. }), "{error}");
        let error = neither(ScratchError::NoContainerEngine {
            reason: "no socket".to_owned(),
            podman: Some("/run/podman/podman.sock".into()),
        });
        let help = error.help().unwrap_or_default();
        assert!(help.contains("DOCKER_HOST=unix:///run/podman/podman.sock"), "{help}");
    }

    #[test]
    fn a_packagers_version_is_shortened() {
        assert_eq!(first_word("15.13 (Debian 15.13-0+deb12u1)"), "15.13");
        assert_eq!(first_word("18beta1"), "18beta1");
    }
}
