//! Tasks of this workspace's development: what cargo itself can't express.

mod ci;

use std::process::ExitCode;

use cargo_migrate::promote::{self, PromoteArgs};
use clap::{Parser, Subcommand};

/// Tasks of this workspace's development
#[derive(Debug, Parser)]
#[command(name = "xtask", bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Xtask {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Run everything that a change must pass
    Ci(ci::CiArgs),
    /// Rehearse the way from development through staging to production on throw-away servers
    Promote(PromoteArgs),
}

fn main() -> ExitCode {
    match Xtask::parse().task {
        Task::Ci(args) => ci::run(&args),
        Task::Promote(args) => promote::main(args),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn verify_app() {
        Xtask::command().debug_assert();
    }
}
