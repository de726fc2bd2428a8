//! The lock: who waits, who is told what, and that it never outlives its use.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use migrate_build::runtime::{Error, Event, Options, Report, Set, UpTarget, advisory_key, read_state, upgrade};
use tests::history::{migration, outside, tables};
use tests::postgres::{Database, block_on};
use tokio::task::JoinSet;
use tokio_postgres::Client;

async fn up(client: &mut Client, set: &Set<'_>) -> Result<Report, Error> {
    upgrade(client, set, UpTarget::Head, &Options::default(), &mut |_| {}).await
}

const LOCKS: &str = "select count(*) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())";

#[test]
fn eight_at_once_on_an_empty_database() {
    let database = Arc::new(Database::new());
    let reports = block_on(async {
        let mut all = JoinSet::new();
        for _ in 0..8 {
            let database = Arc::clone(&database);
            all.spawn(async move { up(&mut database.client().await, &tables(20)).await });
        }
        all.join_all().await
    });
    let applied: usize = reports.into_iter().map(|report| report.unwrap().applied.len()).sum();
    assert_eq!(applied, 20, "each migration once");
    assert_eq!(database.value("select count(*) from refinery_schema_history"), "20");
    assert_eq!(database.value("select count(*) from cargo_migrate_log"), "20");
    assert_eq!(database.value(LOCKS), "0");
}

/// A concurrent build waits for every snapshot; a waiter that held one would wait for the build's lock, for ever.
#[test]
fn eight_at_once_with_a_concurrent_index() {
    let database = Arc::new(Database::new());
    database.execute("create table big as select g as id from generate_series(1, 200000) g");
    let set = || {
        Set::new(vec![
            migration(1, &[], "create table a ()", None),
            outside(
                2,
                &[1],
                "create index concurrently big_id on big (id);\ncreate index concurrently big_id2 on big ((id + 1));",
                None,
            ),
        ])
    };
    let reports = block_on(async {
        let mut all = JoinSet::new();
        for _ in 0..8 {
            let database = Arc::clone(&database);
            all.spawn(async move { up(&mut database.client().await, &set()).await });
        }
        all.join_all().await
    });
    let applied: usize = reports.into_iter().map(|report| report.unwrap().applied.len()).sum();
    assert_eq!(applied, 2);
    assert_eq!(database.value("select count(*) from pg_index where indrelid = 'big'::regclass and indisvalid"), "2");
}

#[test]
fn who_waits_is_told_who_holds_it() {
    let database = Database::new();
    block_on(async {
        let holder = database.client().await;
        let key = advisory_key(&read_state(&holder, None).await.unwrap().table);
        holder
            .batch_execute(&format!("set application_name = 'deploy 7'; select pg_advisory_lock({key})"))
            .await
            .unwrap();
        let mut told = Vec::new();
        let options = Options { wait: Some(Duration::from_millis(200)), ..Options::default() };
        let mut client = database.client().await;
        let error = upgrade(&mut client, &tables(1), UpTarget::Head, &options, &mut |event| {
            if let Event::Waiting { holders } = event {
                told.extend(holders.iter().map(|holder| holder.application.clone()));
            }
        })
        .await
        .unwrap_err();
        assert_eq!(told, ["deploy 7"], "said once");
        let Error::Locked { holders, waited } = &error else { panic!("{error}") };
        assert!(*waited >= Duration::from_millis(200));
        assert_eq!((holders[0].user.as_str(), holders.len()), ("postgres", 1));
        assert!(error.to_string().contains("held by process"), "{error}");
        drop(holder);
        // The lock goes with its session, and then the same connection gets it.
        assert_eq!(up(&mut client, &tables(1)).await.unwrap().applied, [1]);
    });
}

/// The history is read after the lock is got: what somebody else has applied meanwhile is not applied again.
#[test]
fn what_was_applied_while_waiting_is_not_applied_again() {
    let database = Database::new();
    block_on(async {
        let mut holder = database.client().await;
        up(&mut holder, &tables(1)).await.unwrap();
        let key = advisory_key(&read_state(&holder, None).await.unwrap().table);
        let waiter = database.client().await;
        holder.batch_execute(&format!("select pg_advisory_lock({key})")).await.unwrap();
        let waiting = tokio::spawn(async move {
            let mut waiter = waiter;
            up(&mut waiter, &tables(3)).await
        });
        tokio::time::sleep(Duration::from_millis(100)).await;
        holder.batch_execute(&format!("create table t2 (id int8); insert into refinery_schema_history select 2, 'm2', applied_on, '{}' from refinery_schema_history", migrate_build::checksum::refinery_checksum("m2", 2, &tables(3).migrations[1].up, migrate_build::checksum::VersionWidth::Int8))).await.unwrap();
        holder.batch_execute(&format!("select pg_advisory_unlock({key})")).await.unwrap();
        assert_eq!(waiting.await.unwrap().unwrap().applied, [3]);
    });
}

