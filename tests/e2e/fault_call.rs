//! Procedures outside a transaction: of an interrupted one nobody can tell whether it ran, so the user says it.

use tests::output::Output;
use tests::postgres::Database;
use tests::proxy::{Loss, Proxy};
use tests::running::until;

use crate::fault_case::{Case, OUTSIDE};

/// `body` is the procedure's.
fn case(database: &Database, body: &str) -> Case {
    let procedure = format!("create procedure p() language plpgsql as $$ begin {body} end $$;");
    let call = format!("{OUTSIDE}insert into effects values (2);\ncall p();\ninsert into effects values (5);");
    Case::new(database.url(), &[&procedure, &call])
}

const COMMITS: &str =
    "insert into effects values (3); commit; perform pg_advisory_xact_lock(4711); insert into effects values (4);";
const ROLLS_BACK: &str =
    "insert into effects values (3); perform pg_advisory_xact_lock(4711); insert into effects values (4);";

fn is_undecided(output: Output) {
    let output = output.ended(1);
    let message = "statement 2 of migration 2 (CALL P) did not finish, and the server can't tell how far it came";
    assert!(output.stderr.contains(message), "{}", output.stderr);
    assert!(output.stderr.contains("`--interrupted done` or `--interrupted undone`"), "{}", output.stderr);
}

#[test]
fn a_procedure_that_ends_after_a_kill_is_done() {
    let database = Database::new();
    let case = case(&database, COMMITS);
    let gate = case.gate();
    let first = case.start();
    let pid = case.stuck();
    first.kill();
    let mut second = case.start();
    second.until_said(&format!("held by process {pid} (cargo-migrate, "));
    gate.release();
    is_undecided(second.wait());
    assert_eq!(case.effects(), "2 3 4");
    is_undecided(case.upgrade());
    case.start_at(&case.url, &["--interrupted", "done"]).wait().success();
    case.is_complete("2 3 4 5");
}

#[test]
fn a_procedure_that_is_aborted_after_a_kill_is_undone() {
    let database = Database::new();
    let case = case(&database, ROLLS_BACK);
    let gate = case.gate();
    let first = case.start();
    let pid = case.stuck();
    first.kill();
    case.terminate(&pid);
    gate.release();
    is_undecided(case.upgrade());
    assert_eq!(case.effects(), "2");
    case.start_at(&case.url, &["--interrupted", "undone"]).wait().success();
    case.is_complete("2 3 4 5");
}

/// The procedure has ended; what never arrives is the record of that.
#[test]
fn a_kill_before_the_record() {
    let database = Database::new();
    let case = case(&database, COMMITS);
    let proxy = Proxy::start(&case.url, "AND state = 'running'", Loss::Request);
    let first = case.start_at(&proxy.url(&case.url), &[]);
    until("the record is sent", || proxy.has_lost());
    first.kill();
    assert_eq!(case.effects(), "2 3 4");
    is_undecided(case.upgrade());
    case.start_at(&case.url, &["--interrupted", "done"]).wait().success();
    case.is_complete("2 3 4 5");
}

/// The record is written; what never arrives is the answer.
#[test]
fn a_cut_after_the_record() {
    let database = Database::new();
    let case = case(&database, COMMITS);
    let proxy = Proxy::start(&case.url, "AND state = 'running'", Loss::Answer);
    let first = case.start_at(&proxy.url(&case.url), &[]);
    until("the record is sent", || proxy.has_lost());
    let recorded = "select count(*) from cargo_migrate_progress where statement = 2 and state = 'done'";
    until("the record is written", || case.value(recorded) == "1");
    proxy.cut();
    let output = first.wait().ended(3);
    assert!(output.stderr.contains("the connection to the database is lost"), "{}", output.stderr);
    case.upgrade().success();
    case.is_complete("2 3 4 5");
}
