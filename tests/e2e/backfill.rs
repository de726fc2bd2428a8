//! Backfills: a large table's rows in batches, each row once, whatever happens in between.

use tests::output::Output;
use tests::postgres::{Database, block_on, connect, own_server};
use tests::proxy::{Loss, Proxy};
use tests::running::until;
use tests::standby::{REPLICATED, standby_of};

use crate::fault_case::Case;

/// 100 rows with gaps between their keys; `n` counts how often a row was filled.
const TABLE: &str = "create table books (id bigint primary key, n int not null default 0, filled text);\n\
                     insert into books select i * 3, 0 from generate_series(1, 100) i;";
const FILL: &str = "--! backfill = { table = \"books\", key = \"id\", batch = 10 }\n\
                    update books set n = n + 1, filled = 'x' where id between $1 and $2;";

fn scripts<'a>(fill: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&[TABLE, fill], more].concat()
}

fn case(database: &Database, fill: &str, more: &[&str]) -> Case {
    Case::new(database.url(), &scripts(fill, more))
}

/// How many rows were filled so many times.
fn filled(case: &Case, times: u32) -> String {
    case.value(&format!("select count(*) from books where n = {times}"))
}

const PROGRESS: &str = "select statement || ' ' || state || ' ' || cursor || ' ' || rows from cargo_migrate_progress";

#[test]
fn every_row_is_filled_once_and_each_batch_is_a_transaction() {
    let database = Database::new();
    let fill = FILL.replace("filled = 'x'", "filled = pg_current_xact_id()::text");
    let case = case(&database, &fill, &["alter table books alter filled set not null;"]);
    case.upgrade().success();
    assert_eq!(filled(&case, 1), "100");
    assert_eq!(case.value("select count(distinct filled) from books"), "10");
    assert_eq!(case.value("select max(c) from (select count(*) c from books group by filled) x"), "10");
    case.is_complete("");
    let output = case.project.migrate(&["status", "--database-url", case.url.expose()]).success();
    assert!(!output.stdout.contains("pending"), "{}", output.stdout);
}

/// What is committed stays, with the key that it came to; the next run goes on behind it.
#[test]
fn killed_and_resumed() {
    let database = Database::new();
    let case = case(&database, FILL, &["select 1;"]);
    let proxy = Proxy::start(&case.url, "'93', '120'", Loss::Request);
    let first = case.start_at(&proxy.url(&case.url), &[]);
    until("some batches are done", || proxy.has_lost());
    first.kill();
    case.is_unlocked();
    assert_eq!(case.value(PROGRESS), "1 running 90 30");
    assert_eq!((filled(&case, 1), filled(&case, 0)), ("30".to_owned(), "70".to_owned()));
    let status = case.project.migrate(&["status", "--database-url", case.url.expose()]).success();
    assert!(status.stdout.contains("interrupted"), "{}", status.stdout);
    case.upgrade().success();
    assert_eq!(filled(&case, 1), "100");
    case.is_complete("");
}

/// A batch that fails leaves nothing, and those before it stay.
#[test]
fn a_batch_that_fails() {
    let database = Database::new();
    let case =
        case(&database, &FILL.replace("n = n + 1", "n = n + 1 / ((id - 150) * (id - 240))::int::bool::int"), &[]);
    let output = case.upgrade().ended(1);
    assert!(
        output.stderr.contains("division by zero") && output.stderr.contains("V2__m2.sql:2:1"),
        "{}",
        output.stderr
    );
    assert_eq!(case.value(PROGRESS), "1 running 120 40");
    assert!(output.stderr.contains("the backfill of migration 2 stopped after 40 rows"), "{}", output.stderr);
    case.is_unlocked();
    database.execute("delete from books where id = 150");
    // What the first run has filled is counted on.
    let output = case.upgrade().ended(1);
    assert!(output.stderr.contains("the backfill of migration 2 stopped after 70 rows"), "{}", output.stderr);
    assert_eq!(case.value(PROGRESS), "1 running 213 70");
    database.execute("delete from books where id = 240");
    case.upgrade().success();
    assert_eq!(filled(&case, 1), "98");
}

/// A batch that can't be recorded has filled nothing.
#[test]
fn a_record_that_fails() {
    let database = Database::new();
    let case = case(&database, FILL, &[]);
    case.start_at(&case.url, &["1"]).wait().success();
    database.execute(
        "create function stop() returns trigger language plpgsql as $$ begin raise 'no more'; end $$;
         create trigger stop before insert or update on cargo_migrate_progress for each row when (new.rows = 50) execute function stop()",
    );
    let output = case.upgrade().ended(1);
    assert!(output.stderr.contains("no more"), "{}", output.stderr);
    assert_eq!((filled(&case, 1).as_str(), case.value(PROGRESS).as_str()), ("40", "1 running 120 40"));
    case.is_unlocked();
    database.execute("drop trigger stop on cargo_migrate_progress");
    case.upgrade().success();
    assert_eq!(filled(&case, 1), "100");
}

