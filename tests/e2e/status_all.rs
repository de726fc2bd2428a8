//! `status` without `--env`: all environments side by side.

use insta::assert_snapshot;
use migrate_build::runtime::{DEFAULT_HISTORY, Table, advisory_key};
use serde_json::Value;
use tests::bench::{Bench, LINE};
use tests::postgres::block_on;
use tests::round_trips::RoundTrips;

use crate::stages::Stages;

/// The states of the environments, in order.
fn states(status: &Value) -> Vec<String> {
    let environments = status["environments"].as_array().unwrap();
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    environments.iter().map(|row| format!("{} {}", word(&row["name"]), word(&row["state"]))).collect()
}

#[test]
fn three_environments_stand_side_by_side() {
    let stages = Stages::new("requires = \"staging\"\nprotected = true");
    stages.bench.invoke(&["upgrade"]).env("CARGO_MIGRATE_ACTOR", "grace").output().success();
    stages.migrate(&["upgrade", "--env", "staging", "--to", "2"]).success();
    assert_snapshot!(stages.migrate(&["status"]).snapshot(), @"
    $ cargo-migrate status
    ENVIRONMENT  STATE    CURRENT      PENDING  ORPHANS  DIVERGENT  LAST CHANGE                     BY
    development  applied  3 add_price  0        0        0          [NOW] upgrade 3  grace
    staging      pending  2 add_isbn   1        0        0          [NOW] upgrade 2  ada
    production   pending  base         3        0        0                                                 protected
    -- stderr
    -- exit 0
    ");
    // Looking at it changed nothing.
    assert_eq!(stages.production.contents(), Vec::<String>::new());

    let status = stages.migrate(&["status", "--format", "json"]).success().json();
    assert_eq!(states(&status), ["development applied", "staging pending", "production pending"]);
    let staging = &status["environments"][1];
    assert_eq!(staging["current"], serde_json::json!([2]));
    assert_eq!(staging["pending"], serde_json::json!([{ "version": 3, "name": "add_price" }]));
    assert_eq!((&staging["last"]["by"], &staging["last"]["action"]), (&"ada".into(), &"upgrade".into()));
    assert_eq!(status["environments"][2]["requires"], "staging");
    assert_eq!(status["environments"][2]["protected"], true);
    stages.migrate(&["status", "--exit-code"]).ended(4);

    // One that is named is shown as ever.
    let one = stages.migrate(&["status", "--env", "staging"]).success();
    assert!(one.stdout.contains("VERSION  NAME"), "{one:?}");
    let url = stages.staging.url();
    let one = stages.migrate(&["status", "--database-url", url.expose()]).success();
    assert!(one.stdout.contains("VERSION  NAME"), "{one:?}");
    let one = stages.invoke(&["status"]).env("CARGO_MIGRATE_ENV", "staging").output().success();
    assert!(one.stdout.contains("VERSION  NAME"), "{one:?}");
}

/// What differs is a state of its own, and what failed is, until it is mended.
#[test]
fn split_and_failed_are_told() {
    let stages = Stages::new("");
    stages.migrate(&["upgrade"]).success();
    stages.stage();
    stages.release(&["--to", "2"]).success();
    stages.production.execute("alter table books add price text");
    stages.release(&[]).ended(1);
    stages.bench.script("V2__add_isbn.sql", "--! parents = [1]\nalter table books add isbn varchar;\n");
    stages.staging.execute("insert into refinery_schema_history values (9, 'theirs', '2026-11-23T00:00:00Z', '1')");
    let status = stages.migrate(&["status", "--format", "json"]).success().json();
    assert_eq!(states(&status), ["development split", "production split", "staging split"]);
    assert_eq!(status["environments"][2]["orphans"], serde_json::json!([{ "version": 9, "name": "theirs" }]));
    assert_eq!(status["environments"][0]["divergent"], serde_json::json!([{ "version": 2, "name": "add_isbn" }]));
    assert_eq!(status["environments"][0]["orphans"], serde_json::json!([]));
    stages.migrate(&["status", "--exit-code"]).ended(1);

    stages.bench.script("V2__add_isbn.sql", LINE[2].1);
    let status = stages.migrate(&["status", "--format", "json"]).success().json();
    assert_eq!(states(&status), ["development applied", "production failed", "staging split"]);
    let reason = status["environments"][1]["reason"].as_str().unwrap();
    assert!(
        reason.starts_with("upgrade of 3 add_price: column \"price\" of relation \"books\" already exists"),
        "{reason}"
    );
    stages.production.execute("alter table books drop price");
    stages.release(&[]).success();
    let status = stages.migrate(&["status", "--format", "json"]).success().json();
    assert_eq!(states(&status)[1], "production applied");
}

#[test]
fn one_that_can_not_be_reached_is_a_row() {
    let stages = Stages::new("");
    stages.stage();
    let unreachable = "postgres://ada:very-secret@127.0.0.1:1/p";
    let status = |args: &[&str]| {
        let args = [&["status"], args].concat();
        stages.invoke(&args).env("PRODUCTION_URL", unreachable).without("DATABASE_URL").output()
    };
    let shown = status(&[]).success();
    assert_snapshot!(shown.snapshot(), @"
    $ cargo-migrate status
    ENVIRONMENT  STATE        CURRENT      PENDING  ORPHANS  DIVERGENT  LAST CHANGE                     BY
    production   unreachable
    staging      applied      3 add_price  0        0        0          [NOW] upgrade 3  ada
    -- stderr
    note: production is unreachable: can't reach a PostgreSQL server at `127.0.0.1:1`: Connection refused (os error 111)
    help: start the server, or correct host and port of the database URL
    -- exit 0
    ");
    status(&["--exit-code"]).ended(3);
    let json = status(&["--format", "json"]).success();
    assert_eq!(states(&json.json()), ["production unreachable", "staging applied"]);
    assert!(!format!("{shown:?}{json:?}").contains("very-secret"));
    // A variable that is missing is named.
    let missing = stages.invoke(&["status"]).without("PRODUCTION_URL").output().success();
    assert!(
        missing
            .stderr
            .contains("variable `PRODUCTION_URL`, which the URL of environment `production` names, is not set")
    );
    // With nothing to be seen the database is what is wrong.
    let blind = stages.invoke(&["status"]).without("STAGING_URL").without("PRODUCTION_URL").without("DATABASE_URL");
    blind.output().ended(3);
}

#[test]
fn who_applies_is_named() {
    let stages = Stages::new("");
    stages.stage();
    let key = advisory_key(&Table { schema: "public".to_owned(), name: DEFAULT_HISTORY.to_owned() });
    let status = block_on(async {
        let client = stages.staging.client().await;
        client
            .batch_execute(&format!("set application_name = 'deploy'; select pg_advisory_lock({key})"))
            .await
            .unwrap();
        stages.migrate(&["status", "--format", "json"]).success().json()
    });
    assert_eq!(states(&status), ["development pending", "production pending", "staging applying"]);
    let reason = status["environments"][2]["reason"].as_str().unwrap();
    assert!(reason.starts_with("by process ") && reason.contains("(deploy, "), "{reason}");
}

/// Also with orphans and whatever else there is to be said.
#[test]
fn each_is_asked_three_times_at_most() {
    let stages = Stages::new("");
    stages.stage();
    stages.release(&[]).success();
    stages.production.execute("insert into refinery_schema_history values (9, 'theirs', '2026-11-23T00:00:00Z', '1')");
    let (staging, production) = (stages.staging.url(), stages.production.url());
    let (first, second) = (RoundTrips::start(&staging), RoundTrips::start(&production));
    stages
        .invoke(&["status"])
        .env("STAGING_URL", first.url(&staging).expose())
        .env("PRODUCTION_URL", second.url(&production).expose())
        .output()
        .success();
    assert_eq!((first.counts(), second.counts()), (vec![3], vec![3]));
}

/// One that only may read sees all but what it may not.
#[test]
fn a_reader_sees_them() {
    let stages = Stages::new("");
    stages.stage();
    let reader = tests::role::Role::new(&stages.staging, &["grant select on refinery_schema_history"]);
    let status = stages.invoke(&["status", "--format", "json"]).env("STAGING_URL", reader.url().expose()).output();
    let status = status.success().json();
    assert_eq!(states(&status)[2], "staging applied");
    assert_eq!(status["environments"][2]["last"], Value::Null);
}

/// Environments of which only development's is configured are that one database.
#[test]
fn development_alone_is_shown_as_ever() {
    let bench = Bench::new(LINE);
    bench.configure("[package.metadata.migrate.environments.development]\nurl = \"$DATABASE_URL\"\n");
    let status = bench.migrate_unchanged(&["status"]).success();
    assert!(status.stdout.contains("VERSION  NAME"), "{status:?}");
}
