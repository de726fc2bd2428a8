//! The statements that build the models on an empty database: types, tables, indexes, comments, and foreign keys last, so that
//! they may go round in circles.

use std::collections::BTreeSet;

use crate::schema::QualifiedName;

use super::schema::{
    Check, Column, Domain, Enum, Exclusion, ForeignKey, Generation, Index, Key, KeyPart, Models, Said, Table, Timing,
};
use super::sql::{Writer, ident, idents, literal, object};
use super::text::Place;
use super::wanted::{Phase, Statement};

/// All statements, in an order in which they work.
pub(super) fn statements(models: &Models) -> Vec<Statement> {
    let Models { enums, domains, tables, extensions } = models;
    let mut all = Vec::new();
    let names = enums.iter().map(|it| &it.name).chain(domains.iter().map(|it| &it.name));
    let schemas: BTreeSet<&str> =
        names.chain(tables.iter().map(|table| &table.name)).map(|name| name.schema.as_str()).collect();
    for schema in schemas.into_iter().filter(|schema| *schema != "public") {
        let mut writer = Writer::default();
        writer.push("CREATE SCHEMA IF NOT EXISTS ").push(&ident(schema));
        all.push(writer.finish(Phase::Schema, None, None));
    }
    for extension in extensions {
        let mut writer = Writer::default();
        writer.push("CREATE EXTENSION IF NOT EXISTS ").push(&ident(extension));
        all.push(writer.finish(Phase::Extension, None, None));
    }
    for it in enums {
        all.push(create_enum(it));
        all.extend(comment(Phase::Type, "TYPE", &it.name.to_string(), it.comment.as_ref(), &it.name));
    }
    for domain in in_order(domains) {
        all.push(create_domain(domain));
        let name = &domain.name;
        all.extend(comment(Phase::Type, "DOMAIN", &name.to_string(), domain.comment.as_ref(), name));
    }
    all.extend(tables.iter().map(create_table));
    for table in tables {
        all.extend(table.indexes.iter().map(|index| create_index(table, index)));
    }
    for table in tables {
        let name = table.name.to_string();
        all.extend(comment(Phase::Comment, "TABLE", &name, table.comment.as_ref(), &table.name));
        for column in &table.columns {
            let column_name = format!("{name}.{}", ident(&column.name.value));
            all.extend(comment(Phase::Comment, "COLUMN", &column_name, column.comment.as_ref(), &table.name));
        }
    }
    for table in tables {
        all.extend(table.foreign_keys.iter().map(|key| add_foreign_key(table, key)));
    }
    all
}

/// Domains after those that they are made of.
fn in_order(domains: &[Domain]) -> Vec<&Domain> {
    let mut ordered: Vec<&Domain> = Vec::with_capacity(domains.len());
    let mut left: Vec<&Domain> = domains.iter().collect();
    while !left.is_empty() {
        let waits = |domain: &Domain| {
            domain
                .needs
                .as_ref()
                .is_some_and(|needs| left.iter().any(|other| other.name == *needs && other.name != domain.name))
        };
        let (later, now): (Vec<&Domain>, Vec<&Domain>) = left.iter().partition(|domain| waits(domain));
        if now.is_empty() {
            // A newtype around itself does not compile; the server says what is wrong.
            ordered.extend(later);
            return ordered;
        }
        ordered.extend(now);
        left = later;
    }
    ordered
}

fn create_enum(it: &Enum) -> Statement {
    let mut writer = Writer::default();
    writer.push("CREATE TYPE ").at(&it.place, &it.name.to_string()).push(" AS ENUM (");
    for (at, label) in it.labels.iter().enumerate() {
        writer.push(if at == 0 { "" } else { ", " });
        writer.at(&label.name.place, &literal(&label.name.value));
    }
    writer.push(")");
    writer.finish(Phase::Type, Some(&it.name), Some(&it.place))
}

fn create_domain(domain: &Domain) -> Statement {
    let mut writer = Writer::default();
    writer.push("CREATE DOMAIN ").at(&domain.place, &domain.name.to_string()).push(" AS ").said(&domain.sql_type);
    collate(&mut writer, domain.collation.as_ref());
    if let Some(default) = &domain.default {
        writer.push(" DEFAULT ").said(default);
    }
    if domain.not_null {
        writer.push(" NOT NULL");
    }
    for check in &domain.checks {
        writer.push(" ");
        write_check(&mut writer, check);
    }
    writer.finish(Phase::Type, Some(&domain.name), Some(&domain.place))
}

fn create_table(table: &Table) -> Statement {
    let mut writer = Writer::default();
    writer.push("CREATE TABLE ").at(&table.place, &table.name.to_string()).push(" (");
    let mut first = true;
    let mut next = |writer: &mut Writer| {
        writer.push(if first { "\n    " } else { ",\n    " });
        first = false;
    };
    for column in &table.columns {
        next(&mut writer);
        write_column(&mut writer, column);
    }
    for (what, key) in
        table.primary_key.iter().map(|key| ("PRIMARY KEY", key)).chain(table.uniques.iter().map(|key| ("UNIQUE", key)))
    {
        next(&mut writer);
        write_key(&mut writer, what, key);
    }
    for check in &table.checks {
        next(&mut writer);
        write_check(&mut writer, check);
    }
    for exclusion in &table.exclusions {
        next(&mut writer);
        write_exclusion(&mut writer, exclusion);
    }
    writer.push(if table.columns.is_empty() { ")" } else { "\n)" });
    writer.finish(Phase::Table, Some(&table.name), Some(&table.place))
}

