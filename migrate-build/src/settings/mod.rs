//! What `[package.metadata.migrate]` and `[workspace.metadata.migrate]` say that both the build and the commands need.

mod manifest;
mod read;

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::diagnostic::Level;

pub use manifest::{Section, parse};
pub use read::{Read, read};

/// The migrations folder where none is configured.
pub const DEFAULT_DIR: &str = "migrations";

/// Every key of the two tables, sorted. This crate reads `dir`, `history` and `rules`; the others are read by
/// `cargo migrate`, and listed so that a misspelt one is found by whoever reads the manifest first.
pub const KEYS: [&str; 10] = [
    "dir",
    "environments",
    "history",
    "lock-timeout",
    "on-blocked",
    "promote",
    "retries",
    "rules",
    "statement-timeout",
    "version-format",
];

/// The configuration that the build and the commands share.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// `dir`: the migrations folder, relative to the package.
    pub dir: Option<PathBuf>,
    /// `history`: the history table, as `table` or `schema.table`.
    pub history: Option<String>,
    /// `rules`: the level of every rule that has another than its default.
    pub rules: BTreeMap<&'static str, Level>,
}

impl Settings {
    /// Takes from `defaults` what is not set here.
    #[must_use]
    pub fn or(self, defaults: Self) -> Self {
        let Self { dir, history, rules } = self;
        let mut all = defaults.rules;
        all.extend(rules);
        Self { dir: dir.or(defaults.dir), history: history.or(defaults.history), rules: all }
    }
}

/// Whether a rule stays at `deny`: without what it demands there is no history that could be applied, or a seal that
/// could be given up by a word.
pub fn is_fixed(rule: &str) -> bool {
    is_seal(rule)
        || matches!(
            rule,
            "malformed-header" | "malformed-lock" | "duplicate-version" | "missing-parent" | "parent-not-older"
        )
}

/// Whether a rule is about what was sealed.
pub fn is_seal(rule: &str) -> bool {
    matches!(rule, "sealed-deleted" | "sealed-edited" | "sealed-parents-changed" | "sealed-renamed")
}

/// Why a fixed rule is fixed, and what to do instead of lowering it.
pub fn why_fixed(rule: &str) -> &'static str {
    if is_seal(rule) {
        "a sealed migration is changed by nobody unless its seal is broken: `cargo migrate seal --break VERSION --reason TEXT`"
    } else {
        "without what the rule demands there is no history to apply"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sorted() {
        assert!(KEYS.is_sorted());
    }

    #[test]
    fn a_package_overrides_its_workspace() {
        let level = |level| BTreeMap::from([("missing-down", level)]);
        let package = Settings { dir: Some("db".into()), history: None, rules: level(Level::Deny) };
        let mut workspace =
            Settings { dir: Some("m".into()), history: Some("app.history".to_owned()), rules: level(Level::Allow) };
        workspace.rules.insert("unknown-file", Level::Warn);
        let merged = package.or(workspace);
        assert_eq!((merged.dir, merged.history), (Some("db".into()), Some("app.history".to_owned())));
        assert_eq!(merged.rules, BTreeMap::from([("missing-down", Level::Deny), ("unknown-file", Level::Warn)]));
    }
}
