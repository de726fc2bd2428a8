//! `repair` beside other processes, killed, and over migrations that stopped half way.

use insta::assert_snapshot;
use tests::output::Output;
use tests::postgres::Database;
use tests::proxy::{Loss, Proxy};
use tests::running::{Running, until};

use crate::fault_case::{Case, OUTSIDE, STOP};

/// Three migrations that are applied, the last two of which have lost their files. The second one's way back stops at a gate;
/// nothing in them would keep anybody from going back twice.
fn orphaned(database: &Database) -> Case {
    let case = Case::new(database.url(), &["", "create table a (n int);", "create table b (n int);"]);
    let versions = "migrations/versions";
    case.project.write(
        format!("{versions}/V2__m2.down.sql"),
        format!("{STOP}\ndrop table if exists a;\ninsert into effects values (2);\n"),
    );
    case.project
        .write(format!("{versions}/V3__m3.down.sql"), "drop table if exists b;\ninsert into effects values (3);\n");
    case.upgrade().success();
    for file in ["V2__m2.sql", "V2__m2.down.sql", "V3__m3.sql", "V3__m3.down.sql"] {
        case.project.remove(format!("{versions}/{file}"));
    }
    case
}

fn start(case: &Case, args: &[&str]) -> Running {
    Running::start(&case.project, &[&["repair", "--yes", "--database-url", case.url.expose()], args].concat())
}

fn run(case: &Case, args: &[&str]) -> Output {
    start(case, args).wait()
}

fn applied(case: &Case) -> String {
    case.value("select string_agg(version::text, ' ' order by version) from refinery_schema_history")
}

#[test]
fn it_waits_for_whoever_holds_the_lock_and_names_them() {
    let database = Database::new();
    let case = orphaned(&database);
    let before = case.project.files();
    let held = case.lock(None, "psql");
    let mut repair = start(&case, &["--restore"]);
    repair.until_said(&format!("for the lock, held by process {} (psql, postgres@", held.pid()));
    assert_eq!(case.project.files(), before, "nothing is written before the lock is held");
    held.release();
    repair.wait().success();
    assert_eq!(case.project.files().len(), before.len() + 4);
    let impatient = case.lock(None, "psql");
    let refused = run(&case, &["--restore", "--wait", "0s"]);
    assert!(refused.code == Some(0), "there is nothing left to restore: {refused:?}");
    impatient.release();
    case.is_unlocked();
}

/// Two repairs that were decided on the same state: the second one finds it changed.
#[test]
fn what_was_changed_meanwhile_is_not_written_over() {
    let database = Database::new();
    let case = orphaned(&database);
    let held = case.lock(None, "psql");
    let mut forget = start(&case, &["--forget", "3", "--reason", "x"]);
    forget.until_said("for the lock, held by");
    database.execute("update refinery_schema_history set checksum = '1' where version = 3");
    held.release();
    let refused = forget.wait().ended(1);
    assert!(refused.stderr.contains("migration 3 was changed in the database since it was looked at"), "{refused:?}");
    assert_eq!(applied(&case), "1 2 3");
    case.is_unlocked();
}

#[test]
fn two_at_once_do_it_once() {
    let database = Database::new();
    let case = orphaned(&database);
    // All of them have decided on the same before any may act.
    let held = case.lock(None, "psql");
    let mut all: Vec<Running> = (0..4).map(|_| start(&case, &["--downgrade"])).collect();
    for repair in &mut all {
        repair.until_said("for the lock, held by");
    }
    held.release();
    let codes: Vec<Option<i32>> = all.into_iter().map(|repair| repair.wait().code).collect();
    assert!(codes.contains(&Some(0)) && codes.iter().all(|code| matches!(code, Some(0 | 1))), "{codes:?}");
    assert_eq!((applied(&case).as_str(), case.effects().as_str()), ("1", "2 3"));
    case.is_unlocked();
}

#[test]
fn killed_between_two_migrations_the_next_run_goes_on() {
    let database = Database::new();
    let case = orphaned(&database);
    let gate = case.gate();
    let first = start(&case, &["--downgrade"]);
    let pid = case.stuck();
    first.kill();
    case.terminate(&pid);
    case.is_unlocked();
    assert_eq!((applied(&case).as_str(), case.effects().as_str()), ("1 2", "3"));
    gate.release();
    run(&case, &["--downgrade"]).success();
    assert_eq!((applied(&case).as_str(), case.effects().as_str()), ("1", "2 3"));
    assert_eq!(run(&case, &[]).success().stdout, "");
}

