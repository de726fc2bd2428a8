//! The names of migration files, which are refinery's: `V{version}__{name}.sql`, with `.down.sql` for the way back.

use std::fmt;

use super::{Direction, Prefix};

/// What a file's name says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileName<'a> {
    /// `V` or `U`.
    pub prefix: Prefix,
    /// The version, positive.
    pub version: i64,
    /// What stands between `__` and the extension.
    pub name: &'a str,
    /// Up for `.sql`, down for `.down.sql`.
    pub direction: Direction,
}

/// Why a name is not a migration's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileNameError {
    /// What is wrong with it: lower case, no full stop.
    pub reason: String,
    /// How to mend it.
    pub help: String,
}

impl FileNameError {
    fn new(reason: impl Into<String>, help: impl Into<String>) -> Self {
        Self { reason: reason.into(), help: help.into() }
    }
}

impl fmt::Display for FileNameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for FileNameError {}

const FORM: &str = "scripts are named `V{version}__{name}.sql` and `V{version}__{name}.down.sql`";

/// Reads the name of an SQL script, without its folder.
///
/// # Errors
/// What is wrong with it and what it should be.
pub fn parse(file: &str) -> Result<FileName<'_>, FileNameError> {
    let Some(stem) = file.strip_suffix(".sql") else { return Err(extension(file)) };
    let (stem, direction) = match stem.strip_suffix(".down") {
        Some(stem) => (stem, Direction::Down),
        None => (stem, Direction::Up),
    };
    let (prefix, version, name) = parse_stem(stem, if direction == Direction::Down { ".down.sql" } else { ".sql" })?;
    Ok(FileName { prefix, version, name, direction })
}

/// Reads the name of a script written in Rust, which has no way back of its own: `V{version}__{name}.rs`.
///
/// # Errors
/// What is wrong with it and what it should be.
pub fn parse_rust(file: &str) -> Result<FileName<'_>, FileNameError> {
    let Some(stem) = file.strip_suffix(".rs") else { return Err(extension(file)) };
    let (prefix, version, name) = parse_stem(stem, ".rs")?;
    Ok(FileName { prefix, version, name, direction: Direction::Up })
}

/// Returns the name that a migration's files share (`V1__create_books`).
pub fn stem(prefix: Prefix, version: i64, name: &str) -> String {
    format!("{}{version}__{name}", letter(prefix))
}

fn letter(prefix: Prefix) -> char {
    match prefix {
        Prefix::Versioned => 'V',
        Prefix::Unversioned => 'U',
    }
}

fn extension(file: &str) -> FileNameError {
    if let Some(stem) = file.strip_suffix(".rs") {
        return FileNameError::new(
            "a script written in Rust is not read from here",
            format!("move it to `rust/{stem}.rs` of the migrations folder and run `cargo migrate render`"),
        );
    }
    match file.rsplit_once('.') {
        Some((stem, extension)) if extension.eq_ignore_ascii_case("sql") => {
            FileNameError::new("its extension is not in lower case", format!("rename it to `{stem}.sql`"))
        }
        _ => FileNameError::new("it is not an SQL script", format!("move it elsewhere: {FORM}")),
    }
}

fn parse_stem<'a>(stem: &'a str, extension: &str) -> Result<(Prefix, i64, &'a str), FileNameError> {
    if let Some(up) = stem.strip_suffix(".up") {
        return Err(FileNameError::new(
            "an up script has no `.up` in its name",
            format!("rename it to `{}`", suggested(up, ".sql").unwrap_or_else(|| format!("{up}.sql"))),
        ));
    }
    let refuse = |reason: String| {
        let help = match suggested(stem, extension) {
            Some(better) => format!("rename it to `{better}`"),
            None => format!("rename it: {FORM}"),
        };
        FileNameError { reason, help }
    };
    let (prefix, rest) = if let Some(rest) = stem.strip_prefix('V') {
        (Prefix::Versioned, rest)
    } else if let Some(rest) = stem.strip_prefix('U') {
        (Prefix::Unversioned, rest)
    } else if stem.starts_with(['v', 'u']) {
        return Err(refuse("its prefix is not in upper case".to_owned()));
    } else {
        return Err(refuse("it does not start with `V` or `U`".to_owned()));
    };
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, rest) = rest.split_at(digits);
    if number.is_empty() {
        return Err(refuse(format!("`{}` is not followed by a version", letter(prefix))));
    }
    let Some(name) = rest.strip_prefix("__") else {
        return Err(refuse(match rest.chars().next() {
            None => "it has no name after the version".to_owned(),
            Some('_') => "one underscore, not two, separates version and name".to_owned(),
            Some(c) => format!("the version holds {}, and is a whole number", quoted(c)),
        }));
    };
    if name.is_empty() {
        return Err(refuse("it has no name after the version".to_owned()));
    }
    if let Some(wrong) = name.chars().find(|&c| !is_word(c)) {
        return Err(refuse(format!("its name holds {}, which is no letter, digit or underscore", quoted(wrong))));
    }
    match number.parse::<i64>() {
        Ok(0) => Err(FileNameError::new("its version is 0", "versions start at 1")),
        Ok(version) => Ok((prefix, version, name)),
        Err(_) => Err(FileNameError::new(
            format!("its version `{number}` is out of range"),
            format!("the highest version is {}", i64::MAX),
        )),
    }
}

