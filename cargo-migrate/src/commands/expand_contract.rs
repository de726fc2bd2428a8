//! `new --expand-contract`: the files of a series of migrations.

use migrate_build::migration::dir::VERSIONS;
use migrate_build::migration::{Prefix, file_name};
use serde_json::json;

use super::new::{next_version, parents, version_after};
use crate::authoring::name::normalize;
use crate::context::Context;
use crate::engine::database::Database;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::expand::{Change, ExpandError, Phase, Request, Series, Step, series};
use crate::file_changes::{self, FileChange};
use crate::history::History;
use crate::schema::{self, QualifiedName};
use crate::ui::Ui;

/// So much of a step's name goes into its file's.
const NAME: usize = 100;

/// What the command line asks for.
pub(super) struct Asked {
    pub(super) change: Change,
    /// What it is about, in the change's own form.
    pub(super) text: String,
    pub(super) phase: Option<Phase>,
    pub(super) key: Option<String>,
    pub(super) parent: Vec<String>,
}

/// Writes the files of the series and prints their paths.
///
/// # Errors
/// The request can't be read, the database can't be asked or doesn't have what it names, or a file can't be written.
pub(super) async fn run(ui: &mut Ui, context: &Context, asked: Asked) -> Result<ExitCode, CommandError> {
    let Asked { change, text, phase, key, parent } = asked;
    let request = Request::parse(change, &text).map_err(told)?;
    let database = Database::open(ui, context).await?;
    let parents = parents(&database.history, &parent)?;
    let own: Vec<QualifiedName> =
        database.state.own_tables().map(|table| QualifiedName::new(table.schema, table.name)).into();
    let snapshot = schema::take(&database.connection.client, &own).await.map_err(CommandError::database)?;
    let series = series(&snapshot, &request, key.as_deref(), phase).map_err(told)?;
    let pending = database.comparison.pending.len();
    if pending > 0 {
        ui.warning(format_args!("the series is made for a schema without the {pending} pending migrations"));
    }
    write(ui, context, &database.history, parents, &series)?;
    database.connection.close().await;
    Ok(ExitCode::Done)
}

fn told(error: ExpandError) -> CommandError {
    let help = error.help();
    let is_usage = matches!(error, ExpandError::Form { .. });
    let error = if is_usage { CommandError::usage(error) } else { CommandError::refused(error) };
    error.maybe_help(help)
}

/// A step with its place in the history and its files.
struct Placed<'s> {
    step: &'s Step,
    version: i64,
    name: String,
    parents: Vec<i64>,
    files: [FileChange; 2],
}

fn write(
    ui: &mut Ui,
    context: &Context,
    history: &History,
    mut parents: Vec<i64>,
    series: &Series,
) -> Result<(), CommandError> {
    let versions = history.folder.root.join(VERSIONS);
    let mut version = next_version(ui, context, history)?;
    let mut placed = Vec::new();
    for step in &series.steps {
        let name = normalize(&step.name.chars().take(NAME).collect::<String>()).map_err(CommandError::usage)?;
        let stem = file_name::stem(Prefix::Versioned, version, &name);
        let files = [
            FileChange::create(versions.join(format!("{stem}.sql")), step.up(&parents)),
            FileChange::create(versions.join(format!("{stem}.down.sql")), step.down()),
        ];
        placed.push(Placed { step, version, name, parents, files });
        parents = vec![version];
        version = version_after(context, version)?;
    }
    let changes: Vec<FileChange> = placed.iter().flat_map(|placed| placed.files.clone()).collect();
    file_changes::apply(&changes)?;
    show(ui, context, &placed, series);
    Ok(())
}

fn show(ui: &mut Ui, context: &Context, placed: &[Placed<'_>], series: &Series) {
    let shown = |file: &FileChange| context.shown(&file.path).to_string();
    if ui.is_json() {
        let migrations: Vec<_> = placed
            .iter()
            .map(|Placed { step, version, name, parents, files }| {
                json!({
                    "migration": { "version": version, "name": name, "parents": parents },
                    "phase": phase(step.phase),
                    "files": files.each_ref().map(shown),
                })
            })
            .collect();
        ui.json(json!({ "migrations": migrations, "by_hand": series.by_hand }));
        return;
    }
    for Placed { step, version, name, files, .. } in placed {
        ui.status("Created", format_args!("{version} {name} ({})", phase(step.phase)));
        for file in files {
            ui.data(context.shown(&file.path));
        }
    }
    for what in &series.by_hand {
        ui.warning(format_args!("the series does not see to {what}"));
    }
    let parts = [Phase::Expand, Phase::Contract].map(|phase| placed.iter().any(|placed| placed.step.phase == phase));
    if parts == [true, true] {
        ui.note("the files with `contract` belong into a later release than the others: their comments say what comes between");
        ui.help("write them when it is time for them: `--phase expand` now, `--phase contract` then");
    }
}

fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Expand => "expand",
        Phase::Contract => "contract",
    }
}
