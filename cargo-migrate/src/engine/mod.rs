//! Talking to a server: connecting, cancelling, and what a run's log shall say of its origin.

pub mod connect;
pub mod git;
pub mod interrupt;
pub mod tls;
