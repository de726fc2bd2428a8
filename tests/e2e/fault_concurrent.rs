//! Many processes upgrade one database at once.

use tests::output::Output;
use tests::postgres::Database;
use tests::running::Running;

use crate::fault_case::{Case, OUTSIDE};

fn all_succeed(outputs: Vec<Output>) {
    for output in outputs {
        output.success();
    }
}

#[test]
fn eight_on_an_empty_database() {
    let database = Database::new();
    let scripts: Vec<String> = (1..=12)
        .map(|n| format!("{}insert into effects values ({n});", if n % 5 == 0 { OUTSIDE } else { "" }))
        .collect();
    let case = Case::new(database.url(), &scripts.iter().map(String::as_str).collect::<Vec<_>>());
    all_succeed(case.upgrade_at_once(&case.url, 8));
    case.is_complete("1 2 3 4 5 6 7 8 9 10 11 12");
}

/// A concurrent build waits for every snapshot; a process that waited for the lock with one would never end.
#[test]
fn eight_with_a_concurrent_index() {
    let database = Database::new();
    let index = format!(
        "{OUTSIDE}create index concurrently big_id on big (id);\ninsert into effects values (2);\n\
         create index concurrently big_next on big ((id + 1));"
    );
    let case = Case::new(
        database.url(),
        &[
            "create table big as select g as id from generate_series(1, 50000) g;",
            &index,
            "insert into effects values (3);",
        ],
    );
    all_succeed(case.upgrade_at_once(&case.url, 8));
    case.is_complete("2 3");
    assert_eq!(case.value("select count(*) from pg_index where indrelid = 'big'::regclass and indisvalid"), "2");
}

#[test]
fn eight_first_runs_in_a_schema_that_is_not_there() {
    let database = Database::new();
    let case = Case::new(database.url(), &["insert into effects values (1);", "insert into effects values (2);"]);
    let manifest = case.project.read("Cargo.toml");
    case.project.write("Cargo.toml", format!("{manifest}\n[package.metadata.migrate]\nhistory = \"deploy.history\"\n"));
    let barrier = case.lock(Some("deploy.history"), "barrier");
    let mut all: Vec<Running> = (0..8).map(|_| case.start()).collect();
    for run in &mut all {
        run.until_said("for the lock, held by process");
    }
    barrier.release();
    all_succeed(all.into_iter().map(Running::wait).collect());
    assert_eq!(case.effects(), "1 2");
    assert_eq!(case.value("select string_agg(version::text, ' ' order by version) from deploy.history"), "1 2");
    assert_eq!(case.value("select count(*) from deploy.cargo_migrate_log"), "2");
    case.is_unlocked();
}
