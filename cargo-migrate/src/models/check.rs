//! What the models as a whole must be: every name there once, and names of the kind that SQL is written with.

use std::collections::BTreeMap;

use migrate_build::diagnostic::Diagnostic;

use crate::schema::QualifiedName;

use super::rules;
use super::schema::{Models, Table};
use super::text::{Place, Sources, finding};

/// PostgreSQL's reserved words, sorted: a column or table of such a name must be quoted wherever it is written.
const RESERVED: [&str; 77] = [
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "both",
    "case",
    "cast",
    "check",
    "collate",
    "column",
    "constraint",
    "create",
    "current_catalog",
    "current_date",
    "current_role",
    "current_time",
    "current_timestamp",
    "current_user",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "false",
    "fetch",
    "for",
    "foreign",
    "from",
    "grant",
    "group",
    "having",
    "in",
    "initially",
    "intersect",
    "into",
    "lateral",
    "leading",
    "limit",
    "localtime",
    "localtimestamp",
    "not",
    "null",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "placing",
    "primary",
    "references",
    "returning",
    "select",
    "session_user",
    "some",
    "symmetric",
    "system_user",
    "table",
    "then",
    "to",
    "trailing",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "variadic",
    "when",
    "where",
    "window",
];

/// All that is wrong or odd with the models' names.
pub(super) fn check(models: &Models, sources: &Sources, findings: &mut Vec<Diagnostic>) {
    let mut checker = Checker { sources, findings };
    checker.relations(models);
    checker.types(models);
    for table in &models.tables {
        checker.constraints(table);
        checker.table_names(table);
    }
    for (name, place) in models
        .enums
        .iter()
        .map(|it| (&it.name, &it.place))
        .chain(models.domains.iter().map(|domain| (&domain.name, &domain.place)))
    {
        checker.style("type", &name.name, place, "name = \"…\"");
    }
}

struct Checker<'a> {
    sources: &'a Sources,
    findings: &'a mut Vec<Diagnostic>,
}

