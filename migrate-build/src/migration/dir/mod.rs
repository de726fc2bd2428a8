//! The one reader of the migrations folder.

mod folder;
mod heads;
mod listing;
mod lock_file;
mod parents;
mod scan;
mod text;

pub use folder::{Folder, SCHEMA, VERSIONS};
pub(crate) use heads::Contents;
pub use scan::scan;
pub(crate) use scan::scan_whole;