fn quoted(c: char) -> String {
    match c {
        ' ' => "a space".to_owned(),
        '-' => "a hyphen".to_owned(),
        '.' => "a full stop".to_owned(),
        c if c.is_control() => format!("`{}`", c.escape_default()),
        c => format!("`{c}`"),
    }
}

/// The name that was most likely meant: upper-case prefix, two underscores, and an underscore for each wrong character.
fn suggested(stem: &str, extension: &str) -> Option<String> {
    let prefix = match stem.chars().next()? {
        'V' | 'v' => 'V',
        'U' | 'u' => 'U',
        _ => return None,
    };
    let rest = &stem[1..];
    let name = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = &rest[..rest.len() - name.len()];
    let name: String =
        name.trim_start_matches(['_', '-', ' ']).chars().map(|c| if is_word(c) { c } else { '_' }).collect();
    // A dotted version can't be told from a name that starts with digits, so nothing is guessed for it.
    if number.is_empty() || name.is_empty() || name.starts_with('_') {
        return None;
    }
    Some(format!("{prefix}{number}__{name}{extension}"))
}

/// Whether refinery's `\w` matches `c`. Of the digits only ASCII's are taken, because the standard library can't tell the
/// others from numbers that `\w` does not match; what is taken here, refinery always takes.
fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || (!c.is_ascii() && (c.is_alphabetic() || joins_a_letter(c)))
}

/// The marks that file systems store apart from their letter (decomposed `é`), joiners, and the other connectors.
fn joins_a_letter(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1ace}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20f0}'
        | '\u{fe20}'..='\u{fe2f}' | '\u{200c}' | '\u{200d}' | '\u{203f}' | '\u{2040}' | '\u{2054}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(file: &str, reason: &str, help: &str) {
        let error = parse(file).unwrap_err();
        assert_eq!((error.reason.as_str(), error.help.as_str()), (reason, help), "{file}");
    }

    #[test]
    fn takes_what_refinery_takes() {
        let up = parse("V007__create_books.sql").unwrap();
        assert_eq!(
            up,
            FileName { prefix: Prefix::Versioned, version: 7, name: "create_books", direction: Direction::Up }
        );
        let down = parse("U20261123013000__x.down.sql").unwrap();
        assert_eq!(
            down,
            FileName {
                prefix: Prefix::Unversioned,
                version: 20_261_123_013_000,
                name: "x",
                direction: Direction::Down
            }
        );
        for name in ["_x", "bücher", "cafe\u{301}", "книги", "1st"] {
            assert_eq!(parse(&format!("V1__{name}.sql")).unwrap().name, name);
            refinery_core::Migration::unapplied(&format!("V1__{name}"), "").unwrap();
        }
        assert_eq!(parse("V9223372036854775807__x.sql").unwrap().version, i64::MAX);
        assert_eq!(stem(up.prefix, up.version, up.name), "V7__create_books");
        assert_eq!(parse_rust("V7__x.rs").unwrap().version, 7);
    }

    #[test]
    fn what_is_taken_refinery_takes() {
        for c in (0x80..=0x10_ffff).filter_map(char::from_u32).filter(|&c| joins_a_letter(c)) {
            refinery_core::Migration::unapplied(&format!("V1__a{c}"), "").unwrap_or_else(|_| panic!("{c:?}"));
        }
    }

    #[test]
    fn refuses_with_a_reason_and_a_better_name() {
        refused(
            "V1_create_books.sql",
            "one underscore, not two, separates version and name",
            "rename it to `V1__create_books.sql`",
        );
        refused("v1__x.down.sql", "its prefix is not in upper case", "rename it to `V1__x.down.sql`");
        refused(
            "V1__create-books.sql",
            "its name holds a hyphen, which is no letter, digit or underscore",
            "rename it to `V1__create_books.sql`",
        );
        refused(
            "V1__it's \"a\"; drop.sql",
            "its name holds `'`, which is no letter, digit or underscore",
            "rename it to `V1__it_s__a___drop.sql`",
        );
        refused("V1__x.up.sql", "an up script has no `.up` in its name", "rename it to `V1__x.sql`");
        refused(
            "V1.2__x.sql",
            "the version holds a full stop, and is a whole number",
            "rename it: scripts are named `V{version}__{name}.sql` and `V{version}__{name}.down.sql`",
        );
        refused("V0__x.sql", "its version is 0", "versions start at 1");
        refused(
            "V9223372036854775808__x.sql",
            "its version `9223372036854775808` is out of range",
            "the highest version is 9223372036854775807",
        );
        refused(
            "V1__x.rs",
            "a script written in Rust is not read from here",
            "move it to `rust/V1__x.rs` of the migrations folder and run `cargo migrate render`",
        );
        refused("V1__x.SQL", "its extension is not in lower case", "rename it to `V1__x.sql`");
        refused("V1.sql", "it has no name after the version", &format!("rename it: {FORM}"));
        refused("V1__.sql", "it has no name after the version", &format!("rename it: {FORM}"));
        refused("create_books.sql", "it does not start with `V` or `U`", &format!("rename it: {FORM}"));
        refused("V__x.sql", "`V` is not followed by a version", &format!("rename it: {FORM}"));
        refused("notes.txt", "it is not an SQL script", &format!("move it elsewhere: {FORM}"));
        refused(
            "V1__x².sql",
            "its name holds `²`, which is no letter, digit or underscore",
            "rename it to `V1__x_.sql`",
        );
    }
}
