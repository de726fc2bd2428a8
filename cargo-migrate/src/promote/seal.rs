//! What a rehearsal passed is sealed: from then on nobody changes it unnoticed.

use super::material::Material;
use crate::error::CommandError;
use crate::sealing::Sealing;

/// What became of the lock file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seals {
    /// These were sealed, each as its version and its name; none where all were sealed before.
    Added(Vec<(i64, String)>),
    /// Nothing was sealed, and why.
    Left(String),
}

/// Seals what was rehearsed, as it was read before the rehearsal began.
pub(super) fn seal(material: &Material) -> Result<Seals, CommandError> {
    let folder = &material.history.folder;
    let mut sealing = Sealing::begin(folder)?;
    for migration in &material.set.migrations {
        if let Some(found) = folder.find(migration.version) {
            sealing.seal(found, &migration.up, migration.down.as_deref());
        }
    }
    sealing.write(&material.folder).map_err(|error| {
        CommandError::refused(error)
            .note("the rehearsal passed, and what it passed is not sealed")
            .help("seal it: `cargo migrate seal`")
    })?;
    let name = |version: i64| folder.find(version).map_or_else(String::new, |migration| migration.name.clone());
    Ok(Seals::Added(sealing.sealed.iter().map(|&version| (version, name(version))).collect()))
}
