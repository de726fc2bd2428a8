//! `repair`: shows what doesn't fit between a database and the files, and brings them together.

use std::collections::BTreeSet;

use clap::Args;
use migrate_build::direction::Direction;
use migrate_build::runtime::{Applied, Correction, Interrupted, Resume, plan_revert};
use serde_json::{Value, json};

use crate::confirmation;
use crate::context::Context;
use crate::engine::archive::recorded;
use crate::engine::database::Database;
use crate::engine::repair::{correct, revert};
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::repair::cure::{lost, revertible, together};
use crate::repair::diagnosis::{diagnose, file_of, tips, title};
use crate::repair::evidence::Evidence;
use crate::repair::interrupted::{Statement, statements};
use crate::repair::place::Place;
use crate::repair::restore::{self, Restore, Restored};
use crate::repair::view::{self, Step};
use crate::ui::{Ui, text};

/// Show what doesn't fit between the database and the files, and bring them together
#[derive(Args, Debug)]
#[command(group = clap::ArgGroup::new("cure"))]
pub struct RepairArgs {
    /// Write the files back that the database has applied, from its archive or from git
    #[arg(long, group = "cure")]
    restore: bool,
    /// Revert what the database has and the files lack, by the archived down scripts
    #[arg(long, group = "cure")]
    downgrade: bool,
    /// Take a migration without a file out of the history, and keep what it did; may be given several times
    #[arg(long, group = "cure", value_name = "VERSION", requires = "reason")]
    forget: Vec<i64>,
    /// Take the file as it is now for what was applied
    #[arg(long, group = "cure", value_name = "VERSION")]
    accept: Option<i64>,
    /// Take a migration that stopped half way for finished: you have done the rest
    #[arg(long, group = "cure", value_name = "VERSION")]
    done: Option<i64>,
    /// Take a migration that stopped half way for not begun: you have undone its first statements
    #[arg(long, group = "cure", value_name = "VERSION")]
    undone: Option<i64>,
    /// Why, for the log
    #[arg(long, value_name = "TEXT", requires = "forget")]
    reason: Option<String>,
    /// Don't ask
    #[arg(short, long)]
    yes: bool,
    /// Name of the environment, where it is protected and something is to be reverted there
    #[arg(long, value_name = "NAME")]
    confirm: Option<String>,
    /// Only show what would be done
    #[arg(long)]
    dry_run: bool,
}

/// What was chosen, with all that it takes.
enum Cure {
    Restore(Restore),
    Downgrade(BTreeSet<i64>),
    Forget { rows: Vec<Applied>, reason: String },
    Accept(Applied),
    Finish(Interrupted),
    Undo(Interrupted, String),
}

/// Shows, plans, asks and repairs.
///
/// # Errors
/// What was chosen can't be done, was not agreed to, or fails.
pub async fn run(ui: &mut Ui, context: &Context, args: RepairArgs) -> Result<ExitCode, CommandError> {
    let mut database = Database::open(ui, context).await?;
    let evidence = Evidence::gather(&database).await?;
    let place = Place::new(database.target, context, &database.history.folder);
    let Some(cure) = choose(&args, &database, &evidence, &place)? else {
        return look(ui, context, database, &evidence).await;
    };
    let steps = steps(&cure, &database, &evidence, &place)?;
    show(ui, &cure, &database, &evidence).await?;
    let name = database.state.database.clone();
    let json = |done: bool| json!({ "database": name, "plan": view::steps_to_json(&steps), "dry_run": args.dry_run, "done": done });
    if !ui.is_json() {
        view::steps(ui, &steps);
    }
    if args.dry_run || steps.is_empty() {
        ui.info(if steps.is_empty() { "there is nothing to do" } else { "nothing was changed" });
        if ui.is_json() {
            ui.json(json(false));
        }
        database.connection.close().await;
        return Ok(ExitCode::Done);
    }
    match (&database.target.environment, &cure) {
        (Some(environment), Cure::Downgrade(_)) if database.target.protected => {
            confirmation::named(ui, args.confirm.as_deref(), "protected environment", environment)?;
        }
        _ => confirmation::agree(ui, args.yes, &format!("Repair database {name} so?"))?,
    }
    act(ui, context, &mut database, &evidence, &cure).await?;
    ui.status("Finished", format_args!("database {name}: {}", finished(&cure, &steps)));
    if ui.is_json() {
        ui.json(json(true));
    }
    database.connection.close().await;
    Ok(ExitCode::Done)
}

