//! What a database says of its history. Reads only, in two round trips, and works for a role that may only SELECT.

use std::fmt;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio_postgres::{Client, SimpleQueryMessage, SimpleQueryRow};

use super::error::Error;
use super::refusal::Refusal;
use super::sql::{ARCHIVE, LOG, PROGRESS};
use super::table::{Table, configured, literal, regclass};
use crate::checksum::VersionWidth;
use crate::direction::Direction;
use crate::history_name::HistoryName;

/// A row of the history table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Its version.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// When it was applied: RFC 3339.
    pub applied_on: String,
    /// Refinery's checksum of the script that was applied.
    pub checksum: u64,
}

/// A non-transactional migration that stopped between its first statement and its last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interrupted {
    /// Its version.
    pub version: i64,
    /// Which script was running.
    pub direction: Direction,
    /// Its statements of which the database has a record, in order.
    pub statements: Vec<Progress>,
}

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [Progress { cursor: Some(_), rows, .. }] = self.statements.as_slice() {
            return write!(f, "the backfill of migration {} stopped after {rows} rows", self.version);
        }
        let done = self.statements.iter().filter(|statement| statement.state == ProgressState::Done).count();
        write!(f, "the {} script of migration {} was interrupted after {done} statements", self.direction, self.version)
    }
}

/// What is recorded of one statement of a non-transactional migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Its number, from 1.
    pub number: usize,
    /// SHA-256 of its text, hexadecimal.
    pub sha256: String,
    /// How far it came.
    pub state: ProgressState,
    /// The last key of the last batch that is done, where it is a backfill.
    pub cursor: Option<String>,
    /// How many rows a backfill has gone through.
    pub rows: u64,
}

/// How far a statement came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProgressState {
    /// Begun; whether it finished is not known.
    Running,
    /// Finished.
    Done,
    /// The server refused it.
    Failed,
}

/// A database's history and what goes with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// The history table: the one that exists, or the one that would be created.
    pub table: Table,
    /// Whether the history table exists.
    pub exists: bool,
    /// How its versions are stored.
    pub width: VersionWidth,
    /// Its rows, lowest version first.
    pub applied: Vec<Applied>,
    /// Non-transactional migrations that stopped in the middle, lowest version first.
    pub interrupted: Vec<Interrupted>,
    /// Whether the schema, the archive, the log and the progress table exist as well.
    pub complete: bool,
    /// Why the database can't be written, where it can't.
    pub read_only: Option<&'static str>,
    /// Whether the session reads a backslash in a plain string as SQL's standard says.
    pub conforming_strings: bool,
    /// `server_version_num`.
    pub server_version: u32,
    /// The database's name.
    pub database: String,
    schema_exists: bool,
    progress_readable: bool,
    archive_readable: bool,
    log_has_details: bool,
    log_readable: bool,
}

impl State {
    /// The tables that are ours, whether they exist or not: the history and those beside it.
    pub fn own_tables(&self) -> [Table; 4] {
        [self.table.clone(), self.table.sibling(ARCHIVE), self.table.sibling(LOG), self.table.sibling(PROGRESS)]
    }

    pub(super) fn schema_exists(&self) -> bool {
        self.schema_exists
    }

    /// Whether there is an archive that the session may read.
    pub fn archive_readable(&self) -> bool {
        self.archive_readable
    }

    /// Whether the progress table is there and the session may read it.
    pub fn progress_readable(&self) -> bool {
        self.progress_readable
    }

    /// Whether there is a log that the session may read.
    pub(super) fn log_readable(&self) -> bool {
        self.log_readable
    }

    /// Whether the log has the column for details, which it lacks where an older version made it.
    pub(super) fn log_has_details(&self) -> bool {
        self.log_has_details
    }
}

/// Reads what `history` (`table`, `schema.table`, or refinery's default name) holds.
///
/// # Errors
/// The connection or the server fails, the table is no history, or a row of it is malformed.
pub async fn read_state(client: &Client, history: Option<&str>) -> Result<State, Error> {
    let mut state = probe(client, history).await?;
    if state.exists {
        let rows = query(client, &rows_query(&state), "reading the history").await?;
        fill(&mut state, &rows)?;
    }
    Ok(state)
}

