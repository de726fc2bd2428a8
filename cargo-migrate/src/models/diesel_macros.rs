//! Diesel's macros, as they are written.

use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Ident, ItemUse, Lit, Meta, Path, Token, Type, braced, parenthesized};

/// `table! { … }`.
pub(super) struct TableMacro {
    pub(super) attributes: Vec<Attribute>,
    pub(super) schema: Option<Ident>,
    pub(super) name: Ident,
    pub(super) key: Option<Vec<Ident>>,
    pub(super) columns: Vec<ColumnLine>,
}

/// `name -> Type,`
pub(super) struct ColumnLine {
    pub(super) attributes: Vec<Attribute>,
    pub(super) name: Ident,
    pub(super) ty: Type,
}

/// `joinable!(child -> parent (column))`.
pub(super) struct Joinable {
    pub(super) child: Path,
    pub(super) parent: Path,
    pub(super) column: Ident,
}

impl Parse for TableMacro {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        while input.peek(Token![use]) {
            input.parse::<ItemUse>()?;
        }
        let attributes = input.call(Attribute::parse_outer)?;
        let mut name = input.call(Ident::parse_any)?;
        let mut schema = None;
        if input.peek(Token![.]) {
            input.parse::<Token![.]>()?;
            schema = Some(name);
            name = input.call(Ident::parse_any)?;
        }
        let key = if input.peek(syn::token::Paren) {
            let content;
            parenthesized!(content in input);
            let names = content.parse_terminated(Ident::parse_any, Token![,])?;
            Some(names.into_iter().collect())
        } else {
            None
        };
        let content;
        braced!(content in input);
        let columns = Punctuated::<ColumnLine, Token![,]>::parse_terminated(&content)?;
        Ok(Self { attributes, schema, name, key, columns: columns.into_iter().collect() })
    }
}

impl Parse for ColumnLine {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let name = input.call(Ident::parse_any)?;
        input.parse::<Token![->]>()?;
        Ok(Self { attributes, name, ty: input.parse()? })
    }
}

impl Parse for Joinable {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let child = input.call(Path::parse_mod_style)?;
        input.parse::<Token![->]>()?;
        let parent = input.call(Path::parse_mod_style)?;
        let content;
        parenthesized!(content in input);
        let column = content.call(Ident::parse_any)?;
        Ok(Self { child, parent, column })
    }
}

/// The text of `#[name = "text"]`.
pub(super) fn text_attribute(attributes: &[Attribute], name: &str) -> Option<String> {
    match value_of(attributes, name)? {
        Lit::Str(text) => Some(text.value()),
        _ => None,
    }
}

/// The number of `#[name = 1]`.
pub(super) fn number_attribute(attributes: &[Attribute], name: &str) -> Option<u32> {
    match value_of(attributes, name)? {
        Lit::Int(number) => number.base10_parse().ok(),
        _ => None,
    }
}

fn value_of<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a Lit> {
    attributes.iter().find_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident(name) => match &pair.value {
            Expr::Lit(literal) => Some(&literal.lit),
            _ => None,
        },
        _ => None,
    })
}
