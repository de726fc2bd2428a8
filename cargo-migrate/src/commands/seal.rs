//! `seal`: writes down what migrations are, so that whatever happens to them later is noticed.

use std::collections::BTreeSet;

use clap::Args;
use migrate_build::check::check_only;
use migrate_build::diagnostic::Level;
use migrate_build::lock::{Break, FILE};
use migrate_build::migration::file_name;
use migrate_build::settings::is_seal;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::findings;
use crate::history::History;
use crate::plan_view;
use crate::sealing::{Sealing, origin};
use crate::ui::Ui;

/// Seal migrations, so that no change to them goes unnoticed
#[derive(Args, Debug)]
pub struct SealArgs {
    /// Seal this migration and all that it builds on; all there are where none is given
    #[arg(long, value_name = "VERSION", conflicts_with = "break_seal")]
    to: Option<String>,
    /// Take the seal off a migration, to change it against all advice; the lock file keeps what it was, and why
    #[arg(long = "break", value_name = "VERSION", requires = "reason")]
    break_seal: Option<String>,
    /// Why the seal is broken
    #[arg(long, value_name = "TEXT", requires = "break_seal")]
    reason: Option<String>,
    /// Only show what would be sealed
    #[arg(long)]
    dry_run: bool,
}

/// Seals, or breaks a seal.
///
/// # Errors
/// What is sealed already is not what is there, what would be sealed has errors, or the lock file can't be written.
pub fn run(ui: &mut Ui, context: &Context, args: SealArgs) -> Result<ExitCode, CommandError> {
    let SealArgs { to, break_seal, reason, dry_run } = args;
    let history = History::load(context)?;
    match break_seal {
        Some(version) => break_one(ui, context, &history, &version, &reason.unwrap_or_default(), dry_run),
        None => seal(ui, context, &history, to.as_deref(), dry_run),
    }
}

fn seal(
    ui: &mut Ui,
    context: &Context,
    history: &History,
    to: Option<&str>,
    dry_run: bool,
) -> Result<ExitCode, CommandError> {
    let versions: BTreeSet<i64> = match to {
        None => history.folder.migrations.iter().map(|migration| migration.version).collect(),
        Some(to) => {
            let version = history.resolve(to)?;
            let mut versions = history.graph.ancestors(version);
            versions.insert(version);
            versions
        }
    };
    let new: BTreeSet<i64> =
        versions.into_iter().filter(|&version| history.folder.lock.find(version).is_none()).collect();
    require_sound(ui, context, history, &new, to.is_some())?;
    require_reviewed(history, &new)?;
    let mut sealing = Sealing::begin(&history.folder)?;
    for migration in history.folder.migrations.iter().filter(|migration| new.contains(&migration.version)) {
        let up = history.text(&migration.up)?;
        let down = migration.down.as_ref().map(|down| history.text(down)).transpose()?;
        sealing.seal(migration, &up, down.as_deref());
    }
    let path = context.settings()?.directory.join(FILE);
    if dry_run {
        if ui.is_json() {
            ui.json(fields(history, &sealing, None, &path, false));
        } else {
            plan_view::plan(ui, history, "seal", &sealing.sealed);
        }
        return Ok(ExitCode::Done);
    }
    let written = sealing.write(&history.folder.root)?;
    if ui.is_json() {
        ui.json(fields(history, &sealing, None, &path, written));
    }
    let file = context.shown(&history.folder.root.join(FILE)).to_string();
    for &version in &sealing.sealed {
        ui.detail(format_args!("sealed {}", history.title(version)));
    }
    match (sealing.sealed.as_slice(), written) {
        ([], false) => ui.info(format_args!("nothing to seal: {} sealed already", counted(sealing.count()))),
        ([], true) => ui.status("Sorted", &file),
        ([.., last], _) => ui.status(
            "Sealed",
            format_args!("{} up to {} in {file}", counted(sealing.sealed.len()), history.title(*last)),
        ),
    }
    if written {
        ui.info(format_args!("commit it with the migrations: `git add {file}`"));
    }
    Ok(ExitCode::Done)
}

/// Refuses what the compiler would refuse: a seal on it would only be broken again.
fn require_sound(
    ui: &mut Ui,
    context: &Context,
    history: &History,
    new: &BTreeSet<i64>,
    chosen: bool,
) -> Result<(), CommandError> {
    let folder = &history.folder;
    let mut found = check_only(folder, &context.settings()?.shared, &|migration| new.contains(&migration.version))?;
    // Where to stop was said, so it doesn't matter in what the history ends.
    found.retain(|finding| finding.level == Level::Deny && !(chosen && finding.rule == "several-heads"));
    // What was done to a sealed migration may make the graph look wrong, and is what has to be undone.
    found.sort_by_key(|finding| !is_seal(finding.rule));
    if found.is_empty() {
        return Ok(());
    }
    origin::complete(&mut found, folder, &|path| context.shown(&folder.root.join(path)).to_string());
    findings::print(ui, &context.package()?.root, folder, &found);
    let message = match found.len() {
        1 => "the migrations have an error".to_owned(),
        count => format!("the migrations have {count} errors"),
    };
    Err(CommandError { findings: found.into(), ..CommandError::refused(message) }.note("nothing was sealed"))
}

