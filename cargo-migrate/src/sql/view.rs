//! Views and materialized views.

use crate::diff::{Catalog, DiffError};
use crate::schema::detail::View;
use crate::schema::{Kind, Object};
use crate::sql::stable::stable;
use crate::sql::statement::Statement;
use crate::sql::{column, describe};

pub(super) fn create(object: &Object, replace: bool, catalog: &Catalog<'_>) -> Result<Vec<Statement>, DiffError> {
    let view: View = catalog.detail(object)?;
    let name = object.identity.as_str();
    let query = view.query.trim_end().trim_end_matches(';');
    let mut text = String::from("CREATE ");
    if replace {
        text.push_str("OR REPLACE ");
    }
    text.push_str(&format!("{} {name}", if object.kind == Kind::View { "VIEW" } else { "MATERIALIZED VIEW" }));
    if view.renamed {
        let columns: Vec<&str> = catalog.columns(name)?.iter().map(|column| column.name).collect();
        text.push_str(&format!(" ({})", columns.join(", ")));
    }
    if let Some(method) = &view.using {
        text.push_str(&format!(" USING {method}"));
    }
    if let Some(options) = &view.options {
        text.push_str(&format!(" WITH ({options})"));
    }
    if let Some(space) = &view.tablespace {
        text.push_str(&format!(" TABLESPACE {space}"));
    }
    text.push_str(&format!(" AS\n{}", stable(query)));
    if object.kind == Kind::MaterializedView && !view.populated {
        text.push_str("\n  WITH NO DATA");
    }
    let mut out = vec![Statement::new(text)];
    if replace {
        return Ok(out);
    }
    out.extend(describe::describe(object, None, catalog));
    for part in catalog.columns(name)? {
        if let (Kind::View, Some(expression)) = (object.kind, &part.detail.expression) {
            out.push(Statement::alter(
                format!("ALTER VIEW {name}"),
                format!("ALTER COLUMN {} SET DEFAULT {expression}", part.name),
            ));
        }
        if object.kind == Kind::MaterializedView {
            let settings = column::settings(name, part.name, &part.detail);
            out.extend(settings.into_iter().map(|setting| {
                Statement::new(
                    setting
                        .text()
                        .replacen("ALTER TABLE", "ALTER MATERIALIZED VIEW", 1)
                        .trim_end_matches(';')
                        .to_owned(),
                )
            }));
        }
        out.extend(describe::describe(part.object, None, catalog));
    }
    Ok(out)
}

pub(super) fn drop(object: &Object) -> Vec<Statement> {
    vec![Statement::new(format!("DROP {} {}", object.kind.as_str().to_uppercase(), object.identity))]
}

/// Returns what changes a view's options in place.
pub(super) fn alter(object: &Object, before: &Catalog<'_>, after: &Catalog<'_>) -> Result<Vec<Statement>, DiffError> {
    let (old, new): (View, View) = (before.detail(object)?, after.detail(object)?);
    let subject = format!("ALTER {} {}", object.kind.as_str().to_uppercase(), object.identity);
    let split = |options: &Option<String>| -> Vec<String> {
        options.iter().flat_map(|options| options.split(", ")).map(str::to_owned).collect()
    };
    let (had, has) = (split(&old.options), split(&new.options));
    let key = |option: &String| option.split('=').next().unwrap_or_default().to_owned();
    let kept: Vec<String> = has.iter().map(key).collect();
    let gone: Vec<String> = had.iter().map(key).filter(|option| !kept.contains(option)).collect();
    let come: Vec<String> = has.into_iter().filter(|option| !had.contains(option)).collect();
    let mut out = Vec::new();
    if !gone.is_empty() {
        out.push(Statement::new(format!("{subject} RESET ({})", gone.join(", "))));
    }
    if !come.is_empty() {
        out.push(Statement::new(format!("{subject} SET ({})", come.join(", "))));
    }
    if object.kind == Kind::MaterializedView && old.populated != new.populated {
        let data = if new.populated { "" } else { " WITH NO DATA" };
        out.push(Statement::new(format!("REFRESH MATERIALIZED VIEW {}{data}", object.identity)));
    }
    Ok(out)
}
