//! A lending library as a service: its books, its members, and who borrowed what.

mod api;
mod args;
mod check;
mod db;
mod error;
mod health;
mod library;
mod models;
mod server;

use std::process::ExitCode;

use args::Args;
use clap::Parser;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let args = Args::parse();
    let result = if args.check { check::run(&args).await } else { server::run(&args).await };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            server::say(&error.report());
            ExitCode::FAILURE
        }
    }
}
