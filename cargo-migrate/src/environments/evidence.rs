//! What shows that an environment has applied migrations as they are here: its database's history, or the report of a rehearsal.

use std::collections::BTreeMap;

use migrate_build::embedded::Migration;
use migrate_build::runtime::{State, agrees};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::report::PromotionReport;

/// How an environment has a migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// It hasn't.
    Missing,
    /// With another text, and since when where that is known.
    Other {
        /// Since when.
        since: Option<OffsetDateTime>,
    },
    /// As it is here.
    Same {
        /// Since when.
        since: OffsetDateTime,
    },
}

/// What is known of the migrations of an environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Where it was seen, in words.
    pub source: String,
    /// Whether that is a report.
    pub is_report: bool,
    held: BTreeMap<i64, Held>,
}

/// Evidence, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// There is.
    Evidence(Evidence),
    /// There is none.
    None {
        /// Why, one line each.
        notes: Vec<String>,
        /// What cures it.
        helps: Vec<String>,
    },
}

impl Evidence {
    /// Evidence of these migrations.
    pub fn new(source: String, is_report: bool, held: BTreeMap<i64, Held>) -> Self {
        Self { source, is_report, held }
    }

    /// How a migration is held.
    pub fn of(&self, version: i64) -> &Held {
        self.held.get(&version).unwrap_or(&Held::Missing)
    }

    /// What a database says of `planned`.
    pub fn of_database(state: &State, planned: &[&Migration<'_>]) -> Self {
        let held = planned.iter().filter_map(|migration| {
            let row = state.applied.iter().find(|row| row.version == migration.version)?;
            let since = OffsetDateTime::parse(&row.applied_on, &Rfc3339).ok();
            let held = match since {
                Some(since) if agrees(row, migration, state.width) => Held::Same { since },
                since => Held::Other { since },
            };
            Some((migration.version, held))
        });
        Self::new(format!("database `{}`", state.database), false, held.collect())
    }

    /// What a report says of `planned`; `shown` is its file.
    pub fn of_report(report: &PromotionReport, shown: &str, planned: &[&Migration<'_>]) -> Self {
        let held = planned.iter().filter_map(|migration| {
            let rehearsed = report.migration(migration.version)?;
            let is_same = rehearsed.name == migration.name
                && rehearsed.up_sha256.eq_ignore_ascii_case(&sha256(&migration.up))
                && match (&rehearsed.down_sha256, &migration.down) {
                    (Some(sha), Some(down)) => sha.eq_ignore_ascii_case(&sha256(down)),
                    (None, None) => true,
                    _ => false,
                };
            let held = if is_same { Held::Same { since: report.written } } else { Held::Other { since: None } };
            Some((migration.version, held))
        });
        Self::new(format!("report `{shown}`"), true, held.collect())
    }
}

fn sha256(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}
