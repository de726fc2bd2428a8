//! Names of relations, as they are: quoting is for output and for SQL.

use std::fmt;

/// A relation's schema and name, unquoted. `Display` quotes both.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QualifiedName {
    /// The schema, as the catalogue has it.
    pub schema: String,
    /// The relation's own name, as the catalogue has it.
    pub name: String,
}

impl QualifiedName {
    /// Puts a schema and a name together.
    pub fn new(schema: impl Into<String>, name: impl Into<String>) -> Self {
        Self { schema: schema.into(), name: name.into() }
    }

    /// Returns `('schema', 'name')`, two SQL literals that mean the same under every setting of
    /// `standard_conforming_strings`.
    pub(super) fn literals(&self) -> String {
        format!("({}, {})", literal(&self.schema), literal(&self.name))
    }
}

impl fmt::Display for QualifiedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\".\"{}\"", self.schema.replace('"', "\"\""), self.name.replace('"', "\"\""))
    }
}

/// Quotes a text as an SQL literal that means the same under every setting of `standard_conforming_strings`.
pub(crate) fn literal(text: &str) -> String {
    let quoted = text.replace('\'', "''");
    // A plain literal takes a backslash one way or the other, an escape string always the same.
    if quoted.contains('\\') { format!("E'{}'", quoted.replace('\\', "\\\\")) } else { format!("'{quoted}'") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted() {
        let name = QualifiedName::new("a\"b", "c.d");
        assert_eq!(name.to_string(), r#""a""b"."c.d""#);
    }

    #[test]
    fn literals_hold_quotes_and_backslashes() {
        let name = QualifiedName::new("o'hara", r"back\slash'");
        assert_eq!(name.literals(), r"('o''hara', E'back\\slash''')");
    }
}
