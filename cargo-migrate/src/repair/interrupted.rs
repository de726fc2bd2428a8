//! A migration outside a transaction that stopped half way: each of its statements, and how far it came. Pure.

use migrate_build::direction::Direction;
use migrate_build::embedded::Migration;
use migrate_build::statements;

use crate::engine::archive::Recorded;

/// A statement and what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Its number, from 1.
    pub number: usize,
    /// Its first words; empty where the script isn't there any more.
    pub words: String,
    /// `done`, `failed`, `running` (begun, and nobody knows whether it finished) or `not begun`.
    pub state: String,
    /// What the server said where it failed.
    pub error: Option<String>,
    /// When it was begun: RFC 3339.
    pub started_at: Option<String>,
}

/// Puts a script's statements beside what is recorded of them; those of which there is a record only come last.
pub fn statements(migration: Option<&Migration<'_>>, direction: Direction, recorded: &[Recorded]) -> Vec<Statement> {
    let text = migration.and_then(|migration| match direction {
        Direction::Up => Some(&*migration.up),
        Direction::Down => migration.down.as_deref(),
    });
    let script = text.and_then(|text| statements::split(text).ok()).unwrap_or_default();
    let last = recorded.iter().map(|row| row.number).max().unwrap_or_default().max(script.len());
    (1..=last)
        .map(|number| {
            let words = script.get(number - 1).map(|statement| statement.words.join(" ")).unwrap_or_default();
            match recorded.iter().find(|row| row.number == number) {
                Some(Recorded { state, error, started_at, .. }) => Statement {
                    number,
                    words,
                    state: state.clone(),
                    error: error.clone(),
                    started_at: Some(started_at.clone()),
                },
                None => Statement { number, words, state: "not begun".to_owned(), error: None, started_at: None },
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_record_is_not_begun() {
        let migration = Migration {
            version: 2,
            name: "b".into(),
            file: "V2__b.sql".into(),
            parents: Vec::new(),
            up: "create table a ();\ncall p();\nvacuum a;\n".into(),
            down: None,
            transaction: false,
            unversioned: false,
            lock_timeout: None,
            statement_timeout: None,
            irreversible: None,
            backfill: None,
        };
        let record = |number, state: &str| Recorded {
            number,
            state: state.to_owned(),
            error: (state == "failed").then(|| "no".to_owned()),
            started_at: "2026-11-23T00:00:00Z".to_owned(),
        };
        let recorded = [record(1, "done"), record(2, "failed")];
        let shown = |migration| {
            let all = statements(migration, Direction::Up, &recorded);
            all.iter().map(|one| format!("{} {} {}", one.number, one.words, one.state)).collect::<Vec<_>>()
        };
        assert_eq!(shown(Some(&migration)), ["1 CREATE TABLE A done", "2 CALL P failed", "3 VACUUM A not begun"]);
        assert_eq!(shown(None), ["1  done", "2  failed"]);
    }
}
