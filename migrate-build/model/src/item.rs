//! The grammar that all attributes share: `word`, `word = "value"`, `word(…)`, `"text"` and `a::path`, separated by commas.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{LitBool, LitStr, Path, PathArguments, PathSegment, Token, parenthesized, token};

/// A string of an attribute, with its place.
#[derive(Clone, Debug)]
pub struct Text {
    /// What it says.
    pub value: String,
    /// Where it stands.
    pub span: Span,
}

impl From<LitStr> for Text {
    fn from(literal: LitStr) -> Self {
        Self { value: literal.value(), span: literal.span() }
    }
}

/// One of the things that a comma separates.
#[derive(Clone)]
pub(crate) enum Item {
    Word(Word),
    Text(Text),
    Path(Path),
}

impl Item {
    pub(crate) fn span(&self) -> Span {
        match self {
            Self::Word(word) => word.key.span(),
            Self::Text(text) => text.span,
            Self::Path(path) => span_of(path),
        }
    }
}

/// A word, alone or with what belongs to it.
#[derive(Clone)]
pub(crate) struct Word {
    pub(crate) key: Ident,
    pub(crate) items: Option<Vec<Item>>,
    pub(crate) value: Option<Value>,
}

impl Word {
    /// The word without `r#`.
    pub(crate) fn name(&self) -> String {
        self.key.unraw().to_string()
    }

    /// Whether it is a flag that is set.
    pub(crate) fn says_yes(&self) -> bool {
        !matches!(self.value, Some(Value::Bool(false)))
    }

    /// Whether nothing belongs to it.
    pub(crate) fn is_bare(&self) -> bool {
        self.items.is_none() && self.value.is_none()
    }
}

/// What stands behind `=`.
#[derive(Clone)]
pub(crate) enum Value {
    Text(Text),
    Bool(bool),
    Other,
}

/// The items of one attribute.
pub(crate) struct Items(pub(crate) Vec<Item>);

impl Parse for Items {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let items = Punctuated::<Item, Token![,]>::parse_terminated(input)?;
        Ok(Self(items.into_iter().collect()))
    }
}

impl Parse for Item {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(LitStr) {
            return Ok(Self::Text(input.parse::<LitStr>()?.into()));
        }
        if input.peek(Token![::]) || (input.peek(Ident::peek_any) && input.peek2(Token![::])) {
            return Ok(Self::Path(path(input)?));
        }
        let key = input.call(Ident::parse_any)?;
        let items = if input.peek(token::Paren) {
            let content;
            parenthesized!(content in input);
            Some(content.parse::<Items>()?.0)
        } else {
            None
        };
        let value = if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            Some(input.parse::<Value>()?)
        } else {
            None
        };
        Ok(Self::Word(Word { key, items, value }))
    }
}

impl Parse for Value {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(LitStr) {
            return Ok(Self::Text(input.parse::<LitStr>()?.into()));
        }
        if input.peek(LitBool) {
            return Ok(Self::Bool(input.parse::<LitBool>()?.value));
        }
        if input.peek(syn::Lit) {
            input.parse::<syn::Lit>()?;
            return Ok(Self::Other);
        }
        path(input)?;
        Ok(Self::Other)
    }
}

/// A path without arguments.
fn path(input: ParseStream<'_>) -> syn::Result<Path> {
    let leading_colon = input.parse::<Option<Token![::]>>()?;
    let mut segments = Punctuated::new();
    loop {
        let ident = input.call(Ident::parse_any)?;
        segments.push_value(PathSegment { ident, arguments: PathArguments::None });
        if !input.peek(Token![::]) {
            return Ok(Path { leading_colon, segments });
        }
        segments.push_punct(input.parse()?);
    }
}

/// The first segment's place, joined with the last one's where the compiler can.
fn span_of(path: &Path) -> Span {
    let first = path.segments.first().map_or_else(Span::call_site, |segment| segment.ident.span());
    path.segments.last().and_then(|last| first.join(last.ident.span())).unwrap_or(first)
}
