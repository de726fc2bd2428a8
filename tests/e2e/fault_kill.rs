//! `kill -9` at any point: the next run finishes what was begun, and repeats nothing.

use tests::postgres::Database;
use tests::proxy::{Loss, Proxy};
use tests::running::until;

use crate::fault_case::{Case, OUTSIDE, STOP};

fn transactional() -> [String; 4] {
    [
        "insert into effects values (1);".to_owned(),
        "insert into effects values (2);".to_owned(),
        format!("insert into effects values (3);\n{STOP}"),
        "insert into effects values (4);".to_owned(),
    ]
}

fn case(database: &Database, scripts: &[String]) -> Case {
    Case::new(database.url(), &scripts.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The server doesn't notice before the statement ends, and until then its session holds the lock: the next run waits for it.
#[test]
fn in_a_transactional_migration() {
    let database = Database::new();
    let case = case(&database, &transactional());
    let gate = case.gate();
    let first = case.start();
    let pid = case.stuck();
    first.kill();
    let mut second = case.start();
    second.until_said(&format!("for the lock, held by process {pid} (cargo-migrate, postgres@"));
    gate.release();
    second.wait().success();
    case.is_complete("1 2 3 4");
}

#[test]
fn in_a_transactional_migration_that_is_rolled_back() {
    let database = Database::new();
    let case = case(&database, &transactional());
    let gate = case.gate();
    let first = case.start();
    let pid = case.stuck();
    first.kill();
    case.terminate(&pid);
    case.is_unlocked();
    assert_eq!(case.effects(), "1 2", "what was committed stays, and nothing else");
    gate.release();
    case.upgrade().success();
    case.is_complete("1 2 3 4");
}

const INDEXED: &str =
    "insert into effects values (2);\ncreate index concurrently big_id on big (id);\ninsert into effects values (3);";
const VALID: &str = "select indisvalid from pg_index where indexrelid = 'big_id'::regclass";

fn indexed(database: &Database) -> Case {
    case(database, &["create table big (id int);".to_owned(), format!("{OUTSIDE}{INDEXED}")])
}

/// Starts the build, which waits for a transaction that has written to the table, and kills the process.
fn killed_in_a_build(case: &Case) -> (crate::fault_case::Held, String) {
    case.start_at(&case.url, &["1"]).wait().success();
    let writer = case.hold("begin; insert into big values (1)");
    let first = case.start();
    let pid = case.stuck();
    first.kill();
    (writer, pid)
}

#[test]
fn in_a_concurrent_build_that_ends_by_itself() {
    let database = Database::new();
    let case = indexed(&database);
    let (writer, pid) = killed_in_a_build(&case);
    let mut second = case.start();
    second.until_said(&format!("held by process {pid} (cargo-migrate, "));
    let index = "select 'big_id'::regclass::oid";
    let before = case.value(index);
    writer.release();
    second.wait().success();
    assert_eq!((case.value(VALID), case.value(index)), ("t".to_owned(), before), "it is not built again");
    case.is_complete("2 3");
}

#[test]
fn in_a_concurrent_build_that_is_aborted() {
    let database = Database::new();
    let case = indexed(&database);
    let (writer, pid) = killed_in_a_build(&case);
    case.terminate(&pid);
    writer.release();
    assert_eq!(case.value(VALID), "f");
    case.upgrade().success();
    assert_eq!(case.value(VALID), "t");
    case.is_complete("2 3");
}

/// The second message's first migration never reaches the server.
#[test]
fn between_two_migrations() {
    let database = Database::new();
    let scripts: Vec<String> = (1..=12).map(|n| format!("insert into effects values ({n});")).collect();
    let case = case(&database, &scripts);
    let proxy = Proxy::start(&case.url, "begin 9", Loss::Request);
    let first = case.start_at(&proxy.url(&case.url), &[]);
    until("the second message is sent", || proxy.has_lost());
    assert_eq!(case.effects(), "1 2 3 4 5 6 7 8");
    first.kill();
    case.upgrade().success();
    case.is_complete("1 2 3 4 5 6 7 8 9 10 11 12");
}

#[test]
fn between_two_statements() {
    let database = Database::new();
    let first = "insert into effects values (1);".to_owned();
    let script = format!(
        "{OUTSIDE}insert into effects values (2);\ninsert into effects values (3);\ninsert into effects values (4);"
    );
    let case = case(&database, &[first, script]);
    let proxy = Proxy::start(&case.url, "values (3)", Loss::Request);
    let first = case.start_at(&proxy.url(&case.url), &[]);
    until("the second statement is sent", || proxy.has_lost());
    assert_eq!(case.effects(), "1 2");
    first.kill();
    case.upgrade().success();
    case.is_complete("1 2 3 4");
}

/// Whichever statement is under way: done by the server or not, it counts once.
#[test]
fn during_each_statement() {
    for stopped in 1..=4 {
        for is_aborted in [false, true] {
            let insert = |n: i32| match n == stopped {
                true => format!("insert into effects select {n} from pg_advisory_xact_lock(4711);\n"),
                false => format!("insert into effects values ({n});\n"),
            };
            let database = Database::new();
            let case = case(&database, &[String::new(), OUTSIDE.to_owned() + &(1..=4).map(insert).collect::<String>()]);
            case.start_at(&case.url, &["1"]).wait().success();
            let gate = case.gate();
            let first = case.start();
            let pid = case.stuck();
            first.kill();
            if is_aborted {
                case.terminate(&pid);
            }
            gate.release();
            case.upgrade().success();
            case.is_complete("1 2 3 4");
        }
    }
}
