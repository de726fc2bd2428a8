//! The revision graph: versions and their parents, and nothing about files or databases.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

/// One migration as the graph sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The migration's version.
    pub version: i64,
    /// The versions it builds on; empty for a base.
    pub parents: Vec<i64>,
}

/// What is wrong with a graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GraphError {
    /// Two nodes have one version.
    Duplicate {
        /// The version that occurs more than once.
        version: i64,
    },
    /// A parent that no node has as its version.
    MissingParent {
        /// The child.
        version: i64,
        /// The version it names.
        parent: i64,
    },
    /// A parent whose version is not lower than its child's.
    ParentNotOlder {
        /// The child.
        version: i64,
        /// The parent that is as young or younger.
        parent: i64,
    },
}

/// A revision graph. Version order is always a valid order of it, because only older parents are kept as edges.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    parents: BTreeMap<i64, Vec<i64>>,
    children: BTreeMap<i64, Vec<i64>>,
}

impl Graph {
    /// Builds the graph of `nodes`, and says what is wrong with them; a wrong edge is left out, so that the rest can
    /// still be looked at. Errors come in the order of the nodes' versions.
    pub fn new(nodes: impl IntoIterator<Item = Node>) -> (Self, Vec<GraphError>) {
        let mut errors = Vec::new();
        let mut nodes: Vec<Node> = nodes.into_iter().collect();
        // Maps are made of sorted lists, because that costs an unoptimised build script far less than one entry at a time.
        if !nodes.is_sorted_by_key(|node| node.version) {
            nodes.sort_by_key(|node| node.version);
        }
        nodes.dedup_by(|later, kept| {
            let twice = later.version == kept.version;
            if twice {
                errors.push(GraphError::Duplicate { version: later.version });
                kept.parents = std::mem::take(&mut later.parents);
            }
            twice
        });
        let versions: Vec<i64> = nodes.iter().map(|node| node.version).collect();
        let mut edges = Vec::with_capacity(nodes.len());
        for Node { version, parents } in &mut nodes {
            let version = *version;
            parents.sort_unstable();
            parents.dedup();
            parents.retain(|&parent| {
                if versions.binary_search(&parent).is_err() {
                    errors.push(GraphError::MissingParent { version, parent });
                    return false;
                }
                if parent >= version {
                    errors.push(GraphError::ParentNotOlder { version, parent });
                    return false;
                }
                true
            });
            edges.extend(parents.iter().map(|&parent| (parent, version)));
        }
        edges.sort_unstable();
        let children = edges.chunk_by(|a, b| a.0 == b.0).filter_map(|edges| {
            let &(parent, _) = edges.first()?;
            Some((parent, edges.iter().map(|&(_, child)| child).collect()))
        });
        let children = children.collect();
        let parents = nodes.into_iter().map(|Node { version, parents }| (version, parents)).collect();
        (Self { parents, children }, errors)
    }

    /// The number of migrations.
    pub fn len(&self) -> usize {
        self.parents.len()
    }

    /// Whether there is no migration.
    pub fn is_empty(&self) -> bool {
        self.parents.is_empty()
    }

