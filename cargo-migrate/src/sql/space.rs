//! What other objects live in or lean on: schemas, extensions, collations, statistics and default privileges.

use std::collections::BTreeSet;

use crate::diff::{Catalog, DiffError};
use crate::schema::detail::{Collation, DefaultPrivileges, Extension, Statistics};
use crate::schema::{Definition, Kind, Object, literal};
use crate::sql::statement::Statement;
use crate::sql::{describe, privileges};

pub(super) fn create(object: &Object, catalog: &Catalog<'_>) -> Result<Vec<Statement>, DiffError> {
    let name = &object.identity;
    let mut out = Vec::new();
    match object.kind {
        Kind::Schema => out.push(Statement::new(format!("CREATE SCHEMA {name}"))),
        Kind::Extension => {
            // Whatever version the server has: others may not be there.
            let extension: Extension = catalog.detail(object)?;
            out.push(Statement::new(format!("CREATE EXTENSION {name} WITH SCHEMA {}", extension.schema)));
        }
        Kind::Collation => out.push(collation(name, &catalog.detail(object)?)),
        Kind::Statistics => {
            let statistics: Statistics = catalog.detail(object)?;
            out.push(Statement::new(statistics.definition));
            out.extend(
                statistics
                    .target
                    .map(|target| Statement::new(format!("ALTER STATISTICS {name} SET STATISTICS {target}"))),
            );
        }
        _ => {}
    }
    out.extend(describe::describe(object, None, catalog));
    Ok(out)
}

fn collation(name: &str, collation: &Collation) -> Statement {
    let provider = match collation.provider.as_str() {
        "i" => "icu",
        "b" => "builtin",
        _ => "libc",
    };
    let mut options = vec![format!("PROVIDER = {provider}")];
    match (&collation.locale, &collation.collate, &collation.ctype) {
        (Some(locale), ..) => options.push(format!("LOCALE = {}", literal(locale))),
        (None, Some(collate), Some(ctype)) => {
            options.push(format!("LC_COLLATE = {}", literal(collate)));
            options.push(format!("LC_CTYPE = {}", literal(ctype)));
        }
        _ => {}
    }
    options.extend(collation.rules.as_deref().map(|rules| format!("RULES = {}", literal(rules))));
    if !collation.deterministic {
        options.push("DETERMINISTIC = false".to_owned());
    }
    Statement::new(format!("CREATE COLLATION {name} ({})", options.join(", ")))
}

pub(super) fn alter(object: &Object, before: &Catalog<'_>, after: &Catalog<'_>) -> Result<Vec<Statement>, DiffError> {
    let name = &object.identity;
    let mut out = Vec::new();
    if object.kind == Kind::Extension {
        let (old, new): (Extension, Extension) = (before.detail(object)?, after.detail(object)?);
        if old.schema != new.schema {
            out.push(Statement::new(format!("ALTER EXTENSION {name} SET SCHEMA {}", new.schema)));
        }
        if old.version != new.version {
            out.push(Statement::new(format!("ALTER EXTENSION {name} UPDATE TO {}", literal(&new.version))));
        }
    } else if object.kind == Kind::Statistics {
        let (old, new): (Statistics, Statistics) = (before.detail(object)?, after.detail(object)?);
        if old.target != new.target {
            out.push(Statement::new(format!("ALTER STATISTICS {name} SET STATISTICS {}", new.target.unwrap_or(-1))));
        }
    }
    Ok(out)
}

/// Returns what makes one side's default privileges the other's.
pub(super) fn default_privileges(
    object: &Object,
    before: &Catalog<'_>,
    after: &Catalog<'_>,
) -> Result<Vec<Statement>, DiffError> {
    let side = if after.has(object) { after } else { before };
    let detail: DefaultPrivileges = side.detail(object)?;
    let objects = match detail.objects.as_str() {
        "r" => "TABLES",
        "S" => "SEQUENCES",
        "f" => "FUNCTIONS",
        "T" => "TYPES",
        _ => "SCHEMAS",
    };
    let mut head = "ALTER DEFAULT PRIVILEGES".to_owned();
    if Some(detail.role.as_str()) != side.builder() {
        head.push_str(&format!(" FOR ROLE {}", detail.role));
    }
    if let Some(schema) = &detail.schema {
        head.push_str(&format!(" IN SCHEMA {schema}"));
    }
    let none = Definition::default();
    let set = |catalog: &Catalog<'_>| -> BTreeSet<privileges::Privilege> {
        let lines = &catalog.get(object).unwrap_or(&none).privileges;
        lines.iter().flat_map(|line| privileges::parse(line, catalog.builder())).collect()
    };
    Ok(privileges::statements(&set(before), &set(after), None, |verb, preposition, names, role, option| {
        format!("{head} {verb}{names} ON {objects} {preposition} {role}{option}")
    }))
}
