//! Migrations outside a transaction: progress, failures, resumption.

use migrate_build::direction::Direction;
use migrate_build::runtime::{
    DownTarget, Error, Options, Refusal, Report, Resume, Set, UpTarget, downgrade, read_state, upgrade,
};
use tests::history::{migration, outside};
use tests::postgres::{Database, block_on};

fn up(database: &Database, set: &Set<'_>) -> Result<Report, Error> {
    up_with(database, set, Resume::Refuse)
}

fn up_with(database: &Database, set: &Set<'_>, interrupted: Resume) -> Result<Report, Error> {
    let options = Options { interrupted, ..Options::default() };
    block_on(async { upgrade(&mut database.client().await, set, UpTarget::Head, &options, &mut |_| {}).await })
}

fn refusal(result: Result<Report, Error>) -> Refusal {
    match result {
        Err(Error::Refused(refusal)) => *refusal,
        other => panic!("not refused: {other:?}"),
    }
}

const PROGRESS: &str = "select statement, state from cargo_migrate_progress order by statement";

fn indexed(up: &str) -> Set<'static> {
    Set::new(vec![
        migration(1, &[], "create table books (id int); insert into books values (1), (1)", None),
        outside(2, &[1], up, Some("drop index concurrently books_id;\nalter table books drop column n")),
    ])
}

const UP: &str = "alter table books add n int;\ncreate unique index concurrently books_id on books (id);\ninsert into books (id) values (7);";

/// The invalid index that a failed build leaves is ours: dropped and built again, and nothing before it is repeated.
#[test]
fn a_failed_concurrent_index_is_recognised_and_resumed() {
    let database = Database::new();
    let Err(Error::Script(error)) = up(&database, &indexed(UP)) else { panic!("duplicates") };
    assert_eq!((error.statement, error.position.line, error.rolled_back), (Some(2), 2, false));
    assert_eq!(database.rows(PROGRESS), [["1", "done"], ["2", "failed"]]);
    assert_eq!(database.value("select indisvalid from pg_index where indexrelid = 'books_id'::regclass"), "f");
    let state = block_on(async { read_state(&database.client().await, None).await.unwrap() });
    assert_eq!(state.interrupted[0].to_string(), "the up script of migration 2 was interrupted after 1 statements");
    database.execute("delete from books where ctid = (select min(ctid) from books)");
    assert_eq!(up(&database, &indexed(UP)).unwrap().applied, [2]);
    assert_eq!(database.value("select indisvalid from pg_index where indexrelid = 'books_id'::regclass"), "t");
    assert_eq!(database.value("select count(*) from books where id = 7"), "1");
    assert_eq!(database.rows(PROGRESS), Vec::<Vec<String>>::new());
    assert_eq!(database.value("select count(*) from cargo_migrate_archive where version = 2"), "1");
    let down = block_on(async {
        downgrade(&mut database.client().await, &indexed(UP), DownTarget::Steps(1), &Options::default(), &mut |_| {})
            .await
    });
    assert_eq!(down.unwrap().reverted, [2]);
    assert_eq!(database.value("select to_regclass('books_id') is null"), "t");
}

#[test]
fn somebody_elses_invalid_index_is_reported_and_kept() {
    let database = Database::new();
    block_on(async {
        let client = database.client().await;
        client.batch_execute("create table books (id int); insert into books values (1), (1)").await.unwrap();
        client.batch_execute("create unique index concurrently books_id on books (id)").await.unwrap_err();
    });
    for sql in [
        "create index concurrently books_id on books (id)",
        "create index concurrently if not exists books_id on books (id)",
    ] {
        let set = Set::new(vec![outside(1, &[], sql, None)]);
        assert_eq!(refusal(up(&database, &set)), Refusal::InvalidIndex { index: "\"public\".\"books_id\"".into() });
    }
    assert_eq!(database.value("select count(*) from pg_index where indexrelid = 'books_id'::regclass"), "1");
}

/// A crash is a record that says `running`: what the catalogue shows decides.
#[test]
fn an_interrupted_concurrent_index_is_decided_by_the_catalogue() {
    for (made, expected) in [("", "built"), ("create index books_id on books (id)", "kept")] {
        let database = Database::new();
        let set = indexed("create index concurrently books_id on books (id)");
        interrupt(&database, &set, "create index concurrently books_id on books (id)");
        database.execute(made);
        let before = database.value("select coalesce(to_regclass('books_id')::oid::text, '')");
        assert_eq!(up(&database, &set).unwrap().applied, [2]);
        let after = database.value("select to_regclass('books_id')::oid::text");
        assert_eq!(if before == after { "kept" } else { "built" }, expected);
    }
}

/// Puts the database into the state of a kill in the middle of the only statement of migration 2.
fn interrupt(database: &Database, set: &Set<'_>, statement: &str) {
    let first = Set::new(vec![set.migrations[0].clone()]);
    up(database, &first).unwrap();
    database.execute(&format!(
        "insert into cargo_migrate_progress values ('refinery_schema_history', 2, 'up', 1, encode(sha256($s${statement}$s$), 'hex'), 'running', null, now(), null)"
    ));
}

