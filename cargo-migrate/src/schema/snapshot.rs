//! A schema as a value: every object with its definition.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use crate::schema::error::SchemaError;
use crate::schema::object::{Kind, Object};

/// A whole schema at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshot {
    objects: BTreeMap<Object, Definition>,
}

impl Snapshot {
    /// Adds an object.
    ///
    /// # Errors
    /// Gives the object back if there is one of its kind and identity already.
    pub fn insert(&mut self, object: Object, definition: Definition) -> Result<(), Object> {
        if self.objects.contains_key(&object) {
            return Err(object);
        }
        self.objects.insert(object, definition);
        Ok(())
    }

    /// Returns the definition of an object.
    pub fn get(&self, kind: Kind, identity: &str) -> Option<&Definition> {
        self.objects.get(&Object { kind, identity: identity.to_owned() })
    }

    /// Goes through all objects, sorted by kind and identity.
    pub fn iter(&self) -> impl Iterator<Item = (&Object, &Definition)> {
        self.objects.iter()
    }

    /// Returns how many objects there are.
    pub fn len(&self) -> usize {
        self.objects.len()
    }

    /// Returns whether there is no object at all.
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    /// Returns the definition of an object, to be changed.
    pub(crate) fn get_mut(&mut self, object: &Object) -> Option<&mut Definition> {
        self.objects.get_mut(object)
    }

    /// Goes through all objects with their definitions, to be taken apart.
    pub(crate) fn into_objects(self) -> impl Iterator<Item = (Object, Definition)> {
        self.objects.into_iter()
    }

    pub(super) fn objects(&self) -> &BTreeMap<Object, Definition> {
        &self.objects
    }
}

/// What a server says about one object. It does not depend on `search_path`.
///
/// Two definitions are equal where their texts are: `detail` says the same once more for machines, along with a column's number, and
/// `needs` follows from it.
#[derive(Debug, Clone, Default)]
pub struct Definition {
    /// The object itself, mostly as the server prints it; empty where its existence says all.
    pub body: String,
    /// The identity of the relation or domain that it is a part of, for columns, constraints and the like.
    pub part_of: Option<String>,
    /// The owner's quoted name, where the object has an owner of its own.
    pub owner: Option<String>,
    /// Privileges that differ from those such an object has without any GRANT, sorted.
    pub privileges: Vec<String>,
    /// What COMMENT ON has set.
    pub comment: Option<String>,
    /// What SECURITY LABEL has set, `provider: label`, sorted.
    pub labels: Vec<String>,
    /// The body as JSON, for the kinds that SQL is generated for: see [`crate::schema::detail`].
    pub detail: Option<String>,
    /// What it can't be there without, sorted.
    pub needs: Vec<Object>,
}

impl PartialEq for Definition {
    fn eq(&self, other: &Self) -> bool {
        let Self { body, part_of, owner, privileges, comment, labels, detail: _, needs: _ } = self;
        (body, part_of, owner, privileges, comment, labels)
            == (&other.body, &other.part_of, &other.owner, &other.privileges, &other.comment, &other.labels)
    }
}

impl Eq for Definition {}

impl Definition {
    /// Reads the detail as the type that [`crate::schema::detail`] has for the object's kind.
    ///
    /// # Errors
    /// When there is none, or it is of another shape.
    pub fn detail<T: DeserializeOwned>(&self) -> Result<T, SchemaError> {
        let text = self.detail.as_deref().unwrap_or("null");
        serde_json::from_str(text).map_err(|error| SchemaError::Answer(format!("{error} in `{text}`")))
    }

    /// Returns all of it as lines: the body, then owner, privileges, comment and labels.
    pub fn text(&self) -> String {
        let mut lines: Vec<String> = Vec::new();
        if !self.body.is_empty() {
            lines.push(self.body.clone());
        }
        lines.extend(self.owner.iter().map(|owner| format!("owner {owner}")));
        lines.extend(self.privileges.iter().cloned());
        lines.extend(self.comment.iter().map(|comment| format!("comment '{}'", comment.replace('\'', "''"))));
        lines.extend(self.labels.iter().map(|label| format!("security label for {label}")));
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_has_every_part() {
        let definition = Definition {
            body: "unlogged".to_owned(),
            part_of: None,
            owner: Some("alice".to_owned()),
            privileges: vec!["grant SELECT to bob".to_owned()],
            comment: Some("it's ours".to_owned()),
            labels: vec!["selinux: secret".to_owned()],
            ..Definition::default()
        };
        assert_eq!(
            definition.text(),
            "unlogged\nowner alice\ngrant SELECT to bob\ncomment 'it''s ours'\nsecurity label for selinux: secret"
        );
        assert_eq!(Definition::default().text(), "");
    }

    #[test]
    fn an_object_goes_in_once() {
        let mut snapshot = Snapshot::default();
        let object = Object { kind: Kind::Table, identity: "public.books".to_owned() };
        assert!(snapshot.is_empty());
        assert_eq!(snapshot.insert(object.clone(), Definition::default()), Ok(()));
        assert_eq!(snapshot.insert(object.clone(), Definition::default()), Err(object));
        assert_eq!(snapshot.len(), 1);
        assert!(snapshot.get(Kind::Table, "public.books").is_some());
    }
}
