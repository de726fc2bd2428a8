//! Naming a migration on the command line: by version, by name, by file, or as `head`.

use migrate_build::graph::Graph;
use migrate_build::migration::Migration;
use migrate_build::migration::dir::Folder;

use crate::error::CommandError;

/// Why a text names no migration, or more than one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RevisionError {
    /// None.
    #[error("no migration is called `{text}`", text = text.escape_debug())]
    Unknown {
        /// The text.
        text: String,
        /// The nearest one's name, where one is near.
        nearest: Option<String>,
    },
    /// Several.
    #[error("`{text}` may be any of {} migrations: {}", versions.len(), list(versions))]
    Ambiguous {
        /// The text.
        text: String,
        /// What it could be.
        versions: Vec<i64>,
    },
    /// `head`, with several heads.
    #[error("the history has {} heads: {}", heads.len(), list(heads))]
    SeveralHeads {
        /// The heads.
        heads: Vec<i64>,
    },
    /// `head`, without any migration.
    #[error("there is no migration yet")]
    Empty,
}

impl RevisionError {
    /// What cures it.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Unknown { nearest: Some(nearest), .. } => Some(format!("did you mean `{nearest}`?")),
            Self::Unknown { nearest: None, .. } => Some("`cargo migrate history` lists all migrations".to_owned()),
            Self::Ambiguous { .. } => Some("give the whole version instead".to_owned()),
            Self::SeveralHeads { .. } => {
                Some("name one of them, or join them: `cargo migrate merge -m \"merge heads\"`".to_owned())
            }
            Self::Empty => Some("write the first one: `cargo migrate new NAME`".to_owned()),
        }
    }
}

impl From<RevisionError> for CommandError {
    fn from(error: RevisionError) -> Self {
        let help = error.help();
        Self::usage(error).maybe_help(help)
    }
}

/// Versions for a sentence.
pub fn list(versions: &[i64]) -> String {
    versions.iter().map(i64::to_string).collect::<Vec<_>>().join(", ")
}

/// The fewest digits that may stand for a version that begins with them: fewer may well be a mistyped number.
const SHORTEST: usize = 4;

/// Returns the version that `text` names: a version, its first digits where no other begins with them, `V1__create_books` with or without folder and extension,
/// `create_books`, or `head`.
///
/// # Errors
/// It names none, or several.
pub fn resolve(folder: &Folder, graph: &Graph, text: &str) -> Result<i64, RevisionError> {
    if text == "head" {
        return match graph.heads().as_slice() {
            [] => Err(RevisionError::Empty),
            [head] => Ok(*head),
            heads => Err(RevisionError::SeveralHeads { heads: heads.to_vec() }),
        };
    }
    if let Ok(version) = text.parse()
        && folder.find(version).is_some()
    {
        return Ok(version);
    }
    let file = text.rsplit(['/', '\\']).next().unwrap_or(text);
    let stem = [".down.sql", ".sql", ".rs"].iter().find_map(|end| file.strip_suffix(end)).unwrap_or(file);
    let named =
        |migration: &&Migration| migration.name == text || migration.up.file_stem().is_some_and(|up| up == stem);
    let mut found: Vec<i64> = folder.migrations.iter().filter(named).map(|migration| migration.version).collect();
    if found.is_empty() && text.len() >= SHORTEST && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let begins = |version: &i64| version.to_string().starts_with(text);
        found = folder.migrations.iter().map(|migration| migration.version).filter(begins).collect();
    }
    match found.as_slice() {
        [] => Err(RevisionError::Unknown { text: text.to_owned(), nearest: nearest(folder, text) }),
        [version] => Ok(*version),
        _ => Err(RevisionError::Ambiguous { text: text.to_owned(), versions: found }),
    }
}

fn nearest(folder: &Folder, text: &str) -> Option<String> {
    folder
        .migrations
        .iter()
        .flat_map(|migration| [migration.name.clone(), migration.version.to_string()])
        .map(|name| (strsim::damerau_levenshtein(text, &name), name))
        .min()
        .filter(|(distance, name)| *distance <= name.len() / 3)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use migrate_build::migration::dir::scan;

    use super::*;

    fn resolved(text: &str) -> Result<i64, String> {
        let root = tempfile::tempdir().unwrap();
        fs_err::create_dir(root.path().join("versions")).unwrap();
        for (file, parents) in [("V1__init", ""), ("V2__books", "1"), ("V3__books", "2"), ("V20__users", "2")] {
            let path = root.path().join(format!("versions/{file}.sql"));
            fs_err::write(path, format!("--! parents = [{parents}]\n")).unwrap();
        }
        let folder = scan(root.path(), "migrations".as_ref()).unwrap();
        let (graph, _) = folder.graph();
        resolve(&folder, &graph, text).map_err(|error| format!("{error}; {}", error.help().unwrap_or_default()))
    }

    #[test]
    fn takes_versions_names_and_files() {
        for (text, version) in [
            ("20", 20),
            ("users", 20),
            ("V3__books", 3),
            ("migrations/versions/V2__books.down.sql", 2),
            ("V1__init.rs", 1),
        ] {
            assert_eq!(resolved(text), Ok(version), "{text}");
        }
    }

    #[test]
    fn takes_the_first_digits_of_a_long_version() {
        let root = tempfile::tempdir().unwrap();
        fs_err::create_dir(root.path().join("versions")).unwrap();
        for file in ["V20261123013000__a", "V20261124013000__b", "V20261124020000__c"] {
            fs_err::write(root.path().join(format!("versions/{file}.sql")), "").unwrap();
        }
        let folder = scan(root.path(), "migrations".as_ref()).unwrap();
        let (graph, _) = folder.graph();
        let resolve = |text| resolve(&folder, &graph, text);
        assert_eq!(resolve("20261123"), Ok(20261123013000));
        let both = vec![20261124013000, 20261124020000];
        assert_eq!(resolve("20261124"), Err(RevisionError::Ambiguous { text: "20261124".into(), versions: both }));
        assert!(matches!(resolve("202"), Err(RevisionError::Unknown { .. })));
    }

    #[test]
    fn says_what_it_could_be() {
        for (text, error) in [
            ("usres", "no migration is called `usres`; did you mean `users`?"),
            ("'; drop", "no migration is called `\\'; drop`; `cargo migrate history` lists all migrations"),
            ("books", "`books` may be any of 2 migrations: 2, 3; give the whole version instead"),
            (
                "head",
                "the history has 2 heads: 3, 20; name one of them, or join them: `cargo migrate merge -m \"merge heads\"`",
            ),
        ] {
            assert_eq!(resolved(text).unwrap_err(), error);
        }
    }
}
