//! A migration that builds on one that does not exist. One that does not say what it builds on where it has to is found
//! while the folder is read.

use crate::diagnostic::{Diagnostic, Label};
use crate::graph::{Graph, GraphError};
use crate::migration::Migration;
use crate::migration::dir::Folder;
use crate::migration::header;

use super::{MISSING_PARENT, naming};

pub(super) fn check(folder: &Folder, graph: &Graph, errors: &[GraphError], out: &mut Vec<Diagnostic>) {
    for error in errors {
        // One that was sealed and is gone has a finding of its own.
        if let GraphError::MissingParent { version, parent } = *error
            && folder.lock.find(parent).is_none()
        {
            out.extend(folder.find(version).map(|migration| unknown(folder, graph, migration, parent)));
        }
    }
}

fn unknown(folder: &Folder, graph: &Graph, migration: &Migration, parent: i64) -> Diagnostic {
    let name = naming::stem(migration);
    let text = folder.text(&migration.up).unwrap_or_default();
    let mut helps = Vec::new();
    match nearest(graph, migration.version, parent) {
        Some(meant) => {
            let parents = migration.header.parents.iter().flatten();
            let parents: Vec<i64> = parents.map(|&named| if named == parent { meant } else { named }).collect();
            let line = naming::parents_line(&parents);
            helps.push(format!("did you mean `{}`? then write `{line}`", naming::call(folder, meant)));
        }
        None => helps.push(write_newest(graph, migration)),
    }
    helps.push(format!(
        "if its file was deleted or is on another branch, find the commits that have it: \
         `git log --all --oneline -- '*/?{parent}__*'`"
    ));
    Diagnostic {
        labels: vec![Label {
            path: folder.shown(&migration.up),
            span: header::locate_parent(&text, parent),
            text: "no migration has this version".to_owned(),
        }],
        helps,
        ..MISSING_PARENT.finding(format!("`{name}` builds on `{parent}`, which does not exist"))
    }
}

fn write_newest(graph: &Graph, migration: &Migration) -> String {
    match graph.versions().rev().find(|&version| version < migration.version) {
        Some(newest) => {
            format!("to build on the newest migration before it, write `{}`", naming::parents_line(&[newest]))
        }
        None => format!("to build on nothing, write `{}`", naming::parents_line(&[])),
    }
}

/// The older version that differs from `wanted` in a few digits only.
fn nearest(graph: &Graph, below: i64, wanted: i64) -> Option<i64> {
    let wanted = wanted.to_string();
    graph
        .versions()
        .take_while(|&version| version < below)
        .map(|version| (strsim::damerau_levenshtein(&version.to_string(), &wanted), version))
        .min()
        .filter(|&(distance, _)| distance <= wanted.len() / 4)
        .map(|(_, version)| version)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Node;

    #[test]
    fn a_slip_of_a_few_digits_is_recognised() {
        let nodes = [20261120101500, 20261121090000, 20261130000000].map(|version| Node { version, parents: vec![] });
        let (graph, _) = Graph::new(nodes);
        assert_eq!(nearest(&graph, 20261130000000, 20261120101501), Some(20261120101500));
        assert_eq!(nearest(&graph, 20261130000000, 20261130000001), None, "not one that is as young");
        assert_eq!(nearest(&graph, 20261130000000, 7), None);
    }
}
