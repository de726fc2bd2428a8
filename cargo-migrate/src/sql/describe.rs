//! Owners, comments, labels and privileges: what every kind of object may have.

use std::collections::BTreeSet;

use crate::diff::Catalog;
use crate::schema::{Definition, Kind, Object, literal};
use crate::sql::ident;
use crate::sql::privileges::{Privilege, parse, statements};
use crate::sql::statement::Statement;

/// Returns what makes one description the other. Whoever has nothing yet is described from the start.
pub(super) fn describe(object: &Object, before: Option<&Catalog<'_>>, after: &Catalog<'_>) -> Vec<Statement> {
    let Some(new) = after.get(object) else { return Vec::new() };
    let none = Definition::default();
    let old = before.and_then(|before| before.get(object));
    let (is_new, old) = (old.is_none(), old.unwrap_or(&none));
    let mut out = Vec::new();
    let Some(reference) = ident::reference(object, new) else {
        return privileges(object, new, before, after, old);
    };
    let owner = |catalog: Option<&Catalog<'_>>, definition: &Definition| {
        definition.owner.clone().filter(|owner| Some(owner.as_str()) != catalog.and_then(Catalog::builder))
    };
    let (old_owner, new_owner) = (owner(before, old), owner(Some(after), new));
    // An owner's extension can't be given away, and a column's sequence follows its table.
    if old_owner != new_owner && !matches!(object.kind, Kind::Extension) {
        match (new_owner, is_new) {
            (Some(owner), _) => out.push(Statement::new(format!("ALTER {reference} OWNER TO {owner}"))),
            (None, false) => out.push(Statement::new(format!("ALTER {reference} OWNER TO CURRENT_USER"))),
            (None, true) => {}
        }
    }
    out.extend(privileges(object, new, before, after, old));
    if old.comment != new.comment {
        let text = new.comment.as_deref().map_or("NULL".to_owned(), literal);
        out.push(Statement::new(format!("COMMENT ON {reference} IS {text}")));
    }
    let labels = |definition: &Definition| -> BTreeSet<(String, String)> {
        let split = |label: &String| label.split_once(": ").map(|(by, text)| (by.to_owned(), text.to_owned()));
        definition.labels.iter().filter_map(split).collect()
    };
    let (old_labels, new_labels) = (labels(old), labels(new));
    for (provider, _) in &old_labels {
        if !new_labels.iter().any(|(other, _)| other == provider) {
            out.push(Statement::new(format!("SECURITY LABEL FOR {provider} ON {reference} IS NULL")));
        }
    }
    for (provider, label) in new_labels.difference(&old_labels) {
        out.push(Statement::new(format!("SECURITY LABEL FOR {provider} ON {reference} IS {}", literal(label))));
    }
    out
}

fn privileges(
    object: &Object,
    new: &Definition,
    before: Option<&Catalog<'_>>,
    after: &Catalog<'_>,
    old: &Definition,
) -> Vec<Statement> {
    let set = |catalog: Option<&Catalog<'_>>, definition: &Definition| -> BTreeSet<Privilege> {
        let builder = catalog.and_then(Catalog::builder);
        definition.privileges.iter().flat_map(|line| parse(line, builder)).collect()
    };
    let (old_set, new_set) = (set(before, old), set(Some(after), new));
    if old_set == new_set {
        return Vec::new();
    }
    let (column, target) = match object.kind {
        Kind::Column => {
            let (name, whole) = ident::part(object, new);
            (Some(name), format!("TABLE {whole}"))
        }
        Kind::Table | Kind::View | Kind::MaterializedView => (None, format!("TABLE {}", object.identity)),
        Kind::Aggregate | Kind::Function => (None, format!("FUNCTION {}", object.identity)),
        Kind::Enum | Kind::Domain | Kind::CompositeType | Kind::RangeType | Kind::Type => {
            (None, format!("TYPE {}", object.identity))
        }
        kind => (None, format!("{} {}", kind.as_str().to_uppercase(), object.identity)),
    };
    statements(&old_set, &new_set, column, |verb, preposition, privileges, role, option| {
        format!("{verb}{privileges} ON {target} {preposition} {role}{option}")
    })
}
