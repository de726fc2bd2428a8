//! Migrations that can't get a lock: they are rolled back, nobody queues behind them meanwhile, and they are tried again.

use tests::output::Output;
use tests::postgres::{Database, block_on, connect};
use tests::running::{Running, until};

use crate::fault_case::{Case, OUTSIDE};

/// The first line of a script that soon gives way.
const SOON: &str = "--! lock-timeout = \"300ms\"\n";

const BOOKS: &str = "create table books (id int, title text); insert into books values (1, 'a');";

/// A case with `books` applied, and a second migration pending.
fn case(database: &Database, second: &str) -> Case {
    let case = Case::new(database.url(), &[BOOKS, second]);
    case.start_at(&case.url, &["1"]).wait().success();
    case
}

fn start(case: &Case, more: &[&str]) -> Running {
    case.start_giving_way(&case.url, more)
}

const READER: &str = "begin; select * from books where title = 'secret'";
const ALTER: &str = "insert into effects values (2);\nalter table books add pages int;";

fn columns(case: &Case) -> String {
    case.value("select string_agg(attname, ' ' order by attnum) from pg_attribute where attrelid = 'books'::regclass and attnum > 0")
}

/// Without giving way the readers would wait behind the migration for as long as the first one reads.
#[test]
fn readers_get_through_and_in_the_end_it_is_applied() {
    let database = Database::new();
    let case = case(&database, &format!("{SOON}{ALTER}"));
    let reader = case.hold(READER);
    let mut upgrade = start(&case, &[]);
    upgrade.until_said("attempt 2 of 11 in");
    let said = upgrade.said();
    assert!(said.contains("canceling statement due to lock timeout"), "{said}");
    let by = format!("process {} (unnamed, postgres, idle in transaction, its transaction is open for", reader.pid());
    // Who is in the way comes on lines of their own.
    upgrade.until_said(&by);
    upgrade.until_said("holds AccessShareLock on books): begin; select");
    for _ in 0..40 {
        block_on(async {
            let other = connect(&case.url).await.unwrap();
            other.batch_execute("set statement_timeout = '3s'; select * from books").await.unwrap();
        });
    }
    upgrade.until_said("attempt 3 of 11 in");
    reader.release();
    upgrade.wait().success();
    assert_eq!(columns(&case), "id title pages");
    case.is_complete("2");
}

/// In the pause between two attempts it holds no lock on any table.
#[test]
fn the_limit_of_retries_leaves_everything_as_it_was() {
    let database = Database::new();
    let case = case(&database, &format!("{SOON}{ALTER}"));
    let reader = case.hold(READER);
    let before = database.contents();
    let output = start(&case, &["--retries", "1", "--redact"]).wait().ended(1);
    let Output { stderr, .. } = &output;
    assert!(stderr.contains("attempt 2 of 2 in") && stderr.contains("tried 2 times"), "{stderr}");
    assert!(stderr.contains(&format!("in the way: process {} (", reader.pid())), "{stderr}");
    assert!(stderr.contains("where title = ?") && !stderr.contains("secret"), "{stderr}");
    assert!(stderr.contains("--on-blocked wait") && stderr.contains("the database is at 1 m1, 1 pending"), "{stderr}");
    let without_log = |rows: Vec<String>| rows.into_iter().filter(|row| !row.contains("55P03")).collect::<Vec<_>>();
    assert_eq!(without_log(database.contents()), without_log(before));
    assert_eq!(case.value("select outcome from cargo_migrate_log where version = 2"), "failed");
    case.is_unlocked();
    reader.release();
    start(&case, &[]).wait().success();
    assert_eq!(columns(&case), "id title pages");
}

#[test]
fn it_fails_at_once_where_that_is_wanted() {
    let database = Database::new();
    let case = case(&database, &format!("{SOON}{ALTER}"));
    let reader = case.hold(READER);
    let output = start(&case, &["--on-blocked", "fail"]).wait().ended(1);
    assert!(!output.stderr.contains("Blocked") && !output.stderr.contains("tried"), "{}", output.stderr);
    assert!(output.stderr.contains(&format!("in the way: process {}", reader.pid())), "{}", output.stderr);
    assert!(output.stderr.contains("secret"), "{}", output.stderr);
}

