//! Changing a database: the runtime's functions with progress, and with interrupts that leave it consistent.

use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};

use migrate_build::runtime::{
    Comparison, DownTarget, Event, OnEvent, Options, Report, Set, UpTarget, downgrade, read_state, stamp, upgrade_from,
};
use tokio_postgres::Client;

use super::database::Database;
use super::follow::Follower;
use super::interrupt::{self, Outcome};
use super::watch;
use crate::error::{CommandError, ErrorKind};
use crate::ui::Ui;

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Apply what is pending.
    Upgrade(UpTarget),
    /// Revert what is applied.
    Downgrade(DownTarget),
    /// Change the history only.
    Stamp(Option<i64>),
}

impl Action {
    fn verb(self) -> &'static str {
        match self {
            Self::Upgrade(_) => "Applied",
            Self::Downgrade(_) => "Reverted",
            Self::Stamp(_) => "Stamped",
        }
    }
}

/// Does it, and tells the user as it goes.
///
/// # Errors
/// It is refused, or fails, or is interrupted; the error says what is applied then.
pub async fn act(
    ui: &mut Ui,
    database: &mut Database<'_>,
    action: Action,
    options: &Options,
) -> Result<Report, CommandError> {
    let state = database.state.clone();
    follow(ui, database, action.verb(), async |client, set, on_event, _| {
        Ok(match action {
            Action::Upgrade(target) => upgrade_from(client, state, set, target, options, on_event).await?,
            Action::Downgrade(target) => downgrade(client, set, target, options, on_event).await?,
            Action::Stamp(target) => stamp(client, set, target, options, on_event).await?,
        })
    })
    .await
}

/// Runs `work` on the database's connection, tells the user of its events, and cancels it on Ctrl-C. `verb` is what happens to a
/// migration at first; `work` may call its last argument to change that.
///
/// # Errors
/// It is refused, or fails, or is interrupted; the error says what is applied then.
pub async fn follow<T>(
    ui: &mut Ui,
    database: &mut Database<'_>,
    verb: &'static str,
    work: impl AsyncFnOnce(&mut Client, &Set<'static>, &mut OnEvent<'_>, &dyn Fn(&'static str)) -> Result<T, CommandError>,
) -> Result<T, CommandError> {
    let canceller = database.connection.canceller();
    let follower = Follower::new(ui, verb);
    let idle = follower.idle();
    let (building, door) = (follower.building(), database.connection.door());
    let follower = Mutex::new(follower);
    let Database { set, connection, .. } = &mut *database;
    let client = &mut connection.client;
    let mut on_event = |event: &Event<'_>| follower.lock().unwrap_or_else(PoisonError::into_inner).event(event);
    let say = |verb| follower.lock().unwrap_or_else(PoisonError::into_inner).now(verb);
    let work = work(client, set, &mut on_event, &say);
    let work = async {
        match building {
            Some(building) => {
                let tell = |text: &str| follower.lock().unwrap_or_else(PoisonError::into_inner).build(text);
                tokio::select! {
                    result = work => result,
                    never = watch::watch(door, &building, tell) => match never {},
                }
            }
            None => work.await,
        }
    };
    let told = || follower.lock().unwrap_or_else(PoisonError::into_inner).interrupted();
    let outcome = interrupt::run(&canceller, &idle, told, work).await?;
    let follower = follower.into_inner().unwrap_or_else(PoisonError::into_inner);
    match outcome {
        Outcome::Finished(Ok(done)) => {
            follower.done();
            Ok(done)
        }
        Outcome::Finished(Err(error)) => {
            drop(follower);
            // Only a script's error points into one.
            let script = error.excerpt.is_some();
            Err(if script { error.note(standing(database).await) } else { error })
        }
        Outcome::Interrupted(ended) => {
            let waited = ended.is_some() || idle.load(Ordering::Relaxed);
            if let Some(Ok(_)) = ended {
                follower.done();
            } else {
                drop(follower);
            }
            let note = if waited {
                standing(database).await
            } else {
                "the server was not waited for: it rolls back what was under way".to_owned()
            };
            Err(CommandError::new(ErrorKind::Interrupted, "interrupted").note(note))
        }
    }
}

/// Says where the database stands now.
async fn standing(database: &Database<'_>) -> String {
    let history = database.state.exists.then(|| database.state.table.clone());
    let name = history.map(|table| format!("{}.{}", table.schema, table.name));
    match read_state(&database.connection.client, name.as_deref()).await {
        Ok(state) => {
            let comparison = Comparison::new(&database.set, &state);
            let at: Vec<String> = comparison.heads.iter().map(|&version| database.title(version)).collect();
            let at = if at.is_empty() { "base".to_owned() } else { at.join(", ") };
            let stopped = match state.interrupted.first() {
                Some(interrupted) => format!("; {interrupted}"),
                None => String::new(),
            };
            format!("the database is at {at}, {} pending{stopped}", comparison.pending.len())
        }
        Err(_) => "where the database stands can't be read now; `cargo migrate status` shows it".to_owned(),
    }
}
