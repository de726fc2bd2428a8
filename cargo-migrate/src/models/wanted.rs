//! What a source yields: the statements that build what it wants on an empty database, and what it doesn't speak of.

use std::collections::BTreeSet;

use migrate_build::diagnostic::Diagnostic;

use crate::schema::{Kind, QualifiedName};

use super::text::{Place, Sources};

/// A wanted schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// What builds it, in this order, on a database that has none of it.
    pub statements: Vec<Statement>,
    /// What the source says of former names.
    pub hints: Vec<Hint>,
    /// What the source speaks of at all.
    pub coverage: Coverage,
    /// What is to be said of it; none of these denies.
    pub findings: Vec<Diagnostic>,
    /// The files that were read, for rendering findings and for places.
    pub sources: Sources,
}

/// One statement, without a semicolon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The statement.
    pub sql: String,
    /// What it does.
    pub phase: Phase,
    /// The table or type that it is about, if it is about one.
    pub about: Option<QualifiedName>,
    /// Which bytes of it come from where, in order.
    pub pieces: Vec<(std::ops::Range<usize>, Place)>,
    /// Where the whole comes from.
    pub place: Option<Place>,
}

impl Statement {
    /// Where the byte `offset` of the statement comes from: its own place, or else that of the whole.
    pub fn place_of(&self, offset: usize) -> Option<&Place> {
        let piece = self.pieces.iter().find(|(range, _)| range.contains(&offset));
        piece.map(|(_, place)| place).or(self.place.as_ref())
    }

    /// Where an error comes from that a server reports at a character, counted from 1, of the statement.
    pub fn place_of_character(&self, position: usize) -> Option<&Place> {
        let offset = self.sql.char_indices().nth(position.saturating_sub(1)).map_or(self.sql.len(), |(at, _)| at);
        self.place_of(offset)
    }
}

/// What a statement does; statements come in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// A statement of a script: nothing is known of it.
    Script,
    /// Makes sure that a schema is there.
    Schema,
    /// Makes sure that an extension is there.
    Extension,
    /// Makes an enum or a domain, or its comment.
    Type,
    /// Makes a table with its columns and those of its constraints that stand in it.
    Table,
    /// Makes an index.
    Index,
    /// Makes a comment on a table or column.
    Comment,
    /// Makes a foreign key.
    ForeignKey,
}

/// What the source says of a former name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hint {
    /// A table was called otherwise; it stays in its schema.
    Table {
        /// Its former name.
        from: QualifiedName,
        /// Its name now.
        to: QualifiedName,
        /// Where it is said.
        place: Place,
    },
    /// A column was called otherwise.
    Column {
        /// Its table's name now.
        table: QualifiedName,
        /// Its former name.
        from: String,
        /// Its name now.
        to: String,
        /// Where it is said.
        place: Place,
    },
    /// An enum or domain was called otherwise; it stays in its schema.
    Type {
        /// Its former name.
        from: QualifiedName,
        /// Its name now.
        to: QualifiedName,
        /// Where it is said.
        place: Place,
    },
    /// A value of an enum was called otherwise.
    Label {
        /// The enum's name now.
        ty: QualifiedName,
        /// Its former text.
        from: String,
        /// Its text now.
        to: String,
        /// Where it is said.
        place: Place,
    },
}

/// Something of an object that a source may have no words for. What it has no words for is not compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aspect {
    /// Privileges and owners.
    Ownership,
    /// The order of columns.
    ColumnOrder,
    /// Storage, compression, statistics and options of columns.
    ColumnStorage,
    /// What a table is beyond its columns: unlogged, partitioned, inherited, its options, row security, replica identity.
    TableOptions,
    /// Comments.
    Comments,
    /// The numbers in parentheses behind a type: `numeric(10,2)`, `timestamptz(3)`.
    TypeModifiers,
    /// Collations of columns.
    Collations,
    /// Defaults, generated columns and identities, and the sequences under them.
    Generation,
    /// Unique constraints, checks, exclusion constraints and indexes.
    ConstraintsAndIndexes,
    /// Foreign keys beyond those it names.
    OtherForeignKeys,
    /// What a foreign key does on a deletion or change, and when it is checked.
    ForeignKeyActions,
    /// What constraints are called.
    ConstraintNames,
    /// What is in an enum, domain or other type that columns have.
    TypeDefinitions,
}

/// What a source speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// The kinds of objects; an object of another kind is left alone.
    kinds: BTreeSet<Kind>,
    /// What it has no words for.
    silent: BTreeSet<Aspect>,
}

impl Coverage {
    pub(super) fn new(kinds: &[Kind], silent: &[Aspect]) -> Self {
        Self { kinds: kinds.iter().copied().collect(), silent: silent.iter().copied().collect() }
    }

    /// Whether objects of a kind are compared: one that is missing from the wanted schema is not wanted.
    pub fn speaks_of(&self, kind: Kind) -> bool {
        self.kinds.contains(&kind)
    }

    /// Whether something of them is compared.
    pub fn compares(&self, aspect: Aspect) -> bool {
        !self.silent.contains(&aspect)
    }

    /// What it has no words for.
    pub fn silent(&self) -> impl Iterator<Item = Aspect> {
        self.silent.iter().copied()
    }
}
