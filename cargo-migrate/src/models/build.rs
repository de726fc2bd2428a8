//! From declarations to the models as a value: types mapped, names made, foreign keys pointed at their tables.

use migrate_build::diagnostic::Diagnostic;
use migrate_build::history_name::HistoryName;
use migrate_build::rules::Rule;
use migrate_build_model as model;

use crate::schema::QualifiedName;

use super::keys::{Named, maybe, said};
use super::modules::place;
use super::names::{self, NamePatterns};
use super::read::{Declaration, Declarations, Kind, NoTable};
use super::rules;
use super::rust_type::{self, Mapped};
use super::schema::{Check, Column, Domain, Enum, ForeignKey, Generation, Label, Models, Said, Table};
use super::text::{Place, Sources, finding};

/// What is needed everywhere here.
struct Builder<'a> {
    declarations: &'a Declarations,
    patterns: &'a NamePatterns,
    sources: &'a Sources,
    findings: &'a mut Vec<Diagnostic>,
    extensions: Vec<String>,
}

/// Builds the models; what is wrong goes to `findings`.
pub(super) fn models(
    declarations: &Declarations,
    patterns: &NamePatterns,
    sources: &Sources,
    findings: &mut Vec<Diagnostic>,
) -> Models {
    let mut builder = Builder { declarations, patterns, sources, findings, extensions: Vec::new() };
    let mut models = Models::default();
    for declaration in &declarations.all {
        match &declaration.kind {
            Kind::Enum(it, name) => models.enums.push(enum_of(it, name, declaration.file)),
            Kind::Domain(domain, name) => models.domains.extend(builder.domain(domain, name, declaration)),
            Kind::Table(table, name) => models.tables.push(builder.table(table, name, declaration)),
            Kind::Alias(_) | Kind::Plain | Kind::Broken => {}
        }
    }
    for (at, declaration) in
        declarations.all.iter().filter(|declaration| matches!(declaration.kind, Kind::Table(..))).enumerate()
    {
        if let Kind::Table(table, _) = &declaration.kind {
            let keys = builder.foreign_keys(table, declaration, &models.tables);
            if let Some(table) = models.tables.get_mut(at) {
                table.foreign_keys = keys;
            }
        }
    }
    models.extensions = builder.extensions;
    models.extensions.sort();
    models.extensions.dedup();
    models
}

fn enum_of(it: &model::PgEnum, name: &QualifiedName, file: usize) -> Enum {
    Enum {
        name: name.clone(),
        place: said(&it.name, file).place,
        labels: it
            .labels
            .iter()
            .map(|label| Label { name: said(&label.name, file), renamed_from: maybe(&label.renamed_from, file) })
            .collect(),
        comment: maybe(&it.comment, file),
        renamed_from: maybe(&it.renamed_from, file),
    }
}

