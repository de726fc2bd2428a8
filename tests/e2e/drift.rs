//! `drift`: what differs between a database and what its migrations make.

use crate::generate_case::{BOOKS, bench, generate};

#[test]
fn drift_names_what_differs_and_what_mends_it() {
    let bench = bench(BOOKS);
    generate(&bench, "create", &[]);
    bench.migrate(&["upgrade"]).success();
    // A pending migration is no drift.
    bench.script("V2__more.sql", "--! parents = [1]\nalter table books add isbn text;\n");
    let same = bench.migrate_unchanged(&["drift"]).success();
    assert!(same.stderr.contains("is what its 1 applied migrations make"), "{same:?}");
    bench
        .database
        .execute("create index by_hand on books (copies); alter table books alter copies drop default, add note text");
    let drift = bench.migrate_unchanged(&["drift"]).ended(1);
    for text in ["by_hand", "public.books.note", "DROP INDEX", "DROP COLUMN note", "SET DEFAULT 1"] {
        assert!(drift.stdout.contains(text), "{text}: {drift:?}");
    }
    let json = bench.migrate_unchanged(&["drift", "--format", "json"]).ended(1).json();
    assert_eq!(json["differences"].as_array().unwrap().len(), 3, "{json}");
    // What it prints mends it.
    for statement in json["sql"].as_array().unwrap() {
        bench.database.execute(statement.as_str().unwrap());
    }
    bench.migrate_unchanged(&["drift"]).success();
}

/// Migrations are tried by another role on another server: that everything has another owner there is no difference.
#[test]
fn who_owns_everything_is_no_drift() {
    let bench = bench(BOOKS);
    generate(&bench, "create", &[]);
    bench.database.execute(&format!(
        "do $$ begin create role drift_owner login password 'pw'; exception when duplicate_object then null; end $$;
         alter database {} owner to drift_owner",
        bench.database.name()
    ));
    let url = bench.database.url_as("drift_owner", "pw");
    let run = |args: &[&str]| bench.invoke(args).env("DATABASE_URL", url.expose()).output();
    run(&["upgrade"]).success();
    run(&["drift", "--scratch", "server"]).success();
    // One that somebody else made is.
    bench.database.execute("create table another ()");
    let drift = run(&["drift", "--scratch", "server"]).ended(1);
    assert!(drift.stdout.contains("public.another"), "{drift:?}");
}
