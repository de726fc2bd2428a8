//! Findings as SARIF 2.1.0, which code scanners read.

use std::collections::BTreeSet;

use migrate_build::diagnostic::{Diagnostic, Label, Level};
use serde_json::{Value, json};

use super::registry::LINTS;
use super::squawk_rules::squawk_rule;

/// One run with all findings. Paths start with `prefix`, the package's folder in the repository.
pub fn to_sarif(findings: &[&Diagnostic], prefix: &str) -> Value {
    let names: BTreeSet<&str> = findings.iter().map(|finding| finding.rule).collect();
    let rules: Vec<Value> = names.iter().map(|name| rule(name)).collect();
    let results: Vec<Value> = findings.iter().map(|finding| result(finding, prefix)).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "cargo-migrate", "version": env!("CARGO_PKG_VERSION"), "rules": rules,
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn rule(name: &str) -> Value {
    if let Some(rule) = squawk_rule(name) {
        return json!({ "id": name, "shortDescription": { "text": rule.summary }, "helpUri": rule.url() });
    }
    let summary = LINTS.iter().find(|rule| rule.name == name).map_or("", |rule| rule.summary);
    json!({ "id": name, "shortDescription": { "text": summary } })
}

fn result(finding: &Diagnostic, prefix: &str) -> Value {
    let Diagnostic { rule, level, message, labels, notes, helps } = finding;
    let level = if *level == Level::Deny { "error" } else { "warning" };
    let mut text = message.clone();
    for more in notes.iter().chain(helps) {
        text.push('\n');
        text.push_str(more);
    }
    let locations: Vec<Value> = labels.iter().take(1).map(|label| location(label, prefix)).collect();
    let related: Vec<Value> = labels.iter().skip(1).map(|label| location(label, prefix)).collect();
    json!({
        "ruleId": rule, "level": level, "message": { "text": text }, "locations": locations, "relatedLocations": related,
    })
}

fn location(label: &Label, prefix: &str) -> Value {
    let Label { path, span, text } = label;
    let uri: String = format!("{prefix}{}", path.to_string_lossy().replace('\\', "/"));
    let mut physical = json!({ "artifactLocation": { "uri": escaped(&uri) } });
    if let (Some(span), Some(object)) = (span, physical.as_object_mut()) {
        object.insert("region".to_owned(), json!({ "startLine": span.line, "startColumn": span.column }));
    }
    let mut location = json!({ "physicalLocation": physical });
    if let Some(object) = location.as_object_mut().filter(|_| !text.is_empty()) {
        object.insert("message".to_owned(), json!({ "text": text }));
    }
    location
}

/// As URIs have it.
fn escaped(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_a_result_of_its_rule() {
        let finding = Diagnostic {
            rule: "ban-drop-table",
            level: Level::Deny,
            message: "m".to_owned(),
            labels: vec![Label { path: "a b.sql".into(), span: None, text: "x".to_owned() }],
            notes: vec![],
            helps: vec!["h".to_owned()],
        };
        let sarif = to_sarif(&[&finding], "db/");
        let run = &sarif["runs"][0];
        assert_eq!(run["tool"]["driver"]["rules"][0]["id"], "ban-drop-table");
        assert_eq!(run["results"][0]["message"]["text"], "m\nh");
        assert_eq!(run["results"][0]["level"], "error");
        let location = &run["results"][0]["locations"][0];
        assert_eq!(location["physicalLocation"]["artifactLocation"]["uri"], "db/a%20b.sql");
        assert_eq!(location["message"]["text"], "x");
    }
}
