//! Indexes that are no constraint's.

use crate::diff::change::{Action, HazardKind};
use crate::diff::error::DiffError;
use crate::diff::graph::{Class, Role};
use crate::diff::verdict::{Verdict, verdict};
use crate::diff::work::Work;
use crate::schema::detail::Index;
use crate::schema::{Kind, Object};

pub(super) fn diff(work: &mut Work<'_>, object: &Object) -> Result<(), DiffError> {
    let (old, new) = (work.before.has(object), work.after.has(object));
    let former: Option<Index> = if old { Some(work.before.detail(object)?) } else { None };
    let wanted: Option<Index> = if new { Some(work.after.detail(object)?) } else { None };
    let free = |index: &Option<Index>| index.as_ref().is_some_and(|index| index.constraint.is_none());
    match (free(&former), free(&wanted)) {
        (false, true) => made(work, object),
        (true, false) => dropped(work, object),
        (true, true) => both(work, object),
        // A constraint's: made and dropped with it.
        (false, false) => {
            if old && new && verdict(object, work.before, work.after)? == Verdict::Alter {
                work.push(object, Action::Alter, Role::Alter);
            }
            Ok(())
        }
    }
}

/// Whether the table takes writes that should not wait.
fn is_busy(work: &Work<'_>, object: &Object) -> bool {
    work.after.whole(object).is_some_and(|table| {
        table.kind == Kind::Table && work.before.has(&table)
            || table.kind == Kind::MaterializedView
                && work.before.has(&table)
                && !work.closure.recreated.contains(&table)
    })
}

fn made(work: &mut Work<'_>, object: &Object) -> Result<(), DiffError> {
    let index: Index = work.after.detail(object)?;
    let busy = is_busy(work, object) && !index.partitioned;
    let new_parent = match &index.partition_of {
        Some(parent) => {
            // One that the server makes for a new constraint of the parent.
            let parent = Object { kind: Kind::Index, identity: parent.clone() };
            work.after.has(&parent)
                && work.after.detail::<Index>(&parent)?.constraint.is_some()
                && !work.before.has(&parent)
        }
        None => false,
    };
    if new_parent && index.constraint.is_some() {
        return Ok(());
    }
    let action = if busy { Action::CreateConcurrently } else { Action::Create(Vec::new()) };
    let silent = work.goes_along(object, work.after, work.before) || index.partition_of.is_some();
    let at = work.push(object, action, Role::Create);
    if let Some(node) = work.nodes.get_mut(at) {
        node.change.silent_drop = silent;
        if busy {
            node.class = Class::Alone;
        }
    }
    if index.unique && busy {
        work.hazard(at, HazardKind::MayFail, object, "it fails where rows have the same values");
    }
    Ok(())
}

fn dropped(work: &mut Work<'_>, object: &Object) -> Result<(), DiffError> {
    let index: Index = work.before.detail(object)?;
    let silent = work.goes_along(object, work.before, work.after) || index.partition_of.is_some();
    let stays = work.before.whole(object).is_some_and(|table| work.after.has(&table) && table.kind == Kind::Table);
    // One on a column that goes would go with it; before that it can go without a part of its own.
    let column_goes = work.before.needs(object).iter().any(|needed| {
        needed.kind == Kind::Column && !work.after.has(needed) || work.closure.recreated.contains(needed)
    });
    let retyped = work.before.needs(object).iter().any(|needed| {
        work.before
            .get(needed)
            .zip(work.after.get(needed))
            .is_some_and(|(old, new)| needed.kind == Kind::Column && old.body != new.body)
    });
    let made_again = work.after.has(object);
    let alone = stays
        && !silent
        && !column_goes
        && !retyped
        && !made_again
        && !index.partitioned
        && index.partition_of.is_none();
    let action = if alone { Action::DropConcurrently } else { Action::Drop(Vec::new()) };
    let at = work.push(object, action, Role::Drop);
    if let Some(node) = work.nodes.get_mut(at) {
        node.change.silent_drop = silent;
        if alone {
            node.class = Class::Alone;
        }
    }
    Ok(())
}

fn both(work: &mut Work<'_>, object: &Object) -> Result<(), DiffError> {
    let (old, new): (Index, Index) = (work.before.detail(object)?, work.after.detail(object)?);
    let moved = work.before.whole(object) != work.after.whole(object);
    let whole_made = work.after.whole(object).is_some_and(|whole| work.closure.recreated.contains(&whole));
    if whole_made || moved {
        dropped(work, object)?;
        return made(work, object);
    }
    if !work.closure.recreated.contains(object) {
        return work.changed(object);
    }
    let leans = work.before.needs(object).iter().any(|needed| {
        work.closure.recreated.contains(needed)
            || work.closure.swapped.contains_key(needed)
            || work.after.get(needed).is_none()
            || verdict(needed, work.before, work.after).is_ok_and(|verdict| verdict == Verdict::AlterBare)
    }) || work.before.dependents(object).iter().any(|other| other.kind == Kind::Constraint);
    let can = is_busy(work, object)
        && old.partition_of.is_none()
        && new.partition_of.is_none()
        && !old.partitioned
        && !new.partitioned;
    if leans || !can || old.definition == new.definition {
        dropped(work, object)?;
        made(work, object)?;
        return Ok(());
    }
    let at = work.push(object, Action::Rebuild, Role::Alter);
    if let Some(node) = work.nodes.get_mut(at) {
        node.class = Class::Alone;
    }
    if new.unique {
        work.hazard(at, HazardKind::MayFail, object, "it fails where rows have the same values");
    }
    Ok(())
}
