//! Enums, domains, composite types and ranges.

use crate::diff::{Catalog, DiffError};
use crate::schema::detail::{Attribute, Column, Composite, Constraint, Domain, Enum, Range};
use crate::schema::{Kind, Object, literal};
use crate::sql::statement::Statement;
use crate::sql::{describe, ident};

/// Returns what makes a type, under its own name.
pub(super) fn create(object: &Object, catalog: &Catalog<'_>) -> Result<Vec<Statement>, DiffError> {
    let name = &object.identity;
    let mut out = Vec::new();
    match object.kind {
        Kind::Enum => {
            let labels: Enum = catalog.detail(object)?;
            let labels: Vec<String> = labels.labels.iter().map(|label| literal(label)).collect();
            out.push(Statement::new(format!("CREATE TYPE {name} AS ENUM ({})", labels.join(", "))));
        }
        Kind::CompositeType => {
            let composite: Composite = catalog.detail(object)?;
            let attributes: Vec<String> = composite.attributes.iter().map(attribute).collect();
            out.push(Statement::new(format!("CREATE TYPE {name} AS (\n    {}\n)", attributes.join(",\n    "))));
            out.extend(composite.attributes.iter().filter_map(|attribute| comment(name, None, attribute)));
        }
        Kind::RangeType => out.push(range(name, &catalog.detail(object)?)),
        Kind::Domain => out.extend(domain(object, catalog)?),
        _ => {}
    }
    out.extend(describe::describe(object, None, catalog));
    Ok(out)
}

fn attribute(attribute: &Attribute) -> String {
    let collation = attribute.collation.as_ref().map(|collation| format!(" COLLATE {collation}"));
    format!("{} {}{}", attribute.name, attribute.data_type, collation.unwrap_or_default())
}

fn comment(of: &str, old: Option<&Attribute>, new: &Attribute) -> Option<Statement> {
    if old.and_then(|old| old.comment.as_ref()) == new.comment.as_ref() {
        return None;
    }
    let text = new.comment.as_deref().map_or("NULL".to_owned(), literal);
    Some(Statement::new(format!("COMMENT ON COLUMN {of}.{} IS {text}", new.name)))
}

fn range(name: &str, range: &Range) -> Statement {
    let mut options = vec![format!("SUBTYPE = {}", range.subtype)];
    for (word, value) in [
        ("SUBTYPE_OPCLASS", &range.operator_class),
        ("COLLATION", &range.collation),
        ("CANONICAL", &range.canonical),
        ("SUBTYPE_DIFF", &range.difference),
        ("MULTIRANGE_TYPE_NAME", &range.multirange),
    ] {
        options.extend(value.as_ref().map(|value| format!("{word} = {value}")));
    }
    Statement::new(format!("CREATE TYPE {name} AS RANGE ({})", options.join(", ")))
}

fn domain(object: &Object, catalog: &Catalog<'_>) -> Result<Vec<Statement>, DiffError> {
    let name = &object.identity;
    let domain: Domain = catalog.detail(object)?;
    let mut text = format!("CREATE DOMAIN {name} AS {}", domain.data_type);
    if let Some(collation) = &domain.collation {
        text.push_str(&format!(" COLLATE {collation}"));
    }
    if let Some(default) = &domain.default {
        text.push_str(&format!(" DEFAULT {default}"));
    }
    if domain.not_null {
        text.push_str(" NOT NULL");
    }
    let mut descriptions = Vec::new();
    let mut unvalidated = Vec::new();
    for part in catalog.parts_of_kind(name, Kind::Constraint) {
        let constraint: Constraint = catalog.detail(part)?;
        if constraint.constraint_type == "n" {
            continue;
        }
        let own = ident::name_within(part, name);
        if constraint.validated {
            text.push_str(&format!("\n    CONSTRAINT {own} {}", constraint.definition));
        } else {
            unvalidated
                .push(Statement::new(format!("ALTER DOMAIN {name} ADD CONSTRAINT {own} {}", constraint.definition)));
        }
        descriptions.extend(describe::describe(part, None, catalog));
    }
    let mut out = vec![Statement::new(text)];
    out.extend(unvalidated);
    out.extend(descriptions);
    Ok(out)
}

/// Returns what changes a type in place.
pub(super) fn alter(object: &Object, before: &Catalog<'_>, after: &Catalog<'_>) -> Result<Vec<Statement>, DiffError> {
    let name = &object.identity;
    let mut out = Vec::new();
    if object.kind == Kind::Domain {
        let (old, new): (Domain, Domain) = (before.detail(object)?, after.detail(object)?);
        if old.default != new.default {
            let action = new.default.map_or("DROP DEFAULT".to_owned(), |default| format!("SET DEFAULT {default}"));
            out.push(Statement::new(format!("ALTER DOMAIN {name} {action}")));
        }
        if old.not_null != new.not_null {
            let verb = if new.not_null { "SET" } else { "DROP" };
            out.push(Statement::new(format!("ALTER DOMAIN {name} {verb} NOT NULL")));
        }
    } else if object.kind == Kind::CompositeType {
        let (old, new): (Composite, Composite) = (before.detail(object)?, after.detail(object)?);
        let find =
            |composite: &Composite, name: &str| composite.attributes.iter().find(|other| other.name == name).cloned();
        let subject = format!("ALTER TYPE {name}");
        for gone in old.attributes.iter().filter(|old| find(&new, &old.name).is_none()) {
            out.push(Statement::alter(&subject, format!("DROP ATTRIBUTE {}", gone.name)));
        }
        for come in new.attributes.iter().filter(|new| find(&old, &new.name).is_none()) {
            out.push(Statement::alter(&subject, format!("ADD ATTRIBUTE {}", attribute(come))));
        }
        for attribute in &new.attributes {
            out.extend(comment(name, find(&old, &attribute.name).as_ref(), attribute));
        }
    }
    Ok(out)
}

