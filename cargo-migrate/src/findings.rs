//! Findings and places in scripts, as commands show them.

use std::path::Path;

use migrate_build::diagnostic::{Diagnostic, Label, Level, Span};
use migrate_build::migration::dir::Folder;
use migrate_build::render::{Style, render};
use migrate_build::runtime::ScriptError;
use migrate_build::statements;
use serde_json::{Value, json};

use crate::ui::Ui;

/// Prints findings to stderr, each with the lines that it points at.
pub fn print(ui: &mut Ui, package: &Path, folder: &Folder, findings: &[Diagnostic]) {
    if findings.is_empty() {
        return;
    }
    let source = |path: &Path| match path.strip_prefix(&folder.shown) {
        Ok(relative) => folder.text(relative).ok(),
        Err(_) => fs_err::read_to_string(package.join(path)).ok(),
    };
    let text = render(findings, &source, Style { color: ui.colors_stderr(), width: None });
    ui.block(&text);
    ui.block("");
}

/// How many of the findings refuse.
pub fn refusing(findings: &[Diagnostic]) -> usize {
    findings.iter().filter(|finding| finding.level == Level::Deny).count()
}

/// Returns "2 errors, 1 warning"; `None` where there is neither.
pub fn summary(findings: &[Diagnostic]) -> Option<String> {
    let errors = refusing(findings);
    let counted = |count: usize, what: &str| match count {
        0 => None,
        1 => Some(format!("1 {what}")),
        _ => Some(format!("{count} {what}s")),
    };
    let parts: Vec<String> =
        [counted(errors, "error"), counted(findings.len() - errors, "warning")].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// A finding's shape in JSON.
pub fn to_json(finding: &Diagnostic) -> Value {
    let Diagnostic { rule, level, message, labels, notes, helps } = finding;
    let labels: Vec<Value> = labels
        .iter()
        .map(|Label { path, span, text }| {
            json!({
                "file": path, "line": span.map(|span| span.line), "column": span.map(|span| span.column), "text": text,
            })
        })
        .collect();
    let level = match level {
        Level::Allow => "allow",
        Level::Warn => "warn",
        Level::Deny => "deny",
    };
    json!({ "rule": rule, "level": level, "message": message, "labels": labels, "notes": notes, "helps": helps })
}

/// A place in a script that an error points at, with the script's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    finding: Diagnostic,
    text: String,
}

impl Excerpt {
    /// The place that the server complains of.
    pub fn of(error: ScriptError) -> Self {
        let ScriptError { file, text, offset, statement, .. } = error;
        Self::at(file, text, offset, statement)
    }

    /// The place `offset` of a script; `statement` is `None` where the transaction's end failed.
    pub fn at(file: String, text: String, offset: usize, statement: Option<usize>) -> Self {
        let span = Span::new(&text, offset, end_of_word(&text, offset));
        let what = match statement {
            Some(number) => format!("statement {number}"),
            None => "found when the transaction ended".to_owned(),
        };
        let mut labels = vec![Label { path: file.clone().into(), span: Some(span), text: what }];
        labels.extend(around(&text, offset).map(|span| Label {
            path: file.into(),
            span: Some(span),
            text: String::new(),
        }));
        let finding = Diagnostic {
            rule: "sql",
            level: Level::Deny,
            message: String::new(),
            labels,
            notes: Vec::new(),
            helps: Vec::new(),
        };
        Self { finding, text }
    }

    /// `file:line:column`.
    pub fn location(&self) -> String {
        self.finding.location()
    }

    /// The place's lines with a caret, for printing below a message.
    pub fn render(&self, color: bool) -> String {
        let source = |_: &Path| Some(self.text.clone());
        let text = render(std::slice::from_ref(&self.finding), &source, Style { color, width: None });
        // The first line is the title, and the error above says more.
        text.split_once('\n').map_or_else(String::new, |(_, lines)| lines.to_owned())
    }
}

/// The statement at `offset`, or of a long one the lines around.
fn around(text: &str, offset: usize) -> Option<Span> {
    const LINES: usize = 6;
    let statements = statements::split(text).ok()?;
    let statement = statements.into_iter().rfind(|statement| statement.range.start <= offset)?.range;
    let (before, after) = (text.get(statement.start..offset)?, text.get(offset..statement.end.max(offset))?);
    let start = before.rmatch_indices('\n').nth(LINES).map_or(statement.start, |(at, _)| statement.start + at + 1);
    let end = after.match_indices('\n').nth(LINES).map_or(statement.end.max(offset), |(at, _)| offset + at);
    Some(Span::new(text, start, end))
}

/// The end of the word at `offset`: what a caret underlines.
fn end_of_word(text: &str, offset: usize) -> usize {
    let rest = text.get(offset..).unwrap_or_default();
    let length = match rest.strip_prefix('"') {
        Some(quoted) => quoted.find(['"', '\n']).map_or(rest.len(), |at| at + 2),
        None => rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len()),
    };
    let first = rest.chars().next().map_or(0, char::len_utf8);
    offset + length.max(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caret_underlines_a_word() {
        let text = "select é_1, \"a b\" from t;";
        for (at, word) in [(0, "select"), (7, "é_1"), (13, "\"a b\""), (11, ","), (text.len(), "")] {
            assert_eq!(text.get(at..end_of_word(text, at)), Some(word));
        }
    }

    #[test]
    fn counts_errors_and_warnings() {
        let finding = |level| Diagnostic {
            rule: "r",
            level,
            message: String::new(),
            labels: Vec::new(),
            notes: Vec::new(),
            helps: Vec::new(),
        };
        let (deny, warn) = (finding(Level::Deny), finding(Level::Warn));
        assert_eq!(summary(&[]), None);
        assert_eq!(summary(&[deny.clone(), warn.clone(), warn.clone()]).as_deref(), Some("1 error, 2 warnings"));
        assert_eq!(summary(&[warn]).as_deref(), Some("1 warning"));
        assert_eq!(refusing(&[deny]), 1);
    }
}
