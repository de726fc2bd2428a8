//! From a change to statements.

use crate::diff::{Action, Catalog, Change, DiffError};
use crate::schema::{Kind, Object};
use crate::sql::constraint::Guard;
use crate::sql::statement::Statement;
use crate::sql::{
    column, constraint, describe, ident, index, policy, routine, sequence, space, table, trigger, types, view,
};

/// The schema that a change starts from, and the one that it goes to.
#[derive(Debug, Clone, Copy)]
pub struct Sides<'a> {
    /// The former one.
    pub before: &'a Catalog<'a>,
    /// The wanted one.
    pub after: &'a Catalog<'a>,
}

impl Sides<'_> {
    /// Returns the sides for the way back.
    #[must_use]
    pub fn reversed(self) -> Self {
        Self { before: self.after, after: self.before }
    }
}

/// Returns the statements of a change.
///
/// # Errors
/// When a definition is not understood.
pub fn up(change: &Change, sides: Sides<'_>) -> Result<Vec<Statement>, DiffError> {
    let object = &change.object;
    let (before, after) = (sides.before, sides.after);
    let whole = || after.whole(object).or_else(|| before.whole(object)).map(|whole| whole.identity).unwrap_or_default();
    match &change.action {
        Action::Create(with) => create(object, with, after),
        Action::CreateFilled(fill) => column::add_filled(object, &whole(), fill, after),
        Action::Drop(_) if change.silent_drop => Ok(Vec::new()),
        Action::Drop(_) => Ok(drop(object, before)),
        Action::Replace => match object.kind {
            Kind::View | Kind::MaterializedView => view::create(object, true, after),
            _ => routine::create(object, true, after),
        },
        Action::Alter => alter(object, before, after),
        Action::Describe => Ok(describe::describe(object, Some(before), after)),
        Action::Rename(to) => Ok(rename(object, to, before, after)),
        Action::RenameValue(old, new) => Ok(vec![Statement::new(format!(
            "ALTER TYPE {} RENAME VALUE {} TO {}",
            object.identity,
            crate::schema::literal(old),
            crate::schema::literal(new)
        ))]),
        Action::AddValues => types::add_values(object, before, after),
        Action::Swap(columns) => types::swap(object, columns, before, after),
        Action::DropDefault => {
            let whole = whole();
            Ok(vec![column::alter_column(&whole, ident::name_within(object, &whole), "DROP DEFAULT")])
        }
        Action::SetDefault => Ok(column::set_default(object, &whole(), after)?.into_iter().collect()),
        Action::SetNotNull => constraint::nullability(object, &whole(), after, true),
        Action::DropNotNull => constraint::nullability(object, &whole(), after, false),
        Action::Guard(fill) => Ok(Guard::new(object, &whole()).add(fill.as_deref())),
        Action::DropGuard => Ok(Guard::new(object, &whole()).drop()),
        Action::GuardToNotNull => Ok(Guard::new(object, &whole()).finish()),
        Action::NotNullToGuard => Ok(Guard::new(object, &whole()).undo()),
        Action::CreateUnvalidated => constraint::create(object, false, after),
        Action::Invalidate => {
            let mut out = constraint::drop(object, before);
            out.extend(constraint::create(object, false, after)?);
            Ok(out)
        }
        Action::Validate | Action::ValidateKnown => Ok(constraint::validate(object, after)),
        Action::CreateConcurrently => index::create(object, true, after),
        Action::DropConcurrently if change.silent_drop => Ok(Vec::new()),
        Action::DropConcurrently => Ok(index::drop(object, true)),
        Action::Rebuild => index::rebuild(object, after),
        Action::AttachIndex => index::attach(object, after),
        Action::CreateByIndex => constraint::create_by_index(object, after),
        Action::Own => own(object, after),
        Action::CatchUp => catch_up(object, after),
        Action::CatchUpBack | Action::OwnBack | Action::DetachIndex => Ok(Vec::new()),
        Action::Attach => Ok(table::attach(&object.identity, &after.detail(object)?).into_iter().collect()),
        Action::Detach if change.silent_drop => Ok(Vec::new()),
        Action::Detach => Ok(table::detach(&object.identity, &before.detail(object)?).into_iter().collect()),
    }
}

/// Returns the statements that take a change back.
///
/// # Errors
/// When a definition is not understood.
pub fn down(change: &Change, sides: Sides<'_>) -> Result<Vec<Statement>, DiffError> {
    let Some(inverse) = change.inverse() else { return Ok(Vec::new()) };
    let mut statements = up(&inverse, sides.reversed())?;
    let lost = match (&change.action, change.object.kind) {
        (Action::Drop(_), Kind::Table) => Some("rows"),
        (Action::Drop(_), Kind::Column) => Some("values"),
        _ => None,
    };
    if let (Some(lost), Some(first)) = (lost, statements.first_mut()) {
        *first = first.clone().with_comment(format!("the {lost} of {} can't come back", change.object.identity));
    }
    Ok(statements)
}

