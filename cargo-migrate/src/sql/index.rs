//! Indexes.

use crate::diff::{Catalog, DiffError};
use crate::schema::detail::Index;
use crate::schema::{Kind, Object};
use crate::sql::stable::stable;
use crate::sql::statement::Statement;
use crate::sql::{describe, ident};

/// Returns the definition as one that is built while others write.
pub(super) fn concurrently(definition: &str) -> String {
    for start in ["CREATE UNIQUE INDEX ", "CREATE INDEX "] {
        if let Some(rest) = definition.strip_prefix(start) {
            return format!("{start}CONCURRENTLY {rest}");
        }
    }
    definition.to_owned()
}

/// Returns the text with the tablespace, which the server prints only where it is the default of the session.
fn with_tablespace(index: &Index) -> String {
    match &index.tablespace {
        None => index.definition.clone(),
        Some(space) => match index.definition.rfind(" WHERE ") {
            Some(at) if !index.definition.contains(" TABLESPACE ") => {
                let (head, tail) = index.definition.split_at(at);
                format!("{head} TABLESPACE {space}{tail}")
            }
            None if !index.definition.contains(" TABLESPACE ") => format!("{} TABLESPACE {space}", index.definition),
            _ => index.definition.clone(),
        },
    }
}

pub(super) fn create(object: &Object, beside: bool, catalog: &Catalog<'_>) -> Result<Vec<Statement>, DiffError> {
    let index: Index = catalog.detail(object)?;
    let text = stable(&with_tablespace(&index));
    let mut out = vec![Statement::new(if beside { concurrently(&text) } else { text })];
    out.extend(flags(object, None, catalog)?);
    out.extend(describe::describe(object, None, catalog));
    Ok(out)
}

pub(super) fn drop(object: &Object, beside: bool) -> Vec<Statement> {
    let word = if beside { "CONCURRENTLY " } else { "" };
    vec![Statement::new(format!("DROP INDEX {word}{}", object.identity))]
}

/// Returns what builds an index anew under a name of its own and puts it in the old one's place.
pub(super) fn rebuild(object: &Object, catalog: &Catalog<'_>) -> Result<Vec<Statement>, DiffError> {
    let index: Index = catalog.detail(object)?;
    let (schema, name) = ident::split(&object.identity);
    let beside = ident::derived(name, "_new");
    let text = concurrently(&stable(&with_tablespace(&index)));
    let text = text.replacen(&format!("CONCURRENTLY {name} ON "), &format!("CONCURRENTLY {beside} ON "), 1);
    let mut out = vec![
        Statement::new(text),
        Statement::new(format!("DROP INDEX CONCURRENTLY {}", object.identity)),
        Statement::new(format!("ALTER INDEX {schema}.{beside} RENAME TO {name}")),
    ];
    out.extend(flags(object, None, catalog)?);
    out.extend(describe::describe(object, None, catalog));
    Ok(out)
}

/// Returns what an index's definition can't say.
pub(super) fn flags(
    object: &Object,
    before: Option<&Catalog<'_>>,
    after: &Catalog<'_>,
) -> Result<Vec<Statement>, DiffError> {
    let new: Index = after.detail(object)?;
    let old: Index = match before.filter(|before| before.has(object)) {
        Some(before) => before.detail(object)?,
        None => Index { tablespace: new.tablespace.clone(), ..Index::default() },
    };
    let Some(table) = after.whole(object) else { return Ok(Vec::new()) };
    let (_, name) = ident::split(&object.identity);
    let mut out = Vec::new();
    for (column, target) in &new.statistics {
        if !old.statistics.contains(&(*column, *target)) {
            out.push(Statement::new(format!(
                "ALTER INDEX {} ALTER COLUMN {column} SET STATISTICS {target}",
                object.identity
            )));
        }
    }
    for (column, _) in &old.statistics {
        if !new.statistics.iter().any(|(other, _)| other == column) {
            out.push(Statement::new(format!(
                "ALTER INDEX {} ALTER COLUMN {column} SET STATISTICS -1",
                object.identity
            )));
        }
    }
    if old.tablespace != new.tablespace {
        let space = new.tablespace.as_deref().unwrap_or("pg_default");
        out.push(Statement::new(format!("ALTER INDEX {} SET TABLESPACE {space}", object.identity)));
    }
    let word = if table.kind == Kind::MaterializedView { "MATERIALIZED VIEW" } else { "TABLE" };
    if new.clustered && !old.clustered {
        out.push(Statement::new(format!("ALTER {word} {} CLUSTER ON {name}", table.identity)));
    } else if old.clustered && !new.clustered && !clusters(&table, after)? {
        out.push(Statement::new(format!("ALTER {word} {} SET WITHOUT CLUSTER", table.identity)));
    }
    if new.replica_identity && !old.replica_identity {
        out.push(Statement::new(format!("ALTER {word} {} REPLICA IDENTITY USING INDEX {name}", table.identity)));
    }
    Ok(out)
}

/// Returns whether a table is clustered on any of its indexes.
fn clusters(table: &Object, catalog: &Catalog<'_>) -> Result<bool, DiffError> {
    for index in catalog.parts_of_kind(&table.identity, Kind::Index) {
        let index: Index = catalog.detail(index)?;
        if index.clustered {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Returns what makes an index a part of its table's parent's.
pub(super) fn attach(object: &Object, catalog: &Catalog<'_>) -> Result<Vec<Statement>, DiffError> {
    let index: Index = catalog.detail(object)?;
    let attach = |parent: &String| Statement::new(format!("ALTER INDEX {parent} ATTACH PARTITION {}", object.identity));
    Ok(index.partition_of.iter().map(attach).collect())
}
