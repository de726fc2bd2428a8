//! Which migrations are looked at.

use std::collections::BTreeSet;

use migrate_build::migration::dir::Folder;

/// Where it is known from what is applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basis {
    /// What it is called: ``database `app` ``, ``branch `main` ``.
    pub name: String,
    /// What is applied there.
    pub applied: BTreeSet<i64>,
}

impl Basis {
    /// What is sealed, where nothing else tells what is applied; `None` where nothing is.
    pub fn sealed(folder: &Folder) -> Option<Self> {
        let applied: BTreeSet<i64> = folder.lock.seals.iter().map(|seal| seal.version).collect();
        (!applied.is_empty()).then(|| Self { name: "`migrate.lock`".to_owned(), applied })
    }
}

/// The migrations that are looked at, and why these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picked {
    /// Their versions.
    pub versions: BTreeSet<i64>,
    /// Why these, for a message.
    pub why: String,
    /// Those of all that may still be changed: known not to be applied, and not sealed; `None` where nothing is known.
    pub unapplied: Option<BTreeSet<i64>>,
}

/// Picks the migrations that are named, or all, or those that aren't applied yet; all where nothing says what is applied.
pub fn pick(folder: &Folder, named: Option<BTreeSet<i64>>, all: bool, basis: Option<&Basis>) -> Picked {
    let everything: BTreeSet<i64> = folder.migrations.iter().map(|migration| migration.version).collect();
    let unapplied: Option<BTreeSet<i64>> = basis.map(|basis| everything.difference(&basis.applied).copied().collect());
    let sealed: BTreeSet<i64> = folder.lock.seals.iter().map(|seal| seal.version).collect();
    let free = unapplied.as_ref().map(|unapplied| unapplied.difference(&sealed).copied().collect());
    let (versions, why) = match (named, &unapplied, basis) {
        (Some(named), ..) => (named, "as named".to_owned()),
        (None, ..) if all => (everything, "all there are".to_owned()),
        (None, Some(unapplied), Some(basis)) => (unapplied.clone(), format!("those that {} does not have", basis.name)),
        (None, ..) => (everything, "all there are, since nothing says what is applied".to_owned()),
    };
    Picked { versions, why, unapplied: free }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use migrate_build::migration::dir;

    use super::*;

    #[test]
    fn what_is_not_applied_unless_more_is_asked_for() {
        let root = tempfile::tempdir().unwrap();
        fs_err::create_dir_all(root.path().join("versions")).unwrap();
        for version in 1..=3 {
            fs_err::write(root.path().join(format!("versions/V{version}__x.sql")), "select 1;\n").unwrap();
        }
        let folder = dir::scan(root.path(), Path::new("migrations")).unwrap();
        let basis = Basis { name: "database `a`".to_owned(), applied: [1, 2, 9].into() };
        let versions = |named, all, basis| pick(&folder, named, all, basis).versions;
        assert_eq!(versions(None, false, Some(&basis)), [3].into());
        assert_eq!(versions(None, true, Some(&basis)), [1, 2, 3].into());
        assert_eq!(versions(Some([1].into()), false, Some(&basis)), [1].into());
        assert_eq!(versions(None, false, None), [1, 2, 3].into());
        let picked = pick(&folder, None, true, Some(&basis));
        assert_eq!(picked.unapplied, Some([3].into()));
        assert_eq!(pick(&folder, None, false, None).unapplied, None);
    }
}
