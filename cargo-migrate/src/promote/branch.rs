//! Where an environment's database stands before the promotion: at what its git branch holds.

use migrate_build::embedded::Migration;
use migrate_build::runtime::Set;

use super::environment::{PRODUCTION, STAGING};
use super::gate::Failure;
use super::material::{Material, checksum, title};
use crate::at_commit;
use crate::git::{Branch, GitError, Repository};
use crate::revision;

/// An environment of the rehearsal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Environment<'a> {
    pub(super) name: &'a str,
    /// The branches that may hold what it has, where none is configured.
    pub(super) branches: &'static [&'static str],
    /// The option that says where it stands.
    pub(super) option: &'static str,
}

/// Where an environment's database stands.
#[derive(Debug)]
pub(super) enum Start {
    /// Nothing was ever applied, and why that is assumed.
    Base(String),
    /// A version that was named, and where.
    Version(i64, &'static str),
    /// What a branch holds.
    Branch(Branch, Set<'static>),
}

/// Where somebody says that it stands.
fn named(material: &Material, at: &str, why: &'static str) -> Result<Start, Failure> {
    if at == "base" {
        return Ok(Start::Base(why.to_owned()));
    }
    let history = &material.history;
    Ok(Start::Version(revision::resolve(&history.folder, &history.graph, at)?, why))
}

/// Finds out where `environment` stands.
pub(super) async fn start(
    material: &Material,
    environment: Environment<'_>,
    at: Option<&str>,
) -> Result<Start, Failure> {
    if let Some(at) = at {
        return named(material, at, "as asked for");
    }
    let promote = &material.settings.promote;
    let fallback = match environment.name {
        name if name == STAGING.name => &promote.staging_at,
        name if name == PRODUCTION.name => &promote.production_at,
        _ => &None,
    };
    let configured = material.settings.environments.get(environment.name).and_then(|named| named.branch.as_deref());
    let names = configured.as_slice();
    let names = if names.is_empty() { environment.branches } else { names };
    let quoted = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ");
    let Some(repository) = Repository::around(&material.folder).await.map_err(git_failure)? else {
        return match fallback {
            Some(at) => named(material, at, "as configured"),
            None => Ok(Start::Base("the migrations are in no git repository".to_owned())),
        };
    };
    let Some(branch) = repository.branch(names).await.map_err(git_failure)? else {
        if let Some(name) = configured {
            return Err(Failure::new(format!(
                "there is no branch `{name}`, which environment `{}` is to be at",
                environment.name
            ))
            .help(format!("fetch it: `git fetch origin {name}`"))
            .help(format!("or say where the environment stands: `{} VERSION`, or `base`", environment.option)));
        }
        return match fallback {
            Some(at) => named(material, at, "as configured"),
            None if quoted.is_empty() => Ok(Start::Base("no branch is configured".to_owned())),
            None => Ok(Start::Base(format!("there is no branch {quoted}"))),
        };
    };
    let set = at_commit::migrations(&repository, &branch.commit, &material.settings).await?;
    match rewritten(&set, &material.set) {
        failures if failures.is_empty() => Ok(Start::Branch(branch, set)),
        changes => Err(Failure {
            message: format!("migrations were changed after branch `{}` had them", branch.name),
            body: changes.iter().map(|change| format!("  {change}\n")).collect(),
            notes: vec![format!("a database at `{}` has applied them as they were", branch.name)],
            helps: vec![
                format!("if the branch has them from elsewhere, merge it: `git merge {}`", branch.name),
                format!(
                    "else restore them: `git checkout {} -- {}`, and put the change into a new migration",
                    branch.name,
                    material.folder.display()
                ),
            ],
        }),
    }
}

fn git_failure(error: GitError) -> Failure {
    Failure::from(crate::error::CommandError::refused(error))
}

/// What `set` has done to the migrations that `before` has already.
fn rewritten(before: &Set<'_>, set: &Set<'_>) -> Vec<String> {
    before.migrations.iter().filter_map(|old| change(old, set.get(old.version))).collect()
}

fn change(old: &Migration<'_>, new: Option<&Migration<'_>>) -> Option<String> {
    let Some(new) = new else { return Some(format!("{} was deleted ({})", title(old), old.file)) };
    if new.name != old.name {
        return Some(format!("{} was renamed to {} ({})", title(old), new.name, new.file));
    }
    (checksum(new) != checksum(old)).then(|| format!("{} was edited ({})", title(old), new.file))
}

impl Start {
    /// Where the database stands, in words.
    pub(super) fn describe(&self, set: &Set<'_>) -> String {
        match self {
            Self::Base(why) => format!("at base: {why}"),
            Self::Version(version, why) => match set.get(*version) {
                Some(migration) => format!("at {}, {why}", title(migration)),
                None => format!("at {version}, {why}"),
            },
            Self::Branch(Branch { name, commit }, set) => {
                let short = commit.get(..7).unwrap_or(commit);
                format!("branch `{name}` ({short}), {}", counted(set.migrations.len()))
            }
        }
    }
}

/// `1 migration`, `2 migrations`.
pub(super) fn counted(count: usize) -> String {
    if count == 1 { "1 migration".to_owned() } else { format!("{count} migrations") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn migration(version: i64, name: &'static str, up: &'static str) -> Migration<'static> {
        Migration {
            version,
            name: name.into(),
            file: format!("migrations/versions/V{version}__{name}.sql").into(),
            parents: Vec::new(),
            up: up.into(),
            down: None,
            transaction: true,
            unversioned: false,
            lock_timeout: None,
            statement_timeout: None,
            irreversible: None,
            backfill: None,
        }
    }

    #[test]
    fn a_branchs_migrations_stay_as_they_were() {
        let before = Set::new(vec![
            migration(1, "same", "a"),
            migration(2, "edited", "a"),
            migration(3, "renamed", "a"),
            migration(4, "deleted", "a"),
        ]);
        let after = Set::new(vec![
            migration(1, "same", "a"),
            migration(2, "edited", "b"),
            migration(3, "other", "a"),
            migration(5, "new", "a"),
        ]);
        assert_eq!(
            rewritten(&before, &after),
            [
                "2 edited was edited (migrations/versions/V2__edited.sql)",
                "3 renamed was renamed to other (migrations/versions/V3__other.sql)",
                "4 deleted was deleted (migrations/versions/V4__deleted.sql)",
            ]
        );
        assert_eq!(rewritten(&after, &after), Vec::<String>::new());
    }
}
