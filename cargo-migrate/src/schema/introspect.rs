//! Reading a schema from a server.

use tokio_postgres::{Client, SimpleQueryMessage, SimpleQueryRow};

use crate::schema::error::SchemaError;
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
    if major < statement::OLDEST {
        return Err(SchemaError::ServerTooOld { major, oldest: statement::OLDEST });
    }
    let messages = match client.simple_query(&statement::snapshot(major, ignore)).await {
        Ok(messages) => messages,
        Err(error) => {
            // The error that counts is the query's; a connection that can't roll back is of no use to anybody.
            drop(client.batch_execute("ROLLBACK").await);
            return Err(SchemaError::Query(error));
        }
    };
    let mut snapshot = Snapshot::default();
    for message in messages {
        if let SimpleQueryMessage::Row(row) = message {
            let (object, definition) = read(&row)?;
            snapshot.insert(object, definition).map_err(SchemaError::Twice)?;
        }
    }
    Ok(snapshot)
}

async fn major_version(client: &Client) -> Result<u32, SchemaError> {
    let messages = client.simple_query("SHOW server_version_num").await.map_err(SchemaError::Query)?;
    for message in messages {
        if let SimpleQueryMessage::Row(row) = message {
            let text = required(&row, "server_version_num")?;
            let number: u32 =
                text.parse().map_err(|_| SchemaError::Answer(format!("`{text}` is no version number")))?;
            return Ok(number / 10_000);
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
    };
    Ok((object, definition))
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