/// A future that is dropped in the middle leaves a connection as a pool wants it back.
#[test]
fn a_cancelled_upgrade_leaves_no_lock_and_no_transaction() {
    for (sql, in_transaction) in [("select pg_sleep(0.5)", true), ("call pause()", false)] {
        let database = Database::new();
        database.execute("create procedure pause() language plpgsql as 'begin perform pg_sleep(0.5); commit; end'");
        let slow = if in_transaction { migration(2, &[1], sql, None) } else { outside(2, &[1], sql, None) };
        let set = Set::new(vec![migration(1, &[], "create table t1 (); set search_path = pg_catalog", None), slow]);
        block_on(async {
            let mut client = database.client().await;
            client.batch_execute("set statement_timeout = '9s'").await.unwrap();
            let cancelled = tokio::time::timeout(Duration::from_millis(200), up(&mut client, &set)).await;
            assert!(cancelled.is_err(), "it was not in the middle");
            assert_eq!(client.query_one(LOCKS, &[]).await.unwrap().get::<_, i64>(0), 0);
            let settings = client.query_one("select current_setting('search_path'), current_setting('statement_timeout'), current_setting('lock_timeout'), pg_current_xact_id_if_assigned() is null", &[]).await.unwrap();
            assert_eq!(
                (
                    settings.get::<_, &str>(0),
                    settings.get::<_, &str>(1),
                    settings.get::<_, &str>(2),
                    settings.get::<_, bool>(3)
                ),
                ("\"$user\", public", "9s", "0", true)
            );
        });
    }
}

/// Also when it is dropped at its very first waits.
#[test]
fn cancelled_at_any_await_it_leaves_no_lock() {
    let database = Database::new();
    for microseconds in (0..40).map(|step| step * 250) {
        block_on(async {
            let mut client = database.client().await;
            drop(tokio::time::timeout(Duration::from_micros(microseconds), up(&mut client, &tables(3))).await);
            assert_eq!(client.query_one(LOCKS, &[]).await.unwrap().get::<_, i64>(0), 0, "after {microseconds} µs");
        });
    }
}

/// Also when it is dropped at any of its waits, the last of which are those of giving the lock back: what succeeds in
/// transactions gives it back along with the last one, all else in messages of its own.
#[test]
fn dropped_at_each_wait_in_turn_it_leaves_no_lock() {
    for last in [
        migration(2, &[1], "set search_path = pg_catalog", None),
        migration(2, &[1], "select 1/0", None),
        outside(2, &[1], "set search_path = pg_catalog; vacuum", None),
    ] {
        let set = Set::new(vec![migration(1, &[], "select 1", None), last]);
        let database = Database::new();
        block_on(async {
            let mut client = database.client().await;
            let mut waits = 0;
            loop {
                // A history of its own, so that there is the same to do each time.
                let options = Options { history: Some(format!("history_{waits}")), ..Options::default() };
                let finished = {
                    let mut quiet = |_: &Event<'_>| {};
                    let mut running = pin!(upgrade(&mut client, &set, UpTarget::Head, &options, &mut quiet));
                    let mut polls = 0;
                    poll_fn(|context| match running.as_mut().poll(context) {
                        Poll::Ready(result) => Poll::Ready(Some(result)),
                        Poll::Pending if polls == waits => Poll::Ready(None),
                        Poll::Pending => {
                            polls += 1;
                            Poll::Pending
                        }
                    })
                    .await
                };
                let left = client.query_one(LOCKS, &[]).await.unwrap().get::<_, i64>(0);
                assert_eq!(left, 0, "dropped at wait {waits}");
                let path = client.query_one("select current_setting('search_path')", &[]).await.unwrap();
                assert_eq!(path.get::<_, &str>(0), "\"$user\", public", "dropped at wait {waits}");
                if finished.is_some() {
                    break;
                }
                waits += 1;
            }
            assert!(waits > 5, "it was dropped at {waits} waits only");
        });
    }
}

#[test]
fn a_failed_migration_leaves_no_lock() {
    let database = Database::new();
    let set = Set::new(vec![migration(1, &[], "select 1/0", None)]);
    block_on(async {
        let mut client = database.client().await;
        assert!(matches!(up(&mut client, &set).await, Err(Error::Script(_))));
        assert_eq!(client.query_one(LOCKS, &[]).await.unwrap().get::<_, i64>(0), 0);
    });
}

/// Two sessions of one pool in one server process: a session lock would be granted twice.
#[test]
fn a_lock_that_this_very_process_holds_already_means_a_pooler() {
    let database = Database::new();
    block_on(async {
        let mut client = database.client().await;
        let key = advisory_key(&read_state(&client, None).await.unwrap().table);
        client.batch_execute(&format!("select pg_advisory_lock({key})")).await.unwrap();
        assert!(matches!(up(&mut client, &tables(1)).await, Err(Error::Pooler)));
    });
}
