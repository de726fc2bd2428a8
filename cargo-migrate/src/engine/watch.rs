//! Watching a concurrent build of an index, on a connection of its own: it can take hours, and its own connection is silent.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::connect::{Connection, Door};

/// How often is looked.
const EVERY: Duration = Duration::from_secs(1);

/// The server's process that builds an index now, if one does.
#[derive(Clone, Debug, Default)]
pub struct Building(Arc<Mutex<Option<i32>>>);

impl Building {
    /// Says which process builds one, or that none does.
    pub fn set(&self, pid: Option<i32>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = pid;
    }

    fn get(&self) -> Option<i32> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells how far a build has come, as long as there is one; connects when the first one takes longer than a second. What it can't
/// see it doesn't tell: the build goes on all the same.
pub async fn watch(door: Door, building: &Building, tell: impl Fn(&str)) -> Infallible {
    let mut connection: Option<Connection> = None;
    let mut before = None;
    loop {
        tokio::time::sleep(EVERY).await;
        let now = building.get();
        let (Some(pid), true) = (now, now == before) else {
            before = now;
            continue;
        };
        if connection.as_ref().is_none_or(|connection| connection.client.is_closed()) {
            connection = door.open().await;
        }
        let Some(connection) = &connection else { return std::future::pending().await };
        if let Some(text) = progress(connection, pid).await {
            tell(&text);
        }
    }
}

async fn progress(connection: &Connection, pid: i32) -> Option<String> {
    let sql = format!(
        "SELECT p.phase, coalesce(100 * CASE WHEN p.lockers_total > 0 THEN p.lockers_done::float8 / p.lockers_total \
         WHEN p.blocks_total > 0 THEN p.blocks_done::float8 / p.blocks_total \
         WHEN p.tuples_total > 0 THEN p.tuples_done::float8 / p.tuples_total END, -1)::pg_catalog.int4, p.current_locker_pid \
         FROM pg_catalog.pg_stat_progress_create_index p WHERE p.pid = {pid}"
    );
    let row = connection.client.query_opt(&sql, &[]).await.ok()??;
    let (phase, percent) = (row.try_get::<_, &str>(0).ok()?, row.try_get::<_, i32>(1).ok()?);
    let locker = row.try_get::<_, Option<i64>>(2).ok()?.filter(|pid| *pid > 0);
    Some(words(phase, percent, locker))
}

fn words(phase: &str, percent: i32, locker: Option<i64>) -> String {
    let percent = if percent < 0 { String::new() } else { format!(", {percent} %") };
    let locker = locker.map(|pid| format!(", waits for process {pid}")).unwrap_or_default();
    format!("{phase}{percent}{locker}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_there_is_to_say() {
        assert_eq!(words("initializing", -1, None), "initializing");
        assert_eq!(words("building index: scanning table", 42, None), "building index: scanning table, 42 %");
        let waiting = "waiting for writers before build";
        assert_eq!(words(waiting, 0, Some(7)), format!("{waiting}, 0 %, waits for process 7"));
    }
}
