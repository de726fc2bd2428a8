//! Sequences and whose they are.

use crate::diff::change::Action;
use crate::diff::error::DiffError;
use crate::diff::graph::{Node, Role};
use crate::diff::work::Work;
use crate::schema::detail::Sequence;
use crate::schema::{Kind, Object};

pub(super) fn diff(work: &mut Work<'_>, object: &Object) -> Result<(), DiffError> {
    let former: Option<Sequence> = if work.before.has(object) { Some(work.before.detail(object)?) } else { None };
    let wanted: Option<Sequence> = if work.after.has(object) { Some(work.after.detail(object)?) } else { None };
    let behind = |sequence: &Option<Sequence>| sequence.as_ref().is_some_and(|sequence| sequence.identity);
    match (&former, &wanted) {
        (Some(old), Some(new)) if old.identity == new.identity && (!old.identity || owner(old) == owner(new)) => {
            let bare = |sequence: &Sequence| Sequence { table: None, column: None, ..sequence.clone() };
            if bare(old) != bare(new) {
                work.push(object, Action::Alter, Role::Alter);
            }
            work.described(object);
        }
        _ => {
            // An identity's comes and goes with its column.
            if former.is_some() && !behind(&former) {
                let silent = former.as_ref().and_then(owner).is_some_and(|column| !work.after.has(&column));
                let at = work.push(object, Action::Drop(Vec::new()), Role::Drop);
                if let Some(node) = work.nodes.get_mut(at) {
                    node.change.silent_drop = silent;
                }
            }
            if wanted.is_some() && !behind(&wanted) {
                let silent = wanted.as_ref().and_then(owner).is_some_and(|column| !work.before.has(&column));
                let at = work.push(object, Action::Create(Vec::new()), Role::Create);
                if let Some(node) = work.nodes.get_mut(at) {
                    node.change.silent_drop = silent;
                }
            }
        }
    }
    Ok(())
}

fn owner(sequence: &Sequence) -> Option<Object> {
    match (&sequence.table, &sequence.column) {
        (Some(table), Some(column)) => Some(Object { kind: Kind::Column, identity: format!("{table}.{column}") }),
        _ => None,
    }
}

/// Gives sequences to their columns, and lets those that replace another one go on where the rows are: when all else is there.
pub(super) fn finish(work: &mut Work<'_>) -> Result<(), DiffError> {
    let sequences: std::collections::BTreeSet<&Object> = work
        .before
        .objects()
        .chain(work.after.objects())
        .map(|(object, _)| object)
        .filter(|object| object.kind == Kind::Sequence)
        .collect();
    for object in sequences {
        let former: Option<Sequence> = if work.before.has(object) { Some(work.before.detail(object)?) } else { None };
        let wanted: Option<Sequence> = if work.after.has(object) { Some(work.after.detail(object)?) } else { None };
        let free =
            |sequence: &Option<Sequence>| sequence.as_ref().filter(|sequence| !sequence.identity).and_then(owner);
        let (old, new) = (free(&former), free(&wanted));
        let kept = former.is_some() == wanted.is_some()
            && former.as_ref().map(|old| old.identity) == wanted.as_ref().map(|new| new.identity);
        if old != new || !kept && new.is_some() {
            // The way back gives it back, so this comes before what takes the column away and after what makes it.
            if let Some(column) = &old {
                let mut node = Node::new(object, Action::OwnBack, Role::Alter);
                node.covers.clear();
                work.nodes.push(node);
                precede(work, object, column);
            }
            if let Some(column) = &new {
                let mut node = Node::new(object, Action::Own, Role::Alter);
                node.covers.clear();
                node.after = involved(work, object, column, Role::Drop);
                work.nodes.push(node);
                if kept && old.is_none() {
                    let mut node = Node::new(object, Action::OwnBack, Role::Alter);
                    node.covers.clear();
                    node.after.push(work.nodes.len() - 1);
                    work.nodes.push(node);
                }
            } else if kept {
                let mut node = Node::new(object, Action::Own, Role::Alter);
                node.covers.clear();
                work.nodes.push(node);
                if let Some(column) = &old {
                    precede(work, object, column);
                }
            }
        }
        catch_up(work, object, former.as_ref(), wanted.as_ref());
    }
    Ok(())
}

/// The steps about a sequence or its column that do not have this role.
fn involved(work: &Work<'_>, object: &Object, column: &Object, not: Role) -> Vec<usize> {
    let about = |node: &Node| node.covers.contains(object) || node.covers.contains(column);
    work.nodes.iter().enumerate().filter(|(_, node)| node.role != not && about(node)).map(|(at, _)| at).collect()
}

/// Puts the last step before all that take the sequence or its column away.
fn precede(work: &mut Work<'_>, object: &Object, column: &Object) {
    let last = work.nodes.len() - 1;
    for at in involved(work, object, column, Role::Create) {
        if let Some(node) = work.nodes.get_mut(at).filter(|_| at != last) {
            node.after.push(last);
        }
    }
}

/// Where a column's numbers come from another sequence than before, that one goes on behind them.
fn catch_up(work: &mut Work<'_>, object: &Object, former: Option<&Sequence>, wanted: Option<&Sequence>) {
    let column_of = |sequence: Option<&Sequence>| sequence.and_then(owner);
    let numbered_before =
        |column: &Object| work.before.dependents(column).iter().any(|other| other.kind == Kind::Sequence);
    let numbered_after =
        |column: &Object| work.after.dependents(column).iter().any(|other| other.kind == Kind::Sequence);
    let (old, new) = (column_of(former), column_of(wanted));
    let same = former.map(|old| old.identity) == wanted.map(|new| new.identity) && old == new;
    if same {
        return;
    }
    if let Some(column) = new.filter(|column| work.before.has(column)) {
        let had_rows = numbered_before(&column) || former.is_none_or(|former| former.identity);
        if had_rows {
            let mut node = Node::new(object, Action::CatchUp, Role::Alter);
            node.covers.clear();
            node.after = involved(work, object, &column, Role::Drop);
            // After the sequence that was there is gone and the new one is the column's.
            node.after.extend(
                work.nodes
                    .iter()
                    .enumerate()
                    .filter(|(_, node)| node.change.action == Action::Own && node.change.object == *object)
                    .map(|(at, _)| at),
            );
            work.nodes.push(node);
        }
    }
    if let Some(column) = old.filter(|column| work.after.has(column) && numbered_after(column)) {
        let mut node = Node::new(object, Action::CatchUpBack, Role::Alter);
        node.covers.clear();
        work.nodes.push(node);
        precede(work, object, &column);
        let last = work.nodes.len() - 1;
        for node in &mut work.nodes {
            if node.change.action == Action::OwnBack && node.change.object == *object {
                node.after.push(last);
            }
        }
    }
}
