//! Columns: what stands in CREATE TABLE and ADD COLUMN, and ALTER COLUMN.

use crate::diff::{Catalog, DiffError};
use crate::schema::detail::{Column, Constraint, Sequence};
use crate::schema::{Kind, Object};
use crate::sql::statement::Statement;
use crate::sql::{describe, ident, sequence, using};

/// Returns a column's definition, with its name.
pub(super) fn definition(
    table: &str,
    name: &str,
    object: &Object,
    column: &Column,
    catalog: &Catalog<'_>,
) -> Result<String, DiffError> {
    let mut out = format!("{name} {}", column.data_type);
    if let Some(compression) = &column.compression {
        out.push_str(&format!(" COMPRESSION {}", compression_name(compression)));
    }
    if let Some(collation) = &column.collation {
        out.push_str(&format!(" COLLATE {collation}"));
    }
    if column.not_null {
        out.push_str(&not_null(table, name, catalog)?);
    }
    match (&column.identity, &column.expression, &column.generated) {
        (Some(kind), ..) => out.push_str(&format!(" {}", identity(table, name, object, column, kind, catalog)?)),
        (None, Some(expression), None) => out.push_str(&format!(" DEFAULT {expression}")),
        (None, Some(expression), Some(kind)) => {
            let kind = if kind == "s" { "STORED" } else { "VIRTUAL" };
            out.push_str(&format!(" GENERATED ALWAYS AS ({expression}) {kind}"));
        }
        (None, None, _) => {}
    }
    Ok(out)
}

/// NOT NULL, with the constraint's name where the server wouldn't make it up: since PostgreSQL 18 it has one.
fn not_null(table: &str, name: &str, catalog: &Catalog<'_>) -> Result<String, DiffError> {
    let plain = format!("NOT NULL {name}");
    for constraint in catalog.parts_of_kind(table, Kind::Constraint) {
        let detail: Constraint = catalog.detail(constraint)?;
        let own = ident::name_within(constraint, table);
        if detail.constraint_type == "n" && detail.definition == plain {
            let (_, bare) = ident::split(table);
            let made_up = ident::made_up(&ident::unquote(bare), &ident::unquote(name), "not_null");
            let named = if ident::unquote(own) == made_up { String::new() } else { format!(" CONSTRAINT {own}") };
            return Ok(format!("{named} NOT NULL"));
        }
    }
    Ok(" NOT NULL".to_owned())
}

fn identity(
    table: &str,
    name: &str,
    object: &Object,
    column: &Column,
    kind: &str,
    catalog: &Catalog<'_>,
) -> Result<String, DiffError> {
    let Some(behind) = catalog.identity_sequence(object) else {
        return Ok(format!("GENERATED {} AS IDENTITY", if kind == "a" { "ALWAYS" } else { "BY DEFAULT" }));
    };
    let detail: Sequence = catalog.detail(behind)?;
    Ok(sequence::identity(kind, table, name, &behind.identity, &detail, &column.data_type))
}

/// Returns what a column's definition can't say.
pub(super) fn settings(table: &str, name: &str, column: &Column) -> Vec<Statement> {
    let mut actions = Vec::new();
    if let Some(storage) = &column.storage {
        actions.push(format!("SET STORAGE {}", storage_name(storage)));
    }
    if let Some(statistics) = column.statistics {
        actions.push(format!("SET STATISTICS {statistics}"));
    }
    if !column.options.is_empty() {
        actions.push(format!("SET ({})", column.options.join(", ")));
    }
    actions.into_iter().map(|action| alter_column(table, name, &action)).collect()
}

/// Returns the descriptions of a new column, and of the sequence behind it.
pub(super) fn describe_new(object: &Object, catalog: &Catalog<'_>) -> Vec<Statement> {
    let mut out = describe::describe(object, None, catalog);
    if let Some(behind) = catalog.identity_sequence(object) {
        out.extend(describe::describe(behind, None, catalog).into_iter().filter(|statement| {
            // An identity's sequence belongs to whoever has the table.
            !statement.text().contains(" OWNER TO ")
        }));
    }
    out
}

pub(super) fn add(object: &Object, table: &str, catalog: &Catalog<'_>) -> Result<Vec<Statement>, DiffError> {
    let column: Column = catalog.detail(object)?;
    let name = ident::name_within(object, table);
    let text = definition(table, name, object, &column, catalog)?;
    let mut out = vec![Statement::alter_table(table, format!("ADD COLUMN {text}"))];
    out.extend(settings(table, name, &column));
    out.extend(describe_new(object, catalog));
    Ok(out)
}

/// Returns what makes a column and gives every row a value, which new rows don't get by themselves.
pub(super) fn add_filled(
    object: &Object,
    table: &str,
    fill: &str,
    catalog: &Catalog<'_>,
) -> Result<Vec<Statement>, DiffError> {
    let column: Column = catalog.detail(object)?;
    let name = ident::name_within(object, table);
    let text =
        definition(table, name, object, &Column { expression: Some(format!("({fill})")), ..column.clone() }, catalog)?;
    let mut out = vec![
        Statement::alter_table(table, format!("ADD COLUMN {text}")),
        Statement::new(format!("ALTER TABLE {table} ALTER COLUMN {name} DROP DEFAULT")),
    ];
    out.extend(settings(table, name, &column));
    out.extend(describe_new(object, catalog));
    Ok(out)
}

