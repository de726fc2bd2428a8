//! Everything that is to be found in a folder, at the levels that its owners have chosen.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::thread;

use crate::diagnostic::{self, Diagnostic, Label, Level};
use crate::error::Error;
use crate::migration::dir::Folder;
use crate::migration::{Direction, Migration, header};
use crate::rules::{self, Script};
use crate::settings::{Settings, is_fixed};
use crate::statements;

/// So many migrations are held in memory at once.
const BATCH: usize = 1024;

/// From so many scripts to parse on, threads pay.
const MANY: usize = 32;

/// Finds all that is wrong with `folder`: what reading it has found, the history as a whole, and every script. The levels
/// of `settings` are applied and what is allowed is left out.
///
/// The findings are sorted by file and place.
///
/// # Errors
/// A script can't be read. Text that is no UTF-8, or holds a NUL character, is a finding of rule `syntax-error` that no
/// level lowers.
pub fn check(folder: &Folder, settings: &Settings) -> Result<Vec<Diagnostic>, Error> {
    check_only(folder, settings, &|_| true)
}

/// As [`check`], and looks at the scripts of those migrations only that `which` picks: for whoever is about to apply them,
/// and doesn't care what is wrong with the others.
///
/// # Errors
/// As [`check`].
pub fn check_only(
    folder: &Folder,
    settings: &Settings,
    which: &dyn Fn(&Migration) -> bool,
) -> Result<Vec<Diagnostic>, Error> {
    let mut found = Vec::new();
    let mut unreadable = Vec::new();
    for batch in folder.migrations.chunks(BATCH) {
        let mut texts = Vec::with_capacity(batch.len());
        for migration in batch {
            if !which(migration) {
                seal(folder, migration, &mut found, &mut unreadable)?;
                continue;
            }
            let down = migration.down.as_ref().map(|down| folder.text(down));
            let read = readable(folder.text(&migration.up), down, &mut unreadable)?;
            let rust = rust_text(folder, migration, &mut unreadable)?;
            texts.extend(read.map(|(up, down)| (migration, up, down, rust)));
        }
        let mut jobs: Vec<Job<'_>> = texts
            .iter()
            .map(|(migration, up, down, rust)| Job {
                migration,
                up,
                down: down.as_deref(),
                rust: rust.as_deref(),
                found: None,
            })
            .collect();
        parse(folder, &mut jobs);
        found.extend(jobs.into_iter().filter_map(|job| job.found).flatten());
    }
    Ok(all(folder, settings, found, unreadable))
}

/// Puts together what [`check`] returns: what was `found` in the scripts, what was `unreadable`, and the history as a whole.
pub(crate) fn all(
    folder: &Folder,
    settings: &Settings,
    found: Vec<Diagnostic>,
    unreadable: Vec<Diagnostic>,
) -> Vec<Diagnostic> {
    let mut findings = folder.findings.clone();
    let (graph, errors) = folder.graph();
    rules::check_history(folder, &graph, &errors, &mut findings);
    findings.extend(found);
    // A header that can't be read may well say that there is no way back.
    let unread: BTreeSet<PathBuf> = findings
        .iter()
        .filter(|finding| finding.rule == rules::MALFORMED_HEADER.name)
        .filter_map(|finding| Some(finding.labels.first()?.path.clone()))
        .collect();
    if !unread.is_empty() {
        let is_of = |finding: &Diagnostic| finding.labels.first().is_some_and(|label| unread.contains(&label.path));
        findings.retain(|finding| finding.rule != rules::MISSING_DOWN.name || !is_of(finding));
    }
    let mut findings = levelled(findings, folder, settings);
    findings.extend(unreadable);
    diagnostic::sort(&mut findings);
    findings
}

/// A migration's texts, up and down; `None`, and findings, where one of them is no text.
pub(crate) fn readable(
    up: Result<String, Error>,
    down: Option<Result<String, Error>>,
    unreadable: &mut Vec<Diagnostic>,
) -> Result<Option<(String, Option<String>)>, Error> {
    let up = text(up, unreadable)?;
    let down = down.map(|down| text(down, unreadable)).transpose()?;
    Ok(match (up, down) {
        (Some(up), None) => Some((up, None)),
        (Some(up), Some(Some(down))) => Some((up, Some(down))),
        _ => None,
    })
}

/// The text of the source that a migration was rendered from, where it has one that is a text.
pub(crate) fn rust_text(
    folder: &Folder,
    migration: &Migration,
    unreadable: &mut Vec<Diagnostic>,
) -> Result<Option<String>, Error> {
    match folder.rust_source(migration) {
        Some(source) => text(folder.text(source), unreadable),
        None => Ok(None),
    }
}

