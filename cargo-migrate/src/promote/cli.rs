//! `cargo xtask promote` and `cargo xtask rollback`: from arguments to an exit code.

use std::ffi::OsString;
use std::path::Path;
use std::process;

use clap::{Parser, Subcommand};
use migrate_build::lock::FILE;
use serde_json::{Map, Value, json};

use super::args::{PromoteArgs, ReportKind, RollbackArgs};
use super::material::Material;
use super::report::{self, Report};
use super::seal::{self, Seals};
use super::{rollback as rehearsal, run};
use crate::cli::GlobalArgs;
use crate::config::environment::Variables;
use crate::context::Context;
use crate::engine::interrupt;
use crate::error::{CommandError, ErrorKind};
use crate::exit_code::ExitCode;
use crate::ui::{JSON_VERSION, Ui};

/// The commands' names, in their JSON too.
const COMMAND: &str = "promote";
const ROLLBACK: &str = "rollback";

/// Tasks of this workspace
#[derive(Debug, Parser)]
#[command(name = "xtask", bin_name = "cargo xtask", styles = crate::cli::STYLES, disable_help_subcommand = true)]
struct Xtask {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Rehearse the way from development through staging to production on throw-away servers
    Promote(PromoteArgs),
    /// Rehearse the rollback of an environment's last migration on a throw-away server
    Rollback(RollbackArgs),
}

/// Runs `promote` or `rollback` as the process's arguments name it: the whole of a workspace's own `xtask`.
pub fn cli() -> process::ExitCode {
    let args: Vec<OsString> = std::env::args_os().collect();
    match Xtask::try_parse_from(args) {
        Ok(Xtask { task: Task::Promote(args) }) => main(args),
        Ok(Xtask { task: Task::Rollback(args) }) => rollback_main(args),
        Err(error) => crate::cli::usage(&error).into(),
    }
}

/// Runs `promote` in the process's surroundings: for a `xtask` that has other tasks as well.
pub fn main(args: PromoteArgs) -> process::ExitCode {
    drive(COMMAND, args.global(), async |context, ui| promote(&args, context, ui).await)
}

/// Runs `rollback`, likewise.
pub fn rollback_main(args: RollbackArgs) -> process::ExitCode {
    drive(ROLLBACK, args.global(), async |context, ui| rollback(&args, context, ui).await)
}

fn drive(
    command: &str,
    global: GlobalArgs,
    work: impl AsyncFnOnce(&Context, &mut Ui) -> Result<ExitCode, CommandError>,
) -> process::ExitCode {
    let mut ui = Ui::terminal(global.ui_options());
    ui.set_command(command);
    let result = match std::env::current_dir() {
        Ok(cwd) => {
            let context = Context::new(global, Variables::from_process(), cwd);
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.map_err(CommandError::from).and_then(|runtime| runtime.block_on(work(&context, &mut ui)))
        }
        Err(error) => Err(CommandError::refused(error).note("the working directory can't be found")),
    };
    let code = result.unwrap_or_else(|error| {
        ui.error(&error);
        error.kind.exit_code()
    });
    match ui.finish() {
        Ok(()) => code.into(),
        Err(error) => {
            ui.error(&CommandError::refused(error).note("writing to stdout failed"));
            code.max(ExitCode::Refused).into()
        }
    }
}

/// Rehearses a rollback and prints what was found. An interrupt ends it; nothing it started stays.
///
/// # Errors
/// There is nothing that could be rehearsed, or it was interrupted. A gate that fails is no error: the exit code says so.
pub async fn rollback(args: &RollbackArgs, context: &Context, ui: &mut Ui) -> Result<ExitCode, CommandError> {
    let material = Material::read(context)?;
    let report = uninterrupted(rehearsal::rehearse(&material, args, ui)).await?;
    show(&report, ui);
    Ok(if report.passed() { ExitCode::Done } else { ExitCode::Refused })
}

