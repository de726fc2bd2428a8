//! A snapshot with the ways through it: what is part of what, and who depends on whom.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use crate::diff::error::DiffError;
use crate::schema::{Definition, Kind, Object, Snapshot, detail};
use crate::sql::ident;

/// The kinds that others can be a part of.
const WHOLES: [Kind; 6] =
    [Kind::Table, Kind::View, Kind::MaterializedView, Kind::Domain, Kind::ForeignTable, Kind::CompositeType];

/// A snapshot, indexed.
#[derive(Debug)]
pub struct Catalog<'a> {
    snapshot: &'a Snapshot,
    parts: BTreeMap<&'a str, Vec<&'a Object>>,
    dependents: BTreeMap<&'a Object, Vec<&'a Object>>,
    identities: BTreeMap<&'a str, &'a Object>,
}

/// A column with its own name.
#[derive(Debug, Clone)]
pub struct Column<'a> {
    /// Which one.
    pub object: &'a Object,
    /// Its name, quoted.
    pub name: &'a str,
    /// Its definition taken apart.
    pub detail: detail::Column,
}

impl<'a> Catalog<'a> {
    /// Indexes a snapshot.
    pub fn new(snapshot: &'a Snapshot) -> Self {
        let mut parts: BTreeMap<&str, Vec<&Object>> = BTreeMap::new();
        let mut dependents: BTreeMap<&Object, Vec<&Object>> = BTreeMap::new();
        let mut identities = BTreeMap::new();
        for (object, definition) in snapshot.iter() {
            if let Some(whole) = &definition.part_of {
                parts.entry(whole).or_default().push(object);
            }
            for needed in &definition.needs {
                dependents.entry(needed).or_default().push(object);
                if object.kind == Kind::Sequence
                    && needed.kind == Kind::Column
                    && definition.body.contains("identity of")
                {
                    identities.insert(needed.identity.as_str(), object);
                }
            }
        }
        Self { snapshot, parts, dependents, identities }
    }

    /// Returns an object's definition.
    pub fn get(&self, object: &Object) -> Option<&'a Definition> {
        self.snapshot.get(object.kind, &object.identity)
    }

    /// Returns whether there is such an object.
    pub fn has(&self, object: &Object) -> bool {
        self.get(object).is_some()
    }

    /// Goes through all objects in order.
    pub fn objects(&self) -> impl Iterator<Item = (&'a Object, &'a Definition)> {
        self.snapshot.iter()
    }

    /// Returns an object's definition taken apart.
    ///
    /// # Errors
    /// When the object is not there, or its detail is not of that shape.
    pub fn detail<T: DeserializeOwned>(&self, object: &Object) -> Result<T, DiffError> {
        let none = Definition::default();
        let definition = self.get(object).unwrap_or(&none);
        definition.detail().map_err(|source| DiffError::Detail { object: object.clone(), source })
    }

    /// Returns the parts of a relation or domain, sorted by kind and identity.
    pub fn parts(&self, whole: &str) -> &[&'a Object] {
        self.parts.get(whole).map_or(&[], Vec::as_slice)
    }

    /// Returns the parts of one kind.
    pub fn parts_of_kind(&self, whole: &str, kind: Kind) -> impl Iterator<Item = &'a Object> {
        self.parts(whole).iter().copied().filter(move |part| part.kind == kind)
    }

    /// Returns what depends on an object directly.
    pub fn dependents(&self, object: &Object) -> &[&'a Object] {
        self.dependents.get(object).map_or(&[], Vec::as_slice)
    }

    /// Returns what an object needs, its whole among it. That a sequence belongs to a column is not counted: it comes before the column
    /// whose default it gives.
    pub fn needs(&self, object: &Object) -> Vec<Object> {
        let Some(definition) = self.get(object) else { return Vec::new() };
        let mut needs: Vec<Object> = definition
            .needs
            .iter()
            .filter(|needed| !(object.kind == Kind::Sequence && matches!(needed.kind, Kind::Column | Kind::Table)))
            .cloned()
            .collect();
        needs.extend(self.whole(object));
        needs
    }

    /// Returns the relation or domain that an object is a part of.
    pub fn whole(&self, object: &Object) -> Option<Object> {
        let whole = self.get(object)?.part_of.as_deref()?;
        WHOLES.iter().map(|&kind| Object { kind, identity: whole.to_owned() }).find(|object| self.has(object))
    }

    /// Returns a relation's columns in their order.
    ///
    /// # Errors
    /// When a definition is not understood.
    pub fn columns(&self, relation: &str) -> Result<Vec<Column<'a>>, DiffError> {
        let mut columns = Vec::new();
        for object in self.parts_of_kind(relation, Kind::Column) {
            columns.push(Column { object, name: ident::name_within(object, relation), detail: self.detail(object)? });
        }
        columns.sort_by_key(|column| column.detail.position);
        Ok(columns)
    }

    /// Returns the sequence behind an identity column.
    pub fn identity_sequence(&self, column: &Object) -> Option<&'a Object> {
        self.identities.get(column.identity.as_str()).copied()
    }

    /// Returns the role that built this database, as far as one can tell: its owner.
    pub fn builder(&self) -> Option<&'a str> {
        self.snapshot.get(Kind::Database, "current")?.owner.as_deref()
    }
}
