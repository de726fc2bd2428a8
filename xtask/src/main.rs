//! Tasks of this workspace: what cargo itself can't express.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program of ours alone; its output is its purpose")]
#![expect(clippy::disallowed_methods, reason = "the only configuration of these tasks is cargo's own variables")]

mod bench;
mod ci;

use std::process::ExitCode;

use cargo_migrate::promote::{self, PromoteArgs, RollbackArgs};
use clap::{Parser, Subcommand};

/// Tasks of this workspace
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    Bench(bench::BenchArgs),
    /// Run everything that a change must pass
    Ci(ci::CiArgs),
    /// Runs a program and prints what it took: wall and CPU microseconds, peak KiB
    #[command(hide = true)]
    Measure {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        words: Vec<String>,
    },
    /// Rehearse the way from development through staging to production on throw-away servers
    Promote(PromoteArgs),
    /// Rehearse the rollback of an environment's last migration on a throw-away server
    Rollback(RollbackArgs),
    /// Applies a folder with refinery's own runner
    #[command(hide = true)]
    Refinery {
        words: Vec<String>,
    },
}

fn main() -> ExitCode {
    match Cli::parse().task {
        Task::Bench(args) => bench::run(&args),
        Task::Ci(args) => ci::run(&args),
        Task::Measure { words } => bench::run_and_measure(&words),
        Task::Promote(args) => promote::main(args),
        Task::Rollback(args) => promote::rollback_main(args),
        Task::Refinery { words } => bench::run_refinery(&words),
    }
}

/// Says what is going on, on stderr.
fn say(text: &str) {
    eprintln!("{text}");
}

/// Prints a result, on stdout.
fn print(text: &str) {
    println!("{text}");
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
