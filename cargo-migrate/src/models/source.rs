//! The files that may say what is wanted, behind one trait.

use std::path::{Path, PathBuf};

use super::diesel::DieselSchema;
use super::error::ModelsError;
use super::modules;
use super::names::NamePatterns;
use super::sql_file::SqlFile;
use super::structs::Structs;
use super::wanted::Wanted;

/// Where models are where nothing is configured.
pub const DEFAULT_PATH: &str = "src/models.rs";

/// Something that says what schema is wanted.
pub trait Source {
    /// What it is, for messages: `models`, `Diesel's schema`, `SQL`.
    fn kind(&self) -> &'static str;

    /// Reads it, and turns it into statements.
    ///
    /// # Errors
    /// A file can't be read, or what is in it is wrong.
    fn wanted(&self) -> Result<Wanted, ModelsError>;
}

/// Finds out what the file at `path`, relative to the package's `root`, is: SQL by its ending, Diesel's schema by its `table!`, or
/// structs that derive `Table`.
///
/// # Errors
/// It can't be read.
pub fn open(root: &Path, path: &Path, patterns: &NamePatterns) -> Result<Box<dyn Source>, ModelsError> {
    let (root, path): (PathBuf, PathBuf) = (root.to_owned(), path.to_owned());
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("sql")) {
        return Ok(Box::new(SqlFile { root, path }));
    }
    let tree = modules::load(&root, &path)?;
    let is_diesel = tree.modules.iter().flat_map(|module| &module.items).any(|item| match item {
        syn::Item::Macro(item) => item.mac.path.segments.last().is_some_and(|last| last.ident == "table"),
        _ => false,
    });
    if is_diesel {
        return Ok(Box::new(DieselSchema { root, path }));
    }
    Ok(Box::new(Structs { root, path, patterns: patterns.clone() }))
}
