//! What an upgrade and a downgrade do to a database.

use migrate_build::runtime::{
    DownTarget, Error, Event, Options, Refusal, Report, Set, UpTarget, advisory_key, downgrade, read_state, stamp,
    upgrade,
};
use tests::history::{migration, tables};
use tests::postgres::{Database, block_on};

fn up(database: &Database, set: &Set<'_>, target: UpTarget) -> Result<Report, Error> {
    up_with(database, set, target, &Options::default())
}

fn up_with(database: &Database, set: &Set<'_>, target: UpTarget, options: &Options) -> Result<Report, Error> {
    block_on(async { upgrade(&mut database.client().await, set, target, options, &mut |_| {}).await })
}

fn down(database: &Database, set: &Set<'_>, target: DownTarget) -> Result<Report, Error> {
    block_on(async { downgrade(&mut database.client().await, set, target, &Options::default(), &mut |_| {}).await })
}

fn refusal(result: Result<Report, Error>) -> Refusal {
    match result {
        Err(Error::Refused(refusal)) => *refusal,
        other => panic!("not refused: {other:?}"),
    }
}

const VERSIONS: &str =
    "select coalesce(string_agg(version::text, ' ' order by version), '') from refinery_schema_history";

#[test]
fn up_and_down_with_all_rows() {
    let database = Database::new();
    let set = tables(3);
    let options = Options { actor: Some("o'hara".into()), git_commit: Some("abc".into()), ..Options::default() };
    let report = up_with(&database, &set, UpTarget::Head, &options).unwrap();
    assert_eq!(report.applied, [1, 2, 3]);
    assert_eq!(database.value(VERSIONS), "1 2 3");
    assert_eq!(
        database.rows("select version, name, parents, up, down, length(up_sha256), applied_by, git_commit from cargo_migrate_archive where version = 2"),
        [["2", "m2", "{1}", "create table t2 (id int8 primary key);\n", "drop table t2;\n", "64", "o'hara", "abc"]]
    );
    assert_eq!(
        database.rows("select action, version, outcome, actor, started_at <= finished_at, now() - started_at < interval '1 min' from cargo_migrate_log order by id")[1],
        ["upgrade", "2", "done", "o'hara", "t", "t"]
    );
    assert_eq!(down(&database, &set, DownTarget::Steps(1)).unwrap().reverted, [3]);
    assert_eq!(database.value(VERSIONS), "1 2");
    assert_eq!(database.value("select count(*) from cargo_migrate_archive"), "2");
    assert_eq!(database.value("select to_regclass('t3') is null"), "t");
    assert_eq!(down(&database, &set, DownTarget::To(None)).unwrap().reverted, [2, 1]);
    assert_eq!(database.value(VERSIONS), "");
    assert_eq!(database.value("select count(*) from cargo_migrate_log where action = 'downgrade'"), "3");
}

#[test]
fn nothing_to_do_writes_and_locks_nothing() {
    let database = Database::new();
    let set = tables(2);
    up(&database, &set, UpTarget::Head).unwrap();
    database.execute(&format!("alter database {} set default_transaction_read_only = on", database.name()));
    let holder = block_on(async {
        let client = database.client().await;
        let table = read_state(&client, None).await.unwrap().table;
        client.batch_execute(&format!("select pg_advisory_lock({})", advisory_key(&table))).await.unwrap();
        client
    });
    assert_eq!(up(&database, &set, UpTarget::Head).unwrap(), Report::default());
    drop(holder);
    let error = up(&database, &tables(3), UpTarget::Head).unwrap_err();
    assert_eq!(error.to_string(), "the database can't be written: the session is read-only");
}

