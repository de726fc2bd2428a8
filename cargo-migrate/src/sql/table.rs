//! Tables.

use crate::diff::{Catalog, DiffError};
use crate::schema::Object;
use crate::schema::detail::{Constraint, Table};
use crate::sql::stable::stable;
use crate::sql::statement::Statement;
use crate::sql::{column, describe, ident};

/// Returns a table with its columns and these constraints, and what CREATE TABLE can't say about them.
pub(super) fn create(object: &Object, with: &[Object], catalog: &Catalog<'_>) -> Result<Vec<Statement>, DiffError> {
    let name = object.identity.as_str();
    let table: Table = catalog.detail(object)?;
    let inherits = !table.parents.is_empty() && !table.partition;
    let (mut elements, mut settings, mut descriptions) = (Vec::new(), Vec::new(), Vec::new());
    for part in catalog.columns(name)? {
        if !inherits || part.detail.local {
            elements.push(column::definition(name, part.name, part.object, &part.detail, catalog)?);
        }
        settings.extend(column::settings(name, part.name, &part.detail));
        descriptions.extend(column::describe_new(part.object, catalog));
    }
    let mut checks = Vec::new();
    for constraint in with {
        let detail: Constraint = catalog.detail(constraint)?;
        elements.push(format!("CONSTRAINT {} {}", ident::name_within(constraint, name), stable(&detail.definition)));
        checks.extend(describe::describe(constraint, None, catalog));
        checks.extend(super::constraint::describe_index(constraint, catalog)?);
    }
    let mut text = String::from("CREATE ");
    if table.persistence == "u" {
        text.push_str("UNLOGGED ");
    }
    text.push_str(&format!("TABLE {name} "));
    match (&table.of_type, elements.is_empty()) {
        // A typed table's columns are those of its type.
        (Some(of_type), _) => text.push_str(&format!("OF {of_type}")),
        (None, true) => text.push_str("()"),
        (None, false) => text.push_str(&format!("(\n    {}\n)", elements.join(",\n    "))),
    }
    if inherits {
        text.push_str(&format!(" INHERITS ({})", table.parents.join(", ")));
    }
    if let Some(key) = &table.partition_key {
        text.push_str(&format!(" PARTITION BY {key}"));
    }
    if let Some(method) = &table.using {
        text.push_str(&format!(" USING {method}"));
    }
    let options = options(&table);
    if !options.is_empty() {
        text.push_str(&format!(" WITH ({})", options.join(", ")));
    }
    if let Some(space) = &table.tablespace {
        text.push_str(&format!(" TABLESPACE {space}"));
    }
    let mut out = vec![Statement::new(text)];
    out.extend(settings);
    let fresh = Table { replica_identity: "d".to_owned(), ..Table::default() };
    out.extend(flags(name, &fresh, &table));
    out.extend(describe::describe(object, None, catalog));
    out.extend(descriptions);
    out.extend(checks);
    Ok(out)
}

/// Returns what makes a partition of a table.
pub(super) fn attach(name: &str, table: &Table) -> Option<Statement> {
    let parent = table.parents.first().filter(|_| table.partition)?;
    let bound = table.bound.as_deref().unwrap_or("DEFAULT");
    Some(Statement::new(format!("ALTER TABLE {parent} ATTACH PARTITION {name} {bound}")))
}

/// Returns what takes a partition off its table.
pub(super) fn detach(name: &str, table: &Table) -> Option<Statement> {
    let parent = table.parents.first().filter(|_| table.partition)?;
    Some(Statement::new(format!("ALTER TABLE {parent} DETACH PARTITION {name}")))
}

/// Returns what changes a table's own properties.
pub(super) fn alter(object: &Object, before: &Catalog<'_>, after: &Catalog<'_>) -> Result<Vec<Statement>, DiffError> {
    let name = object.identity.as_str();
    let (old, new): (Table, Table) = (before.detail(object)?, after.detail(object)?);
    let mut out = Vec::new();
    let attachment = |table: &Table| (table.partition, table.parents.clone(), table.bound.clone());
    let moved = attachment(&old) != attachment(&new);
    if moved {
        if old.partition {
            out.extend(detach(name, &old));
        } else {
            for parent in old.parents.iter().filter(|parent| !new.parents.contains(parent) || new.partition) {
                out.push(Statement::alter_table(name, format!("NO INHERIT {parent}")));
            }
        }
    }
    if old.persistence != new.persistence {
        let word = if new.persistence == "u" { "UNLOGGED" } else { "LOGGED" };
        out.push(Statement::alter_table(name, format!("SET {word}")));
    }
    if old.using != new.using {
        let method = new.using.as_deref().unwrap_or("heap");
        out.push(Statement::alter_table(name, format!("SET ACCESS METHOD {method}")));
    }
    if old.tablespace != new.tablespace {
        let space = new.tablespace.as_deref().unwrap_or("pg_default");
        out.push(Statement::alter_table(name, format!("SET TABLESPACE {space}")));
    }
    let (old_options, new_options) = (options(&old), options(&new));
    let key = |option: &String| option.split('=').next().unwrap_or_default().to_owned();
    let kept: Vec<String> = new_options.iter().map(key).collect();
    let gone: Vec<String> = old_options.iter().map(key).filter(|option| !kept.contains(option)).collect();
    if !gone.is_empty() {
        out.push(Statement::alter_table(name, format!("RESET ({})", gone.join(", "))));
    }
    let come: Vec<String> = new_options.into_iter().filter(|option| !old_options.contains(option)).collect();
    if !come.is_empty() {
        out.push(Statement::alter_table(name, format!("SET ({})", come.join(", "))));
    }
    out.extend(flags(name, &old, &new));
    if moved {
        if new.partition {
            out.extend(attach(name, &new));
        } else {
            for parent in new.parents.iter().filter(|parent| !old.parents.contains(parent) || old.partition) {
                out.push(Statement::alter_table(name, format!("INHERIT {parent}")));
            }
        }
    }
    Ok(out)
}

fn flags(name: &str, old: &Table, new: &Table) -> Vec<Statement> {
    let mut out = Vec::new();
    if old.row_security != new.row_security {
        let verb = if new.row_security { "ENABLE" } else { "DISABLE" };
        out.push(Statement::alter_table(name, format!("{verb} ROW LEVEL SECURITY")));
    }
    if old.force_row_security != new.force_row_security {
        let verb = if new.force_row_security { "FORCE" } else { "NO FORCE" };
        out.push(Statement::alter_table(name, format!("{verb} ROW LEVEL SECURITY")));
    }
    if old.replica_identity != new.replica_identity {
        // One that uses an index is set along with that.
        let word = match new.replica_identity.as_str() {
            "n" => "NOTHING",
            "f" => "FULL",
            "i" => return out,
            _ => "DEFAULT",
        };
        out.push(Statement::alter_table(name, format!("REPLICA IDENTITY {word}")));
    }
    out
}

fn options(table: &Table) -> Vec<String> {
    let own = table.options.iter().flat_map(|options| options.split(", ")).map(str::to_owned);
    let toast =
        table.toast_options.iter().flat_map(|options| options.split(", ")).map(|option| format!("toast.{option}"));
    own.chain(toast).collect()
}
