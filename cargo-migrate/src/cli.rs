//! The command line: options that every command has, and the way from arguments to an exit code.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process;
use std::time::Duration;

use clap::builder::Styles;
use clap::{ArgAction, Args, Parser};
use migrate_build::migration::duration;

use crate::commands::{self, Command};
use crate::config::environment::Variables;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::ui::{Color, Format, Ui, UiOptions, style};

pub(crate) const STYLES: Styles = Styles::styled()
    .header(style::VERB)
    .usage(style::VERB)
    .literal(style::HELP)
    .placeholder(style::VERSION)
    .error(style::ERROR)
    .valid(style::HELP)
    .invalid(style::WARNING);

/// Database migrations for Rust and PostgreSQL, checked by the compiler
#[derive(Debug, Parser)]
#[command(name = "cargo-migrate", bin_name = "cargo migrate", version, styles = STYLES, disable_help_subcommand = true)]
#[command(after_help = "Exit codes: 0 done, 1 refused or failed, 2 usage or configuration, 3 database unreachable or \
    its error, 4 pending work, 130 interrupted")]
pub struct Cli {
    /// Options that every command has.
    #[command(flatten)]
    pub global: GlobalArgs,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// Options that every command has.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Global options")]
pub struct GlobalArgs {
    /// Package of the workspace whose migrations are meant
    #[arg(short, long, global = true, value_name = "NAME")]
    pub package: Option<String>,
    /// Path to the package's Cargo.toml
    #[arg(long, global = true, value_name = "PATH")]
    pub manifest_path: Option<PathBuf>,
    /// Environment whose database is meant [env: CARGO_MIGRATE_ENV]
    #[arg(long, global = true, value_name = "NAME")]
    pub env: Option<String>,
    /// Database to talk to, `postgres://user@host/database` [env: DATABASE_URL]
    #[arg(long, global = true, value_name = "URL")]
    pub database_url: Option<String>,
    /// How data is printed
    #[arg(long, global = true, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
    /// When output is coloured
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub color: Color,
    /// Print data and errors only
    #[arg(short, long, global = true, action = ArgAction::SetTrue, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Print details
    #[arg(short, long, global = true, action = ArgAction::SetTrue)]
    pub verbose: bool,
    /// How long to wait for another process that changes the same database, for example `30s` or `0`; `status` waits until nothing is pending [env: CARGO_MIGRATE_WAIT] [default: as long as it takes]
    #[arg(long, global = true, value_name = "DURATION", value_parser = parse_wait)]
    pub wait: Option<Option<Duration>>,
}

impl GlobalArgs {
    /// How the command shall print.
    pub fn ui_options(&self) -> UiOptions {
        UiOptions { format: self.format, color: self.color, quiet: self.quiet, verbose: self.verbose }
    }
}

fn parse_wait(text: &str) -> Result<Duration, String> {
    duration::parse(text).map_err(|error| format!("{error}; {}", duration::EXAMPLES))
}

/// Runs the command that the process's arguments name.
pub fn main() -> process::ExitCode {
    let args: Vec<OsString> = std::env::args_os().collect();
    let cli = match parse(args) {
        Ok(cli) => cli,
        Err(error) => return usage(&error).into(),
    };
    let mut ui = Ui::terminal(cli.global.ui_options());
    let code = match std::env::current_dir() {
        Ok(cwd) => run(cli, Variables::from_process(), cwd, &mut ui),
        Err(error) => {
            ui.error(&CommandError::refused(error).note("the working directory can't be found"));
            ExitCode::Refused
        }
    };
    code.into()
}

/// Reads a command line: the program's name, `migrate` where cargo passes it on, options and the command.
///
/// # Errors
/// It is wrong, or asks for help or the version.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Cli, clap::Error> {
    let mut args: Vec<OsString> = args.into_iter().collect();
    if args.get(1).is_some_and(|first| first == "migrate") {
        args.remove(1);
    }
    Cli::try_parse_from(args)
}

/// Runs a command, prints its error if there is one, and says how it ended.
pub fn run(cli: Cli, variables: Variables, cwd: PathBuf, ui: &mut Ui) -> ExitCode {
    let Cli { global, command } = cli;
    ui.set_command(command.name());
    if matches!(global.format, Format::Github | Format::Sarif) && command.name() != "lint" {
        let error = CommandError::usage("only `lint` prints that format").help("the others print `human` and `json`");
        ui.error(&error);
        return error.kind.exit_code();
    }
    let context = Context::new(global, variables, cwd);
    let code = match commands::run(ui, &context, command) {
        Ok(code) => code,
        Err(error) => {
            ui.error(&error);
            error.kind.exit_code()
        }
    };
    match ui.finish() {
        Ok(()) => code,
        Err(error) => {
            ui.error(&CommandError::refused(error).note("writing to stdout failed"));
            code.max(ExitCode::Refused)
        }
    }
}

/// Prints what clap has to say: help and the version are data, all else is an error.
pub(crate) fn usage(error: &clap::Error) -> ExitCode {
    let mut ui = Ui::terminal(UiOptions { format: Format::Human, color: Color::Auto, quiet: false, verbose: false });
    let text = error.render();
    if error.use_stderr() {
        ui.block(&text.ansi().to_string());
        return ExitCode::Usage;
    }
    ui.raw(&text.ansi().to_string());
    match ui.finish() {
        Ok(()) => ExitCode::Done,
        Err(_) => ExitCode::Refused,
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn verify_app() {
        Cli::command().debug_assert();
    }
}
