//! What an analysis says, as data.

use std::fmt;
use std::ops::Range;

use super::lock_mode::LockMode;
use super::names::Relation;

/// How long a statement keeps its locks, judged by what it has to go through. Worst cases: what depends on the data or on a type that the text
/// doesn't show is taken to be needed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Work {
    /// Changes catalogues alone: no longer on a large table than on a small one.
    #[default]
    Instant,
    /// Reads the whole relation, or builds an index over it.
    Scan,
    /// Writes the whole relation anew, with its indexes.
    Rewrite,
    /// The text doesn't tell.
    Unknown,
}

impl Work {
    /// Its name: `instant`, `scan`, `rewrite` or `unknown`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Instant => "instant",
            Self::Scan => "scan",
            Self::Rewrite => "rewrite",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What is locked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum On {
    /// This relation.
    Relation(Relation),
    /// The table that this index is of; the statement names the index alone.
    TableOf(Relation),
    /// The tables that foreign keys of this one point to.
    ReferencedBy(Relation),
    /// The tables with columns of this domain or composite type.
    UsersOf(Relation),
    /// The partitioned table's default partition, where it has one.
    DefaultPartitionOf(Relation),
}

impl On {
    /// The name in it.
    pub fn name(&self) -> &Relation {
        match self {
            Self::Relation(name)
            | Self::TableOf(name)
            | Self::ReferencedBy(name)
            | Self::UsersOf(name)
            | Self::DefaultPartitionOf(name) => name,
        }
    }
}

impl fmt::Display for On {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Relation(name) => write!(f, "`{name}`"),
            Self::TableOf(name) => write!(f, "the table of `{name}`"),
            Self::ReferencedBy(name) => write!(f, "the tables that `{name}` references"),
            Self::UsersOf(name) => write!(f, "the tables that use `{name}`"),
            Self::DefaultPartitionOf(name) => write!(f, "the default partition of `{name}`"),
        }
    }
}

/// One lock that a statement takes, and what it does while it holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// What is locked.
    pub on: On,
    /// How.
    pub mode: LockMode,
    /// What is done with it.
    pub work: Work,
    /// The part of the statement that does it: `ADD COLUMN`, `CREATE INDEX`.
    pub action: &'static str,
    /// What there is to know besides.
    pub note: Option<&'static str>,
}

/// What a statement is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// Changes the schema.
    Schema,
    /// Changes rows.
    Data,
    /// Reads.
    Query,
    /// Concerns the session, the transaction or the server's upkeep, and neither schema nor rows.
    Session,
    /// The text doesn't tell: `DO`, `CALL`, what is not known.
    Unknown,
}

/// What one statement does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Analysis {
    /// Its bytes in the script.
    pub range: Range<usize>,
    /// What it is called by: `ALTER TABLE`, `CREATE INDEX CONCURRENTLY`.
    pub kind: String,
    /// What it is about.
    pub nature: Nature,
    /// Its locks on relations that are there already, in the order of the text; the one that it is mainly about is first.
    /// An `ALTER TABLE` has one for each of its actions.
    pub effects: Vec<Effect>,
    /// The relations that it creates.
    pub creates: Vec<Relation>,
    /// The worst of its effects' work; `Unknown` where there may be effects that the text doesn't show.
    pub work: Work,
}

impl Analysis {
    pub(super) fn new(range: Range<usize>, kind: String) -> Self {
        let (effects, creates) = (Vec::new(), Vec::new());
        Self { range, kind, nature: Nature::Schema, effects, creates, work: Work::Instant }
    }

    pub(super) fn unknown(range: Range<usize>, kind: String) -> Self {
        Self { nature: Nature::Unknown, work: Work::Unknown, ..Self::new(range, kind) }
    }

    /// The relation that it is mainly about.
    pub fn target(&self) -> Option<&On> {
        self.effects.first().map(|effect| &effect.on)
    }

    /// The strongest lock on each thing, in the order of the effects.
    pub fn locks(&self) -> Vec<(&On, LockMode)> {
        let mut locks: Vec<(&On, LockMode)> = Vec::new();
        for effect in &self.effects {
            match locks.iter_mut().find(|(on, _)| *on == &effect.on) {
                Some((_, mode)) => *mode = (*mode).max(effect.mode),
                None => locks.push((&effect.on, effect.mode)),
            }
        }
        locks
    }

    /// The strongest of its locks; `None` where it takes none.
    pub fn strongest(&self) -> Option<LockMode> {
        self.effects.iter().map(|effect| effect.mode).max()
    }
}
