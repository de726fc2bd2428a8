//! The gates before an environment: each looks at facts and says why it refuses, all of them, not the first only.

use std::time::Duration;

use clap::ValueEnum;
use migrate_build::migration::duration;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::evidence::{Held, Proof};
use super::facts::{Checkout, Facts, OnBranch, Planned};

/// What an environment may demand of an upgrade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Gate {
    /// The required environment has applied the same migrations
    Requires,
    /// It has had them for long enough
    Soak,
    /// What is checked out is on the environment's branch
    Branch,
    /// The migrations are committed
    Uncommitted,
    /// The migrations are reviewed
    Unreviewed,
}

impl Gate {
    /// Its name, as `--override` takes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Requires => "requires",
            Self::Soak => "soak",
            Self::Branch => "branch",
            Self::Uncommitted => "uncommitted",
            Self::Unreviewed => "unreviewed",
        }
    }
}

/// A gate that doesn't let the upgrade pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The gate.
    pub gate: Gate,
    /// Why.
    pub message: String,
    /// What it is about, one line each.
    pub notes: Vec<String>,
    /// What cures it.
    pub helps: Vec<String>,
}

/// How many migrations or files a refusal names.
const SHOWN: usize = 10;

impl Refused {
    fn new(gate: Gate, message: String, mut notes: Vec<String>, helps: Vec<String>) -> Self {
        let all = notes.len();
        if all > SHOWN + 1 {
            notes.truncate(SHOWN);
            notes.push(format!("and {} more", all - SHOWN));
        }
        Self { gate, message, notes, helps }
    }
}

/// All refusals of an environment with gates; none where nothing is planned.
pub fn refusals(facts: &Facts<'_>) -> Vec<Refused> {
    if facts.planned.is_empty() || !facts.rules.is_gated() {
        return Vec::new();
    }
    let all = [requires(facts), soak(facts), branch(facts), uncommitted(facts), unreviewed(facts)];
    all.into_iter().flatten().collect()
}

fn requires(facts: &Facts<'_>) -> Option<Refused> {
    let required = facts.rules.required()?;
    let evidence = match facts.proof.as_ref()? {
        Proof::Evidence(evidence) => evidence,
        Proof::None { notes, helps } => {
            let message = format!("what environment `{required}`, which it requires, has applied can't be told");
            return Some(Refused::new(Gate::Requires, message, notes.clone(), helps.clone()));
        }
    };
    let (mut notes, mut missing, mut other) = (Vec::new(), 0, 0);
    for planned in &facts.planned {
        let title = planned.title();
        match evidence.of(planned.migration.version) {
            Held::Same { .. } => {}
            Held::Missing => {
                missing += 1;
                notes.push(format!("{title} is not there"));
            }
            Held::Other { since: Some(since) } => {
                other += 1;
                notes
                    .push(format!("{title} is there since {} with another text (the checksum differs)", shown(*since)));
            }
            Held::Other { since: None } => {
                other += 1;
                notes.push(format!("{title} is there with another text (the checksum differs)"));
            }
        }
    }
    if notes.is_empty() {
        return None;
    }
    let message = format!(
        "environment `{required}`, which it requires, has not applied {} as {} here (seen in {})",
        counted(notes.len(), facts.planned.len()),
        if notes.len() == 1 { "it is" } else { "they are" },
        evidence.source
    );
    let mut helps = Vec::new();
    if other > 0 {
        helps.push("restore the files as they were applied there, and put the change into a new migration".to_owned());
    }
    if missing > 0 {
        helps.push(match evidence.is_report {
            true => "rehearse what is to be applied: `cargo xtask promote --report FILE.json`".to_owned(),
            false => format!("apply them there first: `cargo migrate upgrade --env {required}`"),
        });
    }
    Some(Refused::new(Gate::Requires, message, notes, helps))
}

fn soak(facts: &Facts<'_>) -> Option<Refused> {
    let (required, soak) = (facts.rules.required()?, facts.rules.soak.as_ref()?.value);
    let Proof::Evidence(evidence) = facts.proof.as_ref()? else { return None };
    let young = |planned: &Planned<'_>| match evidence.of(planned.migration.version) {
        Held::Same { since } if !is_over(*since, soak, facts.now) => Some((planned.title(), *since)),
        _ => None,
    };
    let young: Vec<(String, OffsetDateTime)> = facts.planned.iter().filter_map(young).collect();
    let latest = young.iter().map(|(_, since)| *since).max()?;
    let asked = duration::format(soak);
    let notes = young.iter().map(|(title, since)| {
        let elapsed = Duration::try_from(facts.now - *since).unwrap_or_default();
        format!("{title} is there since {}: {}", shown(*since), elapsed_shown(elapsed))
    });
    let helps = match latest.checked_add(time::Duration::try_from(soak).unwrap_or(time::Duration::MAX)) {
        Some(end) => vec![format!("run it again after {}", shown(end))],
        None => Vec::new(),
    };
    let message =
        format!("environment `{required}` has not had {} for {asked}", counted(young.len(), facts.planned.len()));
    Some(Refused::new(Gate::Soak, message, notes.collect(), helps))
}

