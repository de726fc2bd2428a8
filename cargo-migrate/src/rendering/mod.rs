//! Migrations written in Rust, turned into the SQL that is hashed, embedded and applied.

pub mod freeze;
pub mod program;
pub mod run;
