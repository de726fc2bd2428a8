//! Histories written down in a test, without files.

use migrate_build::embedded::Migration;
use migrate_build::runtime::Set;

/// A migration `m{version}` that builds on the one before it in the test's list, or on the given parents.
pub fn migration(version: i64, parents: &[i64], up: &str, down: Option<&str>) -> Migration<'static> {
    Migration {
        version,
        name: format!("m{version}").into(),
        file: format!("migrations/versions/V{version}__m{version}.sql").into(),
        parents: parents.to_vec(),
        up: up.to_owned().into(),
        down: down.map(|down| down.to_owned().into()),
        transaction: true,
        unversioned: false,
        lock_timeout: None,
        statement_timeout: None,
        irreversible: None,
        backfill: None,
    }
}

/// The same outside a transaction.
pub fn outside(version: i64, parents: &[i64], up: &str, down: Option<&str>) -> Migration<'static> {
    Migration { transaction: false, ..migration(version, parents, up, down) }
}

/// A linear history of so many migrations, each making and dropping a table `t{version}`.
pub fn tables(count: i64) -> Set<'static> {
    Set::new(
        (1..=count)
            .map(|version| {
                let parents: &[i64] = if version == 1 { &[] } else { &[version - 1] };
                migration(
                    version,
                    parents,
                    &format!("create table t{version} (id int8 primary key);\n"),
                    Some(&format!("drop table t{version};\n")),
                )
            })
            .collect(),
    )
}
