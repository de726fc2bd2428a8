//! Ctrl-C and `SIGTERM`: the database is consistent, and what is said about it is true.

use rustix::process::Signal;
use tests::output::Output;
use tests::postgres::Database;

use crate::fault_case::{Case, OUTSIDE, STOP};

fn says(output: Output, text: &str) {
    let output = output.ended(130);
    assert!(output.stderr.contains("interrupted"), "{}", output.stderr);
    assert!(output.stderr.contains(text), "no `{text}`: {}", output.stderr);
}

#[test]
fn in_a_transactional_migration() {
    for signal in [Signal::INT, Signal::TERM] {
        let database = Database::new();
        let stop = format!("insert into effects values (3);\n{STOP}");
        let case = Case::new(
            database.url(),
            &[
                "insert into effects values (1);",
                "insert into effects values (2);",
                &stop,
                "insert into effects values (4);",
            ],
        );
        let gate = case.gate();
        let run = case.start();
        case.stuck();
        run.signal(signal);
        let output = run.wait();
        assert!(output.stderr.contains("Applied 2 m2"), "{}", output.stderr);
        assert!(!output.stderr.contains("Applied 3 m3"), "{}", output.stderr);
        says(output, "the database is at 2 m2, 2 pending");
        assert_eq!(case.effects(), "1 2");
        case.is_unlocked();
        gate.release();
        case.upgrade().success();
        case.is_complete("1 2 3 4");
    }
}

#[test]
fn in_a_migration_outside_a_transaction() {
    for signal in [Signal::INT, Signal::TERM] {
        let database = Database::new();
        let index = format!(
            "{OUTSIDE}insert into effects values (2);\ncreate index concurrently big_id on big (id);\ninsert into effects values (3);"
        );
        let case = Case::new(database.url(), &["create table big (id int);", &index]);
        case.start_at(&case.url, &["1"]).wait().success();
        let writer = case.hold("begin; insert into big values (1)");
        let run = case.start();
        case.stuck();
        run.signal(signal);
        says(
            run.wait(),
            "the database is at 1 m1, 1 pending; the up script of migration 2 was interrupted after 1 statements",
        );
        assert_eq!(case.effects(), "2");
        case.is_unlocked();
        writer.release();
        case.upgrade().success();
        assert_eq!(case.value("select indisvalid from pg_index where indexrelid = 'big_id'::regclass"), "t");
        case.is_complete("2 3");
    }
}

#[test]
fn while_waiting_for_the_lock() {
    for signal in [Signal::INT, Signal::TERM] {
        let database = Database::new();
        let case = Case::new(database.url(), &["insert into effects values (1);"]);
        let holder = case.lock(None, "deploy 7");
        let mut run = case.start();
        run.until_said("for the lock");
        run.signal(signal);
        says(run.wait(), "the database is at base, 1 pending");
        assert_eq!(
            case.value("select to_regclass('effects') is null and to_regclass('refinery_schema_history') is null"),
            "t"
        );
        holder.release();
        case.upgrade().success();
        case.is_complete("1");
    }
}

/// A statement that doesn't let itself be cancelled: the second Ctrl-C doesn't wait for it.
#[test]
fn again_while_the_server_does_not_listen() {
    let database = Database::new();
    let deaf = "insert into effects values (2);\ndo $$ begin loop begin perform pg_advisory_xact_lock(4711); exit; \
                exception when query_canceled then null; end; end loop; end $$;";
    let case = Case::new(database.url(), &["insert into effects values (1);", deaf]);
    let gate = case.gate();
    let mut run = case.start();
    let pid = case.stuck();
    run.signal(Signal::INT);
    run.until_said("Interrupting");
    assert!(!run.has_ended());
    run.signal(Signal::INT);
    says(run.wait(), "the server was not waited for");
    assert_eq!(case.stuck(), pid, "the server is still at it");
    let mut next = case.start();
    next.until_said(&format!("held by process {pid} (cargo-migrate, "));
    case.terminate(&pid);
    gate.release();
    next.wait().success();
    case.is_complete("1 2");
}
