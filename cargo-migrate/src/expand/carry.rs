//! What goes with a column: its indexes and constraints, made anew for the column that takes its place.

use super::error::ExpandError;
use super::names::following;
use super::table::{Part, Table, read};
use crate::diff::Rewrite;
use crate::schema::detail::{Constraint, Index};
use crate::schema::{Definition, Kind, Object, literal};
use crate::sql::ident::name_within;

/// A constraint or an index of the new column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Follower {
    pub(super) name: String,
    /// A constraint's definition, or what follows `CREATE INDEX NAME`.
    pub(super) definition: String,
    pub(super) unique: bool,
}

/// All that goes with a column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Carry {
    pub(super) checks: Vec<Follower>,
    pub(super) foreign_keys: Vec<Follower>,
    pub(super) indexes: Vec<Follower>,
    /// Unique constraints; the definition is that of their index.
    pub(super) uniques: Vec<Follower>,
    /// What brings the old column's own back, once it is there again.
    pub(super) restore: Vec<String>,
    /// What nobody but the author can carry over.
    pub(super) by_hand: Vec<String>,
}

/// Finds what goes with `old`, for the column that will be called `new`.
pub(super) fn carry(table: &Table<'_>, old: &Part<'_>, new: &str) -> Result<Carry, ExpandError> {
    let mut carry = Carry::default();
    let rename = Rewrite::Bare { old: old.name.clone(), new: new.to_owned() };
    for (object, definition) in table.dependents(old) {
        let known = match object.kind {
            Kind::Constraint => carry.constraint(table, old, new, &rename, object, definition)?,
            Kind::Index => carry.index(table, old, new, &rename, object, definition)?,
            _ => false,
        };
        if !known {
            carry.by_hand.push(object.to_string());
        }
    }
    if let Some(comment) = &old.definition.comment {
        carry.restore.push(format!("COMMENT ON COLUMN {}.{} IS {};\n", table.identity, old.name, literal(comment)));
    }
    let detail = &old.detail;
    let stored = detail.storage.is_some() || detail.compression.is_some() || detail.statistics.is_some();
    if stored || !detail.options.is_empty() {
        carry.by_hand.push(format!("storage and statistics of column {}", old.object.identity));
    }
    if !old.definition.privileges.is_empty() {
        carry.by_hand.push(format!("privileges on column {}", old.object.identity));
    }
    Ok(carry)
}

impl Carry {
    fn constraint(
        &mut self,
        table: &Table<'_>,
        old: &Part<'_>,
        new: &str,
        rename: &Rewrite,
        object: &Object,
        definition: &Definition,
    ) -> Result<bool, ExpandError> {
        let detail: Constraint = read(definition)?;
        // NOT NULL is a column's own; and what refers to the column from elsewhere can't be made a second time here.
        if detail.constraint_type == "n" {
            return Ok(true);
        }
        if definition.part_of.as_deref() != Some(table.identity.as_str())
            || !detail.validated
            || detail.triggers.is_some()
        {
            return Ok(false);
        }
        let own = name_within(object, &table.identity);
        let name = following(own, &old.name, new);
        let text = match detail.constraint_type.as_str() {
            // The columns that are referred to stay what they are.
            "f" => match detail.definition.split_once(" REFERENCES ") {
                Some((columns, rest)) => format!("{} REFERENCES {rest}", rename.apply(columns)),
                None => return Ok(false),
            },
            _ => rename.apply(&detail.definition),
        };
        let follower = |definition| Follower { name, definition, unique: false };
        match detail.constraint_type.as_str() {
            "c" => self.checks.push(follower(text)),
            "f" => self.foreign_keys.push(follower(text)),
            "u" => {
                let columns = text.strip_prefix("UNIQUE (").and_then(|rest| rest.strip_suffix(')'));
                let Some(columns) = columns.filter(|columns| !columns.contains(')')) else { return Ok(false) };
                self.uniques.push(Follower { unique: true, ..follower(format!("ON {} ({columns})", table.identity)) });
            }
            _ => return Ok(false),
        }
        self.restore.push(format!("ALTER TABLE {} ADD CONSTRAINT {own} {};\n", table.identity, detail.definition));
        Ok(true)
    }

    fn index(
        &mut self,
        table: &Table<'_>,
        old: &Part<'_>,
        new: &str,
        rename: &Rewrite,
        object: &Object,
        definition: &Definition,
    ) -> Result<bool, ExpandError> {
        let index: Index = read(definition)?;
        // Its constraint brings it.
        if index.constraint.is_some() {
            return Ok(true);
        }
        if !index.valid || index.clustered || index.replica_identity || index.tablespace.is_some() {
            return Ok(false);
        }
        let (head, rest) = index.definition.split_once(" USING ").unwrap_or_default();
        let own = object.identity.strip_prefix(&table.beside("")).unwrap_or(&object.identity);
        if head.is_empty() || definition.part_of.as_deref() != Some(table.identity.as_str()) {
            return Ok(false);
        }
        self.indexes.push(Follower {
            name: following(own, &old.name, new),
            definition: format!("ON {} USING {}", table.identity, rename.apply(rest)),
            unique: index.unique,
        });
        self.restore.push(format!("{};\n", index.definition));
        Ok(true)
    }
}
