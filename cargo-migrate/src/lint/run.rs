//! The way from migrations to findings.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::thread;

use migrate_build::check::check_only;
use migrate_build::diagnostic::{self, Diagnostic, Level};
use migrate_build::migration::Migration;
use migrate_build::migration::dir::Folder;
use migrate_build::rules;
use migrate_build::runtime::OnBlocked;

use super::fresh::Fresh;
use super::script::{Around, Down, Script};
use super::squawk::{self, Violation};
use super::squawk_rules::{squawk_rule, squawk_rules};
use super::{allows, rules as own, squawk_rules as squawks, wording};
use crate::config::layers::Settings;
use crate::error::CommandError;
use crate::hazards::{Effect, Nature, On, Relation, Verb};

/// What is known of the servers that the migrations are for.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Their major version.
    pub postgres: Option<u32>,
    /// Tables that hold no row.
    pub empty: BTreeSet<Relation>,
}

/// What was found in one migration.
#[derive(Clone, Debug)]
pub struct Linted {
    /// Its version.
    pub version: i64,
    /// What was found, sorted by place.
    pub findings: Vec<Found>,
}

/// A finding, and how it can be mended.
#[derive(Clone, Debug)]
pub struct Found {
    /// What is said.
    pub diagnostic: Diagnostic,
    /// The edits of a fix that changes nothing else: ranges of the up script and what comes there.
    pub fix: Option<Vec<(std::ops::Range<usize>, String)>>,
}

/// From so many scripts on threads pay.
const MANY: usize = 8;

/// Applies all rules to the migrations of `versions`, at the levels of `settings` and without what headers allow.
///
/// # Errors
/// A script can't be read.
pub fn lint(
    folder: &Folder,
    settings: &Settings,
    known: &Known,
    versions: &BTreeSet<i64>,
) -> Result<Vec<Linted>, CommandError> {
    let picked = |migration: &&Migration| versions.contains(&migration.version);
    let jobs: Vec<&Migration> = folder.migrations.iter().filter(picked).collect();
    let scripts = in_parallel(&jobs, |migration| read(folder, migration));
    let scripts = scripts.into_iter().collect::<Result<Vec<Script>, CommandError>>()?;
    let arounds = arounds(folder, settings, known, &scripts)?;
    let allowed = build_findings(folder, settings, &scripts)?;
    let active = active(settings);
    let jobs: Vec<(&Script, &Around)> = scripts.iter().zip(&arounds).collect();
    let mut linted = in_parallel(&jobs, |(script, around)| one(script, around, settings, &active));
    for (linted, script) in linted.iter_mut().zip(&scripts) {
        finish(linted, script, settings, &allowed);
    }
    Ok(linted)
}

fn read(folder: &Folder, migration: &Migration) -> Result<Script, CommandError> {
    let text = |relative| {
        folder.text(relative).map_err(|error| {
            let help = error.help();
            CommandError::refused(error).maybe_help(help)
        })
    };
    let down = match &migration.down {
        Some(relative) => Some(Down { path: folder.shown(relative), text: text(relative)? }),
        None => None,
    };
    Ok(Script::new(migration.clone(), folder.shown(&migration.up), text(&migration.up)?, down))
}

/// What is known before each script, in the order of the versions.
fn arounds(
    folder: &Folder,
    settings: &Settings,
    known: &Known,
    scripts: &[Script],
) -> Result<Vec<Around>, CommandError> {
    let retired = retired(folder)?;
    let fresh = Arc::new(fresh(known, scripts));
    let mut arounds = Vec::with_capacity(scripts.len());
    for (number, script) in scripts.iter().enumerate() {
        let header = &script.migration.header;
        let version = script.migration.version;
        arounds.push(Around {
            postgres: known.postgres,
            fresh: Arc::clone(&fresh),
            number,
            retired: retired
                .iter()
                .filter(|retired| retired.from < version && retired.until.is_none_or(|until| version <= until))
                .map(|retired| (retired.table.clone(), retired.by.clone()))
                .collect(),
            lock_timeout: header.lock_timeout.is_some() || settings.on_blocked != OnBlocked::Wait,
            statement_timeout: header.statement_timeout.or(settings.statement_timeout).is_some(),
        });
    }
    Ok(arounds)
}

/// The tables that are empty now, and those that each script makes.
fn fresh(known: &Known, scripts: &[Script]) -> Fresh {
    let mut fresh = Fresh::default();
    for table in &known.empty {
        fresh.begin(table.clone(), 0);
    }
    for (number, script) in scripts.iter().enumerate() {
        for part in &script.statements {
            for table in &part.analysis.creates {
                fresh.begin(table.clone(), number + 1);
            }
            // Whoever fills a table needs it: from then on it is in use.
            if matches!(part.analysis.nature, Nature::Data) {
                for (on, _) in part.analysis.locks() {
                    if let On::Relation(table) = on {
                        fresh.end(table, number + 1);
                    }
                }
            }
        }
    }
    fresh
}

/// A table that a header retires: its name is taken from there until it is dropped.
struct Retired {
    table: Relation,
    by: String,
    from: i64,
    until: Option<i64>,
}

