//! `#[column(…)]`: what a field says of its column, and the keys that are written at one column.

use proc_macro2::Ident;
use syn::Type;
use syn::ext::IdentExt;

use crate::attribute;
use crate::constraint::{Check, Unique};
use crate::error::Error;
use crate::foreign_key::{self, ForeignKey};
use crate::index::{self, Index};
use crate::item::{Item, Text, Value};
use crate::name;
use crate::options::Options;
use crate::table::{ColumnRef, Fields};

pub(crate) const KEYS: &[&str] = &[
    "check",
    "collation",
    "comment",
    "default",
    "generated",
    "identity",
    "index",
    "name",
    "primary_key",
    "references",
    "renamed_from",
    "sequence",
    "skip",
    "sql_type",
    "unique",
];

/// A field that is a column.
#[derive(Clone)]
pub struct Column {
    /// The field.
    pub ident: Ident,
    /// The column's name: the given one, or the field's.
    pub name: Text,
    /// The field's type.
    pub ty: Type,
    /// The column's type where it is given.
    pub sql_type: Option<Text>,
    /// Whether the server numbers it.
    pub identity: Option<Identity>,
    /// Options of the identity's sequence, as SQL.
    pub sequence: Option<Text>,
    /// The default, as SQL.
    pub default: Option<Text>,
    /// The expression that it is computed by, as SQL.
    pub generated: Option<Text>,
    /// Its collation, `name` or `schema.name`.
    pub collation: Option<Text>,
    /// Its comment.
    pub comment: Option<Text>,
    /// What it was called before.
    pub renamed_from: Option<Text>,
}

/// `GENERATED … AS IDENTITY`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identity {
    /// Values of one's own need `OVERRIDING SYSTEM VALUE`.
    Always,
    /// Values of one's own are taken.
    ByDefault,
}

/// A field with all that its attributes say.
pub(crate) struct ReadColumn {
    pub(crate) column: Column,
    pub(crate) skip: bool,
    pub(crate) primary_key: bool,
    pub(crate) uniques: Vec<Unique>,
    pub(crate) indexes: Vec<Index>,
    pub(crate) foreign_keys: Vec<ForeignKey>,
    pub(crate) checks: Vec<Check>,
}

/// Reads one field; `at` is what its column will be numbered as.
pub(crate) fn column(
    field: &syn::Field,
    ident: &Ident,
    at: usize,
    fields: &Fields,
    errors: &mut Vec<Error>,
) -> ReadColumn {
    let items = attribute::items(&field.attrs, "column", errors);
    let own = Text { value: ident.unraw().to_string(), span: ident.span() };
    let mut column = Column {
        ident: ident.clone(),
        name: own,
        ty: field.ty.clone(),
        sql_type: None,
        identity: None,
        sequence: None,
        default: None,
        generated: None,
        collation: None,
        comment: None,
        renamed_from: None,
    };
    let mut read = ReadColumn {
        column: column.clone(),
        skip: false,
        primary_key: false,
        uniques: Vec::new(),
        indexes: Vec::new(),
        foreign_keys: Vec::new(),
        checks: Vec::new(),
    };
    let mut given_name = None;
    let mut options = Options::new(errors, "attribute of a column", KEYS);
    for item in &items {
        let Item::Word(word) = item else {
            options.no_word(item);
            continue;
        };
        let here = ColumnRef { column: at, span: word.key.span() };
        match word.name().as_str() {
            "check" => read.checks.extend(Check::read(word, vec![here], &mut options)),
            "collation" => set_text(&mut options, &mut column.collation, word),
            "comment" => set_text(&mut options, &mut column.comment, word),
            "default" => set_text(&mut options, &mut column.default, word),
            "generated" => set_text(&mut options, &mut column.generated, word),
            "identity" => {
                let identity = identity(word, &mut options);
                options.set(&mut column.identity, identity, word);
            }
            "index" => {
                if let Some(index) = index::of_column(word, here, fields, options.errors) {
                    read.indexes.push(index);
                }
            }
            "name" => set_text(&mut options, &mut given_name, word),
            "primary_key" => read.primary_key = options.flag(word),
            "references" => {
                if let Some(key) = foreign_key::of_column(word, here, options.errors) {
                    read.foreign_keys.push(key);
                }
            }
            "renamed_from" => set_text(&mut options, &mut column.renamed_from, word),
            "sequence" => set_text(&mut options, &mut column.sequence, word),
            "skip" => read.skip = options.flag(word),
            "sql_type" => set_text(&mut options, &mut column.sql_type, word),
            "unique" => read.uniques.extend(Unique::read(word, Some(here), fields, options.errors)),
            _ => options.unknown(word),
        }
    }
    if read.skip && items.len() > 1 {
        options.error(ident.span(), "a field that is skipped has no column to say anything of", "leave `skip` alone");
    }
    column.name = given_name.unwrap_or(column.name);
    if !read.skip {
        name::check_column(&column.name, errors);
        column.renamed_from.iter().for_each(|name| name::check(name, errors));
        contradictions(&column, errors);
    }
    read.column = column;
    read
}

/// Whether a field has `skip`; what is wrong with its attribute is said when it is read.
pub(crate) fn is_skipped(field: &syn::Field) -> bool {
    let items = attribute::items(&field.attrs, "column", &mut Vec::new());
    items.iter().any(|item| matches!(item, Item::Word(word) if word.name() == "skip" && word.says_yes()))
}

fn set_text(options: &mut Options<'_>, slot: &mut Option<Text>, word: &crate::item::Word) {
    let text = options.text(word);
    options.set(slot, text, word);
}

fn identity(word: &crate::item::Word, options: &mut Options<'_>) -> Option<Identity> {
    match &word.value {
        None if word.items.is_none() => Some(Identity::Always),
        Some(Value::Text(text)) => options.choice(
            text,
            "kind of identity",
            &[("always", Identity::Always), ("by default", Identity::ByDefault)],
        ),
        _ => {
            let help = "write `identity`, or `identity = \"by default\"`";
            options.error(word.key.span(), "`identity` takes no list", help);
            None
        }
    }
}

fn contradictions(column: &Column, errors: &mut Vec<Error>) {
    let ways: Vec<&str> = [
        ("identity", column.identity.is_some()),
        ("default", column.default.is_some()),
        ("generated", column.generated.is_some()),
    ]
    .into_iter()
    .filter_map(|(word, given)| given.then_some(word))
    .collect();
    if let [first, second, ..] = ways.as_slice() {
        let message = format!("a column can't have both `{first}` and `{second}`");
        errors.push(Error::new(column.ident.span(), message).help("keep the one that shall give its value"));
    }
    if let (Some(sequence), None) = (&column.sequence, column.identity) {
        let message = "`sequence` is about the numbers of an `identity`, and there is none";
        errors.push(Error::new(sequence.span, message).help("add `identity`"));
    }
}
