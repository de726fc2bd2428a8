//! What `lint` says, word for word: each folder of `cases/lint` holds a migrations folder and the text that it yields.
//!
//! With `UPDATE_CASES` set, a mismatch rewrites the expectation and still fails. The case that is called as a rule is the example on the rule's
//! page; one that ends in `-good` finds nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use cargo_migrate::config::environment::Variables;
use cargo_migrate::config::layers::Settings;
use cargo_migrate::config::manifest::Package;
use cargo_migrate::history::History;
use cargo_migrate::lint::{self, Known, LINTS};
use migrate_build::diagnostic::Diagnostic;
use migrate_build::render::{Style, render};

const EXPECTED: &str = "expected.txt";

fn cases() -> BTreeMap<String, PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/lint");
    fs_err::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), entry.path()))
        .collect()
}

fn settings() -> Settings {
    let package = Package {
        name: "app".to_owned(),
        root: PathBuf::new(),
        workspace_root: PathBuf::new(),
        package_settings: None,
        workspace_settings: Default::default(),
    };
    Settings::new(&package, &Variables::default()).unwrap()
}

fn findings(case: &Path) -> (History, Vec<Diagnostic>) {
    let history = History::read(&case.join("migrations"), Path::new("migrations")).unwrap();
    assert!(history.folder.findings.is_empty(), "{}: {:?}", case.display(), history.folder.findings);
    let all: BTreeSet<i64> = history.folder.migrations.iter().map(|migration| migration.version).collect();
    let known = Known { postgres: Some(13), empty: BTreeSet::new() };
    let linted = lint::lint(&history.folder, &settings(), &known, &all).unwrap();
    let found = linted.into_iter().flat_map(|linted| linted.findings).map(|found| found.diagnostic).collect();
    (history, found)
}

#[test]
fn every_case_yields_its_text() {
    let mut failed = Vec::new();
    for (name, case) in cases() {
        let (history, found) = findings(&case);
        let source = |path: &Path| history.folder.text(path.strip_prefix("migrations").ok()?).ok();
        let text = render(&found, &source, Style { color: false, width: None });
        if name.ends_with("-good") {
            if !found.is_empty() {
                failed.push(format!("== {name} finds\n{text}"));
            }
            continue;
        }
        let file = case.join(EXPECTED);
        let expected = fs_err::read_to_string(&file).unwrap_or_default();
        if text != expected {
            if std::env::var_os("UPDATE_CASES").is_some() {
                fs_err::write(file, &text).unwrap();
            }
            failed.push(format!("== {name}: expected\n{expected}\n== {name}: found\n{text}"));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// A case is about its rule: a finding of another one that slips in is a flaw of the case, or of the rule.
#[test]
fn cases_find_their_rule_alone() {
    for (name, case) in cases() {
        let rules: BTreeSet<&str> = findings(&case).1.iter().map(|finding| finding.rule).collect();
        if name.starts_with("squawk-") || name.ends_with("-good") {
            continue;
        }
        assert!(rules.len() == 1 && rules.iter().all(|rule| name.starts_with(rule)), "{name}: {rules:?}");
    }
}

#[test]
fn every_rule_has_a_good_case_and_a_bad_one_that_is_the_example_on_its_page() {
    let cases = cases();
    for rule in LINTS {
        assert!(cases.contains_key(&format!("{}-good", rule.name)), "{}", rule.name);
        let expected = fs_err::read_to_string(cases[rule.name].join(EXPECTED)).unwrap();
        let example = format!("## Example\n\n```text\n{expected}```\n");
        assert!(rule.page.contains(&example), "{}: the example is not\n{expected}", rule.name);
    }
}

/// What each fix writes is not found again, nor does it make another finding.
#[test]
fn what_squawk_fixes_is_clean_afterwards() {
    const FIXABLE: [(&str, &str); 10] = [
        ("ban-char-field", "create table t (a char(3), b character);\n"),
        ("prefer-bigint-over-int", "create table t (a int, b integer);\n"),
        ("prefer-bigint-over-smallint", "create table t (a smallint);\n"),
        ("prefer-identity", "create table t (a bigserial);\n"),
        ("prefer-robust-stmts", "--! transaction = false\ncreate index concurrently i on t (a);\n"),
        ("prefer-text-field", "create table t (a varchar(3));\n"),
        ("prefer-timestamp-tz", "create table t (a timestamp);\n"),
        ("require-concurrent-index-creation", "--! transaction = false\ncreate index i on t (a);\n"),
        ("require-concurrent-index-deletion", "--! transaction = false\ndrop index i;\n"),
        ("require-concurrent-reindex", "--! transaction = false\nreindex table t;\n"),
    ];
    for (rule, sql) in FIXABLE {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("versions/V1__a.sql");
        fs_err::create_dir_all(file.parent().unwrap()).unwrap();
        fs_err::write(&file, sql).unwrap();
        let mut settings = settings();
        let name = migrate_build::rules::known(rule).unwrap();
        settings.shared.rules.insert(name, migrate_build::Level::Warn);
        let mut rounds = Vec::new();
        for _ in 0..4 {
            let history = History::read(root.path(), Path::new("migrations")).unwrap();
            let linted = lint::lint(&history.folder, &settings, &Known::default(), &[1].into()).unwrap();
            let found = linted.iter().flat_map(|linted| &linted.findings);
            rounds.push(found.filter(|found| found.diagnostic.rule == rule).count());
            let fixed = lint::fix(&history.folder, &linted, &|_| true).unwrap();
            cargo_migrate::file_changes::apply(&fixed.changes).unwrap();
        }
        assert!(rounds[0] > 0, "{rule}: nothing was found in {sql}");
        let text = fs_err::read_to_string(&file).unwrap();
        assert_eq!(rounds[3], 0, "{rule}: {rounds:?} left in {text}");
    }
}