/// Partitions and an index's table are locked without being named, and who only waits is in nobody's way.
#[test]
fn who_holds_what_is_not_named_is_told_and_who_waits_is_not() {
    let setup = "create table books (id int); create index titles on books (id);
        create table sales (day date) partition by range (day);
        create table sales_a partition of sales for values from ('2026-01-01') to ('2027-01-01');";
    for (held, statement) in [("sales_a", "alter table sales add note text;"), ("books", "drop index titles;")] {
        let database = Database::new();
        let case = Case::new(database.url(), &[setup, &format!("{SOON}{statement}")]);
        case.start_at(&case.url, &["1"]).wait().success();
        let holder = case.hold(&format!("begin; lock table {held} in access share mode"));
        let pid = holder.pid();
        let url = case.url.clone();
        let wait = format!("set lock_timeout = '1min'; begin; lock table {held}; rollback");
        let other = std::thread::spawn(move || {
            block_on(async { connect(&url).await.unwrap().batch_execute(&wait).await.unwrap() });
        });
        let waiting = format!("from pg_locks where not granted and relation = '{held}'::regclass");
        until("another session waits", || case.value(&format!("select count(*) {waiting}")) == "1");
        let waiter = case.value(&format!("select pid {waiting}"));
        let Output { stderr, .. } = start(&case, &["--on-blocked", "fail"]).wait().ended(1);
        holder.release();
        other.join().unwrap();
        assert!(stderr.contains(&format!("in the way: process {pid} (")), "{stderr}");
        assert!(stderr.contains(&format!("holds AccessShareLock on {held})")), "{stderr}");
        assert!(!stderr.contains(&format!("process {waiter} (")), "{stderr}");
    }
}

#[test]
fn it_queues_where_that_is_wanted() {
    let database = Database::new();
    let case = case(&database, &format!("{SOON}{ALTER}"));
    let reader = case.hold(READER);
    let upgrade = start(&case, &["--on-blocked", "wait"]);
    let pid = case.stuck();
    std::thread::sleep(std::time::Duration::from_millis(900));
    assert_eq!(case.stuck(), pid);
    reader.release();
    let output = upgrade.wait().success();
    assert!(!output.stderr.contains("Blocked"), "{}", output.stderr);
    case.is_complete("2");
}

/// The ones before it stay, the ones after it wait, and each is applied once.
#[test]
fn in_the_middle_of_a_batch() {
    let database = Database::new();
    let scripts: Vec<String> = (2..=12)
        .map(|n| {
            let alter = if n == 6 { "alter table books add pages int;" } else { "" };
            format!("{}insert into effects values ({n});\n{alter}", if n == 6 { SOON } else { "" })
        })
        .collect();
    let mut all = vec![BOOKS];
    all.extend(scripts.iter().map(String::as_str));
    let case = Case::new(database.url(), &all);
    case.start_at(&case.url, &["1"]).wait().success();
    let reader = case.hold(READER);
    let mut upgrade = start(&case, &[]);
    upgrade.until_said("attempt 2 of");
    assert_eq!(case.effects(), "2 3 4 5");
    reader.release();
    upgrade.wait().success();
    case.is_complete("2 3 4 5 6 7 8 9 10 11 12");
}

/// The migration is the victim: its session looks for deadlocks, and the other one doesn't.
#[test]
fn a_deadlock_is_tried_again() {
    // Whoever waits for locks however long it takes has no use for a deadlock either.
    for more in [[].as_slice(), &["--on-blocked", "wait"]] {
        deadlock(more);
    }
}

fn deadlock(more: &[&str]) {
    let database = Database::new();
    database.execute(&format!("alter database {} set deadlock_timeout = '2s'", database.name()));
    let script = "--! lock-timeout = \"1min\"\ninsert into effects values (2);\nlock table books; alter table shelves add n int;";
    let case = Case::new(database.url(), &[&format!("{BOOKS} create table shelves (id int);"), script]);
    case.start_at(&case.url, &["1"]).wait().success();
    let other = case.hold("set deadlock_timeout = '1h'; begin; lock table shelves");
    let mut upgrade = start(&case, more);
    case.stuck();
    other.run("lock table books");
    upgrade.until_said("deadlock detected; attempt 2 of");
    other.release();
    upgrade.wait().success();
    case.is_complete("2");
}

/// A sequence remembers the attempts that were rolled back.
#[test]
fn a_serialisation_failure_is_tried_again() {
    let database = Database::new();
    let script = "insert into effects values (2);\ndo $$ begin if nextval('tries') < 3 then \
                  raise 'could not serialize access' using errcode = '40001'; end if; end $$;";
    let case = case(&database, script);
    database.execute("create sequence tries");
    let output = start(&case, &["--retries", "1"]).wait().ended(1);
    assert!(output.stderr.contains("attempt 2 of 2") && output.stderr.contains("tried 2 times"), "{}", output.stderr);
    start(&case, &[]).wait().success();
    assert_eq!(case.value("select last_value from tries"), "3");
    case.is_complete("2");
}

