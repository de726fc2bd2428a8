//! The commands, one a file: its arguments and `run`. This file only routes.

pub mod branches;
pub mod completions;
pub mod explain;
pub mod heads;
pub mod history;
pub mod init;
pub mod merge;
pub mod new;
pub mod render;
pub mod show;

use clap::Subcommand;

use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::ui::Ui;

/// What `cargo migrate` can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// `branches`
    Branches(branches::BranchesArgs),
    /// `completions`
    Completions(completions::CompletionsArgs),
    /// `explain`
    Explain(explain::ExplainArgs),
    /// `heads`
    Heads(heads::HeadsArgs),
    /// `history`
    History(history::HistoryArgs),
    /// `init`
    Init(init::InitArgs),
    /// `merge`
    Merge(merge::MergeArgs),
    /// `new`
    New(new::NewArgs),
    /// `render`
    Render(render::RenderArgs),
    /// `show`
    Show(show::ShowArgs),
}

impl Command {
    /// Its name, as it is typed.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Branches(_) => "branches",
            Self::Completions(_) => "completions",
            Self::Explain(_) => "explain",
            Self::Heads(_) => "heads",
            Self::History(_) => "history",
            Self::Init(_) => "init",
            Self::Merge(_) => "merge",
            Self::New(_) => "new",
            Self::Render(_) => "render",
            Self::Show(_) => "show",
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
        Command::Completions(args) => completions::run(ui, context, args),
        Command::Explain(args) => explain::run(ui, context, args),
        Command::Heads(args) => heads::run(ui, context, args),
        Command::History(args) => history::run(ui, context, args),
        Command::Init(args) => init::run(ui, context, args),
        Command::Merge(args) => merge::run(ui, context, args),
        Command::New(args) => new::run(ui, context, args),
        Command::Render(args) => render::run(ui, context, args),
        Command::Show(args) => show::run(ui, context, args),
    }
}
