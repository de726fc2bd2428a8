//! The texts of an applied migration, found again and checked.

use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};

use migrate_build::checksum::VersionWidth;
use migrate_build::embedded;
use migrate_build::migration::dir::VERSIONS;
use migrate_build::migration::header;
use migrate_build::migration::{Prefix, file_name};
use migrate_build::runtime::{Applied, Set, agrees};
use sha2::{Digest, Sha256};

use crate::engine::archive::Archived;
use crate::git::Commit;

/// Where a text comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The database's archive.
    Archive,
    /// A commit.
    Git(Commit),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Archive => f.write_str("the database's archive"),
            Self::Git(commit) => write!(f, "git commit {}", commit.short()),
        }
    }
}

/// A migration's texts as they were when it was applied: the history's checksum is that of the up script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// The up script's path below the migrations folder, with slashes.
    pub file: String,
    /// What it builds on, where the archive tells.
    pub parents: Option<Vec<i64>>,
    /// The up script.
    pub up: String,
    /// The down script.
    pub down: Option<String>,
    /// Where they come from.
    pub source: Source,
}

impl Script {
    /// The down script's path below the migrations folder.
    pub fn down_file(&self) -> String {
        down_of(&self.file)
    }

    /// The migration as the runtime takes it; `shown` is what messages call the migrations folder.
    pub fn migration(&self, row: &Applied, set: &Set<'_>, shown: &Path) -> embedded::Migration<'static> {
        let (header, _) = header::parse(&self.up, Path::new(&self.file));
        // Where neither archive nor header tells, a migration builds on the next lower one, as in a plain folder.
        let below = || set.graph.versions().rfind(|&version| version < row.version);
        let parents =
            self.parents.clone().or(header.parents).unwrap_or_else(|| below().into_iter().collect::<Vec<_>>());
        embedded::Migration {
            version: row.version,
            name: Cow::Owned(row.name.clone()),
            file: Cow::Owned(format!("{}/{}", slashed(shown), self.file)),
            parents,
            up: Cow::Owned(self.up.clone()),
            down: self.down.clone().map(Cow::Owned),
            transaction: !header.no_transaction && header.backfill.is_none(),
            unversioned: self.file.starts_with(&format!("{VERSIONS}/U")),
            lock_timeout: header.lock_timeout,
            statement_timeout: header.statement_timeout,
            irreversible: header.irreversible.map(Cow::Owned),
            backfill: header.backfill,
        }
    }
}

fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// The down script's name beside an up script's.
pub fn down_of(up: &str) -> String {
    format!("{}.down.sql", up.strip_suffix(".sql").unwrap_or(up))
}

/// The path below the migrations folder that a row's up script has by default.
pub fn default_file(row: &Applied) -> String {
    format!("{VERSIONS}/{}.sql", file_name::stem(Prefix::Versioned, row.version, &row.name))
}

/// A path with the system's separators.
pub fn native(file: &str) -> PathBuf {
    file.split('/').collect()
}

/// Returns the archive's texts, if they are what was applied.
///
/// # Errors
/// What doesn't match, as the rest of a sentence that begins with "the archive's row".
pub fn of_archive(row: &Applied, width: VersionWidth, archived: &Archived, file: String) -> Result<Script, String> {
    let Archived { up, down, up_sha256, down_sha256, .. } = archived;
    if sha256(up) != *up_sha256 {
        return Err("holds an up script that is not the one its SHA-256 was made of".to_owned());
    }
    if down.as_deref().map(sha256) != *down_sha256 {
        return Err("holds a down script that is not the one its SHA-256 was made of".to_owned());
    }
    if !is_of(row, width, up) {
        return Err("holds an up script that is not the one the history's checksum was made of".to_owned());
    }
    let (up, down) = (up.clone(), down.clone());
    Ok(Script { file, parents: Some(archived.parents.clone()), up, down, source: Source::Archive })
}

/// Whether the history's checksum was made of this text.
pub fn is_of(row: &Applied, width: VersionWidth, up: &str) -> bool {
    let migration = embedded::Migration {
        version: row.version,
        name: Cow::Borrowed(&row.name),
        file: Cow::Borrowed(""),
        parents: Vec::new(),
        up: Cow::Borrowed(up),
        down: None,
        transaction: true,
        unversioned: false,
        lock_timeout: None,
        statement_timeout: None,
        irreversible: None,
        backfill: None,
    };
    agrees(row, &migration, width)
}

/// A file's bytes as the text that is hashed: UTF-8 with LF, without a byte-order mark.
pub fn folded(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    Some(text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n"))
}

/// SHA-256, hexadecimal.
fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use migrate_build::checksum::refinery_checksum;

    use super::*;

    fn row(up: &str) -> Applied {
        let checksum = refinery_checksum("b", 2, up, VersionWidth::Int8);
        Applied { version: 2, name: "b".into(), applied_on: String::new(), checksum }
    }

    fn archived(up: &str, down: Option<&str>) -> Archived {
        Archived {
            version: 2,
            name: "b".into(),
            parents: vec![1],
            up: up.into(),
            down: down.map(str::to_owned),
            up_sha256: sha256(up),
            down_sha256: down.map(sha256),
            applied_at: String::new(),
            applied_by: String::new(),
            git_commit: None,
        }
    }

    #[test]
    fn a_forged_row_is_found_out() {
        let check = |archived: &Archived| of_archive(&row("select 1;"), VersionWidth::Int8, archived, String::new());
        let good = archived("select 1;", Some("select 2;"));
        assert_eq!(check(&good).unwrap().down.as_deref(), Some("select 2;"));
        let other_up = Archived { up: "drop table x;".into(), ..good.clone() };
        assert!(check(&other_up).unwrap_err().contains("up script that is not the one its SHA-256"));
        let other_down = Archived { down: Some("drop table x;".into()), ..good.clone() };
        assert!(check(&other_down).unwrap_err().contains("down script"));
        assert!(check(&Archived { down: None, ..good }).unwrap_err().contains("down script"));
        // Whoever forges the hash as well can't forge the history's checksum with it.
        assert!(check(&archived("drop table x;", None)).unwrap_err().contains("history's checksum"));
    }

    #[test]
    fn a_header_says_how_a_script_is_run() {
        let up = "--! transaction = false\n--! irreversible = \"no\"\nvacuum;\n";
        let script = Script {
            file: "versions/U2__b.sql".into(),
            parents: Some(vec![1]),
            up: up.into(),
            down: None,
            source: Source::Archive,
        };
        let migration = script.migration(&row(up), &Set::default(), Path::new("migrations"));
        assert!(!migration.transaction && migration.unversioned && migration.irreversible.as_deref() == Some("no"));
        assert_eq!(
            (migration.file.as_ref(), migration.parents.as_slice()),
            ("migrations/versions/U2__b.sql", &[1][..])
        );
        assert_eq!(script.down_file(), "versions/U2__b.down.sql");
    }
}
