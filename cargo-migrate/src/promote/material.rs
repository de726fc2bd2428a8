//! What is rehearsed: read once, so that every stage receives the same.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use migrate_build::checksum::{VersionWidth, refinery_checksum};
use migrate_build::codegen;
use migrate_build::diagnostic::Diagnostic;
use migrate_build::embedded::Migration;
use migrate_build::runtime::{Options, Set};

use crate::config::layers::Settings;
use crate::config::promote::SMOKE_TIMEOUT;
use crate::context::Context;
use crate::error::CommandError;
use crate::git;
use crate::history::History;

/// The folder of the seeds, in the migrations folder.
const SEEDS: &str = "seeds";

/// A script that loads data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seed {
    /// Its path relative to the package.
    pub(super) file: String,
    pub(super) text: String,
}

/// A package's migrations and what goes with them.
#[derive(Debug)]
pub(super) struct Material {
    pub(super) package: String,
    pub(super) root: PathBuf,
    /// The migrations folder.
    pub(super) folder: PathBuf,
    pub(super) settings: Settings,
    pub(super) history: History,
    pub(super) findings: Vec<Diagnostic>,
    pub(super) set: Set<'static>,
    pub(super) seeds: Vec<Seed>,
    pub(super) commit: Option<String>,
}

impl Material {
    /// Reads all of it.
    pub(super) fn read(context: &Context) -> Result<Self, CommandError> {
        let package = context.package()?;
        let settings = context.settings()?.clone();
        let folder = context.folder()?;
        let history = History::load(context)?;
        let findings = migrate_build::check::check(&history.folder, &settings.shared)?;
        let set = Set::new(codegen::load(&history.folder, &settings.shared)?.migrations);
        Ok(Self {
            package: package.name.clone(),
            root: package.root.clone(),
            seeds: seeds(&folder, &settings.directory)?,
            commit: git::head_commit(&package.root),
            folder,
            settings,
            history,
            findings,
            set,
        })
    }

    /// How migrations are run.
    pub(super) fn options(&self) -> Options {
        Options {
            history: self.settings.shared.history.clone(),
            lock_timeout: self.settings.lock_timeout,
            statement_timeout: self.settings.statement_timeout,
            actor: Some("rehearsal".to_owned()),
            tool: super::report::TOOL.to_owned(),
            git_commit: self.commit.clone(),
            ..Options::default()
        }
    }

    /// The smoke command and how long it may take.
    pub(super) fn smoke(&self) -> Option<(&str, Duration)> {
        let promote = &self.settings.promote;
        Some((promote.smoke.as_deref()?, promote.smoke_timeout.unwrap_or(SMOKE_TIMEOUT)))
    }
}

/// What tells whether two migrations of one version are the same.
pub(super) fn checksum(migration: &Migration<'_>) -> u64 {
    refinery_checksum(&migration.name, migration.version, &migration.up, VersionWidth::Int8)
}

/// `20261123013000 create_books`.
pub(super) fn title(migration: &Migration<'_>) -> String {
    format!("{} {}", migration.version, migration.name)
}

/// The folder's `*.sql`, in the order of their names; none where there is no such folder.
fn seeds(folder: &Path, shown: &Path) -> Result<Vec<Seed>, CommandError> {
    let folder = folder.join(SEEDS);
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in fs_err::read_dir(&folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "sql") && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    let seed = |path: &PathBuf| {
        let bytes = fs_err::read(path)?;
        let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        let file = [&shown.to_string_lossy(), &Cow::Borrowed(SEEDS), &name].map(AsRef::as_ref).join("/");
        let text = String::from_utf8(bytes).map_err(|_| CommandError::refused(format!("`{file}` is not UTF-8")))?;
        let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        Ok(Seed { file, text })
    };
    files.iter().map(seed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_are_scripts_in_the_order_of_their_names() {
        let root = tempfile::tempdir().unwrap();
        let read = || seeds(root.path(), Path::new("db/migrations"));
        assert_eq!(read().unwrap(), []);
        fs_err::create_dir_all(root.path().join("seeds/30.sql")).unwrap();
        for (file, text) in [("20_b.sql", "b"), ("10_a.sql", "\u{feff}a\r\n"), ("README.md", "no")] {
            fs_err::write(root.path().join("seeds").join(file), text).unwrap();
        }
        let seed = |file: &str, text: &str| Seed { file: format!("db/migrations/seeds/{file}"), text: text.to_owned() };
        assert_eq!(read().unwrap(), [seed("10_a.sql", "a\n"), seed("20_b.sql", "b")]);
        fs_err::write(root.path().join("seeds/40.sql"), b"\xff").unwrap();
        assert_eq!(read().unwrap_err().to_string(), "`db/migrations/seeds/40.sql` is not UTF-8");
    }
}
