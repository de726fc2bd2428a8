//! The report of a rehearsal as evidence: read from its JSON, and distrusted.

use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The version of the report's shape that is understood.
const REPORT: u64 = 1;

/// The stage that stands for an environment that has none of its own.
const STAGING: &str = "staging";

/// The gates that apply what is pending: to what an environment has, and, in development, to an empty database.
const APPLYING: [&str; 2] = ["upgrade", "up"];

/// A rehearsal's report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromotionReport {
    /// The package that was rehearsed.
    pub package: String,
    /// The commit that was checked out.
    pub commit: Option<String>,
    /// When it was written.
    pub written: OffsetDateTime,
    passed: bool,
    migrations: Vec<Rehearsed>,
    stages: Vec<Stage>,
}

/// A migration that was rehearsed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Rehearsed {
    version: i64,
    /// Its name.
    pub name: String,
    /// SHA-256 of its up script.
    pub up_sha256: String,
    /// That of its down script.
    pub down_sha256: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Stage {
    name: String,
    passed: bool,
    gates: Vec<Gate>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Gate {
    name: String,
    result: String,
}

#[derive(Deserialize)]
struct Kind {
    command: String,
    report: u64,
}

#[derive(Deserialize)]
struct Document {
    package: String,
    commit: Option<String>,
    started: String,
    milliseconds: u64,
    passed: bool,
    migrations: Vec<Rehearsed>,
    stages: Vec<Stage>,
}

/// How a report's commit relates to what is checked out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lineage {
    /// It is checked out, or what is checked out builds on it.
    Here,
    /// What is checked out doesn't build on it, or git doesn't know it.
    Elsewhere,
    /// Nobody can tell, and why.
    Unknown(String),
}

impl PromotionReport {
    /// Reads what `cargo xtask promote --report FILE.json` wrote.
    ///
    /// # Errors
    /// It is something else, in words.
    pub fn read(text: &str) -> Result<Self, String> {
        let no_report = |error: serde_json::Error| format!("it is no report of a rehearsal: {error}");
        let kind: Kind = serde_json::from_str(text).map_err(no_report)?;
        if kind.command != "promote" {
            return Err(format!("it is no report of a rehearsal, but of `{}`", kind.command.escape_debug()));
        }
        if kind.report != REPORT {
            return Err(format!("its shape has version {}, and this program reads {REPORT}", kind.report));
        }
        let Document { package, commit, started, milliseconds, passed, migrations, stages } =
            serde_json::from_str(text).map_err(no_report)?;
        let written = OffsetDateTime::parse(&started, &Rfc3339)
            .ok()
            .and_then(|started| started.checked_add(time::Duration::milliseconds(i64::try_from(milliseconds).ok()?)));
        let written = written.ok_or("its `started` and `milliseconds` are no time")?;
        Ok(Self { package, commit, written, passed, migrations, stages })
    }

    /// The migration of that version; none where the report has it twice.
    pub fn migration(&self, version: i64) -> Option<&Rehearsed> {
        let mut found = self.migrations.iter().filter(|migration| migration.version == version);
        match (found.next(), found.next()) {
            (Some(migration), None) => Some(migration),
            _ => None,
        }
    }

    /// Why it proves nothing for `required`; empty where it does.
    pub fn flaws(&self, package: &str, required: &str, lineage: &Lineage, now: OffsetDateTime) -> Vec<String> {
        let mut flaws = Vec::new();
        if self.package != package {
            flaws.push(format!("it is of package `{}`, not of `{package}`", self.package.escape_debug()));
        }
        let failed: Vec<String> = self
            .stages
            .iter()
            .flat_map(|stage| stage.gates.iter().map(move |gate| (stage, gate)))
            .filter(|(_, gate)| gate.result != "passed" && gate.result != "skipped")
            .map(|(stage, gate)| format!("`{}` of stage `{}`", gate.name.escape_debug(), stage.name.escape_debug()))
            .collect();
        let stages_passed = self.stages.iter().all(|stage| stage.passed);
        match (self.passed, failed.is_empty() && stages_passed) {
            (true, true) => {}
            (true, false) => flaws.push("it says that it passed, and its stages say that they did not".to_owned()),
            (false, _) if failed.is_empty() => flaws.push("the rehearsal did not pass".to_owned()),
            (false, _) => flaws.push(format!("the rehearsal failed at {}", failed.join(", "))),
        }
        let stage = [required, STAGING].iter().find_map(|name| self.stages.iter().find(|stage| stage.name == *name));
        let applies = |gate: &Gate| APPLYING.contains(&gate.name.as_str()) && gate.result == "passed";
        let upgraded = |stage: &Stage| stage.gates.iter().any(applies);
        if self.passed && !stage.is_some_and(upgraded) {
            flaws.push(format!("nothing in it was applied to `{required}`"));
        }
        match (&self.commit, lineage) {
            (None, _) => flaws.push("it names no commit".to_owned()),
            (Some(_), Lineage::Here) => {}
            (Some(commit), Lineage::Elsewhere) => {
                flaws.push(format!("it is of commit {}, which what is checked out doesn't build on", short(commit)));
            }
            (Some(commit), Lineage::Unknown(why)) => {
                flaws
                    .push(format!("whether its commit {} is part of this history can't be told: {why}", short(commit)));
            }
        }
        if self.written > now {
            flaws.push(format!("it was written at {}, which is still to come", super::gates::shown(self.written)));
        }
        flaws
    }
}