    /// All versions, oldest first: a valid order of application.
    pub fn versions(&self) -> impl DoubleEndedIterator<Item = i64> + '_ {
        self.parents.keys().copied()
    }

    /// Whether `version` is in the graph.
    pub fn contains(&self, version: i64) -> bool {
        self.parents.contains_key(&version)
    }

    /// The parents of `version`, lowest first; empty for a base and for an unknown version.
    pub fn parents(&self, version: i64) -> &[i64] {
        self.parents.get(&version).map_or(&[], Vec::as_slice)
    }

    /// The children of `version`, lowest first.
    pub fn children(&self, version: i64) -> &[i64] {
        self.children.get(&version).map_or(&[], Vec::as_slice)
    }

    /// The migrations that no other names as parent, lowest first.
    pub fn heads(&self) -> Vec<i64> {
        self.versions().filter(|&version| self.children(version).is_empty()).collect()
    }

    /// The migrations without parents, lowest first.
    pub fn bases(&self) -> Vec<i64> {
        self.versions().filter(|&version| self.parents(version).is_empty()).collect()
    }

    /// The members of `set` that no other member names as parent, lowest first: the heads of what a database has.
    pub fn heads_of(&self, set: &BTreeSet<i64>) -> Vec<i64> {
        set.iter().copied().filter(|&version| !self.children(version).iter().any(|child| set.contains(child))).collect()
    }

    /// The migrations on branches: those that some other one neither builds on nor is built on. They may reach a database
    /// in another order than that of their versions.
    pub fn branched(&self) -> BTreeSet<i64> {
        let mut branched = BTreeSet::new();
        let mut open = BTreeSet::new();
        for version in self.versions() {
            let parents = self.parents(version);
            // What is younger than the youngest parent, and older than this one, can't be an ancestor of this one.
            let after = parents.last().map_or(Bound::Unbounded, |&parent| Bound::Excluded(parent));
            branched.extend(self.parents.range((after, Bound::Excluded(version))).map(|(&other, _)| other));
            for parent in parents {
                open.remove(parent);
            }
            open.insert(version);
            // Anything else that is open has no path to this one. What it builds on was found when its youngest parent was.
            if open.len() > 1 {
                branched.insert(version);
            }
        }
        branched
    }

    /// Everything that `version` builds on, directly or not, without itself.
    pub fn ancestors(&self, version: i64) -> BTreeSet<i64> {
        reach(version, |at| self.parents(at))
    }

    /// Everything that builds on `version`, directly or not, without itself.
    pub fn descendants(&self, version: i64) -> BTreeSet<i64> {
        reach(version, |at| self.children(at))
    }
}

fn reach<'a>(from: i64, next: impl Fn(i64) -> &'a [i64]) -> BTreeSet<i64> {
    let mut seen = BTreeSet::new();
    let mut todo = next(from).to_vec();
    while let Some(version) = todo.pop() {
        if seen.insert(version) {
            todo.extend_from_slice(next(version));
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(nodes: &[(i64, &[i64])]) -> (Graph, Vec<GraphError>) {
        Graph::new(nodes.iter().map(|&(version, parents)| Node { version, parents: parents.to_vec() }))
    }

    #[test]
    fn a_branch_and_its_merge() {
        let (graph, errors) = graph(&[(1, &[]), (2, &[1]), (3, &[1]), (4, &[3, 2, 2]), (5, &[4])]);
        assert_eq!(errors, []);
        assert_eq!(graph.heads(), [5]);
        assert_eq!(graph.bases(), [1]);
        assert_eq!(graph.parents(4), [2, 3]);
        assert_eq!(graph.ancestors(4), BTreeSet::from([1, 2, 3]));
        assert_eq!(graph.descendants(2), BTreeSet::from([4, 5]));
        assert_eq!(graph.heads_of(&BTreeSet::from([1, 2, 3])), [2, 3]);
    }

    #[test]
    fn branched_are_those_without_a_path_to_some_other() {
        let cases: [&[(i64, &[i64])]; 5] = [
            &[(1, &[]), (2, &[1]), (3, &[2])],
            &[(1, &[]), (2, &[1]), (3, &[1]), (4, &[2, 3]), (5, &[4])],
            &[(1, &[]), (2, &[1]), (3, &[1]), (4, &[2]), (5, &[3]), (6, &[4]), (7, &[5, 6])],
            &[(1, &[]), (2, &[]), (3, &[1])],
            &[(1, &[]), (2, &[1]), (3, &[1]), (4, &[1]), (5, &[3, 4]), (6, &[5]), (7, &[6, 2]), (8, &[7])],
        ];
        for nodes in cases {
            let (graph, _) = graph(nodes);
            let slow: BTreeSet<i64> = graph
                .versions()
                .filter(|&v| graph.ancestors(v).len() + graph.descendants(v).len() + 1 < graph.len())
                .collect();
            assert_eq!(graph.branched(), slow, "{nodes:?}");
        }
    }

    #[test]
    fn wrong_edges_are_named_and_left_out() {
        let (graph, errors) = graph(&[(1, &[]), (2, &[7]), (3, &[3]), (3, &[4]), (4, &[1])]);
        assert_eq!(
            errors,
            [
                GraphError::Duplicate { version: 3 },
                GraphError::MissingParent { version: 2, parent: 7 },
                GraphError::ParentNotOlder { version: 3, parent: 4 },
            ]
        );
        assert_eq!(graph.heads(), [2, 3, 4]);
    }
}
