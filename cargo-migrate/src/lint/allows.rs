//! What headers allow: which findings that takes away, and whether it is of use and has a reason.

use std::collections::BTreeSet;

use migrate_build::diagnostic::{Diagnostic, Label};
use migrate_build::migration::header::locate_allow;
use migrate_build::rules;

use super::registry::{ALLOW_WITHOUT_REASON, UNUSED_ALLOW};
use super::script::Script;

/// Takes away what the header allows, and adds what there is to say of the header. `build` names the rules of the build that would find something.
pub(super) fn apply(script: &Script, findings: &mut Vec<Diagnostic>, build: &BTreeSet<&'static str>) {
    let allow = &script.migration.header.allow;
    if allow.is_empty() {
        return;
    }
    let found: BTreeSet<&str> = findings.iter().map(|finding| finding.rule).chain(build.iter().copied()).collect();
    let found: BTreeSet<String> = found.into_iter().map(str::to_owned).collect();
    findings.retain(|finding| allow.iter().all(|allow| allow.rule != finding.rule));
    let own = [UNUSED_ALLOW.name, ALLOW_WITHOUT_REASON.name];
    let mut about = Vec::new();
    for allowed in allow.iter().filter(|allowed| !own.contains(&allowed.rule.as_str())) {
        let name = &allowed.rule;
        let label = |text: &str| Label {
            path: script.path.clone(),
            span: locate_allow(&script.text, name),
            text: text.to_owned(),
        };
        if !found.contains(name) {
            about.push(Diagnostic {
                labels: vec![label("finds nothing here")],
                helps: vec!["remove it, so that it can't hide what is found later".to_owned()],
                ..UNUSED_ALLOW.finding(format!("`{name}` is allowed for nothing"))
            });
        } else if allowed.reason.is_none() && rules::find_lint(name).is_some() {
            about.push(Diagnostic {
                labels: vec![label("why?")],
                helps: vec![format!("write `{{ rule = \"{name}\", reason = \"…\" }}` in its place")],
                ..ALLOW_WITHOUT_REASON.finding(format!("`{name}` is allowed without a reason"))
            });
        }
    }
    findings.extend(about.into_iter().filter(|finding| allow.iter().all(|allow| allow.rule != finding.rule)));
}
