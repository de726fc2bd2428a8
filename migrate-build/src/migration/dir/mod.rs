//! The one reader of the migrations folder.

mod folder;
mod heads;
mod listing;
mod lock_file;
mod parents;
mod text;

pub use folder::{Folder, VERSIONS, scan};
