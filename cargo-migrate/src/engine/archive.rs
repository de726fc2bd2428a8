//! What the database keeps of applied migrations besides their history: their texts, and how far a stopped one came.

use std::collections::BTreeMap;

use migrate_build::direction::Direction;
use migrate_build::runtime::{Applied, State};
use tokio_postgres::{Client, SimpleQueryMessage, SimpleQueryRow};

use crate::error::CommandError;

/// A migration as it was when it was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Archived {
    /// Its version.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// What it builds on.
    pub parents: Vec<i64>,
    /// The up script.
    pub up: String,
    /// The down script.
    pub down: Option<String>,
    /// SHA-256 of the up script as the row has it, hexadecimal.
    pub up_sha256: String,
    /// The same of the down script.
    pub down_sha256: Option<String>,
    /// When it was applied: RFC 3339.
    pub applied_at: String,
    /// Who applied it.
    pub applied_by: String,
    /// The commit that was checked out then.
    pub git_commit: Option<String>,
}

/// What is recorded of a statement of a migration outside a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Its number, from 1.
    pub number: usize,
    /// `running`, `done` or `failed`.
    pub state: String,
    /// What the server said where it failed.
    pub error: Option<String>,
    /// When it was begun: RFC 3339.
    pub started_at: String,
}

/// Reads the rows of these migrations, by version. Where there is no archive, or none that may be read, there are none.
///
/// # Errors
/// The server refuses, or a row can't be understood.
pub async fn archived(
    client: &Client,
    state: &State,
    rows: &[&Applied],
) -> Result<BTreeMap<i64, Archived>, CommandError> {
    if rows.is_empty() || !state.archive_readable() {
        return Ok(BTreeMap::new());
    }
    let versions: Vec<String> = rows.iter().map(|row| row.version.to_string()).collect();
    let [_, archive, ..] = state.own_tables();
    let sql = format!(
        "SELECT version, name, pg_catalog.array_to_string(parents, ',') AS parents, up, down, up_sha256, down_sha256, \
         {} AS applied_at, applied_by, git_commit FROM {archive} WHERE history = {} AND version IN ({}) ORDER BY version",
        rfc3339("applied_at"),
        literal(&state.table.name),
        versions.join(", ")
    );
    let mut archived = BTreeMap::new();
    for row in select(client, &sql).await? {
        let row = read(&row).ok_or_else(|| CommandError::database("a row of the archive can't be understood"))?;
        archived.insert(row.version, row);
    }
    Ok(archived)
}

fn read(row: &SimpleQueryRow) -> Option<Archived> {
    let text = |column: &str| row.try_get(column).ok().flatten().map(str::to_owned);
    let parents = text("parents")?;
    Some(Archived {
        version: text("version")?.parse().ok()?,
        name: text("name")?,
        parents: parents.split(',').filter(|part| !part.is_empty()).map(str::parse).collect::<Result<_, _>>().ok()?,
        up: text("up")?,
        down: text("down"),
        up_sha256: text("up_sha256")?,
        down_sha256: text("down_sha256"),
        applied_at: text("applied_at")?,
        applied_by: text("applied_by")?,
        git_commit: text("git_commit"),
    })
}

/// Reads what is recorded of a migration's statements, in order.
///
/// # Errors
/// The server refuses.
pub async fn recorded(
    client: &Client,
    state: &State,
    version: i64,
    direction: Direction,
) -> Result<Vec<Recorded>, CommandError> {
    if !state.progress_readable() {
        return Ok(Vec::new());
    }
    let [.., progress] = state.own_tables();
    let sql = format!(
        "SELECT statement, state, error, {} AS started_at FROM {progress} WHERE history = {} AND version = {version} \
         AND direction = '{direction}' ORDER BY statement",
        rfc3339("started_at"),
        literal(&state.table.name)
    );
    let rows = select(client, &sql).await?;
    Ok(rows
        .iter()
        .filter_map(|row| {
            let text = |column: &str| row.try_get(column).ok().flatten().map(str::to_owned);
            Some(Recorded {
                number: text("statement")?.parse().ok()?,
                state: text("state")?,
                error: text("error"),
                started_at: text("started_at")?,
            })
        })
        .collect())
}

fn rfc3339(column: &str) -> String {
    format!("pg_catalog.to_char(pg_catalog.timezone('UTC', {column}), 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')")
}

/// A string literal; names hold no backslash that `standard_conforming_strings` could turn into something else unseen.
fn literal(text: &str) -> String {
    let quotes = text.replace('\'', "''");
    if quotes.contains('\\') { format!(" E'{}'", quotes.replace('\\', "\\\\")) } else { format!("'{quotes}'") }
}

async fn select(client: &Client, sql: &str) -> Result<Vec<SimpleQueryRow>, CommandError> {
    let messages = client.simple_query(sql).await.map_err(CommandError::database)?;
    let rows = messages.into_iter().filter_map(|message| match message {
        SimpleQueryMessage::Row(row) => Some(row),
        _ => None,
    });
    Ok(rows.collect())
}
