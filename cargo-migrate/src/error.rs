//! The one error that commands return: what kind it is, what happened, and what cures it.

use std::error::Error;
use std::fmt;

use migrate_build::Diagnostic;
use migrate_build::runtime::{self, ScriptError};

use crate::config::ConfigError;
use crate::engine::connect_error::ConnectError;
use crate::engine::tls::TlsError;
use crate::exit_code::ExitCode;
use crate::findings::Excerpt;

/// What kind of error ends a command; it decides the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The command refuses, or what it did failed.
    Refused,
    /// The command line or the configuration is wrong.
    Usage,
    /// The database is unreachable or reported an error.
    Database,
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
            Self::Interrupted => ExitCode::Interrupted,
        }
    }

    /// Its name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Usage => "usage",
            Self::Database => "database",
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
    /// A text of several lines that belongs to it, such as the output of a program.
    pub snippet: Option<String>,
    /// The findings that it sums up; they are printed already.
    pub findings: Box<[Diagnostic]>,
    /// The place in a script that it points at.
    pub excerpt: Option<Box<Excerpt>>,
    /// Context, one line each.
    pub notes: Vec<String>,
    /// What cures it, one line each; the first names a command where there is one.
    pub helps: Vec<String>,
}

impl CommandError {
    /// An error of `kind`; `error` may be a string.
    pub fn new(kind: ErrorKind, error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            kind,
            error: error.into(),
            snippet: None,
            findings: Box::default(),
            excerpt: None,
            notes: Vec::new(),
            helps: Vec::new(),
        }
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

impl From<ConfigError> for CommandError {
    fn from(error: ConfigError) -> Self {
        let help = error.help();
        Self::usage(error).maybe_help(help)
    }
}

impl From<TlsError> for CommandError {
    fn from(error: TlsError) -> Self {
        let help = error.help();
        Self::usage(error).maybe_help(help)
    }
}

impl From<ConnectError> for CommandError {
    fn from(error: ConnectError) -> Self {
        let help = error.help();
        let kind = if error.is_usage() { ErrorKind::Usage } else { ErrorKind::Database };
        Self::new(kind, error).maybe_help(help)
    }
}

impl From<migrate_build::Error> for CommandError {
    fn from(error: migrate_build::Error) -> Self {
        let help = error.help();
        let kind = match error {
            migrate_build::Error::Settings(_) | migrate_build::Error::Option { .. } => ErrorKind::Usage,
            _ => ErrorKind::Refused,
        };
        Self::new(kind, error).maybe_help(help)
    }
}

impl From<runtime::Error> for CommandError {
    fn from(error: runtime::Error) -> Self {
        let help = error.help();
        let kind = match error.kind() {
            runtime::ErrorKind::Refused | runtime::ErrorKind::Failed => ErrorKind::Refused,
            runtime::ErrorKind::Usage => ErrorKind::Usage,
            runtime::ErrorKind::Database => ErrorKind::Database,
        };
        match error {
            runtime::Error::Script(script) => Self::from(*script),
            // All that the server says is in the message; the driver's error would only say it again.
            runtime::Error::Database { .. } => Self::new(kind, error.to_string()),
            error => Self::new(kind, error),
        }
        .maybe_help(help)
    }
}

impl From<ScriptError> for CommandError {
    fn from(error: ScriptError) -> Self {
        let ScriptError { version, name, direction, message, code, .. } = &error;
        let message =
            format!("the {direction} script of migration {version} {name} fails: {message} (SQLSTATE {code})");
        let notes = [("detail", &error.detail), ("hint", &error.hint), ("context", &error.context)];
        let notes = notes.into_iter().filter_map(|(what, text)| Some(format!("{what}: {}", text.as_ref()?)));
        let tried = (error.attempts > 1).then(|| format!("tried {} times", error.attempts));
        let notes =
            notes.chain(tried).chain(error.blockers.iter().map(|blocker| format!("in the way: {blocker}"))).collect();
        Self { excerpt: Some(Box::new(Excerpt::of(error))), notes, ..Self::refused(message) }
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
