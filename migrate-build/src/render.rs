//! Findings as text, in the form that rustc has made familiar: the one importer of `annotate_snippets`.

use std::path::Path;

use annotate_snippets::renderer::DEFAULT_TERM_WIDTH;
use annotate_snippets::{AnnotationKind, Element, Group, Origin, Renderer, Snippet};

use crate::diagnostic::{Diagnostic, Label, Level, Span};

/// How to render; the caller knows what it writes to.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Whether to colour by ANSI escapes.
    pub color: bool,
    /// The terminal's width; `None` where there is no terminal.
    pub width: Option<usize>,
}

/// Renders findings with the source that they point at, an empty line between two. `source` gives the folded text of a
/// file by its label's path, or `None` where it can't be read.
pub fn render(diagnostics: &[Diagnostic], source: &dyn Fn(&Path) -> Option<String>, style: Style) -> String {
    let Style { color, width } = style;
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.term_width(width.unwrap_or(DEFAULT_TERM_WIDTH));
    let mut out = String::new();
    for diagnostic in diagnostics {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&renderer.render(&[group(diagnostic, source)]));
        out.push('\n');
    }
    out
}

/// The finding in plain lines, as cargo prints them of a build script: the message, `--> file:line:column`, the helps.
///
/// No line holds a control character, so that nothing in a file's name can pass for a directive of its own.
pub fn short(diagnostic: &Diagnostic) -> Vec<String> {
    let mut lines = vec![format!("[{}] {}", diagnostic.rule, diagnostic.message)];
    let location = diagnostic.location();
    if !location.is_empty() {
        lines.push(format!("  --> {location}"));
    }
    lines.extend(diagnostic.helps.iter().map(|help| format!("  help: {help}")));
    lines.iter().map(|line| one_line(line)).collect()
}

fn group<'a>(diagnostic: &'a Diagnostic, source: &dyn Fn(&Path) -> Option<String>) -> Group<'a> {
    let level = match diagnostic.level {
        Level::Deny => annotate_snippets::Level::ERROR,
        Level::Warn | Level::Allow => annotate_snippets::Level::WARNING,
    };
    let mut group = Group::with_title(level.primary_title(one_line(&diagnostic.message)).id(diagnostic.rule));
    let mut unplaced = Vec::new();
    let mut paths: Vec<&Path> = Vec::new();
    for label in &diagnostic.labels {
        if !paths.contains(&label.path.as_path()) {
            paths.push(&label.path);
        }
    }
    for &path in &paths {
        let labels = diagnostic.labels.iter().enumerate().filter(|(_, label)| label.path == path);
        group = group.element(place(path, labels, source, &mut unplaced));
    }
    let unplaced = unplaced.into_iter().filter(|label| !diagnostic.message.contains(&label.text)).map(|label| {
        if paths.len() > 1 { format!("{}: {}", label.path.display(), label.text) } else { label.text.clone() }
    });
    let notes = unplaced.chain(diagnostic.notes.iter().cloned());
    let notes = notes.map(|note| annotate_snippets::Level::NOTE.message(one_line(&note)));
    let helps = diagnostic.helps.iter().map(|help| annotate_snippets::Level::HELP.message(one_line(help)));
    group.elements(notes).elements(helps)
}

