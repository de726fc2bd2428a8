//! The one error that commands return: what kind it is, what happened, and what cures it.

use std::error::Error;
use std::fmt;

use crate::exit_code::ExitCode;

/// What kind of error ends a command; it decides the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The command refuses, or what it did failed.
    Refused,
    /// The command line or the configuration is wrong.
    Usage,
    /// The database is unreachable or reported an error.
    Database,
    /// There is work to do that the caller wanted to be told of.
    Pending,
    /// The user interrupted it.
    Interrupted,
}

impl ErrorKind {
    /// The exit code it leads to.
    pub const fn exit_code(self) -> ExitCode {
        match self {
            Self::Refused => ExitCode::Refused,
            Self::Usage => ExitCode::Usage,
            Self::Database => ExitCode::Database,
            Self::Pending => ExitCode::Pending,
            Self::Interrupted => ExitCode::Interrupted,
        }
    }

    /// Its name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Usage => "usage",
            Self::Database => "database",
            Self::Pending => "pending",
            Self::Interrupted => "interrupted",
        }
    }
}

/// Why a command ended without doing what it was asked to.
#[derive(Debug)]
pub struct CommandError {
    /// Its kind.
    pub kind: ErrorKind,
    /// What happened; its sources are printed below it, each once.
    pub error: Box<dyn Error + Send + Sync>,
    /// A piece of the source that it points into, rendered with its caret.
    pub snippet: Option<String>,
    /// Context, one line each.
    pub notes: Vec<String>,
    /// What cures it, one line each; the first names a command where there is one.
    pub helps: Vec<String>,
}

impl CommandError {
    /// An error of `kind`; `error` may be a string.
    pub fn new(kind: ErrorKind, error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { kind, error: error.into(), snippet: None, notes: Vec::new(), helps: Vec::new() }
    }

    /// An error of kind [`ErrorKind::Refused`].
    pub fn refused(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(ErrorKind::Refused, error)
    }

    /// An error of kind [`ErrorKind::Usage`].
    pub fn usage(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(ErrorKind::Usage, error)
    }

    /// An error of kind [`ErrorKind::Database`].
    pub fn database(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(ErrorKind::Database, error)
    }

    /// Adds what cures it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.helps.push(help.into());
        self
    }

    /// Adds what cures it, where that is known.
    #[must_use]
    pub fn maybe_help(mut self, help: Option<impl Into<String>>) -> Self {
        self.helps.extend(help.map(Into::into));
        self
    }

    /// Adds context.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// The texts of its causes, outermost first; a cause whose text the one above it already ends with is left out.
    pub fn causes(&self) -> Vec<String> {
        let mut above = self.error.to_string();
        let mut causes = Vec::new();
        let mut next = self.error.source();
        while let Some(cause) = next {
            let text = cause.to_string();
            if !above.ends_with(&text) {
                causes.push(text.clone());
                above = text;
            }
            next = cause.source();
        }
        causes
    }
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl Error for CommandError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.error.source()
    }
}

/// Reading or writing a file failed; `fs_err` names it.
impl From<std::io::Error> for CommandError {
    fn from(error: std::io::Error) -> Self {
        Self::refused(error)
    }
}

impl From<crate::config::ConfigError> for CommandError {
    fn from(error: crate::config::ConfigError) -> Self {
        let help = error.help();
        Self::usage(error).maybe_help(help)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{text}")]
    struct Chained {
        text: &'static str,
        source: Option<Box<Chained>>,
    }

    #[test]
    fn a_cause_is_told_once() {
        let root = Chained { text: "no such file", source: None };
        let middle = Chained { text: "can't read `a`: no such file", source: Some(Box::new(root)) };
        let top = Chained { text: "can't load", source: Some(Box::new(middle)) };
        assert_eq!(CommandError::refused(top).causes(), ["can't read `a`: no such file"]);
    }
}
