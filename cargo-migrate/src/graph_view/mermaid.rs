//! The revision graph as a Mermaid flow chart, oldest migration on top.

use std::fmt::Write;

/// One migration of the chart.
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    /// Its version.
    pub version: i64,
    /// Its name.
    pub name: &'a str,
    /// What it builds on.
    pub parents: &'a [i64],
    /// Whether nothing builds on it.
    pub head: bool,
}

/// Returns the chart of `nodes`, which come oldest first.
pub fn chart<'a>(nodes: impl IntoIterator<Item = Node<'a>>) -> String {
    let mut out = String::from("flowchart TD\n");
    let mut edges = String::new();
    for Node { version, name, parents, head } in nodes {
        // A head is a stadium, everything else a box.
        let (open, close) = if head { ("([", "])") } else { ("[", "]") };
        let _ = writeln!(out, "    v{version}{open}\"{version} {}\"{close}", escape(name));
        for parent in parents {
            let _ = writeln!(edges, "    v{parent} --> v{version}");
        }
    }
    out + &edges
}

/// Mermaid's own entities: a label in quotes takes everything but these.
fn escape(name: &str) -> String {
    name.replace('#', "#35;").replace('"', "#quot;").replace('<', "#lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_nodes_and_edges() {
        let chart = chart([
            Node { version: 1, name: "init", parents: &[], head: false },
            Node { version: 2, name: "a\"b", parents: &[1], head: false },
            Node { version: 3, name: "c", parents: &[1], head: false },
            Node { version: 4, name: "both", parents: &[2, 3], head: true },
        ]);
        insta::assert_snapshot!(chart, @r#"
        flowchart TD
            v1["1 init"]
            v2["2 a#quot;b"]
            v3["3 c"]
            v4(["4 both"])
            v1 --> v2
            v1 --> v3
            v2 --> v4
            v3 --> v4
        "#);
    }
}
