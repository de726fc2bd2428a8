//! Goes through all objects of both schemas and gathers what has to be done.

use std::collections::BTreeSet;

use crate::diff::catalog::Catalog;
use crate::diff::change::{Action, Hazard, HazardKind, Unsupported};
use crate::diff::closure::{Closure, closure};
use crate::diff::error::DiffError;
use crate::diff::graph::{Node, Role};
use crate::diff::hints::Hints;
use crate::diff::inline::inlined;
use crate::diff::verdict::{Verdict, verdict};
use crate::diff::{column, constraint, index, sequence, table};
use crate::schema::{Kind, Object};

/// What is known and what has been found so far.
#[derive(Debug)]
pub(super) struct Work<'a> {
    pub(super) before: &'a Catalog<'a>,
    pub(super) after: &'a Catalog<'a>,
    pub(super) hints: &'a Hints,
    pub(super) closure: Closure,
    /// Constraints that stand in CREATE TABLE, of the tables that are new and of those that go.
    pub(super) made_inline: BTreeSet<Object>,
    pub(super) gone_inline: BTreeSet<Object>,
    pub(super) nodes: Vec<Node>,
    pub(super) unsupported: Vec<Unsupported>,
    pub(super) notes: Vec<String>,
}

/// What is to be done, in no order yet.
pub(super) fn work<'a>(
    before: &'a Catalog<'a>,
    after: &'a Catalog<'a>,
    hints: &'a Hints,
) -> Result<Work<'a>, DiffError> {
    let mut work = Work {
        before,
        after,
        hints,
        closure: closure(before, after)?,
        made_inline: inlined(after, before)?,
        gone_inline: inlined(before, after)?,
        nodes: Vec::new(),
        unsupported: Vec::new(),
        notes: Vec::new(),
    };
    for object in work.closure.blocked.clone() {
        work.unsupported(&object, "make anew what it depends on");
    }
    let objects: BTreeSet<&Object> = before.objects().chain(after.objects()).map(|(object, _)| object).collect();
    for object in objects {
        work.object(object)?;
    }
    sequence::finish(&mut work)?;
    table::finish(&mut work)?;
    Ok(work)
}

