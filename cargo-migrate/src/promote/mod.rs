//! The rehearsal of a promotion: development, staging and production on throw-away servers, as stages of gates; and that of
//! a rollback, one stage of the same parts.
//!
//! Arrows: `cli -> {run, rollback, seal, report} -> {checks, development, environment} -> {database, branch, smoke, old_smoke} ->
//! {material, gate}`.

mod args;
mod branch;
mod checks;
mod cli;
mod database;
mod development;
mod environment;
mod gate;
mod lock_limits;
mod material;
mod old_smoke;
mod report;
mod rollback;
mod run;
mod seal;
mod smoke;
mod walk;

pub use args::{PromoteArgs, RollbackArgs};
pub use cli::{cli, main, promote, rollback, rollback_main};
pub use gate::{Failure, Gate, Outcome, Stage};
pub use report::{Migration, REPORT_VERSION, Report, Server};
pub use seal::Seals;
