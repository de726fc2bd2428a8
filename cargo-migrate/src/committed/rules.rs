//! The rules about what git has of a migration. They stand beside those of migrate-build, because a build asks no other
//! program: only `check` knows them, and their levels are fixed.

use migrate_build::rules::Rule;

use crate::rule_list::rule_list;

rule_list! {
    /// These rules, sorted by name.
    RULES in "":
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
    use super::*;
    use crate::rule_list::tests::{assert_copied, assert_examples, assert_written_down, files_of, pages};

    #[test]
    fn names_are_their_own() {
        assert!(RULES.iter().all(|rule| migrate_build::rules::find(rule.name).is_none()));
    }

    #[test]
    fn pages_have_the_fixed_headings_and_their_level() {
        assert_written_down(RULES, &["## Problem", "## Example", "## Cure", "## Configuration"]);
        assert_examples(RULES);
    }

    #[test]
    fn docs_hold_the_same_pages() {
        assert_eq!(files_of("docs/rules/git"), pages(RULES).collect::<Vec<_>>());
        assert_copied(RULES, "docs/rules/git");
    }
}
