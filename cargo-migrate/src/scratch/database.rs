//! Scratch databases on a server that is there already: made from `template0` or from each other, known by their names' prefix.
//! Nothing without the prefix is ever dropped.

use std::cmp::Reverse;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures_util::TryStreamExt;
use tokio_postgres::error::{ErrorPosition, SqlState};
use tokio_postgres::{Client, SimpleQueryMessage};

use super::address::quote;
use super::error::ScratchError;
use crate::config::database_url::DatabaseUrl;

/// What the names of all scratch databases begin with.
pub const PREFIX: &str = "cargo_migrate_scratch_";

/// What the names of those begin with that live as long as one command.
const PASSING: &str = "cargo_migrate_scratch_t_";

/// How old one of a command that was killed has to be, in seconds: no command takes as long.
const PASSING_AGE: u64 = 60 * 60;

/// How long one that is kept for later runs may lie unused, in seconds.
const KEPT_AGE: u64 = 7 * 24 * 60 * 60;

/// How many are kept for later runs.
const KEPT: usize = 16;

/// How often another session in the way is waited for, and how long each time: who reads a kept database is soon done.
const TRIES: u32 = 100;
const PAUSE: Duration = Duration::from_millis(50);

/// The scratch databases of one role on one server.
#[derive(Clone, Copy, Debug)]
pub struct Databases<'c> {
    client: &'c Client,
    url: &'c DatabaseUrl,
}

/// One scratch database.
#[derive(Clone, Debug)]
pub struct ScratchDatabase {
    /// Its name.
    pub name: String,
    /// The way to it.
    pub url: DatabaseUrl,
}

impl<'c> Databases<'c> {
    /// Those that `client` can make; `url` is the way to any database of that server.
    pub fn new(client: &'c Client, url: &'c DatabaseUrl) -> Self {
        Self { client, url }
    }

    /// Whether the role may create databases, and what it is called.
    ///
    /// # Errors
    /// The server can't be asked.
    pub async fn role(&self) -> Result<(String, bool), ScratchError> {
        let rows = self
            .rows("SELECT rolname, rolcreatedb OR rolsuper FROM pg_catalog.pg_roles WHERE rolname = CURRENT_USER")
            .await?;
        Ok(rows.into_iter().next().map(|(role, may)| (role, may == "t")).unwrap_or_default())
    }

    /// The names of those that are kept for later runs.
    ///
    /// # Errors
    /// The server can't be asked.
    pub async fn kept(&self) -> Result<Vec<String>, ScratchError> {
        let names = self.all().await?.into_iter().map(|(name, _)| name);
        Ok(names.filter(|name| !name.starts_with(PASSING)).collect())
    }

    /// The names of so many with this prefix that are kept, the one that was used last first.
    ///
    /// # Errors
    /// The server can't be asked.
    pub async fn newest(&self, prefix: &str, count: usize) -> Result<Vec<String>, ScratchError> {
        let mut kept: Vec<_> = self.all().await?.into_iter().filter(|(name, _)| name.starts_with(prefix)).collect();
        kept.sort_by_key(|(_, used)| Reverse(used.parse::<u64>().unwrap_or_default()));
        Ok(kept.into_iter().map(|(name, _)| name).take(count).collect())
    }

    /// The way to one that is kept.
    pub fn open(&self, name: &str) -> Option<ScratchDatabase> {
        Some(ScratchDatabase { name: name.to_owned(), url: self.url.with_database(name)? })
    }

    /// Makes one, empty or as `template` is, which must be a scratch database.
    ///
    /// # Errors
    /// The server refuses.
    pub async fn create(&self, template: Option<&str>) -> Result<ScratchDatabase, ScratchError> {
        let name = passing_name();
        let template = quote(template.unwrap_or("template0"));
        self.patiently(&format!("CREATE DATABASE {} TEMPLATE {template}", quote(&name))).await?;
        self.open(&name).ok_or_else(|| ScratchError::BadDatabaseName(name))
    }

