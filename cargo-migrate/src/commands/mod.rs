//! The commands, one a file: its arguments and `run`. This file only routes.

pub mod branches;
pub mod check;
pub mod completions;
pub mod current;
pub mod downgrade;
pub mod drift;
mod expand_contract;
pub mod explain;
pub mod generate;
pub mod heads;
pub mod history;
pub mod init;
pub mod lint;
pub mod merge;
pub mod new;
pub mod plan;
pub mod rebase;
pub mod rebuild;
pub mod render;
pub mod repair;
pub mod review;
pub mod rollback;
pub mod schema;
pub mod seal;
pub mod show;
pub mod stamp;
pub mod status;
pub mod switch;
pub mod upgrade;

use clap::Subcommand;

use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::ui::Ui;

/// What `cargo migrate` can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show where the history branches and where it is merged
    Branches(branches::BranchesArgs),
    /// Check the migrations, and with `--database` that nothing is pending or differs
    Check(check::CheckArgs),
    /// Write a completion script for a shell
    Completions(completions::CompletionsArgs),
    /// Show the migrations that the database stands at
    Current(current::CurrentArgs),
    /// Revert applied migrations, one by default
    Downgrade(downgrade::DowngradeArgs),
    /// Compare a database with what its applied migrations make
    Drift(drift::DriftArgs),
    /// Explain a rule that migrations are checked by, or list all rules
    Explain(explain::ExplainArgs),
    /// Write the migrations that the models need
    Generate(generate::GenerateArgs),
    /// Show the migrations that no other builds on
    Heads(heads::HeadsArgs),
    /// Show the migrations as a graph, newest first
    History(history::HistoryArgs),
    /// Set up a package: dependencies, build script, migrations folder
    Init(init::InitArgs),
    /// Find what would hold up or break a running application
    Lint(lint::LintArgs),
    /// Write a migration that joins several heads
    Merge(merge::MergeArgs),
    /// Write the files of a new migration
    New(new::NewArgs),
    /// Show what an upgrade would do to a database: each statement with its locks, sizes and hazards
    Plan(plan::PlanArgs),
    /// Put the migrations that only this branch has on top of those of another
    Rebase(rebase::RebaseArgs),
    /// Drop the database and build it again: migrations and seeds
    Rebuild(rebuild::RebuildArgs),
    /// Turn migrations written in Rust into the SQL that is applied
    Render(render::RenderArgs),
    /// Show what doesn't fit between the database and the files, and bring them together
    Repair(repair::RepairArgs),
    /// Show a generated migration with its hazards, and mark it as reviewed
    Review(review::ReviewArgs),
    /// Revert the last migration, and find the commit to go back to
    Rollback(rollback::RollbackArgs),
    /// Print the schema that the migrations make, as SQL
    Schema(schema::SchemaArgs),
    /// Seal migrations, so that no change to them goes unnoticed
    Seal(seal::SealArgs),
    /// Show one migration: what it builds on, its files and its SQL
    Show(show::ShowArgs),
    /// Set what the database's history says, without running any migration
    Stamp(stamp::StampArgs),
    /// Show what is applied and what is pending
    Status(status::StatusArgs),
    /// Bring a development database to the migrations of another branch
    Switch(switch::SwitchArgs),
    /// Apply pending migrations
    Upgrade(upgrade::UpgradeArgs),
}

impl Command {
    /// Its name, as it is typed.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Branches(_) => "branches",
            Self::Check(_) => "check",
            Self::Completions(_) => "completions",
            Self::Current(_) => "current",
            Self::Downgrade(_) => "downgrade",
            Self::Drift(_) => "drift",
            Self::Explain(_) => "explain",
            Self::Generate(_) => "generate",
            Self::Heads(_) => "heads",
            Self::History(_) => "history",
            Self::Init(_) => "init",
            Self::Lint(_) => "lint",
            Self::Merge(_) => "merge",
            Self::New(_) => "new",
            Self::Plan(_) => "plan",
            Self::Rebase(_) => "rebase",
            Self::Rebuild(_) => "rebuild",
            Self::Render(_) => "render",
            Self::Repair(_) => "repair",
            Self::Review(_) => "review",
            Self::Rollback(_) => "rollback",
            Self::Schema(_) => "schema",
            Self::Seal(_) => "seal",
            Self::Show(_) => "show",
            Self::Stamp(_) => "stamp",
            Self::Status(_) => "status",
            Self::Switch(_) => "switch",
            Self::Upgrade(_) => "upgrade",
        }
    }
}

/// Runs `command`.
///
/// # Errors
/// Whatever ends it without having done what it was asked to.
pub fn run(ui: &mut Ui, context: &Context, command: Command) -> Result<ExitCode, CommandError> {
    match command {
        Command::Branches(args) => branches::run(ui, context, args),
        Command::Check(args) => check::run(ui, context, args),
        Command::Completions(args) => completions::run(ui, context, args),
        Command::Current(args) => block_on(current::run(ui, context, args)),
        Command::Downgrade(args) => block_on(downgrade::run(ui, context, args)),
        Command::Drift(args) => block_on(drift::run(ui, context, args)),
        Command::Explain(args) => explain::run(ui, context, args),
        Command::Generate(args) => block_on(generate::run(ui, context, args)),
        Command::Heads(args) => heads::run(ui, context, args),
        Command::History(args) => history::run(ui, context, args),
        Command::Init(args) => init::run(ui, context, args),
        Command::Lint(args) => block_on(lint::run(ui, context, args)),
        Command::Merge(args) => merge::run(ui, context, args),
        Command::New(args) => block_on(new::run(ui, context, args)),
        Command::Plan(args) => block_on(plan::run(ui, context, args)),
        Command::Rebase(args) => block_on(rebase::run(ui, context, args)),
        Command::Rebuild(args) => block_on(rebuild::run(ui, context, args)),
        Command::Render(args) => render::run(ui, context, args),
        Command::Repair(args) => block_on(repair::run(ui, context, args)),
        Command::Review(args) => review::run(ui, context, args),
        Command::Rollback(args) => block_on(rollback::run(ui, context, args)),
        Command::Schema(args) => block_on(schema::run(ui, context, args)),
        Command::Seal(args) => seal::run(ui, context, args),
        Command::Show(args) => show::run(ui, context, args),
        Command::Stamp(args) => block_on(stamp::run(ui, context, args)),
        Command::Status(args) => block_on(status::run(ui, context, args)),
        Command::Switch(args) => block_on(switch::run(ui, context, args)),
        Command::Upgrade(args) => block_on(upgrade::run(ui, context, args)),
    }
}

/// Runs a command that talks to a database, on a runtime that only such commands pay for.
fn block_on<T>(command: impl Future<Output = Result<T, CommandError>>) -> Result<T, CommandError> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(command)
}
