//! Reading a schema from a server.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, SimpleQueryMessage, SimpleQueryRow};

use crate::schema::error::SchemaError;
use crate::schema::links::{Address, Links};
use crate::schema::name::QualifiedName;
use crate::schema::object::{Kind, Object};
use crate::schema::snapshot::{Definition, Snapshot};
use crate::schema::statement;

/// Reads the whole schema of the database that the client is connected to, in two round trips and one read-only transaction.
///
/// System schemas and members of extensions are left out, and so are the relations named in `ignore`, with their indexes, constraints,
/// triggers and sequences. It needs no privilege beyond CONNECT. The client must not be in a transaction.
///
/// # Errors
/// When the server refuses or is older than version 13, or the connection breaks. An object that another session drops in the middle
/// may make the server refuse as well.
pub async fn take(client: &Client, ignore: &[QualifiedName]) -> Result<Snapshot, SchemaError> {
    let major = major_version(client).await?;
    snapshot(&run(client, &statement::snapshot(major, ignore)).await.map_err(SchemaError::Query)?)
}

/// As [`take`], but in the transaction that the client is in, and with what that has changed. Its settings are others afterwards.
///
/// # Errors
/// As [`take`]; the transaction is to be rolled back then.
pub async fn take_within(client: &Client, ignore: &[QualifiedName]) -> Result<Snapshot, SchemaError> {
    let major = major_version(client).await?;
    snapshot(&client.simple_query(&statement::within(major, ignore)).await.map_err(SchemaError::Query)?)
}

/// Whether any table of the database, but for those of `ignore`, has rows or had some.
///
/// # Errors
/// When the server refuses, or the connection breaks.
pub async fn has_rows(client: &Client, ignore: &[QualifiedName]) -> Result<bool, SchemaError> {
    let answer = client.simple_query(&statement::rows(ignore)).await.map_err(SchemaError::Query)?;
    Ok(answer.iter().any(|message| matches!(message, SimpleQueryMessage::Row(_))))
}

/// Takes snapshots again and again: the server plans the query once for the session, which is most of the work for a small
/// schema, and each snapshot is one round trip.
///
/// It leaves a prepared statement in the session, and makes it anew if somebody has removed it (`DISCARD ALL`).
#[derive(Debug)]
pub struct Reader {
    prepare: String,
    execute: String,
}

impl Reader {
    /// Prepares the query in the client's session. What is read and left out is as [`take`] has it.
    ///
    /// # Errors
    /// As [`take`].
    pub async fn new(client: &Client, ignore: &[QualifiedName]) -> Result<Self, SchemaError> {
        // Several readers may share a session.
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let major = major_version(client).await?;
        let name = format!("cargo_migrate_schema_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let reader = Self { prepare: statement::prepare(&name, major, ignore), execute: statement::execute(&name) };
        run(client, &reader.prepare).await.map_err(SchemaError::Query)?;
        Ok(reader)
    }

    /// Reads the whole schema, by the client that the reader was made with.
    ///
    /// # Errors
    /// As [`take`].
    pub async fn take(&self, client: &Client) -> Result<Snapshot, SchemaError> {
        let answer = match run(client, &self.execute).await {
            Err(error) if error.code() == Some(&SqlState::INVALID_SQL_STATEMENT_NAME) => {
                run(client, &self.prepare).await.map_err(SchemaError::Query)?;
                run(client, &self.execute).await
            }
            answer => answer,
        };
        snapshot(&answer.map_err(SchemaError::Query)?)
    }
}

/// Sends one message that is a transaction of its own, and ends that transaction if it fails.
async fn run(client: &Client, message: &str) -> Result<Vec<SimpleQueryMessage>, tokio_postgres::Error> {
    let answer = client.simple_query(message).await;
    if answer.is_err() {
        // The error that counts is the message's; a connection that can't roll back is of no use to anybody.
        drop(client.batch_execute("ROLLBACK").await);
    }
    answer
}

fn snapshot(answer: &[SimpleQueryMessage]) -> Result<Snapshot, SchemaError> {
    let mut snapshot = Snapshot::default();
    let mut links = Links::default();
    for message in answer {
        let SimpleQueryMessage::Row(row) = message else { continue };
        if row.columns().first().is_some_and(|column| column.name() == "link") {
            let (from, to) = (
                address(row, ["classid", "objid", "objsubid"])?,
                address(row, ["refclassid", "refobjid", "refobjsubid"])?,
            );
            if required(row, "link")? == "alias" { links.alias(from, to) } else { links.edge(from, to) }
        } else {
            let (object, definition) = read(row)?;
            links.object(address(row, ["classid", "objid", "objsubid"])?, &object);
            snapshot.insert(object, definition).map_err(SchemaError::Twice)?;
        }
    }
    links.resolve(&mut snapshot);
    Ok(snapshot)
}

async fn major_version(client: &Client) -> Result<u32, SchemaError> {
    let messages = client.simple_query("SHOW server_version_num").await.map_err(SchemaError::Query)?;
    for message in messages {
        if let SimpleQueryMessage::Row(row) = message {
            let text = required(&row, "server_version_num")?;
            let number: u32 =
                text.parse().map_err(|_| SchemaError::Answer(format!("`{text}` is no version number")))?;
            let major = number / 10_000;
            if major < statement::OLDEST {
                return Err(SchemaError::ServerTooOld { major, oldest: statement::OLDEST });
            }
            return Ok(major);
        }
    }
    Err(SchemaError::Answer("it has no version number".to_owned()))
}

fn read(row: &SimpleQueryRow) -> Result<(Object, Definition), SchemaError> {
    let word = required(row, "kind")?;
    let kind: Kind = word.parse().map_err(|error| SchemaError::Answer(format!("{error}: `{word}`")))?;
    let object = Object { kind, identity: required(row, "identity")? };
    let definition = Definition {
        body: optional(row, "body")?.unwrap_or_default(),
        part_of: optional(row, "part_of")?,
        owner: optional(row, "owner")?,
        privileges: lines(optional(row, "privileges")?),
        comment: optional(row, "comment")?,
        labels: lines(optional(row, "labels")?),
        detail: optional(row, "detail")?,
        needs: Vec::new(),
    };
    Ok((object, definition))
}

/// Where the catalogue has an object: the catalogue's oid, the object's, and the column's number or 0.
fn address(row: &SimpleQueryRow, columns: [&str; 3]) -> Result<Address, SchemaError> {
    let number = |column| -> Result<u32, SchemaError> {
        let text = row.try_get(column).map_err(SchemaError::Query)?.unwrap_or_default();
        // Columns of the system have negative numbers, and are no objects.
        text.parse()
            .or(if text.starts_with('-') { Ok(u32::MAX) } else { Err(()) })
            .map_err(|()| SchemaError::Answer(format!("`{text}` is no oid")))
    };
    let [class, object, part] = columns;
    Ok((number(class)?, number(object)?, number(part)?))
}

fn lines(text: Option<String>) -> Vec<String> {
    text.map(|text| text.lines().map(str::to_owned).collect()).unwrap_or_default()
}

fn optional(row: &SimpleQueryRow, column: &str) -> Result<Option<String>, SchemaError> {
    Ok(row.try_get(column).map_err(SchemaError::Query)?.map(str::to_owned))
}

fn required(row: &SimpleQueryRow, column: &str) -> Result<String, SchemaError> {
    optional(row, column)?.ok_or_else(|| SchemaError::Answer(format!("`{column}` is null")))
}