    /// Keeps one for later runs, under another name. Whoever was first keeps theirs.
    ///
    /// # Errors
    /// The server refuses.
    pub async fn keep(&self, database: &ScratchDatabase, name: &str) -> Result<(), ScratchError> {
        // Before it has the name: one without a date would be taken for an old one.
        self.used(&database.name).await?;
        let renamed =
            self.patiently(&format!("ALTER DATABASE {} RENAME TO {}", quote(&database.name), quote(name))).await;
        match renamed {
            // In the same moment it is the catalogue's index that refuses.
            Err(ScratchError::Statement { source, .. })
                if matches!(source.code(), Some(&SqlState::DUPLICATE_DATABASE | &SqlState::UNIQUE_VIOLATION)) =>
            {
                self.drop(&database.name).await
            }
            other => other,
        }
    }

    /// Takes a spare copy of `template`, which [`Databases::keep_as_spare`] kept; nobody else gets it then. Nothing where there is none.
    ///
    /// # Errors
    /// The server refuses.
    pub async fn claim(&self, template: &str) -> Result<Option<ScratchDatabase>, ScratchError> {
        let (Some(spare), name) = (spare(template), passing_name()) else { return Ok(None) };
        match self.execute(&format!("ALTER DATABASE {} RENAME TO {}", quote(&spare), quote(&name))).await {
            Ok(()) => Ok(self.open(&name)),
            Err(ScratchError::Statement { source, .. })
                if matches!(source.code(), Some(&SqlState::INVALID_CATALOG_NAME | &SqlState::OBJECT_IN_USE)) =>
            {
                Ok(None)
            }
            Err(other) => Err(other),
        }
    }

    /// Keeps one that is as `template` again, so that the next run needs no copy: a database is some thousand files, and a file system that
    /// has just removed as many is slow at making them.
    ///
    /// # Errors
    /// The server refuses.
    pub async fn keep_as_spare(&self, database: &ScratchDatabase, template: &str) -> Result<(), ScratchError> {
        match spare(template) {
            Some(spare) => self.keep(database, &spare).await,
            None => self.drop(&database.name).await,
        }
    }

    /// Notes that one that is kept was used just now.
    ///
    /// # Errors
    /// The server refuses.
    pub async fn used(&self, name: &str) -> Result<(), ScratchError> {
        self.execute(&format!("COMMENT ON DATABASE {} IS '{}'", quote(name), now())).await
    }

    /// Drops one, with the sessions that use it.
    ///
    /// # Errors
    /// The server refuses.
    pub async fn drop(&self, name: &str) -> Result<(), ScratchError> {
        if !name.starts_with(PREFIX) {
            return Err(ScratchError::BadDatabaseName(name.to_owned()));
        }
        self.execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", quote(name))).await
    }

    /// Drops what commands that were killed have left, and what nobody has used for long. One that is in use stays.
    ///
    /// # Errors
    /// The server can't be asked.
    pub async fn reap(&self) -> Result<(), ScratchError> {
        for name in stale(self.all().await?, now()) {
            // In use, or dropped by another run in the same moment.
            drop(self.execute(&format!("DROP DATABASE IF EXISTS {}", quote(&name))).await);
        }
        Ok(())
    }

    /// Those of this role, each with its comment.
    async fn all(&self) -> Result<Vec<(String, String)>, ScratchError> {
        let sql = format!(
            "SELECT datname, coalesce(pg_catalog.shobj_description(oid, 'pg_database'), '') FROM pg_catalog.pg_database \
             WHERE pg_catalog.starts_with(datname, '{PREFIX}') \
             AND datdba = (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = CURRENT_USER) ORDER BY 1"
        );
        self.rows(&sql).await
    }