/// Finds the history table and what is beside it.
async fn probe(client: &Client, history: Option<&str>) -> Result<State, Error> {
    let doing = "looking for the history";
    let configured = configured(history)?;
    let rows = query(client, &probe_query(&configured), doing).await?;
    let row = rows.first().and_then(Option::as_ref).ok_or_else(|| Error::Answer { doing: doing.to_owned() })?;
    let text = |column: &str| row.try_get(column).ok().flatten();
    let flag = |column: &str| text(column) == Some("t");
    let exists = text("found").is_some();
    let schema = match (text("found"), &configured.schema, text("current_schema")) {
        (Some(schema), _, _) => schema.to_owned(),
        (None, Some(schema), _) => schema.clone(),
        (None, None, Some(schema)) => schema.to_owned(),
        (None, None, None) => {
            return Err(Error::ForeignTable {
                table: regclass(&configured),
                reason: "no schema of the search_path exists, so there is no place for it".to_owned(),
            });
        }
    };
    let table = Table { schema, name: configured.table };
    let width = match text("columns") {
        Some(columns) if exists => width_of(&table, columns)?,
        _ => VersionWidth::Int8,
    };
    Ok(State {
        exists,
        width,
        applied: Vec::new(),
        interrupted: Vec::new(),
        complete: exists && flag("complete"),
        read_only: match (flag("in_recovery"), text("read_only")) {
            (true, _) => Some("the server is a standby"),
            (false, Some("on")) => Some("the session is read-only"),
            _ => None,
        },
        conforming_strings: text("strings") != Some("off"),
        server_version: text("version").and_then(|version| version.parse().ok()).unwrap_or_default(),
        database: text("database").unwrap_or_default().to_owned(),
        schema_exists: flag("schema_exists"),
        progress_readable: flag("progress_readable"),
        archive_readable: flag("archive_readable"),
        log_has_details: flag("log_has_details"),
        log_readable: flag("log_readable"),
        table,
    })
}

fn probe_query(configured: &HistoryName) -> String {
    let siblings = [ARCHIVE, LOG, PROGRESS].map(literal).join(", ");
    let schema = configured.schema.as_deref().map_or_else(|| "pg_catalog.current_schema()".to_owned(), literal);
    format!(
        "SELECT pg_catalog.current_setting('server_version_num') AS version, \
         pg_catalog.current_database() AS database, \
         pg_catalog.pg_is_in_recovery() AS in_recovery, \
         pg_catalog.current_setting('transaction_read_only') AS read_only, \
         pg_catalog.current_setting('standard_conforming_strings') AS strings, \
         pg_catalog.current_schema() AS current_schema, \
         EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = {schema}) AS schema_exists, \
         n.nspname AS found, \
         (SELECT pg_catalog.string_agg(a.attname || ' ' || pg_catalog.format_type(a.atttypid, NULL), ',' ORDER BY a.attnum) \
          FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns, \
         (SELECT pg_catalog.count(*) = 3 FROM pg_catalog.pg_class s \
          WHERE s.relnamespace = n.oid AND s.relname IN ({siblings})) AS complete, \
         (SELECT pg_catalog.has_table_privilege(s.oid, 'SELECT') FROM pg_catalog.pg_class s \
          WHERE s.relnamespace = n.oid AND s.relname = {progress}) AS progress_readable, \
         (SELECT pg_catalog.has_table_privilege(s.oid, 'SELECT') FROM pg_catalog.pg_class s \
          WHERE s.relnamespace = n.oid AND s.relname = {archive}) AS archive_readable, \
         (SELECT pg_catalog.has_table_privilege(s.oid, 'SELECT') FROM pg_catalog.pg_class s \
          WHERE s.relnamespace = n.oid AND s.relname = {log}) AS log_readable, \
         EXISTS (SELECT FROM pg_catalog.pg_class s JOIN pg_catalog.pg_attribute a ON a.attrelid = s.oid \
          WHERE s.relnamespace = n.oid AND s.relname = {log} AND a.attname = 'details' AND NOT a.attisdropped) AS log_has_details \
         FROM (SELECT pg_catalog.to_regclass({table})) AS t(oid) \
         LEFT JOIN pg_catalog.pg_class c ON c.oid = t.oid \
         LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace",
        progress = literal(PROGRESS),
        archive = literal(ARCHIVE),
        log = literal(LOG),
        table = literal(&regclass(configured)),
    )
}

fn width_of(table: &Table, columns: &str) -> Result<VersionWidth, Error> {
    let foreign = |reason: String| Error::ForeignTable { table: table.to_string(), reason };
    let type_of = |name: &str| {
        columns.split(',').find_map(|column| column.strip_prefix(name).and_then(|rest| rest.strip_prefix(' ')))
    };
    for column in ["name", "applied_on", "checksum"] {
        match type_of(column) {
            Some("character varying" | "text") => {}
            Some(other) => return Err(foreign(format!("its column `{column}` is of type {other}"))),
            None => return Err(foreign(format!("it has no column `{column}`"))),
        }
    }
    match type_of("version") {
        Some("integer") => Ok(VersionWidth::Int4),
        Some("bigint") => Ok(VersionWidth::Int8),
        Some(other) => Err(foreign(format!("its column `version` is of type {other}"))),
        None => Err(foreign("it has no column `version`".to_owned())),
    }
}

