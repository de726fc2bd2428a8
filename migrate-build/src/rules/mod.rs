//! The rules that a folder of migrations is checked by.

use std::path::Path;

use crate::diagnostic::{Diagnostic, Level};
use crate::graph::{Graph, GraphError};
use crate::migration::dir::Folder;
use crate::migration::{Direction, Migration};

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// Its name, kebab-case.
    pub name: &'static str,
    /// Its level where nothing is configured.
    pub default: Level,
    /// What it finds.
    pub summary: &'static str,
    /// Its page of documentation.
    pub page: &'static str,
}

impl Rule {
    /// A finding of this rule.
    pub fn finding(&self, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            rule: self.name,
            level: self.default,
            message: message.into(),
            labels: Vec::new(),
            notes: Vec::new(),
            helps: Vec::new(),
        }
    }
}

macro_rules! rules {
    ($($id:ident $name:literal $level:ident,)*) => {
        $(
            #[doc = $name]
            pub const $id: Rule = Rule { name: $name, default: Level::$level, summary: "", page: "" };
        )*
        /// All rules.
        pub const RULES: &[Rule] = &[$($id),*];
    };
}

rules! {
    UNKNOWN_FILE "unknown-file" Deny,
    MALFORMED_HEADER "malformed-header" Deny,
    DUPLICATE_VERSION "duplicate-version" Deny,
    MISSING_PARENT "missing-parent" Deny,
    PARENT_NOT_OLDER "parent-not-older" Deny,
    SEVERAL_HEADS "several-heads" Deny,
    DOWN_WITHOUT_UP "down-without-up" Deny,
    MISSING_DOWN "missing-down" Warn,
    SYNTAX_ERROR "syntax-error" Deny,
    EMPTY_MIGRATION "empty-migration" Warn,
    TRANSACTION_CONTROL "transaction-control" Deny,
    STALE_RENDER "stale-render" Deny,
}

/// The rule of that name.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.name == name)
}

/// The rule whose name looks like `name`.
pub fn nearest(name: &str) -> Option<&'static str> {
    crate::nearest::nearest(name, RULES.iter().map(|rule| rule.name))
}

/// One script and what is known about it.
#[derive(Clone, Copy, Debug)]
pub struct Script<'a> {
    /// Its migration.
    pub migration: &'a Migration,
    /// Which of the two.
    pub direction: Direction,
    /// Its path as shown.
    pub path: &'a Path,
    /// Its folded text.
    pub text: &'a str,
    /// Whether the migration has a down script.
    pub has_down: bool,
    /// The folded text of its Rust source.
    pub rust_source: Option<&'a str>,
}

/// Checks the history.
pub fn check_history(_folder: &Folder, _graph: &Graph, _errors: &[GraphError], _out: &mut Vec<Diagnostic>) {}

/// Checks one script.
pub fn check_script(script: &Script<'_>, out: &mut Vec<Diagnostic>) {
    if script.text.trim().is_empty() {
        out.push(EMPTY_MIGRATION.finding("the script is empty"));
    }
}