/// More migrations than travel in one message, one of them failing in its third statement.
#[test]
fn a_failure_keeps_what_came_before_and_rolls_its_own_back() {
    let database = Database::new();
    let mut migrations = tables(40).migrations;
    migrations[29].up =
        "create table a (id int);\ninsert into a values (1);\n\n  select 1/0 as ü, x from a;\ncreate table b ();"
            .into();
    let set = Set::new(migrations);
    let Err(Error::Script(error)) = up(&database, &set, UpTarget::Head) else { panic!("it can't succeed") };
    assert_eq!(
        error.to_string(),
        "migrations/versions/V30__m30.sql:4:20: column \"x\" does not exist (SQLSTATE 42703, statement 3)"
    );
    assert!(error.rolled_back);
    assert_eq!(database.value("select max(version) from refinery_schema_history"), "29");
    assert_eq!(database.value("select to_regclass('a') is null and to_regclass('t31') is null"), "t");
    assert_eq!(
        database.rows("select version, outcome, error from cargo_migrate_log order by id desc limit 1"),
        [["30", "failed", "column \"x\" does not exist (SQLSTATE 42703) at 4:20"]]
    );
}

/// An error without a position: the statement is told by counting answers.
#[test]
fn a_failure_without_a_position_names_its_statement() {
    let database = Database::new();
    let sql = "create table a (id int primary key);\ninsert into a values (1);\ninsert into a values (1);";
    let set = Set::new(vec![migration(1, &[], sql, None)]);
    let Err(Error::Script(error)) = up(&database, &set, UpTarget::Head) else { panic!("it can't succeed") };
    assert_eq!((error.statement, error.position.line, error.position.column), (Some(3), 3, 1));
    assert_eq!(error.code, "23505");
    assert_eq!(error.detail.as_deref(), Some("Key (id)=(1) already exists."));
}

#[test]
fn a_deferred_constraint_fails_at_the_commit() {
    let database = Database::new();
    let sql = "create table a (id int primary key, up int references a deferrable initially deferred);\ninsert into a values (1, 2);";
    let set = Set::new(vec![migration(1, &[], "create table z ()", None), migration(2, &[1], sql, None)]);
    let Err(Error::Script(error)) = up(&database, &set, UpTarget::Head) else { panic!("it can't succeed") };
    assert_eq!((error.version, error.statement, error.code.as_str()), (2, None, "23503"));
    assert_eq!(database.value(VERSIONS), "1");
}

/// The server parses a whole message before it runs any of it, so those before the flaw go one by one.
#[test]
fn a_syntax_error_stops_only_its_own_migration() {
    let database = Database::new();
    let mut migrations = tables(6).migrations;
    migrations[4].up = "create table a ();\ncreate tabel b ();".into();
    let set = Set::new(migrations);
    let Err(Error::Script(error)) = up(&database, &set, UpTarget::Head) else { panic!("it can't succeed") };
    assert_eq!((error.version, error.position.line, error.position.column, error.statement), (5, 2, 8, Some(2)));
    assert_eq!(database.value(VERSIONS), "1 2 3 4");
}

#[test]
fn what_would_break_the_frame_is_refused_before_anything_runs() {
    for (sql, message) in [
        ("select 'a", "2:8: unterminated string"),
        ("select 1 /* ", "2:10: unterminated block comment"),
        ("commit", "2:1: `COMMIT` would end the transaction that keeps the migration and its history row together"),
        ("vacuum", "2:1: `VACUUM` can't run in a transaction, and the header doesn't say `transaction = false`"),
        ("copy a from stdin", "2:1: `COPY … FROM STDIN` has no input here"),
        ("select '\0'", "2:9: a NUL character can't be sent to the server"),
    ] {
        let database = Database::new();
        let mut migrations = tables(2).migrations;
        migrations[1].up = format!("-- x\n{sql}").into();
        let set = Set::new(migrations);
        let refusal = refusal(up(&database, &set, UpTarget::Head));
        assert_eq!(refusal.to_string(), format!("migrations/versions/V2__m2.sql:{message}"));
        assert_eq!(database.value("select count(*) from pg_class where relnamespace = 'public'::regnamespace"), "0");
    }
}

