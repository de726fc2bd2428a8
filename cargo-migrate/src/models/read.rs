//! From modules to models: which structs and enums are ours, and what each of them says.

use migrate_build::diagnostic::Diagnostic;
use migrate_build_model as model;
use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::{Attribute, Data, DataEnum, DataStruct, DeriveInput, Field, Fields, Item, Path, Token, Type};

use crate::schema::QualifiedName;

use super::cfg;
use super::modules::Tree;
use super::rules;
use super::rust_type::{Local, World};
use super::scope::{Resolved, Scopes};
use super::text::{Place, Sources, finding};

/// A struct, enum or alias of the models.
pub(super) struct Declaration {
    pub(super) module: usize,
    pub(super) file: usize,
    pub(super) kind: Kind,
}

/// What a declaration is.
pub(super) enum Kind {
    Table(Box<model::Table>, QualifiedName),
    Enum(model::PgEnum, QualifiedName),
    Domain(Box<model::Domain>, QualifiedName),
    Alias(Type),
    Plain,
    Broken,
}

/// All declarations, and what their names mean.
pub(super) struct Declarations {
    pub(super) all: Vec<Declaration>,
    scopes: Scopes,
}

/// Why a path names no table.
pub(super) enum NoTable {
    /// It is a table with mistakes, which are found elsewhere.
    Broken,
    /// It is something else.
    Plain,
    /// It is not among the models.
    Unknown,
}

impl World for Declarations {
    fn scopes(&self) -> &Scopes {
        &self.scopes
    }

    fn local(&self, item: usize) -> Local<'_> {
        match self.all.get(item).map(|declaration| (&declaration.kind, declaration.module)) {
            Some((Kind::Enum(_, name) | Kind::Domain(_, name), _)) => Local::Type(name),
            Some((Kind::Alias(ty), module)) => Local::Alias(ty, module),
            Some((Kind::Table(..), _)) => Local::Table,
            Some((Kind::Plain, _)) => Local::Plain,
            Some((Kind::Broken, _)) | None => Local::Broken,
        }
    }
}

impl Declarations {
    /// The table that a path in a module names.
    pub(super) fn table(&self, module: usize, path: &Path) -> Result<(&model::Table, &QualifiedName), NoTable> {
        match self.scopes.resolve(module, path) {
            Resolved::Item(item) => match self.all.get(item).map(|declaration| &declaration.kind) {
                Some(Kind::Table(table, name)) => Ok((table, name)),
                Some(Kind::Broken) => Err(NoTable::Broken),
                _ => Err(NoTable::Plain),
            },
            _ => Err(NoTable::Unknown),
        }
    }
}

/// Reads all declarations; what is wrong with their attributes goes to `findings`.
pub(super) fn read(tree: &mut Tree, findings: &mut Vec<Diagnostic>) -> Declarations {
    let mut inputs = Vec::new();
    let mut names = Vec::new();
    for (module, content) in tree.modules.iter_mut().enumerate() {
        let mut rest = Vec::new();
        for item in std::mem::take(&mut content.items) {
            match input(item) {
                Ok((name, input)) => {
                    names.push((module, name));
                    inputs.push((module, content.file, input));
                }
                Err(item) => rest.push(*item),
            }
        }
        content.items = rest;
    }
    let scopes = Scopes::new(tree, &names);
    let all = inputs
        .into_iter()
        .map(|(module, file, input)| {
            let kind = match input {
                Input::Alias(ty) => Kind::Alias(ty),
                Input::Item(input) => kind(&input, module, &scopes).unwrap_or_else(|errors| {
                    findings.extend(errors.iter().map(|error| attribute_finding(error, file, &tree.sources)));
                    Kind::Broken
                }),
            };
            Declaration { module, file, kind }
        })
        .collect();
    Declarations { all, scopes }
}

/// A mistake in an attribute, as a finding.
pub(super) fn attribute_finding(error: &model::Error, file: usize, sources: &Sources) -> Diagnostic {
    let label = sources.label(&Place::new(file, error.span.byte_range()), "");
    finding(&rules::ATTRIBUTE, error.message.clone(), label, error.help.clone())
}

