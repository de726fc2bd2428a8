//! Constraints of tables and domains.

use crate::diff::{Catalog, DiffError};
use crate::schema::detail::{Column, Constraint, Index};
use crate::schema::{Definition, Kind, Object};
use crate::sql::stable::stable;
use crate::sql::statement::Statement;
use crate::sql::{describe, ident};

fn subject(definition: &Definition) -> String {
    let whole = definition.part_of.as_deref().unwrap_or_default();
    let word = if ident::is_of_domain(definition) { "DOMAIN" } else { "TABLE" };
    format!("ALTER {word} {whole}")
}

/// Returns the statement, alone where the other end is a domain, which takes one change at a time.
fn alter(definition: &Definition, action: String) -> Statement {
    if ident::is_of_domain(definition) {
        Statement::new(format!("{} {action}", subject(definition)))
    } else {
        Statement::alter(subject(definition), action)
    }
}

/// Returns what makes a constraint.
pub(super) fn create(object: &Object, validate: bool, catalog: &Catalog<'_>) -> Result<Vec<Statement>, DiffError> {
    let Some(definition) = catalog.get(object) else { return Ok(Vec::new()) };
    let (name, _) = ident::part(object, definition);
    let detail: Constraint = catalog.detail(object)?;
    let mut text = format!("ADD CONSTRAINT {name} {}", stable(&detail.definition));
    if !validate && !text.ends_with(" NOT VALID") {
        text.push_str(" NOT VALID");
    }
    let mut out = vec![alter(definition, text)];
    out.extend(describe::describe(object, None, catalog));
    out.extend(describe_index(object, catalog)?);
    Ok(out)
}

/// Returns what describes the index of a new constraint.
pub(super) fn describe_index(object: &Object, catalog: &Catalog<'_>) -> Result<Vec<Statement>, DiffError> {
    let mut out = Vec::new();
    if let Some(index) = index_of(object, catalog)? {
        out.extend(describe::describe(&index, None, catalog));
        out.extend(super::index::flags(&index, None, catalog)?);
    }
    Ok(out)
}

/// Returns the index that belongs to a constraint.
pub(crate) fn index_of(object: &Object, catalog: &Catalog<'_>) -> Result<Option<Object>, DiffError> {
    let Some(definition) = catalog.get(object) else { return Ok(None) };
    let (name, whole) = ident::part(object, definition);
    let table = ident::split(whole).0;
    let index = Object {
        kind: Kind::Index,
        identity: if table.is_empty() { name.to_owned() } else { format!("{table}.{name}") },
    };
    if !catalog.has(&index) {
        return Ok(None);
    }
    let detail: Index = catalog.detail(&index)?;
    Ok((detail.constraint.as_deref() == Some(name)).then_some(index))
}

/// Returns what makes a constraint by way of an index that is built while others write.
pub(super) fn create_by_index(object: &Object, catalog: &Catalog<'_>) -> Result<Vec<Statement>, DiffError> {
    let (Some(definition), Some(index)) = (catalog.get(object), index_of(object, catalog)?) else {
        return Ok(Vec::new());
    };
    let (name, whole) = ident::part(object, definition);
    let (detail, constraint): (Index, Constraint) = (catalog.detail(&index)?, catalog.detail(object)?);
    let kind = if constraint.constraint_type == "p" { "PRIMARY KEY" } else { "UNIQUE" };
    let deferral: String = [" DEFERRABLE", " INITIALLY DEFERRED"]
        .into_iter()
        .filter(|words| constraint.definition.contains(words))
        .collect();
    let mut out = vec![
        Statement::new(super::index::concurrently(&detail.definition)),
        Statement::new(format!("ALTER TABLE {whole} ADD CONSTRAINT {name} {kind} USING INDEX {name}{deferral}")),
    ];
    out.extend(describe::describe(object, None, catalog));
    out.extend(describe_index(object, catalog)?);
    Ok(out)
}

pub(super) fn drop(object: &Object, catalog: &Catalog<'_>) -> Vec<Statement> {
    let Some(definition) = catalog.get(object) else { return Vec::new() };
    let (name, _) = ident::part(object, definition);
    vec![alter(definition, format!("DROP CONSTRAINT {name}"))]
}

pub(super) fn validate(object: &Object, catalog: &Catalog<'_>) -> Vec<Statement> {
    let Some(definition) = catalog.get(object) else { return Vec::new() };
    let (name, _) = ident::part(object, definition);
    // By itself: a stricter lock of another change would be held while the rows are read.
    vec![Statement::new(format!("{} VALIDATE CONSTRAINT {name}", subject(definition)))]
}

/// The steps from a column that may be null to one that may not.
pub(super) struct Guard<'a> {
    table: &'a str,
    column: &'a str,
    check: String,
}

impl<'a> Guard<'a> {
    pub(super) fn new(object: &'a Object, table: &'a str) -> Self {
        let column = ident::name_within(object, table);
        let (_, plain) = ident::split(table);
        let made_up = ident::made_up(&ident::unquote(plain), &ident::unquote(column), "not_null");
        let simple = made_up.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
            && !made_up.starts_with(|first: char| first.is_ascii_digit());
        Self { table, column, check: if simple { made_up } else { ident::quote(&made_up) } }
    }

    pub(super) fn add(&self, fill: Option<&str>) -> Vec<Statement> {
        let mut out = vec![Statement::alter_table(
            self.table,
            format!("ADD CONSTRAINT {} CHECK ({} IS NOT NULL) NOT VALID", self.check, self.column),
        )];
        if let Some(expression) = fill {
            out.push(
                Statement::new(format!(
                    "UPDATE {} SET {column} = {expression} WHERE {column} IS NULL",
                    self.table,
                    column = self.column
                ))
                .with_comment("which rows had no value is not known any more after this"),
            );
        }
        out
    }

    pub(super) fn drop(&self) -> Vec<Statement> {
        vec![Statement::alter_table(self.table, format!("DROP CONSTRAINT {}", self.check))]
    }

    pub(super) fn finish(&self) -> Vec<Statement> {
        let mut out = vec![Statement::new(format!("ALTER TABLE {} VALIDATE CONSTRAINT {}", self.table, self.check))];
        out.push(super::column::alter_column(self.table, self.column, "SET NOT NULL"));
        out.extend(self.drop());
        out
    }

    pub(super) fn undo(&self) -> Vec<Statement> {
        let mut out = vec![super::column::alter_column(self.table, self.column, "DROP NOT NULL")];
        out.extend(self.add(None));
        out
    }
}

/// Returns what declares a column NOT NULL, or takes that back, in one step.
pub(super) fn nullability(
    object: &Object,
    table: &str,
    catalog: &Catalog<'_>,
    not_null: bool,
) -> Result<Vec<Statement>, DiffError> {
    let column: Column = catalog.detail(object)?;
    debug_assert_eq!(column.not_null, not_null, "the step goes to what the schema has");
    let verb = if not_null { "SET" } else { "DROP" };
    Ok(vec![super::column::alter_column(table, ident::name_within(object, table), &format!("{verb} NOT NULL"))])
}
