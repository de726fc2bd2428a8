//! A new table with the name of a retired one.

use migrate_build::diagnostic::Diagnostic;

use crate::hazards::Verb;
use crate::lint::registry::RETIRED_NAME_REUSED;
use crate::lint::script::{Around, Script};

pub(super) fn check(script: &Script, around: &Around, out: &mut Vec<Diagnostic>) {
    for (at, part) in script.statements.iter().enumerate() {
        for created in part.changes.iter().filter(|change| change.kind == "table" && change.verb == Verb::Creates) {
            let Some((_, by)) = around.retired.iter().find(|(retired, _)| retired.may_be(&created.name)) else {
                continue;
            };
            let dropped = script.statements.iter().take(at).flat_map(|part| &part.changes).any(|change| {
                change.kind == "table" && change.verb == Verb::Drops && change.name.may_be(&created.name)
            });
            if dropped {
                continue;
            }
            out.push(Diagnostic {
                labels: vec![script.first_line(part, "the table and its data are still there")],
                notes: vec![format!("retired by migration {by}")],
                helps: vec![
                    "choose another name".to_owned(),
                    format!(
                        "or, if nobody needs the old rows, drop the old table first: `DROP TABLE {};`",
                        created.name
                    ),
                ],
                ..RETIRED_NAME_REUSED.finding(format!("`{}` is the name of a retired table", created.name))
            });
        }
    }
}
