//! Where scratch databases are made: on the development server, or on a throw-away one.

use std::path::Path;

use clap::ValueEnum;

use crate::config::database_url::DatabaseUrl;
use crate::config::layers::Target;
use crate::engine::connect::{Connection, connect};
use crate::engine::connect_error::ConnectError;
use crate::error::CommandError;
use crate::scratch::{self, Databases, ScratchDatabase, ScratchError, Server, ServerOptions};

/// Where the two schemas are built.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Scratch {
    /// On the development server if the role may create databases there, else on a throw-away one
    #[default]
    Auto,
    /// In databases of their own on the development server
    Database,
    /// On a throw-away server
    Server,
}

/// A server that scratch databases are made on.
#[derive(Debug)]
pub struct Place {
    connection: Connection,
    url: DatabaseUrl,
    role: String,
    server: Option<Server>,
    /// Why it isn't the development server, where that was wanted first.
    pub instead: Option<String>,
}

impl Place {
    /// Finds it. `target` is the development database, or why there is none.
    ///
    /// # Errors
    /// There is no server, or the role may not create databases where nothing else is allowed.
    pub async fn find(
        choice: Scratch,
        target: Result<&Target, CommandError>,
        home: Option<&Path>,
    ) -> Result<Self, CommandError> {
        let mut instead = None;
        if choice != Scratch::Server {
            match Self::database(target, home).await {
                Ok(place) => return Ok(place),
                Err(error) if choice == Scratch::Database => return Err(error),
                Err(error) => instead = Some(error.to_string()),
            }
        }
        let server = match scratch::start(&ServerOptions::default()).await {
            Ok(server) => server,
            Err(error) => {
                let error = failed(error);
                return Err(match instead {
                    Some(why) => error.note(format!("the development server is of no use: {why}")),
                    None => error,
                });
            }
        };
        let url = server.url("postgres");
        let connection = connect(&url, home).await?;
        Ok(Self { connection, url, role: "postgres".to_owned(), server: Some(server), instead })
    }

    async fn database(target: Result<&Target, CommandError>, home: Option<&Path>) -> Result<Self, CommandError> {
        let target = target?;
        if target.protected {
            return Err(CommandError::refused("the database is protected, and its server is left alone")
                .help("let it be a throw-away server: `--scratch server`"));
        }
        let connection = match connect(&target.url, home).await {
            // The server is there all the same.
            Err(error @ ConnectError::NoDatabase { .. }) => match target.url.with_database("postgres") {
                Some(url) => connect(&url, home).await?,
                None => return Err(error.into()),
            },
            connected => connected?,
        };
        let (role, may_create) = Databases::new(&connection.client, &target.url).role().await.map_err(failed)?;
        if !may_create {
            connection.close().await;
            return Err(CommandError::refused(format!("role `{role}` may not create databases"))
                .help(format!("let it: `ALTER ROLE {role} CREATEDB`"))
                .help("or let it be a throw-away server: `--scratch server`"));
        }
        Ok(Self { connection, url: target.url.clone(), role, server: None, instead: None })
    }

    /// Its scratch databases.
    pub fn databases(&self) -> Databases<'_> {
        Databases::new(&self.connection.client, &self.url)
    }

    /// The role that owns what is made there.
    pub fn role(&self) -> &str {
        &self.role
    }

    /// Connects to one of its databases.
    ///
    /// # Errors
    /// As [`connect`].
    pub async fn connect(&self, database: &ScratchDatabase) -> Result<Connection, CommandError> {
        Ok(connect(&database.url, None).await?)
    }

    /// Says good-bye, and removes what is old or was made for this run alone.
    pub async fn end(self) {
        if self.server.is_none() {
            // What stays is found by the next run.
            drop(self.databases().reap().await);
        }
        self.connection.close().await;
        if let Some(server) = self.server {
            server.stop().await;
        }
    }
}

/// An error of a scratch database, as commands tell it.
pub(super) fn failed(error: ScratchError) -> CommandError {
    let help = error.help();
    CommandError::database(error).maybe_help(help)
}
