//! A transaction that stops the writes of several tables.

use migrate_build::diagnostic::Diagnostic;

use crate::hazards::On;
use crate::lint::registry::SEVERAL_DANGEROUS_LOCKS;
use crate::lint::script::{Around, Part, Script};
use crate::lint::wording;

pub(super) fn check(script: &Script, around: &Around, out: &mut Vec<Diagnostic>) {
    if !script.is_transaction() {
        return;
    }
    let mut first: Option<(&On, &Part)> = None;
    for (at, part) in script.statements.iter().enumerate() {
        let dangerous = part.analysis.effects.iter().find(|effect| {
            effect.mode.is_dangerous()
                && matches!(effect.on, On::Relation(_) | On::TableOf(_))
                && !script.is_fresh(around, at, &effect.on)
        });
        let Some(effect) = dangerous else { continue };
        match first {
            None => first = Some((&effect.on, part)),
            Some((held, earlier)) if held != &effect.on => {
                out.push(Diagnostic {
                    labels: vec![
                        script.first_line(part, wording::lock(effect)),
                        script.first_line(earlier, format!("{held} is locked from here until the migration ends")),
                    ],
                    notes: vec![
                        "whoever takes the two in the other order meets a deadlock, and both tables wait for the slower one"
                            .to_owned(),
                    ],
                    helps: vec!["give each of the tables a migration of its own".to_owned()],
                    ..SEVERAL_DANGEROUS_LOCKS
                        .finding(format!("{} is locked while {held} is locked, too", effect.on))
                });
                return;
            }
            Some(_) => {}
        }
    }
}