/// The files are written, and the process dies before the log has it: they are whole, and nothing is missing.
#[test]
fn killed_after_the_files_were_written() {
    let database = Database::new();
    let case = orphaned(&database);
    let proxy = Proxy::start(&case.url, "jsonb_build_object", Loss::Request);
    let url = proxy.url(&case.url);
    let first = Running::start(&case.project, &["repair", "--restore", "--yes", "--database-url", url.expose()]);
    until("the log is sent", || proxy.has_lost());
    first.kill();
    case.is_unlocked();
    let again = run(&case, &["--restore"]).success();
    assert!(again.stderr.contains("there is nothing to do"), "{again:?}");
    assert_eq!(run(&case, &[]).success().stdout, "");
}

const HALF: &str = "create table a (n int);\ncreate table half (n int);\nselect 1 / 0;\nvacuum a;";

/// A migration outside a transaction whose third statement fails.
fn half_way(database: &Database) -> Case {
    let case = Case::new(database.url(), &["", &format!("{OUTSIDE}{HALF}")]);
    case.upgrade().ended(1);
    case
}

#[test]
fn a_stopped_migration_is_shown_statement_by_statement() {
    let database = Database::new();
    let case = half_way(&database);
    let looked = run(&case, &[]).ended(1);
    let text = looked.snapshot().replace(case.url.expose(), "[URL]");
    assert_snapshot!(text, @"
    $ cargo-migrate repair --yes --database-url [URL]
    2 m2: its up script stopped half way
       STATE      BEGUN                 STATEMENT
    1  done       [NOW]  CREATE TABLE A N
    2  done       [NOW]  CREATE TABLE HALF N
    3  failed     [NOW]  SELECT               division by zero
    4  not begun                        VACUUM A
    -- stderr
    help: `cargo migrate upgrade` goes on where it stopped
    help: `cargo migrate repair --done 2` takes it for finished, once you have done the rest
    help: `cargo migrate repair --undone 2` takes it for not begun, once you have undone what it did
    -- exit 1
    ");
}

/// A procedure may have committed a part of its work before it failed: the user is asked.
#[test]
fn an_undecided_statement_is_offered_both_ways() {
    let database = Database::new();
    database.execute("create procedure p() language plpgsql as 'begin perform 1 / 0; end'");
    let case = Case::new(database.url(), &["", &format!("{OUTSIDE}call p();")]);
    case.upgrade().ended(1);
    let looked = run(&case, &[]).ended(1);
    assert!(looked.stderr.contains("`cargo migrate upgrade --interrupted done` does so"), "{looked:?}");
    database.execute("create or replace procedure p() language plpgsql as 'begin insert into effects values (7); end'");
    Running::start(&case.project, &["upgrade", "--interrupted", "undone", "--database-url", case.url.expose()])
        .wait()
        .success();
    assert_eq!(case.effects(), "7");
}

#[test]
fn a_stopped_migration_is_marked_as_done() {
    let database = Database::new();
    let case = half_way(&database);
    run(&case, &["--done", "1"]).ended(1);
    run(&case, &["--done", "2"]).success();
    assert_eq!(applied(&case), "1 2");
    assert_eq!(case.value("select count(*) from cargo_migrate_progress"), "0");
    let details = "select details->'statements'->2->>'state' from cargo_migrate_log where action = 'finish'";
    assert_eq!(case.value(details), "failed");
    assert_eq!(case.value("select up from cargo_migrate_archive where version = 2").trim(), format!("{OUTSIDE}{HALF}"));
    case.upgrade().success();
}

#[test]
fn a_stopped_migration_is_marked_as_not_begun() {
    let database = Database::new();
    let case = half_way(&database);
    database.execute("drop table a, half");
    run(&case, &["--undone", "2"]).success();
    assert_eq!(applied(&case), "1");
    assert_eq!(case.value("select count(*) from cargo_migrate_progress"), "0");
    case.project.replace("migrations/versions/V2__m2.sql", "1 / 0", "1");
    case.upgrade().success();
    assert_eq!(applied(&case), "1 2");
}