fn create(object: &Object, with: &[Object], after: &Catalog<'_>) -> Result<Vec<Statement>, DiffError> {
    match object.kind {
        Kind::Table => table::create(object, with, after),
        Kind::Column => {
            let whole = after.whole(object).map(|whole| whole.identity).unwrap_or_default();
            column::add(object, &whole, after)
        }
        Kind::Constraint => constraint::create(object, true, after),
        Kind::Index => index::create(object, false, after),
        Kind::Sequence => {
            let mut out = vec![sequence::create(&object.identity, &after.detail(object)?)];
            out.extend(describe::describe(object, None, after));
            Ok(out)
        }
        Kind::Enum | Kind::Domain | Kind::CompositeType | Kind::RangeType => types::create(object, after),
        Kind::View | Kind::MaterializedView => view::create(object, false, after),
        Kind::Function | Kind::Procedure | Kind::Aggregate => routine::create(object, false, after),
        Kind::Trigger | Kind::Rule | Kind::EventTrigger => trigger::create(object, after),
        Kind::Policy => policy::create(object, after),
        _ => space::create(object, after),
    }
}

fn drop(object: &Object, before: &Catalog<'_>) -> Vec<Statement> {
    match object.kind {
        Kind::Column => {
            let whole = before.whole(object).map(|whole| whole.identity).unwrap_or_default();
            vec![Statement::alter_table(&whole, format!("DROP COLUMN {}", ident::name_within(object, &whole)))]
        }
        Kind::Constraint => constraint::drop(object, before),
        Kind::Index => index::drop(object, false),
        Kind::View | Kind::MaterializedView => view::drop(object),
        Kind::Function | Kind::Procedure | Kind::Aggregate => routine::drop(object),
        _ => trigger::drop(object, before),
    }
}

fn alter(object: &Object, before: &Catalog<'_>, after: &Catalog<'_>) -> Result<Vec<Statement>, DiffError> {
    match object.kind {
        Kind::Table => table::alter(object, before, after),
        Kind::Column => {
            let whole = after.whole(object).map(|whole| whole.identity).unwrap_or_default();
            column::alter(object, &whole, before, after)
        }
        Kind::Sequence => Ok(sequence::alter(&object.identity, &before.detail(object)?, &after.detail(object)?)),
        Kind::Index => index::flags(object, Some(before), after),
        Kind::View | Kind::MaterializedView => view::alter(object, before, after),
        Kind::Trigger | Kind::Rule | Kind::EventTrigger => trigger::alter(object, after),
        Kind::DefaultPrivileges => space::default_privileges(object, before, after),
        Kind::Domain | Kind::CompositeType => types::alter(object, before, after),
        _ => space::alter(object, before, after),
    }
}

fn rename(from: &Object, to: &Object, before: &Catalog<'_>, after: &Catalog<'_>) -> Vec<Statement> {
    let sides = [after.get(to), before.get(to), after.get(from), before.get(from)];
    let definition = sides.into_iter().flatten().next();
    let whole = definition.and_then(|definition| definition.part_of.as_deref()).unwrap_or_default();
    let (old, new) = (ident::name_within(from, whole), ident::name_within(to, whole));
    match from.kind {
        Kind::Column => vec![Statement::new(format!("ALTER TABLE {whole} RENAME COLUMN {old} TO {new}"))],
        Kind::Constraint => {
            let word = if definition.is_some_and(ident::is_of_domain) { "DOMAIN" } else { "TABLE" };
            vec![Statement::new(format!("ALTER {word} {whole} RENAME CONSTRAINT {old} TO {new}"))]
        }
        Kind::Trigger | Kind::Rule | Kind::Policy => {
            let word = from.kind.as_str().to_uppercase();
            vec![Statement::new(format!("ALTER {word} {old} ON {whole} RENAME TO {new}"))]
        }
        kind => {
            let word = match kind {
                Kind::Enum | Kind::CompositeType | Kind::RangeType => "TYPE".to_owned(),
                kind => kind.as_str().to_uppercase(),
            };
            let ((old_schema, old), (new_schema, new)) = (ident::split(&from.identity), ident::split(&to.identity));
            let mut out = Vec::new();
            if old != new {
                out.push(Statement::new(format!("ALTER {word} {} RENAME TO {new}", from.identity)));
            }
            if old_schema != new_schema {
                out.push(Statement::new(format!("ALTER {word} {old_schema}.{new} SET SCHEMA {new_schema}")));
            }
            out
        }
    }
}

fn own(object: &Object, after: &Catalog<'_>) -> Result<Vec<Statement>, DiffError> {
    if !after.has(object) {
        return Ok(Vec::new());
    }
    Ok(vec![sequence::own(&object.identity, &after.detail(object)?)])
}

fn catch_up(object: &Object, after: &Catalog<'_>) -> Result<Vec<Statement>, DiffError> {
    let sequence: crate::schema::detail::Sequence = after.detail(object)?;
    Ok(match (&sequence.table, &sequence.column) {
        (Some(table), Some(column)) => vec![sequence::catch_up(&object.identity, &sequence, column, table)],
        _ => Vec::new(),
    })
}
