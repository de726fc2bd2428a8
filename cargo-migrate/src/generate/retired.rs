//! Which tables are retired: a header says so, no later one revives them, and they are still there.

use std::collections::BTreeMap;

use migrate_build::migration::dir::Folder;

use crate::schema::{Kind, Snapshot};
use crate::sql::ident;

/// The retired tables by their identities, each with the version that retired it.
pub(super) fn retired(folder: &Folder, former: &Snapshot) -> BTreeMap<String, i64> {
    let mut all = BTreeMap::new();
    for migration in &folder.migrations {
        for name in &migration.header.retires {
            if let Some(identity) = named(former, Kind::Table, name) {
                all.insert(identity, migration.version);
            }
        }
        for name in &migration.header.revives {
            if let Some(identity) = named(former, Kind::Table, name) {
                all.remove(&identity);
            }
        }
    }
    all
}

/// The identity of what a person calls `text`: `books`, `app.books`, with quotes where they are needed or without.
pub(super) fn named(snapshot: &Snapshot, kind: Kind, text: &str) -> Option<String> {
    let (schema, name) = ident::split(text.trim());
    let schema = if schema.is_empty() { "public".to_owned() } else { ident::unquote(schema) };
    let name = ident::unquote(name);
    let found = snapshot.iter().find(|(object, _)| {
        let (its_schema, its_name) = ident::split(&object.identity);
        object.kind == kind && ident::unquote(its_schema) == schema && ident::unquote(its_name) == name
    });
    found.map(|(object, _)| object.identity.clone())
}

/// An identity as people write it: without `public`.
pub fn short(identity: &str) -> &str {
    identity.strip_prefix("public.").unwrap_or(identity)
}
