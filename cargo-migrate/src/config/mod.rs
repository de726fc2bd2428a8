//! Configuration: what is written where, which of it wins, and the only place that reads the environment.

pub mod database_url;
<<<<<<< HEAD
pub mod duration;
pub mod environment;
mod error;
mod glob;
pub mod layers;
pub mod manifest;
pub mod raw;

pub use error::ConfigError;
=======
pub mod environment;
>>>>>>> main
