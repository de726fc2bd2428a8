//! A package's migrations as the offline commands see them: the files, their graph, and what is wrong with it.

use std::path::Path;

use migrate_build::diagnostic::Level;
use migrate_build::graph::{Graph, GraphError};
use migrate_build::migration::dir::{self, Folder};
use migrate_build::migration::{Migration, file_name};

use crate::context::Context;
use crate::error::CommandError;
use crate::revision;
use crate::ui::Ui;

/// The migrations of a package.
#[derive(Clone, Debug)]
pub struct History {
    /// Their files.
    pub folder: Folder,
    /// Their order; wrong edges are left out.
    pub graph: Graph,
    /// The wrong edges.
    pub errors: Vec<GraphError>,
}

impl History {
    /// Reads the migrations of the context's package.
    ///
    /// # Errors
    /// There is no package, no folder, or a file can't be read.
    pub fn load(context: &Context) -> Result<Self, CommandError> {
        Self::read(&context.folder()?, &context.settings()?.directory)
    }

    /// Reads the folder `root`, which messages call `shown`.
    ///
    /// # Errors
    /// There is no such folder, or a file can't be read.
    pub fn read(root: &Path, shown: &Path) -> Result<Self, CommandError> {
        let folder = dir::scan(root, shown).map_err(unreadable)?;
        let (graph, errors) = folder.graph();
        Ok(Self { folder, graph, errors })
    }

    /// Whether the graph is not what its author meant: a part of it is missing, or could not be read.
    pub fn is_broken(&self) -> bool {
        !self.errors.is_empty() || self.folder.findings.iter().any(|finding| finding.level == Level::Deny)
    }

    /// Warns that what is printed may not be the whole history.
    pub fn warn_if_broken(&self, ui: &mut Ui) {
        if self.is_broken() {
            ui.warning("the history has errors, so what follows may not be all of it");
            ui.help("`cargo migrate check` lists them");
        }
    }

    /// Refuses a history whose heads can't be trusted.
    ///
    /// # Errors
    /// It is broken.
    pub fn require_sound(&self) -> Result<(), CommandError> {
        if self.is_broken() {
            return Err(CommandError::refused("the history has errors, so what it ends in is not certain")
                .help("`cargo migrate check` lists them"));
        }
        Ok(())
    }

    /// Reads one of the folder's files whole, folded.
    ///
    /// # Errors
    /// It can't be read, or is no text.
    pub fn text(&self, relative: &Path) -> Result<String, CommandError> {
        self.folder.text(relative).map_err(unreadable)
    }

    /// The version that the user calls `text`, see [`revision::resolve`].
    ///
    /// # Errors
    /// It names no migration, or several.
    pub fn resolve(&self, text: &str) -> Result<i64, CommandError> {
        Ok(revision::resolve(&self.folder, &self.graph, text)?)
    }

    /// `version name`, as lists show a migration.
    pub fn title(&self, version: i64) -> String {
        match self.folder.find(version) {
            Some(Migration { name, .. }) => format!("{version} {name}"),
            None => version.to_string(),
        }
    }
}

/// The highest version of all, that of a Rust source without a script included.
pub fn newest(folder: &Folder) -> Option<i64> {
    let sources = folder.rust.iter().filter_map(|path| file_name::parse_rust(path.file_name()?.to_str()?).ok());
    let scripts = folder.migrations.last().map(|migration| migration.version);
    scripts.into_iter().chain(sources.map(|source| source.version)).max()
}

fn unreadable(error: migrate_build::error::Error) -> CommandError {
    let help = error.help();
    CommandError::refused(error).maybe_help(help)
}

/// What lists say of a migration besides its name, in this order.
pub fn marks(migration: &Migration, graph: &Graph) -> Vec<&'static str> {
    let Migration { version, header, .. } = migration;
    let mut marks = Vec::new();
    let mut mark = |is: bool, word: &'static str| {
        if is {
            marks.push(word);
        }
    };
    mark(graph.children(*version).is_empty(), "head");
    mark(graph.parents(*version).is_empty(), "base");
    mark(graph.parents(*version).len() > 1, "merge");
    mark(graph.children(*version).len() > 1, "branch point");
    mark(header.irreversible.is_some(), "irreversible");
    mark(header.no_transaction, "no transaction");
    mark(header.unreviewed, "unreviewed");
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_without_a_script_takes_its_version() {
        let root = tempfile::tempdir().unwrap();
        for file in ["versions/V3__a.sql", "rust/V7__b.rs", "rust/Vx__c.rs"] {
            let path = root.path().join(file);
            fs_err::create_dir_all(path.parent().unwrap()).unwrap();
            fs_err::write(path, "").unwrap();
        }
        let history = History::read(root.path(), Path::new("migrations")).unwrap();
        assert_eq!(newest(&history.folder), Some(7));
        assert_eq!(marks(history.folder.find(3).unwrap(), &history.graph), ["head", "base"]);
    }
}
