//! Diesel's `schema.rs`, as a source: `table!` and `joinable!`.
//!
//! It knows columns, whether they take NULL, primary keys, and some foreign keys. What it has no words for is not compared.

use std::path::PathBuf;

use migrate_build::diagnostic::Diagnostic;
use migrate_build::rules::Rule;
use migrate_build_model::{MAX_NAME, Timing, nearest};
use syn::ext::IdentExt;
use syn::parse::Parse;
use syn::{Attribute, Ident, Item, ItemMacro, Lit, Path};

use crate::schema::{Kind, QualifiedName};

use super::diesel_macros::{ColumnLine, Joinable, TableMacro, number_attribute, text_attribute};
use super::error::ModelsError;
use super::modules::{self, Tree};
use super::names::{self, NamePatterns};
use super::rules;
use super::schema::{Column, ForeignKey, Key, Models, Said, Table};
use super::source::Source;
use super::sql::{Writer, ident as quoted, literal};
use super::structs::accepted;
use super::text::{Place, finding};
use super::wanted::{Aspect, Coverage, Phase, Statement, Wanted};
use super::{check, create, diesel_types};

/// The file that `diesel print-schema` writes.
#[derive(Clone, Debug)]
pub(super) struct DieselSchema {
    pub(super) root: PathBuf,
    pub(super) path: PathBuf,
}

/// A struct that stands for a type of the user's own.
struct Custom {
    name: String,
    sql: String,
}

impl Source for DieselSchema {
    fn kind(&self) -> &'static str {
        "Diesel's schema"
    }

    fn wanted(&self) -> Result<Wanted, ModelsError> {
        let tree = modules::load(&self.root, &self.path)?;
        let mut reader =
            Reader { findings: tree.findings.clone(), tree: &tree, customs: Vec::new(), idents: Vec::new() };
        let models = reader.models();
        let Reader { mut findings, customs, .. } = reader;
        check::check(&models, &tree.sources, &mut findings);
        let findings = accepted(findings, &tree.sources)?;
        let mut statements: Vec<Statement> = create::statements(&models);
        // After the schemas, before the tables.
        let at = statements.iter().position(|statement| statement.phase >= Phase::Type).unwrap_or(statements.len());
        statements.splice(at..at, customs.iter().map(placeholder));
        Ok(Wanted { statements, hints: Vec::new(), coverage: coverage(), findings, sources: tree.sources })
    }
}

/// Diesel names a type and doesn't say what is in it: something of that name must be there, and is not compared.
fn placeholder(custom: &Custom) -> Statement {
    let mut writer = Writer::default();
    let create = format!("CREATE TYPE {} AS ENUM ()", custom.sql);
    let body = format!("BEGIN IF to_regtype({}) IS NULL THEN {create}; END IF; END", literal(&custom.sql));
    writer.push("DO ").push(&literal(&body));
    writer.finish(Phase::Type, None, None)
}

fn coverage() -> Coverage {
    Coverage::new(
        &[Kind::Table, Kind::Column, Kind::Constraint],
        &[
            Aspect::Ownership,
            Aspect::ColumnOrder,
            Aspect::ColumnStorage,
            Aspect::TableOptions,
            Aspect::Comments,
            Aspect::TypeModifiers,
            Aspect::Collations,
            Aspect::Generation,
            Aspect::ConstraintsAndIndexes,
            Aspect::OtherForeignKeys,
            Aspect::ForeignKeyActions,
            Aspect::ConstraintNames,
            Aspect::TypeDefinitions,
        ],
    )
}

struct Reader<'t> {
    tree: &'t Tree,
    findings: Vec<Diagnostic>,
    customs: Vec<Custom>,
    /// What code calls each table, for `joinable!`.
    idents: Vec<String>,
}

