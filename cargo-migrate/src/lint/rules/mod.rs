//! Our rules about scripts, one a file with its page beside it. They know neither levels nor `allow`: `run` applies both.

mod down_does_not_undo;
mod enum_value_used_early;
mod long_lock;
mod mixed_transaction;
mod needs_newer_postgres;
mod not_analysed;
mod retired_name_reused;
mod schema_and_data;
mod several_concurrent_statements;
mod several_dangerous_locks;
mod validate_with_not_valid;

use migrate_build::diagnostic::Diagnostic;

use super::script::{Around, Script};
use super::squawk::Outcome;

/// Applies all of them; `squawk` is what squawk made of the script.
pub(super) fn check(script: &Script, around: &Around, squawk: &Outcome, out: &mut Vec<Diagnostic>) {
    not_analysed::check(script, squawk, out);
    long_lock::check(script, around, squawk, out);
    several_dangerous_locks::check(script, around, out);
    validate_with_not_valid::check(script, around, out);
    enum_value_used_early::check(script, out);
    mixed_transaction::check(script, out);
    several_concurrent_statements::check(script, out);
    schema_and_data::check(script, around, out);
    needs_newer_postgres::check(script, around, out);
    retired_name_reused::check(script, around, out);
    down_does_not_undo::check(script, out);
}
