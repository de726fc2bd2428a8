//! A package with migrations, as strict as a package can be about the module that is generated for it.
#![deny(warnings, missing_docs, unreachable_pub, unnameable_types, unused_qualifications)]

use migrate_build::runtime::{Error, Report};
use tokio_postgres::Client;

/// The module where it is seen from outside.
pub mod db {
    migrate_build::include_migrations!();
}

mod unused {
    migrate_build::include_migrations!();
}

/// Does at start-up what an application may do.
///
/// # Errors
/// The database is not what it should be.
pub async fn start(client: &mut Client) -> Result<Report, Error> {
    let report = db::MIGRATIONS.upgrade(client).await?;
    db::MIGRATIONS.verify(client).await?;
    assert!(db::MIGRATIONS.pending(client).await?.is_empty());
    Ok(report)
}
