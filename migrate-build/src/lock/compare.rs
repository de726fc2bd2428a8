//! What differs between the sealed migrations and those that are there, without reading any script more than it takes.

use std::collections::BTreeMap;

use super::{Hash, Lock, Seal};
use crate::migration::Migration;

/// How a migration is not what was sealed. Its texts are compared by [`edited`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mismatch<'a> {
    /// Its files are gone.
    Deleted(&'a Seal),
    /// Its down script is gone.
    DownDeleted(&'a Seal, &'a Migration),
    /// Its files have another name.
    Renamed(&'a Seal, &'a Migration),
    /// It builds on others.
    ParentsChanged(&'a Seal, &'a Migration),
}

/// Compares each seal with the migrations, which are sorted by version: at most one mismatch a seal, lowest version first.
/// `hash` reads and hashes an up script; it is asked only where a file is missing, for what it may be called now.
pub fn history<'a>(
    lock: &'a Lock,
    migrations: &'a [Migration],
    hash: &dyn Fn(&Migration) -> Option<Hash>,
) -> Vec<Mismatch<'a>> {
    let find = |version: i64| {
        let at = migrations.binary_search_by_key(&version, |migration| migration.version).ok()?;
        migrations.get(at)
    };
    let mut unsealed: Option<BTreeMap<Hash, &Migration>> = None;
    let mut out = Vec::new();
    for seal in &lock.seals {
        let Some(migration) = find(seal.version) else {
            let unsealed = unsealed.get_or_insert_with(|| {
                let others = migrations.iter().filter(|migration| lock.find(migration.version).is_none());
                others.filter_map(|migration| Some((hash(migration)?, migration))).collect()
            });
            out.push(match unsealed.get(&seal.up) {
                Some(migration) => Mismatch::Renamed(seal, migration),
                None => Mismatch::Deleted(seal),
            });
            continue;
        };
        if stem(migration) != Some(&seal.stem) {
            out.push(Mismatch::Renamed(seal, migration));
        } else if migration.parents != seal.parents {
            // Where a parent is gone, its own mismatch says so, and it may be the cause of this one.
            if seal.parents.iter().all(|&parent| find(parent).is_some()) {
                out.push(Mismatch::ParentsChanged(seal, migration));
            }
        } else if seal.down.is_some() && migration.down.is_none() {
            out.push(Mismatch::DownDeleted(seal, migration));
        }
    }
    out
}

/// Whether a script is another one than was sealed: the up script, or where the migration has it, the down script.
pub fn edited(sealed: Option<Hash>, text: &str) -> bool {
    sealed != Some(Hash::of(text))
}

/// What a migration's files are called without extension.
pub fn stem(migration: &Migration) -> Option<&str> {
    migration.up.file_stem().and_then(|stem| stem.to_str())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::migration::{Header, Prefix};

    /// A migration `V<version>__a` without a down script.
    fn migration(version: i64, parents: &[i64]) -> Migration {
        Migration {
            version,
            name: "a".to_owned(),
            prefix: Prefix::Versioned,
            header: Header::default(),
            parents: parents.to_vec(),
            up: PathBuf::from(format!("versions/V{version}__a.sql")),
            down: None,
        }
    }

    fn sealed(seals: &[(i64, &str, &[i64])]) -> Lock {
        let mut lock = Lock::default();
        for &(version, stem, parents) in seals {
            lock.seal(version, stem.to_owned(), Hash::of(stem), Some(Hash::of("down")), parents.to_vec());
        }
        lock
    }

    fn found(lock: &Lock, migrations: &[Migration]) -> Vec<String> {
        // As if a script's text were the first name that its file had.
        let hash = |migration: &Migration| Some(Hash::of(&format!("V{}__a", migration.version % 10)));
        history(lock, migrations, &hash)
            .into_iter()
            .map(|mismatch| match mismatch {
                Mismatch::Deleted(seal) => format!("deleted {}", seal.version),
                Mismatch::DownDeleted(seal, _) => format!("down deleted {}", seal.version),
                Mismatch::Renamed(seal, to) => format!("renamed {} {}", seal.version, to.version),
                Mismatch::ParentsChanged(seal, _) => format!("parents changed {}", seal.version),
            })
            .collect()
    }

    fn complete(version: i64, parents: &[i64]) -> Migration {
        let migration = migration(version, parents);
        Migration { down: Some(migration.up.with_extension("down.sql")), ..migration }
    }

    #[test]
    fn what_stands_as_it_was_sealed_is_no_mismatch() {
        let lock = sealed(&[(1, "V1__a", &[]), (2, "V2__a", &[1])]);
        assert_eq!(found(&lock, &[complete(1, &[]), complete(2, &[1]), complete(3, &[2])]), Vec::<String>::new());
        assert_eq!(found(&Lock::default(), &[complete(1, &[])]), Vec::<String>::new());
    }

    #[test]
    fn each_kind_is_told_from_the_others() {
        let lock = sealed(&[(1, "V1__a", &[]), (2, "V2__a", &[1]), (3, "V3__a", &[2])]);
        let (one, three) = (complete(1, &[]), complete(3, &[2]));
        assert_eq!(found(&lock, &[one.clone(), three.clone()]), ["deleted 2"]);
        assert_eq!(found(&lock, &[one.clone(), complete(3, &[1])]), ["deleted 2"], "what follows from it is not told");
        assert_eq!(found(&lock, &[one.clone(), three.clone(), complete(12, &[1])]), ["renamed 2 12"]);
        assert_eq!(found(&lock, &[one.clone(), complete(2, &[1]), complete(3, &[1, 2])]), ["parents changed 3"]);
        assert_eq!(found(&lock, &[one.clone(), migration(2, &[1]), three.clone()]), ["down deleted 2"]);
        let other = sealed(&[(1, "V1__a", &[]), (2, "V2__b", &[1]), (3, "V3__a", &[2])]);
        assert_eq!(found(&other, &[one, complete(2, &[1]), three]), ["renamed 2 2"]);
    }

    #[test]
    fn a_script_is_compared_by_its_text() {
        assert!(!edited(Some(Hash::of("a")), "a"));
        assert!(edited(Some(Hash::of("a")), "a "));
        assert!(edited(None, "a"), "a script where there was none");
    }
}
