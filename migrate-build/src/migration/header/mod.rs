//! The header of an up script: its leading `--!` lines, whose text is TOML.

mod backfill;
mod lines;
mod locate;
mod plain;
mod read;
mod render;
mod stray;
mod value;

pub use locate::{locate, locate_allow, locate_parent};
pub use read::{KEYS, parse};
pub use render::render;
pub use stray::stray;

pub(crate) use lines::{Extent, extent};
pub(crate) use plain::parse_plain;
