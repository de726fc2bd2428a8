//! The one reader of the migrations folder.

mod folder;
mod heads;
mod listing;
mod text;

pub use folder::{Folder, VERSIONS, scan};
