//! A plan that was written into a file, and what moved since.

use migrate_build::embedded::Migration;
use migrate_build::runtime::Applied;
use serde::Deserialize;

use super::build::sha256;

/// The version of the JSON that is understood.
const VERSION: u64 = 1;

/// What a plan in a file says, as far as an upgrade is held to it.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct Promised {
    database: String,
    history: String,
    /// What was asked for.
    pub target: String,
    /// Whether backfills are left out.
    pub skip_backfills: bool,
    applied: Vec<Row>,
    plan: Vec<Planned>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
struct Row {
    version: i64,
    checksum: String,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
struct Planned {
    version: i64,
    name: String,
    up_sha256: String,
    down_sha256: Option<String>,
    transaction: bool,
}

#[derive(Deserialize)]
struct Kind {
    version: u64,
    command: String,
}

impl Promised {
    /// Reads the JSON that `plan` wrote.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(text: &str) -> Result<Self, String> {
        let Kind { version, command } =
            serde_json::from_str(text).map_err(|error| format!("it is no plan: {error}"))?;
        if command != "plan" {
            return Err(format!("it is of `{}`, not of `plan`", command.escape_debug()));
        }
        if version != VERSION {
            return Err(format!("it is of version {version}, and {VERSION} is understood"));
        }
        serde_json::from_str(text).map_err(|error| format!("it is no plan: {error}"))
    }

    /// The versions that it applies, in order.
    pub fn versions(&self) -> Vec<i64> {
        self.plan.iter().map(|planned| planned.version).collect()
    }

    /// What is otherwise in the database than when the plan was made.
    pub fn moved_database(&self, database: &str, history: &str, applied: &[Applied]) -> Vec<String> {
        let mut moved = Vec::new();
        if self.database != database {
            moved.push(format!("the plan is for database `{}`, and this one is `{database}`", self.database));
        }
        if self.history != history {
            moved.push(format!("the plan is for history `{}`, and this one is `{history}`", self.history));
        }
        for row in applied {
            match self.applied.iter().find(|before| before.version == row.version) {
                None => moved.push(format!("{} {} has been applied since", row.version, row.name)),
                Some(before) if before.checksum != row.checksum.to_string() => {
                    moved.push(format!("{} {} has another checksum in the database since", row.version, row.name));
                }
                Some(_) => {}
            }
        }
        for before in &self.applied {
            if !applied.iter().any(|row| row.version == before.version) {
                moved.push(format!("{} is not applied any more", before.version));
            }
        }
        moved
    }

    /// What is otherwise in the files, where these migrations are pending now.
    pub fn moved_files(&self, plan: &[&Migration<'_>]) -> Vec<String> {
        let mut moved = Vec::new();
        for now in plan {
            let title = format!("{} {}", now.version, now.name);
            let Some(before) = self.plan.iter().find(|planned| planned.version == now.version) else {
                moved.push(format!("{title} is pending, and not in the plan"));
                continue;
            };
            if before.name != *now.name {
                moved.push(format!("{title} was called {}", before.name));
            }
            if before.up_sha256 != sha256(&now.up) || before.transaction != now.transaction {
                moved.push(format!("the up script of {title} was changed"));
            }
            if before.down_sha256 != now.down.as_deref().map(sha256) {
                moved.push(format!("the down script of {title} was changed"));
            }
        }
        for before in &self.plan {
            if !plan.iter().any(|now| now.version == before.version) {
                moved.push(format!("{} {} is in the plan, and not pending", before.version, before.name));
            }
        }
        moved
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plan_is_one() {
        assert!(Promised::read("{").unwrap_err().starts_with("it is no plan: "));
        assert_eq!(
            Promised::read(r#"{"version": 1, "command": "status"}"#).unwrap_err(),
            "it is of `status`, not of `plan`"
        );
        assert_eq!(
            Promised::read(r#"{"version": 2, "command": "plan"}"#).unwrap_err(),
            "it is of version 2, and 1 is understood"
        );
        assert!(Promised::read(r#"{"version": 1, "command": "plan"}"#).unwrap_err().contains("missing field"));
    }
}
