//! `index(…)`: columns and expressions, their order, and what else an index has.

use proc_macro2::Span;

use crate::constraint::set;
use crate::error::Error;
use crate::item::{Item, Text, Word};
use crate::name;
use crate::options::Options;
use crate::table::{ColumnRef, Fields};

/// An index that is no constraint's.
#[derive(Clone)]
pub struct Index {
    /// Its name where it is given.
    pub name: Option<Text>,
    /// What it is over.
    pub keys: Vec<IndexKey>,
    /// What it holds besides.
    pub include: Vec<ColumnRef>,
    /// Whether no two rows may have the same key.
    pub unique: bool,
    /// Whether two NULLs are the same to a unique one.
    pub nulls_not_distinct: bool,
    /// Its method: `btree` where none is given.
    pub method: Option<Text>,
    /// Which rows are in it, as SQL.
    pub filter: Option<Text>,
    /// Storage parameters, as SQL: `fillfactor = 70`.
    pub with: Option<Text>,
    /// Where it is written.
    pub span: Span,
}

/// One key of an index.
#[derive(Clone)]
pub struct IndexKey {
    /// What it is.
    pub part: KeyPart,
    /// Whether it goes down.
    pub descending: bool,
    /// Where NULLs go, if it is said.
    pub nulls: Option<Nulls>,
    /// Its operator class, `name` or `schema.name`, with its parameters.
    pub opclass: Option<Text>,
    /// Its collation.
    pub collation: Option<Text>,
}

/// What a key of an index is.
#[derive(Clone)]
pub enum KeyPart {
    /// A column.
    Column(ColumnRef),
    /// An expression, as SQL.
    Expression(Text),
}

/// Where an index puts NULLs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nulls {
    /// Before everything else.
    First,
    /// After everything else.
    Last,
}

const KEYS: &[&str] =
    &["columns", "expr", "include", "method", "name", "nulls_not_distinct", "unique", "where", "with"];
const COLUMN_KEYS: &[&str] = &[
    "collation",
    "desc",
    "include",
    "method",
    "name",
    "nulls",
    "nulls_not_distinct",
    "opclass",
    "unique",
    "where",
    "with",
];
const KEY_KEYS: &[&str] = &["collation", "desc", "nulls", "opclass"];

impl Index {
    fn new(span: Span) -> Self {
        Self {
            name: None,
            keys: Vec::new(),
            include: Vec::new(),
            unique: false,
            nulls_not_distinct: false,
            method: None,
            filter: None,
            with: None,
            span,
        }
    }

    /// Takes an option of the index as a whole; `false` where the word is none.
    fn take(&mut self, word: &Word, fields: &Fields, options: &mut Options<'_>) -> bool {
        match word.name().as_str() {
            "name" if word.value.is_some() => set(options, &mut self.name, word),
            "method" if word.value.is_some() => set(options, &mut self.method, word),
            "where" => set(options, &mut self.filter, word),
            "with" => set(options, &mut self.with, word),
            "unique" => self.unique = options.flag(word),
            "nulls_not_distinct" => self.nulls_not_distinct = options.flag(word),
            "include" if word.items.is_some() => self.include = fields.list(word, options),
            _ => return false,
        }
        true
    }

    fn checked(self, errors: &mut Vec<Error>) -> Option<Self> {
        self.name.iter().for_each(|name| name::check(name, errors));
        if self.nulls_not_distinct && !self.unique {
            let message = "`nulls_not_distinct` is for unique indexes";
            errors.push(Error::new(self.span, message).help("add `unique`, or leave it out"));
        }
        if self.keys.is_empty() {
            let help = "name the fields in it, or write `expr(\"…\")`";
            errors.push(Error::new(self.span, "an index has no columns").help(help));
            return None;
        }
        Some(self)
    }

    /// Reads `index(…)` at the table.
    pub(crate) fn read(word: &Word, fields: &Fields, errors: &mut Vec<Error>) -> Option<Self> {
        let mut index = Self::new(word.key.span());
        let mut options = Options::new(errors, "option of an index", KEYS);
        for item in options.list(word) {
            match item {
                Item::Word(word) if index.take(word, fields, &mut options) => {}
                Item::Word(word) if word.name() == "columns" && word.items.is_some() => {
                    for item in options.list(word) {
                        index.keys.extend(key_of(item, fields, &mut options));
                    }
                }
                Item::Word(word) if word.value.is_none() => index.keys.extend(key_of(item, fields, &mut options)),
                Item::Word(word) => options.unknown(word),
                _ => options.no_word(item),
            }
        }
        index.checked(errors)
    }
}

/// Reads `index`, or `index(…)`, at a column.
pub(crate) fn of_column(word: &Word, at: ColumnRef, fields: &Fields, errors: &mut Vec<Error>) -> Option<Index> {
    let mut index = Index::new(word.key.span());
    let mut key =
        IndexKey { part: KeyPart::Column(at), descending: false, nulls: None, opclass: None, collation: None };
    let mut options = Options::new(errors, "option of an index", COLUMN_KEYS);
    if !word.is_bare() {
        for item in options.list(word) {
            match item {
                Item::Word(word) if index.take(word, fields, &mut options) => {}
                Item::Word(word) if key.take(word, &mut options) => {}
                Item::Word(word) => options.unknown(word),
                _ => options.no_word(item),
            }
        }
    }
    index.keys.push(key);
    index.checked(errors)
}

impl IndexKey {
    fn take(&mut self, word: &Word, options: &mut Options<'_>) -> bool {
        match word.name().as_str() {
            "desc" => self.descending = options.flag(word),
            "collation" => set(options, &mut self.collation, word),
            "opclass" => set(options, &mut self.opclass, word),
            "nulls" => {
                let nulls = options.text(word).and_then(|text| {
                    options.choice(&text, "place for NULLs", &[("first", Nulls::First), ("last", Nulls::Last)])
                });
                options.set(&mut self.nulls, nulls, word);
            }
            _ => return false,
        }
        true
    }
}

/// Reads `field`, `field(desc, …)` or `expr("…", desc, …)`.
pub(crate) fn key_of(item: &Item, fields: &Fields, options: &mut Options<'_>) -> Option<IndexKey> {
    let Item::Word(word) = item else {
        options.no_word(item);
        return None;
    };
    let items = word.items.as_deref().unwrap_or_default();
    let (part, rest) = match items {
        [Item::Text(expression), rest @ ..] if word.name() == "expr" => {
            if expression.value.trim().is_empty() {
                options.error(expression.span, "an expression is empty", "write it as SQL: `expr(\"lower(title)\")`");
                return None;
            }
            (KeyPart::Expression(expression.clone()), rest)
        }
        items => (KeyPart::Column(fields.find(&word.key, options.errors)?), items),
    };
    let mut key = IndexKey { part, descending: false, nulls: None, opclass: None, collation: None };
    let mut own = Options::new(options.errors, "option of an index's key", KEY_KEYS);
    for item in rest {
        match item {
            Item::Word(word) if key.take(word, &mut own) => {}
            Item::Word(word) => own.unknown(word),
            _ => own.no_word(item),
        }
    }
    Some(key)
}
