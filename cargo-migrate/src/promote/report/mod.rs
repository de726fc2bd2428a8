//! What a rehearsal found: for people, for a pull request, and for programs.

mod json;
mod markdown;
mod table;

use std::time::Duration;

use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use super::gate::{Gate, Outcome, Stage};
use super::material::Material;
use super::seal::Seals;

pub(super) use json::fields;
pub(super) use markdown::markdown;
pub(super) use table::{failures, lines};

/// The version of the report's JSON. A field that is added doesn't change it.
pub const REPORT_VERSION: u32 = 1;

/// What wrote the report.
pub(super) const TOOL: &str = concat!("cargo-migrate ", env!("CARGO_PKG_VERSION"));

/// What a rehearsal found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The package's name.
    pub package: String,
    /// The commit that was checked out.
    pub commit: Option<String>,
    /// When it began.
    pub started: OffsetDateTime,
    /// How long it took.
    pub duration: Duration,
    /// The servers of the stages, as far as they came up.
    pub servers: Vec<Server>,
    /// What was rehearsed.
    pub migrations: Vec<Migration>,
    /// The stages.
    pub stages: Vec<Stage>,
    /// What became of the lock file.
    pub seals: Seals,
}

/// A stage's server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// The stage.
    pub stage: &'static str,
    /// Its version, `17.5`.
    pub version: String,
    /// What was taken: `PostgreSQL 17.5, container postgres:17`.
    pub description: String,
}

/// A migration that was rehearsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    /// Its version.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// The up script, relative to the package.
    pub file: String,
    /// SHA-256 of the up script (folded to LF, without a byte-order mark), hexadecimal.
    pub up_sha256: String,
    /// That of the down script, where there is one.
    pub down_sha256: Option<String>,
}

impl Report {
    /// Whether no gate failed.
    pub fn passed(&self) -> bool {
        self.stages.iter().all(Stage::passed)
    }

    /// The gates with their stages.
    fn gates(&self) -> impl Iterator<Item = (&Stage, &Gate)> {
        self.stages.iter().flat_map(|stage| stage.gates.iter().map(move |gate| (stage, gate)))
    }

    /// `passed`, or how many gates failed.
    pub(super) fn verdict(&self) -> String {
        let failed = self.gates().filter(|(_, gate)| matches!(gate.outcome, Outcome::Failed(_))).count();
        let all = self.gates().count();
        if failed == 0 { "passed".to_owned() } else { format!("failed at {failed} of {all} gates") }
    }
}

/// What is rehearsed, for the report.
pub(super) fn migrations(material: &Material) -> Vec<Migration> {
    let sha256 = |text: &str| Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let migration = |migration: &migrate_build::embedded::Migration<'_>| Migration {
        version: migration.version,
        name: migration.name.to_string(),
        file: migration.file.to_string(),
        up_sha256: sha256(&migration.up),
        down_sha256: migration.down.as_deref().map(sha256),
    };
    material.set.migrations.iter().map(migration).collect()
}

/// `1.24 s`, `2 min 5 s`.
fn seconds(duration: Duration) -> String {
    let minutes = duration.as_secs() / 60;
    if minutes > 0 {
        format!("{minutes} min {} s", duration.as_secs() % 60)
    } else {
        format!("{:.2} s", duration.as_secs_f64())
    }
}

/// What a table says of a gate besides its result.
fn remark(gate: &Gate) -> String {
    match &gate.outcome {
        Outcome::Skipped(reason) => reason.clone(),
        _ => gate.notes.join("; "),
    }
}

#[cfg(test)]
pub(super) mod sample {
    use migrate_build::runtime::{Taken, TakenLock};

    use super::super::gate::Failure;
    use super::*;

    /// A migration that locked a table, and rewrote it.
    fn taken() -> Taken {
        let lock = |relation: &str, mode: &str, created| TakenLock {
            relation: relation.to_owned(),
            mode: mode.to_owned(),
            held: Duration::from_millis(1234),
            created,
        };
        Taken {
            version: 2,
            name: "add_isbn".to_owned(),
            locks: Some(vec![
                lock("public.books", "AccessExclusiveLock", false),
                lock("public.books_isbn", "ShareLock", true),
            ]),
            rewritten: vec!["public.books".to_owned()],
            wal: 20_480,
            duration: Duration::from_millis(1300),
        }
    }

    /// A report with a gate of each kind.
    pub(in super::super) fn report() -> Report {
        let gate = |name, outcome, notes: &[&str], milliseconds| Gate {
            name,
            outcome,
            notes: notes.iter().map(|&note| note.to_owned()).collect(),
            output: String::new(),
            duration: Duration::from_millis(milliseconds),
        };
        let failure = Failure {
            message: "reverting 2 add_isbn leaves another schema than there was before it".to_owned(),
            body: "+ column public.books.isbn\n+     text\n".to_owned(),
            notes: vec!["`-` is what there was before, `+` what there is now".to_owned()],
            helps: vec!["correct `migrations/versions/V2__add_isbn.down.sql`".to_owned()],
        };
        Report {
            package: "shop".to_owned(),
            commit: Some("1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d".to_owned()),
            started: OffsetDateTime::UNIX_EPOCH,
            duration: Duration::from_millis(65_432),
            servers: vec![Server {
                stage: "development",
                version: "17.5".to_owned(),
                description: "PostgreSQL 17.5, container postgres:17".to_owned(),
            }],
            migrations: vec![Migration {
                version: 2,
                name: "add_isbn".to_owned(),
                file: "migrations/versions/V2__add_isbn.sql".to_owned(),
                up_sha256: "ab".repeat(32),
                down_sha256: None,
            }],
            stages: vec![
                Stage {
                    name: "checks",
                    gates: vec![gate("offline", Outcome::Passed, &["2 migrations", "1 warning"], 12)],
                    taken: Vec::new(),
                    duration: Duration::from_millis(12),
                },
                Stage {
                    name: "development",
                    gates: vec![
                        gate("down", Outcome::Failed(vec![failure]), &["2 steps"], 340),
                        gate("up again", Outcome::Skipped("the way down left another schema".to_owned()), &[], 0),
                    ],
                    taken: vec![taken()],
                    duration: Duration::from_millis(340),
                },
            ],
            seals: Seals::Left("the rehearsal failed".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_failed_gate_fails_the_run() {
        let mut report = sample::report();
        assert!(!report.passed());
        assert_eq!(report.verdict(), "failed at 1 of 3 gates");
        report.stages.truncate(1);
        assert!(report.passed());
        assert_eq!(report.verdict(), "passed");
    }

    #[test]
    fn times_are_for_people() {
        assert_eq!(seconds(Duration::from_millis(1239)), "1.24 s");
        assert_eq!(seconds(Duration::from_secs(125)), "2 min 5 s");
    }
}
