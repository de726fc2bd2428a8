//! What `init` changes in a package.

pub mod build_script;
pub mod git_attributes;
pub mod git_hook;
pub mod manifest;
pub mod plan;
pub mod plan_error;
pub mod xtask;
