//! Findings as GitHub's workflow commands, which show them beside the lines of a pull request.

use std::fmt::Write;

use migrate_build::diagnostic::{Diagnostic, Level};

/// One line a finding: `::warning file=…,line=…,col=…,title=…::message`. Paths start with `prefix`, the package's folder in the repository.
pub fn to_github(findings: &[&Diagnostic], prefix: &str) -> String {
    let mut out = String::new();
    for Diagnostic { rule, level, message, labels, notes, helps } in findings {
        let command = if *level == Level::Deny { "error" } else { "warning" };
        let mut place = String::new();
        if let Some(label) = labels.first() {
            let path = label.path.to_string_lossy().replace('\\', "/");
            _ = write!(place, "file={},", property(&format!("{prefix}{path}")));
            if let Some(span) = label.span {
                _ = write!(place, "line={},col={},", span.line, span.column);
            }
        }
        let mut text = message.clone();
        if let Some(label) = labels.first().filter(|label| !label.text.is_empty()) {
            _ = write!(text, "\n{}", label.text);
        }
        for note in notes {
            _ = write!(text, "\nnote: {note}");
        }
        for help in helps {
            _ = write!(text, "\nhelp: {help}");
        }
        _ = writeln!(out, "::{command} {place}title={}::{}", property(rule), data(&text));
    }
    out
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use migrate_build::diagnostic::{Label, Span};

    use super::*;

    #[test]
    fn a_finding_is_a_line() {
        let finding = Diagnostic {
            rule: "long-lock",
            level: Level::Warn,
            message: "100% of `t`".to_owned(),
            labels: vec![Label {
                path: "m/V1__a,b.sql".into(),
                span: Some(Span::new("\n x", 2, 3)),
                text: "SHARE".to_owned(),
            }],
            notes: vec!["n".to_owned()],
            helps: vec!["h".to_owned()],
        };
        assert_eq!(
            to_github(&[&finding], "db/"),
            "::warning file=db/m/V1__a%2Cb.sql,line=2,col=2,title=long-lock::100%25 of `t`%0ASHARE%0Anote: n%0Ahelp: h\n"
        );
        let bare = Diagnostic { level: Level::Deny, labels: vec![], notes: vec![], helps: vec![], ..finding };
        assert_eq!(to_github(&[&bare], ""), "::error title=long-lock::100%25 of `t`\n");
    }
}