    async fn rows(&self, statement: &str) -> Result<Vec<(String, String)>, ScratchError> {
        let failed = |source| ScratchError::Statement { statement: statement.to_owned(), source };
        let messages = self.client.simple_query(statement).await.map_err(failed)?;
        let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
        let rows = messages.iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some((text(row.get(0)), text(row.get(1)))),
            _ => None,
        });
        Ok(rows.collect())
    }

    /// Waits for sessions that are in the way.
    async fn patiently(&self, statement: &str) -> Result<(), ScratchError> {
        let mut tries = 0;
        loop {
            match self.execute(statement).await {
                Err(ScratchError::Statement { source, .. })
                    if source.code() == Some(&SqlState::OBJECT_IN_USE) && tries < TRIES =>
                {
                    tries += 1;
                    tokio::time::sleep(PAUSE).await;
                }
                other => return other,
            }
        }
    }

    async fn execute(&self, statement: &str) -> Result<(), ScratchError> {
        let result = self.client.batch_execute(statement).await;
        result.map_err(|source| ScratchError::Statement { statement: statement.to_owned(), source })
    }
}

/// The name of one that lives as long as this command.
fn passing_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    format!("{PASSING}{}_{}_{}", now(), std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// The name of the spare copy of a template, `s_HASH` of `h_HASH`.
fn spare(template: &str) -> Option<String> {
    template.strip_prefix(PREFIX)?.strip_prefix("h_").map(|hash| format!("{PREFIX}s_{hash}"))
}

/// Which of these databases, each with its comment, are of no use any more.
fn stale(all: Vec<(String, String)>, now: u64) -> Vec<String> {
    let mut kept = Vec::new();
    let mut stale = Vec::new();
    for (name, comment) in all {
        match name.strip_prefix(PASSING) {
            Some(rest) => {
                let born = rest.split('_').next().and_then(|seconds| seconds.parse::<u64>().ok());
                if born.is_some_and(|born| born.saturating_add(PASSING_AGE) < now) {
                    stale.push(name);
                }
            }
            None => kept.push((comment.parse::<u64>().unwrap_or_default(), name)),
        }
    }
    kept.sort_by(|a, b| b.cmp(a));
    for (at, (used, name)) in kept.into_iter().enumerate() {
        let age = now.saturating_sub(used);
        // What was used just now may be in use the next moment.
        if age > KEPT_AGE || at >= KEPT && age > PASSING_AGE {
            stale.push(name);
        }
    }
    stale
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map(|since| since.as_secs()).unwrap_or_default()
}

/// Why a statement of many failed.
#[derive(Debug)]
pub struct BuildFailure {
    /// Which one, from 0.
    pub statement: usize,
    /// The character in it that the server points at, from 1.
    pub character: Option<usize>,
    /// What the server says.
    pub error: tokio_postgres::Error,
}

/// So many statements are one transaction: each table of a transaction needs several entries of the server's table of locks, which has
/// 6400 of them where nothing is configured.
const A_TRANSACTION: usize = 500;

/// Runs statements in one message, and in one transaction as long as they are not too many: whoever sees it fail drops the database.
///
/// # Errors
/// The first one that fails.
pub async fn build(client: &Client, statements: &[&str]) -> Result<(), BuildFailure> {
    const BEGIN: &str = "BEGIN;\nSET LOCAL client_min_messages = warning;\n";
    let mut message = String::from(BEGIN);
    // Of each statement: its first character in the message, and how many statements are finished before it.
    let (mut starts, mut before) = (Vec::with_capacity(statements.len()), Vec::with_capacity(statements.len()));
    let mut characters = BEGIN.len();
    let mut others: usize = 2;
    for (number, statement) in statements.iter().enumerate() {
        if number > 0 && number.is_multiple_of(A_TRANSACTION) {
            message.push_str("COMMIT;\n");
            message.push_str(BEGIN);
            characters = characters.saturating_add("COMMIT;\n".len() + BEGIN.len());
            others = others.saturating_add(3);
        }
        starts.push(characters);
        before.push(number.saturating_add(others));
        message.push_str(statement);
        // On a line of its own: the statement may end in a comment.
        message.push_str("\n;\n");
        characters = characters.saturating_add(statement.chars().count() + "\n;\n".len());
    }
    message.push_str("COMMIT; RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL");
    let mut finished: usize = 0;
    let result = async {
        let mut messages = std::pin::pin!(client.simple_query_raw(&message).await?);
        while let Some(message) = messages.try_next().await? {
            finished += usize::from(matches!(message, SimpleQueryMessage::CommandComplete(_)));
        }
        Ok::<_, tokio_postgres::Error>(())
    }
    .await;
    let Err(error) = result else { return Ok(()) };
    drop(client.batch_execute("ROLLBACK").await);
    let position = match error.as_db_error().and_then(|error| error.position()) {
        Some(&ErrorPosition::Original(position)) => usize::try_from(position).ok(),
        _ => None,
    };
    let statement = match position {
        // It counts from 1, and so do statements that begin before it.
        Some(position) => starts.partition_point(|start| *start < position).saturating_sub(1),
        None => before.partition_point(|before| *before <= finished).saturating_sub(1),
    };
    let start = starts.get(statement).copied().unwrap_or_default();
    Err(BuildFailure { statement, character: position.map(|position| position.saturating_sub(start)), error })
}

/// Runs statements in a transaction that stays open until [`roll_back`]. Two runs at once wait for each other, but not for ever.
///
/// # Errors
/// The first one that fails.
pub async fn try_out(client: &Client, statements: &[String]) -> Result<(), tokio_postgres::Error> {
    let settings = "SET LOCAL client_min_messages = warning;\nSET LOCAL lock_timeout = '3s';\n";
    let message = format!("BEGIN ISOLATION LEVEL REPEATABLE READ;\n{settings}{};", statements.join(";\n"));
    client.batch_execute(&message).await
}

/// Ends what [`try_out`] began, whether it failed or not.
///
/// # Errors
/// The connection is broken.
pub async fn roll_back(client: &Client) -> Result<(), tokio_postgres::Error> {
    client.batch_execute("ROLLBACK").await
}

/// A database's note is its large object of this number: that is in no schema.
const NOTE: u32 = 1;

/// Keeps a text in a scratch database, instead of what was kept there.
///
/// # Errors
/// The server refuses.
pub async fn write_note(client: &Client, text: &str) -> Result<(), tokio_postgres::Error> {
    let mut sql = format!(
        "SELECT pg_catalog.lo_unlink(oid) FROM pg_catalog.pg_largeobject_metadata WHERE oid = {NOTE};\n\
         SELECT pg_catalog.lo_from_bytea({NOTE}, pg_catalog.decode('"
    );
    sql.extend(
        text.bytes().flat_map(|byte| [byte >> 4, byte & 15]).filter_map(|digit| char::from_digit(digit.into(), 16)),
    );
    sql.push_str("', 'hex'))");
    client.batch_execute(&sql).await
}

/// Returns what [`write_note`] kept, if it did.
pub async fn read_note(client: &Client) -> Option<String> {
    let sql = format!("SELECT pg_catalog.convert_from(pg_catalog.lo_get({NOTE}), 'UTF8')");
    let answer = client.simple_query(&sql).await.ok()?;
    answer.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_old_goes_and_what_is_new_stays() {
        let now = 10_000_000;
        let all = |names: &[(String, u64)]| -> Vec<(String, String)> {
            names.iter().map(|(name, used)| (name.clone(), used.to_string())).collect()
        };
        let passing = |born: u64| (format!("{PASSING}{born}_1_1"), 0);
        let names = [passing(now - PASSING_AGE - 1), passing(now - 5), (format!("{PREFIX}h_a"), now - KEPT_AGE - 1)];
        assert_eq!(stale(all(&names), now), [names[0].0.clone(), names[2].0.clone()]);
        let many: Vec<(String, u64)> =
            (0..20).map(|at| (format!("{PREFIX}h_{at:02}"), now - PASSING_AGE - 1 - at)).collect();
        let gone: Vec<String> = many.iter().skip(KEPT).map(|(name, _)| name.clone()).collect();
        assert_eq!(stale(all(&many), now), gone);
    }
}
