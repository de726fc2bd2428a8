//! How findings name migrations and their files, and quote what they put into a command.

use std::borrow::Cow;

use crate::migration::Migration;
use crate::migration::dir::Folder;

/// `V3__add_price`: the name of the up script without `.sql`.
pub(super) fn stem(migration: &Migration) -> String {
    migration.up.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// `V3__add_price` where a migration has this version, otherwise the version.
pub(super) fn call(folder: &Folder, version: i64) -> String {
    folder.find(version).map_or_else(|| version.to_string(), stem)
}

/// The line that a header has to say which versions a migration builds on.
pub(super) fn parents_line(parents: &[i64]) -> String {
    let parents: Vec<String> = parents.iter().map(i64::to_string).collect();
    format!("--! parents = [{}]", parents.join(", "))
}

/// `a, b and c`.
pub(super) fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

/// Returns a word of a shell command: quoted where it holds anything but letters, digits and what paths are made of.
pub fn shell_word(word: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./=+,:@".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        Cow::Borrowed(word)
    } else {
        Cow::Owned(format!("'{}'", word.replace('\'', r"'\''")))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::path::{Path, PathBuf};

    use super::*;
    use crate::migration::{Direction, Header, Prefix};
    use crate::rules::Script;

    /// A migration `V<version>__a` without a down script.
    pub(in crate::rules) fn migration(version: i64, parents: &[i64]) -> Migration {
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

    /// Its up script.
    pub(in crate::rules) fn script<'a>(migration: &'a Migration, text: &'a str) -> Script<'a> {
        Script {
            migration,
            direction: Direction::Up,
            path: Path::new("migrations/versions/V2__a.sql"),
            text,
            up_is_empty: false,
            has_down: false,
            rust_source: None,
            seal: None,
        }
    }

    #[test]
    fn quotes_what_a_shell_would_read() {
        assert_eq!(shell_word("migrations/versions/V1__a.sql"), "migrations/versions/V1__a.sql");
        assert_eq!(shell_word("V1__a'; rm -rf b"), r"'V1__a'\''; rm -rf b'");
        assert_eq!(shell_word(""), "''");
    }

    #[test]
    fn writes_parents_as_a_header_does() {
        assert_eq!(parents_line(&[]), "--! parents = []");
        assert_eq!(parents_line(&[1, 20]), "--! parents = [1, 20]");
    }
}
