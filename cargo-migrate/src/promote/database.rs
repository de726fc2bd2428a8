//! The one database of a stage, on a server of its own: roles and tablespaces belong to a whole server.

use migrate_build::runtime::{
    Applied, DownTarget, Event, Options, Set, Taken, UpTarget, downgrade, read_state, upgrade,
};

use super::gate::Failure;
use super::material::title;
use crate::config::database_url::DatabaseUrl;
use crate::engine::connect::{Connection, connect};
use crate::error::CommandError;
use crate::schema::{self, Change, Difference, Kind, QualifiedName, Snapshot};
use crate::scratch::{ScratchError, Server};

/// The database's name, the same in all stages.
const NAME: &str = "rehearsal";

/// A stage's server with its database.
#[derive(Debug)]
pub(super) struct Database {
    server: Server,
    url: DatabaseUrl,
    connection: Connection,
    options: Options,
    /// Our own tables, which are no part of the schema that is compared.
    own: Vec<QualifiedName>,
}

impl Database {
    /// Creates the database on `server`.
    pub(super) async fn create(server: Server, options: Options) -> Result<Self, Failure> {
        let url = server.create_database(NAME).await.map_err(scratch_failure)?;
        let connection = connect(&url, None).await?;
        let state = read_state(&connection.client, options.history.as_deref()).await?;
        let own = state.own_tables().map(|table| QualifiedName::new(table.schema, table.name)).into();
        Ok(Self { server, url, connection, options, own })
    }

    pub(super) fn server(&self) -> &Server {
        &self.server
    }

    /// The superuser's way to it.
    pub(super) fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// The connection that migrations and seeds are run on.
    pub(super) fn client(&self) -> &tokio_postgres::Client {
        &self.connection.client
    }

    /// Applies what is pending up to `target`, and returns the versions.
    pub(super) async fn up(
        &mut self,
        set: &Set<'_>,
        target: UpTarget,
        doing: &(dyn Fn(String) + Sync),
    ) -> Result<Vec<i64>, Failure> {
        let mut on_event = |event: &Event<'_>| {
            if let Event::Started { migration } = event {
                doing(format!("up {}", title(migration)));
            }
        };
        let report = upgrade(&mut self.connection.client, set, target, &self.options, &mut on_event).await?;
        Ok(report.applied)
    }

    /// Applies all that is pending, and says what each migration took.
    pub(super) async fn up_recording(&mut self, set: &Set<'_>) -> Result<Vec<Taken>, Failure> {
        let options = Options { record_locks: true, ..self.options.clone() };
        Ok(upgrade(&mut self.connection.client, set, UpTarget::Head, &options, &mut |_| {}).await?.taken)
    }

    /// Brings it to every head of `set`.
    pub(super) async fn up_to_heads(
        &mut self,
        set: &Set<'_>,
        doing: &(dyn Fn(String) + Sync),
    ) -> Result<Vec<i64>, Failure> {
        let mut applied = Vec::new();
        for head in set.graph.heads() {
            applied.extend(self.up(set, UpTarget::Version(head), doing).await?);
        }
        Ok(applied)
    }

    /// Reverts one applied head.
    pub(super) async fn down(&mut self, set: &Set<'_>, version: i64) -> Result<(), Failure> {
        let target = DownTarget::Version(version);
        downgrade(&mut self.connection.client, set, target, &self.options, &mut |_| {}).await?;
        Ok(())
    }

    /// Reads its schema.
    pub(super) async fn snapshot(&self) -> Result<Snapshot, Failure> {
        Ok(schema::take(&self.connection.client, &self.own).await.map_err(CommandError::database)?)
    }

    /// What differs between two of its schemas, except for the schema that was created to hold our tables, and for the order of
    /// columns: a column that comes back comes last, whatever a down script does.
    pub(super) fn differences(&self, before: &Snapshot, after: &Snapshot) -> Vec<Difference> {
        let mut differences = schema::compare(before, after);
        differences.retain(|Difference { object, change, .. }| {
            let is_ours = self.own.iter().any(|table| is_name(&object.identity, &table.schema));
            let is_our_schema = object.kind == Kind::Schema && matches!(change, Change::Added { .. }) && is_ours;
            !is_our_schema && object.kind != Kind::ColumnOrder
        });
        differences
    }

    /// The rows of its history.
    pub(super) async fn applied(&self) -> Result<Vec<Applied>, Failure> {
        Ok(read_state(&self.connection.client, self.options.history.as_deref()).await?.applied)
    }

    /// Stops the server and removes all of it.
    pub(super) async fn remove(self) {
        self.connection.close().await;
        self.server.stop().await;
    }
}

/// Whether `identity`, quoted where SQL needs it, is this name.
fn is_name(identity: &str, name: &str) -> bool {
    match identity.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(quoted) => quoted.replace("\"\"", "\"") == name,
        None => identity == name,
    }
}

pub(super) fn scratch_failure(error: ScratchError) -> Failure {
    let help = error.help();
    Failure::from(CommandError::database(error).maybe_help(help))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identities_are_compared_unquoted() {
        assert!(is_name("app", "app"));
        assert!(is_name("\"My \"\"App\"\"\"", "My \"App\""));
        assert!(!is_name("app2", "app"));
    }
}
