//! Loading data: a script in one transaction, with errors that point into it.

use std::pin::pin;

use futures_util::TryStreamExt;
use migrate_build::statements::{self, Kind, Statement};
use tokio_postgres::error::ErrorPosition;
use tokio_postgres::{Client, SimpleQueryMessage};

use crate::error::CommandError;
use crate::findings::Excerpt;

/// Runs a script that loads data, as a whole or not at all. Messages call it `file`. Returns how many statements it has.
///
/// # Errors
/// The server refuses a statement, or the script holds one that can't be part of it.
pub async fn load(client: &Client, file: &str, text: &str) -> Result<usize, CommandError> {
    let statements = checked(file, text)?;
    if statements.is_empty() {
        return Ok(0);
    }
    run(client, "BEGIN").await.map_err(|(_, error)| CommandError::database(error))?;
    if let Err((finished, error)) = run(client, text).await {
        // The error that counts is the script's.
        drop(client.batch_execute("ROLLBACK").await);
        return Err(failure(file, text, &statements, Some(finished), error));
    }
    match run(client, "COMMIT").await {
        Ok(()) => {
            // What it has set must not reach what runs after it: the dumps of pg_dump empty `search_path`.
            let reset = run(client, "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL").await;
            reset.map(|()| statements.len()).map_err(|(_, error)| CommandError::database(error))
        }
        Err((_, error)) => Err(failure(file, text, &statements, None, error)),
    }
}

fn checked(file: &str, text: &str) -> Result<Vec<Statement>, CommandError> {
    let wrong = |offset: usize, statement, message: String| {
        let excerpt = Excerpt::at(file.to_owned(), text.to_owned(), offset, statement);
        CommandError { excerpt: Some(Box::new(excerpt)), ..CommandError::refused(message) }
    };
    let statements =
        statements::split(text).map_err(|error| wrong(error.offset, Some(1), format!("`{file}` has an {error}")))?;
    for (index, Statement { range, kind, .. }) in statements.iter().enumerate() {
        let message = match kind {
            Kind::TransactionControl(words) => format!("`{words}` in `{file}`, which is loaded in one transaction"),
            Kind::OutsideTransaction(words) => format!("`{words}` in `{file}`, which is loaded in one transaction"),
            Kind::CopyFromStdin => format!("`COPY … FROM STDIN` in `{file}` has no data that could be sent"),
            Kind::Ordinary | Kind::MayCommit(_) => continue,
        };
        return Err(wrong(range.start, Some(index + 1), message).help("write it as `INSERT` statements"));
    }
    Ok(statements)
}

/// Runs statements; an error comes with the number of those that finished.
async fn run(client: &Client, sql: &str) -> Result<(), (usize, tokio_postgres::Error)> {
    let mut finished = 0;
    let mut messages = pin!(client.simple_query_raw(sql).await.map_err(|error| (0, error))?);
    loop {
        match messages.try_next().await {
            Ok(Some(SimpleQueryMessage::CommandComplete(_))) => finished += 1,
            Ok(Some(_)) => {}
            Ok(None) => return Ok(()),
            Err(error) => return Err((finished, error)),
        }
    }
}

fn failure(
    file: &str,
    text: &str,
    statements: &[Statement],
    finished: Option<usize>,
    error: tokio_postgres::Error,
) -> CommandError {
    let Some(server) = error.as_db_error() else { return CommandError::database(error) };
    let start = finished.and_then(|finished| statements.get(finished)).map_or(0, |statement| statement.range.start);
    let offset = match server.position() {
        // It counts characters, from 1.
        Some(&ErrorPosition::Original(position)) => {
            let before = usize::try_from(position).unwrap_or(1).saturating_sub(1);
            text.char_indices().nth(before).map_or(text.len(), |(offset, _)| offset)
        }
        _ => start,
    };
    let message = format!("`{file}` can't be loaded: {} (SQLSTATE {})", server.message(), server.code().code());
    let notes = [("detail", server.detail()), ("hint", server.hint()), ("context", server.where_())];
    let notes = notes.into_iter().filter_map(|(what, text)| Some(format!("{what}: {}", text?))).collect();
    let excerpt = Excerpt::at(file.to_owned(), text.to_owned(), offset, finished.map(|finished| finished + 1));
    CommandError { excerpt: Some(Box::new(excerpt)), notes, ..CommandError::refused(message) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_transaction_can_not_hold_is_refused_before_anything_runs() {
        for (text, expected) in [
            ("insert into a values (1);\ncommit;", "`COMMIT` in `s.sql`, which is loaded in one transaction"),
            ("vacuum;", "`VACUUM` in `s.sql`, which is loaded in one transaction"),
            ("copy a from stdin;", "`COPY … FROM STDIN` in `s.sql` has no data that could be sent"),
            ("select 'a", "`s.sql` has an unterminated string"),
        ] {
            let error = checked("s.sql", text).unwrap_err();
            assert_eq!(error.to_string(), expected);
        }
        let error = checked("s.sql", "insert into a values (1);\ncommit;").unwrap_err();
        assert_eq!(error.excerpt.unwrap().location(), "s.sql:2:1");
        assert_eq!(checked("s.sql", "insert into a values (1); select 2;").unwrap().len(), 2);
    }
}