impl Checker<'_> {
    /// Tables and indexes share their names, schema by schema.
    fn relations(&mut self, models: &Models) {
        let mut taken: BTreeMap<(String, String), (String, Place)> = BTreeMap::new();
        for table in &models.tables {
            let QualifiedName { schema, name } = &table.name;
            let what = format!("the table of `{}`", table.model);
            if let Some((_, earlier)) = taken.get(&(schema.clone(), name.clone())) {
                let message = format!("two models are the table `{name}`");
                let mut label = finding(
                    &rules::DUPLICATE,
                    message,
                    self.sources.label(&table.place, "and here"),
                    Some("give one of them another `name`, or leave one out".to_owned()),
                );
                label.labels.push(self.sources.label(earlier, "here first"));
                self.findings.push(label);
            } else {
                taken.insert((schema.clone(), name.clone()), (what, table.place.clone()));
            }
        }
        for table in &models.tables {
            let keys = table.primary_key.iter().chain(&table.uniques).map(|key| (&key.name, &key.place));
            let indexes = table.indexes.iter().map(|index| (&index.name, &index.place));
            let exclusions = table.exclusions.iter().map(|exclusion| (&exclusion.name, &exclusion.place));
            for (name, place) in keys.chain(indexes).chain(exclusions) {
                let key = (table.name.schema.clone(), name.clone());
                match taken.get(&key) {
                    Some((what, earlier)) => {
                        let message = format!("the name `{name}` is taken by {what}");
                        self.twice(message, place, earlier);
                    }
                    None => {
                        let what = format!("a key or index of `{}`", table.name.name);
                        taken.insert(key, (what, place.clone()));
                    }
                }
            }
        }
    }

    /// Types share their names with one another and with tables, whose rows are types.
    fn types(&mut self, models: &Models) {
        let mut taken: BTreeMap<&QualifiedName, &Place> =
            models.tables.iter().map(|table| (&table.name, &table.place)).collect();
        let enums = models.enums.iter().map(|it| (&it.name, &it.place));
        for (name, place) in enums.chain(models.domains.iter().map(|domain| (&domain.name, &domain.place))) {
            match taken.get(name) {
                Some(earlier) => {
                    let message = format!("the name `{}` is that of a table or another type", name.name);
                    self.twice(message, place, earlier);
                }
                None => _ = taken.insert(name, place),
            }
        }
    }

    fn constraints(&mut self, table: &Table) {
        let mut taken: BTreeMap<&str, &Place> = BTreeMap::new();
        // Names of keys were compared with all of the schema's.
        let keys = table.primary_key.iter().chain(&table.uniques).map(|key| (key.name.as_str(), &key.place, false));
        let exclusions = table.exclusions.iter().map(|it| (it.name.as_str(), &it.place, false));
        let checks = table.checks.iter().map(|check| (check.name.as_str(), &check.expression.place, true));
        let foreign = table.foreign_keys.iter().map(|key| (key.name.as_str(), &key.place, true));
        for (name, place, compare) in keys.chain(exclusions).chain(checks).chain(foreign) {
            match taken.get(name) {
                Some(earlier) if compare => {
                    let message = format!("two constraints of `{}` are called `{name}`", table.name.name);
                    self.twice(message, place, earlier);
                }
                Some(_) => {}
                None => _ = taken.insert(name, place),
            }
        }
    }

    fn twice(&mut self, message: String, place: &Place, earlier: &Place) {
        let label = self.sources.label(place, "");
        let help = Some("give one of them a `name` of its own".to_owned());
        let mut finding = finding(&rules::DUPLICATE, message, label, help);
        finding.labels.push(self.sources.label(earlier, "the other one"));
        self.findings.push(finding);
    }

    fn table_names(&mut self, table: &Table) {
        let QualifiedName { schema, name } = &table.name;
        self.style("table", name, &table.place, "name = \"…\"");
        for column in &table.columns {
            self.style("column", &column.name.value, &column.name.place, "name = \"…\"");
        }
        if name.starts_with("test_") || schema == "test" {
            let message = format!("`{name}` looks like a table for tests alone");
            let label = self.sources.label(&table.place, "");
            let help =
                Some("keep such tables out of the models, behind `#[cfg(test)]` or in another package".to_owned());
            self.findings.push(finding(&rules::TEST_TABLE, message, label, help));
        }
    }

    fn style(&mut self, what: &str, name: &str, place: &Place, attribute: &str) {
        let (message, help) = if RESERVED.binary_search(&name).is_ok() {
            let message = format!("the {what} `{name}` is called by a reserved word");
            (message, format!("every query must quote it: call it something else, by `{attribute}`"))
        } else if !is_snake_case(name) {
            let message = format!("the {what} `{name}` is not in snake case");
            (message, format!("every query must quote it: call it something like `{}`", snake_case(name)))
        } else {
            return;
        };
        let label = self.sources.label(place, "");
        self.findings.push(finding(&rules::NAMING, message, label, Some(help)));
    }
}

/// Whether a name means the same with quotes and without them. PostgreSQL folds ASCII letters alone.
fn is_snake_case(name: &str) -> bool {
    name.starts_with(|c: char| c.is_lowercase() || c == '_' || (c.is_alphabetic() && !c.is_uppercase()))
        && name.chars().all(|c| (c.is_alphanumeric() && !c.is_uppercase()) || c == '_')
}

fn snake_case(name: &str) -> String {
    let words: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    let name = migrate_build_model::snake_case(&words);
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("_{name}") } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_words_are_sorted() {
        assert!(RESERVED.is_sorted());
    }

    #[test]
    fn knows_names_that_need_no_quotes() {
        for name in ["books", "_x", "b2", "größe", "本"] {
            assert!(is_snake_case(name), "{name}");
        }
        for (name, near) in [("Books", "books"), ("bookOrder", "book_order"), ("2b", "_2b"), ("a-b", "a_b")] {
            assert!(!is_snake_case(name), "{name}");
            assert_eq!(snake_case(name), near);
        }
    }
}
