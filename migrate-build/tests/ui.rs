//! What the rules say, word for word: each folder of `tests/ui` holds a migrations folder and the text that it yields.
//!
//! `UPDATE_EXPECT=1 cargo test -p migrate-build --test ui` writes the texts anew, and fails where one changed, so that it is
//! looked at. The case that is called as a rule is the example on the rule's page.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test, and a variable that asks it to write")]

use std::fs;
use std::path::{Path, PathBuf};

use migrate_build::check::check;
use migrate_build::diagnostic::Diagnostic;
use migrate_build::migration::dir::{self, Folder};
use migrate_build::render::{Style, render};
use migrate_build::rules::RULES;
use migrate_build::settings::Settings;

const EXPECTED: &str = "expected.txt";

fn cases() -> Vec<(String, PathBuf)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui");
    let mut cases: Vec<(String, PathBuf)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), entry.path()))
        .collect();
    cases.sort();
    cases
}

fn findings(case: &Path) -> (Folder, Vec<Diagnostic>) {
    let folder = dir::scan(&case.join("migrations"), Path::new("migrations")).unwrap();
    let findings = check(&folder, &Settings::default()).unwrap();
    (folder, findings)
}

fn rendered(case: &Path) -> String {
    let (folder, findings) = findings(case);
    let source = |path: &Path| folder.text(path.strip_prefix("migrations").ok()?).ok();
    render(&findings, &source, Style { color: false, width: None })
}

#[test]
fn every_case_yields_its_text() {
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    let mut failed = Vec::new();
    for (name, case) in cases() {
        let found = rendered(&case);
        let file = case.join(EXPECTED);
        let expected = fs::read_to_string(&file).unwrap_or_default();
        if found != expected {
            if update {
                fs::write(file, &found).unwrap();
            }
            failed.push(format!("== {name}: expected\n{expected}\n== {name}: found\n{found}"));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn every_rule_has_a_case_that_is_the_example_on_its_page() {
    for rule in RULES {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui").join(rule.name).join(EXPECTED);
        let expected = fs::read_to_string(&file).unwrap();
        let example = format!("## Example\n\n```text\n{expected}```\n");
        assert!(rule.page.contains(&example), "{}: the example is not what {} says", rule.name, file.display());
    }
}

/// A case is about its rule: a finding of another one that slips in is a flaw of the case, or of the rule.
#[test]
fn cases_find_their_rule_alone() {
    for (name, case) in cases() {
        let rules: Vec<&str> = findings(&case).1.iter().map(|finding| finding.rule).collect();
        assert!(rules.iter().all(|rule| name.starts_with(rule)), "{name}: {rules:?}");
        assert!(!rules.is_empty(), "{name}");
    }
}
