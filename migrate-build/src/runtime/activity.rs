//! What goes on in a database's history, and what happened there last. Reads only, in one round trip.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio_postgres::{Client, SimpleQueryRow};

use super::error::{Error, Holder};
use super::lock::{holder, holders_query};
use super::sql::LOG;
use super::state::{State, query};
use super::table::{advisory_key, literal};

/// Who changes a history, and who did so last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Activity {
    /// Who holds the lock now.
    pub holders: Vec<Holder>,
    /// The log's last row; `None` where there is no log, or none that may be read.
    pub last: Option<Change>,
}

/// A row of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// `upgrade`, `downgrade`, `stamp`, …
    pub action: String,
    /// The migration.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// When it ended.
    pub at: OffsetDateTime,
    /// Who did it.
    pub actor: String,
    /// What the server said where it failed.
    pub error: Option<String>,
}

/// Asks who holds the lock over the history that `state` was read from, and what the log's last row is.
///
/// # Errors
/// The connection or the server fails.
pub async fn read_activity(client: &Client, state: &State) -> Result<Activity, Error> {
    const DOING: &str = "reading what was done last";
    let mut sql = holders_query(advisory_key(&state.table));
    if state.log_readable() {
        sql.push_str(&format!(
            "; SELECT action, version, name, actor, outcome, error, \
             pg_catalog.to_char(pg_catalog.timezone('UTC', finished_at), 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') AS at \
             FROM {} WHERE history = {} ORDER BY id DESC LIMIT 1",
            state.table.sibling(LOG),
            literal(&state.table.name)
        ));
    }
    let rows = query(client, &sql, DOING).await?;
    let mut statements = rows.split(Option::is_none);
    let holders = statements.next().unwrap_or_default().iter().flatten().map(holder).collect();
    let last = match statements.next().unwrap_or_default().iter().flatten().next() {
        Some(row) => Some(change(row).ok_or_else(|| Error::Answer { doing: DOING.to_owned() })?),
        None => None,
    };
    Ok(Activity { holders, last })
}

fn change(row: &SimpleQueryRow) -> Option<Change> {
    let text = |column: &str| row.try_get(column).ok().flatten();
    let failed = text("outcome")? == "failed";
    Some(Change {
        action: text("action")?.to_owned(),
        version: text("version")?.parse().ok()?,
        name: text("name")?.to_owned(),
        at: OffsetDateTime::parse(text("at")?, &Rfc3339).ok()?,
        actor: text("actor")?.to_owned(),
        error: failed.then(|| text("error").unwrap_or("it failed").to_owned()),
    })
}
