//! What can go wrong while a schema is read.

use crate::schema::object::Object;

/// A schema that could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SchemaError {
    /// The server refused, or the connection broke.
    #[error("could not read the database's schema")]
    Query(#[source] tokio_postgres::Error),
    /// The server is older than the catalogues that the queries know.
    #[error("could not read the schema of a server of version {major}: the oldest supported one is {oldest}")]
    ServerTooOld {
        /// The server's major version.
        major: u32,
        /// The oldest major version that can be read.
        oldest: u32,
    },
    /// The answer does not have the promised shape.
    #[error("could not understand the server's answer about its schema: {0}")]
    Answer(String),
    /// Two objects of one kind and identity.
    #[error("the database has two objects that are both called {0}")]
    Twice(Object),
}