fn write_column(writer: &mut Writer, column: &Column) {
    writer.at(&column.name.place, &ident(&column.name.value)).push(" ").said(&column.sql_type);
    collate(writer, column.collation.as_ref());
    match &column.generation {
        Some(Generation::Default(default)) => _ = writer.push(" DEFAULT ").said(default),
        Some(Generation::Stored(expression)) => {
            writer.push(" GENERATED ALWAYS AS (").said(expression).push(") STORED");
        }
        Some(Generation::Identity { always, sequence }) => {
            writer.push(if *always { " GENERATED ALWAYS AS IDENTITY" } else { " GENERATED BY DEFAULT AS IDENTITY" });
            if let Some(sequence) = sequence {
                writer.push(" (").said(sequence).push(")");
            }
        }
        None => {}
    }
    if !column.nullable {
        writer.push(" NOT NULL");
    }
}

fn write_key(writer: &mut Writer, what: &str, key: &Key) {
    writer.push("CONSTRAINT ").at(&key.place, &ident(&key.name)).push(" ").push(what);
    if key.nulls_not_distinct {
        writer.push(" NULLS NOT DISTINCT");
    }
    writer.push(" (").at(&key.place, &idents(&key.columns)).push(")");
    include(writer, &key.place, &key.include);
    timing(writer, key.timing);
}

fn write_check(writer: &mut Writer, check: &Check) {
    let place = &check.expression.place;
    writer.push("CONSTRAINT ").at(place, &ident(&check.name)).push(" CHECK (").said(&check.expression).push(")");
}

fn write_exclusion(writer: &mut Writer, exclusion: &Exclusion) {
    writer.push("CONSTRAINT ").at(&exclusion.place, &ident(&exclusion.name)).push(" EXCLUDE");
    method(writer, exclusion.method.as_ref());
    writer.push(" (");
    for (at, (key, operator)) in exclusion.elements.iter().enumerate() {
        writer.push(if at == 0 { "" } else { ", " });
        write_key_part(writer, key);
        writer.push(" WITH ").said(operator);
    }
    writer.push(")");
    if let Some(filter) = &exclusion.filter {
        writer.push(" WHERE (").said(filter).push(")");
    }
    timing(writer, exclusion.timing);
}

fn create_index(table: &Table, index: &Index) -> Statement {
    let mut writer = Writer::default();
    writer.push(if index.unique { "CREATE UNIQUE INDEX " } else { "CREATE INDEX " });
    writer.at(&index.place, &ident(&index.name)).push(" ON ").push(&table.name.to_string());
    method(&mut writer, index.method.as_ref());
    writer.push(" (");
    for (at, key) in index.keys.iter().enumerate() {
        writer.push(if at == 0 { "" } else { ", " });
        write_key_part(&mut writer, key);
    }
    writer.push(")");
    include(&mut writer, &index.place, &index.include);
    if index.nulls_not_distinct {
        writer.push(" NULLS NOT DISTINCT");
    }
    if let Some(with) = &index.with {
        writer.push(" WITH (").said(with).push(")");
    }
    if let Some(filter) = &index.filter {
        writer.push(" WHERE ").said(filter);
    }
    writer.finish(Phase::Index, Some(&table.name), Some(&index.place))
}

fn write_key_part(writer: &mut Writer, key: &KeyPart) {
    writer.said(&key.sql);
    collate(writer, key.collation.as_ref());
    if let Some(opclass) = &key.opclass {
        writer.push(" ").said(opclass);
    }
    writer.push(key.order);
}

fn add_foreign_key(table: &Table, key: &ForeignKey) -> Statement {
    let mut writer = Writer::default();
    writer.push("ALTER TABLE ").push(&table.name.to_string()).push(" ADD CONSTRAINT ");
    writer.at(&key.place, &ident(&key.name)).push(" FOREIGN KEY (").at(&key.place, &idents(&key.columns));
    writer.push(") REFERENCES ").at(&key.place, &key.target.to_string()).push(" (");
    writer.at(&key.place, &idents(&key.target_columns)).push(")");
    if key.match_full {
        writer.push(" MATCH FULL");
    }
    if let Some(action) = key.on_update {
        writer.push(" ON UPDATE ").push(action);
    }
    if let Some(action) = key.on_delete {
        writer.push(" ON DELETE ").push(action);
    }
    timing(&mut writer, key.timing);
    writer.finish(Phase::ForeignKey, Some(&table.name), Some(&key.place))
}

fn comment(phase: Phase, what: &str, name: &str, comment: Option<&Said>, about: &QualifiedName) -> Option<Statement> {
    let comment = comment?;
    let mut writer = Writer::default();
    writer.push(&format!("COMMENT ON {what} {name} IS ")).at(&comment.place, &literal(&comment.value));
    Some(writer.finish(phase, Some(about), Some(&comment.place)))
}

fn collate(writer: &mut Writer, collation: Option<&Said>) {
    if let Some(collation) = collation {
        writer.push(" COLLATE ").at(&collation.place, &object(&collation.value));
    }
}

fn method(writer: &mut Writer, method: Option<&Said>) {
    if let Some(method) = method {
        writer.push(" USING ").at(&method.place, &ident(&method.value));
    }
}

fn include(writer: &mut Writer, place: &Place, columns: &[String]) {
    if !columns.is_empty() {
        writer.push(" INCLUDE (").at(place, &idents(columns)).push(")");
    }
}

fn timing(writer: &mut Writer, timing: Timing) {
    writer.push(match timing {
        Timing::Immediate => "",
        Timing::Deferrable => " DEFERRABLE",
        Timing::Deferred => " DEFERRABLE INITIALLY DEFERRED",
    });
}
