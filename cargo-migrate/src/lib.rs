//! The library under the `cargo-migrate` binary: commands, the engine under them, and the rehearsal of a promotion.
#![warn(missing_docs)]

pub mod authoring;
pub mod config;
pub mod file_changes;
pub mod graph_view;
pub mod rendering;
pub mod revision;
pub mod rust_text;
pub mod scaffold;
