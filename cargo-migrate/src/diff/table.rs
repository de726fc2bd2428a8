//! Tables.

use crate::diff::change::{Action, HazardKind};
use crate::diff::error::DiffError;
use crate::diff::graph::{Node, Role};
use crate::diff::work::Work;
use crate::schema::detail::{Constraint, Index, Table};
use crate::schema::{Kind, Object};

pub(super) fn diff(work: &mut Work<'_>, object: &Object) -> Result<(), DiffError> {
    match (work.before.has(object), work.after.has(object)) {
        (false, true) => made(work, object),
        (true, false) => dropped(work, object),
        _ => {
            let (old, new): (Table, Table) = (work.before.detail(object)?, work.after.detail(object)?);
            work.changed(object)?;
            let at = work
                .nodes
                .iter()
                .rposition(|node| node.change.object == *object && node.change.action == Action::Alter);
            if let Some(at) = at {
                if old.persistence != new.persistence || old.using != new.using || old.tablespace != new.tablespace {
                    work.hazard(
                        at,
                        HazardKind::Rewrite,
                        object,
                        "every row is written anew while nobody gets at the table",
                    );
                }
                if new.partition && (old.parents != new.parents || old.bound != new.bound) {
                    work.hazard(
                        at,
                        HazardKind::Blocks,
                        object,
                        "every row is held against the bounds of the partition",
                    );
                }
            }
            Ok(())
        }
    }
}

/// What comes and goes with a table.
fn covers(work: &Work<'_>, object: &Object, made: bool) -> Result<(Vec<Object>, Vec<Object>), DiffError> {
    let (side, inline) = if made { (work.after, &work.made_inline) } else { (work.before, &work.gone_inline) };
    let (mut covers, mut with) = (vec![object.clone()], Vec::new());
    for &part in side.parts(&object.identity) {
        match part.kind {
            Kind::Column => {
                covers.push(part.clone());
                covers.extend(side.identity_sequence(part).cloned());
            }
            Kind::Constraint if inline.contains(part) => {
                covers.push(part.clone());
                covers.extend(crate::sql::index_of(part, side)?);
                with.push(part.clone());
            }
            _ => {}
        }
    }
    // As people write them: the key first, references last.
    let mut sorted = Vec::new();
    for part in with {
        let constraint: Constraint = side.detail(&part)?;
        let place = ["p", "u", "x", "c", "f"].iter().position(|kind| *kind == constraint.constraint_type);
        sorted.push((place, part));
    }
    sorted.sort();
    Ok((covers, sorted.into_iter().map(|(_, part)| part).collect()))
}

fn made(work: &mut Work<'_>, object: &Object) -> Result<(), DiffError> {
    let (covers, with) = covers(work, object, true)?;
    work.nodes.push(Node { covers, ..Node::new(object, Action::Create(with), Role::Create) });
    Ok(())
}

fn dropped(work: &mut Work<'_>, object: &Object) -> Result<(), DiffError> {
    let (covers, with) = covers(work, object, false)?;
    work.nodes.push(Node { covers, ..Node::new(object, Action::Drop(with), Role::Drop) });
    work.hazard(work.nodes.len() - 1, HazardKind::DataLoss, object, "its rows are lost");
    Ok(())
}

/// Attaches new partitions, and indexes of partitions that are there already, after all that it takes.
pub(super) fn finish(work: &mut Work<'_>) -> Result<(), DiffError> {
    for made in [true, false] {
        let (side, other) = if made { (work.after, work.before) } else { (work.before, work.after) };
        let (role, action) = if made { (Role::Create, Action::Attach) } else { (Role::Drop, Action::Detach) };
        let tables: Vec<&Object> = side
            .objects()
            .map(|(object, _)| object)
            .filter(|object| object.kind == Kind::Table && !other.has(object))
            .collect();
        for object in tables {
            let table: Table = side.detail(object)?;
            let Some(parent) = table.parents.first().filter(|_| table.partition) else { continue };
            let mut node = Node::new(object, action.clone(), Role::Alter);
            node.change.silent_drop = true;
            node.covers.clear();
            // Between a table and its partition all else is there already, in either direction.
            let related: Vec<usize> = work
                .nodes
                .iter()
                .enumerate()
                .filter(|(_, node)| {
                    let own = &node.change.object;
                    let of = side.whole(own).map(|whole| whole.identity).unwrap_or_else(|| own.identity.clone());
                    node.role == role
                        && matches!(own.kind, Kind::Table | Kind::Index | Kind::Constraint)
                        && (of == object.identity || of == *parent)
                        && node.class == crate::diff::graph::Class::Together
                })
                .map(|(at, _)| at)
                .collect();
            if made {
                node.after = related;
                work.nodes.push(node);
            } else {
                work.nodes.push(node);
                let at = work.nodes.len() - 1;
                for other in related {
                    if let Some(node) = work.nodes.get_mut(other) {
                        node.after.push(at);
                    }
                }
            }
        }
    }
    attach_indexes(work)
}

fn attach_indexes(work: &mut Work<'_>) -> Result<(), DiffError> {
    let indexes: Vec<&Object> =
        work.after.objects().map(|(object, _)| object).filter(|object| object.kind == Kind::Index).collect();
    for object in indexes {
        if work.before.has(object) {
            continue;
        }
        let index: Index = work.after.detail(object)?;
        let (Some(parent), Some(table)) = (&index.partition_of, work.after.whole(object)) else { continue };
        // A new partition's are taken along when it is attached.
        let parent = Object { kind: Kind::Index, identity: parent.clone() };
        let parent_is_new = work.after.whole(&parent).is_some_and(|table| !work.before.has(&table));
        if !work.before.has(&table) && (work.before.has(&parent) || parent_is_new) {
            continue;
        }
        let constraint_from_parent = match &index.constraint {
            Some(name) => {
                let own = Object { kind: Kind::Constraint, identity: format!("{name} on {}", table.identity) };
                let detail: Constraint = work.after.detail(&own)?;
                detail.inherited && !detail.local
            }
            None => false,
        };
        if constraint_from_parent {
            continue;
        }
        let mut node = Node::new(object, Action::AttachIndex, Role::Alter);
        node.change.silent_drop = true;
        node.covers = Vec::new();
        node.after = work
            .nodes
            .iter()
            .enumerate()
            .filter(|(_, node)| {
                node.role == Role::Create && (node.covers.contains(object) || node.covers.contains(&parent))
            })
            .map(|(at, _)| at)
            .collect();
        work.nodes.push(node);
    }
    detach_indexes(work)
}

/// On the way back indexes that are dropped have to be put together again.
fn detach_indexes(work: &mut Work<'_>) -> Result<(), DiffError> {
    let indexes: Vec<&Object> =
        work.before.objects().map(|(object, _)| object).filter(|object| object.kind == Kind::Index).collect();
    for object in indexes {
        let index: Index = work.before.detail(object)?;
        let (Some(parent), Some(table)) = (&index.partition_of, work.before.whole(object)) else { continue };
        // With a table that is dropped, attaching the table does it.
        if work.after.has(object) || !work.after.has(&table) || index.constraint.is_some() {
            continue;
        }
        let parent = Object { kind: Kind::Index, identity: parent.clone() };
        let mut node = Node::new(object, Action::DetachIndex, Role::Alter);
        node.covers = Vec::new();
        work.nodes.push(node);
        let last = work.nodes.len() - 1;
        for node in &mut work.nodes {
            if node.role == Role::Drop && (node.covers.contains(object) || node.covers.contains(&parent)) {
                node.after.push(last);
            }
        }
    }
    Ok(())
}
