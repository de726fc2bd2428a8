//! Names: what PostgreSQL takes, and how Rust's become the database's.

use crate::error::Error;
use crate::item::Text;

/// How many bytes a name of PostgreSQL's may have.
pub const MAX_NAME: usize = 63;

/// What every table has already.
const SYSTEM_COLUMNS: [&str; 6] = ["cmax", "cmin", "ctid", "tableoid", "xmax", "xmin"];

/// Returns a name in snake case: `BookOrder` is `book_order`, `HTTPServer` is `http_server`.
pub fn snake_case(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let chars: Vec<char> = name.chars().collect();
    for (at, &c) in chars.iter().enumerate() {
        if c.is_uppercase() {
            let after_lower = at > 0 && chars.get(at - 1).is_some_and(|c| c.is_lowercase() || c.is_ascii_digit());
            let before_lower = at > 0
                && chars.get(at - 1).is_some_and(|c| c.is_uppercase())
                && chars.get(at + 1).is_some_and(|c| c.is_lowercase());
            if after_lower || before_lower {
                out.push('_');
            }
            out.extend(c.to_lowercase());
        } else {
            out.push(c);
        }
    }
    out
}

/// Checks a name that PostgreSQL is to take as it is.
pub(crate) fn check(name: &Text, errors: &mut Vec<Error>) {
    let Text { value, span } = name;
    if value.len() > MAX_NAME {
        let message = format!("the name `{value}` has {} bytes", value.len());
        errors.push(Error::new(*span, message).help(format!("PostgreSQL's names have at most {MAX_NAME}: shorten it")));
    } else if value.contains('\0') {
        errors.push(Error::new(*span, "a name can't hold a zero byte").help("take it out"));
    } else if value.is_empty() {
        errors.push(Error::new(*span, "a name can't be empty").help("say what it shall be"));
    }
}

/// Checks a column's name.
pub(crate) fn check_column(name: &Text, errors: &mut Vec<Error>) {
    check(name, errors);
    if SYSTEM_COLUMNS.contains(&name.value.as_str()) {
        let message = format!("every table has a system column `{}` already", name.value);
        errors.push(Error::new(name.span, message).help("give it another name by `#[column(name = \"…\")]`"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_snake_case() {
        for (rust, sql) in [
            ("Book", "book"),
            ("BookOrder", "book_order"),
            ("HTTPServer", "http_server"),
            ("Ipv4Net", "ipv4_net"),
            ("V2Book", "v2_book"),
            ("Größe", "größe"),
            ("already_there", "already_there"),
            ("A", "a"),
        ] {
            assert_eq!(snake_case(rust), sql);
        }
    }
}
