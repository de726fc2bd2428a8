//! The files that were read, and places in them.

use std::ops::Range;
use std::path::{Path, PathBuf};

use migrate_build::diagnostic::{Diagnostic, Label, Span};
use migrate_build::rules::Rule;

/// A range of one of the files that were read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Which file of [`Sources`].
    pub(super) file: usize,
    /// Its first byte there.
    pub(super) start: usize,
    /// One past the last.
    pub(super) end: usize,
}

impl Place {
    pub(super) fn new(file: usize, range: Range<usize>) -> Self {
        Self { file, start: range.start, end: range.end }
    }
}

/// The files that were read: names relative to the package, texts with LF and without a byte-order mark.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    files: Vec<(PathBuf, String)>,
}

impl Sources {
    /// Adds a file; returns its number.
    pub(super) fn add(&mut self, path: PathBuf, text: String) -> usize {
        self.files.push((path, text));
        self.files.len() - 1
    }

    /// The text of a file, for rendering findings.
    pub fn text(&self, path: &Path) -> Option<&str> {
        self.files.iter().find(|(file, _)| file == path).map(|(_, text)| text.as_str())
    }

    /// The files, relative to the package, in the order in which they were read.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(|(path, _)| path.as_path())
    }

    pub(super) fn get(&self, file: usize) -> (&Path, &str) {
        self.files.get(file).map_or((Path::new(""), ""), |(path, text)| (path.as_path(), text.as_str()))
    }

    /// A label of a finding at a place.
    pub fn label(&self, place: &Place, text: impl Into<String>) -> Label {
        let (path, source) = self.get(place.file);
        let span = Span::new(source, place.start, place.end);
        Label { path: path.to_owned(), span: Some(span), text: text.into() }
    }
}

/// A finding that is being written down.
pub(super) fn finding(rule: &Rule, message: impl Into<String>, label: Label, help: Option<String>) -> Diagnostic {
    Diagnostic { labels: vec![label], helps: help.into_iter().collect(), ..rule.finding(message) }
}

/// Folds a file's text as everything else here reads it.
pub(super) fn fold(text: &str) -> String {
    text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_and_the_ends_of_lines_are_folded() {
        assert_eq!(fold("\u{feff}one\r\ntwo\n"), "one\ntwo\n");
    }
}
