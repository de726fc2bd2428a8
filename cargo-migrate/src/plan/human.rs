//! A plan for a terminal.

use migrate_build::diagnostic::Level;

use super::facts::Standing;
use super::model::{Hazard, Lock, Plan, PlannedMigration, PlannedStatement, State};
use crate::ui::style;
use crate::ui::text::{printable, printable_lines};

/// The lines of a plan.
pub fn lines(plan: &Plan) -> Vec<String> {
    let mut out = Vec::new();
    for migration in &plan.migrations {
        if !out.is_empty() {
            out.push(String::new());
        }
        let name = printable(&migration.name);
        out.push(format!(
            "{0}{1}{0:#}  {name}  {2}({3}){2:#}",
            style::VERSION,
            migration.version,
            style::DIM,
            way(migration)
        ));
        for statement in &migration.up {
            push(&mut out, statement, "  ");
        }
        for hazard in &migration.hazards {
            out.push(format!("  {}", told(hazard)));
        }
        match (&migration.irreversible, &migration.down) {
            (Some(reason), _) => {
                out.push(format!("  {0}down:{0:#} none, irreversible: {1}", style::STRONG, printable(reason)));
            }
            (None, None) => out.push(format!("  {0}down:{0:#} none", style::STRONG)),
            (None, Some(down)) => {
                out.push(format!("  {0}down:{0:#}", style::STRONG));
                for statement in down {
                    push(&mut out, statement, "    ");
                }
            }
        }
    }
    out
}

/// How a migration runs.
pub(super) fn way(migration: &PlannedMigration) -> &'static str {
    match (migration.backfill, migration.transaction) {
        (true, _) => "in batches, each a transaction",
        (false, true) => "one transaction",
        (false, false) => "outside a transaction",
    }
}

fn push(out: &mut Vec<String>, statement: &PlannedStatement, indent: &str) {
    for line in printable_lines(&statement.sql).lines() {
        out.push(format!("{indent}{line}"));
    }
    let alone = if statement.alone { ", alone" } else { "" };
    out.push(format!("{indent}  {0}{1}{alone}{0:#}", style::DIM, statement.work));
    for lock in &statement.locks {
        let style = if lock.is_dangerous() { style::TODO } else { style::DIM };
        out.push(format!("{indent}  {style}{}{style:#}", printable(&words(lock))));
    }
    for hazard in &statement.hazards {
        out.push(format!("{indent}  {}", told(hazard)));
    }
}

fn told(hazard: &Hazard) -> String {
    let (style, word) = level(hazard.level);
    let helps: Vec<String> = hazard.helps.iter().map(|help| format!("; {}", printable(help))).collect();
    format!("{style}{word}[{}]:{style:#} {}{}", hazard.rule, printable(&hazard.message), helps.concat())
}

fn level(level: Level) -> (anstyle::Style, &'static str) {
    match level {
        Level::Deny => (style::ERROR, "error"),
        Level::Warn | Level::Allow => (style::WARNING, "warning"),
    }
}

/// `ACCESS EXCLUSIVE on public.books (about 1200000 rows, 245 MB): blocks reads and writes`
pub(super) fn words(lock: &Lock) -> String {
    let state = match &lock.state {
        State::There(Standing { rows, bytes, partitions, .. }) => {
            let bytes = bytes.map(|bytes| format!(", {}", size(bytes))).unwrap_or_default();
            let partitions = match partitions {
                0 => String::new(),
                1 => ", with 1 partition or child".to_owned(),
                count => format!(", with {count} partitions or children"),
            };
            format!("about {rows} rows{bytes}{partitions}")
        }
        State::New => "new".to_owned(),
        State::Missing => "not there yet".to_owned(),
    };
    let blocks = lock.blocks().map(|blocked| format!(": blocks {blocked}")).unwrap_or_default();
    format!("{} on {} ({state}){blocks}", lock.mode, lock.on)
}

/// A size as people read it.
pub fn size(bytes: u64) -> String {
    let mut rest = bytes as f64;
    for unit in ["bytes", "kB", "MB", "GB"] {
        if rest < 1024.0 {
            return if unit == "bytes" || rest >= 10.0 {
                format!("{rest:.0} {unit}")
            } else {
                format!("{rest:.1} {unit}")
            };
        }
        rest /= 1024.0;
    }
    format!("{rest:.1} TB")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hazards::{LockMode, Work};

    #[test]
    fn sizes_are_for_people() {
        let shown = [0, 8192, 20_000, 5_000_000, 300 << 30, 2 << 40].map(size);
        assert_eq!(shown, ["0 bytes", "8.0 kB", "20 kB", "4.8 MB", "300 GB", "2.0 TB"]);
    }

    #[test]
    fn a_lock_says_whom_it_blocks() {
        let there = State::There(Standing { name: "a".into(), rows: 3, bytes: Some(8192), partitions: 2 });
        let lock = |state| Lock { mode: LockMode::Share, on: "public.a".into(), work: Work::Scan, state };
        assert_eq!(
            words(&lock(there)),
            "SHARE on public.a (about 3 rows, 8.0 kB, with 2 partitions or children): blocks writes"
        );
        assert_eq!(words(&lock(State::New)), "SHARE on public.a (new)");
    }
}