/// The statements that read the rows: of the history, then of the progress table where it may be read.
pub(super) fn rows_query(state: &State) -> String {
    let mut sql = format!("SELECT version, name, applied_on, checksum FROM {} ORDER BY version", state.table);
    if state.progress_readable {
        sql.push_str(&format!(
            "; SELECT version, direction, statement, sha256, state, cursor, rows FROM {} WHERE history = {} \
             ORDER BY version, direction, statement",
            state.table.sibling(PROGRESS),
            literal(&state.table.name)
        ));
    }
    sql
}

/// Replaces the rows in `state` by those that the statements of [`rows_query`] gave; `None` ends a statement's rows.
pub(super) fn fill(state: &mut State, rows: &[Option<SimpleQueryRow>]) -> Result<(), Error> {
    state.applied.clear();
    state.interrupted.clear();
    let mut statements = rows.split(Option::is_none);
    for row in statements.next().unwrap_or_default().iter().flatten() {
        state.applied.push(applied(&state.table, row)?);
    }
    for row in statements.next().unwrap_or_default().iter().flatten() {
        let (version, direction, statement) = progress(row)
            .ok_or_else(|| Error::Answer { doing: "reading the progress of interrupted migrations".to_owned() })?;
        match state.interrupted.last_mut() {
            Some(last) if last.version == version && last.direction == direction => last.statements.push(statement),
            _ => state.interrupted.push(Interrupted { version, direction, statements: vec![statement] }),
        }
    }
    Ok(())
}

fn applied(table: &Table, row: &SimpleQueryRow) -> Result<Applied, Error> {
    let malformed = |reason: &str| Error::MalformedRow {
        table: table.to_string(),
        version: row.try_get("version").ok().flatten().unwrap_or("NULL").to_owned(),
        reason: reason.to_owned(),
    };
    let text =
        |column: &str| row.try_get(column).ok().flatten().ok_or_else(|| malformed(&format!("its `{column}` is NULL")));
    let applied_on = text("applied_on")?;
    OffsetDateTime::parse(applied_on, &Rfc3339)
        .map_err(|_| malformed(&format!("its `applied_on` is no RFC 3339 time: `{applied_on}`")))?;
    let checksum = text("checksum")?;
    Ok(Applied {
        version: text("version")?.parse().map_err(|_| malformed("its `version` is no number"))?,
        name: text("name")?.to_owned(),
        applied_on: applied_on.to_owned(),
        checksum: checksum
            .parse()
            .map_err(|_| malformed(&format!("its `checksum` is no unsigned 64-bit number: `{checksum}`")))?,
    })
}

fn progress(row: &SimpleQueryRow) -> Option<(i64, Direction, Progress)> {
    let text = |column: &str| row.try_get(column).ok().flatten();
    let direction = match text("direction")? {
        "up" => Direction::Up,
        "down" => Direction::Down,
        _ => return None,
    };
    let state = match text("state")? {
        "running" => ProgressState::Running,
        "done" => ProgressState::Done,
        "failed" => ProgressState::Failed,
        _ => return None,
    };
    let number = text("statement")?.parse().ok()?;
    let (sha256, cursor) = (text("sha256")?.to_owned(), text("cursor").map(str::to_owned));
    let rows = text("rows").and_then(|rows| rows.parse().ok()).unwrap_or_default();
    Some((text("version")?.parse().ok()?, direction, Progress { number, sha256, state, cursor, rows }))
}

/// Sends one message and gives its rows; `None` stands for the end of each statement.
pub(super) async fn query(client: &Client, sql: &str, doing: &str) -> Result<Vec<Option<SimpleQueryRow>>, Error> {
    let messages = client.simple_query(sql).await.map_err(|source| Error::from_driver(doing, source))?;
    Ok(messages
        .into_iter()
        .filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(Some(row)),
            SimpleQueryMessage::CommandComplete(_) => Some(None),
            _ => None,
        })
        .collect())
}

/// Refuses to write where the server won't let us, or would read scripts otherwise than we do, before anything is tried.
pub(super) fn refuse_session(state: &State) -> Result<(), Error> {
    match state.read_only {
        Some(reason) => Err(Error::ReadOnly(reason)),
        None if !state.conforming_strings => Err(Error::Strings),
        None => Ok(()),
    }
}

/// Refuses versions that the table can't hold.
pub(super) fn refuse_too_large(state: &State, versions: &[i64]) -> Result<(), Error> {
    match versions.iter().find(|&&version| !state.width.holds(version)) {
        Some(&version) => Err(Refusal::VersionTooLarge { table: state.table.to_string(), version }.into()),
        None => Ok(()),
    }
}