/// Refuses what nobody has reviewed: taking the mark off would break the seal.
fn require_reviewed(history: &History, new: &BTreeSet<i64>) -> Result<(), CommandError> {
    let unread: Vec<i64> = history
        .folder
        .migrations
        .iter()
        .filter(|migration| new.contains(&migration.version) && migration.header.unreviewed)
        .map(|migration| migration.version)
        .collect();
    if unread.is_empty() {
        return Ok(());
    }
    let titles: Vec<String> = unread.iter().map(|&version| history.title(version)).collect();
    let refusal = CommandError::refused(format!("nobody has reviewed {}", titles.join(", ")));
    Err(unread.iter().fold(refusal.note("nothing was sealed"), |refusal, version| {
        refusal.help(format!("read it, then say so: `cargo migrate review {version}`"))
    }))
}

fn break_one(
    ui: &mut Ui,
    context: &Context,
    history: &History,
    text: &str,
    reason: &str,
    dry_run: bool,
) -> Result<ExitCode, CommandError> {
    if reason.trim().is_empty() {
        return Err(CommandError::usage("the reason is empty")
            .help("say why the migration has to change: `--reason \"it locks the table for hours\"`"));
    }
    if let Some(malformed) = history.folder.findings.iter().find(|finding| finding.rule == "malformed-lock") {
        let mut found = vec![malformed.clone()];
        origin::complete(&mut found, &history.folder, &|path| {
            context.shown(&history.folder.root.join(path)).to_string()
        });
        findings::print(ui, &context.package()?.root, &history.folder, &found);
        return Err(CommandError { findings: found.into(), ..CommandError::refused("the lock file can't be trusted") }
            .note("nothing was changed"));
    }
    let version = resolve(history, text)?;
    let at = OffsetDateTime::now_utc().replace_nanosecond(0).map_err(CommandError::refused)?;
    let at = at.format(&Rfc3339).map_err(CommandError::refused)?;
    let by = context.variables().actor()?;
    let mut sealing = Sealing::begin(&history.folder)?;
    let Some(broken) = sealing.break_seal(version, at, &by, reason).cloned() else {
        return Err(CommandError::usage(format!("{} is not sealed", history.title(version)))
            .note("nothing keeps it from being changed"));
    };
    let path = context.settings()?.directory.join(FILE);
    let written = !dry_run && sealing.write(&history.folder.root)?;
    if ui.is_json() {
        ui.json(fields(history, &sealing, Some(&broken), &path, written));
    }
    if dry_run {
        ui.info(format_args!("would break the seal of {}; nothing was changed", broken.seal.stem));
        return Ok(ExitCode::Done);
    }
    let file = context.shown(&history.folder.root.join(FILE)).to_string();
    ui.status("Broke", format_args!("the seal of {} in {file}", broken.seal.stem));
    ui.note("databases that have applied it keep what they have, and their upgrades are refused as long as its up script differs");
    ui.help("once it is as it shall be, seal it again: `cargo migrate seal`");
    Ok(ExitCode::Done)
}

/// The sealed migration of that version, name or file; its files may be gone.
fn resolve(history: &History, text: &str) -> Result<i64, CommandError> {
    let seals = &history.folder.lock.seals;
    let is_called = |stem: &str| stem == text || stem.split_once("__").is_some_and(|(_, name)| name == text);
    let mut named = seals.iter().filter(|seal| text.parse() == Ok(seal.version) || is_called(&seal.stem));
    if let (Some(seal), None) = (named.next(), named.next()) {
        return Ok(seal.version);
    }
    history.resolve(text)
}

fn fields(
    history: &History,
    sealing: &Sealing,
    broken: Option<&Break>,
    file: &std::path::Path,
    written: bool,
) -> Value {
    let broken = broken.map(|broken| {
        let Break { seal, at, by, reason } = broken;
        let script = format!("{}.sql", seal.stem);
        let name = file_name::parse(&script).map_or("", |file| file.name);
        json!({ "version": seal.version, "name": name, "at": at, "by": by, "reason": reason })
    });
    json!({
        "lock": file,
        "sealed": plan_view::list(history, &sealing.sealed),
        "broken": broken,
        "total": sealing.count(),
        "written": written,
    })
}

fn counted(count: usize) -> String {
    if count == 1 { "1 migration".to_owned() } else { format!("{count} migrations") }
}
