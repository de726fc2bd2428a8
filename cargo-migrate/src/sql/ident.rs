//! Names in SQL. Those of a snapshot are quoted already where they need it.

use crate::schema::{Definition, Kind, Object};

/// The most bytes that a name has.
const LONGEST: usize = 63;

/// Returns a part's own name, given its whole's identity: `title` of `public.books.title`, `positive` of `positive on public.books`.
pub(crate) fn name_within<'a>(object: &'a Object, whole: &str) -> &'a str {
    let identity = object.identity.as_str();
    if object.kind == Kind::Column {
        identity.strip_prefix(whole).and_then(|rest| rest.strip_prefix('.')).unwrap_or(identity)
    } else {
        identity.strip_suffix(whole).and_then(|rest| rest.strip_suffix(" on ")).unwrap_or(identity)
    }
}

/// Returns a part's own name and its whole's identity.
pub(crate) fn part<'a>(object: &'a Object, definition: &'a Definition) -> (&'a str, &'a str) {
    let whole = definition.part_of.as_deref().unwrap_or_default();
    (name_within(object, whole), whole)
}

/// Takes a qualified name apart, both parts quoted as they were. Without a schema that part is empty.
pub(crate) fn split(qualified: &str) -> (&str, &str) {
    let mut quoted = false;
    for (at, character) in qualified.char_indices() {
        match character {
            '"' => quoted = !quoted,
            '.' if !quoted => {
                return (qualified.get(..at).unwrap_or_default(), qualified.get(at + 1..).unwrap_or_default());
            }
            _ => {}
        }
    }
    ("", qualified)
}

/// Returns a name as the catalogue has it.
pub(crate) fn unquote(name: &str) -> String {
    match name.strip_prefix('"').and_then(|name| name.strip_suffix('"')) {
        Some(inner) => inner.replace("\"\"", "\""),
        None => name.to_owned(),
    }
}

/// Quotes a name in any case: which words need it differs between versions.
pub(crate) fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Returns a name with something appended, short enough, and quoted if the name was. The suffix needs no quotes.
pub(crate) fn derived(name: &str, suffix: &str) -> String {
    let mut plain = unquote(name);
    while plain.len() + suffix.len() > LONGEST && plain.pop().is_some() {}
    plain.push_str(suffix);
    if name.starts_with('"') { quote(&plain) } else { plain }
}

/// Returns the name that the server makes up for what belongs to a table and some columns, unquoted.
pub(crate) fn made_up(table: &str, columns: &str, label: &str) -> String {
    let (mut first, mut second) = (table.to_owned(), columns.to_owned());
    let marks = label.len() + 1 + usize::from(!second.is_empty());
    while first.len() + second.len() + marks > LONGEST {
        let longer = if first.len() > second.len() { &mut first } else { &mut second };
        if longer.pop().is_none() {
            break;
        }
    }
    let middle = if second.is_empty() { String::new() } else { format!("_{second}") };
    format!("{first}{middle}_{label}")
}

/// Returns how COMMENT ON and the like call an object, or nothing for what they can't.
pub(crate) fn reference(object: &Object, definition: &Definition) -> Option<String> {
    let identity = &object.identity;
    let (name, whole) = part(object, definition);
    let word = match object.kind {
        Kind::Column => return Some(format!("COLUMN {identity}")),
        Kind::Constraint if is_of_domain(definition) => return Some(format!("CONSTRAINT {name} ON DOMAIN {whole}")),
        Kind::Constraint | Kind::Trigger | Kind::Rule | Kind::Policy => {
            return Some(format!("{} {name} ON {whole}", object.kind.as_str().to_uppercase()));
        }
        Kind::Aggregate => return Some(format!("AGGREGATE {}", aggregate(object))),
        Kind::Type | Kind::Enum | Kind::CompositeType | Kind::RangeType => "TYPE",
        Kind::MaterializedView => "MATERIALIZED VIEW",
        Kind::EventTrigger => "EVENT TRIGGER",
        Kind::Schema => "SCHEMA",
        Kind::Extension => "EXTENSION",
        Kind::Collation => "COLLATION",
        Kind::Domain => "DOMAIN",
        Kind::Function => "FUNCTION",
        Kind::Procedure => "PROCEDURE",
        Kind::Sequence => "SEQUENCE",
        Kind::Table => "TABLE",
        Kind::View => "VIEW",
        Kind::Index => "INDEX",
        Kind::Statistics => "STATISTICS",
        _ => return None,
    };
    Some(format!("{word} {identity}"))
}

/// Returns an aggregate's name and arguments. One without arguments has a star for them.
pub(crate) fn aggregate(object: &Object) -> String {
    match object.identity.strip_suffix("()") {
        Some(name) => format!("{name}(*)"),
        None => object.identity.clone(),
    }
}

/// Returns whether a constraint is a domain's: it needs the domain, and no column.
pub(crate) fn is_of_domain(definition: &Definition) -> bool {
    definition.part_of.as_ref().is_some_and(|whole| {
        definition.needs.iter().any(|needed| needed.kind == Kind::Domain && needed.identity == *whole)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_apart() {
        assert_eq!(split("public.books"), ("public", "books"));
        assert_eq!(split("\"a.b\".\"c\"\"d\""), ("\"a.b\"", "\"c\"\"d\""));
        assert_eq!(split("books"), ("", "books"));
        let column = Object { kind: Kind::Column, identity: "public.\"a.b\".\"c.d\"".to_owned() };
        assert_eq!(name_within(&column, "public.\"a.b\""), "\"c.d\"");
        let constraint = Object { kind: Kind::Constraint, identity: "\"x on y\" on public.t".to_owned() };
        assert_eq!(name_within(&constraint, "public.t"), "\"x on y\"");
    }

    #[test]
    fn derived_names_are_short_and_quoted_alike() {
        assert_eq!(derived("books", "_new"), "books_new");
        assert_eq!(derived("\"Bo\"\"oks\"", "_new"), "\"Bo\"\"oks_new\"");
        let long = "ä".repeat(31);
        assert_eq!(derived(&long, "_new").len(), 62);
    }

    #[test]
    fn the_server_makes_up_the_same_names() {
        assert_eq!(made_up("books", "id", "seq"), "books_id_seq");
        assert_eq!(made_up("books", "", "pkey"), "books_pkey");
        assert_eq!(
            made_up(&"t".repeat(60), &"c".repeat(10), "seq"),
            format!("{}_{}_seq", "t".repeat(48), "c".repeat(10))
        );
    }
}
