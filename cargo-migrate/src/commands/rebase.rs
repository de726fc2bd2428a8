//! `rebase`: puts the migrations that only this branch has on top of those of another, under new versions.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Args;
use migrate_build::diagnostic::Level;
use migrate_build::migration::dir::{Folder, VERSIONS};
use migrate_build::rules;
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::check::no_repository;
use crate::authoring::version::{self, NoVersionLeft};
use crate::committed::{self, Entry, Gathered};
use crate::config::raw::Versions;
use crate::context::Context;
use crate::engine::everywhere::{Looked, everywhere};
use crate::error::{CommandError, ErrorKind};
use crate::exit_code::ExitCode;
use crate::file_changes::{self, FileChange};
use crate::git::{Reference, Repository};
use crate::history::History;
use crate::rebase::{self, Conflict, Move, NotPossible, Plan, Scripts};
use crate::ui::Ui;

/// Put the migrations that only this branch has on top of those of another
///
/// They get new versions, in their order, and build on what the other branch ends in. Only for migrations that are applied
/// nowhere: where one is, `merge` joins both sides instead.
#[derive(Args, Debug)]
pub struct RebaseArgs {
    /// Branch or commit whose migrations stay as they are; the branch that this one comes from where none is given
    #[arg(value_name = "ONTO")]
    onto: Option<String>,
    /// Only show what would be renamed
    #[arg(long)]
    dry_run: bool,
}

/// Renames the files and changes their parents, or shows what it would do.
///
/// # Errors
/// There is no repository, the other branch's migrations are not all here, one of ours is applied somewhere, or a file
/// can't be written.
pub async fn run(ui: &mut Ui, context: &Context, args: RebaseArgs) -> Result<ExitCode, CommandError> {
    let RebaseArgs { onto, dry_run } = args;
    let history = History::load(context)?;
    require_readable(&history.folder)?;
    let gathered = gathered(context, &history, onto.as_deref()).await?;
    refuse_missing(&gathered)?;
    let ours = &gathered.comparison.ours;
    let plan = planned(context, &history.folder, &gathered)?;
    if plan.moves.is_empty() {
        nothing(ui, &gathered, ours, &plan);
        return Ok(ExitCode::Done);
    }
    refuse_unrendered(&history.folder, &plan)?;
    refuse_sealed(&history.folder, ours)?;
    let looked = everywhere(context).await?;
    refuse_applied(&looked, ours)?;
    let unseen = unreachable(&looked);
    for line in &unseen {
        ui.warning(line);
    }
    let conflicts = conflicts(&history.folder, &plan);
    let files = Files::of(&history.folder, &plan)?;
    if !dry_run {
        files.write()?;
    }
    for conflict in &conflicts {
        warn(ui, &history.folder, conflict);
    }
    if !conflicts.is_empty() {
        ui.help("read both, and rehearse the way back: `cargo xtask promote`");
    }
    report(ui, context, &gathered.reference, &plan, &files, &conflicts, &unseen, dry_run);
    Ok(ExitCode::Done)
}

/// What can't be read can't be moved. Two migrations of one version are what a rebase is for.
fn require_readable(folder: &Folder) -> Result<(), CommandError> {
    let curable = [rules::DUPLICATE_VERSION.name, rules::MISSING_PARENT.name];
    let wrong = |finding: &&migrate_build::Diagnostic| finding.level == Level::Deny && !curable.contains(&finding.rule);
    match folder.findings.iter().find(wrong) {
        Some(finding) => Err(CommandError::refused(format!("{} ({})", finding.message, finding.location()))
            .note("no file was changed")
            .help("`cargo migrate check` lists all errors")),
        None => Ok(()),
    }
}

async fn gathered(context: &Context, history: &History, onto: Option<&str>) -> Result<Gathered, CommandError> {
    let folder = &history.folder;
    let Some(repository) = Repository::around(&folder.root).await? else {
        return Err(no_repository(context, &folder.root));
    };
    Ok(committed::gather(&repository, folder, onto).await?)
}

