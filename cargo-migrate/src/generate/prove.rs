//! The proof of generated migrations: applied to a copy of what is there they make what is wanted, and reverted they leave what was there.

use migrate_build::runtime::{DownTarget, Set, downgrade};

use super::place::{Place, failed};
use super::replay::{Former, options, up};
use crate::error::CommandError;
use crate::schema::{Difference, Kind, Snapshot, compare};
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

/// Tries the migrations `new` of `set`, whose others are applied in `former`'s database; `target` is what they shall make.
///
/// # Errors
/// The server refuses, apart from what is in the scripts.
pub async fn prove(
    place: &Place,
    former: &Former,
    set: &Set<'_>,
    new: &[i64],
    target: &Snapshot,
    history: Option<&str>,
) -> Result<Proof, CommandError> {
    let databases = place.databases();
    let database = databases.create(Some(&former.template)).await.map_err(failed)?;
    let proof = walk(place, &database, former, set, new, target, history).await;
    // It is of no use any more; what can't be dropped now is dropped later.
    drop(databases.drop(&database.name).await);
    proof
}

async fn walk(
    place: &Place,
    database: &ScratchDatabase,
    former: &Former,
    set: &Set<'_>,
    new: &[i64],
    target: &Snapshot,
    history: Option<&str>,
) -> Result<Proof, CommandError> {
    let mut connection = place.connect(database).await?;
    let result = async {
        let client = &mut connection.client;
        if let Err(error) = up(client, set, history).await {
            return Ok(Proof::Fails(Box::new(error)));
        }
        let left = differences(target, &former.read(client).await?);
        if !left.is_empty() {
            return Ok(Proof::Up(left));
        }
        for &version in new.iter().rev() {
            let down = downgrade(client, set, DownTarget::Version(version), &options(history), &mut |_| {}).await;
            if let Err(error) = down {
                return Ok(Proof::Fails(Box::new(error.into())));
            }
        }
        let left = differences(&former.snapshot, &former.read(client).await?);
        Ok(if left.is_empty() { Proof::Proved } else { Proof::Down(left) })
    }
    .await;
    connection.close().await;
    result
}

/// What differs, but for the order of columns: what is added comes last.
fn differences(expected: &Snapshot, found: &Snapshot) -> Vec<Difference> {
    let mut left = compare(expected, found);
    left.retain(|difference| difference.object.kind != Kind::ColumnOrder);
    left
}
