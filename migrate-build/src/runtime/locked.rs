//! The lock over a history, held for several steps that belong together: what `repair` and `switch` do.

use std::collections::BTreeSet;

use tokio_postgres::Client;

use super::correction::Correction;
use super::error::Error;
use super::event::OnEvent;
use super::lock::Held;
use super::options::Options;
use super::refusal::Refusal;
use super::run::{frame, lock, run_steps, setup, steps};
use super::set::Set;
use super::state::{Interrupted, State, query, read_state, refuse_session, refuse_too_large};
use crate::direction::Direction;

/// A history whose lock is held. Dropping it gives the lock back as well; [`Locked::release`] waits for that.
pub struct Locked<'c> {
    client: &'c Client,
    held: Held<'c>,
    state: State,
    options: Options,
}

impl<'c> Locked<'c> {
    /// Takes the lock, and reads the history under it.
    ///
    /// # Errors
    /// The database can't be written, somebody else holds the lock for longer than the options allow, or the connection broke.
    pub async fn acquire(client: &'c mut Client, options: &Options, on_event: &mut OnEvent<'_>) -> Result<Self, Error> {
        let client = &*client;
        let state = read_state(client, options.history.as_deref()).await?;
        refuse_session(&state)?;
        let (held, state) = lock(client, state, options, on_event).await?;
        Ok(Self { client, held, state, options: options.clone() })
    }

    /// The history as it was when it was last read under the lock.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The connection, for reading.
    pub fn client(&self) -> &'c Client {
        self.client
    }

    /// Runs these migrations of `set` in this direction and in this order.
    ///
    /// # Errors
    /// A migration failed or can't be sent, one of them is half way in the other direction, or the connection broke; what was
    /// committed before stays.
    pub async fn run(
        &mut self,
        set: &Set<'_>,
        versions: &[i64],
        direction: Direction,
        on_event: &mut OnEvent<'_>,
    ) -> Result<(), Error> {
        if versions.is_empty() {
            return Ok(());
        }
        let of_them: BTreeSet<i64> = versions.iter().copied().collect();
        let half_way =
            |interrupted: &&Interrupted| interrupted.direction != direction && of_them.contains(&interrupted.version);
        if let Some(interrupted) = self.state.interrupted.iter().find(half_way) {
            return Err(Refusal::Interrupted(interrupted.clone()).into());
        }
        if direction == Direction::Up {
            refuse_too_large(&self.state, versions)?;
        }
        let steps = steps(set, versions, direction);
        run_steps(self.client, &self.held, &self.state, &steps, &self.options, on_event).await?;
        self.read().await
    }

    /// Refuses corrections that were decided on something else than is there.
    ///
    /// # Errors
    /// A [`Refusal`] that names the migration.
    pub fn unchanged(&self, corrections: &[Correction<'_>]) -> Result<(), Error> {
        Ok(corrections.iter().try_for_each(|correction| correction.refuse_changed(&self.state))?)
    }

    /// Writes all of the corrections, or none.
    ///
    /// # Errors
    /// The database is not what it was when they were decided, or the connection broke.
    pub async fn correct(&mut self, corrections: &[Correction<'_>]) -> Result<(), Error> {
        self.unchanged(corrections)?;
        let frame = frame(&self.held, &self.state, &self.options);
        let message = format!(
            "{}{}",
            setup(&self.state, &self.options),
            frame.correct(corrections, self.state.log_has_details())
        );
        query(self.client, &message, "correcting the history").await?;
        self.read().await
    }

    async fn read(&mut self) -> Result<(), Error> {
        self.state = read_state(self.client, self.options.history.as_deref()).await?;
        Ok(())
    }

    /// Gives the lock back.
    pub async fn release(self) {
        self.held.release().await;
    }
}