#[test]
fn what_nobody_can_decide_is_asked() {
    for (answer, count) in [(Resume::Done, "0"), (Resume::Undone, "1")] {
        let database = Database::new();
        let set = Set::new(vec![
            migration(
                1,
                &[],
                "create table t (n int); create procedure p() language sql as 'insert into t values (1)'",
                None,
            ),
            outside(2, &[1], "call p()", None),
        ]);
        interrupt(&database, &set, "call p()");
        assert_eq!(
            refusal(up(&database, &set)),
            Refusal::Undecided { version: 2, statement: 1, words: "CALL P".into() }
        );
        assert_eq!(database.value("select count(*) from t"), "0");
        assert_eq!(up_with(&database, &set, answer).unwrap().applied, [2]);
        assert_eq!(database.value("select count(*) from t"), count);
    }
}

#[test]
fn a_finished_statement_must_not_change() {
    let database = Database::new();
    up(&database, &indexed(UP)).unwrap_err();
    let changed = indexed(&UP.replace("add n int", "add n int8"));
    assert_eq!(refusal(up(&database, &changed)), Refusal::InterruptedChanged { version: 2, statement: 1 });
    // The statement that failed, and those after it, may.
    assert_eq!(up(&database, &indexed(&UP.replace("unique ", ""))).unwrap().applied, [2]);
}

#[test]
fn an_interrupted_migration_stops_the_other_direction() {
    let database = Database::new();
    up(&database, &indexed(UP)).unwrap_err();
    let result = block_on(async {
        downgrade(&mut database.client().await, &indexed(UP), DownTarget::Steps(1), &Options::default(), &mut |_| {})
            .await
    });
    assert!(matches!(refusal(result), Refusal::Interrupted(it) if it.version == 2 && it.direction == Direction::Up));
}

#[test]
fn settings_hold_within_the_migration_and_are_made_again_when_resumed() {
    let database = Database::new();
    database.execute("create schema app");
    let set = |third: &str| {
        Set::new(vec![outside(
            1,
            &[],
            &format!("set search_path = app;\ncreate table a (id int);\n{third};\ncreate table b ();"),
            None,
        )])
    };
    up(&database, &set("select 1/0")).unwrap_err();
    up(&database, &set("create index concurrently a_id on a (id)")).unwrap();
    assert_eq!(
        database.rows("select relname from pg_class where relnamespace = 'app'::regnamespace order by 1"),
        [["a"], ["a_id"], ["b"]]
    );
    assert_eq!(database.value("select count(*) from public.refinery_schema_history"), "1");
}

#[test]
fn vacuum_and_enum_values_run() {
    let database = Database::new();
    let set = Set::new(vec![
        migration(1, &[], "create type mood as enum ('ok'); create table t (m mood)", None),
        outside(2, &[1], "alter type mood add value 'sad';\ninsert into t values ('sad');\nvacuum t;", None),
    ]);
    assert_eq!(up(&database, &set).unwrap().applied, [1, 2]);
    assert_eq!(database.value("select m from t"), "sad");
}

#[test]
fn a_concurrent_index_needs_a_name() {
    let database = Database::new();
    let set = Set::new(vec![outside(1, &[], "create table t (a int);\ncreate index concurrently on t (a)", None)]);
    assert_eq!(
        refusal(up(&database, &set)).to_string(),
        "migrations/versions/V1__m1.sql:2:1: a concurrent index without a name can't be recognised after a failure"
    );
}

/// A procedure that failed may have committed a part of its work: it is not run again without a word.
#[test]
fn a_failed_call_is_asked_about_too() {
    let database = Database::new();
    let set = Set::new(vec![
        migration(
            1,
            &[],
            "create table t (n int); create procedure p() language plpgsql as $$ begin insert into t values (1); commit; perform 1 / (select count(*) - 1 from t); end $$",
            None,
        ),
        outside(2, &[1], "call p()", None),
    ]);
    assert!(matches!(up(&database, &set), Err(Error::Script(_))));
    assert_eq!(refusal(up(&database, &set)), Refusal::Undecided { version: 2, statement: 1, words: "CALL P".into() });
    assert_eq!(database.value("select count(*) from t"), "1");
    assert_eq!(up_with(&database, &set, Resume::Undone).unwrap().applied, [2]);
    assert_eq!(database.value("select count(*) from t"), "2");
}

/// What fails after a statement did its work, in our own record of it, is not blamed on the statement.
#[test]
fn a_record_that_fails_is_not_the_statements_fault() {
    let database = Database::new();
    let set = Set::new(vec![outside(
        1,
        &[],
        "create function deny() returns trigger language plpgsql as 'begin raise ''no records''; end';\n\
         create trigger deny before insert on cargo_migrate_progress for each row execute function deny();",
        None,
    )]);
    let error = up(&database, &set).unwrap_err();
    let Error::Database { doing, source } = &error else { panic!("{error:?}") };
    assert_eq!(doing, "recording statement 2 of migrations/versions/V1__m1.sql");
    assert!(source.as_db_error().unwrap().message().contains("no records"), "{source:?}");
    assert_eq!(database.rows(PROGRESS), [["1", "done"]]);
    assert_eq!(database.value("select count(*) from pg_trigger where not tgisinternal"), "0", "it was rolled back");
    // What the commit checks is the statement's.
    let set = Set::new(vec![
        migration(2, &[], "create table a (id int primary key deferrable initially deferred)", None),
        outside(3, &[2], "insert into a values (1), (1)", None),
    ]);
    let database = Database::new();
    let Err(Error::Script(error)) = up(&database, &set) else { panic!("duplicates") };
    assert_eq!(error.statement, Some(1));
}
