//! `history`: all migrations, newest first, as a graph.

use std::collections::BTreeSet;

use clap::Args;
use serde_json::json;

use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::graph_view::lanes::{Drawn, Lanes};
use crate::graph_view::mermaid;
use crate::history::History;
use crate::migration_view;
use crate::ui::Ui;

/// Show the migrations as a graph, newest first
#[derive(Args, Debug)]
pub struct HistoryArgs {
    /// Only a part: `A..B` is what B builds on and A does not, with B; either may be left out
    #[arg(value_name = "RANGE")]
    range: Option<String>,
    /// Draw the graph in the terminal; this is the default
    #[arg(long, conflicts_with = "mermaid")]
    graph: bool,
    /// Print a Mermaid flow chart, for a page or a pull request
    #[arg(long)]
    mermaid: bool,
}

/// Prints the history.
///
/// # Errors
/// The migrations can't be read, or the range names none.
pub fn run(ui: &mut Ui, context: &Context, args: HistoryArgs) -> Result<ExitCode, CommandError> {
    // The graph is what is drawn unless something else is asked for; the flag says so aloud.
    let HistoryArgs { range, graph: _, mermaid } = args;
    let history = History::load(context)?;
    history.warn_if_broken(ui);
    let wanted = range.as_deref().map(|range| select(&history, range)).transpose()?;
    let shown = |version: &i64| wanted.as_ref().is_none_or(|wanted| wanted.contains(version));
    if ui.is_json() {
        let migrations: Vec<_> = history
            .graph
            .versions()
            .rev()
            .filter(shown)
            .filter_map(|version| migration_view::to_json(&history, version))
            .collect();
        ui.json(json!({ "migrations": migrations, "heads": history.graph.heads() }));
    } else if mermaid {
        ui.raw(&chart(&history, shown));
    } else {
        ui.raw(&draw(&history, shown));
    }
    if history.graph.is_empty() {
        ui.info("there is no migration yet; `cargo migrate new NAME` writes the first one");
    }
    Ok(ExitCode::Done)
}

/// The versions that a range means.
fn select(history: &History, range: &str) -> Result<BTreeSet<i64>, CommandError> {
    let graph = &history.graph;
    let with_ancestors = |version: i64| {
        let mut all = graph.ancestors(version);
        all.insert(version);
        all
    };
    let (from, to) = range.split_once("..").unwrap_or(("", range));
    let mut wanted = if to.is_empty() { graph.versions().collect() } else { with_ancestors(history.resolve(to)?) };
    if !from.is_empty() {
        let without = with_ancestors(history.resolve(from)?);
        wanted.retain(|version| !without.contains(version));
    }
    Ok(wanted)
}

fn draw(history: &History, shown: impl Fn(&i64) -> bool) -> String {
    let mut lanes = Lanes::default();
    let mut out = String::with_capacity(history.graph.len() * 96);
    let mut within = Vec::new();
    for migration in history.folder.migrations.iter().rev().filter(|migration| shown(&migration.version)) {
        let version = migration.version;
        within.clear();
        within.extend(history.graph.parents(version).iter().copied().filter(&shown));
        let mark = if history.graph.children(version).is_empty() { '●' } else { '○' };
        let Drawn { gap, node, joints } = lanes.step(version, &within, mark);
        if let Some(line) = gap {
            out.push_str(&line);
            out.push('\n');
        }
        out.push_str(&node);
        out.push_str("  ");
        migration_view::push(&mut out, migration, &history.graph);
        out.push('\n');
        if let Some(line) = joints {
            out.push_str(&line);
            out.push('\n');
        }
    }
    out
}

fn chart(history: &History, shown: impl Fn(&i64) -> bool) -> String {
    let nodes: Vec<(i64, &str, Vec<i64>)> = history
        .folder
        .migrations
        .iter()
        .filter(|migration| shown(&migration.version))
        .map(|migration| {
            let parents = history.graph.parents(migration.version).iter().copied().filter(&shown).collect();
            (migration.version, migration.name.as_str(), parents)
        })
        .collect();
    mermaid::chart(nodes.iter().map(|(version, name, parents)| mermaid::Node {
        version: *version,
        name,
        parents,
        head: history.graph.children(*version).is_empty(),
    }))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn history() -> (tempfile::TempDir, History) {
        let root = tempfile::tempdir().unwrap();
        fs_err::create_dir(root.path().join("versions")).unwrap();
        for (file, header) in [
            ("V1__init", "parents = []"),
            ("V2__books", "parents = [1]"),
            ("V3__users", "parents = [1]\n--! transaction = false"),
            ("V4__both", "parents = [2, 3]"),
            ("V5__drop", "parents = [4]\n--! irreversible = \"gone\""),
        ] {
            fs_err::write(root.path().join(format!("versions/{file}.sql")), format!("--! {header}\n")).unwrap();
        }
        let history = History::read(root.path(), Path::new("migrations")).unwrap();
        assert!(!history.is_broken());
        (root, history)
    }

    #[test]
    fn draws_the_graph_with_what_matters() {
        let (_root, history) = history();
        insta::assert_snapshot!(anstream::adapter::strip_str(&draw(&history, |_| true)), @r"
        ●  5  drop  (head, irreversible)
        ○  4  both  (merge)
        ├─╮
        │ ○  3  users  (no transaction)
        ○ │  2  books
        ├─╯
        ○  1  init  (base, branch point)
        ");
    }

    #[test]
    fn a_range_is_what_one_builds_on_and_the_other_does_not() {
        let (_root, history) = history();
        let selected = |range: &str| select(&history, range).map(|versions| versions.into_iter().collect::<Vec<_>>());
        for (range, versions) in [
            ("users..both", vec![2, 4]),
            ("2..", vec![3, 4, 5]),
            ("..users", vec![1, 3]),
            ("books", vec![1, 2]),
            ("..", vec![1, 2, 3, 4, 5]),
            ("head..1", vec![]),
        ] {
            assert_eq!(selected(range).unwrap(), versions, "{range}");
        }
        assert!(selected("nope..1").is_err());
    }

    #[test]
    fn a_chart_holds_only_what_is_shown() {
        let (_root, history) = history();
        let chart = chart(&history, |version| *version > 3);
        assert_eq!(chart.lines().count(), 4, "{chart}");
        assert!(chart.contains("v4 --> v5") && !chart.contains("v3"), "{chart}");
    }
}