#[test]
fn settings_and_roles_do_not_leak() {
    let database = Database::new();
    database.execute("create role leaker; grant leaker to postgres");
    let leaks = "create schema other; set search_path = other; set lock_timeout = '7s'; set role leaker; set session authorization leaker; set datestyle = 'sql, dmy'";
    let probe = "create table seen as select current_setting('search_path') p, current_setting('lock_timeout') l, current_user::text u, session_user::text s, current_setting('application_name') a";
    let set = Set::new(vec![
        migration(1, &[], leaks, None),
        migration(2, &[1], probe, None),
        migration(3, &[2], leaks_again(), None),
    ]);
    let settings = block_on(async {
        let mut client = database.client().await;
        client
            .batch_execute(
                "set search_path = '$user', public; set statement_timeout = '77s'; set application_name = 'mine'",
            )
            .await
            .unwrap();
        upgrade(&mut client, &set, UpTarget::Head, &Options::default(), &mut |_| {}).await.unwrap();
        let row = client.query_one("select current_setting('search_path'), current_setting('statement_timeout'), current_setting('lock_timeout'), current_user::text, current_setting('application_name')", &[]).await.unwrap();
        (0..5).map(|column| row.get::<_, String>(column)).collect::<Vec<_>>()
    });
    assert_eq!(database.rows("select * from seen"), [["\"$user\", public", "3s", "postgres", "postgres", "mine"]]);
    assert_eq!(settings, ["\"$user\", public", "77s", "0", "postgres", "mine"]);
    database.execute("drop role leaker");
}

fn leaks_again() -> &'static str {
    "set search_path = pg_catalog; set statement_timeout = '5s'"
}

#[test]
fn headers_limit_their_own_migration_only() {
    let database = Database::new();
    let limit = |version, table: &str| {
        migration(
            version,
            &[],
            &format!(
                "create table {table} as select current_setting('lock_timeout') l, current_setting('statement_timeout') s"
            ),
            None,
        )
    };
    let first =
        migrate_build::embedded::Migration { lock_timeout: Some(std::time::Duration::from_secs(5)), ..limit(1, "a") };
    let second = migrate_build::embedded::Migration {
        parents: vec![1],
        lock_timeout: Some(std::time::Duration::ZERO),
        ..limit(2, "b")
    };
    let options = Options {
        lock_timeout: Some(std::time::Duration::from_secs(7)),
        statement_timeout: Some(std::time::Duration::from_secs(60)),
        ..Options::default()
    };
    up_with(&database, &Set::new(vec![first, second]), UpTarget::Head, &options).unwrap();
    assert_eq!(database.rows("select * from a union all select * from b"), [["5s", "1min"], ["0", "1min"]]);
}

#[test]
fn a_late_branch_is_applied_after_newer_versions() {
    let database = Database::new();
    let one = || migration(1, &[], "create table a ()", None);
    let three = || migration(3, &[1], "create table c ()", None);
    up(&database, &Set::new(vec![one(), three()]), UpTarget::Head).unwrap();
    let merged =
        Set::new(vec![one(), migration(2, &[1], "create table b ()", None), three(), migration(4, &[2, 3], "", None)]);
    assert_eq!(up(&database, &merged, UpTarget::Head).unwrap().applied, [2, 4]);
}

