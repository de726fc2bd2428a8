//! The one list of the rules.

use crate::diagnostic::{Diagnostic, Level};

/// A rule: what findings and configuration name, and what `cargo migrate explain` prints.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name, kebab-case.
    pub name: &'static str,
    /// Its level where nothing is configured.
    pub default: Level,
    /// What it finds, in one line: lower case, no full stop.
    pub summary: &'static str,
    /// Its page, in Markdown.
    pub page: &'static str,
}

impl Rule {
    /// Returns a finding of this rule at its default level that points nowhere yet.
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

/// Names each rule once: makes its constant, takes in its page, lists it in [`RULES`].
macro_rules! rules {
    ($($constant:ident = $name:literal, $default:ident, $summary:literal;)*) => {
        $(
            #[doc = concat!("`", $name, "`: ", $summary, ".")]
            pub const $constant: Rule = Rule {
                name: $name,
                default: Level::$default,
                summary: $summary,
                page: include_str!(concat!($name, ".md")),
            };
        )*

        /// All rules, sorted by name.
        pub const RULES: &[Rule] = &[$($constant),*];
    };
}

rules! {
    DOWN_WITHOUT_UP = "down-without-up", Deny, "a down script whose up script does not exist";
    DUPLICATE_VERSION = "duplicate-version", Deny, "several migrations with one version";
    EMPTY_MIGRATION = "empty-migration", Warn, "a script without a statement";
    MALFORMED_BACKFILL = "malformed-backfill", Deny, "a backfill whose statement can't be run in batches";
    MALFORMED_HEADER = "malformed-header", Deny, "a header that is not TOML, or a key or value that it can't have";
    MALFORMED_LOCK = "malformed-lock", Deny, "a lock file that can't be read, or is not whole";
    MISSING_DOWN = "missing-down", Warn, "a migration that neither has a down script nor says why it has none";
    MISSING_PARENT = "missing-parent", Deny, "a migration that builds on one that does not exist";
    PARENT_NOT_OLDER = "parent-not-older", Deny, "a migration that builds on itself or on a younger one";
    SEALED_DELETED = "sealed-deleted", Deny, "a sealed migration whose files are gone";
    SEALED_EDITED = "sealed-edited", Deny, "a sealed migration whose scripts are not what they were";
    SEALED_PARENTS_CHANGED = "sealed-parents-changed", Deny, "a sealed migration that builds on others than it did";
    SEALED_RENAMED = "sealed-renamed", Deny, "a sealed migration whose files have another name";
    SEVERAL_HEADS = "several-heads", Deny, "several migrations that no other builds on";
    STALE_RENDER = "stale-render", Deny, "a script that is not what its Rust source was rendered to";
    SYNTAX_ERROR = "syntax-error", Deny, "a script that the server could not parse";
    TRANSACTION_CONTROL = "transaction-control", Deny, "statements at odds with the transaction that a migration runs in";
    UNKNOWN_FILE = "unknown-file", Deny, "a file in the migrations folder that looks like a migration and is none";
    UNREVIEWED = "unreviewed", Warn, "a generated migration that nobody has reviewed";
}

/// Returns the rule of this name.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.name == name)
}

/// Returns the name of the rule that `name` was probably meant to be, one of `cargo migrate lint` included.
pub fn nearest(name: &str) -> Option<&'static str> {
    crate::nearest::nearest(name, RULES.iter().map(|rule| rule.name).chain(super::LINTS))
}

/// Returns the name as it is kept, whether it is one of these rules or one of `cargo migrate lint`.
pub fn known(name: &str) -> Option<&'static str> {
    find(name).map(|rule| rule.name).or_else(|| super::find_lint(name))
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::*;

    /// Files beside the rules that hold no rule.
    const SHARED: [&str; 6] = ["lint_names.rs", "mod.rs", "naming.rs", "registry.rs", "sealed.rs", "squawk.rs"];
    /// Rules that are found while the folder is read, by `migration`.
    const FOUND_WHILE_READING: [Rule; 5] =
        [DOWN_WITHOUT_UP, DUPLICATE_VERSION, MALFORMED_HEADER, MALFORMED_LOCK, UNKNOWN_FILE];

    fn folder() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules")
    }

    fn files_of(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn names_are_sorted_and_kebab_case() {
        assert!(RULES.is_sorted_by(|a, b| a.name < b.name));
        for rule in RULES {
            assert!(rule.name.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{}", rule.name);
            assert_eq!(find(rule.name), Some(rule));
        }
    }

    #[test]
    fn summaries_are_fragments() {
        for rule in RULES {
            assert!(rule.summary.starts_with(|c: char| c.is_lowercase()), "{}", rule.name);
            assert!(!rule.summary.ends_with(['.', '!']), "{}", rule.name);
            assert!(!rule.summary.contains('\n'), "{}", rule.name);
        }
    }

    #[test]
    fn pages_have_the_fixed_headings() {
        for rule in RULES {
            let mut code = false;
            let headings: Vec<&str> = rule
                .page
                .lines()
                .filter(|line| {
                    code ^= line.starts_with("```");
                    !code && line.starts_with('#')
                })
                .collect();
            let title = format!("# {}", rule.name);
            assert_eq!(headings, [&title, "## Problem", "## Example", "## Cure", "## Configuration"], "{}", rule.name);
            assert!(rule.page.ends_with('\n') && !rule.page.ends_with("\n\n"), "{}", rule.name);
        }
    }

    #[test]
    fn pages_name_their_default_level() {
        for rule in RULES {
            let level = if rule.default == Level::Deny { "deny" } else { "warn" };
            let wanted = format!("Default level: `{level}`.");
            assert!(rule.page.contains(&wanted), "{}: {wanted}", rule.name);
        }
    }

    #[test]
    fn examples_show_a_finding_of_the_rule() {
        for rule in RULES {
            let (error, warning) = (format!("\nerror[{}]: ", rule.name), format!("\nwarning[{}]: ", rule.name));
            assert!(rule.page.contains(&error) || rule.page.contains(&warning), "{}", rule.name);
        }
    }

    /// The pages lie in the crate so that its package carries them; `docs/rules` is where people read them.
    #[test]
    fn docs_hold_the_same_pages() {
        let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/rules");
        for rule in RULES {
            let text = std::fs::read_to_string(docs.join(format!("{}.md", rule.name))).unwrap();
            assert!(
                text == rule.page,
                "docs/rules/{0}.md and migrate-build/src/rules/{0}.md differ: copy one",
                rule.name
            );
        }
        // Those of `cargo migrate lint` lie there too: cargo-migrate compares the whole folder.
    }

    #[test]
    fn every_file_is_of_a_rule() {
        let mut expected: Vec<String> = SHARED.iter().map(ToString::to_string).collect();
        for rule in RULES {
            expected.push(format!("{}.md", rule.name));
            if !FOUND_WHILE_READING.contains(rule) {
                expected.push(format!("{}.rs", rule.name.replace('-', "_")));
            }
        }
        expected.sort();
        assert_eq!(files_of(&folder()), expected);
    }

    #[test]
    fn finds_what_was_meant() {
        assert_eq!(nearest("missing_down"), Some("missing-down"));
        assert_eq!(nearest("Several-Head"), Some("several-heads"));
        assert_eq!(nearest("sintax-eror"), Some("syntax-error"));
        assert_eq!(nearest("colour"), None);
        assert_eq!(find("missing_down"), None);
    }
}
