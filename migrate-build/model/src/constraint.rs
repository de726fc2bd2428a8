//! Primary keys, unique, check and exclusion constraints.

use proc_macro2::Span;

use crate::error::Error;
use crate::index::{IndexKey, key_of};
use crate::item::{Item, Text, Value, Word};
use crate::name;
use crate::options::Options;
use crate::table::{ColumnRef, Fields};

/// When a constraint is checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Timing {
    /// With each statement, always.
    #[default]
    Immediate,
    /// With each statement, unless a transaction defers it.
    Deferrable,
    /// At the transaction's end, unless the transaction says otherwise.
    Deferred,
}

impl Timing {
    pub(crate) const KEYS: [&'static str; 2] = ["deferrable", "initially_deferred"];

    /// Takes a flag in, if it is one of the two.
    pub(crate) fn take(&mut self, word: &Word, options: &mut Options<'_>) -> bool {
        match word.name().as_str() {
            "deferrable" if options.flag(word) => {
                if *self == Self::Immediate {
                    *self = Self::Deferrable;
                }
                true
            }
            "initially_deferred" if options.flag(word) => {
                *self = Self::Deferred;
                true
            }
            key => Self::KEYS.contains(&key),
        }
    }
}

/// The primary key.
#[derive(Clone)]
pub struct PrimaryKey {
    /// Its name where it is given.
    pub name: Option<Text>,
    /// Its columns.
    pub columns: Vec<ColumnRef>,
    /// What its index holds besides.
    pub include: Vec<ColumnRef>,
    /// When it is checked.
    pub timing: Timing,
    /// Where it is written.
    pub span: Span,
}

/// A unique constraint.
#[derive(Clone)]
pub struct Unique {
    /// Its name where it is given.
    pub name: Option<Text>,
    /// Its columns.
    pub columns: Vec<ColumnRef>,
    /// What its index holds besides.
    pub include: Vec<ColumnRef>,
    /// Whether two NULLs are the same.
    pub nulls_not_distinct: bool,
    /// When it is checked.
    pub timing: Timing,
    /// Where it is written.
    pub span: Span,
}

/// A check constraint.
#[derive(Clone)]
pub struct Check {
    /// Its name where it is given.
    pub name: Option<Text>,
    /// What must not be false, as SQL.
    pub expression: Text,
    /// The column that it is written at.
    pub columns: Vec<ColumnRef>,
}

/// An exclusion constraint.
#[derive(Clone)]
pub struct Exclusion {
    /// Its name where it is given.
    pub name: Option<Text>,
    /// What is compared, and how.
    pub elements: Vec<ExclusionElement>,
    /// The index's method.
    pub method: Option<Text>,
    /// Which rows it holds for, as SQL.
    pub filter: Option<Text>,
    /// When it is checked.
    pub timing: Timing,
    /// Where it is written.
    pub span: Span,
}

/// One comparison of an exclusion constraint.
#[derive(Clone)]
pub struct ExclusionElement {
    /// What is compared.
    pub key: IndexKey,
    /// The operator.
    pub operator: Text,
}

const UNIQUE_KEYS: &[&str] = &["columns", "deferrable", "include", "initially_deferred", "name", "nulls_not_distinct"];
const PRIMARY_KEYS: &[&str] = &["columns", "deferrable", "include", "initially_deferred", "name"];
const CHECK_KEYS: &[&str] = &["name"];
const EXCLUDE_KEYS: &[&str] = &["columns", "deferrable", "initially_deferred", "method", "name", "where"];

impl Unique {
    /// Reads `unique`, or `unique(…)`, at a column or at the table.
    pub(crate) fn read(word: &Word, at: Option<ColumnRef>, fields: &Fields, errors: &mut Vec<Error>) -> Option<Self> {
        let mut unique = Self {
            name: None,
            columns: at.iter().cloned().collect(),
            include: Vec::new(),
            nulls_not_distinct: false,
            timing: Timing::default(),
            span: word.key.span(),
        };
        let mut options = Options::new(errors, "option of a unique constraint", UNIQUE_KEYS);
        if at.is_some() && word.is_bare() {
            return Some(unique);
        }
        for item in options.list(word) {
            match item {
                Item::Word(word) if unique.timing.take(word, &mut options) => {}
                Item::Word(word) => match word.name().as_str() {
                    "name" if word.value.is_some() => {
                        let name = options.text(word);
                        options.set(&mut unique.name, name, word);
                    }
                    "nulls_not_distinct" => unique.nulls_not_distinct = options.flag(word),
                    "include" if word.items.is_some() => unique.include = fields.list(word, &mut options),
                    "columns" if word.items.is_some() => unique.columns.extend(fields.list(word, &mut options)),
                    _ if word.is_bare() && at.is_none() => {
                        unique.columns.extend(fields.find(&word.key, options.errors));
                    }
                    _ => options.unknown(word),
                },
                _ => options.no_word(item),
            }
        }
        finish_key(&unique.name, &unique.columns, unique.span, "a unique constraint", errors)?;
        Some(unique)
    }
}

impl PrimaryKey {
    /// Reads `primary_key(…)` at the table.
    pub(crate) fn read(word: &Word, fields: &Fields, errors: &mut Vec<Error>) -> Option<Self> {
        let mut key = Self {
            name: None,
            columns: Vec::new(),
            include: Vec::new(),
            timing: Timing::default(),
            span: word.key.span(),
        };
        let mut options = Options::new(errors, "option of a primary key", PRIMARY_KEYS);
        for item in options.list(word) {
            match item {
                Item::Word(word) if key.timing.take(word, &mut options) => {}
                Item::Word(word) => match word.name().as_str() {
                    "name" if word.value.is_some() => {
                        let name = options.text(word);
                        options.set(&mut key.name, name, word);
                    }
                    "include" if word.items.is_some() => key.include = fields.list(word, &mut options),
                    "columns" if word.items.is_some() => key.columns.extend(fields.list(word, &mut options)),
                    _ if word.is_bare() => key.columns.extend(fields.find(&word.key, options.errors)),
                    _ => options.unknown(word),
                },
                _ => options.no_word(item),
            }
        }
        // `primary_key(name = "…")` names the key that the columns make.
        name_and_twice(&key.name, &key.columns, errors);
        Some(key)
    }
}

impl Check {
    /// Reads `check = "…"`, or `check("…", name = "…")`.
    pub(crate) fn read(word: &Word, columns: Vec<ColumnRef>, options: &mut Options<'_>) -> Option<Self> {
        let Some(items) = &word.items else {
            let expression = options.text(word)?;
            return Some(Self { name: None, expression, columns });
        };
        let (mut name, mut expression) = (None, None);
        let mut own = Options::new(options.errors, "option of a check", CHECK_KEYS);
        for item in items {
            match item {
                Item::Text(text) if expression.is_none() && !text.value.trim().is_empty() => {
                    expression = Some(text.clone());
                }
                Item::Word(word) if word.name() == "name" => {
                    let text = own.text(word);
                    own.set(&mut name, text, word);
                }
                Item::Word(word) => own.unknown(word),
                _ => own.no_word(item),
            }
        }
        let Some(expression) = expression else {
            let help = "write `check(\"price > 0\", name = \"…\")`";
            options.error(word.key.span(), "`check` has no expression", help);
            return None;
        };
        name.iter().for_each(|name| name::check(name, options.errors));
        Some(Self { name, expression, columns })
    }
}

impl Exclusion {
    /// Reads `exclude(columns(a = "=", b = "&&"), …)`.
    pub(crate) fn read(word: &Word, fields: &Fields, errors: &mut Vec<Error>) -> Option<Self> {
        let mut exclusion = Self {
            name: None,
            elements: Vec::new(),
            method: None,
            filter: None,
            timing: Timing::default(),
            span: word.key.span(),
        };
        let mut options = Options::new(errors, "option of an exclusion constraint", EXCLUDE_KEYS);
        for item in options.list(word) {
            let Item::Word(word) = item else {
                options.no_word(item);
                continue;
            };
            if exclusion.timing.take(word, &mut options) {
                continue;
            }
            match word.name().as_str() {
                "name" => set(&mut options, &mut exclusion.name, word),
                "method" => set(&mut options, &mut exclusion.method, word),
                "where" => set(&mut options, &mut exclusion.filter, word),
                "columns" => {
                    for item in options.list(word) {
                        exclusion.elements.extend(element(item, fields, &mut options));
                    }
                }
                _ => options.unknown(word),
            }
        }
        if exclusion.elements.is_empty() {
            let help = "write `exclude(columns(room = \"=\", during = \"&&\"), method = \"gist\")`";
            options.error(exclusion.span, "an exclusion constraint compares nothing", help);
            return None;
        }
        exclusion.name.iter().for_each(|name| name::check(name, errors));
        Some(exclusion)
    }
}

fn element(item: &Item, fields: &Fields, options: &mut Options<'_>) -> Option<ExclusionElement> {
    let Item::Word(Word { key, items, value: Some(Value::Text(operator)) }) = item else {
        options.error(item.span(), "this is no column with its operator", "write `column = \"=\"`");
        return None;
    };
    let word = Word { key: key.clone(), items: items.clone(), value: None };
    let key = key_of(&Item::Word(word), fields, options)?;
    Some(ExclusionElement { key, operator: operator.clone() })
}

pub(crate) fn set(options: &mut Options<'_>, slot: &mut Option<Text>, word: &Word) {
    let text = options.text(word);
    options.set(slot, text, word);
}

/// Checks a key's name and columns.
pub(crate) fn finish_key(
    name: &Option<Text>,
    columns: &[ColumnRef],
    span: Span,
    what: &str,
    errors: &mut Vec<Error>,
) -> Option<()> {
    name_and_twice(name, columns, errors);
    if columns.is_empty() {
        errors.push(Error::new(span, format!("{what} has no columns")).help("name the fields in it"));
        return None;
    }
    Some(())
}

fn name_and_twice(name: &Option<Text>, columns: &[ColumnRef], errors: &mut Vec<Error>) {
    name.iter().for_each(|name| name::check(name, errors));
    for (at, column) in columns.iter().enumerate() {
        if columns.iter().take(at).any(|earlier| earlier.column == column.column) {
            errors.push(Error::new(column.span, "a column is in the key twice").help("take it out once"));
        }
    }
}
