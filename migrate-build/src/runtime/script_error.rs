//! A migration's statement that the server refused, in the script's own terms.

use std::fmt;

use super::blocked::{Blocker, DEADLOCK, LOCK_NOT_AVAILABLE, SERIALIZATION};
use crate::direction::Direction;
use crate::position::Position;

/// A statement of a migration that the server refused.
#[derive(Debug)]
pub struct ScriptError {
    /// The migration.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// Up or down.
    pub direction: Direction,
    /// The script's file, relative to the package.
    pub file: String,
    /// The script's text, for showing its lines.
    pub text: String,
    /// Byte offset of the error in `text`.
    pub offset: usize,
    /// The same as line and column.
    pub position: Position,
    /// Which statement failed, from 1; `None` where it is the transaction's end (a deferred constraint).
    pub statement: Option<usize>,
    /// Whether the migration's effects are rolled back; outside a transaction the finished statements stay.
    pub rolled_back: bool,
    /// SQLSTATE.
    pub code: String,
    /// The server's message.
    pub message: String,
    /// The server's detail.
    pub detail: Option<String>,
    /// The server's hint.
    pub hint: Option<String>,
    /// The server's context (`where`).
    pub context: Option<String>,
    /// How often it was tried.
    pub attempts: u32,
    /// Who was in the way, where it could not get a lock, as far as that can be seen.
    pub blockers: Vec<Blocker>,
    /// The driver's error.
    pub source: tokio_postgres::Error,
}

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {} (SQLSTATE {}", self.file, self.position, self.message, self.code)?;
        match self.statement {
            Some(statement) => write!(f, ", statement {statement})")?,
            None => write!(f, ", at the end of the transaction)")?,
        }
        for (what, text) in [("detail", &self.detail), ("hint", &self.hint), ("context", &self.context)] {
            if let Some(text) = text {
                write!(f, "\n{what}: {text}")?;
            }
        }
        if self.attempts > 1 {
            write!(f, "\ntried {} times", self.attempts)?;
        }
        for blocker in &self.blockers {
            write!(f, "\nin the way: {blocker}")?;
        }
        Ok(())
    }
}

// The source's text is part of the message already, so `source()` gives nothing: a chain would say it twice.
impl std::error::Error for ScriptError {}

impl ScriptError {
    /// What cures it, for the states that have a known cure.
    pub fn help(&self) -> Option<String> {
        Some(match self.code.as_str() {
            "25001" => "add `--! transaction = false` as the file's first line".to_owned(),
            "42501" => "connect with a role that has the right, or grant it".to_owned(),
            LOCK_NOT_AVAILABLE => "nothing of it is applied: run it again when nobody is in the way, allow a longer \
                 `lock-timeout`, or let it queue, and everybody behind it, by `--on-blocked wait`"
                .to_owned(),
            DEADLOCK | SERIALIZATION => "run the same command again".to_owned(),
            "57014" => return None,
            _ if self.rolled_back => {
                format!("the migration is rolled back: correct {} and run the command again", self.file)
            }
            _ => format!(
                "the statements before it stay: correct {} from this statement on and run the command again",
                self.file
            ),
        })
    }
}