/// One file: its source with the labels below it, or its bare name where there is nothing to be shown of it. Labels that
/// can't be shown in place go to `unplaced`.
fn place<'a>(
    path: &Path,
    labels: impl Iterator<Item = (usize, &'a Label)>,
    source: &dyn Fn(&Path) -> Option<String>,
    unplaced: &mut Vec<&'a Label>,
) -> Element<'a> {
    let shown = one_line(&path.display().to_string());
    let text = source(path);
    let mut annotations = Vec::new();
    let mut first_line = None;
    let mut first = None;
    for (at, label) in labels {
        let fits = |text: &String| label.span.filter(|span| text.get(span.start..span.end).is_some());
        if let Some(span) = text.as_ref().and_then(fits) {
            first = first.or((at == 0).then_some(span));
            let kind = match at {
                0 => AnnotationKind::Primary,
                // It encloses the first one, and is there for its lines to be seen.
                _ if label.text.is_empty() && first.is_some_and(|first| encloses(span, first)) => {
                    AnnotationKind::Visible
                }
                _ => AnnotationKind::Context,
            };
            let text = (!label.text.is_empty()).then(|| one_line(&label.text));
            annotations.push(kind.span(span.start..span.end).label(text));
            continue;
        }
        first_line = first_line.or(label.span.map(|span| (span.line, span.column)));
        unplaced.push(label);
    }
    match text {
        Some(text) if !annotations.is_empty() => Snippet::source(text).path(shown).annotations(annotations).into(),
        _ => {
            let origin = Origin::path(shown);
            match first_line {
                Some((line, column)) => origin.line(line).char_column(column).into(),
                None => origin.into(),
            }
        }
    }
}

/// Control characters as Rust writes them: names of files may hold any.
fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    out
}

fn encloses(outer: Span, inner: Span) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    const SQL: &str = "--! parents = [7]\ncreate table t (ä int,, b int);\n";
    const PLAIN: Style = Style { color: false, width: None };

    fn finding() -> Diagnostic {
        let a = PathBuf::from("migrations/versions/V2__a.sql");
        Diagnostic {
            rule: "some-rule",
            level: Level::Deny,
            message: "something is wrong".to_owned(),
            labels: vec![
                Label { path: a.clone(), span: Some(Span::new(SQL, 41, 42)), text: "here".to_owned() },
                Label { path: PathBuf::from("b.sql"), span: Some(Span::new(SQL, 4, 17)), text: "and there".to_owned() },
                Label { path: a, span: Some(Span::new(SQL, 4, 11)), text: String::new() },
            ],
            notes: vec!["there is a reason".to_owned()],
            helps: vec!["do this".to_owned(), "or that".to_owned()],
        }
    }

    #[test]
    fn shows_every_file_of_a_finding() {
        let two = [finding(), Diagnostic { level: Level::Warn, labels: vec![], ..finding() }];
        insta::assert_snapshot!(render(&two, &|_| Some(SQL.to_owned()), PLAIN));
    }

    #[test]
    fn does_without_the_source_or_the_span() {
        let mut finding = finding();
        insta::assert_snapshot!("no_source", render(&[finding.clone()], &|_| None, PLAIN));
        // The file changed since it was checked: its spans are past the end.
        insta::assert_snapshot!("other_source", render(&[finding.clone()], &|_| Some("ä".to_owned()), PLAIN));
        finding.labels.truncate(1);
        finding.labels[0].span = None;
        insta::assert_snapshot!("no_span", render(&[finding], &|_| Some(SQL.to_owned()), PLAIN));
    }

    #[test]
    fn colours_on_demand_only() {
        let source = |_: &Path| Some(SQL.to_owned());
        assert!(!render(&[finding()], &source, PLAIN).contains('\u{1b}'));
        assert!(render(&[finding()], &source, Style { color: true, width: Some(40) }).contains('\u{1b}'));
    }

    #[test]
    fn short_lines_can_be_no_directives() {
        let mut finding = finding();
        assert_eq!(
            short(&finding),
            [
                "[some-rule] something is wrong",
                "  --> migrations/versions/V2__a.sql:2:23",
                "  help: do this",
                "  help: or that",
            ]
        );
        finding.message = "`V1__a\ncargo::rustc-cfg=x` \u{1b}[31m".to_owned();
        finding.labels[0].path = PathBuf::from("a\r\nb");
        assert_eq!(
            short(&finding)[..2],
            ["[some-rule] `V1__a\\ncargo::rustc-cfg=x` \\u{1b}[31m", "  --> a\\r\\nb:2:23"]
        );
    }
}
