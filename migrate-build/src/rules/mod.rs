//! The rules that a history and its scripts are checked by: one rule a file, with its page beside it.
//!
//! Rules look at values and know neither configuration nor `allow` headers: `check` applies both to what they find.

mod lint_names;
mod registry;

// What several rules share.
mod naming;
mod sealed;
#[cfg(feature = "syntax")]
mod squawk;

// About the history as a whole.
mod missing_parent;
mod parent_not_older;
mod sealed_deleted;
mod sealed_parents_changed;
mod sealed_renamed;
mod several_heads;

// About one script. `stale_render` looks at the folder too: at Rust sources without a script.
mod empty_migration;
mod malformed_backfill;
mod missing_down;
mod sealed_edited;
mod stale_render;
mod syntax_error;
mod transaction_control;
mod unreviewed;

use std::path::Path;

use crate::diagnostic::Diagnostic;
use crate::graph::{Graph, GraphError};
use crate::lock::{Hash, Seal, compare};
use crate::migration::dir::Folder;
use crate::migration::{Direction, Migration};
use crate::statements;

pub use lint_names::{LINTS, find_lint};
pub use naming::shell_word;
pub use registry::{
    DOWN_WITHOUT_UP, DUPLICATE_VERSION, EMPTY_MIGRATION, MALFORMED_BACKFILL, MALFORMED_HEADER, MALFORMED_LOCK,
    MISSING_DOWN, MISSING_PARENT, PARENT_NOT_OLDER, RULES, Rule, SEALED_DELETED, SEALED_EDITED, SEALED_PARENTS_CHANGED,
    SEALED_RENAMED, SEVERAL_HEADS, STALE_RENDER, SYNTAX_ERROR, TRANSACTION_CONTROL, UNKNOWN_FILE, UNREVIEWED, find,
    known, nearest,
};
pub use sealed::FIND_COMMIT;
pub use stale_render::fingerprint;

/// One script of a migration, as the rules about scripts see it.
#[derive(Clone, Copy, Debug)]
pub struct Script<'a> {
    /// The migration that it belongs to.
    pub migration: &'a Migration,
    /// Which of its scripts.
    pub direction: Direction,
    /// The script's file, relative to the package.
    pub path: &'a Path,
    /// Its folded text.
    pub text: &'a str,
    /// Whether the up script has no statement.
    pub up_is_empty: bool,
    /// Whether the migration has a down script.
    pub has_down: bool,
    /// The folded text of the Rust source of the same name, where there is one.
    pub rust_source: Option<&'a str>,
    /// What the migration was when it was sealed, where it is.
    pub seal: Option<&'a Seal>,
}

/// Applies the rules about the history as a whole; `errors` are those of building `graph`.
pub fn check_history(folder: &Folder, graph: &Graph, errors: &[GraphError], out: &mut Vec<Diagnostic>) {
    missing_parent::check(folder, graph, errors, out);
    parent_not_older::check(folder, graph, errors, out);
    several_heads::check(folder, graph, errors, out);
    stale_render::check_sources(folder, out);
    let hash = |migration: &Migration| Some(Hash::of(&folder.text(&migration.up).ok()?));
    for mismatch in compare::history(&folder.lock, &folder.migrations, &hash) {
        sealed_deleted::check(folder, mismatch, out);
        sealed_renamed::check(folder, mismatch, out);
        sealed_parents_changed::check(folder, mismatch, out);
    }
}

/// Applies the rule about the text of a sealed migration's script, and no other: it holds for scripts that nobody is about
/// to apply, too.
pub fn check_seal(script: &Script<'_>, out: &mut Vec<Diagnostic>) {
    sealed_edited::check(script, out);
}

/// Applies the rules about one script.
pub fn check_script(script: &Script<'_>, out: &mut Vec<Diagnostic>) {
    // Build scripts run unoptimised, where splitting costs as much as all the rest: once has to do.
    let statements = statements::split(script.text);
    empty_migration::check(script, out);
    malformed_backfill::check(script, &statements, out);
    missing_down::check(script, out);
    check_seal(script, out);
    stale_render::check(script, out);
    syntax_error::check(script, &statements, out);
    transaction_control::check(script, &statements, out);
    unreviewed::check(script, out);
}
