//! What a command printed and how it ended.

use std::process;

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
        let text = |bytes: Vec<u8>| {
            let mut text = String::from_utf8_lossy(&bytes).into_owned();
            for (from, to) in replacements {
                text = text.replace(from, to);
            }
            text
        };
        Self { command, code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
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

/// What cargo's lines about its progress start with.
const VERBS: &[&str] =
    &["Adding", "Blocking", "Compiling", "Dirty", "Finished", "Fresh", "Locking", "Removing", "Running", "Updating"];

/// Whether a line is about cargo's progress: a verb that ends in the twelfth column.
fn is_progress(line: &str) -> bool {
    let Some((verb, _)) = line.trim_start().split_once(' ') else { return false };
    VERBS.contains(&verb) && line.len() - line.trim_start().len() + verb.len() == 12
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_told_from_messages() {
        let stderr = "   Compiling shop v0.1.0 ([ROOT])\nerror: x\n  help: y\n    Blocking waiting\n         = note: z\n  Dependency 'x'\n";
        let output = Output { command: String::new(), code: None, stdout: String::new(), stderr: stderr.to_owned() };
        assert_eq!(output.messages(), "error: x\n  help: y\n         = note: z\n  Dependency 'x'\n");
    }
}
