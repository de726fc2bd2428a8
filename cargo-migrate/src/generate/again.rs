//! The wanted schema out of the one before it: of many tables few change, and only these are built anew.

use std::collections::BTreeSet;

use migrate_build::statements::split;
use serde::{Deserialize, Serialize};
use tokio_postgres::Client;

use super::place::{Place, failed};
use super::replay::{no_server, without_date};
use crate::error::CommandError;
use crate::models::{Phase, Statement};
use crate::schema::{self, Kind, Snapshot};
use crate::scratch::{self, PREFIX};

/// Below it building all is as quick as finding out what changed.
const WORTHWHILE: usize = 20;

/// Of so many tables one may have changed: it is made anew in every run until all are.
const A_CHANGE_AMONG: usize = 8;

/// So many of those that were used last are looked at: whoever works on two branches has one for each.
const LOOKED_AT: usize = 3;

/// One statement that a database was built from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Built {
    sql: String,
    /// The table that it is about, if that is all that it is about.
    table: Option<String>,
    foreign_key: bool,
}

fn built(statements: &[Statement]) -> Vec<Built> {
    let of_a_table = |statement: &&Statement| statement.phase >= Phase::Table;
    let one = |statement: &Statement| Built {
        sql: statement.sql.clone(),
        table: Some(statement)
            .filter(of_a_table)
            .and_then(|statement| statement.about.as_ref())
            .map(ToString::to_string),
        foreign_key: statement.phase == Phase::ForeignKey,
    };
    statements.iter().map(one).collect()
}

/// What makes the one out of the other, if it is little: tables are dropped and made anew, with the foreign keys that lead to them.
fn steps(old: &[Built], new: &[Built]) -> Option<Vec<String>> {
    let (before, after): (BTreeSet<&Built>, BTreeSet<&Built>) = (old.iter().collect(), new.iter().collect());
    let changed: Option<BTreeSet<&str>> = before.symmetric_difference(&after).map(|one| one.table.as_deref()).collect();
    let changed = changed?;
    let tables = |all: &[Built]| all.iter().filter_map(|one| one.table.clone()).collect::<BTreeSet<_>>();
    if changed.len().saturating_mul(A_CHANGE_AMONG) > tables(new).len() {
        return None;
    }
    let leads_there = |one: &Built| {
        one.foreign_key && changed.iter().any(|table| one.sql.contains(&format!(" REFERENCES {table} (")))
    };
    let again = |one: &&Built| one.table.as_deref().is_some_and(|table| changed.contains(table)) || leads_there(one);
    let gone = tables(old).into_iter().filter(|table| changed.contains(table.as_str()));
    let dropped = gone.map(|table| format!("DROP TABLE {table} CASCADE"));
    Some(dropped.chain(new.iter().filter(again).map(|one| one.sql.clone())).collect())
}

/// Whether it is known of many statements what they are about.
fn is_worthwhile(statements: &[Statement]) -> bool {
    statements.len() >= WORTHWHILE && statements.iter().all(|statement| statement.phase != Phase::Script)
}

/// Keeps in a database what it was built from.
///
/// # Errors
/// The server refuses.
pub(super) async fn remember(client: &Client, statements: &[Statement]) -> Result<(), CommandError> {
    if !is_worthwhile(statements) {
        return Ok(());
    }
    let text = serde_json::to_string(&built(statements)).map_err(CommandError::database)?;
    scratch::write_note(client, &text).await.map_err(CommandError::database)
}

/// What [`remember`] kept.
async fn remembered(client: &Client) -> Option<Vec<Built>> {
    serde_json::from_str(&scratch::read_note(client).await?).ok()
}

