//! `completions`: a script that completes the commands in a shell.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::cli::Cli;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::ui::Ui;

/// Print a completion script for a shell
///
/// It completes `cargo-migrate …`, which is the same program as `cargo migrate …`: shells leave the completion of cargo's
/// own command line to cargo.
#[derive(Args, Debug)]
pub struct CompletionsArgs {
    /// Shell that the script is for
    shell: Shell,
}

/// Prints the script.
///
/// # Errors
/// None.
pub fn run(ui: &mut Ui, _context: &Context, args: CompletionsArgs) -> Result<ExitCode, CommandError> {
    let CompletionsArgs { shell } = args;
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command().bin_name("cargo-migrate"), "cargo-migrate", &mut script);
    ui.raw(&String::from_utf8_lossy(&script));
    Ok(ExitCode::Done)
}
