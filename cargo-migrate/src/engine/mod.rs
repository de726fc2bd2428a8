//! Talking to a server: connecting, comparing, changing, cancelling.

pub mod act;
pub mod archive;
pub mod connect;
pub mod connect_error;
pub mod database;
pub mod emptiness;
pub mod everywhere;
pub mod follow;
pub mod gates;
pub mod give_way;
pub mod interrupt;
pub mod overview;
pub mod rebuild;
pub mod relations;
pub mod repair;
pub mod seed;
pub mod tls;
pub mod wait;
pub mod watch;
