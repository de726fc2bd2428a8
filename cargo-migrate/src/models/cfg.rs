//! Conditional compilation, as far as it is known without a compiler: `test` doesn't hold, and everything else may.
//!
//! An item is left out only where its condition can't hold. An attribute in `cfg_attr` is taken unless its condition can't hold.

use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Token};

/// What is known of a condition.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    Holds,
    Fails,
    Open,
}

/// The attributes that may hold, with those of `cfg_attr` taken out of it; `None` where the item itself is left out.
pub(super) fn kept(attributes: Vec<Attribute>) -> Option<Vec<Attribute>> {
    let mut kept = Vec::with_capacity(attributes.len());
    for attribute in attributes {
        take(attribute, &mut kept)?;
    }
    Some(kept)
}

fn take(attribute: Attribute, kept: &mut Vec<Attribute>) -> Option<()> {
    let Meta::List(list) = &attribute.meta else {
        kept.push(attribute);
        return Some(());
    };
    if list.path.is_ident("cfg") {
        let condition = list.parse_args::<Meta>();
        return condition.map_or(Some(()), |condition| (evaluate(&condition) != Known::Fails).then_some(()));
    }
    if !list.path.is_ident("cfg_attr") {
        kept.push(attribute);
        return Some(());
    }
    let Ok(Conditional { condition, metas }) = list.parse_args::<Conditional>() else { return Some(()) };
    if evaluate(&condition) == Known::Fails {
        return Some(());
    }
    for meta in metas {
        take(Attribute { meta, ..attribute.clone() }, kept)?;
    }
    Some(())
}

/// `cfg_attr`'s arguments.
struct Conditional {
    condition: Meta,
    metas: Punctuated<Meta, Token![,]>,
}

impl Parse for Conditional {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let condition = input.parse()?;
        input.parse::<Option<Token![,]>>()?;
        Ok(Self { condition, metas: Punctuated::parse_terminated(input)? })
    }
}

fn evaluate(condition: &Meta) -> Known {
    let Meta::List(list) = condition else {
        return if condition.path().is_ident("test") { Known::Fails } else { Known::Open };
    };
    let Ok(parts) = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated) else { return Known::Open };
    let mut parts = parts.iter().map(evaluate);
    if list.path.is_ident("not") {
        match parts.next() {
            Some(Known::Holds) => Known::Fails,
            Some(Known::Fails) => Known::Holds,
            Some(Known::Open) | None => Known::Open,
        }
    } else if list.path.is_ident("all") {
        parts.fold(Known::Holds, |all, part| match (all, part) {
            (Known::Fails, _) | (_, Known::Fails) => Known::Fails,
            (Known::Open, _) | (_, Known::Open) => Known::Open,
            (Known::Holds, Known::Holds) => Known::Holds,
        })
    } else if list.path.is_ident("any") {
        parts.fold(Known::Fails, |any, part| match (any, part) {
            (Known::Holds, _) | (_, Known::Holds) => Known::Holds,
            (Known::Open, _) | (_, Known::Open) => Known::Open,
            (Known::Fails, Known::Fails) => Known::Fails,
        })
    } else {
        Known::Open
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept_of(attributes: &str) -> Option<usize> {
        let item: syn::ItemStruct = syn::parse_str(&format!("{attributes} struct A;")).unwrap();
        kept(item.attrs).map(|kept| kept.len())
    }

    #[test]
    fn only_what_cannot_hold_is_left_out() {
        for (attributes, expected) in [
            ("#[cfg(test)]", None),
            ("#[cfg(not(test))]", Some(0)),
            ("#[cfg(all(feature = \"db\", test))]", None),
            ("#[cfg(any(feature = \"db\", test))]", Some(0)),
            ("#[cfg(not(any(not(test), unix)))]", None),
            ("#[cfg(feature = \"db\")] #[derive(Debug)]", Some(1)),
            ("#[cfg_attr(feature = \"db\", derive(Table), table(name = \"a\"))]", Some(2)),
            ("#[cfg_attr(test, derive(Table))]", Some(0)),
            ("#[cfg_attr(unix, cfg(test))]", None),
            ("#[cfg_attr(unix, cfg_attr(not(test), a, b))]", Some(2)),
        ] {
            assert_eq!(kept_of(attributes), expected, "{attributes}");
        }
    }
}
