//! The least that an application does: bring its database to the embedded head, and go on.
#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "short, to be read")]

use tokio_postgres::NoTls;

mod db {
    migrate_build::include_migrations!();
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::var("DATABASE_URL")?;
    let (mut client, connection) = tokio_postgres::connect(&url, NoTls).await?;
    tokio::spawn(connection);

    let report = db::MIGRATIONS.upgrade(&mut client).await?;
    println!("applied {:?}, now at {:?}", report.applied, db::MIGRATIONS.head());
    Ok(())
}
