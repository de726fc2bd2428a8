//! A table that nobody can write while all of it is read or written anew.

use migrate_build::diagnostic::Diagnostic;

use crate::hazards::{Effect, Work};
use crate::lint::registry::LONG_LOCK;
use crate::lint::script::{Around, Script};
use crate::lint::squawk::Outcome;
use crate::lint::wording;

pub(super) fn check(script: &Script, around: &Around, squawk: &Outcome, out: &mut Vec<Diagnostic>) {
    for (at, part) in script.statements.iter().enumerate() {
        let found = part.analysis.effects.iter().find(|effect| {
            effect.mode.is_dangerous()
                && matches!(effect.work, Work::Scan | Work::Rewrite)
                && !script.is_fresh(around, at, &effect.on)
        });
        let Some(effect) = found else { continue };
        // `CREATE TABLE … PARTITION OF` reads a default partition that most tables don't have.
        let guessed = matches!(effect.on, crate::hazards::On::DefaultPartitionOf(_));
        if guessed || squawk.says_more(part.analysis.range.clone()) || validates_later(script, at, effect) {
            continue;
        }
        let what = if effect.work == Work::Rewrite { "writes all of" } else { "reads all of" };
        let mut notes: Vec<String> = wording::lasts(effect, script.is_transaction()).into_iter().collect();
        notes.extend(effect.note.map(str::to_owned));
        out.push(Diagnostic {
            labels: vec![script.first_line(part, wording::lock(effect))],
            notes,
            helps: vec![safe_way(effect).to_owned()],
            ..LONG_LOCK.finding(format!(
                "`{}` {what} {} under a lock that blocks {}",
                effect.action,
                effect.on,
                effect.mode.blocks().describe()
            ))
        });
    }
}

/// `SET NOT NULL` reads nothing where a valid check proves it already.
fn validates_later(script: &Script, at: usize, effect: &Effect) -> bool {
    effect.action == "SET NOT NULL"
        && script.statements.iter().take(at).any(|earlier| {
            earlier.analysis.target() == Some(&effect.on)
                && earlier.analysis.effects.iter().any(|effect| effect.action == "VALIDATE CONSTRAINT")
        })
}

fn safe_way(effect: &Effect) -> &'static str {
    match effect.action {
        "CREATE INDEX" => {
            "build it by `CREATE INDEX CONCURRENTLY`, in a migration of its own with `--! transaction = false`"
        }
        "REINDEX" => "`REINDEX (CONCURRENTLY)`, in a migration of its own with `--! transaction = false`",
        "VACUUM FULL" | "CLUSTER" => "leave it to a maintenance window, or to pg_repack, which locks for moments only",
        "REFRESH MATERIALIZED VIEW" => {
            "`REFRESH MATERIALIZED VIEW CONCURRENTLY`, which needs a unique index over all rows"
        }
        "SET NOT NULL" => {
            "add `CHECK (column IS NOT NULL) NOT VALID`, validate it in a later migration, and then set NOT NULL, which reads nothing any more"
        }
        "ADD CHECK" | "ADD FOREIGN KEY" | "ADD NOT NULL" => {
            "add it `NOT VALID`, and `VALIDATE CONSTRAINT` in a later migration"
        }
        "ADD UNIQUE" | "ADD PRIMARY KEY" => {
            "build a unique index `CONCURRENTLY` first, and then `ADD CONSTRAINT … USING INDEX`, which builds nothing"
        }
        "ADD PRIMARY KEY USING INDEX" => "make its columns NOT NULL first, by a validated check",
        "TYPE" | "SET DATA TYPE" => {
            "add a new column, write both, fill it in batches, and let the application change over"
        }
        "ADD COLUMN" => "add the column without that, fill it in batches, and add default or constraint afterwards",
        "ATTACH PARTITION" => {
            "add a `CHECK` like the partition's bounds first, `NOT VALID`, and validate it; then nothing is read"
        }
        _ => "do it on a new table and change over, or in a maintenance window",
    }
}
