//! What the end-to-end tests stand on: servers, temporary projects, and the real binary.
#![warn(missing_docs)]

pub mod bench;
pub mod environment;
pub mod history;
pub mod invocation;
pub mod output;
pub mod postgres;
pub mod project;
pub mod repository;
pub mod role;