#[test]
fn foreign_and_malformed_histories_are_errors() {
    let set = tables(1);
    for (sql, message) in [
        (
            "create table refinery_schema_history (id int)",
            "table \"public\".\"refinery_schema_history\" is not a migration history: it has no column `name`",
        ),
        (
            "create table refinery_schema_history (version text, name text, applied_on text, checksum text)",
            "table \"public\".\"refinery_schema_history\" is not a migration history: its column `version` is of type text",
        ),
        (
            "create table refinery_schema_history (version int8, name text, applied_on text, checksum text); insert into refinery_schema_history values (7, 'a', null, '1')",
            "table \"public\".\"refinery_schema_history\" has a malformed row for version 7: its `applied_on` is NULL",
        ),
        (
            "create table refinery_schema_history (version int8, name text, applied_on text, checksum text); insert into refinery_schema_history values (7, 'a', 'yesterday', '1')",
            "table \"public\".\"refinery_schema_history\" has a malformed row for version 7: its `applied_on` is no RFC 3339 time: `yesterday`",
        ),
        (
            "create table refinery_schema_history (version int8, name text, applied_on text, checksum text); insert into refinery_schema_history values (7, 'a', '2026-01-01T00:00:00Z', '-1')",
            "table \"public\".\"refinery_schema_history\" has a malformed row for version 7: its `checksum` is no unsigned 64-bit number: `-1`",
        ),
    ] {
        let database = Database::new();
        database.execute(sql);
        let error = up(&database, &set, UpTarget::Head).unwrap_err();
        assert_eq!(error.to_string(), message);
        assert_eq!(database.value("select to_regclass('t1') is null"), "t");
    }
}

#[test]
fn a_32_bit_history_refuses_what_it_cannot_hold() {
    let database = Database::new();
    database.execute("create table refinery_schema_history (version int4 primary key, name varchar(255), applied_on varchar(255), checksum varchar(255))");
    let set = Set::new(vec![migration(20_261_123_013_000, &[], "create table a ()", None)]);
    assert_eq!(
        refusal(up(&database, &set, UpTarget::Head)).to_string(),
        "table \"public\".\"refinery_schema_history\" has 32-bit versions and can't hold 20261123013000"
    );
}

#[test]
fn what_differs_is_told_apart() {
    let database = Database::new();
    up(&database, &tables(3), UpTarget::Head).unwrap();
    let mut edited = tables(3).migrations;
    edited[1].up = "create table t2 ()".into();
    assert!(
        matches!(refusal(up(&database, &Set::new(edited), UpTarget::Head)), Refusal::Divergent { divergent } if divergent[0].version == 2)
    );
    assert!(
        matches!(refusal(up(&database, &tables(2), UpTarget::Head)), Refusal::Ahead { orphans, head: Some(2) } if orphans.len() == 1)
    );
    let mut deleted = tables(4).migrations;
    deleted.remove(1);
    deleted[1].parents = vec![1];
    assert!(
        matches!(refusal(up(&database, &Set::new(deleted), UpTarget::Head)), Refusal::Deleted { orphans } if orphans[0].version == 2)
    );
    database.execute("delete from refinery_schema_history where version = 2");
    assert_eq!(refusal(up(&database, &tables(3), UpTarget::Head)), Refusal::Unparented { version: 3, parent: 2 });
}

#[test]
fn stamping_writes_rows_and_runs_nothing() {
    let database = Database::new();
    let set = tables(3);
    let stamped = |target| {
        block_on(async { stamp(&mut database.client().await, &set, target, &Options::default(), &mut |_| {}).await })
    };
    assert_eq!(stamped(Some(2)).unwrap().applied, [1, 2]);
    assert_eq!(database.value("select to_regclass('t1') is null"), "t");
    assert_eq!(stamped(Some(1)).unwrap().reverted, [2]);
    assert_eq!(database.value(VERSIONS), "1");
    assert_eq!(
        database.rows("select action, version from cargo_migrate_log order by id"),
        [["stamp", "1"], ["stamp", "2"], ["unstamp", "2"]]
    );
    assert_eq!(refusal(stamped(Some(9))), Refusal::UnknownVersion { version: 9 });
}

