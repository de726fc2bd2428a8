//! Refinery's own runner and ours take turns on one database. Refinery is the oracle of its own format.

use migrate_build::checksum::{VersionWidth, refinery_checksum};
use migrate_build::embedded::{Embedded, Migration};
use migrate_build::runtime::{DownTarget, Migrations, Options, Set, UpTarget, downgrade, read_state, upgrade};
use tests::history::migration;
use tests::postgres::{Database, block_on};

fn list(versions: &[(i64, &[i64])]) -> Vec<Migration<'static>> {
    versions
        .iter()
        .map(|&(version, parents)| {
            migration(
                version,
                parents,
                &format!("create table t{version} ();\n"),
                Some(&format!("drop table t{version};")),
            )
        })
        .collect()
}

/// As an application has them: through the embedded text.
fn embedded(versions: &[(i64, &[i64])]) -> Migrations {
    let text = Embedded { history: None, migrations: list(versions) }.to_text();
    Migrations::embedded(text.leak())
}

const LINEAR: &[(i64, &[i64])] = &[(1, &[]), (2, &[1]), (3, &[2]), (4, &[3])];
/// 2 is merged late: whoever has 1 and 3 gets it after them.
const LATE: &[(i64, &[i64])] = &[(1, &[]), (2, &[1]), (3, &[1]), (4, &[2, 3]), (5, &[4])];

/// Refinery in this workspace is built without `int8-versions`, so the table that it makes is `int4`.
#[test]
fn turns_on_a_table_that_refinery_made() {
    let database = Database::new();
    block_on(async {
        let mut client = database.client().await;
        let report = embedded(&LINEAR[..2]).runner().unwrap().run_async(&mut client).await.unwrap();
        assert_eq!(report.applied_migrations().len(), 2);
        assert_eq!(read_state(&client, None).await.unwrap().width, VersionWidth::Int4);
        assert_eq!(embedded(&LINEAR[..3]).upgrade(&mut client).await.unwrap().applied, [3]);
        let report = embedded(LINEAR).runner().unwrap().run_async(&mut client).await.unwrap();
        assert_eq!(report.applied_migrations().iter().map(|m| m.version()).collect::<Vec<_>>(), [4]);
        embedded(LINEAR).verify(&client).await.unwrap();
        let set = Set::new(list(LINEAR));
        downgrade(&mut client, &set, DownTarget::Steps(2), &Options::default(), &mut |_| {}).await.unwrap();
        let report = embedded(LINEAR).runner().unwrap().run_async(&mut client).await.unwrap();
        assert_eq!(report.applied_migrations().len(), 2);
    });
}

#[test]
fn a_late_branch_goes_through_both() {
    let some = |versions: &[usize]| {
        let list = list(LATE);
        Migrations::embedded(
            Embedded { history: None, migrations: versions.iter().map(|&at| list[at].clone()).collect() }
                .to_text()
                .leak(),
        )
    };
    for refinery_first in [true, false] {
        let database = Database::new();
        block_on(async {
            let mut client = database.client().await;
            if refinery_first {
                some(&[0, 2]).runner().unwrap().run_async(&mut client).await.unwrap();
                assert_eq!(embedded(LATE).upgrade(&mut client).await.unwrap().applied, [2, 4, 5]);
                assert!(
                    embedded(LATE)
                        .runner()
                        .unwrap()
                        .run_async(&mut client)
                        .await
                        .unwrap()
                        .applied_migrations()
                        .is_empty()
                );
            } else {
                client.batch_execute("create table refinery_schema_history (version int4 primary key, name varchar(255), applied_on varchar(255), checksum varchar(255))").await.unwrap();
                some(&[0, 2]).upgrade(&mut client).await.unwrap();
                let report = embedded(LATE).runner().unwrap().run_async(&mut client).await.unwrap();
                assert_eq!(report.applied_migrations().iter().map(|m| m.version()).collect::<Vec<_>>(), [2, 4, 5]);
                embedded(LATE).verify(&client).await.unwrap();
            }
        });
    }
}

/// What refinery with `int8-versions` writes, by its own algorithm with an eight-byte version.
#[test]
fn a_64_bit_table_has_64_bit_checksums() {
    let database = Database::new();
    block_on(async {
        let mut client = database.client().await;
        let set = Set::new(list(&[(20_261_123_013_000, &[])]));
        upgrade(&mut client, &set, UpTarget::Head, &Options::default(), &mut |_| {}).await.unwrap();
        let state = read_state(&client, None).await.unwrap();
        assert_eq!(state.width, VersionWidth::Int8);
        let sql = &set.migrations[0].up;
        assert_eq!(
            state.applied[0].checksum,
            refinery_checksum("m20261123013000", 20_261_123_013_000, sql, VersionWidth::Int8)
        );
    });
}

#[test]
fn refinery_cannot_hold_what_it_cannot_run() {
    let error = embedded(&[(20_261_123_013_000, &[])]).runner().map(|_| ()).unwrap_err();
    assert!(error.to_string().starts_with("refinery can't run migration 20261123013000: "), "{error}");
}

/// Refinery hashes raw text: a row that it wrote from a file with CRLF is the same migration.
#[test]
fn rows_hashed_with_crlf_are_equal() {
    let database = Database::new();
    let raw = refinery::Migration::unapplied("V1__m1", "create table t1 ();\r\n").unwrap();
    block_on(async {
        let mut client = database.client().await;
        refinery::Runner::new(&[raw]).run_async(&mut client).await.unwrap();
        embedded(&LINEAR[..1]).verify(&client).await.unwrap();
    });
}
