//! Staging and production: a database as that environment has it, with data, brought to the head.

use migrate_build::embedded::Migration;
use migrate_build::runtime::{Applied, Set, Taken, UpTarget};

use super::branch::{self, Environment, Start, counted};
use super::database::Database;
use super::gate::{Course, Failure, Tried};
use super::lock_limits::{Limits, within};
use super::material::{Material, title};
use super::walk::{differs, no_way_back};
use super::{old_smoke, smoke};
use crate::engine::seed;

pub(super) const STAGING: Environment<'_> =
    Environment { name: "staging", branches: &["staging"], option: "--staging-at" };
pub(super) const PRODUCTION: Environment<'_> =
    Environment { name: "production", branches: &["production", "main", "master"], option: "--production-at" };

const START: &str = "start";
const SEEDS: &str = "seeds";
const UPGRADE: &str = "upgrade";
const LOCKS: &str = "locks";
const SMOKE: &str = "smoke";
const OLD_SMOKE: &str = "old smoke";
const LAST: &str = "last step";
const SAME: &str = "as staging";

/// What an environment is compared with.
#[derive(Clone, Copy, Debug)]
pub(super) enum Before<'a> {
    /// Nothing: it is the first.
    First,
    /// What staging has, if it came so far.
    Staging(Option<&'a [Applied]>),
}

/// Goes through the stage. Returns what the database has applied, if it came so far.
pub(super) async fn run(
    course: &mut Course<'_>,
    database: Option<&mut Database>,
    material: &Material,
    environment: Environment<'_>,
    at: Option<&str>,
    before: Before<'_>,
) -> Option<Vec<Applied>> {
    let skip_rest = |course: &mut Course<'_>, gates: &[&'static str], reason: &str| {
        // Most packages have no such command, and need not hear of it.
        for &name in gates.iter().filter(|&&name| name != OLD_SMOKE || material.old_smoke().is_some()) {
            course.skip(name, reason);
        }
        if let Before::Staging(_) = before {
            course.skip(SAME, reason);
        }
    };
    let Some(database) = database else {
        skip_rest(course, &[START, SEEDS, UPGRADE, SMOKE, OLD_SMOKE, LAST], "there is no server");
        return None;
    };
    let Some(start) = course.gate(START, bring_to_start(database, material, environment, at)).await else {
        skip_rest(course, &[SEEDS, UPGRADE, SMOKE, OLD_SMOKE, LAST], "the database is not where it should start");
        return None;
    };
    load_seeds(course, database, material, &start).await;
    let Some(taken) = course.gate(UPGRADE, upgrade(database, &material.set)).await else {
        skip_rest(course, &[SMOKE, OLD_SMOKE, LAST], "the database is not at the head");
        return None;
    };
    let promote = &material.settings.promote;
    let limits = Limits { mode: promote.max_lock, time: promote.max_lock_time };
    if limits.are_set() {
        course.gate(LOCKS, async { within(limits, &taken) }).await;
    }
    let upgraded = taken.len();
    course.took(taken);
    try_smoke(course, database, material).await;
    if let Some(command) = material.old_smoke() {
        old_smoke::try_it(course, OLD_SMOKE, command, database, material, (&start, upgraded)).await;
    }
    last_step(course, database, &material.set).await;
    if let Before::Staging(staging) = before {
        match staging {
            None => course.skip(SAME, "staging did not come to the head"),
            Some(staging) => drop(course.gate(SAME, same(database, staging)).await),
        }
    }
    database.applied().await.ok()
}

async fn bring_to_start(
    database: &mut Database,
    material: &Material,
    environment: Environment<'_>,
    at: Option<&str>,
) -> Result<Tried<Start>, Failure> {
    let start = branch::start(material, environment, at).await?;
    match &start {
        Start::Base(_) => {}
        Start::Version(version, _) => drop(database.up(&material.set, UpTarget::Version(*version), &|_| ()).await?),
        Start::Branch(_, set) => drop(database.up_to_heads(set, &|_| ()).await?),
    }
    let note = start.describe(&material.set);
    Ok(Tried::passed(start).note(note))
}

async fn load_seeds(course: &mut Course<'_>, database: &Database, material: &Material, start: &Start) {
    let is_empty = match start {
        Start::Base(_) => true,
        Start::Version(..) => false,
        Start::Branch(_, set) => set.migrations.is_empty(),
    };
    seeds(course, database, material, is_empty).await;
}

