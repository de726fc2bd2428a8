//! What migrations really lock: recorded by `upgrade -v` and by a rehearsal, whose gate looks at it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use tests::bench::{Bench, LINE};
use tests::postgres::Database;
use tests::repository::Repository;

use crate::fault_case::{Case, OUTSIDE, STOP};
use crate::promote::promote;

const TABLES: &str = "create table books (id int8 primary key, title text); create index titles on books (title);
create table shelves (book int8); create table gone (id int8); create materialized view seen as select * from books; create materialized view kept as select 1 as one;
insert into books select n, 'a' from generate_series(1, 1000) n;";

/// From outside, at the moment when the migration has run its last statement and is not committed.
#[test]
fn the_report_is_what_pg_locks_shows() {
    let database = Database::new();
    let script = format!(
        "alter table shelves add foreign key (book) references books;\ndrop materialized view seen;\n\
         alter table books alter title type varchar(9) using title || 'b';\ndrop table gone;\n\
         create table fresh (id int8 primary key);\nrefresh materialized view kept;\nselect 'lock' as cargo_migrate_mark;\n{STOP}"
    );
    let case = Case::new(database.url(), &[TABLES, &script]);
    case.start_at(&case.url, &["1"]).wait().success();
    let names = || -> BTreeMap<String, String> {
        let rows = database.rows(
            "select c.oid::text, format('%I.%I', nspname, relname) from pg_class c join pg_namespace n on n.oid = relnamespace
             where c.oid >= 16384 and nspname <> 'pg_toast'",
        );
        rows.into_iter().map(|row| (row[0].clone(), row[1].clone())).collect()
    };
    let mut all = names();
    let gate = case.gate();
    let upgrade = case.start_at(&case.url, &["-v", "--format", "json"]);
    let pid = case.stuck();
    let held = database.rows(&format!(
        "select relation::text, mode from pg_locks where pid = {pid} and locktype = 'relation' and granted and relation >= 16384"
    ));
    gate.release();
    let output = upgrade.wait().success();
    all.extend(names());
    let outside: BTreeSet<(String, String)> =
        held.into_iter().filter_map(|row| Some((all.get(&row[0])?.clone(), row[1].clone()))).collect();
    let taken = output.json()["taken"][0].clone();
    let locks = taken["locks"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let inside: BTreeSet<(String, String)> =
        locks.iter().map(|lock| (text(&lock["relation"]), text(&lock["mode"]))).collect();
    assert_eq!(inside, outside);
    let has = |relation: &str, mode: &str| inside.contains(&(relation.to_owned(), mode.to_owned()));
    assert!(has("public.books", "AccessExclusiveLock") && has("public.gone", "AccessExclusiveLock"), "{inside:?}");
    assert!(has("public.shelves", "ShareRowExclusiveLock") && has("public.fresh", "AccessExclusiveLock"), "{inside:?}");
    let created: BTreeSet<String> =
        locks.iter().filter(|lock| lock["created"] == json!(true)).map(|lock| text(&lock["relation"])).collect();
    assert!(created.contains("public.fresh") && !created.contains("public.books"), "{created:?}");
    let rewritten: Vec<_> = taken["rewritten"].as_array().unwrap().iter().map(text).collect();
    assert!(
        rewritten.contains(&"public.books".to_owned()) && rewritten.contains(&"public.kept".to_owned()),
        "{rewritten:?}"
    );
    assert!(!rewritten.contains(&"public.shelves".to_owned()), "{rewritten:?}");
    assert!(taken["wal_bytes"].as_u64().unwrap() > 8192, "{taken}");
    assert!(output.stderr.contains("2 m2: ACCESS EXCLUSIVE on public.books for up to"), "{}", output.stderr);
    assert!(!output.stderr.contains("ACCESS EXCLUSIVE on public.fresh"), "{}", output.stderr);
}

/// A lock that comes with a later statement is held for less long.
#[test]
fn it_is_held_from_its_statement_on() {
    let bench = Bench::new(LINE);
    bench
        .script("V4__slow.sql", "--! parents = [3]\nselect pg_sleep(0.4);\nlock table books;\nselect pg_sleep(0.1);\n");
    bench.script("V5__outside.sql", "--! parents = [4]\n--! transaction = false\nvacuum full books;\n");
    bench.migrate(&["upgrade", "3"]).success();
    let output = bench.migrate(&["upgrade", "-v", "--format", "json"]).success();
    let taken = output.json()["taken"].clone();
    let held = taken[0]["locks"][0]["held_milliseconds"].as_u64().unwrap();
    assert!(held >= 100 && held + 390 < taken[0]["milliseconds"].as_u64().unwrap(), "{taken}");
    assert_eq!((&taken[0]["rewritten"], &taken[1]["locks"]), (&json!([]), &Value::Null));
    assert!(taken[1]["rewritten"].as_array().unwrap().contains(&json!("public.books")), "{taken}");
    assert!(
        output.stderr.contains("5 outside") && output.stderr.contains("locks are not recorded outside"),
        "{}",
        output.stderr
    );
    bench.migrate(&["check", "--database"]).success();
}

/// What fails is said in the same words, points to the same place, and leaves the same behind.
#[test]
fn failures_are_the_same_when_it_records() {
    for script in [
        "create table a (id int8);\nselect 1 / 0;\n",
        "create table a (id int8);\nselect\n  nothing from books;\n",
        "create table a (id int8);\nselekt 1;\n",
        "alter table books add unique (title) deferrable initially deferred;\ninsert into books values (1, 'a'), (2, 'a');\n",
    ] {
        let bench = Bench::new(LINE);
        bench.migrate(&["upgrade", "3"]).success();
        bench.script("V4__fails.sql", format!("--! parents = [3]\n--! allow = [\"syntax-error\"]\n{script}"));
        let place = |args: &[&str]| {
            let output = bench.migrate(&[&["upgrade", "--format", "json"], args].concat()).ended(1);
            let error = output.json()["error"].clone();
            (error["message"].clone(), error["location"].clone())
        };
        assert_eq!(place(&["-v"]), place(&[]), "{script}");
        assert_eq!(bench.applied(), "1 2 3");
        assert_eq!(bench.database.value("select to_regclass('a') is null"), "t");
        assert_eq!(bench.database.value("select count(*) from cargo_migrate_log where outcome = 'failed'"), "2");
    }
}

/// It gives way as ever.
#[test]
fn it_gives_way_when_it_records() {
    let database = Database::new();
    let script = "--! lock-timeout = \"300ms\"\ninsert into effects values (2);\nalter table books add pages int;";
    let case = Case::new(database.url(), &[TABLES, script, &format!("{OUTSIDE}insert into effects values (3);")]);
    case.start_at(&case.url, &["1"]).wait().success();
    let reader = case.hold("begin; select * from books");
    let mut upgrade = case.start_giving_way(&case.url, &["-v"]);
    upgrade.until_said("attempt 2 of 11 in");
    reader.release();
    upgrade.wait().success();
    case.is_complete("2 3");
}

#[test]
fn a_lock_beyond_the_limit_fails_the_rehearsal() {
    let books = ("V1__books", "create table books (id int8 primary key);\n", "drop table books;\n");
    let repository = Repository::new(&[books]);
    let add = "--! parents = [1]\nalter table books add n int8;\nselect pg_sleep(0.3);\n";
    repository.migration("V2__add", add, "alter table books drop n;\n");
    repository.settings("promote.max-lock-time = '100ms'\n");
    repository.commit("add a column");
    let at = ["--staging-at", "1", "--production-at", "head"];
    let report = promote(&repository, 1, &at);
    let gate = |report: &Value, stage: usize| -> Value {
        let gates = report["stages"][stage]["gates"].as_array().unwrap();
        gates.iter().find(|gate| gate["name"] == "locks").cloned().unwrap_or_default()
    };
    let (staging, production) = (gate(&report, 2), gate(&report, 3));
    assert_eq!((&staging["result"], &production["result"]), (&json!("failed"), &json!("passed")), "{report:#}");
    assert_eq!(staging["failures"][0]["message"], "2 add locks more than it may");
    let body = staging["failures"][0]["body"].as_str().unwrap();
    assert!(
        body.starts_with("ACCESS EXCLUSIVE on public.books for ") && body.contains("`max-lock-time` is 100 ms"),
        "{body}"
    );
    let locks = report["stages"][2]["taken"][0]["locks"].as_array().unwrap();
    assert_eq!((&locks[0]["relation"], &locks[0]["mode"]), (&json!("public.books"), &json!("AccessExclusiveLock")));
    assert_eq!(report["stages"][3]["taken"], json!([]));

    repository.settings("promote.max-lock = 'share row exclusive'\n");
    repository.commit("limit the level");
    let body = gate(&promote(&repository, 1, &at), 2)["failures"][0]["body"].clone();
    assert!(
        body.as_str().unwrap().contains("ACCESS EXCLUSIVE on public.books, which is more than `max-lock` allows"),
        "{body}"
    );
    repository.settings("promote.max-lock = 'access exclusive'\npromote.max-lock-time = '1min'\n");
    repository.commit("limit hardly");
    assert_eq!(gate(&promote(&repository, 0, &at), 2)["result"], "passed");
}
