//! Configuration: what is written where, which of it wins, and the only place that reads the environment.

mod connection_string;
pub mod database_url;
pub mod environment;
pub mod environments;
mod error;
mod glob;
pub mod layers;
pub mod manifest;
pub mod promote;
pub mod raw;

pub use error::ConfigError;
