//! The report for a terminal.

use anstyle::Style;

use super::{Report, remark, seconds};
use crate::promote::gate::{Failure, Outcome};
use crate::taken_view;
use crate::ui::style;
use crate::ui::table::{self, Cell};
use crate::ui::text::printable_lines;

/// The lines of the table and, below it, the verdict.
pub(in crate::promote) fn lines(report: &Report) -> Vec<String> {
    let mut rows = Vec::new();
    let mut last = "";
    for (stage, gate) in report.gates() {
        let name = if stage.name == last { "" } else { stage.name };
        last = stage.name;
        let time = match gate.outcome {
            Outcome::Skipped(_) => String::new(),
            _ => seconds(gate.duration),
        };
        rows.push(vec![
            Cell::from(name),
            Cell::from(gate.name),
            Cell::styled(gate.outcome.name(), colour(&gate.outcome)),
            Cell::from(format!("{time:>10}")),
            Cell::styled(remark(gate), style::DIM),
        ]);
    }
    let mut lines = table::render(&["STAGE", "GATE", "RESULT", "      TIME", ""], &rows);
    for stage in &report.stages {
        let taken = stage.taken.iter().filter(|taken| taken_view::matters(taken)).flat_map(taken_view::lines);
        let of_stage: Vec<String> = taken.map(|line| format!("  {}", printable_lines(&line))).collect();
        if !of_stage.is_empty() {
            lines.extend([String::new(), format!("locks in {}:", stage.name)]);
            lines.extend(of_stage);
        }
    }
    let style = if report.passed() { style::GOOD } else { style::BAD };
    let Report { package, duration, .. } = report;
    lines.push(String::new());
    lines.push(format!("rehearsal of `{package}`: {style}{}{style:#} in {}", report.verdict(), seconds(*duration)));
    lines
}

fn colour(outcome: &Outcome) -> Style {
    match outcome {
        Outcome::Passed => style::GOOD,
        Outcome::Failed(_) => style::BAD,
        Outcome::Skipped(_) => style::TODO,
    }
}

/// Every failure with what belongs to it, an empty line behind each.
pub(in crate::promote) fn failures(report: &Report) -> String {
    let mut out = String::new();
    for (stage, gate) in report.gates() {
        let Outcome::Failed(failures) = &gate.outcome else { continue };
        for Failure { message, body, notes, helps } in failures {
            let message = printable_lines(message);
            out.push_str(&format!("{0}error:{0:#} {1}, {2}: {message}\n", style::ERROR, stage.name, gate.name));
            if !body.is_empty() {
                out.push_str(printable_lines(body).trim_end_matches('\n'));
                out.push('\n');
            }
            for (label, style, lines) in [("note", style::NOTE, notes), ("help", style::HELP, helps)] {
                for line in lines {
                    out.push_str(&format!("{style}{label}:{style:#} {}\n", printable_lines(line)));
                }
            }
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use anstream::adapter::strip_str;

    use super::*;
    use crate::promote::report::sample::report;

    #[test]
    fn a_table_with_every_gate() {
        insta::assert_snapshot!(strip_str(&lines(&report()).join("\n")));
    }

    #[test]
    fn failures_say_where_and_what_cures() {
        insta::assert_snapshot!(strip_str(&failures(&report())));
    }
}