/// Theirs must be here, or what builds on them would not compile.
fn refuse_missing(gathered: &Gathered) -> Result<(), CommandError> {
    let Gathered { reference: Reference { name, .. }, comparison, .. } = gathered;
    if comparison.theirs.is_empty() {
        return Ok(());
    }
    let stems: Vec<String> = comparison.theirs.iter().map(|entry| format!("`{}`", entry.stem())).collect();
    let count = match stems.len() {
        1 => "a migration".to_owned(),
        count => format!("{count} migrations"),
    };
    Err(CommandError::refused(format!("`{name}` has {count} that this branch lacks: {}", stems.join(", ")))
        .note("no file was changed")
        .help(format!("take them in first: `git merge {name}`, then run it again")))
}

fn planned(context: &Context, folder: &Folder, gathered: &Gathered) -> Result<Plan, CommandError> {
    let versions = context.settings()?.versions;
    let now = OffsetDateTime::now_utc();
    let next = |newest: Option<i64>| match versions {
        Versions::Sequential => version::sequential(newest),
        Versions::Timestamp => version::timestamp(now, newest),
    };
    let Gathered { reference: Reference { name, .. }, comparison, here, there, .. } = gathered;
    rebase::plan(&comparison.ours, there, here, next).map_err(|error| match error {
        NotPossible::SeveralHeads { .. } => CommandError::refused(error)
            .note("no file was changed")
            .help(format!("join them in `{name}` first: `cargo migrate merge -m \"merge heads\"`")),
        NotPossible::NoVersionLeft(NoVersionLeft { newest }) => {
            let title = folder.find(newest).map_or_else(|| newest.to_string(), |it| it.up.display().to_string());
            CommandError::refused(error).help(format!("give {title} a lower version, if it is applied nowhere"))
        }
    })
}

fn nothing(ui: &mut Ui, gathered: &Gathered, ours: &[Entry], plan: &Plan) {
    let name = &gathered.reference.name;
    if ui.is_json() {
        let none: Vec<Value> = Vec::new();
        ui.json(json!({
            "dry_run": false, "onto": { "name": name, "commit": gathered.reference.commit }, "moved": none,
            "written": none, "removed": none, "conflicts": none, "unseen": none,
        }));
        return;
    }
    match (ours, plan.onto) {
        ([], _) => ui.info(format_args!("nothing to rebase: `{name}` has every migration that is here")),
        (_, None) => ui.info(format_args!("nothing to rebase: `{name}` has no migration")),
        (ours, Some(_)) => {
            let count =
                if ours.len() == 1 { "1 migration is".to_owned() } else { format!("{} migrations are", ours.len()) };
            ui.info(format_args!("nothing to rebase: {count} on top of `{name}` already"));
        }
    }
}

/// A Rust source without a script has no place in the history that could be moved.
fn refuse_unrendered(folder: &Folder, plan: &Plan) -> Result<(), CommandError> {
    let known: BTreeSet<&std::ffi::OsStr> =
        folder.migrations.iter().filter_map(|migration| migration.up.file_stem()).collect();
    let moved: BTreeSet<&std::ffi::OsStr> = plan.moves.iter().filter_map(|it| it.from.up.path.file_stem()).collect();
    let is_unrendered =
        |path: &&PathBuf| path.file_stem().is_some_and(|stem| !known.contains(stem) && !moved.contains(stem));
    match folder.rust.iter().find(is_unrendered) {
        Some(path) => Err(CommandError::refused(format!("`{}` is not rendered", folder.shown(path).display()))
            .note("no file was changed")
            .help("render it first: `cargo migrate render`")),
        None => Ok(()),
    }
}

