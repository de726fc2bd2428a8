//! `plan --sql`: run by psql it does what `upgrade` does.

use std::process::{Command, Stdio};

use cargo_migrate::config::database_url::DatabaseUrl;
use cargo_migrate::scratch;
use tests::bench::Bench;
use tests::output::Output;
use tests::postgres::Database;
use tests::running::until;

use crate::fault_case::Case;

const SCRIPTS: &[(&str, &str)] = &[
    ("V1__books.sql", "create table books (id int8 primary key, title text not null);\n"),
    ("V1__books.down.sql", "drop table books;\n"),
    (
        "V2__quotes.sql",
        "--! parents = [1]\n--! lock-timeout = \"5s\"\nset search_path = pg_catalog;\ninsert into public.books values (1, 'it''s :DBNAME \\n $x$ ; \"'), (2, E'a\\\\b');\n\
         create function public.f() returns text language plpgsql as $body$ begin return 'a;b \\ :HOST'; end $body$\n",
    ),
    (
        "V3__no_path.sql",
        "--! parents = [2]\ncreate table shelves (id int8 primary key, path text default current_setting('search_path'))",
    ),
    ("V3__no_path.down.sql", "drop table shelves; -- 'ö'\n"),
    (
        "V4__outside.sql",
        "--! parents = [3]\n--! transaction = false\ninsert into books values (3, current_setting('lock_timeout'));\n\
         create index concurrently titles on books (title);\nvacuum books;\nset work_mem = '5MB';\ninsert into shelves values (1, current_setting('work_mem'));\n",
    ),
    (
        "V5__after.sql",
        "--! parents = [4]\ninsert into shelves values (2, current_setting('work_mem')), (3, current_setting('lock_timeout'));\n",
    ),
];

fn psql(url: &DatabaseUrl, script: &str) -> Output {
    let program = scratch::binaries().expect("there are server programs").join("psql");
    let file = tempfile::NamedTempFile::new().unwrap();
    fs_err::write(file.path(), script).unwrap();
    let mut command = Command::new(program);
    command.arg("-X").arg("-f").arg(file.path()).arg(url.expose()).stdin(Stdio::null());
    let output = command.output().unwrap();
    let [stdout, stderr] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    Output { command: "psql".to_owned(), code: output.status.code(), stdout, stderr }
}

/// All there is, without times and who did it.
fn all(database: &Database) -> Vec<String> {
    let mut all: Vec<String> = database
        .contents()
        .into_iter()
        .filter(|line| {
            !["refinery_schema_history: ", "cargo_migrate_archive: ", "cargo_migrate_log: "]
                .iter()
                .any(|table| line.contains(table))
        })
        .collect();
    for rows in [
        "select version, name, checksum, applied_on ~ '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z$' from refinery_schema_history order by 1",
        "select history, version, name, parents, up, down, up_sha256, down_sha256, execution_time >= '0', tool_version, git_commit
         from cargo_migrate_archive order by 2",
        "select id, history, action, version, name, finished_at >= started_at, outcome, error, tool_version, git_commit, details
         from cargo_migrate_log order by 1",
        "select * from cargo_migrate_progress",
        "select indexrelid::regclass, indisvalid from pg_index where indrelid = 'books'::regclass order by 1",
    ] {
        all.extend(database.rows(rows).into_iter().map(|row| row.join(" | ")));
    }
    all
}

#[test]
fn psql_leaves_the_same_database_as_an_upgrade() {
    for start in [None, Some("1")] {
        let bench = Bench::new(SCRIPTS);
        let by_hand = Database::new();
        let at = |args: &[&str]| bench.invoke(args).env("DATABASE_URL", by_hand.url().expose()).output();
        if let Some(start) = start {
            bench.migrate(&["upgrade", start]).success();
            at(&["upgrade", start]).success();
        }
        let script = at(&["plan", "--sql"]).success().stdout;
        bench.migrate(&["upgrade"]).success();
        let locks =
            "\nselect 'locks: ' || count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid();\n";
        let run = psql(&by_hand.url(), &format!("{script}{locks}")).success();
        assert!(run.stdout.contains("5 after") && run.stdout.contains("done"), "{run:?}");
        assert!(run.stdout.contains("locks: 0"), "who goes on in the session holds nothing: {run:?}");
        assert_eq!(all(&by_hand), all(&bench.database));
        assert_eq!(by_hand.value("select count(*) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())"), "0");
        // It is as any other.
        at(&["check", "--database"]).success();
        let again = psql(&by_hand.url(), &script);
        assert!(again.stderr.contains("the history is not what it was when this script was made"), "{again:?}");
        assert_eq!(all(&by_hand), all(&bench.database));
    }
}

