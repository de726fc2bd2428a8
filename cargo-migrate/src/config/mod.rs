//! Configuration: what is written where, which of it wins, and the only place that reads the environment.

pub mod database_url;
pub mod environment;