/// Another statement would fill the rest otherwise than what is done.
#[test]
fn a_statement_that_was_changed_meanwhile_is_refused() {
    let database = Database::new();
    let case = case(&database, &FILL.replace("n = n + 1", "n = n + 1 / (id - 150)::int::bool::int"), &[]);
    case.upgrade().ended(1);
    case.project.write("migrations/versions/V2__m2.sql", FILL);
    let output = case.upgrade().ended(1);
    assert!(
        output.stderr.contains("statement 1 of migration 2 ran already and was changed since"),
        "{}",
        output.stderr
    );
    assert_eq!(filled(&case, 1), "40");
}

/// Only one batch is blocked, and it is tried again; the rows before it are not filled twice.
#[test]
fn a_row_that_somebody_else_holds() {
    let database = Database::new();
    let fill = FILL.replacen("--!", "--! lock-timeout = \"200ms\"\n--!", 1);
    let case = case(&database, &fill, &[]);
    case.start_at(&case.url, &["1"]).wait().success();
    let writer = case.hold("begin; update books set filled = 'y' where id = 150");
    let mut upgrade = case.start_giving_way(&case.url, &[]);
    upgrade.until_said("attempt 2 of");
    assert_eq!(case.value(PROGRESS), "1 running 120 40");
    writer.release();
    upgrade.wait().success();
    assert_eq!(filled(&case, 1), "100");
    case.is_complete("");
}

/// A batch holds its rows until its commit and no longer: others wait for one batch at most.
#[test]
fn between_batches_nothing_is_held() {
    let database = Database::new();
    let fill =
        format!("{} and (id <> 153 or (select pg_advisory_xact_lock(4711)) is not null);", FILL.trim_end_matches(';'));
    let case = case(&database, &fill, &[]);
    let gate = case.gate();
    let upgrade = case.start();
    case.stuck();
    block_on(async {
        let other = connect(&case.url).await.unwrap();
        other
            .batch_execute("set lock_timeout = '1s'; update books set filled = 'y' where id <= 120 or id > 200")
            .await
            .unwrap();
    });
    gate.release();
    upgrade.wait().success();
    assert_eq!(filled(&case, 1), "100");
}

#[test]
fn eight_at_once() {
    let database = Database::new();
    let case = case(&database, FILL, &["select 1;"]);
    for output in case.upgrade_at_once(&case.url, 8) {
        output.success();
    }
    assert_eq!(filled(&case, 1), "100");
    case.is_complete("");
}

/// Keys of any type that has an order; several rows may share one.
#[test]
fn keys_that_are_no_numbers() {
    let database = Database::new();
    let table = "create table \"My words\" (\"Key\" text not null, n int not null default 0); create index on \"My words\" (\"Key\");\n\
                 insert into \"My words\" select 'it''s ' || i / 7 from generate_series(1, 100) i;";
    let fill = "--! backfill = { table = '\"My words\"', key = \"Key\", batch = 3 }\n\
                update \"My words\" set n = n + 1 where \"Key\" between $1 and $2;";
    let case = Case::new(database.url(), &[table, fill]);
    case.upgrade().success();
    assert_eq!(case.value("select count(*) from \"My words\" where n = 1"), "100");
}

#[test]
fn what_cannot_be_gone_through() {
    for (header, expected) in [
        ("table = \"boks\", key = \"id\"", "`backfill` names table `boks`, which does not exist"),
        ("table = \"books\", key = \"ID\"", "`backfill` names column `ID`, which table `books` does not have"),
        (
            "table = \"books\", key = \"filled\"",
            "column `filled` of `books` may be NULL, and rows without a key are never reached",
        ),
        (
            "table = \"books\", key = \"n\"",
            "no index of `books` begins with `n`: every batch would read the whole table",
        ),
        ("table = \"seen\", key = \"id\"", "`backfill` names `seen`, which is no table"),
        ("table = \"books\"", "`backfill` has no `key`"),
        ("table = \"books\", key = [\"id\", \"n\"]", "a backfill goes by one column, not by several"),
    ] {
        let database = Database::new();
        let fill = FILL.replace("table = \"books\", key = \"id\", batch = 10", header);
        // Indexes that don't lead to every row by `n` alone are none.
        let table = format!(
            "{TABLE}\ncreate view seen as select * from books;\ncreate index on books (n) where n > 0;\n\
             create index on books (filled, n);\ncreate index broken on books (n);\n\
             update pg_index set indisvalid = false where indexrelid = 'broken'::regclass;"
        );
        let case = Case::new(database.url(), &[&table, &fill]);
        let Output { stderr, .. } = case.upgrade().ended(1);
        assert!(stderr.contains(expected), "{expected}: {stderr}");
        case.is_unlocked();
    }
    let database = Database::new();
    let case = case(&database, &FILL.replace("between $1 and $2", "is not null"), &[]);
    let Output { stderr, .. } = case.upgrade().ended(1);
    assert!(
        stderr.contains("error[malformed-backfill]: a backfill whose statement is not bounded by a batch"),
        "{stderr}"
    );
}

