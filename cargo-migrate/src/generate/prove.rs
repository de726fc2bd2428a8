//! The proof of generated migrations: applied to a copy of what is there they make what is wanted, and reverted they leave what was there.

use std::borrow::Cow;
use std::collections::BTreeSet;

use migrate_build::runtime::{DownTarget, Set, downgrade};

use super::place::{Place, failed};
use super::replay::{Former, options, up};
use crate::diff::Plan;
use crate::error::CommandError;
use crate::schema::{Change, Difference, Kind, Object, Snapshot, compare, has_rows};
use crate::scratch::ScratchDatabase;

/// How a proof ended.
#[derive(Debug)]
pub enum Proof {
    /// Both ways lead where they shall.
    Proved,
    /// The way up leads elsewhere.
    Up(Vec<Difference>),
    /// The way down leads elsewhere.
    Down(Vec<Difference>),
    /// A script fails.
    Fails(Box<CommandError>),
}

/// Tries the migrations `new` of `set`, whose others are applied in `former`'s database; `plan` says what they shall make.
///
/// # Errors
/// The server refuses, apart from what is in the scripts.
pub async fn prove(
    place: &Place,
    former: &Former,
    set: &Set<'_>,
    new: &[i64],
    plan: &Plan,
    history: Option<&str>,
) -> Result<Proof, CommandError> {
    let databases = place.databases();
    let on = async |database: ScratchDatabase| {
        let walked = walk(place, &database, former, set, new, plan, history).await;
        // It only saves time; what can't be kept or dropped now is dropped later.
        drop(match &walked {
            Ok((Proof::Proved, false)) => databases.keep_as_spare(&database, &former.template).await,
            _ => databases.drop(&database.name).await,
        });
        walked.map(|(proof, _)| proof)
    };
    // One that was tried on before can only say that it is proved: what fails there is tried where nothing was.
    if let Some(spare) = databases.claim(&former.template).await.map_err(failed)?
        && let proved @ Proof::Proved = on(spare).await?
    {
        return Ok(proved);
    }
    on(databases.create(Some(&former.template)).await.map_err(failed)?).await
}

/// The proof, and whether there were rows, which the way up may have changed for good.
async fn walk(
    place: &Place,
    database: &ScratchDatabase,
    former: &Former,
    set: &Set<'_>,
    new: &[i64],
    plan: &Plan,
    history: Option<&str>,
) -> Result<(Proof, bool), CommandError> {
    let mut connection = place.connect(database).await?;
    let result = async {
        let client = &mut connection.client;
        let rows = has_rows(client, &former.own).await.map_err(CommandError::database)?;
        if let Err(error) = up(client, set, history).await {
            return Ok((Proof::Fails(Box::new(error)), rows));
        }
        let found = former.read(client).await?;
        let left = differences(&target(plan, &former.snapshot, &found), &found, &plan.remade);
        if !left.is_empty() {
            return Ok((Proof::Up(left), rows));
        }
        for &version in new.iter().rev() {
            let down = downgrade(client, set, DownTarget::Version(version), &options(history), &mut |_| {}).await;
            if let Err(error) = down {
                return Ok((Proof::Fails(Box::new(error.into())), rows));
            }
        }
        let left = differences(&former.snapshot, &former.read(client).await?, &BTreeSet::new());
        Ok((if left.is_empty() { Proof::Proved } else { Proof::Down(left) }, rows))
    }
    .await;
    connection.close().await;
    result
}

/// What the way up shall lead to. What new objects get from ALTER DEFAULT PRIVILEGES only the server knows.
fn target<'p>(plan: &'p Plan, former: &Snapshot, found: &Snapshot) -> Cow<'p, Snapshot> {
    if !plan.granted_by_default {
        return Cow::Borrowed(&plan.target);
    }
    let mut target = plan.target.clone();
    for (object, granted) in found.iter().filter(|(object, _)| former.get(object.kind, &object.identity).is_none()) {
        if let Some(wanted) = target.get_mut(object).filter(|wanted| wanted.privileges.is_empty()) {
            wanted.privileges.clone_from(&granted.privileges);
        }
    }
    Cow::Owned(target)
}

/// What differs, but for the order of columns: what is added comes last; and but for what the server makes of the text of `remade` objects,
/// a view's columns, say.
fn differences(expected: &Snapshot, found: &Snapshot, remade: &BTreeSet<Object>) -> Vec<Difference> {
    let follows = |difference: &Difference| {
        let part_of = |object: &Object| difference.part_of.as_ref() == Some(&object.identity);
        matches!(difference.change, Change::Changed { .. })
            && (remade.contains(&difference.object) || remade.iter().any(part_of))
    };
    let mut left = compare(expected, found);
    left.retain(|difference| difference.object.kind != Kind::ColumnOrder && !follows(difference));
    left
}
