//! An enum's new value in the transaction that adds it.

use migrate_build::diagnostic::Diagnostic;

use crate::hazards::{Verb, has_string};
use crate::lint::registry::ENUM_VALUE_USED_EARLY;
use crate::lint::script::Script;

pub(super) fn check(script: &Script, out: &mut Vec<Diagnostic>) {
    if !script.is_transaction() {
        return;
    }
    for (at, part) in script.statements.iter().enumerate() {
        for value in part.changes.iter().filter(|change| change.kind == "enum value") {
            let Some(of) = &value.of else { continue };
            // The values of a type that the transaction itself has made may be used at once.
            let own = script
                .statements
                .iter()
                .take(at)
                .flat_map(|part| &part.changes)
                .any(|change| change.kind == "type" && change.verb == Verb::Creates && change.name.may_be(of));
            let text = &value.name.name;
            let used = script.statements.iter().skip(at + 1).find(|later| {
                let adds = later.changes.iter().any(|change| change.kind == "enum value");
                !adds && has_string(script.text_of(later), text)
            });
            let (false, Some(used)) = (own, used) else { continue };
            out.push(Diagnostic {
                labels: vec![
                    script.first_line(used, format!("PostgreSQL refuses `'{text}'` here")),
                    script.first_line(part, "it can be used once this is committed"),
                ],
                helps: vec!["move what uses it into a later migration".to_owned()],
                ..ENUM_VALUE_USED_EARLY.finding(format!("`'{text}'` of `{of}` is used in the transaction that adds it"))
            });
        }
    }
}
