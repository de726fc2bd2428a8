//! Talking to a server: connecting, comparing, changing, cancelling.

pub mod act;
pub mod connect;
pub mod database;
pub mod emptiness;
pub mod follow;
pub mod interrupt;
pub mod seed;
pub mod tls;
