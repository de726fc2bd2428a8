//! The report for a pull request.

use std::fmt::Write;

use super::{Report, TOOL, remark, seconds};
use crate::promote::gate::{Failure, Outcome};
use crate::promote::seal::Seals;
use crate::taken_view;

/// The whole report.
pub(in crate::promote) fn markdown(report: &Report) -> String {
    let Report { package, commit, duration, servers, migrations, .. } = report;
    let mut out = String::new();
    let mark = if report.passed() { "✅" } else { "❌" };
    let _ = writeln!(out, "### {mark} Rehearsal of {}: {}\n", code(package), report.verdict());
    let mut servers: Vec<&str> = servers.iter().map(|server| server.description.as_str()).collect();
    servers.dedup();
    let mut facts = vec![super::super::branch::counted(migrations.len())];
    facts.extend(commit.as_ref().map(|commit| format!("commit {}", code(commit.get(..12).unwrap_or(commit)))));
    facts.extend(servers.into_iter().map(text));
    facts.push(seconds(*duration));
    facts.push(TOOL.to_owned());
    let _ = writeln!(out, "{}\n", facts.join(" · "));
    out.push_str("| Stage | Gate | Result | Time | |\n|---|---|---|---:|---|\n");
    for (stage, gate) in report.gates() {
        let (mark, time) = match gate.outcome {
            Outcome::Passed => ("✅", seconds(gate.duration)),
            Outcome::Failed(_) => ("❌", seconds(gate.duration)),
            Outcome::Skipped(_) => ("➖", String::new()),
        };
        let (result, remark) = (gate.outcome.name(), cell(&remark(gate)));
        let _ = writeln!(out, "| {} | {} | {mark} {result} | {time} | {remark} |", stage.name, gate.name);
    }
    for stage in report.stages.iter().filter(|stage| !stage.taken.is_empty()) {
        let _ = writeln!(out, "\n<details><summary>Locks in {}</summary>\n", stage.name);
        for line in stage.taken.iter().flat_map(taken_view::lines) {
            let _ = writeln!(out, "- {}", text(&line));
        }
        out.push_str("\n</details>\n");
    }
    if let Seals::Added(added) = &report.seals
        && let Some((version, name)) = added.last()
    {
        let count = super::super::branch::counted(added.len());
        let _ = writeln!(out, "\nSealed {count} up to {version} {}.", text(name));
    }
    for (stage, gate) in report.gates() {
        let Outcome::Failed(failures) = &gate.outcome else { continue };
        for Failure { message, body, notes, helps } in failures {
            let _ = writeln!(out, "\n**{}, {}:** {}", stage.name, gate.name, text(message));
            if !body.trim().is_empty() {
                out.push('\n');
                out.push_str(&block(body));
            }
            for (label, lines) in [("note", notes), ("help", helps)] {
                for line in lines {
                    let _ = writeln!(out, "\n{label}: {}", text(line));
                }
            }
        }
    }
    out
}

/// Text in a cell: one line, no bar that would end it.
fn cell(line: &str) -> String {
    text(line).replace('|', "\\|").replace('\n', " ")
}

/// Text that can't become markup, except for code in backticks.
fn text(line: &str) -> String {
    line.replace('&', "&amp;").replace('<', "&lt;")
}

fn code(text: &str) -> String {
    format!("`{}`", text.replace('`', "'"))
}

/// A block with a fence that its text does not hold.
fn block(body: &str) -> String {
    let mut fence = "```".to_owned();
    while body.contains(&fence) {
        fence.push('`');
    }
    let is_diff = body.lines().any(|line| line.starts_with(['+', '-']));
    format!("{fence}{}\n{}\n{fence}\n", if is_diff { "diff" } else { "text" }, body.trim_end_matches('\n'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_for_a_pull_request() {
        insta::assert_snapshot!(markdown(&super::super::sample::report()));
    }

    #[test]
    fn text_can_not_break_out() {
        assert_eq!(cell("a | <b>\nc"), "a \\| &lt;b> c");
        assert_eq!(block("a\n```\nb\n"), "````text\na\n```\nb\n````\n");
    }
}
