//! `plan`: what an upgrade of a database would do, statement by statement.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Args;
use migrate_build::diagnostic::Diagnostic;
use migrate_build::embedded::Migration;
use migrate_build::runtime::{Resume, plan_upgrade, script, without_backfills};

use super::upgrade::parse;
use crate::context::Context;
use crate::engine::database::Database;
use crate::engine::relations;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::hazards::On;
use crate::lint::{self, Known};
use crate::plan::{self, Basis, Facts, Plan, Standing};
use crate::repair::diagnosis;
use crate::ui::{Ui, document};

/// Show what an upgrade would do to a database: each statement with its locks, sizes and hazards
#[derive(Args, Debug)]
pub struct PlanArgs {
    /// Where to end: a version or name, `+N` for N migrations, or `head`
    #[arg(value_name = "TARGET", conflicts_with = "to")]
    target: Option<String>,
    /// The same as an option
    #[arg(long, value_name = "TARGET")]
    to: Option<String>,
    /// Leave backfills pending; refused where another migration builds on one
    #[arg(long)]
    skip_backfills: bool,
    /// Print a script for psql that does the same as the upgrade, history included
    #[arg(long, conflicts_with = "markdown")]
    sql: bool,
    /// Print it for a pull request
    #[arg(long)]
    markdown: bool,
    /// Write it into a file: as JSON, which `upgrade --plan FILE` takes, unless another form is asked for
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Makes the plan and shows it. Nothing is changed.
///
/// # Errors
/// The database can't be read, or the upgrade would be refused.
pub async fn run(ui: &mut Ui, context: &Context, args: PlanArgs) -> Result<ExitCode, CommandError> {
    let PlanArgs { target, to, skip_backfills, sql, markdown, output } = args;
    if ui.is_json() && (sql || markdown) {
        return Err(CommandError::usage("`--format json` and `--sql` or `--markdown` are two forms of one plan"));
    }
    let database = Database::open(ui, context).await?;
    let text = target.or(to).unwrap_or_else(|| "head".to_owned());
    let (target, heads) = parse(&database, &text)?;
    diagnosis::refuse(&database, context).await?;
    database.refuse_flaws(ui, context, &BTreeSet::new(), heads)?;
    let mut versions = plan_upgrade(&database.set, &database.comparison, target)?;
    if skip_backfills {
        versions = without_backfills(&database.set, versions)?;
    }
    let picked: BTreeSet<i64> = versions.iter().copied().collect();
    database.refuse_flaws(ui, context, &picked, heads)?;
    let migrations: Vec<&Migration<'_>> = versions.iter().filter_map(|&version| database.set.get(version)).collect();
    let shown = if sql {
        let mut options = database.options(context, Resume::Refuse)?;
        // Whoever runs the script does it.
        options.actor = None;
        Shown { text: script(&database.state, &migrations, &options)?, form: "script" }
    } else {
        let plan = make(context, &database, &migrations, (text, skip_backfills)).await?;
        summary(ui, &plan);
        if markdown {
            Shown { text: plan::markdown(&plan), form: "plan" }
        } else if ui.is_json() || output.is_some() {
            Shown { text: document("plan", plan::fields(&plan)), form: "plan" }
        } else {
            plan::lines(&plan).iter().for_each(|line| ui.data(line));
            Shown::default()
        }
    };
    match output {
        Some(file) => {
            fs_err::write(context.cwd().join(&file), shown.text)?;
            ui.status("Wrote", format_args!("the {} to `{}`", shown.form, file.display()));
        }
        None => ui.raw(&shown.text),
    }
    database.connection.close().await;
    Ok(ExitCode::Done)
}

/// What is written or printed, and what it is called.
#[derive(Default)]
struct Shown {
    text: String,
    form: &'static str,
}

async fn make(
    context: &Context,
    database: &Database<'_>,
    migrations: &[&Migration<'_>],
    (target, skip_backfills): (String, bool),
) -> Result<Plan, CommandError> {
    let Database { state, history, .. } = database;
    let facts = relations::read(&database.connection.client, &plan::wanted(migrations)).await?;
    let settings = context.settings()?;
    let server = state.server_version / 10_000;
    // Other servers may be older than this one.
    let postgres = Some(settings.postgres.map_or(server, |configured| configured.min(server)));
    let versions = migrations.iter().map(|migration| migration.version).collect();
    let linted = lint::lint(&history.folder, settings, &Known { postgres, empty: empty(&facts) }, &versions)?;
    let findings: Vec<&Diagnostic> =
        linted.iter().flat_map(|linted| &linted.findings).map(|found| &found.diagnostic).collect();
    let heads = &database.comparison.heads;
    let basis = Basis {
        database: state.database.clone(),
        environment: database.target.environment.clone(),
        history: state.table.to_string(),
        migrated: state.exists,
        target,
        skip_backfills,
        applied: state.applied.clone(),
        at: heads.iter().map(|&version| database.title(version)).collect(),
    };
    Ok(plan::build(basis, migrations, &facts, &findings))
}

/// The relations that nobody has put anything into.
fn empty(facts: &Facts) -> BTreeSet<crate::hazards::Relation> {
    let empty = facts.iter().filter(|(_, standings)| standings.iter().all(Standing::looks_empty));
    empty
        .filter_map(|(on, _)| match on {
            On::Relation(name) => Some(name.clone()),
            _ => None,
        })
        .collect()
}

fn summary(ui: &mut Ui, plan: &Plan) {
    if !plan.migrated {
        ui.note(format_args!("database {} was never migrated: the plan begins at base", plan.database));
    }
    let blocking = match plan.dangerous() {
        0 => "no statement holds up anybody".to_owned(),
        1 => "1 statement holds up others".to_owned(),
        count => format!("{count} statements hold up others"),
    };
    match plan.migrations.len() {
        0 => ui.status("Planned", format_args!("nothing: database {} is up to date", plan.database)),
        1 => ui.status("Planned", format_args!("1 migration of database {}: {blocking}", plan.database)),
        count => ui.status("Planned", format_args!("{count} migrations of database {}: {blocking}", plan.database)),
    }
}
