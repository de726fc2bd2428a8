//! The files of a new migration.

use std::path::{Path, PathBuf};

use migrate_build::migration::dir::VERSIONS;
use migrate_build::migration::{Header, Prefix, file_name, header};
use migrate_build::rules::fingerprint;

use crate::file_changes::FileChange;
use crate::rendering::freeze;

/// The folder of the sources written in Rust, in the migrations folder.
pub const RUST: &str = "rust";

/// How a new migration is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// As SQL, by hand.
    Sql,
    /// In Rust with barrel.
    Rust,
    /// Not at all: the first one of a history, or a merge. The text says which.
    Empty(&'static str),
}

/// A migration that is not there yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMigration {
    /// Its version.
    pub version: i64,
    /// Its name, normalised.
    pub name: String,
    /// What it builds on; empty for a base.
    pub parents: Vec<i64>,
    /// Why it can't be undone; then it has no down script.
    pub irreversible: Option<String>,
    /// How it is written.
    pub kind: Kind,
}

impl NewMigration {
    /// What its files are called, without folder and extension.
    pub fn stem(&self) -> String {
        file_name::stem(Prefix::Versioned, self.version, &self.name)
    }

    /// Its files, relative to the migrations folder, with their texts: what its author edits comes first.
    pub fn files(&self) -> Vec<(PathBuf, String)> {
        let stem = self.stem();
        let versions = Path::new(VERSIONS);
        let reversible = self.irreversible.is_none();
        let header = Header {
            // Always, also where the folder does without: two branches that each add one must show as two heads.
            parents: Some(self.parents.clone()),
            irreversible: self.irreversible.clone(),
            ..Header::default()
        };
        let header = header::render(&header);
        let up = versions.join(format!("{stem}.sql"));
        let down = versions.join(format!("{stem}.down.sql"));
        let mut files = Vec::new();
        match self.kind {
            Kind::Sql => {
                files.push((up, format!("{header}\n-- Write the statements here, each ended by a semicolon.\n")));
                if reversible {
                    files.push((down, format!("-- Write the statements here that undo {stem}.sql.\n")));
                }
            }
            Kind::Empty(why) => {
                files.push((up, format!("{header}\n-- {why}\n")));
                if reversible {
                    files.push((down, "-- Nothing to undo.\n".to_owned()));
                }
            }
            Kind::Rust => {
                let source = rust_source(reversible);
                // What rendering this source gives: so the migration has its place in the history from now on, and
                // an edit of the source is found as not rendered.
                let text = freeze::up_script(Some(&header), &[], &fingerprint(&source), "");
                files.push((Path::new(RUST).join(format!("{stem}.rs")), source));
                files.push((up, text));
                if reversible {
                    files.push((down, String::new()));
                }
            }
        }
        files
    }

    /// [`NewMigration::files`] as files to create in the migrations folder `root`.
    pub fn changes(&self, root: &Path) -> Vec<FileChange> {
        self.files().into_iter().map(|(path, text)| FileChange::create(root.join(path), text)).collect()
    }
}

/// A source to start from; it renders to nothing.
fn rust_source(rollback: bool) -> String {
    let up = "\
use barrel::{Migration, backend::Pg, types};

/// `cargo migrate render` freezes what this returns into the up script.
pub fn migration() -> String {
    let mut m = Migration::new();
    // m.create_table(\"books\", |t| {
    //     t.add_column(\"id\", types::primary());
    // });
    m.make::<Pg>()
}
";
    let down = "
/// What undoes it: the down script.
pub fn rollback() -> String {
    let mut m = Migration::new();
    // m.drop_table(\"books\");
    m.make::<Pg>()
}
";
    if rollback { format!("{up}{down}") } else { up.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(migration: &NewMigration) -> String {
        migration.files().into_iter().map(|(path, text)| format!("== {}\n{text}", path.display())).collect()
    }

    fn new(kind: Kind) -> NewMigration {
        NewMigration { version: 3, name: "add_isbn".to_owned(), parents: vec![1, 2], irreversible: None, kind }
    }

    #[test]
    fn sql_with_its_parents() {
        insta::assert_snapshot!(show(&new(Kind::Sql)), @"
        == versions/V3__add_isbn.sql
        --! parents = [1, 2]

        -- Write the statements here, each ended by a semicolon.
        == versions/V3__add_isbn.down.sql
        -- Write the statements here that undo V3__add_isbn.sql.
        ");
    }

    #[test]
    fn irreversible_says_why_and_has_no_down_script() {
        let reason = "it's \"gone\"; DROP TABLE x\n--".to_owned();
        insta::assert_snapshot!(show(&NewMigration { irreversible: Some(reason), ..new(Kind::Sql) }), @r#"
        == versions/V3__add_isbn.sql
        --! parents = [1, 2]
        --! irreversible = "it's \"gone\"; DROP TABLE x\u000A--"

        -- Write the statements here, each ended by a semicolon.
        "#);
    }

    #[test]
    fn rust_is_rendered_already() {
        let files = new(Kind::Rust).files();
        let source = &files[0].1;
        assert!(crate::rust_text::defines_function(&crate::rust_text::mask(source), "rollback"));
        let hash = fingerprint(source);
        assert_eq!(files[1].1, format!("--! parents = [1, 2]\n--! rendered-from = \"{hash}\"\n\n"));
        assert_eq!(files.len(), 3);
    }
}
