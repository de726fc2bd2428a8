//! What is found about models before any server is asked. Their levels are fixed: a build doesn't read the models.

use crate::rule_list::rule_list;

rule_list! {
    /// The rules about models, sorted by name.
    RULES in "rules/":
    ATTRIBUTE = "models-attribute", Deny, "an attribute, or the shape of a struct, that is wrong";
    DUPLICATE = "models-duplicate", Deny, "two tables, types, keys or indexes of one name";
    NAMING = "models-naming", Warn, "a name that every query must quote";
    REFERENCE = "models-reference", Deny, "a foreign key to nothing, or to what isn't unique";
    SYNTAX = "models-syntax", Deny, "a file of models that can't be read";
    TEST_TABLE = "models-test-table", Warn, "a table for tests among those of the application";
    TYPE = "models-type", Deny, "a type of which nothing says what it is in the database";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule_list::tests::{assert_copied, assert_examples, assert_written_down, files_of, pages};

    #[test]
    fn pages_have_the_fixed_headings_and_their_level() {
        assert_written_down(RULES, &["## Problem", "## Example", "## Cure", "## Configuration"]);
        assert_examples(RULES);
    }

    #[test]
    fn docs_hold_the_same_pages() {
        for folder in ["docs/rules/models", "cargo-migrate/src/models/rules"] {
            assert_eq!(files_of(folder), pages(RULES).collect::<Vec<_>>());
        }
        assert_copied(RULES, "docs/rules/models");
    }
}
