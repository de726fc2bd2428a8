//! Sealing migrations, and finding what was sealed in git's history.

pub mod origin;
mod seal;

pub use seal::{Sealing, sealed};
