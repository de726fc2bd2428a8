//! `#[derive(Table)]`: a struct as a table.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, GenericArgument, GenericParam, Generics, PathArguments, Type};

use crate::attribute;
use crate::column::{self, Column};
use crate::constraint::{Check, Exclusion, PrimaryKey, Timing, Unique, set};
use crate::error::{Error, nearest};
use crate::foreign_key::ForeignKey;
use crate::index::Index;
use crate::item::{Item, Text, Word};
use crate::name;
use crate::options::Options;

const KEYS: &[&str] = &[
    "check",
    "comment",
    "exclude",
    "foreign_key",
    "index",
    "name",
    "no_row",
    "primary_key",
    "renamed_from",
    "schema",
    "unique",
];

/// A struct that is a table.
#[derive(Clone)]
pub struct Table {
    /// The struct.
    pub ident: Ident,
    /// Its table's name: the given one, or the struct's in snake case.
    pub name: Text,
    /// The schema where it is given.
    pub schema: Option<Text>,
    /// Its comment.
    pub comment: Option<Text>,
    /// What it was called before.
    pub renamed_from: Option<Text>,
    /// Whether the struct is to be had from a row.
    pub row: bool,
    /// Its columns, in the order of the fields.
    pub columns: Vec<Column>,
    /// Fields that are no columns.
    pub skipped: Vec<Ident>,
    /// The primary key.
    pub primary_key: Option<PrimaryKey>,
    /// Unique constraints.
    pub uniques: Vec<Unique>,
    /// Indexes that are no constraint's.
    pub indexes: Vec<Index>,
    /// Foreign keys.
    pub foreign_keys: Vec<ForeignKey>,
    /// Checks.
    pub checks: Vec<Check>,
    /// Exclusion constraints.
    pub exclusions: Vec<Exclusion>,
}

/// A column of the same table, where a key names it.
#[derive(Clone)]
pub struct ColumnRef {
    /// Its place in [`Table::columns`].
    pub column: usize,
    /// Where it is named.
    pub span: Span,
}

/// The fields that keys may name.
pub(crate) struct Fields {
    /// Each with its column's number; none where it is skipped.
    names: Vec<(String, Option<usize>)>,
}

impl Fields {
    /// The column of a field.
    pub(crate) fn find(&self, ident: &Ident, errors: &mut Vec<Error>) -> Option<ColumnRef> {
        let name = ident.unraw().to_string();
        match self.names.iter().find(|(field, _)| *field == name) {
            Some((_, Some(column))) => return Some(ColumnRef { column: *column, span: ident.span() }),
            Some((_, None)) => {
                let message = format!("the field `{name}` is skipped, so there is no such column");
                errors.push(Error::new(ident.span(), message).help("take `skip` away, or leave the field out here"));
            }
            None => {
                let names: Vec<&str> = self.names.iter().map(|(name, _)| name.as_str()).collect();
                let error = Error::new(ident.span(), format!("there is no field `{name}`"));
                errors.push(match nearest(&name, names.iter().copied()) {
                    Some(near) => error.help(format!("did you mean `{near}`?")),
                    None => error.help(format!("the fields are `{}`", names.join("`, `"))),
                });
            }
        }
        None
    }

    /// The columns of `word(a, b)`.
    pub(crate) fn list(&self, word: &Word, options: &mut Options<'_>) -> Vec<ColumnRef> {
        let mut columns = Vec::new();
        for item in options.list(word) {
            match item {
                Item::Word(word) if word.is_bare() => columns.extend(self.find(&word.key, options.errors)),
                item => options.error(item.span(), "this is no field", "write the names of fields alone"),
            }
        }
        columns
    }
}

/// Reads a struct that derives `Table`.
///
/// # Errors
/// All that is wrong with it.
pub fn table(input: &DeriveInput) -> Result<Table, Vec<Error>> {
    let mut errors = Vec::new();
    let ident = input.ident.clone();
    let no_fields =
        |help: &str| vec![Error::new(input.ident.span(), "a table is a struct with named fields").help(help)];
    let fields = match &input.data {
        Data::Struct(data) => match &data.fields {
            syn::Fields::Named(fields) => &fields.named,
            syn::Fields::Unnamed(_) => return Err(no_fields("a tuple struct of one field can derive `Domain`")),
            syn::Fields::Unit => return Err(no_fields("give it a field for each column")),
        },
        Data::Enum(_) | Data::Union(_) => return Err(no_fields("an enum can derive `PgEnum`")),
    };
    generics(&input.generics, &mut errors);
    let mut table = Table {
        name: Text { value: name::snake_case(&ident.unraw().to_string()), span: ident.span() },
        ident,
        schema: None,
        comment: None,
        renamed_from: None,
        row: true,
        columns: Vec::new(),
        skipped: Vec::new(),
        primary_key: None,
        uniques: Vec::new(),
        indexes: Vec::new(),
        foreign_keys: Vec::new(),
        checks: Vec::new(),
        exclusions: Vec::new(),
    };
    let mut key_columns = Vec::new();
    // Keys at a column name no other field but in `include(…)`, so all names come first.
    let mut names = Vec::new();
    let mut number = 0;
    for field in fields {
        let Some(ident) = &field.ident else { continue };
        let skip = column::is_skipped(field);
        names.push((ident.unraw().to_string(), (!skip).then_some(number)));
        number += usize::from(!skip);
    }
    let names = Fields { names };
    for field in fields {
        let Some(ident) = &field.ident else { continue };
        let at = table.columns.len();
        let read = column::column(field, ident, at, &names, &mut errors);
        if read.skip {
            table.skipped.push(ident.clone());
            continue;
        }
        if read.primary_key {
            key_columns.push(ColumnRef { column: at, span: ident.span() });
        }
        if let Some(earlier) = table.columns.iter().find(|earlier| earlier.name.value == read.column.name.value) {
            let message = format!("the column `{}` is there twice", read.column.name.value);
            let help = format!("give this one or the field `{}` another `name`", earlier.ident);
            errors.push(Error::new(read.column.name.span, message).help(help));
        }
        table.columns.push(read.column);
        table.uniques.extend(read.uniques);
        table.indexes.extend(read.indexes);
        table.foreign_keys.extend(read.foreign_keys);
        table.checks.extend(read.checks);
    }
    options(&mut table, input, &names, &mut errors);
    finish_primary_key(&mut table, key_columns, &mut errors);
    not_null(&table, &mut errors);
    if errors.is_empty() { Ok(table) } else { Err(errors) }
}