/// Without a choice: what is wrong, and the commands that cure it.
async fn look(
    ui: &mut Ui,
    context: &Context,
    database: Database<'_>,
    evidence: &Evidence,
) -> Result<ExitCode, CommandError> {
    let place = Place::new(database.target, context, &database.history.folder);
    let found =
        diagnose(&database.comparison, evidence, &place, &tips(&database), &|version| file_of(&database, version));
    let is_sound = found.is_none() && database.state.interrupted.is_empty();
    let mut diagnosis = found.unwrap_or_default();
    let mut stopped: Vec<Value> = Vec::new();
    if !diagnosis.message.is_empty() && !ui.is_json() {
        ui.data(text::printable_lines(&diagnosis.message));
        for note in &diagnosis.notes {
            ui.data(format_args!("  {}", text::printable(note)));
        }
    }
    for interrupted in &database.state.interrupted {
        let (version, direction) = (interrupted.version, interrupted.direction);
        let rows = recorded(&database.connection.client, &database.state, version, direction).await?;
        let all = statements(database.set.get(version), direction, &rows);
        if ui.is_json() {
            stopped.push(view::statements_to_json(interrupted, &all));
        } else {
            view::statements(ui, interrupted, &database.title(version), &all);
        }
        let resume = if direction == Direction::Up { "upgrade" } else { "downgrade" };
        diagnosis.helps.push(format!("{} goes on where it stopped", place.command(resume)));
        if all.iter().any(is_undecided) {
            let [ran, again] = ["done", "undone"].map(|what| place.command(&format!("{resume} --interrupted {what}")));
            diagnosis.helps.push(format!("{ran} does so, if the unfinished statement ran"));
            diagnosis.helps.push(format!("{again} runs that statement again"));
        }
        diagnosis.helps.extend([
            format!(
                "{} takes it for finished, once you have done the rest",
                place.command(&format!("repair --done {version}"))
            ),
            format!(
                "{} takes it for not begun, once you have undone what it did",
                place.command(&format!("repair --undone {version}"))
            ),
        ]);
    }
    if is_sound {
        ui.status("Checked", format_args!("database {}: there is nothing to repair", database.state.database));
    }
    for help in &diagnosis.helps {
        ui.help(help);
    }
    if ui.is_json() {
        ui.json(json!({
            "database": database.state.database, "problems": view::problems(&database, evidence, &diagnosis),
            "interrupted": stopped, "notes": diagnosis.notes, "helps": diagnosis.helps,
        }));
    }
    database.connection.close().await;
    Ok(if is_sound { ExitCode::Done } else { ExitCode::Refused })
}

/// Whether nobody but the user may know how far a statement came.
fn is_undecided(statement: &Statement) -> bool {
    let may_commit = matches!(statement.words.split(' ').next(), Some("CALL" | "DO"));
    statement.state == "running" || statement.state == "failed" && may_commit
}