/// Loads the seeds into a database that has tables for them, unless it `is_empty`.
pub(super) async fn seeds(course: &mut Course<'_>, database: &Database, material: &Material, is_empty: bool) {
    if material.seeds.is_empty() {
        return course.skip(SEEDS, format!("there is no `{}/seeds/*.sql`", material.settings.directory.display()));
    }
    if is_empty {
        return course.skip(SEEDS, "a database at base has no tables that could hold data");
    }
    let load = async {
        let mut statements = 0;
        for file in &material.seeds {
            statements += seed::load(database.client(), &file.file, &file.text).await?;
        }
        let files = material.seeds.len();
        let text = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
        Ok::<_, Failure>(Tried::passed(()).note(format!("{}, {}", text(files, "file"), text(statements, "statement"))))
    };
    course.gate(SEEDS, load).await;
}

async fn upgrade(database: &mut Database, set: &Set<'_>) -> Result<Tried<Vec<Taken>>, Failure> {
    let taken = database.up_recording(set).await?;
    let note = if taken.is_empty() { "nothing is pending".to_owned() } else { counted(taken.len()) };
    Ok(Tried::passed(taken).note(note))
}

async fn try_smoke(course: &mut Course<'_>, database: &Database, material: &Material) {
    let Some(command) = material.smoke() else {
        return course.skip(SMOKE, "no `smoke` in `[package.metadata.migrate.promote]`");
    };
    course.doing(format_args!("smoke: {command}"));
    let smoke = async {
        let printed = smoke::run(SMOKE, command, &material.root, database.url(), material.smoke_timeout()).await?;
        Ok::<_, Failure>(Tried::passed(()).note(format!("`{command}`")).output(printed))
    };
    course.gate(SMOKE, smoke).await;
}

async fn last_step(course: &mut Course<'_>, database: &mut Database, set: &Set<'_>) {
    let Some(last) = set.migrations.last() else {
        return course.skip(LAST, "there is no migration");
    };
    if let Some(reason) = no_way_back(last) {
        return course.skip(LAST, format!("{} can't be reverted ({reason})", title(last)));
    }
    course.gate(LAST, down_and_up(database, set, last)).await;
}

async fn down_and_up(database: &mut Database, set: &Set<'_>, last: &Migration<'_>) -> Result<Tried<()>, Failure> {
    let before = database.snapshot().await?;
    database.down(set, last.version).await?;
    database.up(set, UpTarget::Version(last.version), &|_| ()).await?;
    let after = database.snapshot().await?;
    let differences = database.differences(&before, &after);
    if !differences.is_empty() {
        let message = format!("{} reverted and applied again leaves another schema", title(last));
        return Err(differs(message, &differences));
    }
    Ok(Tried::passed(()).note(format!("{} down and up", title(last))))
}

/// Production receives exactly what staging received.
async fn same(database: &Database, staging: &[Applied]) -> Result<Tried<()>, Failure> {
    let differences = differences(staging, &database.applied().await?);
    if !differences.is_empty() {
        return Err(Failure::new("production has other migrations than staging").body(differences));
    }
    Ok(Tried::passed(()).note(format!("the same checksums, {}", counted(staging.len()))))
}

fn differences(staging: &[Applied], production: &[Applied]) -> String {
    let row = |Applied { version, name, checksum, .. }: &Applied| format!("{version} {name}, checksum {checksum}");
    let [staging, production] = [staging, production].map(|rows| rows.iter().map(row).collect::<Vec<_>>());
    let only = |sign: char, these: &[String], those: &[String]| {
        let lines = these.iter().filter(|line| !those.contains(line)).map(|line| format!("{sign} {line}\n"));
        lines.collect::<String>()
    };
    only('-', &staging, &production) + &only('+', &production, &staging)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_checksum_is_another_migration() {
        let row = |version, checksum| Applied { version, name: "a".to_owned(), applied_on: String::new(), checksum };
        assert_eq!(differences(&[row(1, 5), row(2, 6)], &[row(1, 5), row(2, 6)]), "");
        assert_eq!(
            differences(&[row(1, 5), row(2, 6)], &[row(1, 5), row(2, 7)]),
            "- 2 a, checksum 6\n+ 2 a, checksum 7\n"
        );
    }
}
