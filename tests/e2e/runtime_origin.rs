//! What an application says of a database that has more than it knows: it is older, or a migration was deleted, or the
//! database is another branch's.

use migrate_build::runtime::{Error, Options, Origin, Refusal, Set, UpTarget, compare, read_state, upgrade};
use tests::history::{migration, tables};
use tests::postgres::{Database, block_on};

fn set(graph: &[(i64, &[i64])]) -> Set<'static> {
    Set::new(
        graph
            .iter()
            .map(|&(version, parents)| migration(version, parents, &format!("create table t{version} ()"), None))
            .collect(),
    )
}

/// What an upgrade by `set` is refused with, once the database has all of `tables(4)`.
fn refusal(database: &Database, set: &Set<'_>) -> Refusal {
    block_on(async {
        let mut client = database.client().await;
        let error = upgrade(&mut client, set, UpTarget::Head, &Options::default(), &mut |_| {}).await.unwrap_err();
        match error {
            Error::Refused(refusal) => *refusal,
            error => panic!("{error:?}"),
        }
    })
}

fn applied(set: &Set<'_>) -> Database {
    let database = Database::new();
    block_on(async {
        let mut client = database.client().await;
        for head in set.graph.heads() {
            let target = UpTarget::Version(head);
            upgrade(&mut client, set, target, &Options::default(), &mut |_| {}).await.unwrap();
        }
    });
    database
}

fn versions(refusal: &Refusal) -> Vec<i64> {
    match refusal {
        Refusal::Ahead { orphans, .. } | Refusal::Deleted { orphans } | Refusal::OtherBranch { orphans } => {
            orphans.iter().map(|row| row.version).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_program_is_older() {
    let database = applied(&tables(4));
    let refusal = refusal(&database, &tables(2));
    assert!(matches!(refusal, Refusal::Ahead { head: Some(2), .. }), "{refusal:?}");
    assert_eq!(versions(&refusal), [3, 4]);
    assert!(refusal.help().unwrap().contains("older than the database"));
}

/// In a plain folder the rest closes up over the gap.
#[test]
fn one_in_the_middle_was_deleted() {
    let database = applied(&tables(4));
    let mut gap = tables(4);
    gap.migrations.retain(|migration| migration.version != 3);
    for migration in &mut gap.migrations {
        if migration.version == 4 {
            migration.parents = vec![2];
        }
    }
    let refusal = refusal(&database, &Set::new(gap.migrations));
    assert!(matches!(refusal, Refusal::Deleted { .. }), "{refusal:?}");
    assert_eq!(versions(&refusal), [3]);
    assert!(refusal.help().unwrap().starts_with("`cargo migrate repair --restore`"));
}

/// The orphan's version is above all that is known, so that versions alone would call the program older.
#[test]
fn another_branch_was_there() {
    let database = applied(&set(&[(1, &[]), (2, &[1]), (9, &[1])]));
    let known = set(&[(1, &[]), (2, &[1])]);
    let refusal = refusal(&database, &known);
    assert!(matches!(refusal, Refusal::OtherBranch { .. }), "{refusal:?}");
    assert_eq!(versions(&refusal), [9]);
}

/// A role that may not read the archive learns as much as versions tell.
#[test]
fn without_the_archive_versions_tell() {
    let database = applied(&set(&[(1, &[]), (2, &[1]), (9, &[1])]));
    database.execute("drop table cargo_migrate_archive");
    let known = set(&[(1, &[]), (2, &[1])]);
    assert!(matches!(refusal(&database, &known), Refusal::Ahead { .. }));
    let comparison = block_on(async {
        let client = database.client().await;
        let state = read_state(&client, None).await.unwrap();
        compare(&client, &known, &state).await.unwrap()
    });
    assert_eq!(comparison.origin(9), Origin::Unknown);
}
