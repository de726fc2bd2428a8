//! A file of SQL, as a source: taken as it is, statement by statement.

use std::io;
use std::path::PathBuf;

use migrate_build::statements::{self, Kind as StatementKind};

use crate::schema::Kind;

use super::error::ModelsError;
use super::rules;
use super::source::Source;
use super::structs::accepted;
use super::text::{Place, Sources, finding, fold};
use super::wanted::{Coverage, Phase, Statement, Wanted};

/// A script that builds the schema on an empty database.
#[derive(Clone, Debug)]
pub(super) struct SqlFile {
    pub(super) root: PathBuf,
    pub(super) path: PathBuf,
}

impl Source for SqlFile {
    fn kind(&self) -> &'static str {
        "SQL"
    }

    fn wanted(&self) -> Result<Wanted, ModelsError> {
        let text = match fs_err::read_to_string(self.root.join(&self.path)) {
            Ok(text) => fold(&text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(ModelsError::Missing(self.path.clone()));
            }
            Err(error) => return Err(error.into()),
        };
        let mut sources = Sources::default();
        let file = sources.add(self.path.clone(), text.clone());
        let mut findings = Vec::new();
        let mut all = Vec::new();
        let found = statements::split(&text).unwrap_or_else(|error| {
            let place = Place::new(file, error.offset..error.offset + 1);
            let label = sources.label(&place, "opens here");
            let help = Some("close it".to_owned());
            findings.push(finding(&rules::SYNTAX, error.to_string(), label, help));
            Vec::new()
        });
        for statement in found {
            let place = Place::new(file, statement.range.clone());
            let refused = match statement.kind {
                StatementKind::Ordinary | StatementKind::MayCommit(_) => None,
                StatementKind::TransactionControl(words) => Some(format!("`{words}` ends or begins a transaction")),
                StatementKind::OutsideTransaction(words) => Some(format!("`{words}` works in no transaction")),
                StatementKind::CopyFromStdin => Some("`COPY … FROM STDIN` has no data here".to_owned()),
            };
            if let Some(message) = refused {
                let help = Some("a schema is built in one transaction: leave the statement out".to_owned());
                findings.push(finding(&rules::SYNTAX, message, sources.label(&place, ""), help));
                continue;
            }
            let sql = text.get(statement.range).unwrap_or_default().to_owned();
            let pieces = pieces(&sql, &place);
            all.push(Statement { sql, phase: Phase::Script, about: None, pieces, place: Some(place) });
        }
        let findings = accepted(findings, &sources)?;
        // Everything that a schema can hold can be said in SQL.
        let coverage = Coverage::new(Kind::ALL, &[]);
        Ok(Wanted { statements: all, hints: Vec::new(), coverage, findings, sources })
    }
}

/// Every word of the statement at its own place, so that an error points at it.
fn pieces(sql: &str, place: &Place) -> Vec<(std::ops::Range<usize>, Place)> {
    let mut pieces = Vec::new();
    let mut start = None;
    for (at, c) in sql.char_indices().chain([(sql.len(), ' ')]) {
        let part = c.is_alphanumeric() || c == '_';
        match start {
            None if part => start = Some(at),
            Some(from) if !part => {
                pieces.push((from..at, Place::new(place.file, place.start + from..place.start + at)));
                start = None;
            }
            _ => {}
        }
    }
    pieces
}
