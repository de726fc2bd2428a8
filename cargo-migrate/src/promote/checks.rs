//! The stage without a server: what the files and git say.

use std::path::Path;

use migrate_build::diagnostic::{Diagnostic, Level};
use migrate_build::lock::FILE;
use migrate_build::migration::Migration;
use migrate_build::render::{Style, render};
use migrate_build::rules;
use migrate_build::settings::is_seal;

use super::gate::{Course, Failure, Tried};
use super::material::Material;
use crate::error::CommandError;
use crate::findings;
use crate::git::{GitError, Repository};
use crate::lint::{self, Known, Picked};
use crate::sealing::origin;

pub(super) const NAME: &str = "checks";

/// Goes through the stage.
pub(super) async fn run(course: &mut Course<'_>, material: &Material, allow_dirty: bool) {
    course.gate("offline", async { offline(material) }).await;
    course.gate("sealed", async { sealed(material) }).await;
    course.gate("lint", linted(material)).await;
    course.gate("committed", committed(material, allow_dirty)).await;
}

/// What `cargo migrate check` finds: errors fail, warnings are counted. What nobody has reviewed fails, too.
fn offline(material: &Material) -> Tried<()> {
    let found: Vec<Diagnostic> = material.findings.iter().filter(|finding| !is_about_seals(finding)).cloned().collect();
    let mut tried = Tried::passed(()).note(super::branch::counted(material.set.migrations.len()));
    tried.notes.extend(findings::summary(&found));
    tried.failures.extend(errors(material, found, "the migrations have"));
    tried.failures.extend(unreviewed(material));
    tried
}

/// What was generated and nobody has read. Elsewhere that is a warning, whose level may be lowered; nothing is promoted so.
fn unreviewed(material: &Material) -> impl Iterator<Item = Failure> {
    let migrations = material.history.folder.migrations.iter().filter(|migration| migration.header.unreviewed);
    migrations.map(|Migration { version, name, .. }| {
        Failure::new(format!("nobody has reviewed {version} {name}"))
            .help(format!("read it, then say so: `cargo migrate review {version}`"))
    })
}

/// What `cargo migrate lint` finds in the migrations that the highest environment doesn't have: errors fail, warnings are counted.
async fn linted(material: &Material) -> Result<Tried<()>, Failure> {
    let (picked, found) = lint_findings(material).await?;
    let count = super::branch::counted(picked.versions.len());
    let mut tried = Tried::passed(()).note(format!("{count} ({})", picked.why));
    tried.notes.extend(findings::summary(&found));
    let help = "`cargo migrate explain RULE` says more of each, and how to allow it";
    tried.failures.extend(errors(material, found, "what is not applied yet has").map(|failure| failure.help(help)));
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

/// Whether what is sealed is what is there.
fn sealed(material: &Material) -> Tried<()> {
    let (seals, all) = (material.history.folder.lock.seals.len(), material.set.migrations.len());
    let found: Vec<Diagnostic> = material.findings.iter().filter(|finding| is_about_seals(finding)).cloned().collect();
    let mut tried = Tried::passed(()).note(if seals == 0 {
        "nothing is sealed".to_owned()
    } else {
        format!("{seals} of {all} sealed")
    });
    tried.failures.extend(errors(material, found, "what is sealed has"));
    tried
}

fn is_about_seals(finding: &Diagnostic) -> bool {
    is_seal(finding.rule) || finding.rule == rules::MALFORMED_LOCK.name
}

/// The errors among findings as a failure.
fn errors(material: &Material, mut found: Vec<Diagnostic>, what: &str) -> Option<Failure> {
    found.retain(|finding| finding.level == Level::Deny);
    let count = match found.len() {
        0 => return None,
        1 => "an error".to_owned(),
        count => format!("{count} errors"),
    };
    let folder = &material.history.folder;
    origin::complete(&mut found, folder, &|path| folder.shown(path).display().to_string());
    let source = |path: &Path| match path.strip_prefix(&folder.shown) {
        Ok(relative) => folder.text(relative).ok(),
        Err(_) => fs_err::read_to_string(material.root.join(path)).ok(),
    };
    let body = render(&found, &source, Style { color: false, width: None });
    Some(Failure::new(format!("{what} {count}")).body(body))
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
    let mut files = repository.uncommitted().await?;
    // What an earlier rehearsal sealed: it changes nothing of what is rehearsed, and is looked at by a gate of its own.
    files.retain(|file| !file.strip_prefix(FILE).is_some_and(|rest| rest.starts_with(" (")));
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
