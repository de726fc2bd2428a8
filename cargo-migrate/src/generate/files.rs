//! A plan, written as migrations.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use migrate_build::embedded::Migration;
use migrate_build::migration::dir::VERSIONS;
use migrate_build::migration::{Header, Prefix, file_name, header};

use super::retired::short;
use crate::diff::{Hazard, HazardKind, Plan};

/// What the migrations are called and build on.
#[derive(Clone, Copy, Debug)]
pub struct New<'a> {
    /// Their versions, one for each part of the plan; at least one.
    pub versions: &'a [i64],
    /// The name of the first; the others get a number behind it.
    pub name: &'a str,
    /// What the first builds on.
    pub parents: &'a [i64],
    /// The migrations folder, as messages call it.
    pub folder: &'a Path,
}

/// What the plan doesn't say.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    /// The file that the models are in.
    pub models: &'a Path,
    /// Tables that are retired now, by their identities.
    pub retires: &'a [String],
    /// Tables that are in use again.
    pub revives: &'a [String],
}

/// One migration that is not written yet.
#[derive(Clone, Debug)]
pub struct Generated {
    /// Its texts and what else the runtime needs.
    pub migration: Migration<'static>,
    /// Its files, relative to the migrations folder.
    pub up: PathBuf,
    /// The way back.
    pub down: PathBuf,
    /// What may go wrong in it.
    pub hazards: Vec<Hazard>,
}

/// Writes a plan as migrations; one that has nothing to run says in its header what it does.
pub fn files(plan: &Plan, new: New<'_>, said: Said<'_>) -> Vec<Generated> {
    let mut all = Vec::new();
    let mut parents = new.parents.to_vec();
    for (at, &version) in new.versions.iter().enumerate() {
        let part = plan.parts.get(at);
        let name = if at == 0 { new.name.to_owned() } else { format!("{}_{}", new.name, at + 1) };
        let first = at == 0;
        let names = |tables: &[String]| -> Vec<String> {
            if first { tables.iter().map(|table| short(table).to_owned()).collect() } else { Vec::new() }
        };
        let transaction = part.is_none_or(|part| part.transaction);
        let header = header::render(&Header {
            parents: Some(parents.clone()),
            no_transaction: !transaction,
            unreviewed: true,
            retires: names(said.retires),
            revives: names(said.revives),
            ..Header::default()
        });
        let mut up = format!("{header}\n-- Generated from {}.\n", said.models.display());
        let hazards = part.map(|part| part.hazards.clone()).unwrap_or_default();
        for hazard in &hazards {
            comment(&mut up, &format!("{}: {}: {}", word(hazard.kind), hazard.object, hazard.message));
        }
        if first {
            for table in said.retires {
                comment(
                    &mut up,
                    &format!("Retired: table {} and its rows stay, and its name stays taken.", short(table)),
                );
            }
            for table in said.revives {
                comment(&mut up, &format!("Revived: table {} with its rows.", short(table)));
            }
            for column in &plan.kept {
                comment(
                    &mut up,
                    &format!("Kept: column {} with its values, which no model has any more.", short(column)),
                );
            }
            for note in &plan.notes {
                comment(&mut up, &format!("Note: {note}"));
            }
            for left in &plan.unsupported {
                comment(&mut up, &format!("Left out: {}: {}", left.object, left.what));
            }
        }
        let mut down = String::new();
        for hazard in hazards.iter().filter(|hazard| hazard.kind == HazardKind::DataLoss) {
            comment(&mut down, &format!("What was lost does not come back: {}: {}", hazard.object, hazard.message));
        }
        if let Some(part) = part {
            statements(&mut up, &part.up);
            statements(&mut down, &part.down);
        }
        if part.is_none_or(|part| part.down.is_empty()) {
            if !down.is_empty() {
                down.push('\n');
            }
            down.push_str("-- Nothing to undo.\n");
        }
        let stem = file_name::stem(Prefix::Versioned, version, &name);
        let folder = new.folder.join(VERSIONS);
        all.push(Generated {
            migration: Migration {
                version,
                name: Cow::Owned(name),
                file: Cow::Owned(folder.join(format!("{stem}.sql")).display().to_string()),
                parents: std::mem::replace(&mut parents, vec![version]),
                up: Cow::Owned(up),
                down: Some(Cow::Owned(down)),
                transaction,
                unversioned: false,
                lock_timeout: None,
                statement_timeout: None,
                irreversible: None,
                backfill: None,
            },
            up: Path::new(VERSIONS).join(format!("{stem}.sql")),
            down: Path::new(VERSIONS).join(format!("{stem}.down.sql")),
            hazards,
        });
    }
    all
}

fn statements(out: &mut String, statements: &[String]) {
    for statement in statements {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(statement);
        out.push('\n');
    }
}

/// A comment of one line, whatever is in a name.
fn comment(out: &mut String, text: &str) {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    out.push_str(&format!("-- {text}\n"));
}

/// A sort of hazard, for people.
fn word(kind: HazardKind) -> &'static str {
    match kind {
        HazardKind::DataLoss => "Data loss",
        HazardKind::MayFail => "May fail",
        HazardKind::Rewrite => "Rewrite",
        HazardKind::Blocks => "Blocks",
    }
}
