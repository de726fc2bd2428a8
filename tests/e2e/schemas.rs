//! Schemas of databases, for comparing one with another.

use cargo_migrate::schema::{self, Definition, QualifiedName};
use migrate_build::runtime::read_state;
use tests::invocation::Invocation;
use tests::postgres::{Database, block_on};
use tests::project::Project;

/// The whole schema as text, without our own tables.
pub(crate) fn schema_of(database: &Database) -> String {
    block_on(async {
        let client = database.client().await;
        let state = read_state(&client, None).await.unwrap();
        let own: Vec<QualifiedName> =
            state.own_tables().map(|table| QualifiedName::new(table.schema, table.name)).into();
        let snapshot = schema::take(&client, &own).await.unwrap();
        // What SQL is generated from is no part of a comparison: places of columns count those that were dropped.
        let objects = snapshot.iter().map(|(object, definition)| {
            (object.clone(), Definition { detail: None, needs: Vec::new(), ..definition.clone() })
        });
        format!("{:#?}", objects.collect::<Vec<_>>())
    })
}

/// The schema of a new database to which the project's migrations were applied.
pub(crate) fn built_from(project: &Project) -> String {
    let database = Database::new();
    Invocation::new(project, &["upgrade"]).env("DATABASE_URL", database.url().expose()).output().success();
    schema_of(&database)
}
