//! The attributes of an item that are ours, as items of the shared grammar.

use syn::{Attribute, Meta};

use crate::error::Error;
use crate::item::{Item, Items};

/// The items of all attributes called `name`. The attributes of other crates are passed over.
pub(crate) fn items(attributes: &[Attribute], name: &str, errors: &mut Vec<Error>) -> Vec<Item> {
    let mut all = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident(name)) {
        match &attribute.meta {
            Meta::List(list) => match list.parse_args::<Items>() {
                Ok(Items(items)) => all.extend(items),
                Err(error) => errors.push(error.into()),
            },
            Meta::Path(_) | Meta::NameValue(_) => {
                let span = attribute.path().segments.first().map(|segment| segment.ident.span());
                let span = span.unwrap_or_else(proc_macro2::Span::call_site);
                errors.push(
                    Error::new(span, format!("`{name}` has no list of attributes"))
                        .help(format!("write `#[{name}(…)]`")),
                );
            }
        }
    }
    all
}
