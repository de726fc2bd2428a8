//! The advisory lock that serialises all writers of one history.
//!
//! It is polled with the try form: a blocking wait would hold a snapshot, and `CREATE INDEX CONCURRENTLY` of the holder
//! would wait for that snapshot, for ever. It belongs to the server's session, so it ends with a killed process; for every
//! other end there is [`Held::release`], and its `Drop` where a future is dropped.
//!
//! Scripts may release it (`pg_advisory_unlock_all()`, `DISCARD ALL`). So every transaction takes it once more for itself, which
//! no statement in it can undo, and gives it back to the session at its end. A statement in no transaction leaves a gap:
//! whoever came in there is found out by the lock being taken, or by the record of that statement, which isn't as it was.

use std::time::{Duration, Instant};

use futures_util::FutureExt;
use futures_util::future::join;
use tokio_postgres::{Client, SimpleQueryRow};

use super::blocked::jittered;
use super::error::{Error, Holder};
use super::event::{Event, OnEvent};
use super::options::Options;
use super::state::query;
use super::table::{Table, advisory_key, literal};

/// The lock, held; and what the session was before anything ran in it.
pub(super) struct Held<'c> {
    client: &'c Client,
    /// Its key.
    pub(super) key: i64,
    armed: bool,
    /// The server process that holds it.
    pub(super) pid: i32,
    /// `session_authorization`.
    pub(super) authorization: String,
    /// `role`.
    pub(super) role: String,
    /// Calls of `set_config` for every setting that the caller has made in this session; may be empty.
    pub(super) restore: String,
}

/// Takes the lock; `first` is sent along with the first attempt, and its rows come back if that attempt got the lock.
pub(super) async fn acquire<'c>(
    client: &'c Client,
    table: &Table,
    first: &str,
    options: &Options,
    on_event: &mut OnEvent<'_>,
) -> Result<(Held<'c>, Option<Vec<Option<SimpleQueryRow>>>), Error> {
    let key = advisory_key(table);
    // Armed before the first attempt: a future that is dropped while the answer is on its way holds the lock already.
    let mut held = Held {
        client,
        key,
        armed: true,
        pid: 0,
        authorization: String::new(),
        role: String::new(),
        restore: String::new(),
    };
    let begun = Instant::now();
    let mut told = Vec::new();
    let mut pause = Duration::from_millis(20);
    for attempt in 0_u32.. {
        // A transaction of its own at READ COMMITTED, so that `first` sees what was committed before the lock was got.
        let also = if attempt == 0 { first } else { "" };
        let sql = format!("BEGIN ISOLATION LEVEL READ COMMITTED;\n{};\n{also};\nCOMMIT", try_query(key));
        let mut rows = query(client, &sql, "taking the lock").await?;
        let answer = rows.iter().position(Option::is_some).and_then(|at| rows.drain(..=at).next_back()).flatten();
        let answer = answer.ok_or_else(|| Error::Answer { doing: "taking the lock".to_owned() })?;
        let text = |column: &str| answer.try_get(column).ok().flatten().unwrap_or_default();
        match text("locked") {
            "yes" => {
                held.pid = text("pid").parse().unwrap_or_default();
                held.authorization = text("authorization").to_owned();
                held.role = text("role").to_owned();
                held.restore = text("restore").to_owned();
                // The end of the lock's own statement.
                rows.drain(..rows.len().min(1));
                return Ok((held, (attempt == 0).then_some(rows)));
            }
            // Somebody else's session of this pool runs in the same server process, where the lock would be granted twice.
            "own" => {
                held.armed = false;
                return Err(Error::Pooler);
            }
            _ => {}
        }
        let holders = holders(client, key).await?;
        let waited = begun.elapsed();
        if options.wait.is_some_and(|limit| waited >= limit) {
            held.armed = false;
            return Err(Error::Locked { waited, holders });
        }
        let pids: Vec<i32> = holders.iter().map(|holder| holder.pid).collect();
        if pids != told || attempt == 0 {
            on_event(&Event::Waiting { holders: &holders });
            told = pids;
        }
        let left = options.wait.map_or(pause, |limit| limit.saturating_sub(waited));
        tokio::time::sleep(jittered(pause).min(left.max(Duration::from_millis(1)))).await;
        pause = (pause * 2).min(Duration::from_millis(500));
    }
    Err(Error::Answer { doing: "taking the lock".to_owned() })
}

/// How `pg_locks` shows the lock of `key` in this database.
fn in_pg_locks(key: i64) -> String {
    let bits = key.cast_unsigned();
    format!(
        "l.locktype = 'advisory' AND l.granted AND l.classid = {} AND l.objid = {} AND l.objsubid = 1 AND l.database = \
         (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())",
        bits >> 32,
        bits & 0xffff_ffff
    )
}

