//! What a person has to decide, since two schemas don't tell.

use std::collections::{BTreeMap, BTreeSet};

use crate::schema::{Kind, Object};

/// The answers that a difference is read with. Without any, nothing is taken for renamed, and no table and no column is dropped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hints {
    /// What is the same object under another name.
    pub renames: Vec<Rename>,
    /// Labels of enums that are the same under another name.
    pub values: Vec<RenamedValue>,
    /// Which columns that are not wanted any more may be dropped with their values.
    pub drop_columns: Permission,
    /// Which tables that are not wanted any more may be dropped with their rows. The others are retired.
    pub drop_tables: Permission,
    /// Kinds that the wanted side doesn't speak of: what the former schema has of them stays.
    pub keep: BTreeSet<Kind>,
    /// What goes into a column where it would be null and must not be: the column's identity in the wanted schema, and an SQL
    /// expression.
    pub fill: BTreeMap<String, String>,
}

/// One object under two names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rename {
    /// What it is.
    pub kind: Kind,
    /// Its identity in the former schema, as `public.books.title`.
    pub old: String,
    /// Its identity in the wanted schema, as `public.books.name`.
    pub new: String,
}

impl Rename {
    /// Returns the object as the former schema has it.
    pub fn former(&self) -> Object {
        Object { kind: self.kind, identity: self.old.clone() }
    }

    /// Returns the object as the wanted schema has it.
    pub fn wanted(&self) -> Object {
        Object { kind: self.kind, identity: self.new.clone() }
    }
}

/// One label of an enum under two names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RenamedValue {
    /// The enum's identity in the wanted schema.
    pub of: String,
    /// The label in the former schema.
    pub old: String,
    /// The label in the wanted schema.
    pub new: String,
}

/// Which objects something may be done to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Permission {
    /// None.
    #[default]
    None,
    /// All.
    All,
    /// Those with these identities in the former schema, after renames.
    Only(BTreeSet<String>),
}

impl Permission {
    /// Returns whether it is given for an identity.
    pub fn allows(&self, identity: &str) -> bool {
        match self {
            Self::None => false,
            Self::All => true,
            Self::Only(identities) => identities.contains(identity),
        }
    }
}