/// What is sealed keeps its version.
fn refuse_sealed(folder: &Folder, ours: &[Entry]) -> Result<(), CommandError> {
    let is_sealed = |entry: &&Entry| folder.lock.find(entry.version).is_some_and(|seal| seal.stem == entry.stem());
    let sealed: Vec<String> = ours.iter().filter(is_sealed).map(|entry| format!("`{}`", entry.stem())).collect();
    if sealed.is_empty() {
        return Ok(());
    }
    let verb = if sealed.len() == 1 { "is" } else { "are" };
    Err(CommandError::refused(format!("{} {verb} sealed", sealed.join(", ")))
        .note("no file was changed: what is sealed may be applied anywhere")
        .help("join both sides instead: `cargo migrate merge -m \"merge heads\"`"))
}

/// What a database has applied keeps its version.
fn refuse_applied(looked: &[Looked], ours: &[Entry]) -> Result<(), CommandError> {
    for database in looked {
        let Ok(state) = &database.state else { continue };
        let is_applied = |entry: &&Entry| {
            state.applied.iter().any(|row| row.version == entry.version && row.name == entry.name)
                || state.interrupted.iter().any(|interrupted| interrupted.version == entry.version)
        };
        let applied: Vec<&Entry> = ours.iter().filter(is_applied).collect();
        let Some(first) = applied.first() else { continue };
        let stems: Vec<String> = applied.iter().map(|entry| format!("`{}`", entry.stem())).collect();
        let verb = if applied.len() == 1 { "is" } else { "are" };
        let error = CommandError::refused(format!("{} {verb} applied in {}", stems.join(", "), database.name()))
            .note("no file was changed: another version would make it an unknown migration there");
        let merge = "cargo migrate merge -m \"merge heads\"";
        if !database.is_own() {
            return Err(error.help(format!("join both sides instead: `{merge}`")));
        }
        let to = match first.parents.as_slice() {
            [] => "base".to_owned(),
            [parent] => parent.to_string(),
            _ => format!("-{}", applied.len()),
        };
        return Err(error
            .help(format!("take it back there first: `cargo migrate downgrade --to {to}`"))
            .help(format!("or join both sides instead: `{merge}`")));
    }
    Ok(())
}

/// The databases of which nobody can tell what they have.
fn unreachable(looked: &[Looked]) -> Vec<String> {
    let unseen = looked.iter().filter_map(|database| Some((database, database.state.as_ref().err()?)));
    unseen
        .map(|(database, error)| {
            let why = match error.kind {
                ErrorKind::Usage => "is not known",
                _ => "can't be read",
            };
            format!("what {} has applied {why}: {error}", database.name())
        })
        .collect()
}

fn conflicts(folder: &Folder, plan: &Plan) -> Vec<Conflict> {
    let scripts = |entry: &Entry, down_first: bool| -> Scripts {
        let mut paths: Vec<&Path> = entry.scripts().map(|script| script.path.as_path()).collect();
        if down_first {
            paths.reverse();
        }
        paths.into_iter().filter_map(|path| Some((path.to_owned(), folder.text(path).ok()?))).collect()
    };
    let ours: Vec<Scripts> = plan.moves.iter().map(|moved| scripts(&moved.from, true)).collect();
    let theirs: Vec<Scripts> = plan.unseen.iter().map(|entry| scripts(entry, false)).collect();
    rebase::conflicts(&ours, &theirs)
}

fn warn(ui: &mut Ui, folder: &Folder, conflict: &Conflict) {
    let place = |(path, line): &(PathBuf, usize)| format!("{}:{line}", folder.shown(path).display());
    let Conflict { what, ours, theirs } = conflict;
    let script = if is_down(&ours.0) { "the way back" } else { "the way there" };
    ui.warning(format_args!("`{what}` is changed on both sides: {} and {}", place(ours), place(theirs)));
    ui.note(format_args!(
        "{script} was written for what was there before theirs, and may undo or miss what theirs does"
    ));
}

fn is_down(path: &Path) -> bool {
    path.to_string_lossy().ends_with(".down.sql")
}

/// The files of the migrations that move, before and after.
struct Files {
    changes: Vec<FileChange>,
    removed: Vec<PathBuf>,
}

