//! `#[derive(Domain)]`: a newtype as a domain.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Type};

use crate::attribute;
use crate::constraint::{Check, set};
use crate::error::Error;
use crate::item::{Item, Text};
use crate::name;
use crate::options::Options;

const KEYS: &[&str] =
    &["check", "collation", "comment", "default", "name", "not_null", "renamed_from", "schema", "sql_type"];

/// A newtype that is a domain.
#[derive(Clone)]
pub struct Domain {
    /// The struct.
    pub ident: Ident,
    /// The domain's name: the given one, or the struct's in snake case.
    pub name: Text,
    /// The schema where it is given.
    pub schema: Option<Text>,
    /// The type in it.
    pub ty: Type,
    /// The domain's own type where it is given.
    pub sql_type: Option<Text>,
    /// Whether it takes no NULL.
    pub not_null: bool,
    /// Its default, as SQL.
    pub default: Option<Text>,
    /// Its collation.
    pub collation: Option<Text>,
    /// Its checks.
    pub checks: Vec<Check>,
    /// Its comment.
    pub comment: Option<Text>,
    /// What it was called before.
    pub renamed_from: Option<Text>,
}

/// Reads a struct that derives `Domain`.
///
/// # Errors
/// All that is wrong with it.
pub fn domain(input: &DeriveInput) -> Result<Domain, Vec<Error>> {
    let mut errors = Vec::new();
    let ident = input.ident.clone();
    let field = match &input.data {
        Data::Struct(data) => match &data.fields {
            syn::Fields::Unnamed(fields) if fields.unnamed.len() == 1 => fields.unnamed.first(),
            _ => None,
        },
        Data::Enum(_) | Data::Union(_) => None,
    };
    let Some(field) = field else {
        let error = Error::new(ident.span(), "a domain is a struct around one value");
        return Err(vec![error.help(format!("write `struct {ident}(String);`"))]);
    };
    if !input.generics.params.is_empty() {
        errors.push(Error::new(ident.span(), "a domain can't be generic").help("name the type in it"));
    }
    let mut domain = Domain {
        name: Text { value: name::snake_case(&ident.unraw().to_string()), span: ident.span() },
        ident,
        schema: None,
        ty: field.ty.clone(),
        sql_type: None,
        not_null: false,
        default: None,
        collation: None,
        checks: Vec::new(),
        comment: None,
        renamed_from: None,
    };
    let items = attribute::items(&input.attrs, "domain", &mut errors);
    let mut given = None;
    let mut options = Options::new(&mut errors, "attribute of a domain", KEYS);
    for item in &items {
        let Item::Word(word) = item else {
            options.no_word(item);
            continue;
        };
        match word.name().as_str() {
            "check" => domain.checks.extend(Check::read(word, Vec::new(), &mut options)),
            "collation" => set(&mut options, &mut domain.collation, word),
            "comment" => set(&mut options, &mut domain.comment, word),
            "default" => set(&mut options, &mut domain.default, word),
            "name" => set(&mut options, &mut given, word),
            "not_null" => domain.not_null = options.flag(word),
            "renamed_from" => set(&mut options, &mut domain.renamed_from, word),
            "schema" => set(&mut options, &mut domain.schema, word),
            "sql_type" => set(&mut options, &mut domain.sql_type, word),
            _ => options.unknown(word),
        }
    }
    domain.name = given.unwrap_or(domain.name);
    for name in [Some(&domain.name), domain.schema.as_ref(), domain.renamed_from.as_ref()].into_iter().flatten() {
        name::check(name, &mut errors);
    }
    if crate::option_of(&domain.ty).is_some() {
        let error = Error::new(domain.ident.span(), "a domain is around a value, not an `Option` of one");
        errors.push(error.help("a column of `Option` of the domain takes NULL"));
    }
    if errors.is_empty() { Ok(domain) } else { Err(errors) }
}
