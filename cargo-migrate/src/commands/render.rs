//! `render`: freezes what migrations written in Rust return into their SQL files.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use clap::Args;
use migrate_build::migration::dir::VERSIONS;
use migrate_build::migration::{Migration, file_name};
use migrate_build::rules::fingerprint;
use serde_json::json;

use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::file_changes::{self, FileChange};
use crate::history::History;
use crate::rendering::freeze;
use crate::rendering::program::Source;
use crate::rendering::run::{self, Options, Rendered, RunError};
use crate::revision;
use crate::rust_text::{defines_function, mask};
use crate::ui::Ui;

/// Turn migrations written in Rust into the SQL that is applied
#[derive(Args, Debug)]
pub struct RenderArgs {
    /// Versions, names or files of migrations; all where none is given
    #[arg(value_name = "VERSION")]
    versions: Vec<String>,
    /// Write nothing; fail if a source changed since it was rendered
    #[arg(long)]
    check: bool,
    /// Also replace SQL that was not rendered but written by hand
    #[arg(long, conflicts_with = "check")]
    force: bool,
}

/// One source, and the script that it has or will have.
#[derive(Debug)]
struct Job<'a> {
    /// The source, relative to the migrations folder.
    source: &'a Path,
    /// The migration, where there is a script already.
    migration: Option<&'a Migration>,
    version: i64,
    stem: String,
    hash: String,
    rollback: bool,
}

impl Job<'_> {
    fn is_stale(&self) -> bool {
        self.migration.is_none_or(|migration| migration.header.rendered_from.as_deref() != Some(&self.hash))
    }

    fn is_by_hand(&self) -> bool {
        self.migration.is_some_and(|migration| migration.header.rendered_from.is_none())
    }
}

/// Renders the sources that changed.
///
/// # Errors
/// There is no such source, it doesn't compile or panics, or its SQL was written by hand.
pub fn run(ui: &mut Ui, context: &Context, args: RenderArgs) -> Result<ExitCode, CommandError> {
    let RenderArgs { versions, check, force } = args;
    let history = History::load(context)?;
    let jobs = jobs(&history, &versions)?;
    let fresh = jobs.iter().filter(|job| !job.is_stale()).count();
    let stale: Vec<&Job<'_>> = jobs.iter().filter(|job| job.is_stale()).collect();
    let shown = |job: &Job<'_>| history.folder.shown(job.source).display().to_string();

    if check {
        let names: Vec<String> = stale.iter().map(|job| shown(job)).collect();
        if ui.is_json() {
            ui.json(json!({ "stale": names, "fresh": fresh }));
        } else {
            names.iter().for_each(|name| ui.data(name));
        }
        if names.is_empty() {
            return Ok(ExitCode::Done);
        }
        ui.warning(format_args!("not rendered since the last change: {}", count(names.len())));
        ui.help("render them: `cargo migrate render`");
        return Ok(ExitCode::Refused);
    }

    if let Some(job) = stale.iter().find(|job| job.is_by_hand() && !force) {
        let up = job.migration.map(|migration| history.folder.shown(&migration.up).display().to_string());
        return Err(CommandError::refused(format!(
            "`{}` was not rendered from `{}`, so it was written by hand",
            up.unwrap_or_default(),
            shown(job)
        ))
        .help("to keep the SQL, delete the Rust source")
        .help(format!(
            "to replace the SQL by what the source returns: `cargo migrate render {} --force`",
            job.version
        )));
    }

    let mut changes = Vec::new();
    if !stale.is_empty() {
        ui.status("Rendering", count(stale.len()));
        let parents = implied_parents(&history, &stale)?;
        let rendered = compile_and_run(ui, context, &history, &stale)?;
        for ((job, rendered), parents) in stale.iter().zip(rendered).zip(parents) {
            changes.extend(freeze_one(&history, job, &rendered, &parents)?);
            // It may as well have been written by hand, so it is nobody's to delete.
            if let Some(down) = job.migration.and_then(|migration| migration.down.as_ref())
                && rendered.down.is_none()
            {
                let down = history.folder.shown(down);
                ui.warning(format_args!("`{}` stays: its source returns no way back", down.display()));
                ui.help(format_args!("delete `{}`, if it was rendered from what the source was", down.display()));
            }
        }
        file_changes::apply(&changes)?;
    }
    if ui.is_json() {
        let files: Vec<String> = changes.iter().map(|change| context.shown(&change.path).to_string()).collect();
        ui.json(json!({ "files": files, "fresh": fresh }));
        return Ok(ExitCode::Done);
    }
    for change in &changes {
        ui.data(context.shown(&change.path));
    }
    if jobs.is_empty() {
        ui.info("no migration is written in Rust; `cargo migrate new --rust NAME` writes one");
    } else if stale.is_empty() {
        ui.info(format_args!("nothing to do: rendered already: {}", count(fresh)));
    }
    Ok(ExitCode::Done)
}

