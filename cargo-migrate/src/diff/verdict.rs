//! How one object gets from its former definition to the wanted one.

use crate::diff::catalog::Catalog;
use crate::diff::error::DiffError;
use crate::schema::detail::{
    Column, Composite, Constraint, Domain, Enum, EventTrigger, Function, Index, Rule, Statistics, Table, Trigger, View,
};
use crate::schema::{Kind, Object};

/// What has to be done about an object that both schemas have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nothing, but perhaps to its description.
    Same,
    /// It is changed in place.
    Alter,
    /// It is changed in place, after what depends on it was taken away.
    AlterBare,
    /// It is made anew over itself.
    Replace,
    /// It is dropped and made anew.
    Recreate,
    /// It can't be done, and why.
    Unsupported(&'static str),
}

/// Compares the definitions of an object that is on both sides.
pub(super) fn verdict(object: &Object, before: &Catalog<'_>, after: &Catalog<'_>) -> Result<Verdict, DiffError> {
    let (Some(old), Some(new)) = (before.get(object), after.get(object)) else { return Ok(Verdict::Same) };
    if object.kind == Kind::Index {
        return index(&before.detail(object)?, &after.detail(object)?);
    }
    if matches!(object.kind, Kind::View | Kind::MaterializedView)
        && before.detail::<View>(object)?.renamed
        && columns_of(object, before)? != columns_of(object, after)?
    {
        return Ok(Verdict::Recreate);
    }
    if old.body == new.body {
        return Ok(Verdict::Same);
    }
    Ok(match object.kind {
        Kind::Extension | Kind::Sequence | Kind::DefaultPrivileges => Verdict::Alter,
        Kind::Collation if !before.dependents(object).is_empty() => {
            Verdict::Unsupported("change a collation that is in use")
        }
        // Its constructors keep their names, and there can't be two of them.
        Kind::RangeType if before.dependents(object).iter().any(|other| other.kind == Kind::Column) => {
            Verdict::Unsupported("change a range type that a column has")
        }
        Kind::Collation | Kind::Enum | Kind::RangeType | Kind::Aggregate | Kind::Policy => Verdict::Recreate,
        Kind::Domain => domain(&before.detail(object)?, &after.detail(object)?),
        Kind::CompositeType => composite(&before.detail(object)?, &after.detail(object)?),
        Kind::Function | Kind::Procedure => function(&before.detail(object)?, &after.detail(object)?),
        Kind::Table => table(&before.detail(object)?, &after.detail(object)?),
        Kind::View | Kind::MaterializedView => view(object, before, after)?,
        Kind::Column => column(&before.detail(object)?, &after.detail(object)?),
        Kind::Constraint => constraint(&before.detail(object)?, &after.detail(object)?),
        Kind::Trigger => {
            let (old, new): (Trigger, Trigger) = (before.detail(object)?, after.detail(object)?);
            if old.definition == new.definition { Verdict::Alter } else { Verdict::Recreate }
        }
        Kind::Rule => {
            let (old, new): (Rule, Rule) = (before.detail(object)?, after.detail(object)?);
            if old.definition == new.definition { Verdict::Alter } else { Verdict::Recreate }
        }
        Kind::EventTrigger => {
            let (old, new): (EventTrigger, EventTrigger) = (before.detail(object)?, after.detail(object)?);
            let apart = EventTrigger { enabled: old.enabled.clone(), ..new };
            if old == apart { Verdict::Alter } else { Verdict::Recreate }
        }
        Kind::Statistics => {
            let (old, new): (Statistics, Statistics) = (before.detail(object)?, after.detail(object)?);
            if old.definition == new.definition { Verdict::Alter } else { Verdict::Recreate }
        }
        Kind::ColumnOrder => Verdict::Same,
        _ => Verdict::Unsupported("change it"),
    })
}

/// Returns whether only labels were added, so that those that were there keep their order.
pub(super) fn only_adds(old: &Enum, new: &Enum) -> bool {
    let mut kept = new.labels.iter().filter(|label| old.labels.contains(label));
    old.labels.iter().all(|label| kept.next() == Some(label)) && old.labels.len() < new.labels.len()
}

