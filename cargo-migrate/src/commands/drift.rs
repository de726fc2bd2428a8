//! `drift`: how a database differs from what its applied migrations make.

use std::collections::BTreeSet;

use clap::Args;
use serde_json::json;

use crate::config::environment::DEVELOPMENT;
use crate::config::layers::{self, TargetArgs};
use crate::context::Context;
use crate::diff::{self, Hints, Permission};
use crate::engine::database::Database;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::generate::{Former, Place, Scratch, replay_of};
use crate::schema::{Change, Kind, Limits, Snapshot, compare, render};
use crate::ui::Ui;

/// Compare a database with what its applied migrations make
#[derive(Args, Debug)]
pub struct DriftArgs {
    /// Where that is built; never on the server of a protected environment
    #[arg(long, value_enum, default_value_t, value_name = "WHERE")]
    scratch: Scratch,
}

/// Prints each difference, and the SQL that mends it.
///
/// # Errors
/// The database holds migrations that the files don't have, or others than they have, or can't be read.
pub async fn run(ui: &mut Ui, context: &Context, args: DriftArgs) -> Result<ExitCode, CommandError> {
    let DriftArgs { scratch } = args;
    let database = Database::open(ui, context).await?;
    database.comparison.refuse()?;
    let history = context.settings()?.shared.history.clone();
    let applied: BTreeSet<i64> = database.state.applied.iter().map(|row| row.version).collect();
    // What is built for the comparison is built in development, whatever is looked at.
    let development = layers::target(
        context.settings()?,
        context.package()?,
        context.variables(),
        TargetArgs { env: Some(DEVELOPMENT), database_url: None },
    );
    let target = match &development {
        Ok(target) => Ok(target),
        Err(_) if !context.names_database()? => context.target(),
        Err(error) => Err(CommandError::usage(error.to_string())),
    };
    let place = Place::find(scratch, target, context.variables().home().as_deref()).await?;
    let result = async {
        let expected = replay_of(&place, &database.set, &applied, history.as_deref()).await?;
        let live = expected.read(&database.connection.client).await?;
        Ok::<_, CommandError>((expected, live))
    }
    .await;
    place.end().await;
    let name = database.state.database.clone();
    database.connection.close().await;
    let (Former { snapshot: expected, .. }, live) = result?;
    let live = owned_alike(&live, &expected)?;
    let differences = compare(&expected, &live);
    let mending = mend(&live, &expected)?;
    let is_same = differences.iter().all(|difference| difference.object.kind == Kind::ColumnOrder);
    if ui.is_json() {
        let list: Vec<_> = differences
            .iter()
            .map(|difference| {
                let (change, expected, found) = match &difference.change {
                    Change::Added { after } => ("added", None, Some(after)),
                    Change::Removed { before } => ("removed", Some(before), None),
                    Change::Changed { before, after } => ("changed", Some(before), Some(after)),
                };
                json!({
                    "kind": difference.object.kind.as_str(), "object": difference.object.identity, "change": change,
                    "expected": expected, "found": found,
                })
            })
            .collect();
        ui.json(json!({ "database": name, "differences": list, "sql": mending }));
    } else if !differences.is_empty() {
        ui.raw(&render(&differences, Limits::NONE));
        if !mending.is_empty() {
            ui.data("");
            ui.data("-- This brings the database to what its migrations make:");
            for statement in &mending {
                ui.data(statement);
            }
        }
    }
    if is_same {
        ui.status("Same", format_args!("database `{name}` is what its {} applied migrations make", applied.len()));
        return Ok(ExitCode::Done);
    }
    let count = differences.len();
    let differ = if count == 1 { "1 object differs".to_owned() } else { format!("{count} objects differ") };
    ui.status(
        "Differs:",
        format_args!("{differ} from what the migrations make; `-` is what they make, `+` what there is"),
    );
    ui.help("mend the database by the SQL above, or write a migration for what is meant to stay");
    Ok(ExitCode::Refused)
}

/// Whoever owns most of the database is whoever built it: scratch databases are built by somebody else.
fn owned_alike(live: &Snapshot, expected: &Snapshot) -> Result<Snapshot, CommandError> {
    let owner = |snapshot: &Snapshot| {
        let database = snapshot.iter().find(|(object, _)| object.kind == Kind::Database);
        database.and_then(|(_, definition)| definition.owner.clone())
    };
    let (Some(theirs), Some(ours)) = (owner(live), owner(expected)) else { return Ok(live.clone()) };
    let mut alike = Snapshot::default();
    for (object, definition) in live.iter() {
        let mut definition = definition.clone();
        if definition.owner.as_deref() == Some(&theirs) {
            definition.owner = Some(ours.clone());
        }
        // Its comment and settings are no migration's.
        if object.kind == Kind::Database
            && let Some(same) = expected.get(object.kind, &object.identity)
        {
            definition = same.clone();
        }
        alike
            .insert(object.clone(), definition)
            .map_err(|twice| CommandError::refused(format!("{twice} is there twice")))?;
    }
    Ok(alike)
}

/// The statements from what there is to what there should be; whoever runs them decides about rows and values.
fn mend(live: &Snapshot, expected: &Snapshot) -> Result<Vec<String>, CommandError> {
    let hints = Hints { drop_columns: Permission::All, drop_tables: Permission::All, ..Hints::default() };
    let plan = diff::plan(live, expected, &hints).map_err(CommandError::refused)?;
    let mut all: Vec<String> = plan
        .unsupported
        .iter()
        .map(|left| format!("-- {}: {}: there is no statement for it", left.object, left.what).replace('\n', " "))
        .collect();
    for part in &plan.parts {
        for hazard in &part.hazards {
            all.push(format!("-- {}: {}", hazard.object, hazard.message).replace('\n', " "));
        }
        all.extend(part.up.iter().cloned());
    }
    Ok(all)
}
