//! A plan for a pull request.

use std::fmt::Write;

use super::human::{way, words};
use super::model::{Hazard, Plan, PlannedMigration, PlannedStatement};
use crate::hazards::Work;

/// The whole plan.
pub fn markdown(plan: &Plan) -> String {
    let mut out = String::new();
    let whose = plan.environment.as_ref().map_or_else(
        || format!("database {}", code(&plan.database)),
        |environment| format!("environment {}, database {}", code(environment), code(&plan.database)),
    );
    let count = match plan.migrations.len() {
        0 => "nothing is pending".to_owned(),
        1 => "1 migration".to_owned(),
        count => format!("{count} migrations"),
    };
    let _ = writeln!(out, "### Plan for {whose}: {count}\n");
    let at = if plan.at.is_empty() { "at base".to_owned() } else { format!("at {}", text(&plan.at.join(", "))) };
    let _ = writeln!(out, "The database is {at}. Rows and sizes are its statistics.\n");
    if plan.migrations.is_empty() {
        return out;
    }
    out.push_str("| | Migration | Statement | Class | Lock |\n|---|---|---|---|---|\n");
    for migration in &plan.migrations {
        for statement in &migration.up {
            row(&mut out, migration, statement);
        }
    }
    for migration in &plan.migrations {
        let _ = writeln!(
            out,
            "\n<details><summary>{} {}, {}</summary>\n",
            migration.version,
            text(&migration.name),
            way(migration)
        );
        out.push_str(&block(&script(&migration.up)));
        for hazard in migration.up.iter().flat_map(|statement| &statement.hazards).chain(&migration.hazards) {
            let Hazard { rule, message, helps, .. } = hazard;
            let _ = writeln!(out, "\n⚠️ {}: {}", code(rule), text(message));
            for help in helps {
                let _ = writeln!(out, "\nhelp: {}", text(help));
            }
        }
        match (&migration.irreversible, &migration.down) {
            (Some(reason), _) => _ = writeln!(out, "\nIrreversible: {}", text(reason)),
            (None, None) => out.push_str("\nThere is no way back.\n"),
            (None, Some(down)) => {
                out.push_str("\nThe way back:\n\n");
                out.push_str(&block(&script(down)));
            }
        }
        out.push_str("\n</details>\n");
    }
    out
}

fn row(out: &mut String, migration: &PlannedMigration, statement: &PlannedStatement) {
    let dangerous = statement.locks.iter().any(super::model::Lock::is_dangerous);
    let mark = match (statement.work, dangerous, statement.hazards.is_empty()) {
        (Work::Scan | Work::Rewrite | Work::Unknown, true, _) => "🔴",
        (Work::Unknown, false, _) | (_, _, false) | (_, true, _) => "🟡",
        _ => "🟢",
    };
    let locks: Vec<String> = statement.locks.iter().map(|lock| cell(&words(lock))).collect();
    let first = statement.sql.split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = first.chars().take(60).collect();
    let more = if short.len() < first.len() { "…" } else { "" };
    let _ = writeln!(
        out,
        "| {mark} | {} {} | {} | {} | {} |",
        migration.version,
        cell(&migration.name),
        code(&format!("{short}{more}")).replace('|', "\\|"),
        statement.work,
        locks.join("<br>")
    );
}

fn script(statements: &[PlannedStatement]) -> String {
    statements.iter().map(|statement| format!("{};\n", statement.sql)).collect()
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
    format!("{fence}sql\n{}\n{fence}\n", body.trim_end_matches('\n'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_can_not_break_out() {
        assert_eq!(cell("a | <b>\nc"), "a \\| &lt;b> c");
        assert_eq!(block("select '```'\n"), "````sql\nselect '```'\n````\n");
    }
}
