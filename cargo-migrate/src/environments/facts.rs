//! What the gates of an environment look at.

use migrate_build::embedded::Migration;
use time::OffsetDateTime;

use super::evidence::Proof;
use crate::config::raw::RawEnvironment;

/// A migration that is to be applied.
#[derive(Clone, Debug)]
pub struct Planned<'a> {
    /// It, with its texts.
    pub migration: &'a Migration<'a>,
    /// Its scripts, relative to the migrations folder, with slashes.
    pub files: Vec<String>,
    /// Whether its header doesn't say `reviewed = false`.
    pub reviewed: bool,
}

impl Planned<'_> {
    /// `VERSION NAME`.
    pub fn title(&self) -> String {
        format!("{} {}", self.migration.version, self.migration.name)
    }
}

/// How what is checked out relates to a branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OnBranch {
    /// The branch is checked out, or has the commit that is.
    Yes,
    /// There is no such branch, here or at a remote.
    Missing,
    /// Something else is checked out: its branch, or its commit.
    No(String),
}

/// What git says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Checkout {
    /// Nothing, and why.
    Unknown(String),
    /// What there is to know.
    Known {
        /// Files below the migrations folder that are not as they are committed, `versions/V1__a.sql (modified)`.
        uncommitted: Vec<String>,
        /// Where the environment's branch is; `None` where it has none.
        branch: Option<OnBranch>,
    },
}

/// All that the gates look at.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// The environment's name.
    pub name: &'a str,
    /// Its rules.
    pub rules: &'a RawEnvironment,
    /// What is to be applied.
    pub planned: Vec<Planned<'a>>,
    /// What shows that the required environment has it; `None` where none is required.
    pub proof: Option<Proof>,
    /// What git says.
    pub checkout: Checkout,
    /// The migrations folder, as messages call it.
    pub folder: String,
    /// The time.
    pub now: OffsetDateTime,
}