/// Returns what makes a column the other one, but for NOT NULL, which is a step of its own.
pub(super) fn alter(
    object: &Object,
    table: &str,
    before: &Catalog<'_>,
    after: &Catalog<'_>,
) -> Result<Vec<Statement>, DiffError> {
    let (old, new): (Column, Column) = (before.detail(object)?, after.detail(object)?);
    let name = ident::name_within(object, table);
    if after.whole(object).is_some_and(|whole| matches!(whole.kind, Kind::View | Kind::MaterializedView)) {
        return Ok(alter_of_view(&after.whole(object), table, name, &old, &new));
    }
    // Values that are worked out can only be worked out anew; the other way they stay.
    if new.generated.is_some() && (old.generated != new.generated || old.expression != new.expression) {
        let mut out = vec![Statement::alter_table(table, format!("DROP COLUMN {name}"))];
        out.extend(add(object, table, after)?);
        return Ok(out);
    }
    let mut out = Vec::new();
    let mut push = |action: String| out.push(alter_column(table, name, &action));
    let retyped = old.data_type != new.data_type || old.collation != new.collation;
    let is_default = |column: &Column| column.expression.is_some() && column.generated.is_none();
    // Between a default and an identity there are steps of their own.
    let new_default = (old.expression != new.expression || old.generated != new.generated)
        && old.identity.is_some() == new.identity.is_some();
    if old.identity.is_some() && new.identity.is_none() {
        push("DROP IDENTITY".to_owned());
    }
    if old.generated.is_some() && new.generated.is_none() {
        push("DROP EXPRESSION".to_owned());
    }
    if is_default(&old) && new_default && (!is_default(&new) || retyped) {
        push("DROP DEFAULT".to_owned());
    }
    if retyped {
        let collation = new.collation.as_ref().map(|collation| format!(" COLLATE {collation}")).unwrap_or_default();
        let using = using::expression(name, &old.data_type, &new.data_type);
        let using = using.map(|using| format!(" USING {using}")).unwrap_or_default();
        push(format!("TYPE {}{collation}{using}", new.data_type));
    }
    if let Some(expression) = &new.expression
        && is_default(&new)
        && new_default
    {
        push(format!("SET DEFAULT {expression}"));
    }
    match (&old.identity, &new.identity) {
        (None, Some(kind)) => push(format!("ADD {}", identity(table, name, object, &new, kind, after)?)),
        (Some(old), Some(kind)) if old != kind => {
            push(format!("SET GENERATED {}", if kind == "a" { "ALWAYS" } else { "BY DEFAULT" }));
        }
        _ => {}
    }
    let storage = |column: &Column| column.storage.clone().unwrap_or_else(|| column.type_storage.clone());
    // A new type brings its own storage only where the old one had none of its own.
    if storage(&old) != storage(&new) && !(retyped && old.storage.is_none() && new.storage.is_none()) {
        push(format!("SET STORAGE {}", storage_name(&storage(&new))));
    }
    if old.compression != new.compression {
        push(format!("SET COMPRESSION {}", new.compression.as_deref().map_or("DEFAULT", compression_name)));
    }
    if old.statistics != new.statistics {
        push(format!("SET STATISTICS {}", new.statistics.unwrap_or(-1)));
    }
    if old.options != new.options {
        let gone: Vec<&str> = old.options.iter().filter_map(|option| option.split('=').next()).collect();
        if !gone.is_empty() {
            push(format!("RESET ({})", gone.join(", ")));
        }
        if !new.options.is_empty() {
            push(format!("SET ({})", new.options.join(", ")));
        }
    }
    // The server runs RESET and SET of one column in one statement in this order, as it does DROP DEFAULT, TYPE and SET DEFAULT.
    Ok(out)
}

/// A view's column has a default of its own at most.
fn alter_of_view(view: &Option<Object>, identity: &str, name: &str, old: &Column, new: &Column) -> Vec<Statement> {
    if old.expression == new.expression || view.as_ref().is_none_or(|view| view.kind != Kind::View) {
        return Vec::new();
    }
    let action = match &new.expression {
        Some(expression) => format!("ALTER COLUMN {name} SET DEFAULT {expression}"),
        None => format!("ALTER COLUMN {name} DROP DEFAULT"),
    };
    vec![Statement::alter(format!("ALTER VIEW {identity}"), action)]
}

/// Returns the default of a column as ALTER COLUMN sets it.
pub(super) fn set_default(object: &Object, table: &str, catalog: &Catalog<'_>) -> Result<Option<Statement>, DiffError> {
    let column: Column = catalog.detail(object)?;
    let name = ident::name_within(object, table);
    Ok(column.expression.map(|expression| alter_column(table, name, &format!("SET DEFAULT {expression}"))))
}

pub(super) fn alter_column(table: &str, name: &str, action: &str) -> Statement {
    Statement::alter_table(table, format!("ALTER COLUMN {name} {action}"))
}

fn storage_name(letter: &str) -> &'static str {
    match letter {
        "p" => "PLAIN",
        "e" => "EXTERNAL",
        "m" => "MAIN",
        _ => "EXTENDED",
    }
}

fn compression_name(letter: &str) -> &'static str {
    if letter == "l" { "lz4" } else { "pglz" }
}
