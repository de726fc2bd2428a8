//! Who needs whom, from the catalogue's addresses to objects.

use std::collections::HashMap;

use crate::schema::object::{Kind, Object};
use crate::schema::snapshot::Snapshot;

/// Where the catalogue has an object: the catalogue's oid, the object's, and the column's number or 0.
pub(super) type Address = (u32, u32, u32);

/// Gathers the rows of both queries. The maps are looked up in, and never gone through.
#[derive(Debug, Default)]
pub(super) struct Links {
    objects: HashMap<Address, Vec<Object>>,
    aliases: HashMap<Address, Address>,
    edges: Vec<(Address, Address)>,
}

impl Links {
    /// Takes note of an object's address. The order of columns has none.
    pub(super) fn object(&mut self, address: Address, object: &Object) {
        if object.kind != Kind::ColumnOrder {
            self.objects.entry(address).or_default().push(object.clone());
        }
    }

    /// Takes note that the first, which is no object, stands for the second.
    pub(super) fn alias(&mut self, from: Address, to: Address) {
        self.aliases.insert(from, to);
    }

    /// Takes note that the first needs the second.
    pub(super) fn edge(&mut self, from: Address, to: Address) {
        self.edges.push((from, to));
    }

    /// Writes what each object needs into the snapshot.
    pub(super) fn resolve(self, snapshot: &mut Snapshot) {
        let mut needs: HashMap<&Object, Vec<&Object>> = HashMap::new();
        for &(from, to) in &self.edges {
            let (Some(from), Some(to)) = (self.find(from), self.find(to)) else { continue };
            for from in from {
                needs.entry(from).or_default().extend(to.iter().filter(|to| *to != from));
            }
        }
        for (object, mut needs) in needs {
            needs.sort();
            needs.dedup();
            if let Some(definition) = snapshot.get_mut(object) {
                definition.needs = needs.into_iter().cloned().collect();
            }
        }
    }

    /// The objects at an address. A part that is no object of its own is its whole.
    fn find(&self, mut address: Address) -> Option<&[Object]> {
        // Default, array type, row type, relation: no chain is longer than that.
        for _ in 0..6 {
            if let Some(objects) = self.objects.get(&address) {
                return Some(objects);
            }
            address = match self.aliases.get(&address) {
                Some(&other) => other,
                None if address.2 != 0 => (address.0, address.1, 0),
                None => return None,
            };
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::snapshot::Definition;

    #[test]
    fn aliases_are_followed_and_wholes_stand_for_parts() {
        let object = |kind, identity: &str| Object { kind, identity: identity.to_owned() };
        let (table, column, view) = (object(Kind::Table, "t"), object(Kind::Column, "t.c"), object(Kind::View, "v"));
        let mut snapshot = Snapshot::default();
        let mut links = Links::default();
        for (object, address) in [(&table, (1, 10, 0)), (&column, (1, 10, 1)), (&view, (1, 20, 0))] {
            snapshot.insert(object.clone(), Definition::default()).unwrap();
            links.object(address, object);
        }
        links.alias((5, 50, 0), (1, 20, 0));
        links.edge((5, 50, 0), (1, 10, 1));
        links.edge((5, 50, 0), (1, 10, 7));
        links.edge((5, 50, 0), (1, 20, 0));
        links.edge((5, 50, 0), (9, 99, 0));
        links.resolve(&mut snapshot);
        assert_eq!(snapshot.get(Kind::View, "v").unwrap().needs, [table, column]);
    }
}
