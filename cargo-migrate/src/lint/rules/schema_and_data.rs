//! Rows that are changed while the transaction holds a lock on a table.

use migrate_build::diagnostic::Diagnostic;

use crate::hazards::{Nature, On, Work};
use crate::lint::registry::SCHEMA_AND_DATA;
use crate::lint::script::{Around, Part, Script};

pub(super) fn check(script: &Script, around: &Around, out: &mut Vec<Diagnostic>) {
    if !script.is_transaction() {
        return;
    }
    let locks = |at: usize, part: &Part| {
        part.analysis.nature == Nature::Schema
            && part.analysis.effects.iter().any(|effect| {
                effect.mode.is_dangerous()
                    && matches!(effect.on, On::Relation(_) | On::TableOf(_))
                    && !script.is_fresh(around, at, &effect.on)
            })
    };
    let changes = |at: usize, part: &Part| {
        part.analysis.nature == Nature::Data
            && part.analysis.work != Work::Instant
            && !script.is_about_fresh(around, at)
    };
    let numbered = || script.statements.iter().enumerate();
    let Some((_, schema)) = numbered().find(|(at, part)| locks(*at, part)) else { return };
    let Some((_, data)) = numbered().find(|(at, part)| changes(*at, part)) else { return };
    let after = data.analysis.range.start > schema.analysis.range.start;
    let waits = if after {
        "the rows are changed under the lock of the other"
    } else {
        "the lock is asked for after the rows were changed"
    };
    out.push(Diagnostic {
        labels: vec![
            script.first_line(data, "takes as long as there are rows"),
            script.first_line(schema, "locks until the migration ends"),
        ],
        notes: vec![format!("{waits}, and the rows stay locked until both are done")],
        helps: vec![
            "change the schema in one migration, and the rows in the next, in batches where they are many".to_owned(),
        ],
        ..SCHEMA_AND_DATA
            .finding(format!("`{}` changes rows in a migration that changes the schema", data.analysis.kind))
    });
}