impl Builder<'_> {
    fn refuse(&mut self, rule: &Rule, place: &Place, message: String, help: Option<String>) {
        let label = self.sources.label(place, "");
        self.findings.push(finding(rule, message, label, help));
    }

    /// The type of a column or domain: the given one, or that of the Rust type.
    fn sql_type(
        &mut self,
        given: &Option<model::Text>,
        ty: &syn::Type,
        declaration: &Declaration,
        attribute: &str,
    ) -> Option<(Said, Mapped)> {
        let file = declaration.file;
        let nullable = model::option_of(ty).is_some();
        if let Some(given) = given {
            let mapped = Mapped { sql: given.value.clone(), nullable, needs: None, extension: None };
            return Some((said(given, file), mapped));
        }
        let place = place(file, ty);
        match rust_type::map(ty, declaration.module, self.declarations, 0) {
            Ok(mapped) => {
                self.extensions.extend(mapped.extension.map(str::to_owned));
                Some((Said { value: mapped.sql.clone(), place }, mapped))
            }
            Err(unmapped) => {
                if !unmapped.silent {
                    let help = unmapped.help.replace("#[column(sql_type", &format!("#[{attribute}(sql_type"));
                    self.refuse(&rules::TYPE, &place, unmapped.message, Some(help));
                }
                None
            }
        }
    }

    fn domain(&mut self, domain: &model::Domain, name: &QualifiedName, declaration: &Declaration) -> Option<Domain> {
        let file = declaration.file;
        let (sql_type, mapped) = self.sql_type(&domain.sql_type, &domain.ty, declaration, "domain")?;
        let checks = domain.checks.iter().enumerate().map(|(at, check)| {
            let expression = said(&check.expression, file);
            // All checks of a domain are about its one value.
            let number = if at == 0 { Vec::new() } else { vec![(at + 1).to_string()] };
            let columns: Vec<&str> = number.iter().map(String::as_str).collect();
            let made = || names::make(&self.patterns.check, &domain.name.value, &columns);
            let name = check.name.as_ref().map_or_else(made, |name| name.value.clone());
            Check { name, expression }
        });
        Some(Domain {
            name: name.clone(),
            place: said(&domain.name, file).place,
            checks: checks.collect(),
            sql_type,
            needs: mapped.needs,
            not_null: domain.not_null,
            default: maybe(&domain.default, file),
            collation: maybe(&domain.collation, file),
            comment: maybe(&domain.comment, file),
            renamed_from: maybe(&domain.renamed_from, file),
        })
    }

    fn table(&mut self, table: &model::Table, name: &QualifiedName, declaration: &Declaration) -> Table {
        let file = declaration.file;
        let columns: Vec<Column> = table.columns.iter().map(|column| self.column(column, declaration)).collect();
        let names: Vec<&str> = columns.iter().map(|column| column.name.value.as_str()).collect();
        let named = Named { table: &name.name, columns: &names, patterns: self.patterns, file };
        Table {
            name: name.clone(),
            place: said(&table.name, file).place,
            model: table.ident.to_string(),
            comment: maybe(&table.comment, file),
            renamed_from: maybe(&table.renamed_from, file),
            primary_key: table.primary_key.as_ref().map(|key| named.primary_key(key)),
            uniques: table.uniques.iter().map(|unique| named.unique(unique)).collect(),
            checks: table.checks.iter().map(|check| named.check(check)).collect(),
            exclusions: table.exclusions.iter().map(|exclusion| named.exclusion(exclusion)).collect(),
            indexes: table.indexes.iter().map(|index| named.index(index)).collect(),
            foreign_keys: Vec::new(),
            columns,
        }
    }

    fn column(&mut self, column: &model::Column, declaration: &Declaration) -> Column {
        let file = declaration.file;
        // A type that nothing says has its finding; what else is wrong with the table is said in the same run.
        let (sql_type, nullable) = match self.sql_type(&column.sql_type, &column.ty, declaration, "column") {
            Some((sql_type, mapped)) => (sql_type, mapped.nullable),
            None => (Said { value: "text".to_owned(), place: place(file, &column.ty) }, false),
        };
        let identity = column.identity.map(|identity| Generation::Identity {
            always: identity == model::Identity::Always,
            sequence: maybe(&column.sequence, file),
        });
        let generation = identity
            .or_else(|| maybe(&column.generated, file).map(Generation::Stored))
            .or_else(|| maybe(&column.default, file).map(Generation::Default));
        Column {
            name: said(&column.name, file),
            field: column.ident.to_string(),
            sql_type,
            nullable,
            generation,
            collation: maybe(&column.collation, file),
            comment: maybe(&column.comment, file),
            renamed_from: maybe(&column.renamed_from, file),
        }
    }

    fn foreign_keys(&mut self, table: &model::Table, declaration: &Declaration, tables: &[Table]) -> Vec<ForeignKey> {
        let keys = table.foreign_keys.iter();
        keys.filter_map(|key| self.foreign_key(key, table, declaration, tables)).collect()
    }

    fn foreign_key(
        &mut self,
        key: &model::ForeignKey,
        table: &model::Table,
        declaration: &Declaration,
        tables: &[Table],
    ) -> Option<ForeignKey> {
        let file = declaration.file;
        let place = Place::new(file, key.span.byte_range());
        let target = self.target(key, declaration, tables)?;
        let target_columns = if key.target_columns.is_empty() {
            let Some(primary_key) = &target.primary_key else {
                let message = format!("`{}` has no primary key to point to", target.name.name);
                let help = Some(format!("name the column: `references({}, …)`", target.model));
                self.refuse(&rules::REFERENCE, &place, message, help);
                return None;
            };
            primary_key.columns.clone()
        } else {
            let columns = key.target_columns.iter();
            columns.map(|column| self.target_column(column, target, file)).collect::<Option<Vec<_>>>()?
        };
        if target_columns.len() != key.columns.len() {
            let (here, there) = (key.columns.len(), target_columns.len());
            let message = format!("a foreign key has {here} of its own columns and points to {there}");
            let help = Some("name as many columns there as here".to_owned());
            self.refuse(&rules::REFERENCE, &place, message, help);
            return None;
        }
        let mut sorted = target_columns.clone();
        sorted.sort();
        let same = |columns: &[String]| {
            let mut columns = columns.to_vec();
            columns.sort();
            columns == sorted
        };
        let is_unique = target.primary_key.iter().chain(&target.uniques).any(|key| same(&key.columns))
            || target.indexes.iter().any(|index| {
                let columns: Option<Vec<String>> = index.keys.iter().map(|key| unquoted(&key.sql.value)).collect();
                index.unique && index.filter.is_none() && columns.is_some_and(|columns| same(&columns))
            });
        if !is_unique {
            let message = format!("`{}` of `{}` is not unique", target_columns.join("`, `"), target.name.name);
            let help = Some("a foreign key points to a primary key or to what is `unique`".to_owned());
            self.refuse(&rules::REFERENCE, &place, message, help);
            return None;
        }
        let columns: Vec<String> = column_names(&key.columns, table);
        let shown: Vec<&str> = columns.iter().map(String::as_str).collect();
        let made = || names::make(&self.patterns.foreign_key, &table.name.value, &shown);
        let action = |action: model::Action| (action != model::Action::NoAction).then(|| action.sql());
        Some(ForeignKey {
            name: key.name.as_ref().map_or_else(made, |name| name.value.clone()),
            place,
            target: target.name.clone(),
            target_columns,
            on_delete: action(key.on_delete),
            on_update: action(key.on_update),
            match_full: key.match_full,
            timing: key.timing,
            columns,
        })
    }

    /// The table that a foreign key points to.
    fn target<'t>(
        &mut self,
        key: &model::ForeignKey,
        declaration: &Declaration,
        tables: &'t [Table],
    ) -> Option<&'t Table> {
        let file = declaration.file;
        match &key.target {
            model::Target::Model(path) => match self.declarations.table(declaration.module, path) {
                Ok((_, name)) => tables.iter().find(|table| table.name == *name),
                Err(NoTable::Broken) => None,
                Err(reason) => {
                    let shown = path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
                    let message = match reason {
                        NoTable::Plain => format!("`{shown}` is no table"),
                        NoTable::Broken | NoTable::Unknown => format!("there is no model `{shown}`"),
                    };
                    let near = model::nearest(&shown, tables.iter().map(|table| table.model.as_str()));
                    let help = match near.filter(|near| *near != shown) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => "name a struct of the models that derives `Table`".to_owned(),
                    };
                    self.refuse(&rules::REFERENCE, &place(file, path), message, Some(help));
                    None
                }
            },
            model::Target::Table(text) => {
                let wanted = match HistoryName::parse(&text.value) {
                    Ok(HistoryName { schema, table }) => {
                        QualifiedName::new(schema.unwrap_or_else(|| "public".to_owned()), table)
                    }
                    Err(error) => {
                        let help = Some("write `table` or `schema.table`".to_owned());
                        self.refuse(&rules::REFERENCE, &said(text, file).place, error.to_string(), help);
                        return None;
                    }
                };
                let found = tables.iter().find(|table| table.name == wanted);
                if found.is_none() {
                    let shown: Vec<String> = tables
                        .iter()
                        .map(|table| match table.name.schema.as_str() {
                            "public" => table.name.name.clone(),
                            schema => format!("{schema}.{}", table.name.name),
                        })
                        .collect();
                    let near = model::nearest(&text.value, shown.iter().map(String::as_str));
                    let help = match near {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => "name a table that is among the models".to_owned(),
                    };
                    let message = format!("there is no table `{}`", text.value);
                    self.refuse(&rules::REFERENCE, &said(text, file).place, message, Some(help));
                }
                found
            }
        }
    }

    fn target_column(&mut self, column: &model::TargetColumn, target: &Table, file: usize) -> Option<String> {
        let (found, shown, place, names): (_, _, _, Vec<&str>) = match column {
            model::TargetColumn::Field(field) => {
                let shown = field.to_string();
                let found = target.columns.iter().find(|column| column.field == shown);
                let names = target.columns.iter().map(|column| column.field.as_str()).collect();
                (found, shown, Place::new(file, field.span().byte_range()), names)
            }
            model::TargetColumn::Column(text) => {
                let found = target.columns.iter().find(|column| column.name.value == text.value);
                let names = target.columns.iter().map(|column| column.name.value.as_str()).collect();
                (found, text.value.clone(), said(text, file).place, names)
            }
        };
        if found.is_none() {
            let what = if matches!(column, model::TargetColumn::Field(_)) { "field" } else { "column" };
            let of = if what == "field" { &target.model } else { &target.name.name };
            let help = match model::nearest(&shown, names.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the {what}s are `{}`", names.join("`, `")),
            };
            let message = format!("`{of}` has no {what} `{shown}`");
            self.refuse(&rules::REFERENCE, &place, message, Some(help));
        }
        found.map(|column| column.name.value.clone())
    }
}

fn column_names(columns: &[model::ColumnRef], table: &model::Table) -> Vec<String> {
    columns
        .iter()
        .filter_map(|column| table.columns.get(column.column))
        .map(|column| column.name.value.clone())
        .collect()
}

/// The name that was quoted; none where it is an expression.
fn unquoted(sql: &str) -> Option<String> {
    sql.strip_prefix('"')?.strip_suffix('"').map(|name| name.replace("\"\"", "\""))
}
