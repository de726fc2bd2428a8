//! Reading words into typed values, with an error for each that doesn't fit.

use proc_macro2::Span;

use crate::error::{Error, nearest};
use crate::item::{Item, Text, Value, Word};

/// Reads the options of one attribute and remembers what is wrong with them.
pub(crate) struct Options<'e> {
    pub(crate) errors: &'e mut Vec<Error>,
    /// What the options belong to, as messages call it: "attribute of a table".
    what: &'static str,
    known: &'static [&'static str],
}

impl<'e> Options<'e> {
    pub(crate) fn new(errors: &'e mut Vec<Error>, what: &'static str, known: &'static [&'static str]) -> Self {
        Self { errors, what, known }
    }

    pub(crate) fn error(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.errors.push(Error::new(span, message).help(help));
    }

    /// The error of a word that is none of the known ones.
    pub(crate) fn unknown(&mut self, word: &Word) {
        self.errors.push(Error::unknown(word.key.span(), self.what, &word.name(), self.known));
    }

    /// The error of something that is no word.
    pub(crate) fn no_word(&mut self, item: &Item) {
        let error = Error::unknown(item.span(), self.what, "", self.known);
        self.errors.push(Error { message: format!("this is no {}", self.what), ..error });
    }

    /// Reads `key = "text"`.
    pub(crate) fn text(&mut self, word: &Word) -> Option<Text> {
        let key = word.name();
        match word {
            Word { items: None, value: Some(Value::Text(text)), .. } => {
                let empty = text.value.trim().is_empty();
                if empty {
                    self.error(text.span, format!("`{key}` is empty"), "leave it out, or say what it shall be");
                }
                (!empty).then(|| text.clone())
            }
            _ => {
                self.error(word.key.span(), format!("`{key}` takes a string"), format!("write `{key} = \"…\"`"));
                None
            }
        }
    }

    /// Reads `key`, or `key = true` and `key = false`.
    pub(crate) fn flag(&mut self, word: &Word) -> bool {
        match word {
            Word { items: None, value: None, .. } => true,
            Word { items: None, value: Some(Value::Bool(value)), .. } => *value,
            _ => {
                let key = word.name();
                self.error(word.key.span(), format!("`{key}` takes no value"), format!("write `{key}`"));
                true
            }
        }
    }

    /// Reads `key(…)`.
    pub(crate) fn list<'w>(&mut self, word: &'w Word) -> &'w [Item] {
        match word {
            Word { items: Some(items), value: None, .. } => items,
            _ => {
                let key = word.name();
                self.error(word.key.span(), format!("`{key}` takes a list"), format!("write `{key}(…)`"));
                &[]
            }
        }
    }

    /// Reads a string that is one of a few words; `_` and `-` stand for blanks.
    pub(crate) fn choice<T: Copy>(&mut self, text: &Text, what: &str, choices: &[(&str, T)]) -> Option<T> {
        let said = text.value.to_lowercase().replace(['_', '-'], " ");
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some((_, value)) = choices.iter().find(|(word, _)| *word == said) {
            return Some(*value);
        }
        let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        let mut error = Error::unknown(text.span, what, &text.value, &words);
        if let Some(near) = nearest(&said, words.iter().copied()) {
            error = error.help(format!("did you mean `{near}`?"));
        }
        self.errors.push(error);
        None
    }

    /// Puts a value where there is none yet.
    pub(crate) fn set<T>(&mut self, slot: &mut Option<T>, value: Option<T>, word: &Word) {
        if slot.is_some() {
            let message = format!("`{}` is given twice", word.name());
            self.error(word.key.span(), message, "keep one of them");
        } else {
            *slot = value;
        }
    }
}
