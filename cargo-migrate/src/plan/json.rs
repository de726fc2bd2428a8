//! A plan for programs; its shape is documented in `docs/formats.md`.

use migrate_build::diagnostic::Level;
use serde_json::{Value, json};

use super::facts::Standing;
use super::model::{Hazard, Lock, Plan, PlannedMigration, PlannedStatement, State};

/// The plan's fields.
pub fn fields(plan: &Plan) -> Value {
    let Plan { database, environment, history, migrated, target, skip_backfills, applied, at, migrations } = plan;
    let applied: Vec<Value> =
        applied.iter().map(|row| json!({ "version": row.version, "checksum": row.checksum.to_string() })).collect();
    json!({
        "database": database,
        "environment": environment,
        "history": history,
        "migrated": migrated,
        "target": target,
        "skip_backfills": skip_backfills,
        "at": at,
        "applied": applied,
        "plan": migrations.iter().map(migration).collect::<Vec<_>>(),
    })
}

fn migration(migration: &PlannedMigration) -> Value {
    let PlannedMigration {
        version,
        name,
        file,
        up_sha256,
        down_sha256,
        transaction,
        backfill,
        irreversible,
        up,
        down,
        hazards,
    } = migration;
    let statements = |script: &Vec<PlannedStatement>| script.iter().map(statement).collect::<Vec<_>>();
    json!({
        "version": version,
        "name": name,
        "file": file,
        "up_sha256": up_sha256,
        "down_sha256": down_sha256,
        "transaction": transaction,
        "backfill": backfill,
        "irreversible": irreversible,
        "up": statements(up),
        "down": down.as_ref().map(statements),
        "hazards": hazards.iter().map(hazard).collect::<Vec<_>>(),
    })
}

fn statement(statement: &PlannedStatement) -> Value {
    let PlannedStatement { line, sql, kind, work, alone, locks, hazards } = statement;
    json!({
        "line": line,
        "sql": sql,
        "kind": kind,
        "class": work.name(),
        "outside_transaction": alone,
        "locks": locks.iter().map(lock).collect::<Vec<_>>(),
        "hazards": hazards.iter().map(hazard).collect::<Vec<_>>(),
    })
}

fn lock(lock: &Lock) -> Value {
    let (state, standing) = match &lock.state {
        State::There(standing) => ("there", Some(standing)),
        State::New => ("new", None),
        State::Missing => ("missing", None),
    };
    let of = |number: fn(&Standing) -> Option<u64>| standing.and_then(number);
    json!({
        "mode": lock.mode.name(),
        "on": lock.on,
        "class": lock.work.name(),
        "blocks": lock.blocks(),
        "state": state,
        "rows": of(|standing| Some(standing.rows)),
        "bytes": of(|standing| standing.bytes),
        "partitions": of(|standing| Some(standing.partitions)),
    })
}

fn hazard(Hazard { rule, level, message, helps }: &Hazard) -> Value {
    let level = if *level == Level::Deny { "deny" } else { "warn" };
    json!({ "rule": rule, "level": level, "message": message, "helps": helps })
}
