//! The lock: how long a run waits for it, and migrations that take it away from themselves.

use tests::postgres::Database;
use tests::project::Project;

use crate::fault_case::{Case, OUTSIDE, STOP};

fn status(project: &Project, case: &Case) -> String {
    project.migrate(&["status", "--database-url", case.url.expose()]).success().stdout
}

#[test]
fn whoever_waits_no_longer_is_told_who_holds_it() {
    let database = Database::new();
    let case = Case::new(database.url(), &["insert into effects values (1);", "insert into effects values (2);"]);
    case.start_at(&case.url, &["1"]).wait().success();
    let holder = case.lock(None, "deploy 7");
    let output = case.start_at(&case.url, &["--wait", "1s"]).wait().ended(1);
    let by = format!("held by process {} (deploy 7, postgres@", holder.pid());
    assert!(output.stderr.contains("another process migrates this database, gave up after 1."), "{}", output.stderr);
    assert!(output.stderr.contains(&by), "{}", output.stderr);
    assert!(output.stderr.contains("`--wait`"), "{}", output.stderr);
    let status = status(&case.project, &case);
    assert!(status.contains("applied") && status.contains("pending"), "{status}");
    holder.release();
    case.upgrade().success();
    case.is_complete("1 2");
}

/// The transaction holds the lock as well: nobody else comes in before it ends, and after it the session has the lock again,
/// which a block outside a transaction shows.
#[test]
fn a_script_cannot_release_it() {
    let release = "select pg_advisory_unlock_all();\ninsert into effects values (2);\n";
    let later = "insert into effects values (3);\ndo $$ begin perform pg_advisory_xact_lock(4711); end $$;";
    let last = "insert into effects values (3);";
    for (second, third) in [
        (format!("{release}{STOP}"), last.to_owned()),
        (release.to_owned(), format!("{OUTSIDE}{later}")),
        (format!("{OUTSIDE}{release}{STOP}"), last.to_owned()),
        (format!("{OUTSIDE}{release}{later}"), "select 1;".to_owned()),
    ] {
        let database = Database::new();
        let case = Case::new(database.url(), &["insert into effects values (1);", &second, &third]);
        let gate = case.gate();
        let first = case.start();
        let pid = case.stuck();
        let mut second = case.start();
        second.until_said(&format!("held by process {pid} "));
        gate.release();
        first.wait().success();
        second.wait().success();
        case.is_complete("1 2 3");
    }
}

/// A block outside a transaction can release it, and then another run comes in: it finds the block running, and asks.
#[test]
fn a_block_outside_a_transaction_that_releases_it() {
    let database = Database::new();
    let block = format!(
        "{OUTSIDE}insert into effects values (1);\ndo $$ begin perform pg_advisory_unlock_all(); \
         perform pg_advisory_xact_lock(4711); insert into effects values (2); end $$;\ninsert into effects values (3);"
    );
    let case = Case::new(database.url(), &["select 1;", &block]);
    let gate = case.gate();
    let first = case.start();
    case.stuck();
    let second = case.upgrade().ended(1);
    assert!(second.stderr.contains("the server can't tell how far it came"), "{}", second.stderr);
    gate.release();
    first.wait().success();
    case.is_complete("1 2 3");
}

/// The same, and the other run is told to go on: then the first one notices, and does nothing more.
#[test]
fn another_run_has_gone_on() {
    let database = Database::new();
    let block = format!(
        "{OUTSIDE}insert into effects values (1);\ndo $$ begin perform pg_advisory_unlock_all(); \
         perform pg_advisory_xact_lock(4711); end $$;\ninsert into effects values (3);"
    );
    let case = Case::new(database.url(), &["select 1;", &block, "insert into effects values (4);"]);
    let gate = case.gate();
    let first = case.start();
    case.stuck();
    case.start_at(&case.url, &["--interrupted", "done"]).wait().success();
    gate.release();
    let first = first.wait().ended(3);
    assert!(first.stderr.contains("another process has taken it"), "{}", first.stderr);
    case.upgrade().success();
    case.is_complete("1 3 4");
}

/// Everything that a session can forget is forgotten in the middle.
#[test]
fn discard_and_deallocate_change_nothing() {
    let database = Database::new();
    let discard = format!(
        "{OUTSIDE}insert into effects values (2);\ndiscard all;\ninsert into effects values (3);\ndeallocate all;\ninsert into effects values (4);"
    );
    let case = Case::new(
        database.url(),
        &[
            "insert into effects values (1);\ndeallocate all;\ndiscard plans;",
            &discard,
            "reset all;\ninsert into effects values (5);",
        ],
    );
    case.upgrade().success();
    case.is_complete("1 2 3 4 5");
}

/// The statements that a long run has prepared, too.
#[test]
fn deallocated_in_a_long_run() {
    let database = Database::new();
    let scripts: Vec<String> = (1..=20)
        .map(|n| format!("insert into effects values ({n});{}", if n % 6 == 0 { "\ndeallocate all;" } else { "" }))
        .collect();
    let case = Case::new(database.url(), &scripts.iter().map(String::as_str).collect::<Vec<_>>());
    case.upgrade().success();
    case.is_complete("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20");
}

/// A migration that released the lock and failed: the run ends in order, and so does the next.
#[test]
fn released_and_failed() {
    let database = Database::new();
    let case = Case::new(
        database.url(),
        &["insert into effects values (1);", "select pg_advisory_unlock_all();\nselect 1/0;"],
    );
    let output = case.upgrade().ended(1);
    assert!(output.stderr.contains("division by zero"), "{}", output.stderr);
    assert!(output.stderr.contains("the database is at 1 m1, 1 pending"), "{}", output.stderr);
    case.is_unlocked();
    case.project.write("migrations/versions/V2__m2.sql", "insert into effects values (2);");
    case.upgrade().success();
    case.is_complete("1 2");
}
