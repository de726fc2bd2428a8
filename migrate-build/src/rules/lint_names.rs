//! The names of the rules of `cargo migrate lint`: the build doesn't apply them, and still has to tell a misspelt name in a header or a manifest
//! from one of these. A test of cargo-migrate compares the list with the rules.

/// The rules of `cargo migrate lint`, sorted by name.
pub const LINTS: [&str; 89] = [
    "adding-field-with-default",
    "adding-foreign-key-constraint",
    "adding-not-nullable-field",
    "adding-required-field",
    "adding-serial-primary-key-field",
    "allow-without-reason",
    "ban-add-column",
    "ban-add-composite-attribute",
    "ban-add-enum-value",
    "ban-alter-database-options",
    "ban-alter-domain-with-add-constraint",
    "ban-alter-extension",
    "ban-alter-function-options",
    "ban-alter-generated-expression",
    "ban-alter-identity",
    "ban-alter-policy-condition",
    "ban-alter-policy-roles",
    "ban-alter-role-options",
    "ban-alter-row-level-security",
    "ban-alter-sequence-values",
    "ban-alter-system-options",
    "ban-alter-view-options",
    "ban-char-field",
    "ban-create-domain-with-constraint",
    "ban-create-policy",
    "ban-detach-inheritance",
    "ban-disable-trigger",
    "ban-drop-column",
    "ban-drop-constraint",
    "ban-drop-database",
    "ban-drop-default",
    "ban-drop-domain",
    "ban-drop-extension",
    "ban-drop-function",
    "ban-drop-generated-expression",
    "ban-drop-index",
    "ban-drop-not-null",
    "ban-drop-policy",
    "ban-drop-schema",
    "ban-drop-sequence",
    "ban-drop-table",
    "ban-drop-trigger",
    "ban-drop-type",
    "ban-drop-view",
    "ban-duplicate-column-assignments",
    "ban-new-write-restriction",
    "ban-replace-view-function",
    "ban-replica-identity",
    "ban-revoke",
    "ban-set-default",
    "ban-set-schema",
    "ban-truncate-cascade",
    "ban-uncommitted-transaction",
    "changing-column-type",
    "constraint-missing-not-valid",
    "disallowed-unique-constraint",
    "down-does-not-undo",
    "enum-value-used-early",
    "identifier-too-long",
    "long-lock",
    "mixed-transaction",
    "needs-newer-postgres",
    "not-analysed",
    "prefer-bigint-over-int",
    "prefer-bigint-over-smallint",
    "prefer-identity",
    "prefer-repack",
    "prefer-robust-stmts",
    "prefer-text-field",
    "prefer-timestamp-tz",
    "renaming-column",
    "renaming-object",
    "renaming-table",
    "require-concurrent-index-creation",
    "require-concurrent-index-deletion",
    "require-concurrent-partition-detach",
    "require-concurrent-reindex",
    "require-enum-value-ordering",
    "require-lock-timeout",
    "require-statement-timeout",
    "require-table-schema",
    "retired-name-reused",
    "schema-and-data",
    "several-concurrent-statements",
    "several-dangerous-locks",
    "transaction-nesting",
    "unused-allow",
    "unused-ignore",
    "validate-with-not-valid",
];

/// Returns the name of the rule of `cargo migrate lint` that is called so.
pub fn find_lint(name: &str) -> Option<&'static str> {
    LINTS.iter().find(|lint| **lint == name).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RULES;

    #[test]
    fn names_are_sorted_and_nobody_elses() {
        assert!(LINTS.is_sorted_by(|a, b| a < b));
        assert!(RULES.iter().all(|rule| find_lint(rule.name).is_none()));
        assert_eq!(find_lint("unused_allow"), None);
    }
}
