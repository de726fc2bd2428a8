//! What the end-to-end tests stand on: servers, temporary projects, and the real binary.
#![warn(missing_docs)]

pub mod bench;
pub mod environment;
pub mod history;
pub mod invocation;
pub mod output;
#[cfg(unix)]
pub mod pooler;
pub mod postgres;
pub mod project;
#[cfg(unix)]
pub mod proxy;
pub mod repository;
pub mod role;
#[cfg(unix)]
pub mod round_trips;
#[cfg(unix)]
pub mod running;
#[cfg(unix)]
pub mod standby;
pub mod versioned;
