//! The one reader of the migrations folder.

mod folder;
mod heads;
mod listing;
mod parents;
mod text;

pub use folder::{Folder, VERSIONS, scan};
