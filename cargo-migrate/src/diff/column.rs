//! Columns of tables and views.

use crate::diff::change::{Action, HazardKind};
use crate::diff::error::DiffError;
use crate::diff::graph::{Node, Role};
use crate::diff::verdict::{Verdict, verdict};
use crate::diff::work::Work;
use crate::schema::detail::Column;
use crate::schema::{Kind, Object};
use crate::sql;

pub(super) fn diff(work: &mut Work<'_>, object: &Object) -> Result<(), DiffError> {
    let (old_whole, new_whole) = (work.before.whole(object), work.after.whole(object));
    // With a relation that is made or dropped, all is said there.
    match (&old_whole, &new_whole) {
        (Some(whole), None) if !work.after.has(whole) => return Ok(()),
        (None, Some(whole)) if !work.before.has(whole) => return Ok(()),
        (Some(old), Some(new)) if old != new => return Ok(()),
        _ => {}
    }
    let Some(whole) = new_whole.or(old_whole) else { return Ok(()) };
    if work.closure.recreated.contains(&whole) {
        return Ok(());
    }
    match whole.kind {
        Kind::Table => {}
        Kind::View | Kind::MaterializedView => {
            if work.before.has(object) && work.after.has(object) {
                let (old, new): (Column, Column) = (work.before.detail(object)?, work.after.detail(object)?);
                if old.expression != new.expression {
                    work.push(object, Action::Alter, Role::Alter);
                }
                work.described(object);
            }
            return Ok(());
        }
        // A foreign table is reported as a whole.
        _ => return Ok(()),
    }
    match (work.before.has(object), work.after.has(object)) {
        (false, true) => added(work, object),
        (true, false) => dropped(work, object),
        _ => changed(work, object),
    }
}

fn added(work: &mut Work<'_>, object: &Object) -> Result<(), DiffError> {
    let column: Column = work.after.detail(object)?;
    if column.inherited && !column.local {
        return Ok(());
    }
    let at = work.push(object, Action::Create(Vec::new()), Role::Create);
    if let Some(node) = work.nodes.get_mut(at) {
        node.covers.extend(work.after.identity_sequence(object).cloned());
    }
    let filled = column.expression.is_some() || column.identity.is_some();
    if column.not_null && !filled {
        if let Some(fill) = work.hints.fill.get(&object.identity) {
            if let Some(node) = work.nodes.get_mut(at) {
                node.change.action = Action::CreateFilled(fill.clone());
            }
        } else {
            work.hazard(at, HazardKind::MayFail, object, "it fails if the table has rows, which have no value for it");
            work.notes.push(format!(
                "{} is NOT NULL and has no default: give the rows that are there a value, or add the column without NOT NULL first",
                object.identity
            ));
        }
    }
    if column.identity.is_some() || column.generated.as_deref() == Some("s") {
        work.hazard(at, HazardKind::Rewrite, object, "every row is written anew while nobody gets at the table");
    }
    Ok(())
}

fn dropped(work: &mut Work<'_>, object: &Object) -> Result<(), DiffError> {
    let column: Column = work.before.detail(object)?;
    if column.inherited && !column.local {
        return Ok(());
    }
    let at = work.push(object, Action::Drop(Vec::new()), Role::Drop);
    if let Some(node) = work.nodes.get_mut(at) {
        node.covers.extend(work.before.identity_sequence(object).cloned());
    }
    if column.generated.is_none() {
        work.hazard(at, HazardKind::DataLoss, object, "its values are lost");
    }
    Ok(())
}

fn changed(work: &mut Work<'_>, object: &Object) -> Result<(), DiffError> {
    let (old, new): (Column, Column) = (work.before.detail(object)?, work.after.detail(object)?);
    let from_parent = new.inherited && !new.local;
    if from_parent && same_as_parent(work, object, &new)? {
        work.described(object);
        return Ok(());
    }
    if work.closure.defaults.contains(object) {
        work.push(object, Action::DropDefault, Role::Drop);
        if new.expression.is_some() && old.expression == new.expression {
            work.push(object, Action::SetDefault, Role::Create);
        }
    }
    let swapped = work.closure.swapped.values().any(|columns| columns.contains(object));
    let bare = |column: &Column| {
        let mut column = column.clone();
        (column.position, column.not_null, column.inherited, column.local) = (0, false, false, false);
        if swapped {
            column.expression = None;
        }
        column
    };
    // A default's sequence and an identity's may have one name: one goes before the other comes.
    let role = match (old.identity.is_some(), new.identity.is_some()) {
        (true, false) => Role::Drop,
        (false, true) => Role::Create,
        _ => Role::Alter,
    };
    if role != Role::Alter {
        if old.expression.is_some() {
            work.push(object, Action::DropDefault, Role::Drop);
        }
        if new.expression.is_some() {
            work.push(object, Action::SetDefault, Role::Create);
        }
    }
    if bare(&old) != bare(&new) {
        let at = work.push(object, Action::Alter, role);
        if let Some(node) = work.nodes.get_mut(at) {
            node.covers.extend(
                work.after.identity_sequence(object).into_iter().chain(work.before.identity_sequence(object)).cloned(),
            );
        }
        if verdict(object, work.before, work.after)? == Verdict::AlterBare {
            hazards(work, at, object, &old, &new);
        }
    }
    match (old.not_null, new.not_null) {
        (false, true) => required(work, object, &new),
        (true, false) => {
            let at =
                work.push(object, Action::DropNotNull, if role == Role::Drop { Role::Create } else { Role::Alter });
            // An identity needs it.
            if let Some(node) = work.nodes.get_mut(at).filter(|_| old.identity.is_some()) {
                node.after.extend(at.checked_sub(1));
            }
        }
        _ => {}
    }
    work.described(object);
    Ok(())
}

