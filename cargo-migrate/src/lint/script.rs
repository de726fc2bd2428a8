//! A migration as the rules see it.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use migrate_build::diagnostic::{Label, Span};
use migrate_build::migration::Migration;
use migrate_build::statements::{self, Kind, Statement};

use super::fresh::Fresh;
use crate::hazards::{self, Analysis, Change, On, Relation};

/// The scripts of one migration, taken apart.
#[derive(Clone, Debug)]
pub(super) struct Script {
    pub(super) migration: Migration,
    /// The up script, as messages call it.
    pub(super) path: PathBuf,
    pub(super) text: String,
    pub(super) down: Option<Down>,
    pub(super) statements: Vec<Part>,
}

/// One statement of the up script.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) kind: Kind,
    pub(super) analysis: Analysis,
    pub(super) changes: Vec<Change>,
}

/// The down script.
#[derive(Clone, Debug)]
pub(super) struct Down {
    pub(super) path: PathBuf,
    pub(super) text: String,
}

/// What is known of the world around a script.
#[derive(Clone, Debug, Default)]
pub(super) struct Around {
    /// The servers' major version.
    pub(super) postgres: Option<u32>,
    /// Tables that nobody can miss for a while: they come with migrations before this one that aren't applied, or are empty.
    pub(super) fresh: Arc<Fresh>,
    /// The script's number, for those tables.
    pub(super) number: usize,
    /// Retired tables, each with the migration that retired it.
    pub(super) retired: Vec<(Relation, String)>,
    pub(super) lock_timeout: bool,
    pub(super) statement_timeout: bool,
}

impl Script {
    pub(super) fn new(migration: Migration, path: PathBuf, text: String, down: Option<Down>) -> Self {
        let kinds: Vec<Statement> = statements::split(&text).unwrap_or_default();
        let statements = hazards::analyse(&text)
            .into_iter()
            .enumerate()
            .map(|(at, analysis)| Part {
                kind: kinds.get(at).map_or(Kind::Ordinary, |statement| statement.kind),
                changes: hazards::changes(text.get(analysis.range.clone()).unwrap_or_default()),
                analysis,
            })
            .collect();
        Self { migration, path, text, down, statements }
    }

    /// Whether it runs as one transaction.
    pub(super) fn is_transaction(&self) -> bool {
        !self.migration.header.no_transaction
    }

    /// The text of a statement.
    pub(super) fn text_of(&self, part: &Part) -> &str {
        self.text.get(part.analysis.range.clone()).unwrap_or_default()
    }

    /// Points at a range of the up script.
    pub(super) fn label(&self, range: Range<usize>, text: impl Into<String>) -> Label {
        Label { path: self.path.clone(), span: Some(Span::new(&self.text, range.start, range.end)), text: text.into() }
    }

    /// Points at the first line of a statement.
    pub(super) fn first_line(&self, part: &Part, text: impl Into<String>) -> Label {
        let line = self.text_of(part).lines().next().unwrap_or_default().trim_end().len();
        let start = part.analysis.range.start;
        self.label(start..start + line, text)
    }

    /// Whether nobody can be held up by a lock on this, in statement number `at`: the relation is of this migration, or of one that isn't applied
    /// either, or is empty.
    pub(super) fn is_fresh(&self, around: &Around, at: usize, on: &On) -> bool {
        let name = on.name();
        let mut own = self.statements.iter().take(at + 1).flat_map(|part| &part.analysis.creates);
        match on {
            On::Relation(_) | On::TableOf(_) => {
                around.fresh.holds(name, around.number) || own.any(|fresh| fresh.may_be(name))
            }
            On::ReferencedBy(_) | On::UsersOf(_) | On::DefaultPartitionOf(_) => false,
        }
    }

    /// Whether the statement is about nothing but such relations.
    pub(super) fn is_about_fresh(&self, around: &Around, at: usize) -> bool {
        let Some(part) = self.statements.get(at) else { return false };
        part.analysis.target().is_some_and(|on| self.is_fresh(around, at, on))
    }
}
