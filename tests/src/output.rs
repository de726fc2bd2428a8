//! What a command printed and how it ended.

use std::process;

use serde_json::Value;

/// A command that ended.
#[derive(Clone, Debug)]
pub struct Output {
    /// What was run, for messages.
    pub command: String,
    /// Its exit code; `None` where a signal ended it.
    pub code: Option<i32>,
    /// What it printed to stdout: names and paths of the temporary project replaced.
    pub stdout: String,
    /// What it printed to stderr, likewise.
    pub stderr: String,
}

impl Output {
    pub(crate) fn new(command: String, output: process::Output, replacements: &[(String, &str)]) -> Self {
        let text = |bytes: &[u8]| {
            let mut text = String::from_utf8_lossy(bytes).into_owned();
            for (from, to) in replacements {
                text = text.replace(from, to);
            }
            text
        };
        let [command, stdout, stderr] = [command.as_bytes(), &output.stdout, &output.stderr].map(text);
        Self { command, code: output.status.code(), stdout, stderr }
    }

    /// Returns it, if it succeeded.
    ///
    /// # Panics
    ///
    /// It did not.
    #[track_caller]
    pub fn success(self) -> Self {
        self.ended(0)
    }

    /// Returns it, if it ended with this code.
    ///
    /// # Panics
    ///
    /// It did not.
    #[track_caller]
    pub fn ended(self, code: i32) -> Self {
        let Self { command, code: found, stdout, stderr } = &self;
        assert_eq!(*found, Some(code), "{command}\n-- stdout\n{stdout}\n-- stderr\n{stderr}");
        self
    }

    /// All of it for a snapshot, without what differs from one run to the next: times and versions made of times.
    pub fn snapshot(&self) -> String {
        let Self { command, code, stdout, stderr } = self;
        let code = code.map_or_else(|| "a signal".to_owned(), |code| code.to_string());
        stable(&format!("$ {command}\n{stdout}-- stderr\n{stderr}-- exit {code}\n"))
    }

    /// The JSON document on stdout, which must be all that is there.
    ///
    /// # Panics
    ///
    /// It is none.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// What cargo printed to stderr besides the progress that it makes: errors and warnings.
    pub fn messages(&self) -> String {
        self.stderr.lines().filter(|line| !is_progress(line)).map(|line| format!("{line}\n")).collect()
    }

    /// Whether cargo (run with `-v`) found that of this package nothing is to be built.
    pub fn is_fresh(&self, package: &str) -> bool {
        let fresh = format!("Fresh {package} ");
        self.stderr.lines().any(|line| line.trim_start().starts_with(&fresh))
    }
}

/// Replaces what depends on the clock.
pub fn stable(text: &str) -> String {
    let forms: [(&str, &str); 6] = [
        ("####-##-##T##:##:##", "[NOW]"),
        ("(# ms)", "([TIME])"),
        ("(## ms)", "([TIME])"),
        ("(### ms)", "([TIME])"),
        ("(#.# s)", "([TIME])"),
        ("20############", "[VERSION]"),
    ];
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        match forms.iter().find(|(form, _)| has_form(rest, form)) {
            Some((form, placeholder)) => {
                out.push_str(placeholder);
                rest = &rest[form.len()..];
                if form.contains('T') {
                    rest = rest
                        .strip_prefix('.')
                        .map_or(rest, |rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
                    rest = rest.strip_prefix('Z').unwrap_or(rest);
                }
            }
            None => {
                out.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    out
}

/// Whether a text starts with this form; `#` is a digit.
fn has_form(text: &str, form: &str) -> bool {
    text.len() >= form.len()
        && text
            .bytes()
            .zip(form.bytes())
            .all(|(byte, form)| if form == b'#' { byte.is_ascii_digit() } else { byte == form })
}

/// What cargo's lines about its progress start with.
const VERBS: &[&str] = &[
    "Adding",
    "Blocking",
    "Checking",
    "Compiling",
    "Dirty",
    "Finished",
    "Fresh",
    "Locking",
    "Removing",
    "Running",
    "Updating",
];

/// Whether a line is about cargo's progress: a verb that ends in the twelfth column.
fn is_progress(line: &str) -> bool {
    let Some((verb, _)) = line.trim_start().split_once(' ') else { return false };
    VERBS.contains(&verb) && line.len() - line.trim_start().len() + verb.len() == 12
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_clock_says_is_hidden() {
        let text = "Applied 20261123013000 a (12 ms)\nat 2026-11-23T01:30:00.123456Z, 2026-11-23T01:30:00 (1.5 s) 2026";
        assert_eq!(stable(text), "Applied [VERSION] a ([TIME])\nat [NOW], [NOW] ([TIME]) 2026");
    }

    #[test]
    fn progress_is_told_from_messages() {
        let stderr = "   Compiling shop v0.1.0 ([ROOT])\nerror: x\n  help: y\n    Blocking waiting\n         = note: z\n  Dependency 'x'\n";
        let output = Output { command: String::new(), code: None, stdout: String::new(), stderr: stderr.to_owned() };
        assert_eq!(output.messages(), "error: x\n  help: y\n         = note: z\n  Dependency 'x'\n");
    }
}