impl Work<'_> {
    fn object(&mut self, object: &Object) -> Result<(), DiffError> {
        match object.kind {
            Kind::ColumnOrder => Ok(()),
            Kind::Database => {
                let (old, new) = (self.before.get(object), self.after.get(object));
                if let (Some(old), Some(new)) = (old, new)
                    && (&old.body, &old.privileges, &old.comment) != (&new.body, &new.privileges, &new.comment)
                {
                    self.unsupported(object, "change the database itself");
                }
                Ok(())
            }
            Kind::Column => column::diff(self, object),
            Kind::Constraint => constraint::diff(self, object),
            Kind::Index => index::diff(self, object),
            Kind::Sequence => sequence::diff(self, object),
            Kind::Table => table::diff(self, object),
            Kind::Trigger if self.comes_from_parent(object)? => Ok(()),
            Kind::Schema
            | Kind::Extension
            | Kind::Collation
            | Kind::Enum
            | Kind::Domain
            | Kind::CompositeType
            | Kind::RangeType
            | Kind::Function
            | Kind::Procedure
            | Kind::Aggregate
            | Kind::View
            | Kind::MaterializedView
            | Kind::Statistics
            | Kind::Trigger
            | Kind::Rule
            | Kind::Policy
            | Kind::EventTrigger
            | Kind::DefaultPrivileges => self.whole_object(object),
            _ => {
                let (old, new) = (self.before.get(object), self.after.get(object));
                if old != new {
                    let what = match (old, new) {
                        (None, _) => "make it",
                        (_, None) => "drop it",
                        _ => "change it",
                    };
                    self.unsupported(object, what);
                }
                Ok(())
            }
        }
    }

    fn comes_from_parent(&self, object: &Object) -> Result<bool, DiffError> {
        let side = if self.after.has(object) { self.after } else { self.before };
        Ok(side.detail::<crate::schema::detail::Trigger>(object)?.inherited)
    }

    /// Kinds without anything of their own to watch.
    fn whole_object(&mut self, object: &Object) -> Result<(), DiffError> {
        match (self.before.has(object), self.after.has(object)) {
            (false, true) => self.made(object),
            (true, false) => self.dropped(object),
            _ => {
                if let Some(columns) = self.closure.swapped.get(object).cloned() {
                    let mut node = Node::new(object, Action::Swap(columns.clone()), Role::Alter);
                    for column in &columns {
                        node.hazards.push(hazard(
                            HazardKind::Rewrite,
                            column,
                            "every row is written anew while nobody gets at the table",
                        ));
                        node.hazards.push(hazard(
                            HazardKind::MayFail,
                            column,
                            "it fails where a value has no place in the new type",
                        ));
                    }
                    node.covers.extend(columns);
                    node.covers.extend(self.after.parts(&object.identity).iter().map(|&part| part.clone()));
                    self.nodes.push(node);
                    return Ok(());
                }
                if self.closure.recreated.contains(object) {
                    self.dropped(object);
                    self.made(object);
                    return Ok(());
                }
                self.changed(object)?;
            }
        }
        Ok(())
    }

    /// An object that stays and is changed in place, if at all.
    pub(super) fn changed(&mut self, object: &Object) -> Result<(), DiffError> {
        match verdict(object, self.before, self.after)? {
            Verdict::Alter | Verdict::AlterBare => {
                self.push(object, Action::Alter, Role::Alter);
            }
            Verdict::Replace => {
                self.push(object, Action::Replace, Role::Alter);
            }
            Verdict::Unsupported(what) => self.unsupported(object, what),
            Verdict::Same | Verdict::Recreate => {}
        }
        self.described(object);
        Ok(())
    }

    /// Owner, privileges, comment and labels of an object that stays.
    pub(super) fn described(&mut self, object: &Object) {
        let (Some(old), Some(new)) = (self.before.get(object), self.after.get(object)) else { return };
        if object.kind == Kind::DefaultPrivileges {
            if old.privileges != new.privileges {
                self.push(object, Action::Alter, Role::Alter);
            }
        } else if (&old.owner, &old.privileges, &old.comment, &old.labels)
            != (&new.owner, &new.privileges, &new.comment, &new.labels)
        {
            self.push(object, Action::Describe, Role::Alter);
        }
        self.check_grants(object);
    }

    /// Adds the making of an object.
    pub(super) fn made(&mut self, object: &Object) {
        self.check_grants(object);
        if object.kind == Kind::DefaultPrivileges {
            self.push(object, Action::Alter, Role::Create);
            return;
        }
        let covers: Vec<Object> = match object.kind {
            Kind::View | Kind::MaterializedView => {
                self.after.parts_of_kind(&object.identity, Kind::Column).cloned().collect()
            }
            Kind::Domain => self.after.parts(&object.identity).iter().map(|&part| part.clone()).collect(),
            _ => Vec::new(),
        };
        let silent = self.goes_along(object, self.after, self.before);
        let at = self.push(object, Action::Create(Vec::new()), Role::Create);
        if let Some(node) = self.nodes.get_mut(at) {
            node.covers.extend(covers);
            node.change.silent_drop = silent;
        }
    }

    /// Adds the dropping of an object.
    pub(super) fn dropped(&mut self, object: &Object) {
        if object.kind == Kind::DefaultPrivileges {
            self.push(object, Action::Alter, Role::Drop);
            return;
        }
        let covers: Vec<Object> = match object.kind {
            Kind::View | Kind::MaterializedView => {
                self.before.parts_of_kind(&object.identity, Kind::Column).cloned().collect()
            }
            Kind::Domain => self.before.parts(&object.identity).iter().map(|&part| part.clone()).collect(),
            _ => Vec::new(),
        };
        let silent = self.goes_along(object, self.before, self.after);
        let at = self.push(object, Action::Drop(Vec::new()), Role::Drop);
        if let Some(node) = self.nodes.get_mut(at) {
            node.covers.extend(covers);
            node.change.silent_drop = silent;
        }
    }

    /// Returns whether dropping an object takes no statement, since its whole is dropped with it.
    pub(super) fn goes_along(&self, object: &Object, here: &Catalog<'_>, there: &Catalog<'_>) -> bool {
        here.whole(object).is_some_and(|whole| !there.has(&whole) || self.closure.recreated.contains(&whole))
    }

    /// Adds a step and returns its number.
    pub(super) fn push(&mut self, object: &Object, action: Action, role: Role) -> usize {
        self.nodes.push(Node::new(object, action, role));
        self.nodes.len() - 1
    }

    /// Adds a hazard to a step.
    pub(super) fn hazard(&mut self, at: usize, kind: HazardKind, object: &Object, message: &str) {
        if let Some(node) = self.nodes.get_mut(at) {
            node.hazards.push(hazard(kind, object, message));
        }
    }

    /// Says that something can't be generated.
    pub(super) fn unsupported(&mut self, object: &Object, what: &str) {
        self.unsupported.push(Unsupported { object: object.clone(), what: what.to_owned() });
    }

    /// A privilege that was not given by the owner can't be given in another's name.
    fn check_grants(&mut self, object: &Object) {
        let given = |catalog: &Catalog<'_>| -> BTreeSet<_> {
            let lines = catalog.get(object).map(|definition| definition.privileges.clone()).unwrap_or_default();
            let all = lines.iter().flat_map(|line| crate::sql::parse_privileges(line, None));
            all.filter(|privilege| privilege.by.is_some()).collect()
        };
        if given(self.before) != given(self.after) {
            self.unsupported(object, "grant in the name of somebody who is not the owner");
        }
    }
}

/// Makes a hazard.
pub(super) fn hazard(kind: HazardKind, object: &Object, message: &str) -> Hazard {
    Hazard { kind, object: object.clone(), message: message.to_owned() }
}