fn try_query(key: i64) -> String {
    format!(
        "SELECT CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_locks l WHERE l.pid = pg_catalog.pg_backend_pid() AND {}) \
         THEN 'own' WHEN pg_catalog.pg_try_advisory_lock({key}) THEN 'yes' ELSE 'no' END AS locked, \
         pg_catalog.pg_backend_pid() AS pid, pg_catalog.current_setting('session_authorization') AS authorization, \
         pg_catalog.current_setting('role') AS role, \
         (SELECT pg_catalog.string_agg(pg_catalog.format('pg_catalog.set_config(%L, %L, false)', s.name, s.setting), ', ') \
          FROM pg_catalog.pg_settings s WHERE s.source = 'session') AS restore",
        in_pg_locks(key)
    )
}

async fn holders(client: &Client, key: i64) -> Result<Vec<Holder>, Error> {
    let rows = query(client, &holders_query(key), "looking for the lock's holder").await?;
    Ok(rows.iter().flatten().map(holder).collect())
}

/// Who holds the lock, one row each for [`holder`].
pub(super) fn holders_query(key: i64) -> String {
    format!(
        "SELECT l.pid, coalesce(a.usename, '?') AS user, coalesce(nullif(a.application_name, ''), 'unnamed') AS application, \
         coalesce(pg_catalog.host(a.client_addr), 'local') AS address, \
         coalesce(extract(epoch FROM pg_catalog.clock_timestamp() - a.backend_start), 0)::pg_catalog.int8 AS connected \
         FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid WHERE {} ORDER BY l.pid",
        in_pg_locks(key)
    )
}

pub(super) fn holder(row: &SimpleQueryRow) -> Holder {
    let text = |column: &str| row.try_get(column).ok().flatten().unwrap_or_default();
    Holder {
        pid: text("pid").parse().unwrap_or_default(),
        user: text("user").to_owned(),
        application: text("application").to_owned(),
        address: text("address").to_owned(),
        connected: Duration::from_secs(text("connected").parse().unwrap_or_default()),
    }
}

impl Held<'_> {
    /// Gives the lock back and the session's settings with it. Behind a transaction pooler the lock may be in another server
    /// process than the one that is spoken to: then it is asked for that process again and again, and ended at last.
    pub(super) async fn release(mut self) {
        self.give_back().await;
        // Not before: this future may be dropped as well.
        self.armed = false;
    }

    async fn give_back(&self) {
        const ATTEMPTS: usize = 50;
        if self.client.simple_query("ROLLBACK").await.is_err() && self.client.is_closed() {
            return;
        }
        for _ in 0..ATTEMPTS {
            let (unlocked, _) = join(
                query(self.client, &self.unlock(), "giving the lock back"),
                self.client.simple_query(&self.reset()),
            )
            .await;
            match unlocked {
                // False where a script has released it already.
                Ok(rows) if rows.iter().flatten().any(|row| row.get("unlocked").is_some()) => return,
                // The connection is gone, and the lock with it.
                Err(_) if self.client.is_closed() => return,
                // The wrong process, or somebody has cancelled it.
                _ => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        }
        let end = format!("SELECT pg_catalog.pg_terminate_backend({})", self.pid);
        // Refused only where the process belongs to another role, and then it isn't the one that took the lock.
        drop(self.client.simple_query(&end).await);
    }

    fn unlock(&self) -> String {
        let Self { key, pid, .. } = self;
        format!(
            "SELECT CASE WHEN {pid} IN (0, pg_catalog.pg_backend_pid()) THEN pg_catalog.pg_advisory_unlock({key}) END AS unlocked"
        )
    }

    /// Makes the session what it was; apart from the unlocking, which must not fail with it.
    fn reset(&self) -> String {
        let Self { authorization, role, restore, .. } = self;
        if authorization.is_empty() {
            return String::new();
        }
        let mut sql = format!(
            "SELECT pg_catalog.set_config('session_authorization', {}, false), pg_catalog.set_config('role', {}, false);\nRESET ALL;\n",
            literal(authorization),
            literal(role)
        );
        if !restore.is_empty() {
            sql.push_str(&format!("SELECT {restore};\n"));
        }
        sql
    }
}

impl Drop for Held<'_> {
    /// The future was dropped. A query is queued on the connection by its first poll, and the connection's task sends it
    /// behind whatever is under way; nobody waits for the answer.
    fn drop(&mut self) {
        if self.armed {
            drop(self.client.simple_query("ROLLBACK").now_or_never());
            drop(self.client.simple_query(&self.unlock()).now_or_never());
            drop(self.client.simple_query(&self.reset()).now_or_never());
        }
    }
}