enum Input {
    Item(DeriveInput),
    Alias(Type),
}

/// The item as a derive would be given it; or the item back, where it declares no type.
fn input(item: Item) -> Result<(String, Input), Box<Item>> {
    match item {
        Item::Struct(item) => {
            let data = Data::Struct(DataStruct {
                struct_token: item.struct_token,
                fields: kept_fields(item.fields),
                semi_token: item.semi_token,
            });
            let (ident, attrs) = (item.ident, item.attrs);
            let name = ident.unraw().to_string();
            Ok((name, Input::Item(DeriveInput { attrs, vis: item.vis, ident, generics: item.generics, data })))
        }
        Item::Enum(item) => {
            let variants = item
                .variants
                .into_pairs()
                .filter_map(|pair| {
                    let (mut variant, comma) = pair.into_tuple();
                    variant.attrs = cfg::kept(variant.attrs)?;
                    Some(syn::punctuated::Pair::new(variant, comma))
                })
                .collect();
            let data = Data::Enum(DataEnum { enum_token: item.enum_token, brace_token: item.brace_token, variants });
            let (ident, attrs) = (item.ident, item.attrs);
            let name = ident.unraw().to_string();
            Ok((name, Input::Item(DeriveInput { attrs, vis: item.vis, ident, generics: item.generics, data })))
        }
        Item::Type(item) if item.generics.params.is_empty() => {
            Ok((item.ident.unraw().to_string(), Input::Alias(*item.ty)))
        }
        item => Err(Box::new(item)),
    }
}

fn kept_fields(mut fields: Fields) -> Fields {
    let keep = |list: Punctuated<Field, Token![,]>| {
        let fields = list.into_pairs().filter_map(|pair| {
            let (mut field, comma) = pair.into_tuple();
            field.attrs = cfg::kept(field.attrs)?;
            Some(syn::punctuated::Pair::new(field, comma))
        });
        fields.collect()
    };
    match &mut fields {
        Fields::Named(fields) => fields.named = keep(std::mem::take(&mut fields.named)),
        Fields::Unnamed(fields) => fields.unnamed = keep(std::mem::take(&mut fields.unnamed)),
        Fields::Unit => {}
    }
    fields
}

fn kind(input: &DeriveInput, module: usize, scopes: &Scopes) -> Result<Kind, Vec<model::Error>> {
    let derives = |name: &str| input.attrs.iter().any(|attribute| derives(attribute, name, module, scopes));
    let qualified = |schema: &Option<model::Text>, name: &model::Text| {
        QualifiedName::new(schema.as_ref().map_or("public", |schema| schema.value.as_str()), name.value.as_str())
    };
    Ok(if derives("Table") {
        let table = model::table(input)?;
        let name = qualified(&table.schema, &table.name);
        Kind::Table(Box::new(table), name)
    } else if derives("PgEnum") {
        let it = model::pg_enum(input)?;
        let name = qualified(&it.schema, &it.name);
        Kind::Enum(it, name)
    } else if derives("Domain") {
        let domain = model::domain(input)?;
        let name = qualified(&domain.schema, &domain.name);
        Kind::Domain(Box::new(domain), name)
    } else {
        Kind::Plain
    })
}

/// Whether an attribute derives one of ours.
fn derives(attribute: &Attribute, name: &str, module: usize, scopes: &Scopes) -> bool {
    if !attribute.path().is_ident("derive") {
        return false;
    }
    let Ok(paths) = attribute.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated) else { return false };
    paths.iter().any(|path| match scopes.resolve(module, path) {
        Resolved::External(krate, last) => krate == "migrate_build" && last == name,
        // The struct itself may have the derive's name, and an import of everything shows no names.
        Resolved::Bare(bare, _) => bare == name,
        Resolved::Item(_) => path.is_ident(name),
        Resolved::Module(_) | Resolved::Unknown => false,
    })
}
