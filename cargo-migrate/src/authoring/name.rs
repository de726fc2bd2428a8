//! A migration's name from whatever the user calls it.

/// The longest name in bytes: with version and suffixes it stays far from the 255 bytes of a file name.
const LONGEST: usize = 120;

/// Why a text gives no name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Neither a letter nor a digit in it.
    #[error("`{text}` holds no letter or digit to make a name of", text = text.escape_debug())]
    Empty {
        /// The text.
        text: String,
    },
    /// More than a file name can take.
    #[error("the name would be {length} bytes long, and {LONGEST} is the most")]
    TooLong {
        /// Its length in bytes.
        length: usize,
    },
}

/// Returns the name in snake case: letters and digits joined by single `_`, as refinery's `\w+` takes them, so that
/// nothing in it can mean anything to SQL or a shell. Apostrophes vanish, a new word in camel case starts with `_`.
///
/// # Errors
/// Nothing is left, or too much.
pub fn normalize(text: &str) -> Result<String, NameError> {
    let mut name = String::new();
    let mut previous_lower = false;
    for c in text.chars() {
        if matches!(c, '\'' | '’' | '"' | '`') {
            continue;
        }
        // `is_alphanumeric` takes numerals like `²` too, which `\w` does not.
        if c.is_alphabetic() || c.is_ascii_digit() {
            if c.is_uppercase() && previous_lower {
                name.push('_');
            }
            name.extend(c.to_lowercase().filter(|c| c.is_alphabetic() || c.is_ascii_digit()));
            previous_lower = c.is_lowercase() || c.is_ascii_digit();
        } else {
            previous_lower = false;
            if !name.is_empty() && !name.ends_with('_') {
                name.push('_');
            }
        }
    }
    let name = name.trim_end_matches('_');
    match name.len() {
        0 => Err(NameError::Empty { text: text.to_owned() }),
        length if length > LONGEST => Err(NameError::TooLong { length }),
        _ => Ok(name.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makes_snake_case() {
        for (text, name) in [
            ("create_books", "create_books"),
            ("Add users' table; --", "add_users_table"),
            ("AddISBNToBooks", "add_isbnto_books"),
            ("  don't  drop__it ", "dont_drop_it"),
            ("'; drop table x; $(rm -rf /) \\", "drop_table_x_rm_rf"),
            ("../../etc/passwd", "etc_passwd"),
            ("größe m²", "größe_m"),
            ("2nd", "2nd"),
        ] {
            assert_eq!(normalize(text).as_deref(), Ok(name), "{text}");
        }
    }

    #[test]
    fn refuses_nothing_and_too_much() {
        assert_eq!(
            normalize("';--\n").unwrap_err().to_string(),
            "`\\';--\\n` holds no letter or digit to make a name of"
        );
        assert_eq!(normalize(&"a".repeat(120)).map(|name| name.len()), Ok(120));
        assert_eq!(normalize(&"ä".repeat(61)), Err(NameError::TooLong { length: 122 }));
    }
}
