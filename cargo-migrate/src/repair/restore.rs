//! Which files are written back: pure, but for looking at what is there.

use std::collections::BTreeMap;
use std::path::Path;

use migrate_build::runtime::Applied;
use similar::TextDiff;

use super::script::{Script, folded, native};
use crate::error::CommandError;
use crate::file_changes::FileChange;

/// A migration whose files are to be written.
#[derive(Clone, Debug)]
pub struct Restored {
    /// Its row.
    pub row: Applied,
    /// Where its texts come from.
    pub source: String,
    /// Its files, below the migrations folder, with slashes.
    pub files: Vec<String>,
}

/// What a restore would write.
#[derive(Clone, Debug, Default)]
pub struct Restore {
    /// The migrations.
    pub migrations: Vec<Restored>,
    /// The files.
    pub changes: Vec<FileChange>,
}

/// Plans to write the files of `rows` into the migrations folder `root`. `present` gives the path of an up script that is there.
///
/// # Errors
/// A migration's texts are nowhere to be found, or a file of its name is there with another text.
pub fn plan(
    root: &Path,
    rows: &[Applied],
    scripts: &BTreeMap<i64, Script>,
    present: &dyn Fn(i64) -> Option<String>,
    lost: &dyn Fn(&Applied) -> String,
) -> Result<Restore, CommandError> {
    let mut restore = Restore::default();
    for row in rows {
        let Some(script) = scripts.get(&row.version) else { return Err(CommandError::refused(lost(row))) };
        let mut files = Vec::new();
        if let Some(other) = present(row.version).filter(|other| *other != script.file) {
            let there = existing(&root.join(native(&other)))?.unwrap_or_default();
            return Err(in_the_way(&other, &there, &script.up, script));
        }
        let down = script.down.as_ref().map(|down| (script.down_file(), down));
        // The up script last: once it is there, nothing is missed any more.
        for (file, text) in [down, Some((script.file.clone(), &script.up))].into_iter().flatten() {
            let path = root.join(native(&file));
            match existing(&path)? {
                Some(there) if there == *text => {}
                Some(there) => return Err(in_the_way(&file, &there, text, script)),
                None => {
                    restore.changes.push(FileChange::create(path, text.clone()));
                    files.push(file);
                }
            }
        }
        restore.migrations.push(Restored { row: row.clone(), source: script.source.to_string(), files });
    }
    Ok(restore)
}

/// The text of a file; `None` where there is none. What is no text is shown as far as it is one.
fn existing(path: &Path) -> Result<Option<String>, CommandError> {
    match fs_err::read(path) {
        Ok(bytes) => Ok(Some(folded(&bytes).unwrap_or_else(|| String::from_utf8_lossy(&bytes).into_owned()))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn in_the_way(file: &str, there: &str, text: &str, script: &Script) -> CommandError {
    let diff = diff(there, text, (file, &format!("{file} of {}", script.source)));
    CommandError {
        snippet: Some(diff),
        ..CommandError::refused(format!("`{file}` is there already, with another text than was applied"))
    }
    .note("nothing was written")
}

/// The differences of two texts as a unified diff.
pub fn diff(old: &str, new: &str, (old_name, new_name): (&str, &str)) -> String {
    let diff = TextDiff::from_lines(old, new);
    diff.unified_diff().context_radius(3).header(old_name, new_name).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repair::script::Source;

    #[test]
    fn a_file_that_differs_is_never_written_over() {
        let root = tempfile::tempdir().unwrap();
        let row = Applied { version: 2, name: "b".into(), applied_on: String::new(), checksum: 0 };
        let script = Script {
            file: "versions/V2__b.sql".into(),
            parents: None,
            up: "select 1;\n".into(),
            down: Some("select 2;\n".into()),
            source: Source::Archive,
        };
        let scripts = BTreeMap::from([(2, script)]);
        let rows = std::slice::from_ref(&row);
        let plan =
            |scripts: &BTreeMap<i64, Script>| plan(root.path(), rows, scripts, &|_| None, &|_| "lost".to_owned());
        assert_eq!(plan(&scripts).unwrap().migrations[0].files, ["versions/V2__b.down.sql", "versions/V2__b.sql"]);
        assert_eq!(plan(&BTreeMap::new()).unwrap_err().to_string(), "lost");

        fs_err::create_dir(root.path().join("versions")).unwrap();
        let up = root.path().join("versions/V2__b.sql");
        fs_err::write(&up, "\u{feff}select 1;\r\n").unwrap();
        assert_eq!(plan(&scripts).unwrap().migrations[0].files, ["versions/V2__b.down.sql"]);
        fs_err::write(&up, "select 3;\n").unwrap();
        let error = plan(&scripts).unwrap_err();
        assert_eq!(error.to_string(), "`versions/V2__b.sql` is there already, with another text than was applied");
        let snippet = error.snippet.unwrap();
        assert!(snippet.contains("-select 3;\n") && snippet.contains("+select 1;\n"), "{snippet}");
    }
}