fn retired(folder: &Folder) -> Result<Vec<Retired>, CommandError> {
    let mut all = Vec::new();
    for migration in &folder.migrations {
        for table in &migration.header.retires {
            let Some(table) = Relation::parse(table) else { continue };
            let by = format!("{} {}", migration.version, migration.name);
            all.push(Retired { table, by, from: migration.version, until: None });
        }
    }
    let Some(first) = all.iter().map(|retired| retired.from).min() else { return Ok(all) };
    for migration in folder.migrations.iter().filter(|migration| migration.version > first) {
        for name in &migration.header.revives {
            let Some(name) = Relation::parse(name) else { continue };
            for retired in all.iter_mut().filter(|retired| retired.until.is_none() && retired.from < migration.version)
            {
                if retired.table.may_be(&name) {
                    retired.until = Some(migration.version);
                }
            }
        }
        let script = read(folder, migration)?;
        let dropped: Vec<_> = script
            .statements
            .iter()
            .flat_map(|part| &part.changes)
            .filter(|change| change.verb == Verb::Drops && change.kind == "table")
            .collect();
        for retired in all.iter_mut().filter(|retired| retired.until.is_none() && retired.from < migration.version) {
            if dropped.iter().any(|change| change.name.may_be(&retired.table)) {
                retired.until = Some(migration.version);
            }
        }
    }
    Ok(all)
}

/// What the build's rules would find, were nothing allowed: by migration and rule. Looked for only where a header allows one of them.
fn build_findings(
    folder: &Folder,
    settings: &Settings,
    scripts: &[Script],
) -> Result<BTreeSet<(i64, &'static str)>, CommandError> {
    let asked: BTreeSet<i64> = scripts
        .iter()
        .filter(|script| script.migration.header.allow.iter().any(|allow| rules::find(&allow.rule).is_some()))
        .map(|script| script.migration.version)
        .collect();
    if asked.is_empty() {
        return Ok(BTreeSet::new());
    }
    let mut bare = folder.clone();
    for migration in &mut bare.migrations {
        migration.header.allow.clear();
    }
    let found = check_only(&bare, &settings.shared, &|migration| asked.contains(&migration.version))?;
    let mut all = BTreeSet::new();
    for finding in found {
        let Some(path) = finding.labels.first().map(|label| &label.path) else { continue };
        let of = bare.migrations.iter().find(|migration| {
            let down = migration.down.as_ref().map(|down| bare.shown(down));
            bare.shown(&migration.up) == *path || down.as_ref() == Some(path)
        });
        all.extend(of.map(|migration| (migration.version, finding.rule)));
    }
    Ok(all)
}

/// The rules of squawk's that may say something: those that nothing lowers to `allow`.
fn active(settings: &Settings) -> Vec<&'static str> {
    let on = |rule: &squawks::SquawkRule| level(settings, rule.name, rule.default) != Level::Allow;
    squawk_rules().filter(on).map(|rule| rule.name).collect()
}

fn level(settings: &Settings, name: &str, default: Level) -> Level {
    settings.shared.rules.get(name).copied().unwrap_or(default)
}

