//! The rules about what git has of a migration. They stand beside those of migrate-build, because a build asks no other
//! program: only `check` knows them, and their levels are fixed.

use migrate_build::diagnostic::Level;
use migrate_build::rules::Rule;

/// Names each rule once, with its page.
macro_rules! rules {
    ($($constant:ident = $name:literal, $default:ident, $summary:literal;)*) => {
        $(
            #[doc = concat!("`", $name, "`: ", $summary, ".")]
            pub(super) const $constant: Rule = Rule {
                name: $name,
                default: Level::$default,
                summary: $summary,
                page: include_str!(concat!($name, ".md")),
            };
        )*

        /// These rules, sorted by name.
        pub const RULES: &[Rule] = &[$($constant),*];
    };
}

rules! {
    DELETED = "committed-deleted", Deny, "a migration that others have, and that is deleted here";
    EDITED = "committed-edited", Deny, "a migration that others have, and whose script is another here";
    REPARENTED = "committed-parents-changed", Deny, "a migration that others have, and that builds on something else here";
    RENAMED = "committed-renamed", Deny, "a migration that others have, and that has another name or version here";
    NOT_ON_TOP = "not-on-top", Warn, "new migrations that don't build on what the other branch ends in";
}

/// Returns the rule of this name.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.name == name)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn names_are_sorted_and_their_own() {
        assert!(RULES.is_sorted_by(|a, b| a.name < b.name));
        for rule in RULES {
            assert_eq!(migrate_build::rules::find(rule.name), None);
            assert!(rule.summary.starts_with(|c: char| c.is_lowercase()) && !rule.summary.ends_with('.'));
        }
    }

    #[test]
    fn pages_have_the_fixed_headings_and_their_level() {
        for rule in RULES {
            let headings: Vec<&str> = rule.page.lines().filter(|line| line.starts_with('#')).collect();
            let title = format!("# {}", rule.name);
            assert_eq!(headings, [&title, "## Problem", "## Example", "## Cure", "## Configuration"], "{}", rule.name);
            let level = if rule.default == Level::Deny { "deny" } else { "warn" };
            assert!(rule.page.contains(&format!("Default level: `{level}`.")), "{}", rule.name);
            let shown = if rule.default == Level::Deny { "error" } else { "warning" };
            assert!(rule.page.contains(&format!("\n{shown}[{}]: ", rule.name)), "{}", rule.name);
        }
    }

    /// The pages lie in the crate so that its package carries them; `docs/rules/git` is where people read them.
    #[test]
    fn docs_hold_the_same_pages() {
        let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/rules/git");
        let mut files: Vec<String> =
            fs_err::read_dir(&docs).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        files.sort();
        assert_eq!(files, RULES.iter().map(|rule| format!("{}.md", rule.name)).collect::<Vec<_>>());
        for rule in RULES {
            let text = fs_err::read_to_string(docs.join(format!("{}.md", rule.name))).unwrap();
            assert!(
                text == rule.page,
                "docs/rules/git/{0}.md and cargo-migrate/src/committed/{0}.md differ",
                rule.name
            );
        }
    }
}
