//! The folder as a whole: which migrations it holds, and what each builds on.

use std::fs;
use std::path::{Path, PathBuf};

use super::text;
use crate::diagnostic::Diagnostic;
use crate::error::Error;
use crate::graph::{Graph, GraphError, Node};
use crate::lock::Lock;
use crate::migration::Migration;

/// The file that `cargo migrate schema --write` keeps, in the migrations folder.
pub const SCHEMA: &str = "schema.sql";

/// The folder of the scripts, in the migrations folder.
pub const VERSIONS: &str = "versions";

/// The folder of the scripts that are written in Rust, likewise.
pub(super) const RUST: &str = "rust";

/// A migrations folder that was read.
#[derive(Clone, Debug)]
pub struct Folder {
    /// Where it is.
    pub root: PathBuf,
    /// What messages call it: its path relative to the package (`migrations`).
    pub shown: PathBuf,
    /// Its migrations, lowest version first; no version occurs twice.
    pub migrations: Vec<Migration>,
    /// What was found while reading: unknown files, malformed headers, versions that occur twice, parents that are not
    /// named where they must be, down scripts without an up script.
    pub findings: Vec<Diagnostic>,
    /// The scripts written in Rust (`rust/V1__create_books.rs`), sorted.
    pub rust: Vec<PathBuf>,
    /// What is sealed.
    pub lock: Lock,
}

impl Folder {
    /// Reads one of the folder's files whole, named as in [`Migration::up`]: CRLF is folded to LF and a byte-order mark is
    /// dropped.
    ///
    /// # Errors
    /// The file can't be read, is not UTF-8, or holds a NUL character.
    pub fn text(&self, relative: &Path) -> Result<String, Error> {
        let shown = self.shown(relative);
        match fs::read(self.root.join(relative)) {
            Ok(bytes) => text::fold(bytes, || shown.clone()),
            Err(source) => Err(Error::Read { path: shown, source }),
        }
    }

    /// What messages call one of the folder's files.
    pub fn shown(&self, relative: &Path) -> PathBuf {
        self.shown.join(relative)
    }

    /// Returns the migration of that version.
    pub fn find(&self, version: i64) -> Option<&Migration> {
        let at = self.migrations.binary_search_by_key(&version, |migration| migration.version).ok()?;
        self.migrations.get(at)
    }

    /// Returns the migrations as a graph, and what is wrong with their parents.
    pub fn graph(&self) -> (Graph, Vec<GraphError>) {
        Graph::new(
            self.migrations
                .iter()
                .map(|Migration { version, parents, .. }| Node { version: *version, parents: parents.clone() }),
        )
    }

    /// Returns the source of a migration that is written in Rust.
    pub fn rust_source(&self, migration: &Migration) -> Option<&Path> {
        if self.rust.is_empty() {
            return None;
        }
        let source = Path::new(RUST).join(migration.up.with_extension("rs").file_name()?);
        let at = self.rust.binary_search(&source).ok()?;
        self.rust.get(at).map(PathBuf::as_path)
    }
}
