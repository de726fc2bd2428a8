//! A history that ends in more than one migration.

use std::collections::BTreeSet;
use std::path::Path;

use crate::diagnostic::{Diagnostic, Label};
use crate::graph::{Graph, GraphError};
use crate::migration::dir::Folder;
use crate::migration::header;

use super::{MALFORMED_HEADER, SEVERAL_HEADS, naming};

pub(super) fn check(folder: &Folder, graph: &Graph, errors: &[GraphError], out: &mut Vec<Diagnostic>) {
    let heads = heads(graph, errors, &malformed(folder));
    if heads.len() < 2 {
        return;
    }
    let names: Vec<String> = heads.iter().map(|&head| format!("`{}`", naming::call(folder, head))).collect();
    let labels = heads.iter().filter_map(|&head| folder.find(head)).map(|migration| Label {
        path: folder.shown(&migration.up),
        span: folder.text(&migration.up).ok().and_then(|text| header::locate(&text, "parents")),
        text: "no migration builds on this one".to_owned(),
    });
    let mut helps = vec!["join them: `cargo migrate merge -m \"merge heads\"`".to_owned()];
    if heads.len() == 2 {
        helps.push(
            "or, if what your branch adds is applied nowhere else, put it on top of theirs: `cargo migrate rebase`"
                .to_owned(),
        );
    }
    helps.extend(append(folder, graph, &heads));
    out.push(Diagnostic {
        labels: labels.collect(),
        notes: vec![
            fork(folder, graph, &heads),
            "a merge runs no SQL of its own: it is safe wherever any of them is applied already".to_owned(),
        ],
        helps,
        ..SEVERAL_HEADS.finding(format!("the history has {} heads: {}", heads.len(), naming::list(&names)))
    });
}

/// The heads, without those that may be heads only because something else is wrong, which has a finding of its own: a
/// wrong parent stands for one head, the one that it names or the youngest that it could have meant; a header that was not
/// understood stands for all that it could have named.
fn heads(graph: &Graph, errors: &[GraphError], malformed: &[i64]) -> Vec<i64> {
    let mut heads = graph.heads();
    for &child in malformed {
        heads.retain(|&head| head >= child);
    }
    for error in errors {
        let meant = match *error {
            GraphError::ParentNotOlder { version, parent } if parent != version => {
                heads.iter().position(|&head| head == parent)
            }
            GraphError::MissingParent { version, .. } | GraphError::ParentNotOlder { version, .. } => {
                heads.iter().rposition(|&head| head < version)
            }
            GraphError::Duplicate { .. } => None,
        };
        if let Some(at) = meant {
            heads.remove(at);
        }
    }
    heads
}

/// The migrations whose header was not understood.
fn malformed(folder: &Folder) -> Vec<i64> {
    let paths: BTreeSet<&Path> = folder
        .findings
        .iter()
        .filter(|finding| finding.rule == MALFORMED_HEADER.name)
        .filter_map(|finding| finding.labels.first())
        .map(|label| label.path.as_path())
        .collect();
    if paths.is_empty() {
        return Vec::new();
    }
    let malformed = folder.migrations.iter().filter(|migration| paths.contains(folder.shown(&migration.up).as_path()));
    malformed.map(|migration| migration.version).collect()
}

/// Says where the heads part: their youngest common ancestor.
fn fork(folder: &Folder, graph: &Graph, heads: &[i64]) -> String {
    let common = heads.iter().map(|&head| graph.ancestors(head)).reduce(|a, b| &a & &b).unwrap_or_default();
    match common.last() {
        Some(&fork) => format!("they part after `{}`", naming::call(folder, fork)),
        None => {
            let bases: Vec<String> =
                graph.bases().iter().map(|&base| format!("`{}`", naming::call(folder, base))).collect();
            format!("they share no migration: the history begins with {}", naming::list(&bases))
        }
    }
}

/// How to put the younger of two branches after the older one, where its first migration is young enough for that.
fn append(folder: &Folder, graph: &Graph, heads: &[i64]) -> Option<String> {
    let &[older, younger] = heads else { return None };
    let theirs = graph.ancestors(older);
    let mut ours = graph.ancestors(younger);
    ours.insert(younger);
    let first = *ours.iter().find(|version| !theirs.contains(version))?;
    let first_parents_are_shared = graph.parents(first).iter().all(|parent| theirs.contains(parent));
    if first <= older || !first_parents_are_shared || graph.parents(first).len() > 1 {
        return None;
    }
    let migration = folder.find(first)?;
    Some(format!(
        "or, if `{}` is applied nowhere yet, put it after `{}`: `{}` in {}",
        naming::stem(migration),
        naming::call(folder, older),
        naming::parents_line(&[older]),
        folder.shown(&migration.up).display()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Node;

    fn found(nodes: &[(i64, &[i64])], malformed: &[i64]) -> Vec<i64> {
        let (graph, errors) =
            Graph::new(nodes.iter().map(|&(version, parents)| Node { version, parents: parents.to_vec() }));
        heads(&graph, &errors, malformed)
    }

    #[test]
    fn a_wrong_parent_makes_no_head() {
        assert_eq!(found(&[(1, &[]), (2, &[1]), (3, &[9])], &[]), [3]);
        assert_eq!(found(&[(1, &[]), (2, &[1]), (3, &[9]), (4, &[3])], &[]), [4]);
        assert_eq!(found(&[(1, &[]), (2, &[1]), (3, &[1]), (4, &[2, 5])], &[]), [4]);
        assert_eq!(found(&[(1, &[]), (2, &[3]), (3, &[1])], &[]), [2]);
    }

    #[test]
    fn it_hides_no_fork() {
        assert_eq!(found(&[(1, &[]), (2, &[9]), (3, &[2]), (4, &[2])], &[]), [3, 4], "after it");
        assert_eq!(found(&[(1, &[]), (2, &[1]), (3, &[1]), (4, &[4])], &[]), [2, 4], "before it");
    }

    #[test]
    fn a_header_that_is_not_understood_may_be_a_merge() {
        let nodes: &[(i64, &[i64])] = &[(1, &[]), (2, &[1]), (3, &[1]), (4, &[3]), (5, &[4]), (6, &[4])];
        assert_eq!(found(nodes, &[4]), [5, 6]);
        assert_eq!(found(nodes, &[]), [2, 5, 6]);
        assert_eq!(found(nodes, &[5]), [5, 6], "or a head itself");
    }
}