/// Takes what the arguments choose; `None` where they choose nothing.
fn choose(
    args: &RepairArgs,
    database: &Database<'_>,
    evidence: &Evidence,
    place: &Place,
) -> Result<Option<Cure>, CommandError> {
    let RepairArgs { restore, downgrade, forget, accept, done, undone, reason, yes: _, confirm: _, dry_run: _ } = args;
    let comparison = &database.comparison;
    Ok(Some(if *restore {
        let rows: Vec<Applied> = comparison.divergent.iter().chain(&comparison.orphans).cloned().collect();
        let present = |version| file_of(database, version);
        let lost = |row: &Applied| lost(row, evidence);
        let folder = &database.history.folder.root;
        let planned = restore::plan(folder, &rows, &evidence.scripts, &present, &lost);
        Cure::Restore(planned.map_err(|error| in_the_way(error, database, place))?)
    } else if *downgrade {
        let versions = revertible(comparison, evidence).map_err(|error| choices(error, database, place))?;
        // A protected environment goes down one step at a time.
        let newest = versions.iter().next_back().copied();
        Cure::Downgrade(if database.target.protected { newest.into_iter().collect() } else { versions })
    } else if !forget.is_empty() {
        let row = |version: &i64| {
            comparison.orphans.iter().find(|row| row.version == *version).cloned().ok_or_else(|| {
                let error =
                    CommandError::refused(format!("{version} is no migration of the database whose file is gone"));
                error.help(format!("{} shows what is wrong", place.command("repair")))
            })
        };
        let mut versions = forget.clone();
        versions.sort_unstable();
        versions.dedup();
        let rows = versions.iter().rev().map(row).collect::<Result<_, _>>()?;
        Cure::Forget { rows, reason: reason.clone().unwrap_or_default() }
    } else if let Some(version) = accept {
        let row = comparison.divergent.iter().find(|row| row.version == *version).cloned();
        Cure::Accept(row.ok_or_else(|| {
            CommandError::refused(format!("{version} is no migration whose file was changed after it was applied"))
                .help(format!("{} shows what is wrong", place.command("repair")))
        })?)
    } else if let Some(version) = done {
        let interrupted = interrupted(database, *version, place)?;
        if database.set.get(*version).is_none() {
            return Err(CommandError::refused(format!("migration {version} has no file, so what it did isn't known")));
        }
        Cure::Finish(interrupted)
    } else if let Some(version) = undone {
        let name = database.set.get(*version).map(|migration| migration.name.to_string());
        let row = database.state.applied.iter().find(|row| row.version == *version).map(|row| row.name.clone());
        Cure::Undo(interrupted(database, *version, place)?, name.or(row).unwrap_or_default())
    } else {
        return Ok(None);
    }))
}

fn interrupted(database: &Database<'_>, version: i64, place: &Place) -> Result<Interrupted, CommandError> {
    let found = database.state.interrupted.iter().find(|interrupted| interrupted.version == version);
    found.cloned().ok_or_else(|| {
        CommandError::refused(format!("migration {version} did not stop half way"))
            .help(format!("{} shows what is wrong", place.command("repair")))
    })
}

/// A restore that can't be, with what can be done instead.
fn in_the_way(error: CommandError, database: &Database<'_>, place: &Place) -> CommandError {
    let is_there = error.snippet.is_some();
    let error = error.maybe_help(is_there.then_some("move the file out of the folder, then run this again"));
    let accept = database.comparison.divergent.first().map(|row| {
        let accept = place.command(&format!("repair --accept {}", row.version));
        format!("{accept} takes the file as it is now, if it does the same")
    });
    forgetting(error.maybe_help(accept), database, place)
}

/// A downgrade that can't be, with what can be done instead.
fn choices(error: CommandError, database: &Database<'_>, place: &Place) -> CommandError {
    let error = error.help(format!("{} writes the files back", place.command("repair --restore")));
    forgetting(error, database, place)
}

fn forgetting(error: CommandError, database: &Database<'_>, place: &Place) -> CommandError {
    error.maybe_help(database.comparison.orphans.last().map(|row| {
        let forget = place.command(&format!("repair --forget {} --reason TEXT", row.version));
        format!("{forget} takes it out of the history and keeps what it did")
    }))
}

/// The steps of a cure, in order.
fn steps(cure: &Cure, database: &Database<'_>, evidence: &Evidence, place: &Place) -> Result<Vec<Step>, CommandError> {
    let step = |action, row: &Applied| Step {
        action,
        version: row.version,
        name: row.name.clone(),
        source: None,
        files: Vec::new(),
    };
    Ok(match cure {
        Cure::Restore(restore) => restore
            .migrations
            .iter()
            .map(|restored| Step {
                source: Some(restored.source.clone()),
                files: restored.files.iter().map(|file| place.file(file)).collect(),
                ..step("restore", &restored.row)
            })
            .collect(),
        Cure::Downgrade(versions) => {
            let comparison = &database.comparison;
            let all = together(&database.set, &comparison.orphans, evidence, &database.history.folder.shown);
            let order = plan_revert(&all, &database.state, versions)
                .map_err(|error| choices(CommandError::refused(error.to_string()), database, place))?;
            order
                .iter()
                .filter_map(|version| comparison.orphans.iter().find(|row| row.version == *version))
                .map(|row| Step {
                    source: evidence.scripts.get(&row.version).map(|script| script.source.to_string()),
                    ..step("downgrade", row)
                })
                .collect()
        }
        Cure::Forget { rows, .. } => rows.iter().map(|row| step("forget", row)).collect(),
        Cure::Accept(row) => vec![step("accept", row)],
        Cure::Finish(interrupted) => vec![Step {
            action: "finish",
            version: interrupted.version,
            name: database.set.get(interrupted.version).map(|migration| migration.name.to_string()).unwrap_or_default(),
            source: None,
            files: Vec::new(),
        }],
        Cure::Undo(interrupted, name) => vec![Step {
            action: "undo",
            version: interrupted.version,
            name: name.clone(),
            source: None,
            files: Vec::new(),
        }],
    })
}