fn index(old: &Index, new: &Index) -> Result<Verdict, DiffError> {
    Ok(
        if old.constraint.is_none()
            && new.constraint.is_none()
            && (old.definition != new.definition || old.valid != new.valid)
        {
            Verdict::Recreate
        } else if (old.clustered, old.replica_identity, &old.tablespace, &old.statistics)
            != (new.clustered, new.replica_identity, &new.tablespace, &new.statistics)
        {
            Verdict::Alter
        } else {
            Verdict::Same
        },
    )
}

fn domain(old: &Domain, new: &Domain) -> Verdict {
    if (&old.data_type, &old.collation) == (&new.data_type, &new.collation) {
        Verdict::Alter
    } else {
        Verdict::Recreate
    }
}

fn composite(old: &Composite, new: &Composite) -> Verdict {
    let same = |(old, new): (&crate::schema::detail::Attribute, &crate::schema::detail::Attribute)| {
        (&old.name, &old.data_type, &old.collation) == (&new.name, &new.data_type, &new.collation)
    };
    // One that begins like the other: what is added or goes is at the end, in both directions.
    if old.attributes.iter().zip(&new.attributes).all(same) { Verdict::Alter } else { Verdict::Recreate }
}

fn function(old: &Function, new: &Function) -> Verdict {
    if (&old.arguments, &old.result, old.window) == (&new.arguments, &new.result, new.window) {
        Verdict::Replace
    } else {
        Verdict::Recreate
    }
}

fn table(old: &Table, new: &Table) -> Verdict {
    if old.kind != new.kind || old.partition_key != new.partition_key {
        Verdict::Unsupported("change how a table is partitioned")
    } else if old.of_type != new.of_type {
        Verdict::Unsupported("change the type that a table is of")
    } else {
        Verdict::Alter
    }
}

fn view(object: &Object, before: &Catalog<'_>, after: &Catalog<'_>) -> Result<Verdict, DiffError> {
    let (old, new): (View, View) = (before.detail(object)?, after.detail(object)?);
    if object.kind == Kind::MaterializedView {
        let fixed = |view: &View| (view.query.clone(), view.using.clone(), view.tablespace.clone());
        return Ok(if fixed(&old) != fixed(&new) {
            Verdict::Recreate
        } else if old.replica_identity != new.replica_identity {
            Verdict::Unsupported("change the replica identity of a materialized view")
        } else {
            Verdict::Alter
        });
    }
    if old.query == new.query {
        return Ok(Verdict::Alter);
    }
    Ok(if columns_of(object, before)? == columns_of(object, after)? { Verdict::Replace } else { Verdict::Recreate })
}

/// The names, types and collations of a view's columns.
fn columns_of(object: &Object, catalog: &Catalog<'_>) -> Result<Vec<(String, String, Option<String>)>, DiffError> {
    let columns = catalog.columns(&object.identity)?;
    Ok(columns
        .into_iter()
        .map(|column| (column.name.to_owned(), column.detail.data_type, column.detail.collation))
        .collect())
}

fn column(old: &Column, new: &Column) -> Verdict {
    let generation = |column: &Column| column.generated.as_ref().map(|kind| (kind.clone(), column.expression.clone()));
    if generation(old) != generation(new) || (&old.data_type, &old.collation) != (&new.data_type, &new.collation) {
        Verdict::AlterBare
    } else {
        Verdict::Alter
    }
}

fn constraint(old: &Constraint, new: &Constraint) -> Verdict {
    if old.triggers != new.triggers {
        return Verdict::Unsupported("change which triggers keep it");
    }
    if old.definition == new.definition {
        return Verdict::Same;
    }
    let bare = |constraint: &Constraint| constraint.definition.trim_end_matches(" NOT VALID").to_owned();
    if bare(old) == bare(new) && new.validated { Verdict::Alter } else { Verdict::Recreate }
}