/// It stops where it failed; what was done before is recorded, and an upgrade goes on from there.
#[test]
fn what_fails_stops_it_and_an_upgrade_goes_on() {
    let bench = Bench::new(SCRIPTS);
    let script = bench.migrate_unchanged(&["plan", "--sql"]).success().stdout;
    let broken = script.replace("\nvacuum books\n", "\nvacuum nothing\n");
    assert_ne!(broken, script);
    let run = psql(&bench.database.url(), &broken).ended(3);
    assert!(run.stderr.contains("relation \"nothing\" does not exist"), "{run:?}");
    assert_eq!(bench.applied(), "1 2 3");
    assert_eq!(
        bench
            .database
            .value("select string_agg(concat(statement, state), ' ' order by statement) from cargo_migrate_progress"),
        "1done 2done 3running"
    );
    let half_way = bench.migrate_unchanged(&["plan", "--sql"]).ended(1);
    assert!(half_way.stderr.contains("was interrupted after 2 statements"), "{}", half_way.stderr);
    bench.migrate(&["upgrade"]).success();
    assert_eq!(bench.applied(), "1 2 3 4 5");
    assert_eq!(bench.database.value("select count(*) from books"), "3");
}

#[test]
fn it_gives_way_to_who_holds_the_lock() {
    let bench = Bench::new(SCRIPTS);
    bench.migrate(&["upgrade", "1"]).success();
    let script = bench.migrate(&["plan", "--sql"]).success().stdout;
    let before = bench.database.contents();
    let holder = Case::new(bench.database.url(), &[]).lock(None, "another upgrade");
    let run = psql(&bench.database.url(), &script).ended(3);
    holder.release();
    assert!(run.stderr.contains("somebody else migrates this database"), "{run:?}");
    assert_eq!(bench.database.contents(), before);
}

#[test]
fn a_backfill_is_no_script() {
    let bench = Bench::new(&SCRIPTS[..2]);
    bench.script("V2__fill.sql", "--! parents = [1]\n--! backfill = { table = \"books\", key = \"id\" }\nupdate books set title = upper(title) where id between $1 and $2;\n");
    bench.script("V2__fill.down.sql", "select 1;\n");
    bench.migrate(&["upgrade", "1"]).success();
    let refused = bench.migrate_unchanged(&["plan", "--sql"]).ended(1);
    assert!(
        refused.stderr.contains("migration 2 is a backfill")
            && refused.stderr.contains("`cargo migrate upgrade --to 2`"),
        "{}",
        refused.stderr
    );
    let nothing = bench.migrate_unchanged(&["plan", "--sql", "--skip-backfills"]).success().stdout;
    assert!(nothing.contains("-- Nothing is pending"), "{nothing}");
    assert!(!nothing.contains("SELECT"), "{nothing}");
}

/// A concurrent build waits in nobody's way, and half way given up it leaves an invalid index behind.
#[test]
fn a_concurrent_build_waits_however_long_it_takes() {
    let bench = Bench::new(&SCRIPTS[..2]);
    bench.configure("lock-timeout = \"200ms\"\n");
    bench.script(
        "V2__index.sql",
        "--! parents = [1]\n--! transaction = false\ncreate index concurrently titles on books (title);\n",
    );
    bench.migrate(&["upgrade", "1"]).success();
    let script = bench.migrate(&["plan", "--sql"]).success().stdout;
    let case = Case::new(bench.database.url(), &[]);
    let writer = case.hold("begin; insert into books values (1, 'a')");
    let url = case.url.clone();
    let run = std::thread::spawn(move || psql(&url, &script));
    let waits = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    until("the build waits", || case.value(waits) == "1");
    std::thread::sleep(std::time::Duration::from_millis(700));
    writer.release();
    run.join().unwrap().success();
    assert_eq!(bench.database.value("select indisvalid from pg_index where indexrelid = 'titles'::regclass"), "t");
}
