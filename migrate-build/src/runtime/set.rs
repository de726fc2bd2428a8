//! The migrations that a program knows: embedded by the build script, or read from a folder by the command line.

use std::borrow::Cow;
use std::sync::OnceLock;

use tokio_postgres::Client;

use super::backfill;
use super::error::Error;
use super::event::Report;
use super::options::Options;
use super::plan::UpTarget;
use super::provenance::compare;
use super::refusal::Refusal;
use super::run::upgrade;
use super::state::{Progress, read_state};
use crate::embedded::{Embedded, Migration};
use crate::graph::{Graph, GraphError, Node};

/// Migrations with their texts, and the graph over them.
#[derive(Debug, Default)]
pub struct Set<'a> {
    /// The migrations, lowest version first.
    pub migrations: Vec<Migration<'a>>,
    /// Their graph.
    pub graph: Graph,
    /// What is wrong with it; such a set is not applied.
    pub errors: Vec<GraphError>,
}

impl<'a> Set<'a> {
    /// Puts migrations in order and builds their graph.
    pub fn new(mut migrations: Vec<Migration<'a>>) -> Self {
        migrations.sort_by_key(|migration| migration.version);
        let (graph, errors) = Graph::new(
            migrations.iter().map(|migration| Node { version: migration.version, parents: migration.parents.clone() }),
        );
        Self { migrations, graph, errors }
    }

    /// The migration of that version.
    pub fn get(&self, version: i64) -> Option<&Migration<'a>> {
        let at = self.migrations.binary_search_by_key(&version, |migration| migration.version).ok()?;
        self.migrations.get(at)
    }

    /// The one head; `None` where there is no migration, or more than one head.
    pub fn head(&self) -> Option<i64> {
        match self.graph.heads().as_slice() {
            [head] => Some(*head),
            _ => None,
        }
    }
}

/// The history that [`include_migrations!`](crate::include_migrations) brings into an application.
///
/// Everything here works on one connection that the caller owns; see each method for what it leaves behind.
#[derive(Debug)]
pub struct Migrations {
    text: &'static str,
    parsed: OnceLock<Result<(Option<String>, Set<'static>), usize>>,
}

impl Migrations {
    /// Wraps the text that the build script wrote. Called by the generated module.
    pub const fn embedded(text: &'static str) -> Self {
        Self { text, parsed: OnceLock::new() }
    }

    fn parsed(&self) -> Result<&(Option<String>, Set<'static>), Error> {
        self.parsed
            .get_or_init(|| {
                let Embedded { history, migrations } = Embedded::parse(self.text)?;
                Ok((history.map(Cow::into_owned), Set::new(migrations)))
            })
            .as_ref()
            .map_err(|&line| Error::Embedded { line })
    }

    /// The embedded migrations.
    ///
    /// # Errors
    /// The embedded text was not written by this crate's build side.
    pub fn set(&self) -> Result<&Set<'static>, Error> {
        Ok(&self.parsed()?.1)
    }

    /// The options that the build script's configuration implies: the history table.
    ///
    /// # Errors
    /// As [`Migrations::set`].
    pub fn options(&self) -> Result<Options, Error> {
        Ok(Options { history: self.parsed()?.0.clone(), ..Options::default() })
    }

    /// The embedded head: the version that a database must have. `None` where no migration is embedded.
    pub fn head(&self) -> Option<i64> {
        self.set().ok()?.head()
    }

    /// Brings the database to the embedded head. Any number of processes may call it at once: each migration is applied
    /// exactly once, the others wait. With nothing pending it reads and writes nothing.
    ///
    /// The connection must not be in a transaction. A lock is held on it meanwhile, and released in every case, also
    /// when the future is dropped; settings that migrations change are restored.
    ///
    /// # Errors
    /// The database holds what this program doesn't know or knows differently, a migration failed (it is rolled back, those
    /// before it stay), or the connection broke.
    pub async fn upgrade(&self, client: &mut Client) -> Result<Report, Error> {
        self.upgrade_with(client, &self.options()?).await
    }

    /// As [`Migrations::upgrade`], with timeouts, a limit for waiting, or another history table.
    ///
    /// # Errors
    /// As [`Migrations::upgrade`].
    pub async fn upgrade_with(&self, client: &mut Client, options: &Options) -> Result<Report, Error> {
        upgrade(client, self.set()?, UpTarget::Head, options, &mut |_| {}).await
    }

    /// Checks that the database is exactly at the embedded head. Reads only.
    ///
    /// # Errors
    /// A [`Refusal`] that says how the database differs: behind, ahead, divergent, with orphans, interrupted.
    pub async fn verify(&self, client: &Client) -> Result<(), Error> {
        let (history, set) = self.parsed()?;
        let state = read_state(client, history.as_deref()).await?;
        let comparison = compare(client, set, &state).await?;
        comparison.refuse()?;
        if let Some(interrupted) = state.interrupted.first() {
            let fill = set.get(interrupted.version).and_then(|migration| migration.backfill.as_ref());
            if let (Some(fill), [Progress { cursor: Some(cursor), rows, .. }]) =
                (fill, interrupted.statements.as_slice())
            {
                let left = backfill::left(client, fill, Some(cursor)).await?;
                let version = interrupted.version;
                return Err(Refusal::BackfillUnfinished { version, done: *rows, left }.into());
            }
            return Err(Refusal::Interrupted(interrupted.clone()).into());
        }
        if comparison.pending.is_empty() {
            Ok(())
        } else {
            Err(Refusal::Behind { pending: comparison.pending, current: comparison.heads }.into())
        }
    }

    /// The versions that [`Migrations::upgrade`] would apply, in order. Reads only.
    ///
    /// # Errors
    /// As [`Migrations::verify`], but for the database being behind.
    pub async fn pending(&self, client: &Client) -> Result<Vec<i64>, Error> {
        let (history, set) = self.parsed()?;
        let state = read_state(client, history.as_deref()).await?;
        let comparison = compare(client, set, &state).await?;
        comparison.refuse()?;
        Ok(comparison.pending)
    }

    /// The same list as a plain `refinery::Runner`. Migrations off the line of version order (a branch that was merged late)
    /// carry refinery's prefix `U`, so that its runner applies them too.
    ///
    /// # Errors
    /// A version that refinery can't hold (without its feature `int8-versions` it takes 32 bits), or a migration that
    /// must run outside a transaction, which refinery can't do.
    pub fn runner(&self) -> Result<refinery_core::Runner, Error> {
        let set = self.set()?;
        let branched = set.graph.branched();
        let mut migrations = Vec::with_capacity(set.migrations.len());
        for migration in &set.migrations {
            if !migration.transaction {
                return Err(Error::Refinery {
                    version: migration.version,
                    reason: "refinery wraps every migration in a transaction, and this one says `transaction = false`"
                        .to_owned(),
                });
            }
            let out_of_order = migration.unversioned || branched.contains(&migration.version);
            let prefix = if out_of_order { 'U' } else { 'V' };
            let name = format!("{prefix}{}__{}", migration.version, migration.name);
            let migration = refinery_core::Migration::unapplied(&name, &migration.up)
                .map_err(|error| Error::Refinery { version: migration.version, reason: error.to_string() })?;
            migrations.push(migration);
        }
        Ok(refinery_core::Runner::new(&migrations))
    }
}
