//! The stage without a server: what the files and git say.

use std::path::Path;

use migrate_build::diagnostic::{Diagnostic, Level};
use migrate_build::render::{Style, render};

use super::gate::{Course, Failure, Tried};
use super::material::Material;
use crate::error::CommandError;
use crate::findings;
use crate::git::{GitError, Repository};

pub(super) const NAME: &str = "checks";

/// Goes through the stage.
pub(super) async fn run(course: &mut Course<'_>, material: &Material, allow_dirty: bool) {
    course.gate("offline", async { offline(material) }).await;
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
        let folder = &material.history.folder;
        let source = |path: &Path| match path.strip_prefix(&folder.shown) {
            Ok(relative) => folder.text(relative).ok(),
            Err(_) => fs_err::read_to_string(material.root.join(path)).ok(),
        };
        let count = if errors == 1 { "an error".to_owned() } else { format!("{errors} errors") };
        let body = render(&denied, &source, Style { color: false, width: None });
        tried.failures.push(Failure::new(format!("the migrations have {count}")).body(body));
    }
    tried
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