fn count(sources: usize) -> String {
    if sources == 1 { "1 source".to_owned() } else { format!("{sources} sources") }
}

/// The sources that are meant, by version.
fn jobs<'a>(history: &'a History, wanted: &[String]) -> Result<Vec<Job<'a>>, CommandError> {
    let mut jobs = Vec::new();
    for source in &history.folder.rust {
        let file = source.file_name().and_then(OsStr::to_str).unwrap_or_default();
        let shown = history.folder.shown(source);
        let name = file_name::parse_rust(file).map_err(|error| {
            let help = error.help.clone();
            CommandError::refused(format!("`{}` is not a migration: {error}", shown.display())).help(help)
        })?;
        let stem = file.strip_suffix(".rs").unwrap_or(file).to_owned();
        if !wanted.is_empty() && !wanted.iter().any(|text| means(text, name.version, name.name, &stem)) {
            continue;
        }
        let text = history.text(source)?;
        let migration =
            history.folder.migrations.iter().find(|migration| migration.up.file_stem() == source.file_stem());
        let irreversible = migration.is_some_and(|migration| migration.header.irreversible.is_some());
        jobs.push(Job {
            source,
            migration,
            version: name.version,
            stem,
            hash: fingerprint(&text),
            rollback: !irreversible && defines_function(&mask(&text), "rollback"),
        });
    }
    for text in wanted {
        if !jobs.iter().any(|job| {
            let name = job.stem.split_once("__").map_or("", |(_, name)| name);
            means(text, job.version, name, &job.stem)
        }) {
            let folder = history.folder.shown(Path::new(crate::authoring::script::RUST));
            return Err(CommandError::usage(format!(
                "no source in `{}` is called `{}`",
                folder.display(),
                text.escape_debug()
            ))
            .help("`cargo migrate render` without arguments renders all that changed"));
        }
    }
    jobs.sort_by_key(|job| job.version);
    Ok(jobs)
}

fn means(text: &str, version: i64, name: &str, stem: &str) -> bool {
    let file = text.rsplit(['/', '\\']).next().unwrap_or(text);
    let file = [".rs", ".down.sql", ".sql"].iter().find_map(|end| file.strip_suffix(end)).unwrap_or(file);
    text.parse() == Ok(version) || text == name || file == stem
}