/// Whatever else fails is not tried again.
#[test]
fn what_time_does_not_mend_fails_at_once() {
    let database = Database::new();
    let case = case(&database, "insert into effects values (2);\nselect 1 / 0;");
    let output = start(&case, &[]).wait().ended(1);
    assert!(!output.stderr.contains("Blocked"), "{}", output.stderr);
}

#[test]
fn limits_are_its_own_whatever_the_database_says() {
    let database = Database::new();
    database.execute(&format!("alter database {0} set lock_timeout = '1h'; alter database {0} set statement_timeout = '1h'; \
         alter database {0} set idle_in_transaction_session_timeout = '1h'; alter database {0} set application_name = 'x'", database.name()));
    let limits = "create table NAME as select string_agg(current_setting(name), ' ' order by name) as l from pg_settings \
                  where name in ('lock_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout', 'application_name');";
    let case = Case::new(
        database.url(),
        &[&limits.replace("NAME", "inside"), &format!("{OUTSIDE}{}", limits.replace("NAME", "outside"))],
    );
    start(&case, &[]).wait().success();
    for table in ["inside", "outside"] {
        assert_eq!(case.value(&format!("select l from {table}")), "cargo-migrate 0 3s 0", "{table}");
    }
}

const INDEX: &str = "insert into effects values (2);\ncreate index concurrently books_id on books (id);\ninsert into effects values (3);";
const VALID: &str = "select indisvalid from pg_index where indexrelid = 'books_id'::regclass";

/// It is in nobody's way while it waits, so no limit ends it; who holds it up is named, and how far it is.
#[test]
fn a_concurrent_build_waits_and_says_for_whom() {
    let database = Database::new();
    let case = case(&database, &format!("{OUTSIDE}{INDEX}"));
    case.project.replace(
        "Cargo.toml",
        "[dependencies]",
        "[package.metadata.migrate]\nlock-timeout = \"200ms\"\n\n[dependencies]",
    );
    let old =
        case.hold("begin isolation level repeatable read; select * from effects where n = 42; select pg_sleep(1.1)");
    let mut upgrade = start(&case, &["-v"]);
    upgrade.until_said("the index waits for older transactions to end");
    upgrade.until_said(&format!("process {} (unnamed, postgres, idle in transaction", old.pid()));
    upgrade.until_said(&format!("waits for process {}", old.pid()));
    old.release();
    let output = upgrade.wait().success();
    assert!(output.stderr.contains("Building 2 m2: waiting for old snapshots"), "{}", output.stderr);
    assert_eq!(case.value(VALID), "t");
    case.is_complete("2 3");
}

/// With a limit of its own it gives way: the invalid index that it leaves is dropped, and nothing before it is repeated.
#[test]
fn a_concurrent_build_with_a_limit_of_its_own() {
    let database = Database::new();
    let case = case(&database, &format!("{SOON}{OUTSIDE}{INDEX}"));
    let writer = case.hold("begin; insert into books values (2, 'b')");
    let mut upgrade = start(&case, &[]);
    upgrade.until_said("attempt 2 of");
    upgrade.until_said("holds RowExclusiveLock on books");
    assert_eq!(case.effects(), "2");
    // Each attempt drops what the one before it left, and begins anew.
    let begun = "select count(*) from pg_index where indexrelid = to_regclass('books_id') and not indisvalid";
    until("an index is begun", || case.value(begun) == "1");
    writer.release();
    upgrade.wait().success();
    assert_eq!(case.value(VALID), "t");
    case.is_complete("2 3");
}

/// Nobody can tell how much of its work it had committed.
#[test]
fn a_block_outside_a_transaction_is_not_repeated() {
    let database = Database::new();
    let script = format!(
        "{SOON}{OUTSIDE}do $$ begin insert into effects values (2); commit; alter table books add n int; end $$;"
    );
    let case = case(&database, &script);
    let reader = case.hold(READER);
    let output = start(&case, &[]).wait().ended(1);
    assert!(!output.stderr.contains("Blocked") && output.stderr.contains("lock timeout"), "{}", output.stderr);
    assert_eq!(case.effects(), "2");
    reader.release();
}
