//! `status --wait`: until somebody else's upgrade has ended.

use tests::output::Output;
use tests::postgres::Database;
use tests::running::Running;

use crate::fault_case::{Case, STOP};

fn wait(case: &Case, limit: Option<&str>) -> Running {
    let url = case.url.expose();
    let limit = limit.map(|limit| format!("--wait={limit}"));
    Running::start(&case.project, &["status", "--database-url", url, limit.as_deref().unwrap_or("--wait")])
}

#[test]
fn it_returns_when_another_process_has_applied_everything() {
    let database = Database::new();
    let case = Case::new(database.url(), &["insert into effects values (1);", STOP, "insert into effects values (3);"]);
    let mut waiting = wait(&case, None);
    waiting.until_said("pending, 3 pending");
    let gate = case.gate();
    let upgrade = case.start();
    let pid = case.stuck();
    waiting.until_said("applying, ");
    waiting.until_said(&format!("by process {pid} (cargo-migrate, "));
    assert!(!waiting.has_ended());
    gate.release();
    upgrade.wait().success();
    let done = waiting.wait().success();
    assert!(done.stdout.contains("3        m3    applied"), "{done:?}");
}

#[test]
fn it_fails_when_the_other_process_fails() {
    let database = Database::new();
    let case = Case::new(database.url(), &["insert into effects values (1);", &format!("{STOP}\nselect 1 / 0;")]);
    let gate = case.gate();
    let upgrade = case.start();
    case.stuck();
    let mut waiting = wait(&case, None);
    waiting.until_said("applying, ");
    gate.release();
    upgrade.wait().ended(1);
    let failed = waiting.wait().ended(1);
    assert!(failed.stderr.contains(" is failed, 1 pending"), "{failed:?}");
    assert!(failed.stderr.contains("note: upgrade of 2 m2: division by zero"), "{failed:?}");
}

/// A killed process leaves nothing that applies.
#[test]
fn what_was_killed_has_failed() {
    let database = Database::new();
    let stop = "--! transaction = false\nselect 1;\nselect pg_advisory_lock(4711);\nselect 2;";
    let case = Case::new(database.url(), &["insert into effects values (1);", stop]);
    let gate = case.gate();
    let upgrade = case.start();
    let pid = case.stuck();
    let mut waiting = wait(&case, None);
    waiting.until_said("applying, ");
    upgrade.kill();
    case.terminate(&pid);
    let failed: Output = waiting.wait().ended(1);
    assert!(failed.stderr.contains("the up script of migration 2 was interrupted"), "{failed:?}");
    gate.release();
}

#[test]
fn its_time_is_limited() {
    let database = Database::new();
    let case = Case::new(database.url(), &["insert into effects values (1);"]);
    let pending = wait(&case, Some("300ms")).wait().ended(4);
    assert!(pending.stderr.contains(" is pending, 1 pending"), "{pending:?}");
    case.upgrade().success();
    wait(&case, None).wait().success();
    let url = case.url.expose();
    let json = Running::start(&case.project, &["status", "--wait", "--database-url", url, "--format", "json"]).wait();
    assert_eq!(json.success().json()["state"], "applied");
    // A limit for the lock is what it was.
    Running::start(&case.project, &["upgrade", "--database-url", url, "--wait", "1s"]).wait().success();
    Running::start(&case.project, &["upgrade", "--database-url", url, "--wait"]).wait().success();
    Running::start(&case.project, &["status", "--database-url", url, "--wait", "soon"]).wait().ended(2);
}

#[test]
fn an_unreachable_one_is_not_waited_for() {
    let database = Database::new();
    let case = Case::new(database.url(), &["select 1;"]);
    let nowhere = ["status", "--wait", "--database-url", "postgres://a@127.0.0.1:1/x"];
    Running::start(&case.project, &nowhere).wait().ended(3);
}
