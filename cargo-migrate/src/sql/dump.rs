//! A whole schema as SQL.

use crate::diff::{DiffError, Hints, Plan, plan};
use crate::schema::{Kind, Object, Snapshot};

/// Prints a schema as the statements that build it in an empty database, the same for the same schema. What can't be generated is
/// said in comments.
///
/// # Errors
/// When the snapshot was not read by this program.
pub fn dump(snapshot: &Snapshot) -> Result<String, DiffError> {
    let empty = empty(snapshot);
    let Plan { parts, unsupported, .. } = plan(&empty, snapshot, &Hints::default())?;
    let mut out = String::new();
    for unsupported in unsupported {
        out.push_str(&format!("-- {} is left out\n", unsupported.object.to_string().replace('\n', " ")));
    }
    for statement in parts.iter().flat_map(|part| &part.up) {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(statement);
        out.push('\n');
    }
    Ok(out)
}

/// What a new database has: the schema `public` and PL/pgSQL, as far as the snapshot has them, and itself.
fn empty(snapshot: &Snapshot) -> Snapshot {
    let mut empty = Snapshot::default();
    for (kind, identity) in [(Kind::Database, "current"), (Kind::Schema, "public"), (Kind::Extension, "plpgsql")] {
        if let Some(definition) = snapshot.get(kind, identity) {
            // The description of `public` is the server's; one of the user's own shows in a comparison, not here.
            drop(empty.insert(Object { kind, identity: identity.to_owned() }, definition.clone()));
        }
    }
    empty
}