impl Files {
    fn of(folder: &Folder, plan: &Plan) -> Result<Self, CommandError> {
        let mut files: Vec<(PathBuf, PathBuf, String)> = Vec::new();
        for moved in &plan.moves {
            let stem = moved.stem();
            let up = &moved.from.up.path;
            files.push((up.clone(), Path::new(VERSIONS).join(format!("{stem}.sql")), moved.up(&folder.text(up)?)));
            if let Some(down) = &moved.from.down {
                let to = Path::new(VERSIONS).join(format!("{stem}.down.sql"));
                files.push((down.path.clone(), to, folder.text(&down.path)?));
            }
            if let Some(source) = rust_source(folder, moved) {
                files.push((source.to_owned(), source.with_file_name(format!("{stem}.rs")), folder.text(source)?));
            }
        }
        let old: BTreeSet<PathBuf> = files.iter().map(|(from, ..)| from.clone()).collect();
        let new: BTreeSet<PathBuf> = files.iter().map(|(_, to, _)| to.clone()).collect();
        let changes = files
            .into_iter()
            .map(|(_, to, text)| FileChange::write(folder.root.join(&to), text, old.contains(&to)))
            .collect();
        let removed = old.into_iter().filter(|path| !new.contains(path)).map(|path| folder.root.join(path)).collect();
        Ok(Self { changes, removed })
    }

    fn write(&self) -> Result<(), CommandError> {
        Ok(file_changes::apply_and_remove(&self.changes, &self.removed)?)
    }
}

fn rust_source<'a>(folder: &'a Folder, moved: &Move) -> Option<&'a Path> {
    let stem = moved.from.up.path.file_stem()?;
    folder.rust.iter().find(|source| source.file_stem() == Some(stem)).map(PathBuf::as_path)
}

#[expect(clippy::too_many_arguments, reason = "the parts of one report")]
fn report(
    ui: &mut Ui,
    context: &Context,
    reference: &Reference,
    plan: &Plan,
    files: &Files,
    conflicts: &[Conflict],
    unseen: &[String],
    dry_run: bool,
) {
    let name = &reference.name;
    let shown = |path: &PathBuf| context.shown(path).to_string();
    if ui.is_json() {
        let moved: Vec<Value> = plan
            .moves
            .iter()
            .map(|moved| {
                json!({
                    "from": moved.from.version, "version": moved.version, "name": moved.from.name,
                    "parents": moved.parents,
                })
            })
            .collect();
        let place = |(path, line): &(PathBuf, usize)| json!({ "file": path, "line": line });
        let conflicts: Vec<Value> = conflicts
            .iter()
            .map(
                |Conflict { what, ours, theirs }| json!({ "what": what, "ours": place(ours), "theirs": place(theirs) }),
            )
            .collect();
        ui.json(json!({
            "dry_run": dry_run,
            "onto": { "name": name, "commit": reference.commit },
            "moved": moved,
            "written": files.changes.iter().map(|change| shown(&change.path)).collect::<Vec<_>>(),
            "removed": files.removed.iter().map(shown).collect::<Vec<_>>(),
            "conflicts": conflicts,
            "unseen": unseen,
        }));
        return;
    }
    for moved in &plan.moves {
        let onto = match moved.parents.as_deref() {
            Some([parent]) => format!("  (on {parent})"),
            _ => String::new(),
        };
        ui.data(format_args!("{} -> {}{onto}", moved.from.stem(), moved.stem()));
    }
    let count =
        if plan.moves.len() == 1 { "1 migration".to_owned() } else { format!("{} migrations", plan.moves.len()) };
    if dry_run {
        ui.info(format_args!("would put {count} on top of `{name}`; no file was changed"));
        return;
    }
    ui.status("Rebased", format_args!("{count} on top of `{name}`"));
    ui.help(format_args!("look at it and commit it: `cargo migrate check && git add --all {}`", folder_of(context)));
}

fn folder_of(context: &Context) -> String {
    context.folder().map_or_else(|_| "migrations".to_owned(), |folder| context.shown(&folder).to_string())
}
