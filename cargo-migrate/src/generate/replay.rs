//! The schema that migrations make, built by running them; kept as a template database, so that the next run starts where this one ended.

use std::collections::BTreeSet;

use migrate_build::embedded::Migration;
use migrate_build::runtime::{Options, Set, UpTarget, read_state, upgrade};
use sha2::{Digest, Sha256};
use tokio_postgres::Client;

use super::place::{Place, failed};
use crate::error::CommandError;
use crate::schema::{self, Kind, QualifiedName, Snapshot};
use crate::scratch::{PREFIX, ScratchDatabase};
use crate::sql::ident;

/// What migrations make.
#[derive(Debug)]
pub struct Former {
    /// The schema, without what is ours.
    pub snapshot: Snapshot,
    /// The scratch database that has it, with the history.
    pub template: String,
    /// Our own tables there.
    pub own: Vec<QualifiedName>,
}

impl Former {
    /// Reads the schema of a database with the same history table.
    ///
    /// # Errors
    /// It can't be read.
    pub async fn read(&self, client: &Client) -> Result<Snapshot, CommandError> {
        read(client, &self.own).await
    }
}

/// Runs the migrations of `set` on a scratch database, or finds one where they were run.
///
/// # Errors
/// The server refuses, or a migration fails.
pub async fn replay(place: &Place, set: &Set<'_>, history: Option<&str>) -> Result<Former, CommandError> {
    let databases = place.databases();
    let names: Vec<String> = chain(set, history, place.role());
    let kept: BTreeSet<String> = databases.kept().await.map_err(failed)?.into_iter().collect();
    let whole = names.last().cloned().unwrap_or_default();
    let found = names.iter().rposition(|name| kept.contains(name));
    if found.is_some_and(|at| at + 1 == names.len()) {
        let database = databases.open(&whole).ok_or_else(no_server)?;
        databases.used(&whole).await.map_err(failed)?;
        let connection = place.connect(&database).await?;
        let result = look(&connection.client, history).await;
        connection.close().await;
        let (snapshot, own) = result?;
        return Ok(Former { snapshot, template: whole, own });
    }
    let template = found.and_then(|at| names.get(at)).map(String::as_str);
    let spare = match template {
        Some(template) => databases.claim(template).await.map_err(failed)?,
        None => None,
    };
    if let Some(spare) = spare
        && let Ok(former) = run(place, spare, set, history, &whole).await
    {
        return Ok(former);
    }
    // Migrations were tried on a spare copy; what fails there is said by one on which nothing was.
    let database = databases.create(template).await.map_err(failed)?;
    run(place, database, set, history, &whole).await
}

/// As [`replay`], of the migrations with these versions alone.
///
/// # Errors
/// As [`replay`].
pub async fn replay_of(
    place: &Place,
    set: &Set<'static>,
    versions: &BTreeSet<i64>,
    history: Option<&str>,
) -> Result<Former, CommandError> {
    let some = set.migrations.iter().filter(|migration| versions.contains(&migration.version)).cloned().collect();
    replay(place, &Set::new(some), history).await
}

/// Applies what is left of `set` and keeps the database under the name `whole`.
async fn run(
    place: &Place,
    database: ScratchDatabase,
    set: &Set<'_>,
    history: Option<&str>,
    whole: &str,
) -> Result<Former, CommandError> {
    let databases = place.databases();
    let result = async {
        let mut connection = place.connect(&database).await?;
        let result = match up(&mut connection.client, set, history).await {
            Ok(()) => look(&connection.client, history).await,
            Err(error) => Err(error.note("on a scratch database")),
        };
        connection.close().await;
        result
    }
    .await;
    match result {
        Ok((snapshot, own)) => {
            databases.keep(&database, whole).await.map_err(failed)?;
            Ok(Former { snapshot, template: whole.to_owned(), own })
        }
        Err(error) => {
            // The error that counts is the migration's.
            drop(databases.drop(&database.name).await);
            Err(error)
        }
    }
}

/// Applies all of `set`.
pub(super) async fn up(client: &mut Client, set: &Set<'_>, history: Option<&str>) -> Result<(), CommandError> {
    for head in set.graph.heads() {
        upgrade(client, set, UpTarget::Version(head), &options(history), &mut |_| {}).await?;
    }
    Ok(())
}

/// How migrations are run where nobody else is.
pub(super) fn options(history: Option<&str>) -> Options {
    Options {
        history: history.map(str::to_owned),
        actor: Some("scratch".to_owned()),
        tool: concat!("cargo-migrate ", env!("CARGO_PKG_VERSION")).to_owned(),
        ..Options::default()
    }
}

