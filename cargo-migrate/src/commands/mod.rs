//! The commands, one a file: its arguments and `run`. This file only routes.

use clap::Subcommand;

use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::ui::Ui;

/// What `cargo migrate` can do.
#[derive(Debug, Subcommand)]
pub enum Command {}

impl Command {
    /// Its name, as it is typed.
    pub fn name(&self) -> &'static str {
        match *self {}
    }
}

/// Runs `command`.
///
/// # Errors
/// Whatever ends it without having done what it was asked to.
pub fn run(ui: &mut Ui, context: &Context, command: Command) -> Result<ExitCode, CommandError> {
    let _ = (ui, context);
    match command {}
}
