//! Findings as plain data: what a rule has to say, and where. Rendering them is `render`'s work.

use std::path::{Path, PathBuf};

use crate::position::Position;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Not reported.
    Allow,
    /// Reported; nothing is refused.
    Warn,
    /// Reported; the build fails and commands refuse.
    Deny,
}

/// A range of a file's text, after folding (LF, no byte-order mark).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Line of the first byte, from 1.
    pub line: usize,
    /// Column of the first byte in characters, from 1.
    pub column: usize,
}

impl Span {
    /// The span of `start..end` in `text`; offsets past the end or inside a character are moved back to a boundary.
    pub fn new(text: &str, start: usize, end: usize) -> Self {
        let start = text.floor_char_boundary(start.min(text.len()));
        let end = text.floor_char_boundary(end.min(text.len())).max(start);
        let position = Position::of(text, start);
        Self { start, end, line: position.line, column: position.column }
    }
}

/// A place that a finding points at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The file, relative to the package's root (`migrations/versions/V1__create_books.sql`).
    pub path: PathBuf,
    /// The range in it; `None` points at the file as a whole.
    pub span: Option<Span>,
    /// What is to be seen there; may be empty. A label without a text that encloses the first one only keeps its lines in view.
    pub text: String,
}

/// One finding. The message stands alone and never says how to mend it: `helps` do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule's name, kebab-case.
    pub rule: &'static str,
    /// Its level after configuration.
    pub level: Level,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// Where; the first label is the primary one. Empty only for findings about the folder as a whole.
    pub labels: Vec<Label>,
    /// Context.
    pub notes: Vec<String>,
    /// How to mend it; the first names the command or the edit that cures it.
    pub helps: Vec<String>,
}

impl Diagnostic {
    /// `path:line:column` of the primary label, `path` where it has no span, empty where there is no label.
    pub fn location(&self) -> String {
        match self.labels.first() {
            None => String::new(),
            Some(Label { path, span: None, .. }) => path.display().to_string(),
            Some(Label { path, span: Some(span), .. }) => {
                format!("{}:{}:{}", path.display(), span.line, span.column)
            }
        }
    }
}

/// Sorts findings by place, then by rule, so that they come out in one order wherever they were found first.
pub fn sort(findings: &mut [Diagnostic]) {
    findings.sort_by(|a, b| order(a).cmp(&order(b)));
}

fn order(finding: &Diagnostic) -> (Option<&Path>, Option<usize>, &str, &str) {
    let label = finding.labels.first();
    let start = label.and_then(|label| label.span).map(|span| span.start);
    (label.map(|label| label.path.as_path()), start, finding.rule, &finding.message)
}