fn is_over(since: OffsetDateTime, soak: Duration, now: OffsetDateTime) -> bool {
    // A time to come is none that has passed.
    Duration::try_from(now - since).is_ok_and(|elapsed| elapsed >= soak)
}

fn branch(facts: &Facts<'_>) -> Option<Refused> {
    let name = facts.rules.branch.as_deref()?;
    let (message, helps) = match &facts.checkout {
        Checkout::Unknown(why) => (format!("whether this is branch `{name}` can't be told: {why}"), Vec::new()),
        Checkout::Known { branch: None | Some(OnBranch::Yes), .. } => return None,
        Checkout::Known { branch: Some(OnBranch::Missing), .. } => {
            let help = format!("fetch it: `git fetch origin {name}:refs/remotes/origin/{name}`");
            (format!("there is no branch `{name}`, which it is upgraded from"), vec![help])
        }
        Checkout::Known { branch: Some(OnBranch::No(at)), .. } => (
            format!("it is upgraded from branch `{name}`, and {at} is checked out"),
            vec![format!("merge into it, and check it out: `git checkout {name}`")],
        ),
    };
    Some(Refused::new(Gate::Branch, message, Vec::new(), helps))
}

fn uncommitted(facts: &Facts<'_>) -> Option<Refused> {
    let files = match &facts.checkout {
        Checkout::Unknown(why) => {
            let message = format!("whether the migrations are committed can't be told: {why}");
            return Some(Refused::new(Gate::Uncommitted, message, Vec::new(), Vec::new()));
        }
        Checkout::Known { uncommitted, .. } => uncommitted,
    };
    let is_planned = |entry: &&String| {
        let path = entry.rsplit_once(" (").map_or(entry.as_str(), |(path, _)| path);
        // Git names an ignored folder instead of what is in it.
        facts
            .planned
            .iter()
            .flat_map(|planned| &planned.files)
            .any(|file| file == path || (path.ends_with('/') && file.starts_with(path)) || path == "./")
    };
    let files: Vec<String> = files
        .iter()
        .filter(is_planned)
        .map(|file| format!("{}/{}", facts.folder, file.strip_prefix("./").unwrap_or(file)))
        .collect();
    if files.is_empty() {
        return None;
    }
    let message = match files.len() {
        1 => "a file of the migrations is not committed".to_owned(),
        count => format!("{count} files of the migrations are not committed"),
    };
    let help = format!("commit them: `git add {} && git commit`", facts.folder);
    Some(Refused::new(Gate::Uncommitted, message, files, vec![help]))
}

fn unreviewed(facts: &Facts<'_>) -> Option<Refused> {
    let titles: Vec<String> =
        facts.planned.iter().filter(|planned| !planned.reviewed).map(|planned| planned.title()).collect();
    if titles.is_empty() {
        return None;
    }
    let message = format!("{} not reviewed", counted_are(titles.len(), facts.planned.len()));
    let help = "read them, then say so: `cargo migrate review VERSION`".to_owned();
    Some(Refused::new(Gate::Unreviewed, message, titles, vec![help]))
}

fn counted(count: usize, of: usize) -> String {
    match (count, of) {
        (1, 1) => "the migration".to_owned(),
        (count, of) => format!("{count} of {of} migrations"),
    }
}

fn counted_are(count: usize, of: usize) -> String {
    let are = if count == 1 { "is" } else { "are" };
    format!("{} {are}", counted(count, of))
}

/// RFC 3339 in UTC, to the second.
pub fn shown(time: OffsetDateTime) -> String {
    let time = time.to_offset(time::UtcOffset::UTC);
    time.replace_nanosecond(0).unwrap_or(time).format(&Rfc3339).unwrap_or_default()
}

