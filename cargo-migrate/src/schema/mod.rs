//! A database's whole schema, read from the catalogues, and the comparison of two such readings.
//!
//! [`take`] reads every kind of object in one statement ([`Reader`] is for doing it often), [`compare`] says what differs between two readings, and
//! [`render`] shows that as a diff of definitions. Only `introspect` talks to a server; the rest is pure.

mod column;
mod compare;
pub mod detail;
mod error;
mod introspect;
mod links;
mod name;
mod object;
mod render;
mod snapshot;
mod statement;

pub use compare::{Change, Difference, compare};
pub use error::SchemaError;
pub use introspect::{Reader, has_rows, take, take_within};
pub use name::QualifiedName;
pub(crate) use name::literal;
pub use object::{Kind, Object, UnknownKind};
pub use render::{Limits, render};
pub use snapshot::{Definition, Snapshot};
