//! From a request to the migrations of a series.

use super::error::ExpandError;
use super::names::sql_name;
use super::request::{Request, What};
use super::step::{Phase, Step};
use super::table::Table;
use super::{not_null, pair, split};
use crate::schema::Snapshot;

/// A series of migrations, each of which can be applied by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// Its migrations in order.
    pub steps: Vec<Step>,
    /// What the series leaves to its author.
    pub by_hand: Vec<String>,
}

/// Makes the series for a schema, or the part of it that is asked for. The backfill follows the column `key`, else the table's
/// own key.
///
/// # Errors
/// What the request names isn't there, what it makes is, or the change can't be made in such steps.
pub fn series(
    snapshot: &Snapshot,
    request: &Request,
    key: Option<&str>,
    phase: Option<Phase>,
) -> Result<Series, ExpandError> {
    let table = Table::find(snapshot, &request.table)?;
    let expanded = phase == Some(Phase::Contract);
    let (mut steps, by_hand) = match &request.what {
        What::Rename { old, new } => {
            must_be(&table, new, expanded)?;
            pair::steps(table, old, new, None, key)?
        }
        What::Type { old, new, data_type } => {
            must_be(&table, new, expanded)?;
            pair::steps(table, old, new, Some(data_type), key)?
        }
        What::NotNull { column, value } => {
            // What comes first has made it NOT NULL: then only its end is left to be written.
            (not_null::steps(&table, column, value, key, expanded)?, Vec::new())
        }
        What::Split { new, columns } => {
            let what = table.beside(&sql_name(new));
            match (table.has_beside(new), expanded) {
                (true, false) => return Err(ExpandError::Exists { what }),
                (false, true) => return Err(ExpandError::NotExpanded { what }),
                _ => split::steps(table, new, columns)?,
            }
        }
    };
    steps.retain(|step| phase.is_none_or(|phase| step.phase == phase));
    Ok(Series { steps, by_hand })
}

/// The new column is there once the first part is applied, and not before.
fn must_be(table: &Table<'_>, new: &str, expanded: bool) -> Result<(), ExpandError> {
    let what = format!("{}.{}", table.identity, sql_name(new));
    match (table.try_column(new)?.is_some(), expanded) {
        (true, false) => Err(ExpandError::Exists { what }),
        (false, true) => Err(ExpandError::NotExpanded { what }),
        _ => Ok(()),
    }
}
