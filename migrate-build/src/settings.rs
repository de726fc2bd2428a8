//! What `[package.metadata.migrate]` and `[workspace.metadata.migrate]` say that both the build and the commands need.

/// Whether a rule stays at `deny`: without what it demands there is no history that could be applied.
pub fn is_fixed(rule: &str) -> bool {
    matches!(rule, "malformed-header" | "duplicate-version" | "missing-parent" | "parent-not-older")
}