#[test]
fn a_schema_of_its_own_with_an_odd_name() {
    let database = Database::new();
    let set = tables(2);
    let options = Options { history: Some("\"My.App\".\"h\"\"; drop\"".into()), ..Options::default() };
    up_with(&database, &set, UpTarget::Head, &options).unwrap();
    assert_eq!(database.value("select count(*) from \"My.App\".\"h\"\"; drop\""), "2");
    assert_eq!(database.value("select count(*) from \"My.App\".cargo_migrate_archive"), "2");
    block_on(async {
        let mut client = database.client().await;
        let report = downgrade(&mut client, &set, DownTarget::Steps(1), &options, &mut |_| {}).await.unwrap();
        assert_eq!(report.reverted, [2]);
        assert_eq!(read_state(&client, options.history.as_deref()).await.unwrap().applied.len(), 1);
    });
}

#[test]
fn names_and_texts_with_quotes_are_data() {
    let database = Database::new();
    let mut one = migration(1, &[], "select $$it's \\ \"fine\"$$; -- '", Some("-- \\'; drop table x"));
    one.name = "a'); drop table refinery_schema_history; --\\".into();
    let set = Set::new(vec![one]);
    up(&database, &set, UpTarget::Head).unwrap();
    assert_eq!(
        database.value("select name from refinery_schema_history"),
        "a'); drop table refinery_schema_history; --\\"
    );
    assert_eq!(database.value("select up from cargo_migrate_archive"), "select $$it's \\ \"fine\"$$; -- '");
    assert_eq!(up(&database, &set, UpTarget::Head).unwrap(), Report::default());
}

#[test]
fn events_tell_what_happens() {
    let database = Database::new();
    let mut seen = Vec::new();
    block_on(async {
        let mut client = database.client().await;
        upgrade(&mut client, &tables(10), UpTarget::Steps(2), &Options::default(), &mut |event| {
            seen.push(match event {
                Event::Planned { total } => format!("planned {total}"),
                Event::Started { migration } => format!("started {}", migration.version),
                Event::Finished { migration, .. } => format!("finished {}", migration.version),
                other => format!("{other:?}"),
            });
        })
        .await
        .unwrap();
    });
    assert_eq!(seen, ["planned 2", "started 1", "finished 1", "started 2", "finished 2"]);
}

/// A long run prepares its own statements, once; migrations may take them away, and a cancelled run may have left them.
#[test]
fn prepared_statements_of_ours_may_go_or_be_there() {
    let database = Database::new();
    let mut migrations = tables(30).migrations;
    migrations[10].up = "deallocate all; create table t11 ()".into();
    let set = Set::new(migrations);
    block_on(async {
        let mut client = database.client().await;
        client.batch_execute("prepare cargo_migrate_begin as select 1").await.unwrap();
        let report = upgrade(&mut client, &set, UpTarget::Head, &Options::default(), &mut |_| {}).await.unwrap();
        assert_eq!(report.applied.len(), 30);
        client.batch_execute("prepare kept as select 1").await.unwrap();
        let report =
            downgrade(&mut client, &set, DownTarget::To(None), &Options::default(), &mut |_| {}).await.unwrap();
        assert_eq!(report.reverted.len(), 30);
        let left = client
            .query_one("select string_agg(name, ' ') from pg_prepared_statements where from_sql", &[])
            .await
            .unwrap();
        assert_eq!(left.get::<_, &str>(0), "kept");
    });
    assert_eq!(database.value("select count(*) from cargo_migrate_log where outcome = 'done'"), "60");
    assert_eq!(up(&database, &tables(40), UpTarget::Head).unwrap().applied.len(), 40);
}

/// A role for which a backslash is an escape would have the server cut scripts otherwise than they were checked.
#[test]
fn a_session_that_reads_strings_otherwise_is_refused() {
    let database = Database::new();
    database.execute(&format!("alter database {} set standard_conforming_strings = off", database.name()));
    assert!(matches!(up(&database, &tables(1), UpTarget::Head), Err(Error::Strings)));
    assert_eq!(database.value("select to_regclass('refinery_schema_history') is null"), "t");
}
