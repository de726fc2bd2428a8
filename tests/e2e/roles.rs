//! Roles with few rights, servers that only read, and commands that only look.

use insta::assert_snapshot;
use migrate_build::runtime::{Table, advisory_key};
use tests::bench::{Bench, LINE};
use tests::invocation::Invocation;
use tests::output::Output;
use tests::postgres::{block_on, connect, own_server};
use tests::role::Role;

use cargo_migrate::scratch::Restart;

/// Commands that look at a database, and do nothing to it.
const READING: [&[&str]; 6] = [
    &["status"],
    &["status", "--exit-code"],
    &["current"],
    &["check", "--database"],
    &["upgrade", "--dry-run"],
    &["downgrade", "--dry-run"],
];

fn run(bench: &Bench, role: &Role<'_>, args: &[&str]) -> Output {
    bench.invoke(args).env("DATABASE_URL", role.url().expose()).hide(role.name(), "[ROLE]").output()
}

/// What a reader may do: nothing but SELECT on what is there.
const SELECT: &str = "grant select on all tables in schema public";

#[test]
fn a_reader_looks_at_a_database_that_was_never_migrated() {
    let bench = Bench::new(LINE);
    let reader = Role::new(&bench.database, &[SELECT]);
    for (args, code) in READING.iter().zip([0, 4, 0, 4, 0, 0]) {
        bench.unchanged(|| run(&bench, &reader, args)).ended(code);
    }
    assert_eq!(bench.database.contents(), Vec::<String>::new());
}