fn compile_and_run(
    ui: &mut Ui,
    context: &Context,
    history: &History,
    jobs: &[&Job<'_>],
) -> Result<Vec<Rendered>, CommandError> {
    let package = context.package()?;
    let root = fs_err::canonicalize(&history.folder.root)?;
    let paths: Vec<PathBuf> = jobs.iter().map(|job| root.join(job.source)).collect();
    let sources: Vec<Source<'_>> =
        paths.iter().zip(jobs).map(|(path, job)| Source { path, rollback: job.rollback }).collect();
    let variables = context.variables();
    let cargo = variables.get("CARGO")?.map_or_else(|| OsString::from("cargo"), OsString::from);
    let target = match variables.get("CARGO_TARGET_DIR")? {
        Some(target) => context.cwd().join(target),
        None => run::target_folder(&cargo, &package.root).unwrap_or_else(|| package.workspace_root.join("target")),
    };
    let options = Options {
        cargo: &cargo,
        cache: &target.join("cargo-migrate").join("render"),
        directory: &package.root,
        color: ui.colors_stderr(),
    };
    let waiting = || ui.status("Waiting", "for another process that renders");
    run::run(&sources, options, waiting).map_err(|error| refused(context, error))
}

fn refused(context: &Context, error: RunError) -> CommandError {
    match error {
        RunError::Io(error) => error.into(),
        RunError::Compile { output } => {
            let mut error =
                CommandError::refused("the Rust sources of migrations don't compile").note("nothing was written");
            error.snippet = Some(output);
            error
        }
        RunError::Failed { path, status, output } => {
            let mut error =
                CommandError::refused(format!("`{}` ended without returning its SQL ({status})", context.shown(&path)))
                    .note("nothing was written");
            // The standard library's advice is about this tool's own process.
            let lines = output.lines().filter(|line| !line.starts_with("note: run with `RUST_BACKTRACE"));
            error.snippet = Some(lines.collect::<Vec<_>>().join("\n"));
            error
        }
        error @ (RunError::Cargo { .. } | RunError::NoProgram) => {
            CommandError::refused(error).help("install cargo, or name it in the variable `CARGO`")
        }
    }
}

/// The files that a source is frozen into.
fn freeze_one(
    history: &History,
    job: &Job<'_>,
    rendered: &Rendered,
    parents: &[i64],
) -> Result<Vec<FileChange>, CommandError> {
    let Rendered { up, down } = rendered;
    let root = &history.folder.root;
    let versions = root.join(VERSIONS);
    let up_path = versions.join(format!("{}.sql", job.stem));
    let down_path = versions.join(format!("{}.down.sql", job.stem));
    let existing = match job.migration {
        Some(migration) => Some(history.text(&migration.up)?),
        None => None,
    };
    let text = freeze::up_script(existing.as_deref(), parents, &job.hash, up);
    let mut changes = vec![FileChange::write(&up_path, text, existing.is_some())];
    if let Some(down) = down {
        changes.push(FileChange::write(&down_path, freeze::by_lines(down), down_path.is_file()));
    }
    Ok(changes)
}

/// What each of `jobs` builds on where it never had a script: the only head, then one another. Nothing for the others, whose
/// scripts keep their headers.
fn implied_parents(history: &History, jobs: &[&Job<'_>]) -> Result<Vec<Vec<i64>>, CommandError> {
    if jobs.iter().all(|job| job.migration.is_some()) {
        return Ok(vec![Vec::new(); jobs.len()]);
    }
    history.require_sound()?;
    let heads = history.graph.heads();
    if heads.len() > 1 {
        let message = format!("the history has {} heads: {}", heads.len(), revision::list(&heads));
        return Err(CommandError::refused(message).help("join them first: `cargo migrate merge -m \"merge heads\"`"));
    }
    let mut head = heads.first().copied();
    let mut all = Vec::with_capacity(jobs.len());
    for job in jobs {
        if job.migration.is_some() {
            all.push(Vec::new());
            continue;
        }
        if let Some(head) = head.filter(|&head| head >= job.version) {
            let message = format!("`{}` is not younger than the head {}", job.stem, history.title(head));
            return Err(CommandError::refused(message).help("give the source a higher version than the head has"));
        }
        all.push(head.into_iter().collect());
        head = Some(job.version);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(files: &[(&str, &str)]) -> (tempfile::TempDir, History) {
        let root = tempfile::tempdir().unwrap();
        fs_err::create_dir(root.path().join("versions")).unwrap();
        for (file, text) in files {
            let path = root.path().join(file);
            fs_err::create_dir_all(path.parent().unwrap()).unwrap();
            fs_err::write(path, text).unwrap();
        }
        let history = History::read(root.path(), Path::new("migrations")).unwrap();
        (root, history)
    }

    const SOURCE: &str = "pub fn migration() -> String { String::new() }\n// fn rollback()\n";

    #[test]
    fn a_source_is_stale_until_its_hash_is_in_the_script() {
        let rendered = format!("--! rendered-from = \"{}\"\n", fingerprint(SOURCE));
        let crlf = SOURCE.replace('\n', "\r\n");
        let (_root, history) = history(&[
            ("versions/V1__same.sql", &rendered),
            ("rust/V1__same.rs", &crlf),
            ("versions/V2__changed.sql", &rendered),
            ("rust/V2__changed.rs", "pub fn migration() -> String {} pub fn rollback() -> String {}"),
            ("versions/V3__by_hand.sql", "select 1;"),
            ("rust/V3__by_hand.rs", SOURCE),
            ("rust/V4__new.rs", SOURCE),
        ]);
        let jobs = jobs(&history, &[]).unwrap();
        let states: Vec<_> =
            jobs.iter().map(|job| (job.version, job.is_stale(), job.is_by_hand(), job.rollback)).collect();
        assert_eq!(
            states,
            [(1, false, false, false), (2, true, false, true), (3, true, true, false), (4, true, false, false)]
        );
        let some = |texts: &[&str]| {
            let texts: Vec<String> = texts.iter().map(ToString::to_string).collect();
            super::jobs(&history, &texts).map(|jobs| jobs.iter().map(|job| job.version).collect::<Vec<_>>())
        };
        assert_eq!(some(&["changed", "V4__new", "migrations/rust/V1__same.rs"]).unwrap(), [1, 2, 4]);
        assert!(some(&["nope"]).is_err());
    }

    #[test]
    fn sources_without_a_script_follow_the_head_and_one_another() {
        let (_root, history) =
            history(&[("versions/V1__init.sql", ""), ("rust/V5__b.rs", SOURCE), ("rust/V4__a.rs", SOURCE)]);
        let jobs = jobs(&history, &[]).unwrap();
        let stale: Vec<&Job<'_>> = jobs.iter().collect();
        assert_eq!(implied_parents(&history, &stale).unwrap(), [vec![1], vec![4]]);
    }

    #[test]
    fn a_source_older_than_the_head_has_no_place() {
        let (_root, history) = history(&[("versions/V9__init.sql", ""), ("rust/V4__a.rs", SOURCE)]);
        let jobs = jobs(&history, &[]).unwrap();
        let stale: Vec<&Job<'_>> = jobs.iter().collect();
        let error = implied_parents(&history, &stale).unwrap_err();
        assert_eq!(error.to_string(), "`V4__a` is not younger than the head 9 init");
    }
}
