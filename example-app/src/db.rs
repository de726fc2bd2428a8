//! The database: its migrations and its connections.

use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod};
use tokio_postgres::{Client, Config, NoTls};

use crate::args::Migrate;
use crate::error::Error;

migrate_build::include_migrations!();

/// Brings the schema to the embedded head, or makes sure that it is there. The connection is its own: migrations hold a
/// lock on it, and nothing of theirs goes back to the pool.
pub(crate) async fn migrate(config: &Config, migrate: Migrate) -> Result<Vec<i64>, Error> {
    match migrate {
        Migrate::Upgrade => {
            let mut client = connect(config).await?;
            Ok(MIGRATIONS.upgrade(&mut client).await?.applied)
        }
        Migrate::Verify => {
            let client = connect(config).await?;
            MIGRATIONS.verify(&client).await?;
            Ok(Vec::new())
        }
        Migrate::Off => Ok(Vec::new()),
    }
}

/// One connection outside of the pool.
pub(crate) async fn connect(config: &Config) -> Result<Client, Error> {
    let (client, connection) = config.connect(NoTls).await.map_err(Error::Connect)?;
    // An error of the connection comes out of every query on the client, too.
    tokio::spawn(connection);
    Ok(client)
}

/// Connections for requests: made when they are needed, asked whether they still work before each use, and replaced where
/// they don't, so that a restart of the server costs no request.
pub(crate) fn pool(config: &Config) -> Result<Pool, Error> {
    let recycling = ManagerConfig { recycling_method: RecyclingMethod::Verified };
    Ok(Pool::builder(Manager::from_config(config.clone(), NoTls, recycling)).max_size(8).build()?)
}