/// Returns what adds labels to an enum, each at its place.
pub(super) fn add_values(
    object: &Object,
    before: &Catalog<'_>,
    after: &Catalog<'_>,
) -> Result<Vec<Statement>, DiffError> {
    let (old, new): (Enum, Enum) = (before.detail(object)?, after.detail(object)?);
    let mut present = old.labels;
    let mut out = Vec::new();
    let mut last: Option<&String> = None;
    for label in &new.labels {
        if !present.contains(label) {
            let place = match last {
                None => present.first().map(|first| format!(" BEFORE {}", literal(first))),
                Some(last) if present.last() == Some(last) => None,
                Some(last) => Some(format!(" AFTER {}", literal(last))),
            };
            let place = place.unwrap_or_default();
            out.push(Statement::new(format!("ALTER TYPE {} ADD VALUE {}{place}", object.identity, literal(label))));
            let at = last.and_then(|last| present.iter().position(|other| other == last)).map_or(0, |at| at + 1);
            present.insert(at, label.clone());
        }
        last = Some(label);
    }
    Ok(out)
}

/// Returns what makes a type anew under its name and takes the columns over.
pub(super) fn swap(
    object: &Object,
    columns: &[Object],
    before: &Catalog<'_>,
    after: &Catalog<'_>,
) -> Result<Vec<Statement>, DiffError> {
    let (schema, name) = ident::split(&object.identity);
    let aside = ident::derived(name, "_old");
    let word = if object.kind == Kind::Domain { "DOMAIN" } else { "TYPE" };
    let mut out = vec![Statement::new(format!("ALTER {word} {} RENAME TO {aside}", object.identity))];
    out.extend(create(object, after)?);
    for column in columns {
        let Some(table) = after.whole(column).or_else(|| before.whole(column)) else { continue };
        let detail: Column = before.detail(column)?;
        let own = ident::name_within(column, &table.identity);
        let default = detail.expression.filter(|_| detail.generated.is_none());
        if default.is_some() {
            out.push(super::column::alter_column(&table.identity, own, "DROP DEFAULT"));
        }
        let using = conversion(object, own, &detail.data_type, before, after)?;
        out.push(super::column::alter_column(
            &table.identity,
            own,
            &format!("TYPE {} USING {using}", detail.data_type),
        ));
        // The wanted default, unless the column is gone there or has another type: then it is set, or not, with that.
        let wanted: Option<Column> = if after.has(column) { Some(after.detail(column)?) } else { None };
        let set = match wanted {
            Some(wanted) => wanted.expression.filter(|_| wanted.generated.is_none()),
            None => default,
        };
        if let Some(default) = set {
            out.push(super::column::alter_column(&table.identity, own, &format!("SET DEFAULT {default}")));
        }
    }
    let aside = if schema.is_empty() { aside } else { format!("{schema}.{aside}") };
    out.push(Statement::new(format!("DROP {word} {aside}")));
    Ok(out)
}

/// Returns a value of the old type as one of the new type.
fn conversion(
    object: &Object,
    column: &str,
    data_type: &str,
    before: &Catalog<'_>,
    after: &Catalog<'_>,
) -> Result<String, DiffError> {
    if object.kind == Kind::CompositeType && !data_type.ends_with("[]") {
        let (old, new): (Composite, Composite) = (before.detail(object)?, after.detail(object)?);
        let fields: Vec<String> = new
            .attributes
            .iter()
            .map(|attribute| match old.attributes.iter().find(|other| other.name == attribute.name) {
                Some(same) if same.data_type == attribute.data_type => format!("({column}).{}", attribute.name),
                Some(other) => {
                    let field = format!("({column}).{}", attribute.name);
                    super::using::expression(&field, &other.data_type, &attribute.data_type).unwrap_or(field)
                }
                None => "NULL".to_owned(),
            })
            .collect();
        return Ok(format!(
            "CASE WHEN {column} IS NOT DISTINCT FROM NULL THEN NULL ELSE ROW({})::{data_type} END",
            fields.join(", ")
        ));
    }
    if data_type.ends_with("[]") {
        return Ok(format!("{column}::text[]::{data_type}"));
    }
    Ok(format!("{column}::text::{data_type}"))
}
