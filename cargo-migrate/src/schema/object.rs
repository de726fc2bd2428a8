//! What an object is called: its kind and its identity.

use std::fmt;
use std::str::FromStr;

macro_rules! kinds {
    ($($variant:ident => $word:literal,)*) => {
        /// A kind of database object. The order is the one in which a comparison lists them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Kind {
            $(#[doc = concat!("Shown as `", $word, "`.")] $variant,)*
        }

        impl Kind {
            /// Every kind there is.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Returns the words for it, as the queries and the output have them.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }
        }

        impl FromStr for Kind {
            type Err = UnknownKind;

            fn from_str(text: &str) -> Result<Self, UnknownKind> {
                match text {
                    $($word => Ok(Self::$variant),)*
                    _ => Err(UnknownKind),
                }
            }
        }
    };
}

kinds! {
    Database => "database",
    Schema => "schema",
    Extension => "extension",
    Language => "language",
    AccessMethod => "access method",
    Collation => "collation",
    Conversion => "conversion",
    Type => "type",
    Enum => "enum",
    Domain => "domain",
    CompositeType => "composite type",
    RangeType => "range type",
    Function => "function",
    Procedure => "procedure",
    Aggregate => "aggregate",
    Operator => "operator",
    OperatorFamily => "operator family",
    OperatorClass => "operator class",
    Cast => "cast",
    Transform => "transform",
    TextSearchParser => "text search parser",
    TextSearchTemplate => "text search template",
    TextSearchDictionary => "text search dictionary",
    TextSearchConfiguration => "text search configuration",
    ForeignDataWrapper => "foreign data wrapper",
    Server => "server",
    UserMapping => "user mapping",
    Sequence => "sequence",
    Table => "table",
    ForeignTable => "foreign table",
    View => "view",
    MaterializedView => "materialized view",
    ColumnOrder => "column order",
    Column => "column",
    Constraint => "constraint",
    Index => "index",
    Statistics => "statistics",
    Trigger => "trigger",
    Rule => "rule",
    Policy => "policy",
    EventTrigger => "event trigger",
    Publication => "publication",
    Subscription => "subscription",
    DefaultPrivileges => "default privileges",
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A kind that no query is known to yield.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown kind of object")]
pub struct UnknownKind;

/// One object: its kind, and a name that is unique among that kind and quoted where SQL needs it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Object {
    /// What it is.
    pub kind: Kind,
    /// What it is called, for example `public.books`, `public.books.title` or `books_pkey on public.books`.
    pub identity: String,
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.identity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read_back_from_its_words() {
        for &kind in Kind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
        assert_eq!("spaceship".parse::<Kind>(), Err(UnknownKind));
    }
}
