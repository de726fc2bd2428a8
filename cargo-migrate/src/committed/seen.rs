//! Where git shows that one of our migrations is bound for a database: on the branch that an environment follows.

use std::collections::BTreeMap;

use super::findings::Seen;
use super::side::{Entry, Side};
use crate::config::raw::RawEnvironment;
use crate::git::{GitError, Repository};

/// Looks for `ours` on the branches of the environments.
///
/// # Errors
/// Git can't be asked.
pub async fn on_branches(
    repository: &Repository,
    environments: &BTreeMap<String, RawEnvironment>,
    ours: &[Entry],
) -> Result<Vec<Seen>, GitError> {
    let mut seen = Vec::new();
    for (environment, settings) in environments {
        let Some(name) = settings.branch.as_deref() else { continue };
        let Some(branch) = repository.branch(&[name]).await? else { continue };
        let side = Side::of_tree(&repository.tree(&branch.commit).await?);
        for entry in ours.iter().filter(|entry| side.same(entry).is_some()) {
            seen.push(Seen {
                version: entry.version,
                what: format!("branch `{}`, which environment `{environment}` follows, has it", branch.name),
            });
        }
    }
    Ok(seen)
}
