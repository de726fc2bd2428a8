//! `status`: the migrations of the folder and of the database, side by side.

use std::collections::BTreeMap;
use std::time::Duration;

use clap::Args;
use migrate_build::codegen;
use migrate_build::direction::Direction;
use migrate_build::runtime::{Interrupted, Set};
use serde_json::{Value, json};

use crate::config::environment::DEVELOPMENT;
use crate::context::Context;
use crate::engine::database::Database;
use crate::engine::overview;
use crate::engine::wait::until_settled;
use crate::environments::overview::Outline;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::history::History;
use crate::overview_view;
use crate::repair::diagnosis::{self, Diagnosis};
use crate::ui::table::{self, Cell};
use crate::ui::{Ui, style, text};

/// Show what is applied and what is pending: of one database, or of all environments where none is named
#[derive(Args, Debug)]
pub struct StatusArgs {
    /// Exit with 4 where migrations are pending, with 1 where a database doesn't fit the files, with 3 where it can't be reached
    #[arg(long)]
    exit_code: bool,
}

/// How a migration stands in a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    Applied,
    Pending,
    Interrupted,
    Divergent,
    Orphan,
}

impl Standing {
    fn name(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Pending => "pending",
            Self::Interrupted => "interrupted",
            Self::Divergent => "divergent",
            Self::Orphan => "orphan",
        }
    }

    fn style(self) -> anstyle::Style {
        match self {
            Self::Applied => style::GOOD,
            Self::Pending => style::TODO,
            Self::Interrupted | Self::Divergent | Self::Orphan => style::BAD,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    version: i64,
    name: String,
    standing: Standing,
    applied_on: Option<String>,
    note: String,
}

/// Prints the table.
///
/// # Errors
/// The migrations or the database can't be read.
pub async fn run(ui: &mut Ui, context: &Context, args: StatusArgs) -> Result<ExitCode, CommandError> {
    let StatusArgs { exit_code } = args;
    if shows_all(context)? {
        return all(ui, context, exit_code).await;
    }
    let waited = match context.wait_given() {
        Some(limit) => Some(wait(ui, context, limit).await?),
        None => None,
    };
    let database = Database::open(ui, context).await?;
    database.history.warn_if_broken(ui);
    let diagnosis = diagnosis::examine(&database, context).await?;
    let lines = lines(&database, diagnosis.as_ref());
    if ui.is_json() {
        let mut document = to_json(&database, &lines, diagnosis.as_ref());
        if let Some(outline) = &waited {
            document["state"] = json!(outline.standing.name());
        }
        ui.json(document);
    } else {
        print(ui, &database, &lines, diagnosis);
    }
    let worst = lines.iter().map(|line| line.standing).max().unwrap_or(Standing::Applied);
    let refused = database.comparison.refuse().is_err();
    database.connection.close().await;
    if let Some(outline) = waited {
        let code = overview_view::exit_code(outline.standing);
        if code != ExitCode::Done {
            let (name, state) = (&outline.database, outline.standing.name());
            let error = CommandError::refused(format!("database {name} is {state}, {} pending", outline.pending.len()));
            let remark = outline.remark();
            ui.failure(&if remark.is_empty() { error } else { error.note(remark) });
        }
        return Ok(code);
    }
    Ok(match worst {
        _ if !exit_code => ExitCode::Done,
        _ if refused => ExitCode::Refused,
        Standing::Applied => ExitCode::Done,
        Standing::Pending => ExitCode::Pending,
        Standing::Interrupted | Standing::Divergent | Standing::Orphan => ExitCode::Refused,
    })
}

/// Whether the environments are meant, and not one database: none is named, and there is another than `development`.
fn shows_all(context: &Context) -> Result<bool, CommandError> {
    let environments = &context.settings()?.environments;
    Ok(!context.names_database()? && environments.keys().any(|name| name != DEVELOPMENT))
}

/// Shows all environments side by side.
async fn all(ui: &mut Ui, context: &Context, exit_code: bool) -> Result<ExitCode, CommandError> {
    if context.wait_given().is_some() {
        let known: Vec<&str> = context.settings()?.environments.keys().map(String::as_str).collect();
        return Err(CommandError::usage("`--wait` waits for one environment, and none is named")
            .help(format!("name one of {}: `--env NAME`", known.join(", "))));
    }
    let history = History::load(context)?;
    history.warn_if_broken(ui);
    let embedded = codegen::load(&history.folder, &context.settings()?.shared)?;
    let set = Set::new(embedded.migrations);
    let rows = overview::everything(context, &set).await?;
    if ui.is_json() {
        let environments = overview_view::to_json(&rows, &set);
        ui.json(json!({ "heads": history.graph.heads(), "environments": environments }));
    } else {
        overview_view::print(ui, &rows, &set);
    }
    Ok(match overview_view::worst(&rows) {
        worst if exit_code => worst,
        // There is nothing to be seen.
        _ if overview_view::is_blind(&rows) => ExitCode::Database,
        _ => ExitCode::Done,
    })
}

/// Waits until the database is applied, or can't be any more by waiting.
async fn wait(ui: &mut Ui, context: &Context, limit: Option<Duration>) -> Result<Outline, CommandError> {
    let history = History::load(context)?;
    let set = Set::new(codegen::load(&history.folder, &context.settings()?.shared)?.migrations);
    until_settled(ui, context, context.target()?, &set, limit).await
}

fn lines(database: &Database<'_>, diagnosis: Option<&Diagnosis>) -> Vec<Line> {
    let Database { set, state, comparison, .. } = database;
    let interrupted: BTreeMap<i64, &Interrupted> =
        state.interrupted.iter().map(|interrupted| (interrupted.version, interrupted)).collect();
    let mut lines: BTreeMap<i64, Line> = BTreeMap::new();
    for migration in &set.migrations {
        let (version, name) = (migration.version, migration.name.to_string());
        lines.insert(
            version,
            Line { version, name, standing: Standing::Pending, applied_on: None, note: String::new() },
        );
    }
    for row in &state.applied {
        let applied_on = Some(row.applied_on.clone());
        let (standing, note) = match lines.get(&row.version) {
            None => (Standing::Orphan, "applied, and its file is gone"),
            Some(_) => (Standing::Applied, ""),
        };
        let name = row.name.clone();
        lines.insert(row.version, Line { version: row.version, name, standing, applied_on, note: note.to_owned() });
    }
    for row in &comparison.divergent {
        if let Some(line) = lines.get_mut(&row.version) {
            line.standing = Standing::Divergent;
            "its file was changed after it was applied".clone_into(&mut line.note);
        }
    }
    for &(version, parent) in &comparison.unparented {
        if let Some(line) = lines.get_mut(&version) {
            line.note = format!("applied without {parent}, which it builds on");
        }
    }
    for (version, note) in diagnosis.iter().flat_map(|diagnosis| &diagnosis.lines) {
        if let Some(line) = lines.get_mut(version) {
            line.note.clone_from(note);
        }
    }
    for (version, interrupted) in interrupted {
        if let Some(line) = lines.get_mut(&version) {
            line.standing = Standing::Interrupted;
            line.note = interrupted.to_string();
        }
    }
    lines.into_values().collect()
}

fn print(ui: &mut Ui, database: &Database<'_>, lines: &[Line], diagnosis: Option<Diagnosis>) {
    let Database { target, state, comparison, .. } = database;
    let environment = match &target.environment {
        Some(name) if target.protected => format!(" (environment {name}, protected)"),
        Some(name) => format!(" (environment {name})"),
        None => String::new(),
    };
    let titles = |versions: &[i64]| {
        let titles: Vec<String> = versions.iter().map(|&version| database.title(version)).collect();
        if titles.is_empty() { "base".to_owned() } else { titles.join(", ") }
    };
    let missing = if state.exists { "" } else { " (not there yet)" };
    let head = [
        ("database", format!("{}{environment}", target.url)),
        ("history", format!("{}{missing}", state.table)),
        ("head", titles(&database.history.graph.heads())),
        ("current", titles(&comparison.heads)),
    ];
    for (name, value) in head {
        ui.data(format_args!("{0}{name:<8}{0:#}  {1}", style::STRONG, text::printable(&value)));
    }
    if !lines.is_empty() {
        ui.data("");
    }
    let rows: Vec<Vec<Cell>> = lines
        .iter()
        .map(|line| {
            vec![
                Cell::styled(line.version.to_string(), style::VERSION),
                Cell::from(&line.name),
                Cell::styled(line.standing.name(), line.standing.style()),
                Cell::from(line.applied_on.as_deref().map(to_the_second).unwrap_or_default()),
                Cell::from(&line.note),
            ]
        })
        .collect();
    if !rows.is_empty() {
        for line in table::render(&["VERSION", "NAME", "STATE", "APPLIED ON", ""], &rows) {
            ui.data(line);
        }
    }
    let count = |standing| lines.iter().filter(|line| line.standing == standing).count();
    let counts: Vec<String> =
        [Standing::Applied, Standing::Pending, Standing::Interrupted, Standing::Divergent, Standing::Orphan]
            .into_iter()
            .map(|standing| (standing, count(standing)))
            .filter(|(_, count)| *count > 0)
            .map(|(standing, count)| format!("{count} {}", standing.name()))
            .collect();
    ui.info(if counts.is_empty() { "there is no migration yet".to_owned() } else { counts.join(", ") });
    match state.interrupted.first() {
        Some(_) if comparison.refuse().is_err() => {}
        Some(Interrupted { direction: Direction::Up, .. }) => {
            ui.help("finish what was interrupted, and apply what is pending: `cargo migrate upgrade`");
        }
        Some(Interrupted { direction: Direction::Down, .. }) => {
            ui.help("finish what was interrupted: `cargo migrate downgrade`");
        }
        None if count(Standing::Pending) > 0 && comparison.refuse().is_ok() => {
            ui.help("apply what is pending: `cargo migrate upgrade`");
        }
        None => {}
    }
    if let Some(Diagnosis { message, notes, helps, lines: _ }) = diagnosis {
        ui.warning(format_args!("an upgrade would be refused: {}", text::printable(&message)));
        for note in notes {
            ui.note(text::printable(&note));
        }
        for help in helps {
            ui.help(help);
        }
    } else if let Err(error) = comparison.refuse() {
        ui.warning(format_args!("an upgrade would be refused: {error}"));
        if let Some(help) = error.help() {
            ui.help(help);
        }
    }
}

/// RFC 3339 without fractions of seconds: what fits a table.
fn to_the_second(time: &str) -> &str {
    time.split_once('.').map_or(time, |(seconds, _)| seconds)
}

fn to_json(database: &Database<'_>, lines: &[Line], diagnosis: Option<&Diagnosis>) -> Value {
    let Database { target, state, comparison, history, .. } = database;
    let migrations: Vec<Value> = lines
        .iter()
        .map(|Line { version, name, standing, applied_on, note }| {
            json!({
                "version": version, "name": name, "state": standing.name(), "applied_on": applied_on,
                "note": (!note.is_empty()).then_some(note),
            })
        })
        .collect();
    let refused = match diagnosis {
        Some(diagnosis) => Some(diagnosis.message.clone()),
        None => comparison.refuse().err().map(|error| error.to_string()),
    };
    json!({
        "url": target.url.to_string(),
        "environment": target.environment,
        "protected": target.protected,
        "database": state.database,
        "history": { "schema": state.table.schema, "table": state.table.name, "exists": state.exists },
        "heads": history.graph.heads(),
        "current": comparison.heads,
        "refused": refused,
        "migrations": migrations,
    })
}
