//! Throw-away PostgreSQL servers, from local binaries or in containers. Nothing of them is left behind, however their owner ends.

mod address;
#[cfg(feature = "containers")]
mod container;
mod copy;
mod database;
#[cfg(feature = "containers")]
mod engine;
mod error;
mod find;
mod guard;
mod local;
mod options;
mod platform;
mod server;

pub use self::{
    database::{BuildFailure, Databases, PREFIX, ScratchDatabase, build, read_note, roll_back, try_out, write_note},
    error::ScratchError,
    find::binaries,
    options::{DEFAULT_IMAGE, Engine, ServerOptions},
    server::{Cluster, Restart, Server, start},
};
