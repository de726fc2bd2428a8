//! What may be a rename: something is gone, and something like it has come.

use std::collections::BTreeSet;

use crate::diff::catalog::Catalog;
use crate::diff::change::Question;
use crate::diff::error::DiffError;
use crate::schema::{Kind, Object};
use crate::sql::ident;

/// Returns all pairs that a person should be asked about. The former schema has the names of the hints already.
pub(super) fn questions(before: &Catalog<'_>, after: &Catalog<'_>) -> Result<Vec<Question>, DiffError> {
    let mut questions = Vec::new();
    let tables = |here: &Catalog<'_>, there: &Catalog<'_>| -> Vec<Object> {
        here.objects()
            .map(|(object, _)| object)
            .filter(|object| object.kind == Kind::Table && !there.has(object))
            .cloned()
            .collect()
    };
    let come = tables(after, before);
    for old in tables(before, after) {
        let old_columns = shape(before, &old)?;
        for new in &come {
            let new_columns = shape(after, new)?;
            let common = old_columns.intersection(&new_columns).count();
            // At least half of the columns of either.
            if common > 0 && common * 2 >= old_columns.len().max(new_columns.len()) {
                questions.push(Question {
                    kind: Kind::Table,
                    old: old.identity.clone(),
                    old_type: listed(before, &old)?,
                    new: new.identity.clone(),
                    new_type: listed(after, new)?,
                });
            }
        }
    }
    for (table, _) in before.objects().filter(|(object, _)| object.kind == Kind::Table && after.has(object)) {
        let (old, new) = (before.columns(&table.identity)?, after.columns(&table.identity)?);
        let added: Vec<_> = new.iter().filter(|column| !before.has(column.object)).collect();
        for gone in old.iter().filter(|column| !after.has(column.object)) {
            for come in &added {
                let parent = gone.detail.inherited && !gone.detail.local;
                if !parent && alike(&gone.detail.data_type, &come.detail.data_type) {
                    questions.push(Question {
                        kind: Kind::Column,
                        old: gone.object.identity.clone(),
                        old_type: gone.detail.data_type.clone(),
                        new: come.object.identity.clone(),
                        new_type: come.detail.data_type.clone(),
                    });
                }
            }
        }
    }
    Ok(questions)
}

/// Whether values of one type may well be kept in the other one.
fn alike(old: &str, new: &str) -> bool {
    old == new || crate::sql::always_fits(old, new) || crate::sql::always_fits(new, old)
}

fn shape(catalog: &Catalog<'_>, table: &Object) -> Result<BTreeSet<(String, String)>, DiffError> {
    let columns = catalog.columns(&table.identity)?;
    Ok(columns.into_iter().map(|column| (column.name.to_owned(), column.detail.data_type)).collect())
}

fn listed(catalog: &Catalog<'_>, table: &Object) -> Result<String, DiffError> {
    let columns = catalog.columns(&table.identity)?;
    let columns: Vec<String> =
        columns.iter().map(|column| format!("{} {}", ident::unquote(column.name), column.detail.data_type)).collect();
    Ok(columns.join(", "))
}
