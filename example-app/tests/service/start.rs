//! What happens to the schema at start-up, and what the service says about it.

use serde_json::json;
use tests::postgres::Database;

use crate::app::{App, command, refused, run};

const HEAD: i64 = 20_261_109_100_000;
const COUNT: usize = 11;

#[test]
fn upgrades_and_then_has_nothing_to_do() {
    let database = Database::new();
    let app = App::start(&database, "upgrade");
    assert_eq!(app.said.len(), COUNT, "{:?}", app.said);
    assert_eq!(app.said.last().unwrap(), &format!("applied {HEAD}"));
    let schema = json!({ "embedded": HEAD, "database": [HEAD], "pending": [] });
    assert_eq!(app.get("/health"), (200, json!({ "status": "ok", "schema": schema })));
    assert!(App::start(&database, "upgrade").said.is_empty());
    assert!(App::start(&database, "verify").said.is_empty());
}

#[test]
fn refuses_a_database_that_is_behind() {
    let database = Database::new();
    let said = refused(&database, &["--migrate", "verify"]);
    assert!(said.starts_with("error: the database is behind: 11 pending (20261005083000, "), "{said}");
    assert!(said.contains("\n  help: run `cargo migrate upgrade`"), "{said}");
    // Verifying is the default, and reads only.
    assert_eq!(refused(&database, &[]), said);
    assert_eq!(database.value("SELECT count(*) FROM pg_class WHERE relname = 'refinery_schema_history'"), "0");
}

#[test]
fn refuses_a_database_that_is_ahead() {
    let database = Database::new();
    App::start(&database, "upgrade");
    database.execute(
        "INSERT INTO refinery_schema_history VALUES (20991231000000, 'from_tomorrow', '2099-12-31T00:00:00Z', '1')",
    );
    for args in [["--migrate", "verify"], ["--migrate", "upgrade"]] {
        let said = refused(&database, &args);
        assert!(said.starts_with("error: the database is ahead: it has "), "{said}");
        assert!(said.contains("20991231000000"), "{said}");
    }
}

#[test]
fn without_migrating_health_says_what_is_wrong() {
    let database = Database::new();
    let app = App::start(&database, "off");
    let (status, health) = app.get("/health");
    assert_eq!((status, &health["status"]), (503, &json!("wrong schema")));
    assert_eq!(health["schema"]["embedded"], HEAD);
    assert_eq!(health["schema"]["database"], json!([]));
    assert_eq!(health["schema"]["pending"].as_array().unwrap().len(), COUNT);
    assert!(health["reason"].as_str().unwrap().starts_with("the database is behind"), "{health}");
    assert_eq!(app.get("/books"), (500, json!({ "error": "the database refused" })));
}

#[test]
fn any_number_may_start_at_once() {
    let database = Database::new();
    let apps: Vec<App> = std::thread::scope(|scope| {
        let starts: Vec<_> = (0..4).map(|_| scope.spawn(|| App::start(&database, "upgrade"))).collect();
        starts.into_iter().map(|start| start.join().unwrap()).collect()
    });
    let applied: usize = apps.iter().map(|app| app.said.len()).sum();
    assert_eq!(applied, COUNT);
    assert!(apps.iter().all(|app| app.get("/health").0 == 200));
    assert_eq!(database.value("SELECT count(*) FROM refinery_schema_history"), COUNT.to_string());
    assert_eq!(database.value("SELECT count(*) FROM cargo_migrate_log"), COUNT.to_string());
}

#[test]
fn check_runs_every_query_and_leaves_nothing() {
    let database = Database::new();
    let said = refused(&database, &["--check"]);
    assert!(said.starts_with("error: the database is behind"), "{said}");
    App::start(&database, "upgrade");
    let output = run(&database, &["--check"]);
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "every query works\n");
    assert!(output.status.success());
    for table in ["authors", "books", "members", "loans", "reservations"] {
        assert_eq!(database.value(&format!("SELECT count(*) FROM {table}")), "0", "{table}");
    }
    // A schema that a program needs and has not got is found, although the history says that all is well.
    database.execute("DROP VIEW overdue_loans");
    let said = refused(&database, &["--check"]);
    assert!(said.contains("relation \"overdue_loans\" does not exist"), "{said}");
}

#[test]
fn says_whom_it_can_not_reach_without_the_password() {
    let database = Database::new();
    let mut command = command(&database, &[]);
    let output = command.env("DATABASE_URL", "postgres://library:secret@127.0.0.1:1/library").output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(said.starts_with("error: can't connect to the database\n  caused by: "), "{said}");
    assert!(!said.contains("secret"), "{said}");
}

#[cfg(unix)]
#[test]
fn stops_when_it_is_told_to() {
    let database = Database::new();
    let app = App::start(&database, "upgrade");
    assert_eq!(app.get("/health").0, 200);
    assert_eq!(app.stop(), "stopped");
}
