//! Names that are given, and names that are made up.

use crate::sql::ident::{quote, unquote};

/// The most bytes that a name has.
const LONGEST: usize = 63;

/// Returns a name as SQL has it: plain where it can be.
pub(super) fn sql_name(plain: &str) -> String {
    let mut characters = plain.chars();
    let starts = characters.next().is_some_and(|first| first.is_ascii_lowercase() || first == '_');
    if starts && characters.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') {
        plain.to_owned()
    } else {
        quote(plain)
    }
}

/// Reads a name from the start of `text`, plain or in double quotes: the name as the catalogue has it, and what follows.
pub(super) fn take_name(text: &str) -> Option<(String, &str)> {
    let text = text.trim_start();
    if let Some(rest) = text.strip_prefix('"') {
        let mut name = String::new();
        let mut characters = rest.char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            if character != '"' {
                name.push(character);
            } else if characters.next_if(|(_, next)| *next == '"').is_some() {
                name.push('"');
            } else {
                return (!name.is_empty()).then_some((name, rest.get(at + 1..)?));
            }
        }
        return None;
    }
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).unwrap_or(text.len());
    let (name, rest) = text.split_at_checked(end)?;
    let starts = name.chars().next().is_some_and(|first| first.is_alphabetic() || first == '_');
    starts.then(|| (name.to_lowercase(), rest))
}

/// Makes a name of several, as SQL has it: shortened so that it fits with its `suffix`.
pub(super) fn joined(parts: &[&str], suffix: &str) -> String {
    let mut name = parts.iter().map(|part| unquote(part)).collect::<Vec<_>>().join("_");
    while name.len() + suffix.len() > LONGEST && name.pop().is_some() {}
    sql_name(&(name + suffix))
}

/// The name of what follows a column under its new name: `books_name_idx` for `books_title_idx`.
pub(super) fn following(name: &str, old: &str, new: &str) -> String {
    let (plain, old, new) = (unquote(name), unquote(old), unquote(new));
    let changed = plain.replace(&old, &new);
    if changed == plain || changed.len() > LONGEST { joined(&[plain.as_str()], "_new") } else { sql_name(&changed) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_plain_and_quoted() {
        assert_eq!(take_name("Books.title"), Some(("books".to_owned(), ".title")));
        assert_eq!(take_name("\"My \"\"Books\"\"\"=x"), Some(("My \"Books\"".to_owned(), "=x")));
        for wrong in ["", "1a", "\"\"", "\"open", ".a"] {
            assert_eq!(take_name(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn names_are_made_up_and_fit() {
        assert_eq!(joined(&["books", "\"Title\"", "name"], "_sync"), "\"books_Title_name_sync\"");
        let long = joined(&["a".repeat(70).as_str()], "_sync");
        assert!(long.len() == 63 && long.ends_with("_sync"), "{long}");
        assert_eq!(following("books_title_idx", "title", "name"), "books_name_idx");
        assert_eq!(following("by_subject", "title", "name"), "by_subject_new");
    }
}
