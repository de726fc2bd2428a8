//! A statement whose text doesn't tell what it locks.

use migrate_build::diagnostic::Diagnostic;

use crate::hazards::{Nature, Work};
use crate::lint::registry::NOT_ANALYSED;
use crate::lint::script::{Part, Script};
use crate::lint::squawk::Outcome;

/// Statements that the finding points at.
const SHOWN: usize = 4;

pub(super) fn check(script: &Script, squawk: &Outcome, out: &mut Vec<Diagnostic>) {
    let found: Vec<(&Part, &'static str)> =
        script.statements.iter().filter_map(|part| Some((part, why(part, squawk)?))).collect();
    let Some((first, _)) = found.first() else { return };
    let message = match found.len() {
        1 => format!("nobody can tell what `{}` locks", first.analysis.kind),
        count => format!("nobody can tell what {count} statements lock"),
    };
    out.push(Diagnostic {
        labels: found.iter().take(SHOWN).map(|(part, why)| script.first_line(part, *why)).collect(),
        notes: vec!["no other rule can say anything about them".to_owned()],
        helps: vec![
            "rehearse it, and look at the locks: `cargo xtask promote`".to_owned(),
            "if it is safe, say why: `--! allow = [{ rule = \"not-analysed\", reason = \"…\" }]`".to_owned(),
        ],
        ..NOT_ANALYSED.finding(message)
    });
}

fn why(part: &Part, squawk: &Outcome) -> Option<&'static str> {
    if squawk.failed_at(&part.analysis.range) {
        return Some("the parser doesn't know this");
    }
    if part.analysis.work != Work::Unknown {
        return None;
    }
    Some(match part.analysis.nature {
        Nature::Unknown => "may do anything",
        Nature::Query => "calls what may do anything",
        Nature::Schema if part.changes.iter().any(|change| change.marked) => "`CASCADE` reaches what isn't named",
        _ => "reaches what isn't named",
    })
}
