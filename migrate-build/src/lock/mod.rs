//! The lock file: what the sealed migrations were, so that whatever happens to them since is noticed.

pub mod compare;
pub mod format;
mod hash;
mod parse;

pub use format::{Break, FILE, FORMAT, Lock, Seal};
pub use hash::Hash;
pub use parse::parse;
