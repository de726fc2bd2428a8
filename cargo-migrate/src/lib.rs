//! The library under the `cargo-migrate` binary: commands, the engine under them, and the rehearsal of a promotion.
//!
//! The binary is [`cli::main`]; whoever wants to run a command inside a process of their own calls [`cli::run`] with a
//! [`ui::Ui`] and the variables and directory it shall see.
#![warn(missing_docs)]

pub mod at_commit;
pub mod authoring;
#[cfg(test)]
mod cases;
pub mod cli;
pub mod commands;
pub mod committed;
pub mod config;
pub mod confirmation;
pub mod context;
pub mod diff;
pub mod engine;
pub mod environments;
pub mod error;
pub mod exit_code;
pub mod expand;
pub mod file_changes;
pub mod findings;
pub mod generate;
pub mod git;
pub mod graph_view;
pub mod hazards;
pub mod history;
pub mod lint;
pub mod migration_view;
pub mod models;
pub mod overview_view;
pub mod plan;
pub mod plan_view;
mod process_group;
pub mod promote;
pub mod rebase;
pub mod rendering;
pub mod repair;
pub mod revision;
mod rule_list;
pub mod rust_text;
pub mod scaffold;
pub mod schema;
pub mod scratch;
pub mod sealing;
pub mod seeds;
pub mod sql;
pub mod taken_view;
pub mod ui;
