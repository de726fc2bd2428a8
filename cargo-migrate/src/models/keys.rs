//! Keys, checks, indexes and exclusions of a struct's table, with the names that they get where none is given.

use migrate_build_model as model;

use super::names::{self, NamePatterns};
use super::schema::{Check, Exclusion, Index, Key, KeyPart, Said};
use super::sql::ident;
use super::text::Place;

/// A table's names, for making those of its keys.
pub(super) struct Named<'a> {
    pub(super) table: &'a str,
    pub(super) columns: &'a [&'a str],
    pub(super) patterns: &'a NamePatterns,
    pub(super) file: usize,
}

impl Named<'_> {
    pub(super) fn columns(&self, refs: &[model::ColumnRef]) -> Vec<String> {
        refs.iter().filter_map(|column| self.columns.get(column.column)).map(|name| (*name).to_owned()).collect()
    }

    pub(super) fn name(&self, given: &Option<model::Text>, pattern: &str, columns: &[String]) -> String {
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        let made = || names::make(pattern, self.table, &columns);
        given.as_ref().map_or_else(made, |name| name.value.clone())
    }

    pub(super) fn place(&self, span: proc_macro2::Span) -> Place {
        Place::new(self.file, span.byte_range())
    }

    pub(super) fn primary_key(&self, key: &model::PrimaryKey) -> Key {
        let columns = self.columns(&key.columns);
        Key {
            name: self.name(&key.name, &self.patterns.primary_key, &columns),
            place: self.place(key.span),
            include: self.columns(&key.include),
            nulls_not_distinct: false,
            timing: key.timing,
            columns,
        }
    }

    pub(super) fn unique(&self, unique: &model::Unique) -> Key {
        let columns = self.columns(&unique.columns);
        Key {
            name: self.name(&unique.name, &self.patterns.unique, &columns),
            place: self.place(unique.span),
            include: self.columns(&unique.include),
            nulls_not_distinct: unique.nulls_not_distinct,
            timing: unique.timing,
            columns,
        }
    }

    pub(super) fn check(&self, check: &model::Check) -> Check {
        let expression = said(&check.expression, self.file);
        let columns = match self.columns(&check.columns) {
            columns if columns.is_empty() => self.mentioned(&expression.value),
            columns => columns,
        };
        Check { name: self.name(&check.name, &self.patterns.check, &columns), expression }
    }

    pub(super) fn index(&self, index: &model::Index) -> Index {
        let keys: Vec<(KeyPart, Vec<String>)> = index.keys.iter().map(|key| self.key_part(key)).collect();
        let columns: Vec<String> = keys.iter().flat_map(|(_, columns)| columns.iter().cloned()).collect();
        let pattern = if index.unique { &self.patterns.unique } else { &self.patterns.index };
        Index {
            name: self.name(&index.name, pattern, &columns),
            place: self.place(index.span),
            keys: keys.into_iter().map(|(key, _)| key).collect(),
            include: self.columns(&index.include),
            unique: index.unique,
            nulls_not_distinct: index.nulls_not_distinct,
            method: maybe(&index.method, self.file),
            filter: maybe(&index.filter, self.file),
            with: maybe(&index.with, self.file),
        }
    }

    pub(super) fn exclusion(&self, exclusion: &model::Exclusion) -> Exclusion {
        let mut columns = Vec::new();
        let elements = exclusion.elements.iter().map(|element| {
            let (key, names) = self.key_part(&element.key);
            columns.extend(names);
            (key, said(&element.operator, self.file))
        });
        let elements: Vec<(KeyPart, Said)> = elements.collect();
        Exclusion {
            name: self.name(&exclusion.name, &self.patterns.exclusion, &columns),
            place: self.place(exclusion.span),
            elements,
            method: maybe(&exclusion.method, self.file),
            filter: maybe(&exclusion.filter, self.file),
            timing: exclusion.timing,
        }
    }

    /// A key, and the columns that stand for it in a name.
    pub(super) fn key_part(&self, key: &model::IndexKey) -> (KeyPart, Vec<String>) {
        let (sql, columns) = match &key.part {
            model::KeyPart::Column(column) => {
                let columns = self.columns(std::slice::from_ref(column));
                let value = columns.first().map(|name| ident(name)).unwrap_or_default();
                (Said { value, place: self.place(column.span) }, columns)
            }
            model::KeyPart::Expression(text) => {
                let Said { value, place } = said(text, self.file);
                let mut columns = self.mentioned(&value);
                if columns.is_empty() {
                    columns.push("expr".to_owned());
                }
                (Said { value: format!("({value})"), place }, columns)
            }
        };
        let order = match (key.descending, key.nulls) {
            (false, None) => "",
            (false, Some(model::Nulls::First)) => " NULLS FIRST",
            (false, Some(model::Nulls::Last)) => " NULLS LAST",
            (true, None) => " DESC",
            (true, Some(model::Nulls::First)) => " DESC NULLS FIRST",
            (true, Some(model::Nulls::Last)) => " DESC NULLS LAST",
        };
        let (collation, opclass) = (maybe(&key.collation, self.file), maybe(&key.opclass, self.file));
        (KeyPart { sql, collation, opclass, order }, columns)
    }

    /// The columns that an expression names, each once, in its order. Only names are made of them, so a word in a string
    /// does no harm.
    pub(super) fn mentioned(&self, expression: &str) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for word in expression.split(|c: char| !(c.is_alphanumeric() || c == '_')) {
            if self.columns.contains(&word) && !found.iter().any(|earlier| earlier == word) {
                found.push(word.to_owned());
            }
        }
        found
    }
}

pub(super) fn said(text: &model::Text, file: usize) -> Said {
    Said { value: text.value.clone(), place: Place::new(file, text.span.byte_range()) }
}

pub(super) fn maybe(text: &Option<model::Text>, file: usize) -> Option<Said> {
    text.as_ref().map(|text| said(text, file))
}