/// Shows what there is to know before one agrees.
async fn show(ui: &mut Ui, cure: &Cure, database: &Database<'_>, evidence: &Evidence) -> Result<(), CommandError> {
    for (version, flaw) in &evidence.flaws {
        ui.warning(format_args!("migration {version}: the archive's row {flaw}; it is not used"));
    }
    match cure {
        Cure::Accept(row) => {
            let new = database.set.get(row.version).map(|migration| (migration.up.as_ref(), migration.file.as_ref()));
            let (new, file) = new.unwrap_or_default();
            match evidence.scripts.get(&row.version) {
                Some(script) => {
                    let names = (&*format!("{} of {}", script.file, script.source), file);
                    ui.block(&text::printable_lines(&restore::diff(&script.up, new, names)));
                }
                None => ui
                    .warning(format_args!("the text that was applied is nowhere to be found: {}", lost(row, evidence))),
            }
        }
        Cure::Finish(interrupted) | Cure::Undo(interrupted, _) if !ui.is_json() => {
            let (version, direction) = (interrupted.version, interrupted.direction);
            let rows = recorded(&database.connection.client, &database.state, version, direction).await?;
            let all = statements(database.set.get(version), direction, &rows);
            view::statements(ui, interrupted, &database.title(version), &all);
        }
        Cure::Downgrade(_) if database.target.protected && database.comparison.orphans.len() > 1 => {
            ui.note("a protected environment goes down one step at a time: run it again for the next one");
        }
        _ => {}
    }
    Ok(())
}

async fn act(
    ui: &mut Ui,
    context: &Context,
    database: &mut Database<'_>,
    evidence: &Evidence,
    cure: &Cure,
) -> Result<(), CommandError> {
    let options = database.options(context, Resume::Refuse)?;
    let (corrections, files) = match cure {
        Cure::Downgrade(versions) => {
            let shown = &database.history.folder.shown;
            let all = together(&database.set, &database.comparison.orphans, evidence, shown);
            return revert(ui, database, &options, &all, versions).await;
        }
        Cure::Restore(restore) => (restore.migrations.iter().map(of_restored).collect(), restore.changes.as_slice()),
        Cure::Forget { rows, reason } => (rows.iter().map(|row| Correction::Forget { row, reason }).collect(), &[][..]),
        Cure::Accept(row) => {
            let migration = database.set.get(row.version).cloned();
            let Some(migration) = &migration else { return Ok(()) };
            return correct(ui, database, &options, &[], &[Correction::Accept { row, migration }]).await;
        }
        Cure::Finish(interrupted) => {
            let migration = database.set.get(interrupted.version).cloned();
            let Some(migration) = &migration else { return Ok(()) };
            return correct(ui, database, &options, &[], &[Correction::Finish { interrupted, migration }]).await;
        }
        Cure::Undo(interrupted, name) => (vec![Correction::Undo { interrupted, name }], &[][..]),
    };
    let corrections: Vec<Correction<'_>> = corrections;
    correct(ui, database, &options, files, &corrections).await
}

fn of_restored(restored: &Restored) -> Correction<'_> {
    Correction::Restore { row: &restored.row, source: &restored.source }
}

fn finished(cure: &Cure, steps: &[Step]) -> String {
    let count = steps.len();
    let many = if count == 1 { "migration" } else { "migrations" };
    match cure {
        Cure::Restore(_) => format!("the files of {count} {many} are back"),
        Cure::Downgrade(_) => format!("{count} {many} reverted"),
        Cure::Forget { .. } => format!("{count} {many} forgotten; the schema stays as it is"),
        Cure::Accept(row) => format!("{} counts as applied as its file is now", title(row)),
        Cure::Finish(interrupted) => format!("migration {} counts as finished", interrupted.version),
        Cure::Undo(interrupted, _) => format!("migration {} counts as not begun", interrupted.version),
    }
}
