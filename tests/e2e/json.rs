//! `--format json`, streams and quiet: what `docs/formats.md` promises to programs.

use std::collections::BTreeSet;

use serde_json::Value;
use tests::bench::{Bench, LINE, TWO_HEADS};
use tests::environment::workspace;

/// Runs it as JSON; returns the document without its envelope, which is looked at here.
#[track_caller]
fn json(bench: &Bench, args: &[&str], code: i32) -> Value {
    let output = bench.migrate(&[args, &["--format", "json"]].concat()).ended(code);
    let mut document = output.json();
    let fields = document.as_object_mut().unwrap();
    assert_eq!(fields.remove("version"), Some(1.into()), "{args:?}");
    assert_eq!(fields.remove("command"), Some(args[0].into()), "{args:?}");
    // On stderr stands what stands there without JSON.
    assert!(!output.stderr.contains("\"version\""), "{output:?}");
    document
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

fn list(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(Value::to_string).collect()
}

#[test]
fn what_is_done_is_listed_in_order() {
    let bench = Bench::new(LINE);
    let dry = json(&bench, &["upgrade", "--dry-run"], 0);
    assert_eq!(keys(&dry), ["dry_run", "plan"]);
    assert_eq!(list(&dry["plan"])[0], r#"{"name":"create_books","version":1}"#);
    let up = json(&bench, &["upgrade"], 0);
    assert_eq!(keys(&up), ["applied", "database"]);
    assert_eq!(up["applied"], dry["plan"]);
    assert_eq!(up["database"], "[DATABASE]");
    assert_eq!(json(&bench, &["upgrade"], 0)["applied"], serde_json::json!([]));
    let dry = json(&bench, &["downgrade", "-n", "2", "--dry-run"], 0);
    let down = json(&bench, &["downgrade", "-n", "2"], 0);
    assert_eq!(keys(&down), ["database", "reverted"]);
    assert_eq!(list(&down["reverted"]), [r#"{"name":"add_price","version":3}"#, r#"{"name":"add_isbn","version":2}"#]);
    assert_eq!(down["reverted"], dry["plan"]);
    let stamp = json(&bench, &["stamp", "head"], 0);
    assert_eq!(keys(&stamp), ["added", "database", "removed"]);
    assert_eq!(list(&stamp["added"]).len(), 2);
    assert_eq!(list(&json(&bench, &["stamp", "2"], 0)["removed"]), [r#"{"version":3}"#]);
}

#[test]
fn where_a_database_stands() {
    let bench = Bench::new(LINE);
    bench.migrate(&["upgrade", "--to", "2"]).success();
    let status = json(&bench, &["status"], 0);
    assert_eq!(
        keys(&status),
        ["current", "database", "environment", "heads", "history", "migrations", "protected", "refused", "url"]
    );
    assert_eq!(status["url"], "postgres://postgres:***@[SERVER]/[DATABASE]");
    assert_eq!((&status["heads"], &status["current"]), (&serde_json::json!([3]), &serde_json::json!([2])));
    let states: Vec<&str> =
        status["migrations"].as_array().unwrap().iter().map(|line| line["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["applied", "applied", "pending"]);
    assert_eq!(keys(&status["migrations"][0]), ["applied_on", "name", "note", "state", "version"]);
    assert_eq!(keys(&status["history"]), ["exists", "schema", "table"]);

    let current = json(&bench, &["current"], 0);
    assert_eq!(keys(&current), ["current", "database"]);
    assert_eq!(list(&current["current"]), [r#"{"head":false,"name":"add_isbn","orphan":false,"version":2}"#]);

    let check = json(&bench, &["check"], 0);
    assert_eq!(check, serde_json::json!({ "migrations": 3, "findings": [], "database": null, "against": null }));
    let check = json(&bench, &["check", "--database"], 4);
    assert_eq!(keys(&check["database"]), ["differs", "name", "pending"]);
    assert_eq!(list(&check["database"]["pending"]), [r#"{"name":"add_price","version":3}"#]);
}

#[test]
fn the_files_are_listed() {
    let bench = Bench::new(TWO_HEADS);
    let migration =
        ["children", "down", "head", "irreversible", "name", "parents", "reviewed", "transaction", "up", "version"];
    let history = json(&bench, &["history"], 0);
    assert_eq!(keys(&history), ["heads", "migrations"]);
    assert_eq!(keys(&history["migrations"][0]), migration);
    assert_eq!(history["migrations"][0]["version"], 3);
    let heads = json(&bench, &["heads"], 0);
    assert_eq!(keys(&heads), ["heads"]);
    assert_eq!(heads["heads"][1], history["migrations"][0]);
    let branches = json(&bench, &["branches"], 0);
    assert_eq!(keys(&branches), ["bases", "branch_points", "merges"]);
    assert_eq!(branches["branch_points"][0]["children"], serde_json::json!([2, 3]));
    let shown = json(&bench, &["show", "2"], 0)["migration"].clone();
    let all: BTreeSet<&str> = migration.into_iter().chain(["sql", "statements", "rendered_from"]).collect();
    assert_eq!(keys(&shown), all.into_iter().collect::<Vec<_>>());
    assert_eq!(shown["sql"]["down"], "alter table books drop isbn;\n");

    let rules = json(&bench, &["explain"], 0);
    assert_eq!(keys(&rules["rules"][0]), ["default", "name", "summary"]);
    let rule = json(&bench, &["explain", "several-heads"], 0);
    assert_eq!(keys(&rule["rule"]), ["default", "name", "page", "summary"]);
}

#[test]
fn what_is_written_is_listed() {
    let bench = Bench::new(TWO_HEADS);
    let merge = json(&bench, &["merge"], 0);
    assert_eq!(
        merge,
        serde_json::json!({
            "migration": { "version": 4, "name": "merge_heads", "parents": [2, 3] },
            "files": ["migrations/versions/V4__merge_heads.sql", "migrations/versions/V4__merge_heads.down.sql"],
        })
    );
    assert_eq!(json(&bench, &["merge"], 0), serde_json::json!({ "migration": null, "files": [] }));
    let new = json(&bench, &["new", "add_year"], 0);
    assert_eq!(new["files"][0], "migrations/versions/V5__add_year.sql");
    assert_eq!(json(&bench, &["render"], 0), serde_json::json!({ "files": [], "fresh": 0 }));
    assert_eq!(json(&bench, &["render", "--check"], 0), serde_json::json!({ "stale": [], "fresh": 0 }));
    let init = json(&bench, &["init"], 0);
    assert_eq!(keys(&init), ["created", "edited", "notes", "unchanged"]);
    assert_eq!(list(&init["edited"]), ["\"Cargo.toml\""]);
}

#[test]
fn an_error_is_a_document_too() {
    let bench = Bench::new(TWO_HEADS);
    let fields = ["causes", "findings", "helps", "kind", "location", "message", "notes"];
    let refused = json(&bench, &["upgrade"], 1);
    assert_eq!(keys(&refused), ["error"]);
    let error = &refused["error"];
    assert_eq!(keys(error), fields);
    assert_eq!((&error["kind"], &error["findings"][0]["rule"]), (&"refused".into(), &"several-heads".into()));
    assert_eq!(keys(&error["findings"][0]), ["helps", "labels", "level", "message", "notes", "rule"]);
    assert_eq!(keys(&error["findings"][0]["labels"][0]), ["column", "file", "line", "text"]);
    let usage = json(&bench, &["status", "--env", "nope"], 2);
    assert_eq!((keys(&usage["error"]), &usage["error"]["kind"]), (fields.to_vec(), &"usage".into()));
    let database = json(&bench, &["status", "--database-url", "postgres://a:secret@127.0.0.1:1/x"], 3);
    assert_eq!((keys(&database["error"]), &database["error"]["kind"]), (fields.to_vec(), &"database".into()));
    assert!(!database.to_string().contains("secret"));
}

/// Every field that the commands above print stands in the page, and every command's heading.
#[test]
fn the_page_names_every_field() {
    let page = fs_err::read_to_string(workspace().join("docs/formats.md")).unwrap();
    let bench = Bench::new(LINE);
    let mut fields = BTreeSet::new();
    for args in [
        &["check", "--database"][..],
        &["status"],
        &["upgrade", "--dry-run"],
        &["upgrade"],
        &["current"],
        &["downgrade"],
        &["stamp", "1"],
    ] {
        let output = bench.migrate(&[args, &["--format", "json"]].concat()).json();
        collect(&output, &mut fields);
    }
    let missing: Vec<&String> = fields.iter().filter(|field| !page.contains(field.as_str())).collect();
    assert_eq!(missing, Vec::<&String>::new());
}

fn collect(value: &Value, fields: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                fields.insert(key.clone());
                collect(value, fields);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, fields)),
        _ => {}
    }
}

/// Data goes to stdout and nothing else does; quiet leaves the data and the errors.
#[test]
fn streams_are_kept_apart() {
    let bench = Bench::new(LINE);
    bench.migrate(&["upgrade", "--to", "2"]).success();
    for args in
        [&["status"][..], &["current"], &["heads"], &["history"], &["show"], &["explain"], &["upgrade", "--dry-run"]]
    {
        let (loud, quiet) = (bench.migrate(args).success(), bench.migrate(&[args, &["-q"]].concat()).success());
        assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), (loud.stdout.as_str(), ""), "{args:?}");
        assert_ne!(quiet.stdout, "", "{args:?}");
    }
    let up = bench.migrate(&["upgrade"]).success();
    assert_eq!(up.stdout, "");
    let wrong = bench.migrate(&["downgrade", "-q", "--to", "9"]).ended(2);
    assert!(wrong.stdout.is_empty() && wrong.stderr.starts_with("error: "), "{wrong:?}");
}

/// Colours come when they are asked for, and not where they would be read by a program.
#[test]
fn colours_are_asked_for() {
    let bench = Bench::new(TWO_HEADS);
    let plain = bench.migrate(&["check"]).ended(1);
    assert!(!plain.stderr.contains('\u{1b}'), "{plain:?}");
    let colored = bench.migrate(&["check", "--color", "always"]).ended(1);
    assert!(colored.stderr.contains('\u{1b}'), "{colored:?}");
    let json = bench.migrate(&["history", "--color", "always", "--format", "json"]).success();
    assert!(!json.stdout.contains('\u{1b}'), "{json:?}");
}

/// As in `cargo migrate history | head -1`: the reader has what it wanted.
#[test]
fn a_reader_that_goes_away_is_no_error() {
    let bench = Bench::new(LINE);
    for args in [
        &["history"][..],
        &["status"],
        &["explain"],
        &["completions", "bash"],
        &["--help"],
        &["status", "--format", "json"],
    ] {
        let output = bench.invoke(args).output_unread().success();
        assert!(!output.stderr.contains("panicked") && !output.stderr.contains("error"), "{output:?}");
    }
    // What was to be done is done.
    bench.invoke(&["upgrade", "--format", "json"]).output_unread().success();
    assert_eq!(bench.applied(), "1 2 3");
}
