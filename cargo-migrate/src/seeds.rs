//! Scripts that load data into a database before it is upgraded, or after it was built.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use crate::error::CommandError;

/// The folder of the seeds, in the migrations folder.
const SEEDS: &str = "seeds";

/// A script that loads data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seed {
    /// Its path relative to the package.
    pub file: String,
    /// Its text, folded.
    pub text: String,
}

/// The folder's `*.sql`, in the order of their names; none where there is no such folder. `shown` is what messages call the
/// migrations folder.
///
/// # Errors
/// One can't be read, or is no text.
pub fn read(folder: &Path, shown: &Path) -> Result<Vec<Seed>, CommandError> {
    read_folder(folder, shown, SEEDS)
}

/// As [`read`], of another folder in the migrations folder.
///
/// # Errors
/// As [`read`].
pub fn read_folder(folder: &Path, shown: &Path, name: &'static str) -> Result<Vec<Seed>, CommandError> {
    let folder = folder.join(name);
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in fs_err::read_dir(&folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "sql") && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    let seed = |path: &PathBuf| {
        let bytes = fs_err::read(path)?;
        let file = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        let file = [&shown.to_string_lossy(), &Cow::Borrowed(name), &file].map(AsRef::as_ref).join("/");
        let text = String::from_utf8(bytes).map_err(|_| CommandError::refused(format!("`{file}` is not UTF-8")))?;
        let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        Ok(Seed { file, text })
    };
    files.iter().map(seed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_are_scripts_in_the_order_of_their_names() {
        let root = tempfile::tempdir().unwrap();
        let found = || read(root.path(), Path::new("db/migrations"));
        assert_eq!(found().unwrap(), []);
        fs_err::create_dir_all(root.path().join("seeds/30.sql")).unwrap();
        for (file, text) in [("20_b.sql", "b"), ("10_a.sql", "\u{feff}a\r\n"), ("README.md", "no")] {
            fs_err::write(root.path().join("seeds").join(file), text).unwrap();
        }
        let seed = |file: &str, text: &str| Seed { file: format!("db/migrations/seeds/{file}"), text: text.to_owned() };
        assert_eq!(found().unwrap(), [seed("10_a.sql", "a\n"), seed("20_b.sql", "b")]);
        fs_err::write(root.path().join("seeds/40.sql"), b"\xff").unwrap();
        assert_eq!(found().unwrap_err().to_string(), "`db/migrations/seeds/40.sql` is not UTF-8");
    }
}
