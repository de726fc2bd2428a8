//! The schema that the models want, built from their statements on a scratch database.

use std::path::Path;

use migrate_build::diagnostic::{Diagnostic, Level};
use sha2::{Digest, Sha256};
use tokio_postgres::Client;

use super::again;
use super::place::{Place, failed};
use super::replay::{field, no_server, short_hash, without_date};
use crate::error::CommandError;
use crate::findings::Excerpt;
use crate::models::Wanted;
use crate::schema::{self, Snapshot};
use crate::scratch::{BuildFailure, PREFIX, ScratchDatabase, build};
use crate::seeds::Seed;

/// The folder, in the migrations folder, for what models have no words for.
const EXTRAS: &str = "schema";

/// Reads `migrations/schema/*.sql`: views, functions and whatever else a team keeps beside the models.
///
/// # Errors
/// A file can't be read, or is no text.
pub fn extras(folder: &Path, shown: &Path) -> Result<Vec<Seed>, CommandError> {
    crate::seeds::read_folder(folder, shown, EXTRAS)
}

/// Builds what `wanted` and `extras` say, or finds a scratch database where that was done.
///
/// # Errors
/// The server refuses, or a statement fails there; then the error points at its place in the sources.
pub async fn wanted(place: &Place, wanted: &Wanted, extras: &[Seed]) -> Result<Snapshot, CommandError> {
    let databases = place.databases();
    let statements: Vec<&str> = wanted
        .statements
        .iter()
        .map(|statement| statement.sql.as_str())
        .chain(extras.iter().map(|extra| extra.text.as_str()))
        .collect();
    let mut hash = Sha256::new();
    for part in [env!("CARGO_PKG_VERSION"), place.role()].iter().chain(&statements) {
        field(&mut hash, part);
    }
    let name = format!("{PREFIX}w_{}", short_hash(hash));
    if databases.kept().await.map_err(failed)?.contains(&name) {
        let database = databases.open(&name).ok_or_else(no_server)?;
        databases.used(&name).await.map_err(failed)?;
        return read(place, &database).await;
    }
    // What is in files of their own may be about any table.
    if extras.is_empty()
        && let Some(snapshot) = again::out_of_a_kept_one(place, &wanted.statements).await?
    {
        return Ok(snapshot);
    }
    let database = databases.create(None).await.map_err(failed)?;
    let connection = place.connect(&database).await?;
    let snapshot = match build(&connection.client, &statements).await {
        Ok(()) => {
            if extras.is_empty() {
                // It only saves time: without it the next run builds everything.
                drop(again::remember(&connection.client, &wanted.statements).await);
            }
            take(&connection.client).await
        }
        Err(failure) => Err(explain(failure, wanted, extras)),
    };
    connection.close().await;
    if snapshot.is_err() {
        // The error that counts is the statement's.
        drop(databases.drop(&database.name).await);
    } else {
        databases.keep(&database, &name).await.map_err(failed)?;
    }
    snapshot
}

/// Reads what was built.
async fn take(client: &Client) -> Result<Snapshot, CommandError> {
    schema::take(client, &[]).await.map(without_date).map_err(CommandError::database)
}

async fn read(place: &Place, database: &ScratchDatabase) -> Result<Snapshot, CommandError> {
    let connection = place.connect(database).await?;
    let snapshot = take(&connection.client).await;
    connection.close().await;
    snapshot
}

/// The server's words, at the place in the sources that they are about.
fn explain(failure: BuildFailure, wanted: &Wanted, extras: &[Seed]) -> CommandError {
    let BuildFailure { statement, character, error } = failure;
    let Some(server) = error.as_db_error() else { return CommandError::database(error) };
    let said = format!("{} (SQLSTATE {})", server.message(), server.code().code());
    let notes: Vec<String> = [("detail", server.detail()), ("hint", server.hint())]
        .into_iter()
        .filter_map(|(what, text)| Some(format!("{what}: {}", text?)))
        .collect();
    let is_missing = server.code().code() == "0A000" || server.code().code() == "58P01";
    let help = (is_missing && server.message().contains("extension"))
        .then_some("install the extension on that server, or build elsewhere: `--scratch server`");
    let count = wanted.statements.len();
    let error = match wanted.statements.get(statement) {
        Some(found) => {
            let place = match character {
                Some(character) => found.place_of_character(character),
                None => found.place.as_ref(),
            };
            let message = format!("the server refuses what the models want: {said}");
            let mut error = CommandError::refused(message).note(format!("in `{}`", one_line(&found.sql)));
            if let Some(place) = place {
                error.findings = Box::new([at(&said, wanted, place)]);
            }
            error
        }
        None => match extras.get(statement.saturating_sub(count)) {
            Some(Seed { file, text }) => {
                let before = character.unwrap_or(1).saturating_sub(1);
                let offset = text.char_indices().nth(before).map_or(text.len(), |(at, _)| at);
                let excerpt = Excerpt::at(file.clone(), text.clone(), offset, Some(1));
                let message = format!("the server refuses `{file}`: {said}");
                CommandError { excerpt: Some(Box::new(excerpt)), ..CommandError::refused(message) }
            }
            None => CommandError::refused(said),
        },
    };
    notes.into_iter().fold(error.maybe_help(help), CommandError::note)
}

fn at(said: &str, wanted: &Wanted, place: &crate::models::Place) -> Diagnostic {
    Diagnostic {
        rule: "models-refused",
        level: Level::Deny,
        message: said.to_owned(),
        labels: vec![wanted.sources.label(place, "")],
        notes: Vec::new(),
        helps: Vec::new(),
    }
}

fn one_line(sql: &str) -> String {
    let words: Vec<&str> = sql.split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(120) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or_default()),
        None => line,
    }
}