/// What a parent's column does, its children's do.
fn same_as_parent(work: &Work<'_>, object: &Object, new: &Column) -> Result<bool, DiffError> {
    let Some(table) = work.after.whole(object) else { return Ok(false) };
    let detail: crate::schema::detail::Table = work.after.detail(&table)?;
    let name = sql::ident::name_within(object, &table.identity);
    for parent in &detail.parents {
        let parent = Object { kind: Kind::Column, identity: format!("{parent}.{name}") };
        if work.after.has(&parent) {
            let parent: Column = work.after.detail(&parent)?;
            return Ok((&parent.data_type, &parent.collation, parent.not_null, &parent.expression, &parent.generated)
                == (&new.data_type, &new.collation, new.not_null, &new.expression, &new.generated));
        }
    }
    Ok(false)
}

fn hazards(work: &mut Work<'_>, at: usize, object: &Object, old: &Column, new: &Column) {
    if new.generated.is_some() {
        work.hazard(at, HazardKind::Rewrite, object, "every row is written anew while nobody gets at the table");
        if old.generated.is_none() {
            work.hazard(at, HazardKind::DataLoss, object, "its values are lost, and worked out instead");
        }
        return;
    }
    if old.data_type == new.data_type && old.collation == new.collation {
        return;
    }
    if !sql::is_free(&old.data_type, &new.data_type) {
        work.hazard(at, HazardKind::Rewrite, object, "every row is written anew while nobody gets at the table");
    }
    if !sql::always_fits(&old.data_type, &new.data_type) {
        work.hazard(at, HazardKind::MayFail, object, "it fails where a value has no place in the new type");
    }
}

/// The way to NOT NULL on which nobody waits for the rows to be read.
fn required(work: &mut Work<'_>, object: &Object, new: &Column) {
    let fill = work.hints.fill.get(&object.identity).cloned();
    if fill.is_none() {
        let value = new.expression.as_deref().unwrap_or("…");
        let table = work.after.whole(object).map(|whole| whole.identity).unwrap_or_default();
        let name = sql::ident::name_within(object, &table);
        work.notes.push(format!(
            "rows where {} is null make it fail; give them a value first: UPDATE {table} SET {name} = {value} WHERE {name} IS NULL",
            object.identity
        ));
    }
    let is_partition_child = new.inherited && !new.local;
    if is_partition_child || new.identity.is_some() {
        // The identity is added in the same statement, and needs it at once.
        let at = work.push(object, Action::SetNotNull, Role::Alter);
        work.hazard(at, HazardKind::Blocks, object, "every row is read while nobody gets at the table");
        work.hazard(at, HazardKind::MayFail, object, "it fails where a value is null");
        let last = at.checked_sub(1).and_then(|last| work.nodes.get_mut(last));
        if let Some(node) = last.filter(|node| node.change.object == *object && node.change.action == Action::Alter) {
            node.after.push(at);
        }
        return;
    }
    let filled = fill.is_some();
    let guard = work.push(object, Action::Guard(fill), Role::Alter);
    if let Some(alter) = guard.checked_sub(1) {
        let altered = work
            .nodes
            .get(alter)
            .is_some_and(|node| node.change.object == *object && node.change.action == Action::Alter);
        if let Some(node) = work.nodes.get_mut(guard).filter(|_| altered) {
            node.after.push(alter);
        }
    }
    let mut node = Node::new(object, Action::GuardToNotNull, Role::Alter);
    node.committed.push(guard);
    work.nodes.push(node);
    if !filled {
        work.hazard(work.nodes.len() - 1, HazardKind::MayFail, object, "it fails where a value is null");
    }
}