fn short(commit: &str) -> String {
    commit.chars().take(7).collect::<String>().escape_debug().to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-23 12:00 UTC);

    fn sound() -> Value {
        json!({
            "version": 1, "command": "promote", "report": 1, "tool": "x", "package": "shop", "commit": "a".repeat(40),
            "started": "2026-11-23T10:00:00.5Z", "milliseconds": 1500, "passed": true,
            "migrations": [{ "version": 1, "name": "a", "file": "f", "up_sha256": "ab", "down_sha256": null }],
            "stages": [{ "name": "staging", "passed": true, "gates": [
                { "name": "seeds", "result": "skipped" }, { "name": "upgrade", "result": "passed" },
            ]}],
        })
    }

    fn flaws(change: impl FnOnce(&mut Value)) -> Vec<String> {
        let mut document = sound();
        change(&mut document);
        match PromotionReport::read(&document.to_string()) {
            Ok(report) => report.flaws("shop", "staging", &Lineage::Here, NOW),
            Err(error) => vec![error],
        }
    }

    #[test]
    fn a_sound_one_has_no_flaws() {
        assert_eq!(flaws(|_| ()), Vec::<String>::new());
        let report = PromotionReport::read(&sound().to_string()).unwrap();
        assert_eq!(report.written, datetime!(2026-11-23 10:00:02 UTC));
        assert!(report.migration(1).is_some() && report.migration(2).is_none());
        assert_eq!(report.flaws("shop", "qa", &Lineage::Here, NOW), Vec::<String>::new());
        let elsewhere = report.flaws("shop", "staging", &Lineage::Elsewhere, NOW);
        assert_eq!(elsewhere, ["it is of commit aaaaaaa, which what is checked out doesn't build on"]);
    }

    #[test]
    fn every_flaw_is_named() {
        let only = |change: fn(&mut Value)| flaws(change).join("; ");
        assert_eq!(only(|d| d["passed"] = json!(false)), "the rehearsal did not pass");
        assert_eq!(
            only(|d| d["stages"][0]["gates"][0]["result"] = json!("failed")),
            "it says that it passed, and its stages say that they did not"
        );
        assert_eq!(only(|d| d["stages"] = json!([])), "nothing in it was applied to `staging`");
        assert_eq!(
            only(|d| d["stages"][0]["gates"][1]["result"] = json!("skipped")),
            "nothing in it was applied to `staging`"
        );
        assert_eq!(only(|d| d["package"] = json!("other")), "it is of package `other`, not of `shop`");
        assert_eq!(only(|d| d["commit"] = json!(null)), "it names no commit");
        assert_eq!(only(|d| d["report"] = json!(2)), "its shape has version 2, and this program reads 1");
        assert_eq!(only(|d| d["command"] = json!("status")), "it is no report of a rehearsal, but of `status`");
        assert_eq!(
            only(|d| d["started"] = json!("2026-11-24T00:00:00Z")),
            "it was written at 2026-11-24T00:00:01Z, which is still to come"
        );
        assert!(only(|d| d["started"] = json!("now")).contains("are no time"));
        assert!(only(|d| d["migrations"] = json!(1)).starts_with("it is no report of a rehearsal: "));
        assert!(PromotionReport::read("no JSON").unwrap_err().starts_with("it is no report of a rehearsal: "));
    }

    #[test]
    fn a_migration_that_is_there_twice_proves_nothing() {
        let mut document = sound();
        let first = document["migrations"][0].clone();
        document["migrations"].as_array_mut().unwrap().push(first);
        assert_eq!(PromotionReport::read(&document.to_string()).unwrap().migration(1), None);
    }
}
