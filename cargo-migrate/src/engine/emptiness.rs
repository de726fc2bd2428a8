//! What the lint asks a database: its version, and which tables hold nothing.

use std::collections::BTreeSet;

use tokio_postgres::Client;

use crate::error::CommandError;
use crate::hazards::Relation;

/// Which of these tables have no row and never had one since they were last emptied: their file is empty. What is no plain table, or isn't there,
/// is left out.
///
/// # Errors
/// The database can't be asked.
pub async fn empty_tables(client: &Client, tables: &BTreeSet<Relation>) -> Result<BTreeSet<Relation>, CommandError> {
    let all: Vec<&Relation> = tables.iter().collect();
    let names: Vec<String> = all.iter().map(ToString::to_string).collect();
    let rows = client
        .query(
            "SELECT n.number FROM pg_catalog.unnest($1::pg_catalog.text[]) WITH ORDINALITY AS n (name, number)
             JOIN pg_catalog.pg_class c ON c.oid = pg_catalog.to_regclass(n.name)
             WHERE c.relkind = 'r' AND NOT c.relhassubclass AND pg_catalog.pg_relation_size(c.oid) = 0",
            &[&names],
        )
        .await
        .map_err(CommandError::database)?;
    let at = |row: &tokio_postgres::Row| usize::try_from(row.get::<_, i64>(0)).ok()?.checked_sub(1);
    Ok(rows.iter().filter_map(at).filter_map(|at| all.get(at).map(|table| (*table).clone())).collect())
}

/// The server's major version.
///
/// # Errors
/// The database can't be asked.
pub async fn major_version(client: &Client) -> Result<Option<u32>, CommandError> {
    let row = client
        .query_one("SELECT pg_catalog.current_setting('server_version_num')::pg_catalog.int4 / 10000", &[])
        .await
        .map_err(CommandError::database)?;
    Ok(u32::try_from(row.get::<_, i32>(0)).ok())
}
