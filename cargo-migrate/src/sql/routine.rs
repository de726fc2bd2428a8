//! Functions, procedures and aggregates.

use crate::diff::{Catalog, DiffError};
use crate::schema::detail::Aggregate;
use crate::schema::{Kind, Object, literal};
use crate::sql::statement::Statement;
use crate::sql::{describe, ident};

pub(super) fn create(object: &Object, replace: bool, catalog: &Catalog<'_>) -> Result<Vec<Statement>, DiffError> {
    let Some(definition) = catalog.get(object) else { return Ok(Vec::new()) };
    let mut out = Vec::new();
    if object.kind == Kind::Aggregate {
        out.push(aggregate(object, &catalog.detail(object)?));
    } else {
        let text = definition.body.trim_end();
        let new = text.strip_prefix("CREATE OR REPLACE ").filter(|_| !replace);
        out.push(Statement::new(new.map_or_else(|| text.to_owned(), |rest| format!("CREATE {rest}"))));
    }
    if !replace {
        out.extend(describe::describe(object, None, catalog));
    }
    Ok(out)
}

pub(super) fn drop(object: &Object) -> Vec<Statement> {
    let name = if object.kind == Kind::Aggregate { ident::aggregate(object) } else { object.identity.clone() };
    vec![Statement::new(format!("DROP {} {name}", object.kind.as_str().to_uppercase()))]
}

fn aggregate(object: &Object, aggregate: &Aggregate) -> Statement {
    let name = object.identity.split('(').next().unwrap_or_default();
    let arguments = if aggregate.arguments.is_empty() { "*" } else { &aggregate.arguments };
    let mut options = vec![format!("SFUNC = {}", aggregate.state), format!("STYPE = {}", aggregate.state_type)];
    options.extend(aggregate.space.map(|space| format!("SSPACE = {space}")));
    if let Some(function) = &aggregate.final_function {
        options.push(format!("FINALFUNC = {function}"));
        if aggregate.final_extra {
            options.push("FINALFUNC_EXTRA".to_owned());
        }
        let standard = if aggregate.kind == "n" { "r" } else { "w" };
        if aggregate.final_modify != standard {
            let word = match aggregate.final_modify.as_str() {
                "r" => "READ_ONLY",
                "s" => "SHAREABLE",
                _ => "READ_WRITE",
            };
            options.push(format!("FINALFUNC_MODIFY = {word}"));
        }
    }
    for (word, function) in [
        ("COMBINEFUNC", &aggregate.combine),
        ("SERIALFUNC", &aggregate.serialize),
        ("DESERIALFUNC", &aggregate.deserialize),
    ] {
        options.extend(function.as_ref().map(|function| format!("{word} = {function}")));
    }
    options.extend(aggregate.initial.as_deref().map(|initial| format!("INITCOND = {}", literal(initial))));
    options.extend(aggregate.sort_operator.as_ref().map(|operator| format!("SORTOP = {operator}")));
    match aggregate.parallel.as_str() {
        "s" => options.push("PARALLEL = SAFE".to_owned()),
        "r" => options.push("PARALLEL = RESTRICTED".to_owned()),
        _ => {}
    }
    if aggregate.kind == "h" {
        options.push("HYPOTHETICAL".to_owned());
    }
    Statement::new(format!("CREATE AGGREGATE {name}({arguments}) (\n    {}\n)", options.join(",\n    ")))
}