#[test]
fn a_reader_looks_at_a_migrated_database() {
    let bench = Bench::new(LINE);
    bench.migrate(&["upgrade"]).success();
    let reader = Role::new(&bench.database, &[SELECT]);
    for args in READING {
        bench.unchanged(|| run(&bench, &reader, args)).success();
    }
    // Nothing to do is nothing to write, so a reader may also say it.
    bench.unchanged(|| run(&bench, &reader, &["upgrade"])).success();
    assert_snapshot!(bench.unchanged(|| run(&bench, &reader, &["downgrade"])).snapshot(), @"
    $ cargo-migrate downgrade
    -- stderr
    error: the down script of migration 3 add_price fails: must be owner of table books (SQLSTATE 42501)
     --> migrations/versions/V3__add_price.down.sql:1:1
      |
    1 | alter table books drop price;
      | ^^^^^ statement 1
    note: the database is at 3 add_price, 0 pending
    help: connect with a role that has the right, or grant it
    -- exit 1
    ");
    bench.script("V4__add_year.sql", "--! parents = [3]\nalter table books add year int;\n");
    assert_snapshot!(bench.unchanged(|| run(&bench, &reader, &["upgrade"])).snapshot(), @"
    $ cargo-migrate upgrade
    -- stderr
    error: the up script of migration 4 add_year fails: must be owner of table books (SQLSTATE 42501)
     --> migrations/versions/V4__add_year.sql:2:1
      |
    2 | alter table books add year int;
      | ^^^^^ statement 1
    note: the database is at 3 add_price, 1 pending
    help: connect with a role that has the right, or grant it
    -- exit 1
    ");
}

#[test]
fn a_role_that_may_not_create() {
    let bench = Bench::new(LINE);
    let role = Role::new(&bench.database, &[]);
    assert_snapshot!(bench.unchanged(|| run(&bench, &role, &["upgrade"])).snapshot(), @"
    $ cargo-migrate upgrade
    -- stderr
    error: applying migrations/versions/V1__create_books.sql: permission denied for schema public (SQLSTATE 42501)
    help: the role needs USAGE and CREATE on the schema, and SELECT, INSERT, UPDATE and DELETE on the history's tables
    -- exit 3
    ");
    // One that may keep a history, and not touch the application's tables.
    bench.migrate(&["upgrade", "--to", "1"]).success();
    let tables = "refinery_schema_history, cargo_migrate_archive, cargo_migrate_log";
    bench.database.execute(&format!("grant all on {tables} to {}", role.name()));
    bench.database.execute(&format!("grant usage on all sequences in schema public to {}", role.name()));
    assert_snapshot!(run(&bench, &role, &["upgrade"]).ended(1).snapshot(), @"
    $ cargo-migrate upgrade
    -- stderr
    error: the up script of migration 2 add_isbn fails: must be owner of table books (SQLSTATE 42501)
     --> migrations/versions/V2__add_isbn.sql:2:1
      |
    2 | alter table books add isbn text;
      | ^^^^^ statement 1
    note: the database is at 1 create_books, 2 pending
    help: connect with a role that has the right, or grant it
    -- exit 1
    ");
    assert_eq!((bench.applied().as_str(), bench.columns().as_str()), ("1", "id title"));
}

/// A role that may not even read the history is told so.
#[test]
fn a_role_that_may_not_read() {
    let bench = Bench::new(LINE);
    bench.migrate(&["upgrade"]).success();
    let role = Role::new(&bench.database, &[]);
    assert_snapshot!(bench.unchanged(|| run(&bench, &role, &["status"])).snapshot(), @"
    $ cargo-migrate status
    -- stderr
    error: reading the history: permission denied for table refinery_schema_history (SQLSTATE 42501)
    help: the role needs USAGE and CREATE on the schema, and SELECT, INSERT, UPDATE and DELETE on the history's tables
    -- exit 3
    ");
}

/// A role with rights in a schema of its own needs no others.
#[test]
fn a_role_with_a_schema_of_its_own() {
    let bench = Bench::new(&[
        ("V1__create_books.sql", "create table app.books (id int8 primary key);\n"),
        ("V1__create_books.down.sql", "drop table app.books;\n"),
    ]);
    bench.configure("history = \"app.history\"\n");
    bench.database.execute("create schema app");
    let role = Role::new(&bench.database, &["grant all on schema app"]);
    run(&bench, &role, &["upgrade"]).success();
    run(&bench, &role, &["downgrade"]).success();
    run(&bench, &role, &["stamp", "head"]).success();
    assert_eq!(bench.database.value("select count(*) from app.history"), "1");
}

/// Whoever looks neither waits for whoever writes, nor keeps them waiting.
#[test]
fn looking_takes_no_lock() {
    let bench = Bench::new(LINE);
    bench.migrate(&["upgrade", "--to", "2"]).success();
    let key = advisory_key(&Table { schema: "public".to_owned(), name: "refinery_schema_history".to_owned() });
    block_on(async {
        let holder = bench.database.client().await;
        holder.batch_execute(&format!("select pg_advisory_lock({key}); create table held ()")).await.unwrap();
        for (args, code) in READING.iter().zip([0, 4, 0, 4, 0, 0]) {
            bench.migrate_unchanged(args).ended(code);
        }
        let refused = bench.migrate_unchanged(&["upgrade", "--wait", "0"]).ended(1);
        assert!(refused.stderr.contains("another process migrates this database"), "{refused:?}");
        bench.migrate_unchanged(&["downgrade", "--wait", "0"]).ended(1);
        bench.migrate_unchanged(&["stamp", "head", "--wait", "0"]).ended(1);
        // One that waits goes on as soon as it can, and has said who it waits for.
        let waiting = bench.invoke(&["upgrade"]).start();
        holder
            .batch_execute(
                "do $$ begin while not exists (select from pg_stat_activity where application_name = 'cargo-migrate'
                 and datname = current_database()) loop perform pg_sleep(0.01); perform pg_stat_clear_snapshot(); end loop; end $$",
            )
            .await
            .unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        holder.batch_execute(&format!("select pg_advisory_unlock({key})")).await.unwrap();
        let waited = waiting.wait().success();
        assert!(waited.stderr.contains("Waiting for the lock, held by process "), "{waited:?}");
    });
    assert_eq!(bench.applied(), "1 2 3");
}

/// A server that follows another one, or is to become one that does: it answers, and takes nothing.
#[test]
fn a_standby_only_reads() {
    let bench = Bench::new(LINE);
    let mut server = own_server(&[]);
    let url = block_on(server.create_database("shop")).unwrap();
    let run = |args: &[&str]| {
        let run = Invocation::new(&bench.project, args).env("DATABASE_URL", url.expose());
        run.hide(url.servers(), "[SERVER]").output()
    };
    run(&["upgrade", "--to", "2"]).success();
    let signal = server.folder().unwrap().join("data/standby.signal");
    fs_err::write(&signal, "").unwrap();
    block_on(server.restart(Restart::Fast)).unwrap();
    let recovering = block_on(async {
        let client = connect(&url).await.unwrap();
        client.query_one("select pg_is_in_recovery()", &[]).await.unwrap().get::<_, bool>(0)
    });
    assert!(recovering);
    for (args, code) in READING.iter().zip([0, 4, 0, 4, 0, 0]) {
        run(args).ended(code);
    }
    assert_snapshot!(run(&["upgrade"]).ended(3).snapshot(), @"
    $ cargo-migrate upgrade
    -- stderr
    error: the database can't be written: the server is a standby
    help: connect to the primary server with a role that may write
    -- exit 3
    ");
    assert_snapshot!(run(&["downgrade"]).ended(3).snapshot(), @"
    $ cargo-migrate downgrade
    -- stderr
    error: the database can't be written: the server is a standby
    help: connect to the primary server with a role that may write
    -- exit 3
    ");
    run(&["stamp", "head"]).ended(3);
    assert_eq!(run(&["current"]).success().stdout, "2  add_isbn\n");
    block_on(server.stop());
}
