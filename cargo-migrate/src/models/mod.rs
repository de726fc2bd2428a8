//! What the models want: tables, keys, indexes and types, read from source text without compiling it, and the SQL that makes them.
//!
//! [`open`] finds out of what kind the configured file is: structs that derive `Table`, Diesel's `schema.rs`, or plain SQL. Each is a
//! [`Source`], and what it yields is a [`Wanted`]. Nothing here talks to a server.

mod build;
mod cfg;
mod check;
mod create;
mod diesel;
mod diesel_macros;
mod diesel_types;
mod error;
mod keys;
mod modules;
mod names;
mod read;
mod rules;
mod rust_type;
mod schema;
mod scope;
mod source;
mod sql;
mod sql_file;
mod structs;
mod text;
mod wanted;

pub use error::{ModelsError, Refused};
pub use names::{NamePatterns, PATTERN_KEYS, PatternError};
pub use rules::RULES;
pub use schema::{
    Check, Column, Domain, Enum, Exclusion, ForeignKey, Generation, Index, Key, KeyPart, Label, Models, Said, Table,
    Timing,
};
pub use source::{DEFAULT_PATH, Source, open};
pub use text::{Place, Sources};
pub use wanted::{Aspect, Coverage, Hint, Phase, Statement, Wanted};