/// Everything that is found in one script, at default levels.
fn one(script: &Script, around: &Around, settings: &Settings, active: &[&'static str]) -> Linted {
    // What the header allows is looked for all the same, so that it can be told whether it is of use.
    let mut names = active.to_vec();
    for allow in &script.migration.header.allow {
        names.extend(squawk_rule(&allow.rule).map(|rule| rule.name).filter(|name| !active.contains(name)));
    }
    let mut outcome = squawk::lint(&script.text, &names, script.is_transaction(), around.postgres);
    outcome.violations.retain(|violation| holds(script, around, violation));
    let mut diagnostics = Vec::new();
    own::check(script, around, &outcome, &mut diagnostics);
    let mut findings: Vec<Found> = diagnostics.into_iter().map(|diagnostic| Found { diagnostic, fix: None }).collect();
    findings.extend(outcome.violations.into_iter().map(|violation| found(script, violation)));
    findings.retain(|found| {
        let allowed = |name: &str| script.migration.header.allow.iter().any(|allow| allow.rule == name);
        allowed(found.diagnostic.rule) || level(settings, found.diagnostic.rule, found.diagnostic.level) != Level::Allow
    });
    Linted { version: script.migration.version, findings }
}

/// Whether something that squawk found holds here.
fn holds(script: &Script, around: &Around, violation: &Violation) -> bool {
    let at = script.statements.iter().position(|part| part.analysis.range.contains(&violation.range.start));
    let rule = squawk_rule(violation.rule);
    if let Some(at) = at
        && rule.is_some_and(|rule| rule.about_existing)
        && script.is_about_fresh(around, at)
    {
        return false;
    }
    match violation.rule {
        "require-lock-timeout" => !around.lock_timeout,
        "require-statement-timeout" => !around.statement_timeout,
        // Ours says it with both places.
        "constraint-missing-not-valid" => at.and_then(|at| script.statements.get(at)).is_none_or(|part| {
            // Only these can be `NOT VALID`, and of a foreign key the rule about those says more.
            let can = |effect: &Effect| ["ADD CHECK", "ADD NOT NULL"].contains(&effect.action);
            part.changes.iter().all(|change| change.verb != Verb::Validates) && part.analysis.effects.iter().any(can)
        }),
        _ => true,
    }
}

/// A finding of squawk's with what we know of the statement's locks.
fn found(script: &Script, violation: Violation) -> Found {
    let Violation { rule, message, range, help, fix } = violation;
    let part = script.statements.iter().find(|part| part.analysis.range.contains(&range.start));
    let effect = part.and_then(|part| wording::worst(&part.analysis));
    let about_locks = squawk_rule(rule);
    let line =
        script.text.get(range.clone()).and_then(|text| text.lines().next()).map_or(0, |line| line.trim_end().len());
    let (mut text, mut notes) = (String::new(), Vec::new());
    if let Some(effect) = effect.filter(|_| about_locks.is_some_and(|rule| rule.about_locks || rule.about_existing)) {
        text = wording::lock(effect);
        notes.extend(wording::lasts(effect, script.is_transaction()));
        notes.extend(effect.note.map(str::to_owned));
    }
    let mut helps: Vec<String> = help.into_iter().collect();
    let safe = about_locks.is_some_and(|rule| match rule.fix {
        squawks::Fixes::Never => false,
        squawks::Fixes::Always => true,
        squawks::Fixes::WithoutTransaction => !script.is_transaction(),
    });
    let fix = fix.filter(|_| safe).map(|fix| {
        helps.push(format!("`cargo migrate lint --fix` does it: {}", fix.title));
        fix.edits
    });
    if about_locks.is_some_and(|rule| rule.fix == squawks::Fixes::WithoutTransaction) && script.is_transaction() {
        helps.push(
            "that can't run in a transaction: move it into a migration with `--! transaction = false`".to_owned(),
        );
    }
    if let Some(series) = about_locks.and_then(|rule| rule.series()) {
        helps.push(format!("`cargo migrate {series}` writes it in steps that running code survives"));
    }
    let diagnostic = Diagnostic {
        rule,
        level: about_locks.map_or(Level::Warn, |rule| rule.default),
        message,
        labels: vec![script.label(range.start..range.start + line, text)],
        notes,
        helps,
    };
    Found { diagnostic, fix }
}

/// Takes away what is allowed, says what there is to say of the header, and sets the levels.
fn finish(linted: &mut Linted, script: &Script, settings: &Settings, build: &BTreeSet<(i64, &'static str)>) {
    let of_build: BTreeSet<&'static str> =
        build.iter().filter(|(version, _)| *version == linted.version).map(|(_, rule)| *rule).collect();
    let mut diagnostics: Vec<Diagnostic> = linted.findings.iter().map(|found| found.diagnostic.clone()).collect();
    allows::apply(script, &mut diagnostics, &of_build);
    for diagnostic in &mut diagnostics {
        diagnostic.level = level(settings, diagnostic.rule, diagnostic.level);
    }
    diagnostics.retain(|diagnostic| diagnostic.level != Level::Allow);
    diagnostic::sort(&mut diagnostics);
    let before = std::mem::take(&mut linted.findings);
    linted.findings = diagnostics
        .into_iter()
        .map(|diagnostic| {
            let same = |found: &&Found| {
                found.diagnostic.rule == diagnostic.rule && found.diagnostic.labels == diagnostic.labels
            };
            let fix = before.iter().find(same).and_then(|found| found.fix.clone());
            Found { diagnostic, fix }
        })
        .collect();
}

/// The names of tables that the scripts of `versions` lock: what a database can be asked about.
///
/// # Errors
/// A script can't be read.
pub fn tables(folder: &Folder, versions: &BTreeSet<i64>) -> Result<BTreeSet<Relation>, CommandError> {
    let mut tables = BTreeSet::new();
    for migration in folder.migrations.iter().filter(|migration| versions.contains(&migration.version)) {
        let script = read(folder, migration)?;
        for effect in script.statements.iter().flat_map(|part| &part.analysis.effects) {
            if effect.mode.is_dangerous() && matches!(effect.on, On::Relation(_)) {
                tables.insert(effect.on.name().clone());
            }
        }
    }
    Ok(tables)
}

/// Applies `to_one` to each, in as many threads as there are processors, and keeps the order.
fn in_parallel<T: Sync, R: Send>(items: &[T], to_one: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    if items.len() < MANY || threads == 1 {
        return items.iter().map(to_one).collect();
    }
    let share = items.len().div_ceil(threads);
    thread::scope(|scope| {
        let running: Vec<_> = items
            .chunks(share)
            .map(|part| {
                let to_one = &to_one;
                (part, thread::Builder::new().spawn_scoped(scope, move || part.iter().map(to_one).collect::<Vec<R>>()))
            })
            .collect();
        let done = running.into_iter().flat_map(|(part, thread)| {
            // What no thread can be had for, or ended badly, is done here.
            let found = thread.ok().and_then(|thread| thread.join().ok());
            found.unwrap_or_else(|| part.iter().map(&to_one).collect())
        });
        done.collect()
    })
}
