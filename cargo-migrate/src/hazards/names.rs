//! Names of relations as SQL writes them.

use std::fmt;

/// A relation's name as the server keeps it: folded to lower case unless it was quoted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Relation {
    /// Its schema, where the text names one.
    pub schema: Option<String>,
    /// Its name in that schema.
    pub name: String,
}

impl Relation {
    /// A name without a schema.
    pub fn unqualified(name: impl Into<String>) -> Self {
        Self { schema: None, name: name.into() }
    }

    /// Reads `table`, `schema.table` or a quoted form of them, as SQL would.
    pub fn parse(text: &str) -> Option<Self> {
        let mut cursor = super::tokens::Cursor::new(text);
        let relation = cursor.relation()?;
        cursor.is_at_end().then_some(relation)
    }

    /// Whether both may be one relation: the names are the same, and so are the schemas where both name theirs.
    pub fn may_be(&self, other: &Self) -> bool {
        let schemas = self.schema.as_ref().zip(other.schema.as_ref());
        self.name == other.name && schemas.is_none_or(|(one, other)| one == other)
    }
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(f, "{}.", Quoted(schema))?;
        }
        write!(f, "{}", Quoted(&self.name))
    }
}

struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(name) = self;
        let plain = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if plain { f.write_str(name) } else { write!(f, "\"{}\"", name.replace('"', "\"\"")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_folded_as_the_server_does() {
        let shown = |text: &str| Relation::parse(text).unwrap().to_string();
        assert_eq!(shown("Books"), "books");
        assert_eq!(shown("App.\"Books\""), "app.\"Books\"");
        assert_eq!(shown("\"a\"\"b\" . c"), "\"a\"\"b\".c");
        assert_eq!(Relation::parse("a b"), None);
        assert_eq!(Relation::parse(""), None);
    }

    #[test]
    fn a_missing_schema_may_be_any() {
        let [plain, public, app] = ["books", "public.books", "app.books"].map(|name| Relation::parse(name).unwrap());
        assert!(plain.may_be(&public) && app.may_be(&plain));
        assert!(!app.may_be(&public));
    }
}