async fn look(client: &Client, history: Option<&str>) -> Result<(Snapshot, Vec<QualifiedName>), CommandError> {
    let state = read_state(client, history).await?;
    let own: Vec<_> = state.own_tables().map(|table| QualifiedName::new(table.schema, table.name)).into();
    let snapshot = read(client, &own).await?;
    Ok((snapshot, own))
}

async fn read(client: &Client, own: &[QualifiedName]) -> Result<Snapshot, CommandError> {
    let snapshot = schema::take(client, own).await.map_err(CommandError::database)?;
    Ok(without_ours(without_date(snapshot), own))
}

/// When a scratch database was used last is no part of a schema.
pub(super) fn without_date(mut snapshot: Snapshot) -> Snapshot {
    let databases: Vec<_> =
        snapshot.iter().map(|(object, _)| object).filter(|object| object.kind == Kind::Database).cloned().collect();
    for database in databases {
        if let Some(definition) = snapshot.get_mut(&database) {
            definition.comment = None;
        }
    }
    snapshot
}

/// A schema that only our own tables are in is ours, too.
fn without_ours(snapshot: Snapshot, own: &[QualifiedName]) -> Snapshot {
    let ours = |identity: &str| {
        let name = ident::unquote(identity);
        name != "public" && own.iter().any(|table| table.schema == name)
    };
    let used = |identity: &str| {
        snapshot.iter().any(|(object, _)| object.kind != Kind::Schema && ident::split(&object.identity).0 == identity)
    };
    let gone: BTreeSet<_> = snapshot
        .iter()
        .filter(|(object, _)| object.kind == Kind::Schema && ours(&object.identity) && !used(&object.identity))
        .map(|(object, _)| object.clone())
        .collect();
    if gone.is_empty() {
        return snapshot;
    }
    let mut rest = Snapshot::default();
    for (object, definition) in snapshot.into_objects() {
        if !gone.contains(&object) {
            // One that was there once is there once.
            drop(rest.insert(object, definition));
        }
    }
    rest
}

/// The names of the scratch databases in which so many of the migrations were run: none, one, …, all.
pub(super) fn chain(set: &Set<'_>, history: Option<&str>, role: &str) -> Vec<String> {
    let mut hash = Sha256::new();
    for part in [env!("CARGO_PKG_VERSION"), history.unwrap_or_default(), role] {
        field(&mut hash, part);
    }
    let name = |hash: &Sha256| format!("{PREFIX}h_{}", short_hash(hash.clone()));
    let mut names = vec![name(&hash)];
    for Migration { version, name: called, up, down, transaction, parents, .. } in &set.migrations {
        field(&mut hash, &version.to_string());
        field(&mut hash, called);
        field(&mut hash, up);
        field(&mut hash, down.as_deref().unwrap_or_default());
        field(&mut hash, &format!("{transaction} {parents:?}"));
        names.push(name(&hash));
    }
    names
}

/// Adds a text so that no two lists of texts give the same.
pub(super) fn field(hash: &mut Sha256, text: &str) {
    hash.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_le_bytes());
    hash.update(text.as_bytes());
}

pub(super) fn short_hash(hash: Sha256) -> String {
    hash.finalize().iter().take(15).map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn no_server() -> CommandError {
    CommandError::usage("the database URL names no server")
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    fn migration(version: i64, up: &'static str) -> Migration<'static> {
        Migration {
            version,
            name: Cow::Borrowed("a"),
            file: Cow::Borrowed("a"),
            parents: Vec::new(),
            up: Cow::Borrowed(up),
            down: None,
            transaction: true,
            unversioned: false,
            lock_timeout: None,
            statement_timeout: None,
            irreversible: None,
            backfill: None,
        }
    }

    #[test]
    fn a_longer_history_begins_as_the_shorter_one() {
        let of = |ups: &[&'static str]| {
            let all = (1..).zip(ups).map(|(version, up)| migration(version, up)).collect();
            chain(&Set::new(all), None, "ada")
        };
        let (short, long, other) = (of(&["a", "b"]), of(&["a", "b", "c"]), of(&["a", "x", "c"]));
        assert_eq!(short, long[..3]);
        assert_eq!(other[..2], long[..2]);
        assert!(other[2] != long[2] && other[3] != long[3]);
        assert!(long.iter().all(|name| name.starts_with(PREFIX) && name.len() <= 63));
    }
}