/// A length of time for people, by its two largest units.
fn elapsed_shown(elapsed: Duration) -> String {
    let seconds = elapsed.as_secs();
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use migrate_build::embedded::Migration;
    use time::macros::datetime;

    use super::super::evidence::Evidence;
    use super::*;
    use crate::config::raw::RawEnvironment;

    const NOW: OffsetDateTime = datetime!(2026-11-23 12:00 UTC);

    fn rules(text: &str) -> RawEnvironment {
        let text = format!("[staging]\n[production]\n{text}");
        let document = toml::de::DeTable::parse(&text).unwrap();
        let table = document.get_ref()["production"].get_ref().as_table().unwrap().clone();
        let source = crate::config::raw::Source { path: "Cargo.toml".as_ref(), text: &text };
        RawEnvironment::read(source, &table).unwrap()
    }

    fn migration(version: i64, name: &'static str) -> Migration<'static> {
        Migration {
            version,
            name: name.into(),
            file: format!("migrations/versions/V{version}__{name}.sql").into(),
            parents: Vec::new(),
            up: "select 1;\n".into(),
            down: None,
            transaction: true,
            unversioned: false,
            lock_timeout: None,
            statement_timeout: None,
            irreversible: None,
            backfill: None,
        }
    }

    fn gates_of(rules: &RawEnvironment, held: &[(i64, Held)], checkout: Checkout, reviewed: bool) -> Vec<String> {
        let migrations = [migration(1, "books"), migration(2, "isbn")];
        let planned = |migration: &'static Migration<'static>| Planned {
            migration,
            files: vec![format!("versions/V{}__{}.sql", migration.version, migration.name)],
            reviewed,
        };
        let migrations: &'static [Migration<'static>] = Box::leak(Box::new(migrations));
        let held: BTreeMap<i64, Held> = held.iter().cloned().collect();
        let facts = Facts {
            name: "production",
            rules,
            planned: migrations.iter().map(planned).collect(),
            proof: Some(Proof::Evidence(Evidence::new("database `s`".to_owned(), false, held))),
            checkout,
            folder: "migrations".to_owned(),
            now: NOW,
        };
        refusals(&facts).into_iter().map(|refused| format!("{}: {}", refused.gate.name(), refused.message)).collect()
    }

    fn known(uncommitted: &[&str], branch: Option<OnBranch>) -> Checkout {
        Checkout::Known { uncommitted: uncommitted.iter().map(|&file| file.to_owned()).collect(), branch }
    }

    #[test]
    fn all_refuse_at_once() {
        let rules = rules("requires = 'staging'\nsoak = '2h'\nbranch = 'production'\n");
        let held = [(1, Held::Same { since: datetime!(2026-11-23 10:30 UTC) }), (2, Held::Missing)];
        let checkout = known(&["versions/V2__isbn.sql (modified)"], Some(OnBranch::No("branch `trunk`".to_owned())));
        assert_eq!(
            gates_of(&rules, &held, checkout, false),
            [
                "requires: environment `staging`, which it requires, has not applied 1 of 2 migrations as it is here (seen in \
                 database `s`)",
                "soak: environment `staging` has not had 1 of 2 migrations for 2h",
                "branch: it is upgraded from branch `production`, and branch `trunk` is checked out",
                "uncommitted: a file of the migrations is not committed",
                "unreviewed: 2 of 2 migrations are not reviewed",
            ]
        );
        let held = [1, 2].map(|version| (version, Held::Same { since: datetime!(2026-11-23 10:00 UTC) }));
        assert_eq!(gates_of(&rules, &held, known(&[], Some(OnBranch::Yes)), true), Vec::<String>::new());
    }

    #[test]
    fn a_soak_is_over_at_its_end_and_not_before() {
        let rules = rules("requires = 'staging'\nsoak = '2h'\n");
        let soaked = |since| {
            let held = [1, 2].map(|version| (version, Held::Same { since }));
            gates_of(&rules, &held, known(&[], None), true).is_empty()
        };
        assert!(soaked(NOW - Duration::from_secs(7200)));
        assert!(!soaked(NOW - Duration::from_secs(7199)));
        assert!(!soaked(NOW + Duration::from_secs(86_400)), "a time to come is none that has passed");
    }

    #[test]
    fn files_of_other_migrations_are_no_matter() {
        let rules = rules("protected = true\n");
        let gates = |files: &[&str]| gates_of(&rules, &[], known(files, None), true).len();
        assert_eq!(gates(&["versions/V3__draft.sql (untracked)", "seeds/1.sql (modified)"]), 0);
        assert_eq!(gates(&["versions/V1__books.sql (untracked)"]), 1);
        assert_eq!(gates(&["versions/ (ignored)"]), 1);
        assert_eq!(gates_of(&rules, &[], Checkout::Unknown("there is no git".to_owned()), true).len(), 1);
    }

    #[test]
    fn without_rules_nothing_is_refused() {
        let rules = rules("url = '$X'\n");
        assert_eq!(gates_of(&rules, &[], Checkout::Unknown(String::new()), false), Vec::<String>::new());
    }

    #[test]
    fn lengths_are_for_people() {
        let shown = |seconds| elapsed_shown(Duration::from_secs(seconds));
        assert_eq!([shown(5), shown(65), shown(3_700), shown(90_000)], ["5 s", "1 min", "1 h 1 min", "1 d 1 h"]);
    }
}
