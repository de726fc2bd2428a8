//! What models have no words for is not compared: there the wanted schema takes what the former one has.

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::Rename;
use crate::models::{Aspect, Coverage};
use crate::schema::detail::{Column, Constraint, Index, Sequence, Table};
use crate::schema::{Definition, Kind, Object, SchemaError, Snapshot};

/// A wanted schema that differs from the former one only where somebody said so.
#[derive(Debug)]
pub(super) struct Adopted {
    /// The schema.
    pub(super) wanted: Snapshot,
    /// Kinds of which the former schema's objects stay.
    pub(super) keep: BTreeSet<Kind>,
}

/// Types: where a source only names them, what is built for them are placeholders.
const TYPES: [Kind; 5] = [Kind::Type, Kind::Enum, Kind::Domain, Kind::CompositeType, Kind::RangeType];

/// What a scratch database has of its own, or along with tables.
const BUILT_ALONG: [Kind; 9] = [
    Kind::Database,
    Kind::Extension,
    Kind::Language,
    Kind::Schema,
    Kind::Sequence,
    Kind::ColumnOrder,
    Kind::Column,
    Kind::Constraint,
    Kind::Index,
];

/// Takes over from `former` what `coverage` has no words for. `renames` say what is the same under another name.
///
/// # Errors
/// A definition is not one of this program's.
pub(super) fn adopt(
    former: &Snapshot,
    wanted: &Snapshot,
    coverage: &Coverage,
    renames: &[Rename],
) -> Result<Adopted, SchemaError> {
    let speaks = |kind: &Kind| coverage.speaks_of(*kind);
    if Kind::ALL.iter().all(speaks) && coverage.silent().next().is_none() {
        return Ok(Adopted { wanted: wanted.clone(), keep: BTreeSet::new() });
    }
    let placeholders = !coverage.compares(Aspect::TypeDefinitions);
    // Whoever keeps objects of such a kind in files of their own keeps all of them there.
    let said = |kind: Kind| {
        !(BUILT_ALONG.contains(&kind) || placeholders && TYPES.contains(&kind))
            && wanted.iter().any(|(object, _)| object.kind == kind)
    };
    let mut keep: BTreeSet<Kind> =
        Kind::ALL.iter().copied().filter(|kind| !coverage.speaks_of(*kind) && !said(*kind)).collect();
    // A schema is a place, not a part of any model.
    keep.insert(Kind::Schema);
    let names = Names { renames };
    let mut adopter = Adopter { former, coverage, names, placeholders, out: BTreeMap::new() };
    for (object, definition) in wanted.iter() {
        let adopted = adopter.definition(object, definition)?;
        adopter.out.insert(object.clone(), adopted);
    }
    adopter.add_unspoken(wanted)?;
    let mut snapshot = Snapshot::default();
    for (object, definition) in adopter.out {
        // The keys of a map are there once.
        drop(snapshot.insert(object, definition));
    }
    Ok(Adopted { wanted: snapshot, keep })
}

struct Names<'a> {
    renames: &'a [Rename],
}

impl Names<'_> {
    /// What an object of the wanted schema was called.
    fn former(&self, object: &Object, part_of: Option<&str>) -> Object {
        let renamed = |object: &Object| {
            let found = self.renames.iter().find(|rename| rename.wanted() == *object);
            found.map(Rename::former)
        };
        if let Some(former) = renamed(object) {
            return former;
        }
        let Some(whole) = part_of else { return object.clone() };
        let table = renamed(&Object { kind: Kind::Table, identity: whole.to_owned() });
        let Some(table) = table else { return object.clone() };
        let name = crate::sql::ident::name_within(object, whole);
        let identity = match object.kind {
            Kind::Column => format!("{}.{name}", table.identity),
            _ => format!("{name} on {}", table.identity),
        };
        Object { kind: object.kind, identity }
    }
}

struct Adopter<'a> {
    former: &'a Snapshot,
    coverage: &'a Coverage,
    names: Names<'a>,
    placeholders: bool,
    out: BTreeMap<Object, Definition>,
}