/// For whoever starts before it is done: what doesn't need it is applied, and what does is refused.
#[test]
fn skipped_until_later() {
    let database = Database::new();
    let case = case(&database, FILL, &[]);
    case.start_at(&case.url, &["--skip-backfills"]).wait().success();
    assert_eq!(filled(&case, 0), "100");
    case.project.write("migrations/versions/V3__m3.sql", "alter table books alter filled set not null;\n");
    let output = case.start_at(&case.url, &["--skip-backfills"]).wait().ended(1);
    assert!(
        output.stderr.contains("migration 3 builds on the backfill 2, which is not finished")
            && output.stderr.contains("`cargo migrate upgrade --to 2`"),
        "{}",
        output.stderr
    );
    case.upgrade().success();
    assert_eq!(filled(&case, 1), "100");
}

/// A standby that stands still holds the backfill up, and nothing is lost by it.
#[test]
fn a_standby_is_waited_for() {
    let primary = own_server(&REPLICATED);
    let url = block_on(primary.create_database("shop")).unwrap();
    let standby = standby_of(&primary);
    let at_standby = |sql: &'static str| {
        block_on(async { connect(&standby.url("shop")).await.unwrap().batch_execute(sql).await.unwrap() });
    };
    let fill = FILL.replace("batch = 10", "batch = 10, pause = \"50ms\", max-lag = \"100ms\"");
    let case = Case::new(url, &scripts(&fill, &[]));
    case.start_at(&case.url, &["1"]).wait().success();
    until("the standby streams", || {
        case.value(
            "select count(*) from pg_stat_replication where state = 'streaming' and replay_lsn = pg_current_wal_lsn()",
        ) == "1"
    });
    at_standby("select pg_wal_replay_pause()");
    let mut upgrade = case.start();
    upgrade.until_said("a standby is");
    let before = case.value(PROGRESS);
    std::thread::sleep(std::time::Duration::from_millis(700));
    assert_eq!(case.value(PROGRESS), before);
    assert_ne!(filled(&case, 0), "0");
    at_standby("select pg_wal_replay_resume()");
    upgrade.wait().success();
    assert_eq!(filled(&case, 1), "100");
    case.is_complete("");
    block_on(standby.stop());
    block_on(primary.stop());
}

/// An application that only verifies is told how much is left.
#[test]
fn verifying_counts_what_is_left() {
    use migrate_build::runtime::{Error, Refusal};

    let database = Database::new();
    let set = || {
        let mut fill = tests::history::migration(2, &[1], FILL.split_once('\n').unwrap().1, None);
        fill.backfill = Some(migrate_build::backfill::Backfill {
            table: "books".into(),
            key: "id".into(),
            batch: 10,
            pause: std::time::Duration::ZERO,
            max_lag: migrate_build::backfill::MAX_LAG,
        });
        vec![tests::history::migration(1, &[], TABLE, None), fill]
    };
    let text: &'static str =
        Box::leak(migrate_build::embedded::Embedded { history: None, migrations: set() }.to_text().into_boxed_str());
    let migrations = migrate_build::runtime::Migrations::embedded(text);
    block_on(async {
        let mut client = database.client().await;
        client.batch_execute("create function stop() returns trigger language plpgsql as $$ begin if old.id = 153 then raise 'no'; end if; return new; end $$").await.unwrap();
        let first = migrate_build::runtime::Set::new(vec![set().remove(0)]);
        let (options, target) = (Default::default(), migrate_build::runtime::UpTarget::Head);
        migrate_build::runtime::upgrade(&mut client, &first, target, &options, &mut |_| {}).await.unwrap();
        client
            .batch_execute("create trigger stop before update on books for each row execute function stop()")
            .await
            .unwrap();
        migrations.upgrade(&mut client).await.unwrap_err();
        let Err(Error::Refused(refusal)) = migrations.verify(&client).await else { panic!("it is not finished") };
        assert_eq!(*refusal, Refusal::BackfillUnfinished { version: 2, done: 50, left: 50 });
        client.batch_execute("drop trigger stop on books").await.unwrap();
        // The same session: what the failed run had prepared is in nobody's way.
        migrations.upgrade(&mut client).await.unwrap();
        migrations.verify(&client).await.unwrap();
    });
    assert_eq!(database.value("select count(*) from books where n = 1"), "100");
}
