//! The one list of our own rules.

use crate::rule_list::rule_list;

rule_list! {
    /// Our own rules of `lint`, sorted by name.
    LINTS in "rules/":
    ALLOW_WITHOUT_REASON = "allow-without-reason", Warn, "a hazard that a header allows without saying why";
    DOWN_DOES_NOT_UNDO = "down-does-not-undo", Warn, "a down script that leaves what the up script made, or doesn't bring back what it dropped";
    ENUM_VALUE_USED_EARLY = "enum-value-used-early", Deny, "an enum's new value in the transaction that adds it";
    LONG_LOCK = "long-lock", Warn, "a table that nobody can write while all of it is read or written anew";
    MIXED_TRANSACTION = "mixed-transaction", Warn, "statements without a transaction that belong in one";
    NEEDS_NEWER_POSTGRES = "needs-newer-postgres", Deny, "a statement that the servers are too old for";
    NOT_ANALYSED = "not-analysed", Warn, "a statement whose text doesn't tell what it locks";
    RETIRED_NAME_REUSED = "retired-name-reused", Deny, "a new table with the name of a retired one";
    SCHEMA_AND_DATA = "schema-and-data", Warn, "rows that are changed while the transaction holds a lock on a table";
    SEVERAL_CONCURRENT_STATEMENTS = "several-concurrent-statements", Warn, "several statements in one migration that can't run in a transaction";
    SEVERAL_DANGEROUS_LOCKS = "several-dangerous-locks", Warn, "a transaction that stops the writes of several tables";
    UNUSED_ALLOW = "unused-allow", Warn, "a rule that a header allows and that finds nothing there";
    VALIDATE_WITH_NOT_VALID = "validate-with-not-valid", Warn, "a constraint that is checked in the transaction that adds it NOT VALID";
}

#[cfg(test)]
mod tests {
    use migrate_build::rules::{self, RULES};

    use super::*;
    use crate::lint::squawk_rules;
    use crate::rule_list::tests::{assert_copied, assert_written_down, files_of, pages};

    #[test]
    fn the_build_knows_every_name() {
        let mut names: Vec<&str> = LINTS.iter().map(|rule| rule.name).collect();
        names.extend(squawk_rules().map(|rule| rule.name));
        names.sort_unstable();
        assert_eq!(names, rules::LINTS);
    }

    #[test]
    fn pages_say_what_is_locked_and_what_is_safe() {
        let headings = ["## Problem", "## What it locks", "## Example", "## Safe way", "## Configuration"];
        assert_written_down(LINTS, &headings);
    }

    #[test]
    fn docs_hold_the_same_pages() {
        assert_copied(LINTS, "docs/rules");
        let squawk = "squawk.md";
        let mut expected: Vec<String> = pages(RULES).chain(pages(LINTS)).collect();
        expected.push(squawk.to_owned());
        expected.sort();
        // The folders hold those about git and those about models.
        let pages: Vec<String> = files_of("docs/rules").into_iter().filter(|file| file.ends_with(".md")).collect();
        assert_eq!(pages, expected);
        let text = include_str!("../../../docs/rules/squawk.md");
        for rule in squawk_rules() {
            let row = format!("| [`{0}`]({1}) | {2} | {3} |", rule.name, rule.url(), rule.default_name(), rule.summary);
            assert!(text.contains(&row), "docs/rules/{squawk} has no row\n{row}");
        }
    }

    #[test]
    fn every_file_is_of_a_rule() {
        let mut expected = vec!["mod.rs".to_owned()];
        expected.extend(pages(LINTS));
        // Those about headers are in `allows`, since they need to know what all others found.
        let others = LINTS.iter().filter(|rule| !["allow-without-reason", "unused-allow"].contains(&rule.name));
        expected.extend(others.map(|rule| format!("{}.rs", rule.name.replace('-', "_"))));
        expected.sort();
        assert_eq!(files_of("cargo-migrate/src/lint/rules"), expected);
    }
}