fn options(table: &mut Table, input: &DeriveInput, fields: &Fields, errors: &mut Vec<Error>) {
    let items = attribute::items(&input.attrs, "table", errors);
    let mut options = Options::new(errors, "attribute of a table", KEYS);
    let mut given = None;
    for item in &items {
        let Item::Word(word) = item else {
            options.no_word(item);
            continue;
        };
        match word.name().as_str() {
            "check" => table.checks.extend(Check::read(word, Vec::new(), &mut options)),
            "comment" => set(&mut options, &mut table.comment, word),
            "exclude" => table.exclusions.extend(Exclusion::read(word, fields, options.errors)),
            "foreign_key" => table.foreign_keys.extend(ForeignKey::read(word, fields, options.errors)),
            "index" => table.indexes.extend(Index::read(word, fields, options.errors)),
            "name" => set(&mut options, &mut given, word),
            "no_row" => table.row = !options.flag(word),
            "primary_key" => {
                let key = PrimaryKey::read(word, fields, options.errors);
                options.set(&mut table.primary_key, key, word);
            }
            "renamed_from" => set(&mut options, &mut table.renamed_from, word),
            "schema" => set(&mut options, &mut table.schema, word),
            "unique" => table.uniques.extend(Unique::read(word, None, fields, options.errors)),
            _ => options.unknown(word),
        }
    }
    if let Some(given) = given {
        table.name = given;
    }
    for name in [Some(&table.name), table.schema.as_ref(), table.renamed_from.as_ref()].into_iter().flatten() {
        name::check(name, errors);
    }
}

/// Puts the columns that are marked and the key at the table together.
fn finish_primary_key(table: &mut Table, columns: Vec<ColumnRef>, errors: &mut Vec<Error>) {
    let Some(first) = columns.first().map(|column| column.span) else {
        if let Some(key) = table.primary_key.as_ref().filter(|key| key.columns.is_empty()) {
            errors.push(Error::new(key.span, "a primary key has no columns").help("name the fields in it"));
        }
        return;
    };
    match &mut table.primary_key {
        Some(key) if !key.columns.is_empty() => {
            let error = Error::new(first, "the primary key is given twice");
            errors.push(error.help("mark its columns, or name them in `#[table(primary_key(…))]`, and not both"));
        }
        Some(key) => key.columns = columns,
        None => {
            let (include, timing) = (Vec::new(), Timing::default());
            table.primary_key = Some(PrimaryKey { name: None, columns, include, timing, span: first });
        }
    }
}

fn not_null(table: &Table, errors: &mut Vec<Error>) {
    let in_key = |at| table.primary_key.iter().any(|key| key.columns.iter().any(|column| column.column == at));
    for (at, column) in table.columns.iter().enumerate() {
        let what = if in_key(at) {
            "in the primary key"
        } else if column.identity.is_some() {
            "an identity"
        } else {
            continue;
        };
        if option_of(&column.ty).is_some() {
            let message = format!("`{}` is {what} and can't be NULL", column.ident);
            errors.push(Error::new(column.ident.span(), message).help("take its `Option` away"));
        }
    }
}

/// Lifetimes are for what a row lends; types can't be left open.
fn generics(generics: &Generics, errors: &mut Vec<Error>) {
    let mut lifetimes = 0;
    for parameter in &generics.params {
        let (span, what) = match parameter {
            GenericParam::Lifetime(lifetime) => {
                lifetimes += 1;
                if lifetimes > 1 {
                    let error = Error::new(lifetime.lifetime.ident.span(), "a table has one lifetime, that of its row");
                    errors.push(error.help("use one lifetime for all fields"));
                }
                continue;
            }
            GenericParam::Type(parameter) => (parameter.ident.span(), "types"),
            GenericParam::Const(parameter) => (parameter.ident.span(), "values"),
        };
        let error = Error::new(span, format!("a table can't be generic over {what}"));
        errors.push(error.help("a table has columns of fixed types: name them"));
    }
}

/// The type in an `Option`.
pub fn option_of(ty: &Type) -> Option<&Type> {
    match ty {
        Type::Group(group) => option_of(&group.elem),
        Type::Paren(paren) => option_of(&paren.elem),
        Type::Path(path) => {
            let last = path.path.segments.last().filter(|last| last.ident == "Option")?;
            let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
            arguments.args.iter().find_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            })
        }
        _ => None,
    }
}
