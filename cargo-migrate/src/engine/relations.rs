//! What a database says of relations, by its catalogues and statistics alone: no relation is opened, so nothing that is locked is waited for.

use std::collections::BTreeSet;

use tokio_postgres::Client;

use crate::error::CommandError;
use crate::hazards::{On, Relation};
use crate::plan::{Facts, Standing};

const SQL: &str = include_str!("relations.sql");

/// Reads what there is to know of `wanted`, all of it at once.
///
/// # Errors
/// The database can't be asked.
pub async fn read(client: &Client, wanted: &BTreeSet<On>) -> Result<Facts, CommandError> {
    if wanted.is_empty() {
        return Ok(Facts::new());
    }
    let all: Vec<&On> = wanted.iter().collect();
    let hows: Vec<&str> = all.iter().map(|on| how(on)).collect();
    let schemas: Vec<Option<&str>> = all.iter().map(|on| on.name().schema.as_deref()).collect();
    let names: Vec<&str> = all.iter().map(|on| on.name().name.as_str()).collect();
    let rows = client.query(SQL, &[&hows, &schemas, &names]).await.map_err(CommandError::database)?;
    let mut facts = Facts::new();
    for row in rows {
        let number = usize::try_from(row.get::<_, i64>(0)).unwrap_or_default();
        let Some(on) = number.checked_sub(1).and_then(|at| all.get(at)) else { continue };
        let name = Relation { schema: Some(row.get(1)), name: row.get(2) };
        let count = |column: usize| row.get::<_, Option<i64>>(column).and_then(|count| u64::try_from(count).ok());
        facts.entry((*on).clone()).or_default().push(Standing {
            name: name.to_string(),
            rows: count(3).unwrap_or_default(),
            bytes: count(4),
            partitions: count(5).unwrap_or_default(),
        });
    }
    Ok(facts)
}

fn how(on: &On) -> &'static str {
    match on {
        On::Relation(_) => "relation",
        On::TableOf(_) => "table of",
        On::ReferencedBy(_) => "referenced by",
        On::UsersOf(_) => "users of",
        On::DefaultPartitionOf(_) => "default partition of",
    }
}
