//! The one reader of the migrations folder.

mod folder;
mod heads;
mod listing;
mod lock_file;
mod parents;
mod text;

pub(crate) use folder::scan_whole;
pub use folder::{Folder, SCHEMA, VERSIONS, scan};
pub(crate) use heads::Contents;