/// What the models want, made in a database that was built from what they wanted before, and rolled back there: nothing is copied, and
/// what is kept stays as it is. Nothing where there is none, where too much changed, or where anything goes wrong: building all of it says
/// what.
///
/// # Errors
/// The server can't be asked.
pub(super) async fn out_of_a_kept_one(
    place: &Place,
    statements: &[Statement],
) -> Result<Option<Snapshot>, CommandError> {
    if !is_worthwhile(statements) {
        return Ok(None);
    }
    let new = built(statements);
    let databases = place.databases();
    for name in databases.newest(&format!("{PREFIX}w_"), LOOKED_AT).await.map_err(failed)? {
        let database = databases.open(&name).ok_or_else(no_server)?;
        // Another run may drop it in this moment.
        let Ok(connection) = place.connect(&database).await else { continue };
        let snapshot = match remembered(&connection.client).await.and_then(|old| steps(&old, &new)) {
            Some(steps) => tried(&connection.client, &steps).await,
            None => None,
        };
        connection.close().await;
        if snapshot.is_some() {
            // What it is for is done, even if another run drops it in this moment.
            drop(databases.used(&name).await);
            return Ok(snapshot);
        }
    }
    Ok(None)
}

/// The schema that the steps lead to, in a transaction that is rolled back.
async fn tried(client: &Client, steps: &[String]) -> Option<Snapshot> {
    // What ends a transaction could hide in an attribute of a model.
    let alone = |sql: &String| split(sql).is_ok_and(|found| found.len() == 1);
    if !steps.iter().all(alone) {
        return None;
    }
    let snapshot = match scratch::try_out(client, steps).await {
        Ok(()) => schema::take_within(client, &[]).await.ok(),
        Err(_) => None,
    };
    scratch::roll_back(client).await.ok()?;
    snapshot.map(without_date).filter(|snapshot| !numbered(snapshot))
}

/// Whether the server had to number a sequence because its name was taken: which one gets the number depends on which came first.
fn numbered(snapshot: &Snapshot) -> bool {
    let sequences = snapshot.iter().filter(|(object, _)| object.kind == Kind::Sequence);
    sequences.into_iter().any(|(object, _)| {
        let name = object.identity.trim_end_matches('"');
        let bare = name.trim_end_matches(|c: char| c.is_ascii_digit());
        bare.len() < name.len() && bare.ends_with("_seq")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(name: &str, columns: &str) -> Built {
        Built { sql: format!("CREATE TABLE {name} ({columns})"), table: Some(name.to_owned()), foreign_key: false }
    }

    fn key(name: &str, to: &str) -> Built {
        let sql = format!("ALTER TABLE {name} ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES {to} (id)");
        Built { sql, table: Some(name.to_owned()), foreign_key: true }
    }

    fn some() -> Vec<Built> {
        let mut all: Vec<Built> = (1..=16).map(|n| table(&format!("t{n}"), "id int")).collect();
        all.extend([key("t1", "t2"), key("t2", "t3"), key("t4", "t22")]);
        all
    }

    #[test]
    fn a_table_that_changes_is_made_anew_with_the_keys_around_it() {
        let mut new = some();
        new[1] = table("t2", "id int, n int");
        let expected = ["DROP TABLE t2 CASCADE", &new[1].sql, &new[16].sql, &new[17].sql];
        assert_eq!(steps(&some(), &new).unwrap(), expected);
        assert_eq!(steps(&some(), &some()).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn tables_come_and_go() {
        let (old, mut new) = (some(), some());
        new.remove(15);
        new.push(table("t17", "id int"));
        assert_eq!(steps(&old, &new).unwrap(), ["DROP TABLE t16 CASCADE", "CREATE TABLE t17 (id int)"]);
    }

    #[test]
    fn what_is_much_or_no_table_is_built_from_the_beginning() {
        let mut new = some();
        new.iter_mut().take(3).for_each(|one| one.sql.push(' '));
        assert_eq!(steps(&some(), &new), None);
        let mut new = some();
        new.insert(0, Built { sql: "CREATE TYPE mood AS ENUM ()".to_owned(), table: None, foreign_key: false });
        assert_eq!(steps(&some(), &new), None);
    }
}
