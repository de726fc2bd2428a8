//! What runs by itself: triggers, rules and event triggers.

use crate::diff::{Catalog, DiffError};
use crate::schema::detail::{EventTrigger, Rule, Trigger};
use crate::schema::{Kind, Object, literal};
use crate::sql::statement::Statement;
use crate::sql::{describe, ident};

pub(super) fn create(object: &Object, catalog: &Catalog<'_>) -> Result<Vec<Statement>, DiffError> {
    let (text, enabled) = match object.kind {
        Kind::Trigger => {
            let trigger: Trigger = catalog.detail(object)?;
            (trigger.definition, trigger.enabled)
        }
        Kind::Rule => {
            let rule: Rule = catalog.detail(object)?;
            (rule.definition.trim_end_matches(';').to_owned(), rule.enabled)
        }
        _ => event_trigger(object, &catalog.detail(object)?),
    };
    let mut out = vec![Statement::new(text)];
    if enabled != "O" {
        out.extend(enable(object, &enabled, catalog));
    }
    out.extend(describe::describe(object, None, catalog));
    Ok(out)
}

fn event_trigger(object: &Object, trigger: &EventTrigger) -> (String, String) {
    let mut text = format!("CREATE EVENT TRIGGER {} ON {}", object.identity, trigger.event);
    if !trigger.tags.is_empty() {
        let tags: Vec<String> = trigger.tags.iter().map(|tag| literal(tag)).collect();
        text.push_str(&format!(" WHEN TAG IN ({})", tags.join(", ")));
    }
    text.push_str(&format!(" EXECUTE FUNCTION {}()", trigger.function));
    (text, trigger.enabled.clone())
}

pub(super) fn drop(object: &Object, catalog: &Catalog<'_>) -> Vec<Statement> {
    let Some(definition) = catalog.get(object) else { return Vec::new() };
    let Some(reference) = ident::reference(object, definition) else { return Vec::new() };
    vec![Statement::new(format!("DROP {reference}"))]
}

/// Returns what changes when it fires.
pub(super) fn alter(object: &Object, after: &Catalog<'_>) -> Result<Vec<Statement>, DiffError> {
    let enabled = match object.kind {
        Kind::Trigger => after.detail::<Trigger>(object)?.enabled,
        Kind::Rule => after.detail::<Rule>(object)?.enabled,
        _ => after.detail::<EventTrigger>(object)?.enabled,
    };
    Ok(enable(object, &enabled, after))
}

fn enable(object: &Object, enabled: &str, catalog: &Catalog<'_>) -> Vec<Statement> {
    let Some(definition) = catalog.get(object) else { return Vec::new() };
    let verb = match enabled {
        "D" => "DISABLE",
        "R" => "ENABLE REPLICA",
        "A" => "ENABLE ALWAYS",
        _ => "ENABLE",
    };
    if object.kind == Kind::EventTrigger {
        return vec![Statement::new(format!("ALTER EVENT TRIGGER {} {verb}", object.identity))];
    }
    let (name, table) = ident::part(object, definition);
    let word = if object.kind == Kind::Rule { "RULE" } else { "TRIGGER" };
    vec![Statement::alter_table(table, format!("{verb} {word} {name}"))]
}
