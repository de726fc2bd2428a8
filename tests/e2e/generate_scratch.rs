//! Where `generate` builds what it compares: scratch databases that are kept, and servers of its own.

use tests::postgres::{block_on, connect, own_server};

use crate::generate_case::{BOOKS, bench};

/// What is built is kept for the next run, what is passing goes, and what is somebody else's stays.
#[test]
fn the_second_run_finds_what_the_first_one_built() {
    let bench = bench(BOOKS);
    let server = own_server(&[]);
    let url = block_on(server.create_database("dev")).unwrap();
    for name in ["cargo_migrate_scratch_t_1000_1_1", "cargo_migrate_other", "scratch"] {
        block_on(server.create_database(name)).unwrap();
    }
    let run = |args: &[&str]| bench.invoke(args).env("DATABASE_URL", url.expose()).output().success();
    let databases = || {
        let sql = "select datname || ' ' || oid from pg_database where not datistemplate order by 1";
        let rows = block_on(async { connect(&url).await.unwrap().query(sql, &[]).await.unwrap() });
        rows.iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>()
    };
    run(&["generate", "-m", "create"]);
    run(&["generate", "--check"]);
    let first = databases();
    let kept = first.iter().filter(|name| name.starts_with("cargo_migrate_scratch_")).count();
    assert_eq!((kept, first.len()), (3, 7), "nothing, one migration, and the models; and what was there: {first:?}");
    assert!(!first.iter().any(|name| name.starts_with("cargo_migrate_scratch_t_")), "{first:?}");
    // To make a database is to write megabytes of log, whatever becomes of it.
    let written = || {
        let sql = "select (pg_current_wal_insert_lsn() - '0/0')::int8";
        block_on(async { connect(&url).await.unwrap().query_one(sql, &[]).await.unwrap().get::<_, i64>(0) })
    };
    let before = written();
    run(&["generate", "--check"]);
    assert!(written() - before < 1_000_000, "{} bytes were written", written() - before);
    assert_eq!(databases(), first);
    // A script that is another is another schema, though its name and place stay.
    bench.project.replace(
        "migrations/versions/V1__create.sql",
        "title text NOT NULL,",
        "title text NOT NULL, isbn text,",
    );
    let another = run(&["generate", "--check"]);
    assert!(another.stderr.contains("column books.isbn is in no model"), "{another:?}");
}

/// More statements than one transaction takes; which one fails is known all the same.
#[test]
fn of_a_thousand_statements_the_one_that_fails_is_named() {
    let bench = bench(BOOKS);
    bench.configure("models = \"schema.sql\"\n");
    let tables: String = (1..=1_100).map(|number| format!("create table t{number} ();\n")).collect();
    bench.project.write("schema.sql", format!("{tables}create table t7 ();\ncreate table after ();\n"));
    let refused = bench.migrate(&["generate", "--check"]).ended(1);
    assert!(refused.stderr.contains("schema.sql:1101:1"), "{refused:?}");
    assert!(refused.stderr.contains("relation \"t7\" already exists"), "{refused:?}");
    // A place in the statement counts from its own first character.
    bench.project.write("schema.sql", format!("{tables}create table other (\n    a nonsense\n);\n"));
    let refused = bench.migrate(&["generate", "--check"]).ended(1);
    assert!(refused.stderr.contains("schema.sql:1102:7"), "{refused:?}");
    bench.project.write("schema.sql", &tables);
    let differs = bench.migrate(&["generate", "--check"]).ended(4);
    assert!(differs.stdout.contains("CREATE TABLE public.t1100"), "{differs:?}");
}

/// A role that may not create databases gets a throw-away server, unless it insists.
#[test]
fn without_the_right_to_create_databases_a_server_of_its_own_is_used() {
    let bench = bench(BOOKS);
    bench.database.execute("do $$ begin create role generate_reader login password 'pw'; exception when duplicate_object then null; end $$");
    let url = bench.database.url_as("generate_reader", "pw");
    let run = |args: &[&str]| bench.invoke(args).env("DATABASE_URL", url.expose()).output();
    let refused = run(&["generate", "--check", "--scratch", "database"]).ended(1);
    assert!(refused.stderr.contains("role `generate_reader` may not create databases"), "{refused:?}");
    assert!(refused.stderr.contains("ALTER ROLE generate_reader CREATEDB"), "{refused:?}");
    run(&["generate", "-m", "create"]).success();
    run(&["generate", "--check"]).success();
}
