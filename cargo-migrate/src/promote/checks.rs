//! The stage without a server: what the files and git say.

use std::path::Path;

use migrate_build::diagnostic::{Diagnostic, Level};
use migrate_build::render::{Style, render};

use super::gate::{Course, Failure, Tried};
use super::material::Material;
use crate::error::CommandError;
use crate::findings;
use crate::git::{GitError, Repository};
use crate::lint::{self, Known, Picked};

pub(super) const NAME: &str = "checks";

/// Goes through the stage.
pub(super) async fn run(course: &mut Course<'_>, material: &Material, allow_dirty: bool) {
    course.gate("offline", async { offline(material) }).await;
    course.gate("lint", linted(material)).await;
    course.gate("committed", committed(material, allow_dirty)).await;
}

/// What `cargo migrate check` finds: errors fail, warnings are counted.
fn offline(material: &Material) -> Tried<()> {
    let found = &material.findings;
    let errors = findings::refusing(found);
    let mut tried = Tried::passed(()).note(super::branch::counted(material.set.migrations.len()));
    tried.notes.extend(findings::summary(found));
    if errors > 0 {
        let denied: Vec<Diagnostic> = found.iter().filter(|finding| finding.level == Level::Deny).cloned().collect();
        let count = if errors == 1 { "an error".to_owned() } else { format!("{errors} errors") };
        let failure = Failure::new(format!("the migrations have {count}"));
        tried.failures.push(failure.body(rendered(material, &denied)));
    }
    tried
}

/// What `cargo migrate lint` finds in the migrations that the highest environment doesn't have: errors fail, warnings are counted.
async fn linted(material: &Material) -> Result<Tried<()>, Failure> {
    let (picked, found) = lint_findings(material).await?;
    let count = super::branch::counted(picked.versions.len());
    let mut tried = Tried::passed(()).note(format!("{count} ({})", picked.why));
    tried.notes.extend(findings::summary(&found));
    let errors = findings::refusing(&found);
    if errors > 0 {
        let denied: Vec<Diagnostic> = found.into_iter().filter(|finding| finding.level == Level::Deny).collect();
        let count = if errors == 1 { "a hazard".to_owned() } else { format!("{errors} hazards") };
        let failure = Failure::new(format!("the migrations have {count}")).body(rendered(material, &denied));
        tried.failures.push(failure.help("`cargo migrate explain RULE` says more of each, and how to allow it"));
    }
    Ok(tried)
}

async fn lint_findings(material: &Material) -> Result<(Picked, Vec<Diagnostic>), CommandError> {
    let folder = &material.history.folder;
    let basis = lint::branch_basis(&material.folder, &material.settings).await?;
    let picked = lint::pick(folder, None, false, basis.as_ref());
    let known = Known { postgres: material.settings.postgres, ..Known::default() };
    let linted = lint::lint(folder, &material.settings, &known, &picked.versions)?;
    let found = linted.into_iter().flat_map(|linted| linted.findings).map(|found| found.diagnostic).collect();
    Ok((picked, found))
}

fn rendered(material: &Material, found: &[Diagnostic]) -> String {
    let folder = &material.history.folder;
    let source = |path: &Path| match path.strip_prefix(&folder.shown) {
        Ok(relative) => folder.text(relative).ok(),
        Err(_) => fs_err::read_to_string(material.root.join(path)).ok(),
    };
    render(found, &source, Style { color: false, width: None })
}

/// Whether git has what is rehearsed.
async fn committed(material: &Material, allow_dirty: bool) -> Tried<()> {
    let problem = match uncommitted(&material.folder).await {
        Ok(None) => {
            let commit = material.commit.as_deref().unwrap_or_default();
            return Tried::passed(()).note(format!("commit {}", commit.get(..7).unwrap_or(commit)));
        }
        Ok(Some(failure)) => failure,
        Err(error) => Failure::from(CommandError::refused(error)),
    };
    if allow_dirty {
        return Tried::passed(()).note(format!("allowed: {}", problem.message));
    }
    problem.help("or rehearse them as they are: `--allow-dirty`").into()
}

async fn uncommitted(folder: &Path) -> Result<Option<Failure>, GitError> {
    let shown = folder.display();
    let Some(repository) = Repository::around(folder).await? else {
        return Ok(Some(
            Failure::new(format!("`{shown}` is in no git repository"))
                .help(format!("make one: `git init && git add {shown} && git commit -m \"Add migrations\"`")),
        ));
    };
    let files = repository.uncommitted().await?;
    if files.is_empty() {
        return Ok(None);
    }
    let count = if files.len() == 1 { "1 file is".to_owned() } else { format!("{} files are", files.len()) };
    Ok(Some(
        Failure::new(format!("{count} not committed below `{shown}`"))
            .body(files.iter().map(|file| format!("  {file}\n")).collect::<String>())
            .help(format!("commit them: `git add {shown} && git commit`")),
    ))
}
