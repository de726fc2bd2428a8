//! What cargo is told: one `cargo::` line for each line that it shall print.

use std::error::Error as _;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use crate::diagnostic::{Diagnostic, Level};
use crate::error::{Error, Mistake};
use crate::render::{Style, render, short};

/// So many warnings are printed: cargo repeats them at every build, and a folder that comes from another tool may have
/// thousands.
const WARNINGS: usize = 10;

/// Asks cargo to run the build script again when `path`, or anything in it, changes.
pub(super) fn rerun_if_changed(path: &Path) {
    let path = path.display().to_string();
    // A line end would start a directive of its own; without this one cargo looks at the whole package.
    if !path.contains(['\n', '\r']) {
        out(&[format!("cargo::rerun-if-changed={path}")]);
    }
}

/// Reports what stopped the work.
pub(super) fn error(error: &Error) {
    out(&directives(Level::Deny, &lines(error)));
}

/// Reports findings: in short to cargo, and with the source that they point at to the build script's own output.
pub(super) fn findings(findings: &[Diagnostic], package: &Path) {
    let (shown, left) = selected(findings);
    let mut output = Vec::new();
    for finding in &shown {
        output.extend(directives(finding.level, &short(finding)));
    }
    if left > 0 {
        let more = format!("{left} more warning{}: `cargo migrate check` shows all", if left == 1 { "" } else { "s" });
        output.extend(directives(Level::Warn, &[more]));
    }
    out(&output);
    let source = |path: &Path| {
        let text = fs::read_to_string(package.join(path)).ok()?;
        Some(text.strip_prefix('\u{feff}').unwrap_or(&text).replace("\r\n", "\n"))
    };
    let text = render(&shown, &source, Style { color: false, width: None });
    // Nobody is left to be told where this fails.
    drop(io::stderr().write_all(text.as_bytes()));
}

/// The errors and the first warnings, and how many warnings are left out.
fn selected(findings: &[Diagnostic]) -> (Vec<Diagnostic>, usize) {
    let (errors, warnings): (Vec<&Diagnostic>, Vec<&Diagnostic>) =
        findings.iter().partition(|finding| finding.level == Level::Deny);
    let left = warnings.len().saturating_sub(WARNINGS);
    (errors.into_iter().chain(warnings.into_iter().take(WARNINGS)).cloned().collect(), left)
}

fn directives(level: Level, lines: &[String]) -> Vec<String> {
    let kind = if level == Level::Deny { "error" } else { "warning" };
    lines.iter().map(|line| format!("cargo::{kind}={}", line.replace(['\n', '\r'], " "))).collect()
}

fn lines(error: &Error) -> Vec<String> {
    if let Error::Settings(mistakes) = error {
        let lines = mistakes.iter().flat_map(|Mistake { path, position, message, help }| {
            [message.clone(), format!("  --> {}:{position}", path.display()), format!("  help: {help}")]
        });
        return lines.collect();
    }
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        message.push_str(": ");
        message.push_str(&error.to_string());
        cause = error.source();
    }
    let mut lines = vec![message];
    lines.extend(error.help().map(|help| format!("  help: {help}")));
    lines
}

fn out(lines: &[String]) {
    let mut text = lines.join("\n");
    if !text.is_empty() {
        text.push('\n');
    }
    drop(io::stdout().write_all(text.as_bytes()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::position::Position;
    use crate::rules;

    #[test]
    fn an_error_has_its_cause_and_its_cure() {
        let error = Error::Read { path: "a.sql".into(), source: io::ErrorKind::PermissionDenied.into() };
        assert_eq!(
            directives(Level::Deny, &lines(&error)),
            [
                "cargo::error=failed to read `a.sql`: permission denied",
                "cargo::error=  help: let the user that builds read it"
            ]
        );
    }

    #[test]
    fn every_mistake_has_its_own_cure() {
        let mistake = |message: &str| Mistake {
            path: "Cargo.toml".into(),
            position: Position { line: 2, column: 1 },
            message: message.to_owned(),
            help: format!("cure of {message}"),
        };
        assert_eq!(
            lines(&Error::Settings(vec![mistake("a"), mistake("b")])),
            ["a", "  --> Cargo.toml:2:1", "  help: cure of a", "b", "  --> Cargo.toml:2:1", "  help: cure of b"]
        );
    }

    #[test]
    fn no_line_can_pass_for_a_directive() {
        let error = Error::MissingFolder { path: "a\ncargo::rustc-cfg=x".into(), scripts_above: false };
        assert!(directives(Level::Deny, &lines(&error)).iter().all(|line| !line.contains('\n')));
    }

    #[test]
    fn errors_come_first_and_warnings_are_counted() {
        let mut findings = vec![rules::MISSING_DOWN.finding("x"); WARNINGS + 2];
        findings.push(rules::SYNTAX_ERROR.finding("y"));
        let (shown, left) = selected(&findings);
        assert_eq!((shown.len(), left), (WARNINGS + 1, 2));
        assert_eq!(shown[0].message, "y");
    }
}