impl Reader<'_> {
    fn models(&mut self) -> Models {
        let tree = self.tree;
        let mut models = Models::default();
        let items = || tree.modules.iter().flat_map(|module| module.items.iter().map(|item| (module.file, item)));
        for (_, item) in items() {
            if let Item::Struct(item) = item {
                self.custom(&item.ident, &item.attrs);
            }
        }
        for (file, item) in items() {
            if let Some(table) = self.parsed::<TableMacro>(item, "table", file) {
                self.idents.push(table.name.unraw().to_string());
                let table = self.table(table, file);
                models.tables.push(table);
            }
        }
        for (file, item) in items() {
            if let Some(joinable) = self.parsed::<Joinable>(item, "joinable", file) {
                self.foreign_key(&joinable, file, &mut models.tables);
            }
        }
        let citext = |column: &Column| column.sql_type.value.trim_end_matches("[]") == "citext";
        if models.tables.iter().any(|table| table.columns.iter().any(citext)) {
            models.extensions.push("citext".to_owned());
        }
        models
    }

    fn refuse(&mut self, rule: &Rule, place: &Place, message: String, help: Option<String>) {
        let label = self.tree.sources.label(place, "");
        self.findings.push(finding(rule, message, label, help));
    }

    fn parsed<T: Parse>(&mut self, item: &Item, name: &str, file: usize) -> Option<T> {
        let Item::Macro(ItemMacro { mac, .. }) = item else { return None };
        mac.path.segments.last().filter(|last| last.ident == name)?;
        match mac.parse_body::<T>() {
            Ok(parsed) => Some(parsed),
            Err(error) => {
                let place = Place::new(file, error.span().byte_range());
                let help = Some("`diesel print-schema` writes it anew".to_owned());
                self.refuse(&rules::SYNTAX, &place, format!("this is no `{name}!` of Diesel's: {error}"), help);
                None
            }
        }
    }

    /// `#[diesel(postgres_type(name = "mood", schema = "app"))] struct Mood;`
    fn custom(&mut self, ident: &Ident, attributes: &[Attribute]) {
        let (mut name, mut schema) = (None, None);
        for attribute in attributes {
            if !attribute.path().is_ident("diesel") {
                continue;
            }
            // What Diesel knows besides is none of ours, so a mistake in it is no finding.
            drop(attribute.parse_nested_meta(|meta| {
                if !meta.path.is_ident("postgres_type") {
                    return Ok(());
                }
                meta.parse_nested_meta(|meta| {
                    let value = meta.value()?.parse::<Lit>()?;
                    match value {
                        Lit::Str(text) if meta.path.is_ident("name") => name = Some(text.value()),
                        Lit::Str(text) if meta.path.is_ident("schema") => schema = Some(text.value()),
                        _ => {}
                    }
                    Ok(())
                })
            }));
        }
        let Some(name) = name else { return };
        let sql = match schema {
            Some(schema) => QualifiedName::new(schema, name).to_string(),
            None => quoted(&name),
        };
        self.customs.push(Custom { name: ident.unraw().to_string(), sql });
    }

    fn table(&mut self, table: TableMacro, file: usize) -> Table {
        let TableMacro { attributes, schema, name, key, columns } = table;
        let place = Place::new(file, name.span().byte_range());
        let model = name.unraw().to_string();
        let sql_name = text_attribute(&attributes, "sql_name").unwrap_or_else(|| model.clone());
        let schema = schema.map_or_else(|| "public".to_owned(), |schema| schema.unraw().to_string());
        self.name_fits(&sql_name, &place);
        let columns: Vec<Column> = columns.into_iter().map(|line| self.column(line, file)).collect();
        // Without a key in parentheses it is `id`.
        let names: Vec<(String, Place)> = match key {
            Some(key) => key
                .into_iter()
                .map(|ident| (ident.unraw().to_string(), Place::new(file, ident.span().byte_range())))
                .collect(),
            None => vec![("id".to_owned(), place.clone())],
        };
        let mut key_columns = Vec::new();
        for (field, place) in names {
            match columns.iter().find(|column| column.field == field) {
                Some(column) => key_columns.push(column.name.value.clone()),
                None => self.no_column(&field, &model, &columns, &place),
            }
        }
        let patterns = NamePatterns::default();
        let shown: Vec<&str> = key_columns.iter().map(String::as_str).collect();
        let primary_key = Key {
            name: names::make(&patterns.primary_key, &sql_name, &shown),
            place: place.clone(),
            columns: key_columns.clone(),
            include: Vec::new(),
            nulls_not_distinct: false,
            timing: Timing::default(),
        };
        Table {
            name: QualifiedName::new(schema, sql_name),
            place,
            model,
            comment: None,
            renamed_from: None,
            columns,
            primary_key: (!key_columns.is_empty()).then_some(primary_key),
            uniques: Vec::new(),
            checks: Vec::new(),
            exclusions: Vec::new(),
            indexes: Vec::new(),
            foreign_keys: Vec::new(),
        }
    }

    fn column(&mut self, line: ColumnLine, file: usize) -> Column {
        let ColumnLine { attributes, name, ty } = line;
        let place = Place::new(file, name.span().byte_range());
        let field = name.unraw().to_string();
        let sql_name = text_attribute(&attributes, "sql_name").unwrap_or_else(|| field.clone());
        self.name_fits(&sql_name, &place);
        let customs = &self.customs;
        let custom = |name: &str| customs.iter().find(|custom| custom.name == name).map(|custom| custom.sql.clone());
        let type_place = modules::place(file, &ty);
        let (mut sql, nullable) = match diesel_types::map(&ty, &custom) {
            Ok(mapped) => (mapped.sql, mapped.nullable),
            Err(unknown) => {
                let message = format!("nothing says what `{unknown}` is in the database");
                let help = if unknown.contains('<') {
                    "ranges are over numbers, dates and timestamps".to_owned()
                } else {
                    format!(
                        "declare it as `diesel print-schema` does: `#[diesel(postgres_type(name = \"…\"))] pub struct {unknown};`"
                    )
                };
                self.refuse(&rules::TYPE, &type_place, message, Some(help));
                ("text".to_owned(), false)
            }
        };
        if let Some(length) = number_attribute(&attributes, "max_length")
            && ["character", "character varying"].contains(&sql.as_str())
        {
            sql = format!("{sql}({length})");
        }
        Column {
            name: Said { value: sql_name, place },
            field,
            sql_type: Said { value: sql, place: type_place },
            nullable,
            generation: None,
            collation: None,
            comment: None,
            renamed_from: None,
        }
    }

    fn foreign_key(&mut self, joinable: &Joinable, file: usize, tables: &mut [Table]) {
        let Joinable { child, parent, column } = joinable;
        let Some(child) = self.table_of(child, file) else { return };
        let Some(parent) = self.table_of(parent, file) else { return };
        let place = Place::new(file, column.span().byte_range());
        let Some((target, key)) = tables
            .get(parent)
            .and_then(|table| Some((table.name.clone(), table.primary_key.as_ref()?.columns.clone())))
        else {
            return;
        };
        let Some(table) = tables.get(child) else { return };
        let field = column.unraw().to_string();
        let Some(name) = table.columns.iter().find(|column| column.field == field).map(|it| it.name.value.clone())
        else {
            self.no_column(&field, &table.model, &table.columns, &place);
            return;
        };
        // A key of several columns can be joined by one of them; then nothing is said of a foreign key.
        if key.len() != 1 {
            return;
        }
        let pattern = NamePatterns::default().foreign_key;
        let foreign_key = ForeignKey {
            name: names::make(&pattern, &table.name.name, &[&name]),
            place,
            columns: vec![name],
            target,
            target_columns: key,
            on_delete: None,
            on_update: None,
            match_full: false,
            timing: Timing::default(),
        };
        if let Some(table) = tables.get_mut(child) {
            table.foreign_keys.push(foreign_key);
        }
    }

    /// The number of the table that a path ends in.
    fn table_of(&mut self, path: &Path, file: usize) -> Option<usize> {
        let last = path.segments.last()?;
        let name = last.ident.unraw().to_string();
        let found = self.idents.iter().position(|table| *table == name);
        if found.is_none() {
            let help = match nearest(&name, self.idents.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "there is no `table!` of this name".to_owned(),
            };
            let place = Place::new(file, last.ident.span().byte_range());
            self.refuse(&rules::REFERENCE, &place, format!("there is no table `{name}`"), Some(help));
        }
        found
    }

    fn no_column(&mut self, field: &str, table: &str, columns: &[Column], place: &Place) {
        let help = match nearest(field, columns.iter().map(|column| column.field.as_str())) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "name a column of the table".to_owned(),
        };
        self.refuse(&rules::REFERENCE, place, format!("`{table}` has no column `{field}`"), Some(help));
    }

    fn name_fits(&mut self, name: &str, place: &Place) {
        if name.len() > MAX_NAME {
            let message = format!("the name `{name}` has {} bytes", name.len());
            let help = Some(format!("PostgreSQL's names have at most {MAX_NAME}: shorten it"));
            self.refuse(&rules::ATTRIBUTE, place, message, help);
        }
    }
}
