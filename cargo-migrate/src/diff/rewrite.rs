//! Names replaced in SQL as the server prints it.

use crate::sql::ident;

/// What is called otherwise.
#[derive(Debug, Clone)]
pub(crate) enum Rewrite {
    /// What has a schema.
    Qualified { old: String, new: String },
    /// A bare name, such as a column's.
    Bare { old: String, new: String },
}

impl Rewrite {
    /// Returns the text with the new name.
    pub(crate) fn apply(&self, text: &str) -> String {
        let (Self::Qualified { old, .. } | Self::Bare { old, .. }) = self;
        if !text.contains(ident::split(old).1) {
            return text.to_owned();
        }
        let tokens = tokens(text);
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            let next = |ahead: usize| tokens.get(at + ahead).copied().unwrap_or_default();
            let last = at.checked_sub(1).and_then(|last| tokens.get(last)).copied().unwrap_or_default();
            match self {
                Self::Qualified { old, new } => {
                    let ((old_schema, old_name), (_, new_name)) = (ident::split(old), ident::split(new));
                    if *token == old_schema && next(1) == "." && next(2) == old_name && last != "." {
                        out.push_str(new);
                        at += 3;
                        continue;
                    }
                    let alias = *token == old_name && next(1) == "." && last != ".";
                    let literal = token.strip_prefix('\'').and_then(|token| token.strip_suffix('\''));
                    if alias {
                        out.push_str(new_name);
                    } else if literal == Some(old.as_str()) && next(1) == ":" && next(3) == "regclass" {
                        out.push_str(&format!("'{new}'"));
                    } else {
                        out.push_str(token);
                    }
                }
                Self::Bare { old, new } => {
                    let is_call = next(1) == "(" && last != "(" && last != " ";
                    if *token == old.as_str() && !is_call && last != ":" {
                        out.push_str(new);
                    } else {
                        out.push_str(token);
                    }
                }
            }
            at += 1;
        }
        out
    }
}

/// Splits SQL into names, literals and single other characters.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' | '\'' => quoted(rest, first),
            '$' => dollar_quoted(rest),
            first if first.is_alphabetic() || first == '_' => {
                rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).unwrap_or(rest.len())
            }
            first => first.len_utf8(),
        };
        let (token, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        tokens.push(token);
        rest = after;
    }
    tokens
}

fn quoted(text: &str, quote: char) -> usize {
    let mut characters = text.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        if character == quote {
            if characters.peek().is_some_and(|(_, next)| *next == quote) {
                characters.next();
            } else {
                return at + 1;
            }
        }
    }
    text.len()
}

fn dollar_quoted(text: &str) -> usize {
    let inner = text.get(1..).unwrap_or_default();
    let Some(end) = inner
        .find('$')
        .filter(|&end| inner.get(..end).is_some_and(|tag| tag.chars().all(|c| c.is_alphanumeric() || c == '_')))
    else {
        return 1;
    };
    let tag = text.get(..end + 2).unwrap_or_default();
    let body = text.get(tag.len()..).unwrap_or_default();
    body.find(tag).map_or(text.len(), |at| tag.len() + at + tag.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn qualified_names_and_aliases_are_replaced() {
        let rewrite = Rewrite::Qualified { old: "public.books".to_owned(), new: "public.\"Tomes\"".to_owned() };
        for (old, new) in [
            ("SELECT books.id FROM public.books", "SELECT \"Tomes\".id FROM public.\"Tomes\""),
            ("nextval('public.books'::regclass)", "nextval('public.\"Tomes\"'::regclass)"),
            ("other.public.books public.books2 books", "other.public.books public.books2 books"),
            ("'public.books'::text $a$public.books$a$", "'public.books'::text $a$public.books$a$"),
            ("REFERENCES public.books(id)", "REFERENCES public.\"Tomes\"(id)"),
        ] {
            assert_eq!(rewrite.apply(old), new);
        }
    }

    #[test]
    fn bare_names_are_replaced() {
        let rewrite = Rewrite::Bare { old: "title".to_owned(), new: "name".to_owned() };
        for (old, new) in [
            ("CHECK ((title <> ''::text))", "CHECK ((name <> ''::text))"),
            ("USING btree (lower(title), subtitle)", "USING btree (lower(name), subtitle)"),
            ("('title'::text)", "('title'::text)"),
            ("x::title", "x::title"),
        ] {
            assert_eq!(rewrite.apply(old), new);
        }
    }
}