/// The text, or a finding in its place.
fn text(text: Result<String, Error>, unreadable: &mut Vec<Diagnostic>) -> Result<Option<String>, Error> {
    match text {
        Ok(text) => Ok(Some(text)),
        Err(error) => match &error {
            Error::NotUtf8 { path, .. } | Error::Nul { path, .. } => {
                unreadable.push(Diagnostic {
                    level: Level::Deny,
                    labels: vec![Label { path: path.clone(), span: None, text: String::new() }],
                    helps: error.help().into_iter().collect(),
                    ..rules::SYNTAX_ERROR.finding(error.to_string())
                });
                Ok(None)
            }
            _ => Err(error),
        },
    }
}

/// A migration on its way through the rules.
pub(crate) struct Job<'a> {
    pub(crate) migration: &'a Migration,
    /// Its up script.
    pub(crate) up: &'a str,
    /// Its down script.
    pub(crate) down: Option<&'a str>,
    /// The source that the up script was rendered from.
    pub(crate) rust: Option<&'a str>,
    /// What was found, once that is known.
    pub(crate) found: Option<Vec<Diagnostic>>,
}

impl Job<'_> {
    fn parse(&mut self, folder: &Folder) {
        if self.found.is_none() {
            self.found = Some(found(folder, self));
        }
    }
}

/// What is found of a sealed migration whatever else is asked about it. Text that can't be read is not what was sealed.
fn seal(
    folder: &Folder,
    migration: &Migration,
    found: &mut Vec<Diagnostic>,
    unreadable: &mut Vec<Diagnostic>,
) -> Result<(), Error> {
    if folder.lock.find(migration.version).is_some() {
        let down = migration.down.as_ref().map(|down| folder.text(down));
        if let Some((up, down)) = readable(folder.text(&migration.up), down, unreadable)? {
            let job = Job { migration, up: &up, down: down.as_deref(), rust: None, found: None };
            each_script(folder, &job, &mut |script| rules::check_seal(script, found));
        }
    }
    Ok(())
}

/// The findings about a migration whose scripts are the same and whose seal may not be: those that it had, but for what the seal
/// says.
pub(crate) fn with_seal(folder: &Folder, job: &Job<'_>, mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    found.retain(|finding| finding.rule != rules::SEALED_EDITED.name);
    each_script(folder, job, &mut |script| rules::check_seal(script, &mut found));
    found
}

/// Applies the rules to the scripts of which nothing is known.
pub(crate) fn parse(folder: &Folder, jobs: &mut [Job<'_>]) {
    if jobs.iter().filter(|job| job.found.is_none()).count() >= MANY {
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let share = jobs.len().div_ceil(threads);
        thread::scope(|scope| {
            for part in jobs.chunks_mut(share) {
                // What no thread can be had for is left for the loop below.
                drop(thread::Builder::new().spawn_scoped(scope, || part.iter_mut().for_each(|job| job.parse(folder))));
            }
        });
    }
    jobs.iter_mut().for_each(|job| job.parse(folder));
}

/// What the rules find in the scripts of one migration.
fn found(folder: &Folder, job: &Job<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    each_script(folder, job, &mut |script| {
        found.extend(header::stray(script.text, script.direction, script.path));
        rules::check_script(script, &mut found);
    });
    found
}

fn each_script(folder: &Folder, job: &Job<'_>, check: &mut dyn FnMut(&Script<'_>)) {
    let &Job { migration, up, down, rust, found: _ } = job;
    let path = folder.shown(&migration.up);
    let script = Script {
        migration,
        direction: Direction::Up,
        path: &path,
        text: up,
        up_is_empty: statements::is_empty(up),
        has_down: down.is_some(),
        rust_source: rust,
        seal: folder.lock.find(migration.version),
    };
    check(&script);
    if let (Some(text), Some(relative)) = (down, &migration.down) {
        let path = folder.shown(relative);
        check(&Script { direction: Direction::Down, path: &path, text, rust_source: None, ..script });
    }
}

/// Applies the configured levels, then drops what a migration's header allows.
fn levelled(findings: Vec<Diagnostic>, folder: &Folder, settings: &Settings) -> Vec<Diagnostic> {
    let mut allowed: HashMap<PathBuf, &[String]> = HashMap::new();
    for migration in folder.migrations.iter().filter(|migration| !migration.header.allow.is_empty()) {
        for file in [Some(&migration.up), migration.down.as_ref()].into_iter().flatten() {
            allowed.insert(folder.shown(file), &migration.header.allow);
        }
    }
    let level = |mut finding: Diagnostic| {
        if is_fixed(finding.rule) {
            return Some(finding);
        }
        let names = finding.labels.first().and_then(|label| allowed.get(&label.path)).copied().unwrap_or_default();
        if names.iter().any(|name| name == finding.rule) {
            return None;
        }
        if let Some(level) = settings.rules.get(finding.rule) {
            finding.level = *level;
        }
        (finding.level != Level::Allow).then_some(finding)
    };
    findings.into_iter().filter_map(level).collect()
}
