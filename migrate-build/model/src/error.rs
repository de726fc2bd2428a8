//! What is wrong with an attribute, and where.

use std::fmt;

use proc_macro2::Span;

/// A mistake in an attribute or in the item that carries it.
#[derive(Clone, Debug)]
pub struct Error {
    /// Where.
    pub span: Span,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// What cures it.
    pub help: Option<String>,
}

impl Error {
    pub(crate) fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), help: None }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The error of a word that is none of those `known`, with the nearest or else all of them.
    pub(crate) fn unknown(span: Span, what: &str, word: &str, known: &[&str]) -> Self {
        let help = match nearest(word, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are {}", list(known)),
        };
        Self::new(span, format!("unknown {what} `{word}`")).help(help)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl From<syn::Error> for Error {
    fn from(error: syn::Error) -> Self {
        Self::new(error.span(), error.to_string())
    }
}

/// Returns the candidate that `word` was most likely meant to be; of equally close ones the first.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let close = (word.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&word, &candidate.to_lowercase()), candidate))
        .filter(|&(distance, _)| distance <= close)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

fn list(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [word] => format!("`{word}`"),
        [first @ .., last] => format!("`{}` and `{last}`", first.join("`, `")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_was_meant_or_what_there_is() {
        let error = |word| Error::unknown(Span::call_site(), "word", word, &["unique", "index", "check"]).help;
        assert_eq!(error("unqiue").as_deref(), Some("did you mean `unique`?"));
        assert_eq!(error("colour").as_deref(), Some("there are `unique`, `index` and `check`"));
    }
}
