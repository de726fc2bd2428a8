//! `#[derive(PgEnum)]`: an enum as PostgreSQL's.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Fields};

use crate::attribute;
use crate::constraint::set;
use crate::error::Error;
use crate::item::{Item, Text};
use crate::name;
use crate::options::Options;

const KEYS: &[&str] = &["comment", "name", "rename_all", "renamed_from", "schema"];
const LABEL_KEYS: &[&str] = &["name", "renamed_from"];

/// An enum of unit variants.
#[derive(Clone)]
pub struct PgEnum {
    /// The Rust enum.
    pub ident: Ident,
    /// The type's name: the given one, or the enum's in snake case.
    pub name: Text,
    /// The schema where it is given.
    pub schema: Option<Text>,
    /// Its values in their order.
    pub labels: Vec<Label>,
    /// Its comment.
    pub comment: Option<Text>,
    /// What it was called before.
    pub renamed_from: Option<Text>,
}

/// A value of an enum.
#[derive(Clone)]
pub struct Label {
    /// The variant.
    pub ident: Ident,
    /// What the database calls it.
    pub name: Text,
    /// What it was called before.
    pub renamed_from: Option<Text>,
}

#[derive(Clone, Copy)]
enum Case {
    Snake,
    ScreamingSnake,
    Kebab,
    Lower,
    Upper,
    Camel,
    Pascal,
}

impl Case {
    const CHOICES: [(&'static str, Self); 7] = [
        ("snake_case", Self::Snake),
        ("SCREAMING_SNAKE_CASE", Self::ScreamingSnake),
        ("kebab-case", Self::Kebab),
        ("lowercase", Self::Lower),
        ("UPPERCASE", Self::Upper),
        ("camelCase", Self::Camel),
        ("PascalCase", Self::Pascal),
    ];

    fn apply(self, variant: &str) -> String {
        match self {
            Self::Snake => name::snake_case(variant),
            Self::ScreamingSnake => name::snake_case(variant).to_uppercase(),
            Self::Kebab => name::snake_case(variant).replace('_', "-"),
            Self::Lower => variant.to_lowercase(),
            Self::Upper => variant.to_uppercase(),
            Self::Camel => {
                let mut chars = variant.chars();
                chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
            }
            Self::Pascal => variant.to_owned(),
        }
    }
}

/// Reads an enum that derives `PgEnum`.
///
/// # Errors
/// All that is wrong with it.
pub fn pg_enum(input: &DeriveInput) -> Result<PgEnum, Vec<Error>> {
    let mut errors = Vec::new();
    let ident = input.ident.clone();
    let Data::Enum(data) = &input.data else {
        let error = Error::new(ident.span(), "only an enum can be PostgreSQL's enum");
        return Err(vec![error.help("a struct can derive `Table` or `Domain`")]);
    };
    if !input.generics.params.is_empty() {
        errors.push(
            Error::new(ident.span(), "an enum of PostgreSQL's can't be generic").help("leave the parameters out"),
        );
    }
    let mut found = PgEnum {
        name: Text { value: name::snake_case(&ident.unraw().to_string()), span: ident.span() },
        ident,
        schema: None,
        labels: Vec::new(),
        comment: None,
        renamed_from: None,
    };
    let items = attribute::items(&input.attrs, "pg_enum", &mut errors);
    let (mut given, mut case) = (None, None);
    let mut options = Options::new(&mut errors, "attribute of an enum", KEYS);
    for item in &items {
        let Item::Word(word) = item else {
            options.no_word(item);
            continue;
        };
        match word.name().as_str() {
            "comment" => set(&mut options, &mut found.comment, word),
            "name" => set(&mut options, &mut given, word),
            "rename_all" => {
                let said = options.text(word).and_then(|text| {
                    let case = Case::CHOICES.iter().find(|(name, _)| *name == text.value).map(|(_, case)| *case);
                    if case.is_none() {
                        let names = Case::CHOICES.map(|(name, _)| name);
                        options.errors.push(Error::unknown(text.span, "way of writing", &text.value, &names));
                    }
                    case
                });
                options.set(&mut case, said, word);
            }
            "renamed_from" => set(&mut options, &mut found.renamed_from, word),
            "schema" => set(&mut options, &mut found.schema, word),
            _ => options.unknown(word),
        }
    }
    found.name = given.unwrap_or(found.name);
    for name in [Some(&found.name), found.schema.as_ref(), found.renamed_from.as_ref()].into_iter().flatten() {
        name::check(name, &mut errors);
    }
    for variant in &data.variants {
        if !matches!(variant.fields, Fields::Unit) {
            let error = Error::new(variant.ident.span(), "a value of PostgreSQL's enum holds nothing");
            errors.push(error.help("take the variant's fields away"));
        }
        let label = label(variant, case.unwrap_or(Case::Snake), &mut errors);
        if let Some(earlier) = found.labels.iter().find(|earlier| earlier.name.value == label.name.value) {
            let message = format!("the value `{}` is there twice", label.name.value);
            let help = format!("give this one or `{}` another `name`", earlier.ident);
            errors.push(Error::new(label.name.span, message).help(help));
        }
        found.labels.push(label);
    }
    if errors.is_empty() { Ok(found) } else { Err(errors) }
}

fn label(variant: &syn::Variant, case: Case, errors: &mut Vec<Error>) -> Label {
    let ident = variant.ident.clone();
    let mut label = Label {
        name: Text { value: case.apply(&ident.unraw().to_string()), span: ident.span() },
        ident,
        renamed_from: None,
    };
    let items = attribute::items(&variant.attrs, "pg_enum", errors);
    let mut given = None;
    let mut options = Options::new(errors, "attribute of a value", LABEL_KEYS);
    for item in &items {
        match item {
            Item::Word(word) if word.name() == "name" => set(&mut options, &mut given, word),
            Item::Word(word) if word.name() == "renamed_from" => set(&mut options, &mut label.renamed_from, word),
            Item::Word(word) => options.unknown(word),
            item => options.no_word(item),
        }
    }
    label.name = given.unwrap_or(label.name);
    name::check(&label.name, errors);
    label
}
