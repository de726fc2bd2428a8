//! The code that an environment runs now, against the schema that it is about to get: while a release goes out, both meet.

use super::branch::Start;
use super::database::Database;
use super::gate::{Course, Failure, Tried};
use super::material::Material;
use super::smoke;
use crate::error::CommandError;
use crate::git::{Branch, Repository};

/// Checks the code of the environment's branch out into a folder of its own and runs `command` there, if so many migrations
/// were `upgraded` as to change anything.
pub(super) async fn try_it(
    course: &mut Course<'_>,
    name: &'static str,
    command: &str,
    database: &Database,
    material: &Material,
    (start, upgraded): (&Start, usize),
) {
    let Start::Branch(branch, _) = start else {
        return course.skip(name, "no branch tells which code the environment runs");
    };
    if upgraded == 0 {
        return course.skip(name, "nothing was pending: the environment runs on this schema already");
    }
    course.doing(format_args!("old smoke: {command}"));
    course.gate(name, run(command, database, material, branch)).await;
}

async fn run(command: &str, database: &Database, material: &Material, branch: &Branch) -> Result<Tried<()>, Failure> {
    let Branch { name, commit } = branch;
    let repository = Repository::around(&material.root).await.map_err(CommandError::from)?;
    let Some(repository) = repository else {
        return Err(Failure::new("the package is in no git repository any more"));
    };
    let worktree = repository.worktree(commit).await.map_err(CommandError::from)?;
    let folder = worktree.folder();
    if !folder.is_dir() {
        return Err(Failure::new(format!("branch `{name}` has no folder `{}`", repository.prefix()))
            .help("take `old-smoke` out of `[package.metadata.migrate.promote]` until it has"));
    }
    let tried = smoke::run("old-smoke", command, folder, database.url(), material.smoke_timeout()).await;
    let printed = tried.map_err(|failure| {
        let mut failure = failure.help(
            "make the change in steps that the running code can live with: `cargo migrate new --expand-contract …`",
        );
        failure.notes.push(format!("it ran the code of branch `{name}` against the upgraded schema"));
        failure
    })?;
    let short = commit.get(..7).unwrap_or(commit);
    Ok(Tried::passed(()).note(format!("`{command}` in branch `{name}` ({short})")).output(printed))
}
