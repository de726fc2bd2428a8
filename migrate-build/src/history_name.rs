//! The name of a history table as it is configured: one grammar for build scripts, applications and the command line.

use std::fmt;

/// The longest name that PostgreSQL keeps whole, in bytes.
const LONGEST: usize = 63;

/// `table` or `schema.table`, each part plain or in double quotes (`"My.App".history`); a quote within is doubled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryName {
    /// The schema, where one is named.
    pub schema: Option<String>,
    /// The table.
    pub table: String,
}

/// Why a text is no name of a history table: lower case, no full stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryNameError(String);

impl fmt::Display for HistoryNameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for HistoryNameError {}

impl HistoryName {
    /// Reads a name.
    ///
    /// # Errors
    /// Why it is none.
    pub fn parse(text: &str) -> Result<Self, HistoryNameError> {
        let wrong = |reason: &str| Err(HistoryNameError(format!("`{}` {reason}", text.escape_debug())));
        let mut parts = Vec::new();
        let mut rest = text;
        loop {
            let (part, after) = match rest.strip_prefix('"') {
                Some(quoted) => match unquote(quoted) {
                    Some(part) => part,
                    None => return wrong("has a quote that is not closed"),
                },
                None => {
                    let end = rest.find(['.', '"']).unwrap_or(rest.len());
                    let (part, after) = rest.split_at(end);
                    (part.to_owned(), after)
                }
            };
            if part.is_empty() {
                return wrong("names an empty table or schema");
            }
            if part.len() > LONGEST {
                return wrong(&format!("is longer than the {LONGEST} bytes that PostgreSQL takes"));
            }
            if part.chars().any(char::is_control) {
                return wrong("holds a control character");
            }
            parts.push(part);
            match after.strip_prefix('.') {
                Some(more) => rest = more,
                None if after.is_empty() => break,
                None => return wrong("has a quote within a plain name"),
            }
        }
        let mut parts = parts.into_iter();
        match (parts.next(), parts.next(), parts.next()) {
            (Some(table), None, _) => Ok(Self { schema: None, table }),
            (Some(schema), Some(table), None) => Ok(Self { schema: Some(schema), table }),
            _ => wrong("has more than a schema and a table"),
        }
    }
}

/// The text up to the closing quote, and what comes after that.
fn unquote(text: &str) -> Option<(String, &str)> {
    let mut part = String::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c != '"' {
            part.push(c);
        } else if chars.next_if(|(_, next)| *next == '"').is_some() {
            part.push('"');
        } else {
            return text.get(at + 1..).map(|after| (part, after));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> (Option<String>, String) {
        HistoryName::parse(text).map(|name| (name.schema, name.table)).unwrap()
    }

    #[test]
    fn reads_names() {
        assert_eq!(parse("history"), (None, "history".into()));
        assert_eq!(parse("app.history"), (Some("app".into()), "history".into()));
        assert_eq!(parse("App History.it's; x"), (Some("App History".into()), "it's; x".into()));
        assert_eq!(parse(r#""My.App"."h""x""#), (Some("My.App".into()), "h\"x".into()));
    }

    #[test]
    fn says_what_is_wrong() {
        for (text, reason) in [
            ("", "`` names an empty table or schema"),
            ("a.", "`a.` names an empty table or schema"),
            ("a.b.c", "`a.b.c` has more than a schema and a table"),
            ("a\tb", "`a\\tb` holds a control character"),
            ("\"a", "`\\\"a` has a quote that is not closed"),
            ("\"a\"b", "`\\\"a\\\"b` has a quote within a plain name"),
            ("a\"b", "`a\\\"b` has a quote within a plain name"),
        ] {
            assert_eq!(HistoryName::parse(text).unwrap_err().to_string(), reason);
        }
        let long = HistoryName::parse(&"x".repeat(64)).unwrap_err().to_string();
        assert!(long.ends_with("` is longer than the 63 bytes that PostgreSQL takes"), "{long}");
    }
}
