//! What is applied in the highest environment, as its git branch tells without a database.

use std::collections::BTreeSet;
use std::path::Path;

use migrate_build::migration::dir;

use super::pick::Basis;
use crate::config::layers::Settings;
use crate::error::CommandError;
use crate::git::Repository;

/// Environments, highest first, and the branches that may hold what they have where none is configured: those of a rehearsal.
const ENVIRONMENTS: [(&str, &[&str]); 2] =
    [("production", &["production", "main", "master"]), ("staging", &["staging"])];

/// The migrations that the branch of the highest environment holds; `None` where there is no repository or no such branch.
///
/// # Errors
/// Git can't be asked.
pub async fn branch_basis(folder: &Path, settings: &Settings) -> Result<Option<Basis>, CommandError> {
    let Some(repository) = Repository::around(folder).await.map_err(CommandError::refused)? else { return Ok(None) };
    for (environment, branches) in ENVIRONMENTS {
        let configured = settings.environments.get(environment).and_then(|environment| environment.branch.as_deref());
        let names = configured.as_slice();
        let names = if names.is_empty() { branches } else { names };
        let Some(branch) = repository.branch(names).await.map_err(CommandError::refused)? else { continue };
        let target = tempfile::Builder::new().prefix("cargo-migrate-branch-").tempdir()?;
        let there = repository.extract(&branch.commit, target.path()).await.map_err(CommandError::refused)?;
        let applied = if there && target.path().join(dir::VERSIONS).is_dir() {
            let read = dir::scan(target.path(), &settings.directory).map_err(CommandError::refused)?;
            read.migrations.iter().map(|migration| migration.version).collect()
        } else {
            BTreeSet::new()
        };
        return Ok(Some(Basis { name: format!("branch `{}`", branch.name), applied }));
    }
    Ok(None)
}
