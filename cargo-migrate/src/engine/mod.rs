//! Talking to a server: connecting, comparing, changing, cancelling.

pub mod act;
pub mod connect;
pub mod database;
pub mod everywhere;
pub mod follow;
pub mod give_way;
pub mod interrupt;
pub mod seed;
pub mod tls;
pub mod watch;
