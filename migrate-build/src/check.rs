//! Everything that is to be found in a folder, at the levels that its owners have chosen.

use std::collections::HashMap;
use std::path::PathBuf;

use crate::cache::{self, Cache};
use crate::diagnostic::{self, Diagnostic, Label, Level};
use crate::error::Error;
use crate::migration::dir::Folder;
use crate::migration::{Direction, Migration, header};
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
}

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
    for migration in folder.migrations.iter().filter(|migration| which(migration)) {
        let up = readable(folder.text(&migration.up), &mut unreadable)?;
        let down = match &migration.down {
            Some(down) => Some(readable(folder.text(down), &mut unreadable)?),
            None => None,
        };
        let (Some(up), Some(down)) = (up, down.map_or(Some(None), |down| down.map(Some))) else { continue };
        let rust = match folder.rust_source(migration) {
            Some(source) => readable(folder.text(source), &mut unreadable)?,
            None => None,
        };
        let texts = Texts { up, down };
        scripts(folder, migration, &texts, rust.as_deref(), cache.as_deref_mut(), &mut findings);
        keep(migration, texts);
    }
    let mut findings = levelled(findings, folder, settings);
    findings.extend(unreadable);
    diagnostic::sort(&mut findings);
    Ok(findings)
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

fn scripts(
    folder: &Folder,
    migration: &Migration,
    texts: &Texts,
    rust_source: Option<&str>,
    cache: Option<&mut Cache>,
    out: &mut Vec<Diagnostic>,
) {
    let path = folder.shown(&migration.up);
    let Texts { up, down } = texts;
    let key = cache.as_ref().map(|_| cache::key(migration, &path, up, down.as_deref(), rust_source));
    if let (Some(cache), Some(key)) = (cache, key) {
        let found = cache.look_up(key).unwrap_or_else(|| {
            let found = parse(folder, migration, texts, rust_source);
            cache.add(key, found.clone());
            found
        });
        out.extend(found);
    } else {
        out.extend(parse(folder, migration, texts, rust_source));
    }
}

/// What the rules find in the scripts of one migration.
fn parse(folder: &Folder, migration: &Migration, texts: &Texts, rust_source: Option<&str>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let Texts { up, down } = texts;
    let path = folder.shown(&migration.up);
    let up_is_empty = statements::split(up).is_ok_and(|statements| statements.is_empty());
    let script = Script {
        migration,
        direction: Direction::Up,
        path: &path,
        text: up,
        up_is_empty,
        has_down: down.is_some(),
        rust_source,
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