impl Adopter<'_> {
    fn silent(&self, aspect: Aspect) -> bool {
        !self.coverage.compares(aspect)
    }

    /// What is wanted of an object, and of the rest what it had.
    fn definition(&self, object: &Object, wanted: &Definition) -> Result<Definition, SchemaError> {
        let old = self.names.former(object, wanted.part_of.as_deref());
        let Some(had) = self.former.get(old.kind, &old.identity) else { return Ok(wanted.clone()) };
        let mut new = wanted.clone();
        if self.silent(Aspect::Ownership) {
            new.owner.clone_from(&had.owner);
            // Whoever grants something beside the models says all of it.
            if new.privileges.is_empty() {
                new.privileges.clone_from(&had.privileges);
            }
        }
        if self.silent(Aspect::Comments) {
            new.comment.clone_from(&had.comment);
        }
        let take = |new: &mut Definition| {
            new.body.clone_from(&had.body);
            new.detail.clone_from(&had.detail);
            new.needs.clone_from(&had.needs);
        };
        match object.kind {
            Kind::Table if self.silent(Aspect::TableOptions) => {
                let table: Table = wanted.detail()?;
                if !table.row_security && !table.force_row_security {
                    take(&mut new);
                }
            }
            Kind::Index if self.silent(Aspect::TableOptions) => {
                let (was, is): (Index, Index) = (had.detail()?, wanted.detail()?);
                if was.definition == is.definition && was.valid == is.valid {
                    take(&mut new);
                }
            }
            Kind::Column => self.column(had, wanted, &mut new)?,
            kind if self.placeholders && TYPES.contains(&kind) => take(&mut new),
            _ => {}
        }
        Ok(new)
    }

    fn column(&self, had: &Definition, wanted: &Definition, new: &mut Definition) -> Result<(), SchemaError> {
        let (was, is): (Column, Column) = (had.detail()?, wanted.detail()?);
        let mut value = is.clone();
        if self.silent(Aspect::TypeModifiers) && without_modifier(&was.data_type) == without_modifier(&is.data_type) {
            value.data_type.clone_from(&was.data_type);
        }
        if self.silent(Aspect::Collations) {
            value.collation.clone_from(&was.collation);
        }
        if self.silent(Aspect::Generation) {
            value.expression.clone_from(&was.expression);
            value.generated.clone_from(&was.generated);
            value.identity.clone_from(&was.identity);
        }
        if self.silent(Aspect::TableOptions) {
            (value.inherited, value.local) = (was.inherited, was.local);
        }
        if self.silent(Aspect::ColumnStorage) {
            if value.data_type == was.data_type {
                value.storage.clone_from(&was.storage);
            }
            value.compression.clone_from(&was.compression);
            value.statistics = was.statistics;
            value.options.clone_from(&was.options);
        }
        value.position = was.position;
        if value == was {
            new.body.clone_from(&had.body);
            new.detail.clone_from(&had.detail);
            new.needs.clone_from(&had.needs);
            return Ok(());
        }
        value.position = is.position;
        if value != is {
            value.write(new)?;
            // What its default needs, say.
            new.needs.extend(had.needs.iter().cloned());
            new.needs.sort();
            new.needs.dedup();
        }
        Ok(())
    }

    /// Puts in what is there, belongs to tables that are wanted, and that the source has no words for.
    fn add_unspoken(&mut self, wanted: &Snapshot) -> Result<(), SchemaError> {
        let has = |kind: Kind, identity: &str| wanted.get(kind, identity).is_some();
        let mut added: Vec<Object> = Vec::new();
        let mut partitions: BTreeSet<&str> = BTreeSet::new();
        if self.silent(Aspect::TableOptions) {
            // A partition's own partitions come after it only by chance of their names.
            loop {
                let before = partitions.len();
                for (object, definition) in self.former.iter().filter(|(object, _)| object.kind == Kind::Table) {
                    let table: Table = definition.detail()?;
                    let of = |parent: &String| has(Kind::Table, parent) || partitions.contains(parent.as_str());
                    if !has(object.kind, &object.identity) && table.parents.iter().any(of) {
                        partitions.insert(&object.identity);
                    }
                }
                if partitions.len() == before {
                    break;
                }
            }
        }
        for (object, definition) in self.former.iter() {
            let part_of = definition.part_of.as_deref();
            let of_partition = part_of.is_some_and(|whole| partitions.contains(whole));
            let is_partition = object.kind == Kind::Table && partitions.contains(object.identity.as_str());
            // One that belongs to no column is nobody's model.
            let loose = object.kind == Kind::Sequence && definition.detail::<Sequence>()?.table.is_none();
            if (of_partition || is_partition || loose && self.silent(Aspect::Ownership))
                && !has(object.kind, &object.identity)
            {
                added.push(object.clone());
            }
        }
        if self.silent(Aspect::ConstraintsAndIndexes) {
            self.constraints(wanted, &mut added)?;
        }
        for object in added {
            if let Some(definition) = self.former.get(object.kind, &object.identity) {
                self.out.insert(object, definition.clone());
            }
        }
        Ok(())
    }

    /// Constraints that the source names by their columns alone keep their names, and those that it doesn't name stay.
    fn constraints(&mut self, wanted: &Snapshot, added: &mut Vec<Object>) -> Result<(), SchemaError> {
        let mut met: BTreeSet<Object> = BTreeSet::new();
        for (object, definition) in self.former.iter().filter(|(object, _)| object.kind == Kind::Constraint) {
            let Some(table) = definition.part_of.as_deref() else { continue };
            if wanted.get(Kind::Table, table).is_none() {
                continue;
            }
            let old: Constraint = definition.detail()?;
            let mut same = None;
            for (other, candidate) in wanted.iter().filter(|(object, _)| object.kind == Kind::Constraint) {
                if candidate.part_of.as_deref() != Some(table) || met.contains(other) {
                    continue;
                }
                let new: Constraint = candidate.detail()?;
                if new.constraint_type == old.constraint_type && bare(&new.definition) == bare(&old.definition) {
                    same = Some(other.clone());
                    break;
                }
            }
            let columns_stay = definition
                .needs
                .iter()
                .all(|needed| needed.kind != Kind::Column || wanted.get(Kind::Column, &needed.identity).is_some());
            match same {
                Some(other) => {
                    self.out.remove(&other);
                    self.out.remove(&Object { kind: Kind::Index, identity: other.identity.clone() });
                    self.out.remove(&index_of(&other, table));
                    added.push(object.clone());
                    let index = index_of(object, table);
                    if self.former.get(Kind::Index, &index.identity).is_some() {
                        added.push(index);
                    }
                    met.insert(other);
                }
                // Whether a column may be NULL every source says.
                None if !matches!(old.constraint_type.as_str(), "p" | "n") && columns_stay => {
                    added.push(object.clone());
                    let index = index_of(object, table);
                    if self.former.get(Kind::Index, &index.identity).is_some() {
                        added.push(index);
                    }
                }
                None => {}
            }
        }
        Ok(())
    }
}

