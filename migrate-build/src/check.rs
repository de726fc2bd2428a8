//! Everything that is to be found in a folder, at the levels that its owners have chosen.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::thread;

use crate::cache::{self, Cache};
use crate::diagnostic::{self, Diagnostic, Label, Level};
use crate::error::Error;
use crate::migration::dir::Folder;
use crate::migration::{Allow, Direction, Migration, header};
use crate::rules::{self, Script};
use crate::settings::{Settings, is_fixed};
use crate::statements;

/// The texts of one migration.
#[derive(Debug)]
pub(crate) struct Texts {
    /// The up script.
    pub(crate) up: String,
    /// The down script.
    pub(crate) down: Option<String>,
    /// The source that the up script was rendered from.
    pub(crate) rust: Option<String>,
}

/// So many migrations are held in memory at once.
const BATCH: usize = 1024;

/// From so many scripts to parse on, threads pay.
const MANY: usize = 32;

/// Finds all that is wrong with `folder`: what reading it has found, the history as a whole, and every script. The levels
/// of `settings` are applied and what is allowed is left out. Of scripts that are in `cache` nothing is parsed again.
///
/// The findings are sorted by file and place.
///
/// # Errors
/// A script can't be read. Text that is no UTF-8, or holds a NUL character, is a finding of rule `syntax-error` that no
/// level lowers.
pub fn check(folder: &Folder, settings: &Settings, cache: Option<&mut Cache>) -> Result<Vec<Diagnostic>, Error> {
    check_each(folder, settings, cache, &|_| true, &mut |_, _| ())
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
    check_each(folder, settings, None, which, &mut |_, _| ())
}

/// As [`check`], and hands the texts of every migration that can be read to `keep`, in the order of the versions, so that
/// whoever needs them too reads no file twice.
pub(crate) fn check_each(
    folder: &Folder,
    settings: &Settings,
    mut cache: Option<&mut Cache>,
    which: &dyn Fn(&Migration) -> bool,
    keep: &mut dyn FnMut(&Migration, Texts),
) -> Result<Vec<Diagnostic>, Error> {
    let mut findings = folder.findings.clone();
    let mut unreadable = Vec::new();
    let (graph, errors) = folder.graph();
    rules::check_history(folder, &graph, &errors, &mut findings);
    for batch in folder.migrations.chunks(BATCH) {
        let mut jobs = Vec::with_capacity(batch.len());
        for migration in batch.iter().filter(|migration| which(migration)) {
            if let Some(texts) = texts(folder, migration, &mut unreadable)? {
                jobs.push(Job::new(folder, migration, texts, cache.as_deref()));
            }
        }
        parse(folder, &mut jobs);
        for Job { migration, texts, key, found } in jobs {
            let found = found.unwrap_or_default();
            if let (Some(cache), Some(key)) = (&mut cache, key) {
                cache.add(key, found.clone());
            }
            findings.extend(found);
            keep(migration, texts);
        }
    }
    let mut findings = levelled(findings, folder, settings);
    findings.extend(unreadable);
    diagnostic::sort(&mut findings);
    Ok(findings)
}

fn texts(folder: &Folder, migration: &Migration, unreadable: &mut Vec<Diagnostic>) -> Result<Option<Texts>, Error> {
    let mut read = |relative: Option<&Path>| match relative {
        Some(relative) => readable(folder.text(relative), unreadable),
        None => Ok(None),
    };
    let up = read(Some(&migration.up))?;
    let down = read(migration.down.as_deref())?;
    let rust = read(folder.rust_source(migration))?;
    Ok(match up {
        Some(up) if down.is_some() == migration.down.is_some() => Some(Texts { up, down, rust }),
        _ => None,
    })
}

/// The text, or a finding in its place.
fn readable(text: Result<String, Error>, unreadable: &mut Vec<Diagnostic>) -> Result<Option<String>, Error> {
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
struct Job<'a> {
    migration: &'a Migration,
    texts: Texts,
    /// What the cache knows it by, where there is one.
    key: Option<u128>,
    /// What was found, once that is known.
    found: Option<Vec<Diagnostic>>,
}

impl<'a> Job<'a> {
    fn new(folder: &Folder, migration: &'a Migration, texts: Texts, cache: Option<&Cache>) -> Self {
        let Texts { up, down, rust } = &texts;
        let key =
            cache.map(|_| cache::key(migration, &folder.shown(&migration.up), up, down.as_deref(), rust.as_deref()));
        let found = cache.zip(key).and_then(|(cache, key)| cache.look_up(key));
        Self { migration, texts, key, found }
    }

    fn parse(&mut self, folder: &Folder) {
        if self.found.is_none() {
            self.found = Some(found(folder, self.migration, &self.texts));
        }
    }
}

/// Applies the rules to what the cache did not know.
fn parse(folder: &Folder, jobs: &mut [Job<'_>]) {
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
fn found(folder: &Folder, migration: &Migration, texts: &Texts) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let Texts { up, down, rust } = texts;
    let path = folder.shown(&migration.up);
    let up_is_empty = statements::is_empty(up);
    let script = Script {
        migration,
        direction: Direction::Up,
        path: &path,
        text: up,
        up_is_empty,
        has_down: down.is_some(),
        rust_source: rust.as_deref(),
    };
    found.extend(header::stray(up, Direction::Up, &path));
    rules::check_script(&script, &mut found);
    if let (Some(text), Some(relative)) = (down, &migration.down) {
        let path = folder.shown(relative);
        found.extend(header::stray(text, Direction::Down, &path));
        let script = Script { direction: Direction::Down, path: &path, text, rust_source: None, ..script };
        rules::check_script(&script, &mut found);
    }
    found
}

/// Applies the configured levels, then drops what a migration's header allows.
fn levelled(findings: Vec<Diagnostic>, folder: &Folder, settings: &Settings) -> Vec<Diagnostic> {
    let mut allowed: HashMap<PathBuf, &[Allow]> = HashMap::new();
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
        if names.iter().any(|allow| allow.rule == finding.rule) {
            return None;
        }
        if let Some(level) = settings.rules.get(finding.rule) {
            finding.level = *level;
        }
        (finding.level != Level::Allow).then_some(finding)
    };
    findings.into_iter().filter_map(level).collect()
}
