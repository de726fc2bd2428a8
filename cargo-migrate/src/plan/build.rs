//! The way from migrations and facts to a plan.

use std::collections::BTreeSet;
use std::path::Path;

use migrate_build::diagnostic::Diagnostic;
use migrate_build::embedded::Migration;
use migrate_build::position::Position;
use migrate_build::runtime::Applied;
use migrate_build::statements::{self, Kind};
use sha2::{Digest, Sha256};

use super::facts::{Facts, Standing};
use super::model::{Hazard, Lock, Plan, PlannedMigration, PlannedStatement, State};
use crate::hazards::{self, Analysis, LockMode, On, Relation, Work};

/// What a plan is made for.
#[derive(Clone, Debug)]
pub struct Basis {
    /// The database's name.
    pub database: String,
    /// The environment, where one is meant.
    pub environment: Option<String>,
    /// The history table.
    pub history: String,
    /// Whether the database was ever migrated.
    pub migrated: bool,
    /// What was asked for.
    pub target: String,
    /// Whether backfills are left out.
    pub skip_backfills: bool,
    /// What is applied.
    pub applied: Vec<Applied>,
    /// Where it stands.
    pub at: Vec<String>,
}

/// What there is to ask a database about these migrations.
pub fn wanted(migrations: &[&Migration<'_>]) -> BTreeSet<On> {
    let scripts = migrations.iter().flat_map(|migration| [Some(&migration.up), migration.down.as_ref()]);
    let analyses = scripts.flatten().flat_map(|script| hazards::analyse(script));
    analyses.flat_map(|analysis| analysis.effects).map(|effect| effect.on).collect()
}

/// Makes a plan; `findings` are those of the migrations' up scripts.
pub fn build(basis: Basis, migrations: &[&Migration<'_>], facts: &Facts, findings: &[&Diagnostic]) -> Plan {
    let Basis { database, environment, history, migrated, target, skip_backfills, applied, at } = basis;
    let mut new = BTreeSet::new();
    let migrations = migrations.iter().map(|migration| one(migration, facts, findings, &mut new)).collect();
    Plan { database, environment, history, migrated, target, skip_backfills, applied, at, migrations }
}

fn one(
    migration: &Migration<'_>,
    facts: &Facts,
    findings: &[&Diagnostic],
    new: &mut BTreeSet<Relation>,
) -> PlannedMigration {
    let mut own: Vec<&Diagnostic> =
        findings.iter().copied().filter(|finding| is_in(finding, &migration.file)).collect();
    let mut up = script(migration, &migration.up, facts, new);
    for (statement, range) in &mut up {
        let here = |finding: &&Diagnostic| {
            let span = finding.labels.first().and_then(|label| label.span);
            span.is_some_and(|span| range.contains(&span.start))
        };
        let (mine, rest): (Vec<_>, Vec<_>) = own.into_iter().partition(here);
        statement.hazards = mine.into_iter().map(hazard).collect();
        own = rest;
    }
    let down = migration.down.as_deref().map(|down| script(migration, down, facts, &mut new.clone()));
    let texts =
        |script: Vec<(PlannedStatement, std::ops::Range<usize>)>| script.into_iter().map(|part| part.0).collect();
    PlannedMigration {
        version: migration.version,
        name: migration.name.to_string(),
        file: migration.file.to_string(),
        up_sha256: sha256(&migration.up),
        down_sha256: migration.down.as_deref().map(sha256),
        transaction: migration.transaction,
        backfill: migration.backfill.is_some(),
        irreversible: migration.irreversible.as_deref().map(str::to_owned),
        up: texts(up),
        down: down.map(texts),
        hazards: own.into_iter().map(hazard).collect(),
    }
}

fn is_in(finding: &Diagnostic, file: &str) -> bool {
    finding.labels.first().is_some_and(|label| label.path == Path::new(file))
}

fn hazard(finding: &Diagnostic) -> Hazard {
    let Diagnostic { rule, level, message, helps, .. } = finding;
    Hazard { rule, level: *level, message: message.clone(), helps: helps.clone() }
}

/// SHA-256 of a script, hexadecimal.
pub(super) fn sha256(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The statements of a script with their ranges; what it makes is new from then on.
fn script(
    migration: &Migration<'_>,
    text: &str,
    facts: &Facts,
    new: &mut BTreeSet<Relation>,
) -> Vec<(PlannedStatement, std::ops::Range<usize>)> {
    let kinds = statements::split(text).unwrap_or_default();
    let mut planned = Vec::new();
    for (at, analysis) in hazards::analyse(text).into_iter().enumerate() {
        let kind = kinds.get(at).map_or(Kind::Ordinary, |statement| statement.kind);
        let range = analysis.range.clone();
        let locks = locks(&analysis, facts, new);
        let statement = PlannedStatement {
            line: Position::of(text, range.start).line,
            sql: text.get(range.clone()).unwrap_or_default().to_owned(),
            work: work(&analysis, &locks),
            kind: analysis.kind.clone(),
            alone: !migration.transaction && matches!(kind, Kind::OutsideTransaction(_) | Kind::MayCommit(_)),
            locks,
            hazards: Vec::new(),
        };
        new.extend(analysis.creates);
        planned.push((statement, range));
    }
    planned
}

/// Nothing is long on what is made here.
fn work(analysis: &Analysis, locks: &[Lock]) -> Work {
    let of_effects = analysis.effects.iter().map(|effect| effect.work).max().unwrap_or_default();
    if analysis.work > of_effects {
        return analysis.work;
    }
    locks.iter().map(|lock| lock.work).max().unwrap_or_default()
}

fn locks(analysis: &Analysis, facts: &Facts, new: &BTreeSet<Relation>) -> Vec<Lock> {
    let mut locks: Vec<Lock> = Vec::new();
    for effect in &analysis.effects {
        let there = facts.get(&effect.on).map(Vec::as_slice).unwrap_or_default();
        let is_new = new.iter().chain(&analysis.creates).any(|new| new.may_be(effect.on.name()));
        let states: Vec<(String, State)> = if !there.is_empty() {
            there.iter().map(|standing| (standing.name.clone(), State::There(standing.clone()))).collect()
        } else {
            match &effect.on {
                On::Relation(name) if is_new => vec![(name.to_string(), State::New)],
                On::TableOf(_) if is_new => vec![(effect.on.to_string(), State::New)],
                On::Relation(name) => vec![(name.to_string(), State::Missing)],
                On::TableOf(_) => vec![(effect.on.to_string(), State::Missing)],
                // There are none.
                On::ReferencedBy(_) | On::UsersOf(_) | On::DefaultPartitionOf(_) => Vec::new(),
            }
        };
        for (on, state) in states {
            let work = if state == State::New { Work::Instant } else { effect.work };
            add(&mut locks, Lock { mode: effect.mode, on, work, state });
        }
    }
    locks
}

/// Keeps the strongest lock on each relation, and the longest work.
fn add(locks: &mut Vec<Lock>, lock: Lock) {
    match locks.iter_mut().find(|known| known.on == lock.on) {
        Some(known) => {
            known.mode = known.mode.max(lock.mode);
            known.work = known.work.max(lock.work);
        }
        None => locks.push(lock),
    }
}

impl Plan {
    /// How many statements lock something that is there so that others can't go on with their work.
    pub fn dangerous(&self) -> usize {
        let statements = self.migrations.iter().flat_map(|migration| &migration.up);
        statements.filter(|statement| statement.locks.iter().any(Lock::is_dangerous)).count()
    }
}

impl Lock {
    /// Whether applications wait for it.
    pub fn is_dangerous(&self) -> bool {
        matches!(self.state, State::There(_)) && LockMode::is_dangerous(self.mode)
    }
}

impl Standing {
    /// Whether nothing was ever put into it, as far as statistics tell.
    pub fn looks_empty(&self) -> bool {
        self.rows == 0 && self.bytes.is_none_or(|bytes| bytes == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn migration(version: i64, up: &'static str) -> Migration<'static> {
        Migration {
            version,
            name: "a".into(),
            file: format!("V{version}.sql").into(),
            parents: Vec::new(),
            up: up.into(),
            down: Some("drop table b;".into()),
            transaction: true,
            unversioned: false,
            lock_timeout: None,
            statement_timeout: None,
            irreversible: None,
            backfill: None,
        }
    }

    fn plan(migrations: &[Migration<'_>], facts: &Facts) -> Plan {
        let basis = Basis {
            database: "d".into(),
            environment: None,
            history: "h".into(),
            migrated: true,
            target: "head".into(),
            skip_backfills: false,
            applied: Vec::new(),
            at: Vec::new(),
        };
        build(basis, &migrations.iter().collect::<Vec<_>>(), facts, &[])
    }

    #[test]
    fn what_the_plan_makes_holds_nobody_up() {
        let on = On::Relation(Relation::unqualified("a"));
        let standing = Standing { name: "public.a".into(), rows: 7, bytes: Some(8192), partitions: 0 };
        let facts = Facts::from([(on, vec![standing.clone()])]);
        let migrations = [
            migration(1, "create table b (id int); alter table a alter x type text;"),
            migration(2, "create index on b (id); create index on a (x); create index on c (x);"),
        ];
        let wanted = wanted(&migrations.iter().collect::<Vec<_>>());
        let wanted: Vec<String> = wanted.iter().map(ToString::to_string).collect();
        assert_eq!(wanted, ["`a`", "`b`", "`c`", "the tables that `b` references"]);
        let plan = plan(&migrations, &facts);
        let second = &plan.migrations[1].up;
        assert_eq!((second[0].work, &second[0].locks[0].state), (Work::Instant, &State::New));
        assert_eq!(second[0].locks[0].blocks(), None);
        assert_eq!((second[1].work, &second[1].locks[0].state), (Work::Scan, &State::There(standing)));
        assert_eq!(second[2].locks[0].state, State::Missing);
        assert_eq!(plan.migrations[0].up[1].work, Work::Rewrite);
        assert_eq!(plan.migrations[0].down.as_ref().unwrap()[0].locks[0].state, State::New);
        assert_eq!(plan.dangerous(), 2);
    }
}
