//! A package's migrations as files: names, headers, and the folder that holds them.

pub mod dir;
pub mod duration;
pub mod file_name;
pub mod header;

use std::path::PathBuf;
use std::time::Duration;

use crate::backfill::Backfill;
pub use crate::direction::Direction;

/// Refinery's two prefixes. Both are versioned and run once; `U` lets refinery's own runner apply it out of order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prefix {
    /// `V`
    Versioned,
    /// `U`
    Unversioned,
}

/// What the `--!` lines on top of an up script say, each with the default that its absence means.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// `parents = [..]`: `None` where the key is absent.
    pub parents: Option<Vec<i64>>,
    /// `transaction = false`.
    pub no_transaction: bool,
    /// `irreversible = "reason"`.
    pub irreversible: Option<String>,
    /// `lock-timeout = "5s"`.
    pub lock_timeout: Option<Duration>,
    /// `statement-timeout = "1min"`.
    pub statement_timeout: Option<Duration>,
    /// `backfill = { table = "books", key = "id" }`.
    pub backfill: Option<Backfill>,
    /// `reviewed = false`.
    pub unreviewed: bool,
    /// `reviewed = "who, when"`.
    pub reviewed: Option<String>,
    /// `retires = ["old_table"]`.
    pub retires: Vec<String>,
    /// `revives = ["old_table"]`: retired tables that are in use again.
    pub revives: Vec<String>,
    /// `allow = ["rule-name", { rule = "rule-name", reason = "why" }]`.
    pub allow: Vec<Allow>,
    /// `rendered-from = "sha256:…"`: the hash of the Rust source that `render` froze into this file.
    pub rendered_from: Option<String>,
}

/// A rule that doesn't hold for a migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allow {
    /// The rule's name.
    pub rule: String,
    /// Why.
    pub reason: Option<String>,
}

/// One migration of the folder, without its texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    /// Its 64-bit version, positive.
    pub version: i64,
    /// Its name: what stands between `__` and `.sql`.
    pub name: String,
    /// `V` or `U`.
    pub prefix: Prefix,
    /// The up script's header.
    pub header: Header,
    /// What it builds on: the header's parents, or the next lower version where a plain folder has none.
    pub parents: Vec<i64>,
    /// The up script, relative to the migrations folder (`versions/V1__create_books.sql`).
    pub up: PathBuf,
    /// The down script, likewise.
    pub down: Option<PathBuf>,
}
