//! Constraints of tables and domains.

use crate::diff::change::{Action, HazardKind};
use crate::diff::error::DiffError;
use crate::diff::graph::{Class, Node, Role};
use crate::diff::verdict::{Verdict, verdict};
use crate::diff::work::Work;
use crate::schema::detail::{Constraint, Table};
use crate::schema::{Kind, Object};
use crate::sql;

pub(super) fn diff(work: &mut Work<'_>, object: &Object) -> Result<(), DiffError> {
    if work.made_inline.contains(object) && work.gone_inline.contains(object) {
        return Ok(());
    }
    let (old, new) = (work.before.has(object), work.after.has(object));
    let side = if new { work.after } else { work.before };
    let detail: Constraint = side.detail(object)?;
    // Constraint triggers are triggers, and columns say whether they may be null.
    if matches!(detail.constraint_type.as_str(), "t" | "n") {
        return Ok(());
    }
    let Some(whole) = side.whole(object) else { return Ok(()) };
    if whole.kind == Kind::ForeignTable {
        return Ok(());
    }
    let whole_made = work.closure.recreated.contains(&whole) || work.closure.swapped.contains_key(&whole);
    if whole.kind == Kind::Domain && (whole_made || !work.before.has(&whole) || !work.after.has(&whole)) {
        return Ok(());
    }
    match (old, new) {
        (false, true) if work.made_inline.contains(object) => Ok(()),
        (true, false) if work.gone_inline.contains(object) => Ok(()),
        (false, true) => made(work, object, &whole, &detail),
        (true, false) => dropped(work, object, &detail),
        _ if work.closure.recreated.contains(object) => {
            let former: Constraint = work.before.detail(object)?;
            dropped(work, object, &former)?;
            made(work, object, &whole, &detail)
        }
        _ => {
            match verdict(object, work.before, work.after)? {
                Verdict::Alter => validated(work, object, None),
                Verdict::Unsupported(what) => work.unsupported(object, what),
                _ => {}
            }
            work.described(object);
            if let Some(index) = sql::index_of(object, work.after)?
                && work.before.has(&index)
            {
                work.described(&index);
            }
            Ok(())
        }
    }
}

fn from_parent(detail: &Constraint) -> bool {
    detail.inherited && !detail.local
}

fn dropped(work: &mut Work<'_>, object: &Object, detail: &Constraint) -> Result<(), DiffError> {
    if from_parent(detail) {
        return Ok(());
    }
    let at = work.push(object, Action::Drop(Vec::new()), Role::Drop);
    let index = sql::index_of(object, work.before)?;
    let silent = work.goes_along(object, work.before, work.after);
    // A foreign key in a circle of tables has to go before either.
    let silent = silent && detail.constraint_type != "f";
    if let Some(node) = work.nodes.get_mut(at) {
        node.covers.extend(index);
        node.change.silent_drop = silent;
    }
    Ok(())
}

fn made(work: &mut Work<'_>, object: &Object, whole: &Object, detail: &Constraint) -> Result<(), DiffError> {
    if from_parent(detail) {
        return Ok(());
    }
    let index = sql::index_of(object, work.after)?;
    let on_new = !work.before.has(whole);
    let table: Option<Table> = if whole.kind == Kind::Table { Some(work.after.detail(whole)?) } else { None };
    let partitioned = table.as_ref().is_some_and(|table| table.kind == "p");
    let nulls = detail.definition.contains("NULLS NOT DISTINCT") || detail.definition.contains("WITHOUT OVERLAPS");
    let action = match detail.constraint_type.as_str() {
        _ if on_new => Action::Create(Vec::new()),
        "c" if detail.validated => Action::CreateUnvalidated,
        "f" if detail.validated && !partitioned => Action::CreateUnvalidated,
        "p" | "u" if !partitioned && index.is_some() && !(nulls && detail.definition.contains("OVERLAPS")) => {
            Action::CreateByIndex
        }
        _ => Action::Create(Vec::new()),
    };
    let unvalidated = action == Action::CreateUnvalidated;
    let alone = action == Action::CreateByIndex;
    let at = work.push(object, action, Role::Create);
    let silent = work.goes_along(object, work.after, work.before) && detail.constraint_type != "f";
    if let Some(node) = work.nodes.get_mut(at) {
        node.covers.extend(index);
        node.change.silent_drop = silent;
        if alone {
            node.class = Class::Alone;
        }
    }
    if alone {
        // A key needs its columns to be NOT NULL for good.
        work.hazard(at, HazardKind::MayFail, object, "it fails where rows have the same values");
    } else if unvalidated {
        validated(work, object, Some(at));
    } else if !on_new && detail.validated {
        work.hazard(at, HazardKind::Blocks, object, "every row is read while nobody writes to the table");
        work.hazard(at, HazardKind::MayFail, object, "it fails where rows break it");
    }
    Ok(())
}

fn validated(work: &mut Work<'_>, object: &Object, made: Option<usize>) {
    let action = if made.is_some() { Action::Validate } else { Action::ValidateKnown };
    let mut node = Node::new(object, action, Role::Alter);
    node.committed.extend(made);
    if made.is_some() {
        // What leans on the constraint need not wait for it.
        node.covers.clear();
    }
    work.nodes.push(node);
    work.hazard(work.nodes.len() - 1, HazardKind::MayFail, object, "it fails where rows break it");
}
