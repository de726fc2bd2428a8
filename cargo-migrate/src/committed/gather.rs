//! What git says of the folder, in as few questions as it takes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use migrate_build::lock::{self, Lock};
use migrate_build::migration::dir::Folder;

use super::compare::{Comparison, compare};
use super::side::{Side, fold};
use crate::git::{Authors, Reference, ReferenceError, Repository, Tree, slashed};

/// A folder compared with a branch, and who did what.
#[derive(Clone, Debug)]
pub struct Gathered {
    /// The branch.
    pub reference: Reference,
    /// How the folder stands to it.
    pub comparison: Comparison,
    /// What the working tree has.
    pub here: Side,
    /// What the branch has.
    pub there: Side,
    /// Who changed what here since both parted.
    pub ours: Authors,
    /// Who changed what on the branch since then.
    pub theirs: Authors,
    /// The changed scripts that are not committed as they are.
    pub uncommitted: BTreeSet<String>,
    /// What was sealed where both parted; nothing where nothing was changed here.
    pub sealed: Lock,
}

/// Compares the folder with what the commit or branch `name` has; without a name see [`Repository::reference`]. On a default
/// branch whose last merge left several heads that is what it was before the merge: what came in by it is to be put right.
///
/// # Errors
/// There is nothing to compare with, or git can't be asked.
pub async fn gather(repository: &Repository, folder: &Folder, name: Option<&str>) -> Result<Gathered, ReferenceError> {
    let reference = repository.reference(name).await?;
    let is_own = name.is_none() && reference.commit == reference.head;
    let gathered = compared(repository, folder, reference).await?;
    if is_own
        && gathered.there.is_split()
        && let Some(before) = repository.merged_into().await?
    {
        let reference = repository.reference(Some(&before)).await?;
        return compared(repository, folder, reference).await;
    }
    Ok(gathered)
}

async fn compared(repository: &Repository, folder: &Folder, reference: Reference) -> Result<Gathered, ReferenceError> {
    let base_tree = repository.tree(&reference.base).await?;
    let differing = repository.differing(&reference.base).await?;
    let unchanged: Tree = base_tree
        .iter()
        .filter(|(path, _)| !differing.contains(*path))
        .map(|(path, object)| (path.clone(), object.clone()))
        .collect();
    let here = Side::of_folder(folder, &unchanged);
    let mut base = Side::of_tree(&base_tree);
    let mut there = if reference.commit == reference.base {
        base.clone()
    } else {
        Side::of_tree(&repository.tree(&reference.commit).await?)
    };
    let mut objects = base.unread(&[&there, &here]);
    objects.extend(there.unread(&[&base, &here]));
    objects.sort_unstable();
    objects.dedup();
    let blobs = repository.blobs(&objects).await?;
    let texts: BTreeMap<String, String> =
        objects.iter().map(|object| (*object).to_owned()).zip(blobs.iter().map(|blob| fold(blob))).collect();
    let text = |object: &str| texts.get(object).cloned();
    base.resolve(&text, &here);
    there.resolve(&text, &here);
    let comparison = compare(&base, &there, &here);
    let paths = |here: bool| {
        let changes = comparison.changes.iter().filter(move |change| change.here == here);
        changes.flat_map(super::findings::paths).collect::<BTreeSet<&Path>>()
    };
    let mine: Vec<&Path> = paths(true).into_iter().collect();
    let mut others: Vec<&Path> = paths(false).into_iter().collect();
    if comparison.is_split() {
        others.extend(comparison.theirs.iter().map(|entry| entry.up.path.as_path()));
    }
    let mut ours = repository.authors(&reference.base, &reference.head, &mine).await?;
    let theirs = repository.authors(&reference.base, &reference.commit, &others).await?;
    let mut uncommitted = BTreeSet::new();
    if !mine.is_empty() && reference.base == reference.head {
        uncommitted = differing;
    } else if !mine.is_empty() {
        uncommitted = repository.differing(&reference.head).await?;
        // What was changed and changed back is nobody's doing any more.
        let head = repository.tree(&reference.head).await?;
        ours.retain(|path, _| head.get(&slashed(path)) != base_tree.get(&slashed(path)));
    }
    let sealed = if mine.is_empty() { Lock::default() } else { sealed(repository, &reference.base).await? };
    Ok(Gathered { reference, comparison, here, there, ours, theirs, uncommitted, sealed })
}

/// What a commit's lock file seals.
async fn sealed(repository: &Repository, commit: &str) -> Result<Lock, ReferenceError> {
    let files = [(commit.to_owned(), lock::FILE.to_owned())];
    let text = repository.contents(&files).await?.into_iter().flatten().next();
    // What can't be read seals nothing; the file that is here has findings of its own.
    Ok(text.map(|text| lock::parse(&fold(&text), Path::new(lock::FILE)).0).unwrap_or_default())
}