/// The index under a constraint, which has its name in its table's schema.
fn index_of(constraint: &Object, table: &str) -> Object {
    let name = crate::sql::ident::name_within(constraint, table);
    let (schema, _) = crate::sql::ident::split(table);
    Object { kind: Kind::Index, identity: format!("{schema}.{name}") }
}

/// A foreign key without what it does, and when.
fn bare(definition: &str) -> &str {
    let ends = [" ON UPDATE ", " ON DELETE ", " DEFERRABLE", " NOT VALID", " MATCH "];
    let end = ends.iter().filter_map(|end| definition.find(end)).min();
    if definition.starts_with("CHECK") {
        definition
    } else {
        definition.get(..end.unwrap_or(definition.len())).unwrap_or(definition)
    }
}

fn without_modifier(data_type: &str) -> String {
    match (data_type.find('('), data_type.find(')')) {
        (Some(open), Some(close)) if open < close => {
            let (before, after) = (data_type.get(..open), data_type.get(close + 1..));
            format!("{}{}", before.unwrap_or_default(), after.unwrap_or_default())
        }
        _ => data_type.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modifiers_and_actions_are_left_out() {
        assert_eq!(without_modifier("numeric(10,2)[]"), "numeric[]");
        assert_eq!(without_modifier("timestamp(3) with time zone"), "timestamp with time zone");
        assert_eq!(bare("FOREIGN KEY (a) REFERENCES b(id) ON DELETE CASCADE"), "FOREIGN KEY (a) REFERENCES b(id)");
        assert_eq!(bare("CHECK ((a > 0))"), "CHECK ((a > 0))");
    }
}
