//! What is rehearsed: read once, so that every stage receives the same.

use std::path::PathBuf;
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
use crate::seeds::{self, Seed};

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
            seeds: seeds::read(&folder, &settings.directory)?,
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

    /// The smoke command.
    pub(super) fn smoke(&self) -> Option<&str> {
        self.settings.promote.smoke.as_deref()
    }

    /// The smoke command for the code that an environment runs now.
    pub(super) fn old_smoke(&self) -> Option<&str> {
        self.settings.promote.old_smoke.as_deref()
    }

    /// How long either may take.
    pub(super) fn smoke_timeout(&self) -> Duration {
        self.settings.promote.smoke_timeout.unwrap_or(SMOKE_TIMEOUT)
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
