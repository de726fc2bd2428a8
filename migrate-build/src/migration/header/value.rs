//! Values of a header's entries, each with its place: what is of another type is refused there.

use std::ops::Range;
use std::path::Path;
use std::time::Duration;

use toml::de::{DeArray, DeValue};

use super::lines::Lines;
use crate::diagnostic::{Diagnostic, Label, Span};
use crate::migration::duration;
use crate::rules;

/// One entry of the header.
pub(super) struct Value<'a> {
    pub(super) key: &'a str,
    pub(super) at: Range<usize>,
    pub(super) value: &'a DeValue<'a>,
}

pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) shown: &'a Path,
    pub(super) lines: &'a Lines,
    pub(super) out: Vec<Diagnostic>,
}

impl Reader<'_> {
    pub(super) fn refuse(&mut self, at: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        let span = Span::new(self.text, self.lines.in_text(at.start), self.lines.in_text(at.end));
        self.out.push(Diagnostic {
            labels: vec![Label { path: self.shown.to_owned(), span: Some(span), text: String::new() }],
            helps: vec![help.into()],
            ..rules::MALFORMED_HEADER.finding(message)
        });
    }

    pub(super) fn wrong_type(&mut self, at: &Range<usize>, what: &str, found: &DeValue<'_>, help: &str) {
        self.refuse(at.clone(), format!("{what}, found {}", type_of(found)), help);
    }

    pub(super) fn boolean(&mut self, value: &Value<'_>) -> Option<bool> {
        if let DeValue::Boolean(boolean) = value.value {
            return Some(*boolean);
        }
        let what = format!("`{}` takes `true` or `false`", value.key);
        self.wrong_type(&value.at, &what, value.value, &format!("write `{} = false`", value.key));
        None
    }

    pub(super) fn string<'a>(&mut self, value: &Value<'a>, example: &str) -> Option<&'a str> {
        if let DeValue::String(string) = value.value {
            return Some(string);
        }
        let what = format!("`{}` takes a string", value.key);
        self.wrong_type(&value.at, &what, value.value, &format!("write `{} = \"{example}\"`", value.key));
        None
    }

    pub(super) fn list<'a>(&mut self, value: &Value<'a>, of: &str, example: &str) -> Option<&'a DeArray<'a>> {
        if let DeValue::Array(array) = value.value {
            return Some(array);
        }
        let what = format!("`{}` takes a list of {of}", value.key);
        self.wrong_type(&value.at, &what, value.value, &format!("write `{} = [{example}]`", value.key));
        None
    }

    pub(super) fn duration(&mut self, value: &Value<'_>) -> Option<Duration> {
        match duration::parse(self.string(value, "5s")?) {
            Ok(duration) => Some(duration),
            Err(error) => {
                self.refuse(value.at.clone(), format!("`{}`: {error}", value.key), duration::EXAMPLES);
                None
            }
        }
    }

    pub(super) fn lock_timeout(&mut self, value: &Value<'_>) -> Option<Duration> {
        let timeout = self.duration(value)?;
        if timeout.is_zero() {
            let message = format!("`{}`: {}", value.key, duration::NO_LOCK_TIMEOUT);
            self.refuse(value.at.clone(), message, duration::NO_LOCK_TIMEOUT_HELP);
            return None;
        }
        Some(timeout)
    }

    pub(super) fn strings<'a>(&mut self, value: &Value<'a>, of: &str, example: &str) -> Vec<(Range<usize>, &'a str)> {
        let mut strings = Vec::new();
        for item in self.list(value, of, &format!("\"{example}\"")).into_iter().flatten() {
            match item.get_ref() {
                DeValue::String(string) => strings.push((item.span(), string.as_ref())),
                other => {
                    let what = format!("`{}` takes a list of {of}", value.key);
                    let help = format!("write each in quotes, as in `{} = [\"{example}\"]`", value.key);
                    self.wrong_type(&item.span(), &what, other, &help);
                }
            }
        }
        strings
    }
}

fn type_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "a truth value",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