/// Waits for a rehearsal, or for an interrupt.
async fn uninterrupted(rehearsal: impl Future<Output = Report>) -> Result<Report, CommandError> {
    tokio::select! {
        biased;
        interrupted = interrupt::next() => {
            interrupted?;
            let error = CommandError::new(ErrorKind::Interrupted, "interrupted");
            Err(error.note("the throw-away servers are removed, nothing else was touched"))
        }
        report = rehearsal => Ok(report),
    }
}

/// Rehearses, prints what was found and writes the reports. An interrupt ends it; nothing it started stays.
///
/// # Errors
/// There is nothing that could be rehearsed, a report can't be written, or it was interrupted. A gate that fails is no
/// error: the exit code says so.
pub async fn promote(args: &PromoteArgs, context: &Context, ui: &mut Ui) -> Result<ExitCode, CommandError> {
    let material = Material::read(context)?;
    for file in &args.report {
        writable(&context.cwd().join(file))?;
    }
    let mut report = uninterrupted(run::rehearse(&material, args, ui)).await?;
    let mut unsealed = None;
    if !report.passed() {
        report.seals = Seals::Left("the rehearsal failed".to_owned());
    } else if args.no_seal {
        report.seals = Seals::Left("`--no-seal` was given".to_owned());
    } else if args.allow_dirty {
        report.seals = Seals::Left("what is not committed may have been rehearsed".to_owned());
    } else {
        match seal::seal(&material) {
            Ok(seals) => report.seals = seals,
            Err(error) => {
                report.seals = Seals::Left(error.to_string());
                unsealed = Some(error);
            }
        }
    }
    // First of all: a report that can't be written must not take the result with it.
    show(&report, ui);
    for file in &args.report {
        let text = match ReportKind::of(file) {
            Some(ReportKind::Json) => format!("{:#}\n", document(&report)),
            Some(ReportKind::Markdown) | None => report::markdown(&report),
        };
        fs_err::write(context.cwd().join(file), text)?;
        ui.status("Wrote", file.display());
    }
    if let Some(error) = unsealed {
        return Err(error);
    }
    if report.passed() {
        told(&report.seals, &material, context, ui);
    }
    Ok(if report.passed() { ExitCode::Done } else { ExitCode::Refused })
}

/// Says what became of the lock file.
fn told(seals: &Seals, material: &Material, context: &Context, ui: &mut Ui) {
    let file = material.folder.join(FILE);
    let file = context.shown(&file);
    match seals {
        Seals::Left(why) => ui.note(format_args!("nothing was sealed: {why}")),
        Seals::Added(added) => {
            if let Some((version, name)) = added.last() {
                let count = super::branch::counted(added.len());
                ui.status("Sealed", format_args!("{count} up to {version} {name} in {file}"));
                ui.info(format_args!("commit it with the migrations: `git add {file}`"));
            }
        }
    }
}

/// Fails before the rehearsal rather than after it.
fn writable(file: &Path) -> Result<(), CommandError> {
    match file.parent() {
        Some(folder) if !folder.is_dir() => {
            Err(CommandError::usage(format!("there is no folder `{}` for the report", folder.display())))
        }
        _ => Ok(()),
    }
}

fn show(report: &Report, ui: &mut Ui) {
    for stage in &report.stages {
        for gate in &stage.gates {
            for line in gate.output.lines() {
                ui.detail(format_args!("{}, {}: {}", stage.name, gate.name, crate::ui::text::printable(line)));
            }
        }
    }
    let failures = report::failures(report);
    if !failures.is_empty() {
        ui.block(&format!("{failures}\n"));
    }
    if ui.is_json() {
        ui.json(report::fields(report));
    } else {
        for line in report::lines(report) {
            ui.data(line);
        }
    }
}

/// The document that `--format json` prints, for a file.
fn document(report: &Report) -> Value {
    let mut document = Map::new();
    document.insert("version".to_owned(), json!(JSON_VERSION));
    document.insert("command".to_owned(), json!(COMMAND));
    if let Value::Object(fields) = report::fields(report) {
        document.extend(fields);
    }
    Value::Object(document)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn verify_app() {
        Xtask::command().debug_assert();
    }
}
