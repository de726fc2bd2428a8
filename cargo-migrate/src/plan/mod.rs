//! What an upgrade would do to one database: each statement with its locks on the relations as they are there.
//!
//! [`build`] makes a [`Plan`] of the migrations and of [`Facts`] that somebody read from the database; [`lines`], [`markdown`] and [`fields`] show
//! it, and [`Promised`] reads it back from a file and says what moved since.

mod build;
mod facts;
mod human;
mod json;
mod markdown;
mod model;
mod promised;

pub use build::{Basis, build, wanted};
pub use facts::{Facts, Standing};
pub use human::{lines, size};
pub use json::fields;
pub use markdown::markdown;
pub use model::{Hazard, Lock, Plan, PlannedMigration, PlannedStatement, State};
pub use promised::Promised;
