//! The one list of our own rules.

use migrate_build::rules::Rule;

macro_rules! lints {
    ($($constant:ident = $name:literal, $default:ident, $summary:literal;)*) => {
        $(
            #[doc = concat!("`", $name, "`: ", $summary, ".")]
            pub(super) const $constant: Rule = Rule {
                name: $name,
                default: migrate_build::Level::$default,
                summary: $summary,
                page: include_str!(concat!("rules/", $name, ".md")),
            };
        )*

        /// Our own rules of `lint`, sorted by name.
        pub const LINTS: &[Rule] = &[$($constant),*];
    };
}

lints! {
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
    use std::path::Path;

    use migrate_build::rules::{self, RULES};

    use super::*;
    use crate::lint::squawk_rules;

    fn files_of(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs_err::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn the_build_knows_every_name() {
        let mut names: Vec<&str> = LINTS.iter().map(|rule| rule.name).collect();
        names.extend(squawk_rules().map(|rule| rule.name));
        names.sort_unstable();
        assert_eq!(names, rules::LINTS);
    }

    #[test]
    fn pages_say_what_is_locked_and_what_is_safe() {
        for rule in LINTS {
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
            let expected = [&title, "## Problem", "## What it locks", "## Example", "## Safe way", "## Configuration"];
            assert_eq!(headings, expected, "{}", rule.name);
            let level = if rule.default == migrate_build::Level::Deny { "deny" } else { "warn" };
            assert!(rule.page.contains(&format!("Default level: `{level}`.")), "{}", rule.name);
            assert!(rule.page.ends_with('\n') && !rule.page.ends_with("\n\n"), "{}", rule.name);
            assert!(rule.summary.starts_with(|c: char| c.is_lowercase()) && !rule.summary.ends_with('.'));
        }
    }

    /// The pages lie in the crates so that the packages carry them; `docs/rules` is where people read them.
    #[test]
    fn docs_hold_the_same_pages() {
        let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/rules");
        let mut expected: Vec<String> = RULES.iter().chain(LINTS).map(|rule| format!("{}.md", rule.name)).collect();
        expected.push("squawk.md".to_owned());
        expected.sort();
        // `git` holds those about git.
        let pages: Vec<String> = files_of(&docs).into_iter().filter(|file| file != "git").collect();
        assert_eq!(pages, expected);
        for rule in LINTS {
            let text = fs_err::read_to_string(docs.join(format!("{}.md", rule.name))).unwrap();
            assert!(text == rule.page, "docs/rules/{0}.md and cargo-migrate/src/lint/rules/{0}.md differ", rule.name);
        }
        let squawk = fs_err::read_to_string(docs.join("squawk.md")).unwrap();
        for rule in squawk_rules() {
            let row = format!("| [`{0}`]({1}) | {2} | {3} |", rule.name, rule.url(), rule.default_name(), rule.summary);
            assert!(squawk.contains(&row), "docs/rules/squawk.md has no row\n{row}");
        }
    }

    #[test]
    fn every_file_is_of_a_rule() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lint/rules");
        let mut expected = vec!["mod.rs".to_owned()];
        for rule in LINTS {
            expected.push(format!("{}.md", rule.name));
            // Those about headers are in `allows`, since they need to know what all others found.
            if !["allow-without-reason", "unused-allow"].contains(&rule.name) {
                expected.push(format!("{}.rs", rule.name.replace('-', "_")));
            }
        }
        expected.sort();
        assert_eq!(files_of(&folder), expected);
    }
}
