//! Policies of row level security.

use crate::diff::{Catalog, DiffError};
use crate::schema::Object;
use crate::schema::detail::Policy;
use crate::sql::stable::stable;
use crate::sql::statement::Statement;
use crate::sql::{describe, ident};

pub(super) fn create(object: &Object, catalog: &Catalog<'_>) -> Result<Vec<Statement>, DiffError> {
    let Some(definition) = catalog.get(object) else { return Ok(Vec::new()) };
    let (name, table) = ident::part(object, definition);
    let policy: Policy = catalog.detail(object)?;
    let mut text = format!("CREATE POLICY {name} ON {table}");
    if !policy.permissive {
        text.push_str(" AS RESTRICTIVE");
    }
    let command = match policy.command.as_str() {
        "r" => " FOR SELECT",
        "a" => " FOR INSERT",
        "w" => " FOR UPDATE",
        "d" => " FOR DELETE",
        _ => "",
    };
    text.push_str(command);
    if policy.roles != "PUBLIC" {
        text.push_str(&format!(" TO {}", policy.roles));
    }
    if let Some(using) = &policy.using {
        text.push_str(&format!(" USING ({})", stable(using)));
    }
    if let Some(check) = &policy.check {
        text.push_str(&format!(" WITH CHECK ({})", stable(check)));
    }
    let mut out = vec![Statement::new(text)];
    out.extend(describe::describe(object, None, catalog));
    Ok(out)
}
