//! The migrations that a commit holds, read without touching the working tree.

use migrate_build::codegen;
use migrate_build::migration::dir;
use migrate_build::runtime::Set;

use crate::config::layers::Settings;
use crate::error::CommandError;
use crate::git::Repository;

/// Reads them; a commit without the folder has none.
///
/// # Errors
/// Git fails, or a file of the commit can't be read as a migration.
pub async fn migrations(
    repository: &Repository,
    commit: &str,
    settings: &Settings,
) -> Result<Set<'static>, CommandError> {
    let folder = tempfile::Builder::new().prefix("cargo-migrate-commit-").tempdir()?;
    let is_there = repository.extract(commit, folder.path()).await.map_err(CommandError::refused)?;
    if !is_there || !folder.path().join(dir::VERSIONS).is_dir() {
        return Ok(Set::default());
    }
    let read = dir::scan(folder.path(), &settings.directory)?;
    Ok(Set::new(codegen::load(&read, &settings.shared)?.migrations))
}
