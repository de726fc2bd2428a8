//! What the end-to-end tests stand on: servers, temporary projects, and the real binary.
#![warn(missing_docs)]

pub mod history;
pub mod postgres;
