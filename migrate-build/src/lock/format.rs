//! What the lock file holds, and its text.
//!
//! A line that says the format, then one line a sealed migration, lowest version first: its name, the hashes of its up
//! and its down script (`-` without one), and its parents (`-` for none). A seal that was broken stays as a line that
//! begins with `broken`, and says when, by whom and why; the next seal of that migration counts one up in a fifth field.
//!
//! Every line stands alone, so that git's union driver merges two files that were sealed on two branches: order, empty
//! lines and lines that occur twice mean nothing, and a seal that such a merge brings back is void, because the line that
//! broke it names it whole.

use std::fmt;

use super::hash::Hash;

/// The file's name, in the migrations folder.
pub const FILE: &str = "migrate.lock";

/// The version of the format.
pub const FORMAT: u32 = 1;

/// What the first line begins with; the format's version follows.
pub(super) const HEAD: &str = "# cargo-migrate lock ";

/// What the line of a broken seal begins with.
pub(super) const BROKEN: &str = "broken ";

/// What stands for a down script or parents that are not there.
pub(super) const NONE: &str = "-";

const ABOUT: &str = "\
# Sealed migrations: the names of their files, SHA-256 of the up and of the down script, parents. None of them may change.
# `cargo migrate seal` writes this file; git merges it by lines (merge=union in .gitattributes).
";

/// A sealed migration, as it was then.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seal {
    /// Its version.
    pub version: i64,
    /// How often a seal of this migration was broken before.
    pub round: u32,
    /// What its files are called without extension: `V1__create_books`.
    pub stem: String,
    /// The hash of its up script.
    pub up: Hash,
    /// That of its down script, where it had one.
    pub down: Option<Hash>,
    /// What it built on.
    pub parents: Vec<i64>,
}

/// A seal that was broken on purpose.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Break {
    /// What was sealed.
    pub seal: Seal,
    /// When, in RFC 3339.
    pub at: String,
    /// By whom; one word.
    pub by: String,
    /// Why; one line.
    pub reason: String,
}

/// The sealed migrations of a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// The seals that hold, lowest version first; no version occurs twice.
    pub seals: Vec<Seal>,
    /// The seals that were broken, sorted.
    pub breaks: Vec<Break>,
}

impl Lock {
    /// Returns the seal of a migration.
    pub fn find(&self, version: i64) -> Option<&Seal> {
        let at = self.seals.binary_search_by_key(&version, |seal| seal.version).ok()?;
        self.seals.get(at)
    }

    /// Seals a migration; one that is sealed already stays as it is.
    pub fn seal(&mut self, version: i64, stem: String, up: Hash, down: Option<Hash>, parents: Vec<i64>) {
        if let Err(at) = self.seals.binary_search_by_key(&version, |seal| seal.version) {
            let broken = self.breaks.iter().filter(|broken| broken.seal.version == version);
            let round = broken.map(|broken| broken.seal.round.saturating_add(1)).max().unwrap_or(0);
            self.seals.insert(at, Seal { version, round, stem, up, down, parents });
        }
    }

    /// Breaks the seal of a migration. Whether it had one.
    pub fn break_seal(&mut self, version: i64, at: String, by: &str, reason: &str) -> bool {
        let Ok(place) = self.seals.binary_search_by_key(&version, |seal| seal.version) else { return false };
        let seal = self.seals.remove(place);
        let word = |text: &str| text.split(|c: char| c.is_whitespace() || c.is_control()).collect::<Vec<_>>().join("_");
        let line = reason.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
        self.breaks.push(Break { seal, at, by: word(by), reason: line.collect::<Vec<_>>().join(" ") });
        self.breaks.sort_unstable();
        true
    }

    /// Returns the file's text: what [`parse`](super::parse) reads, sorted.
    pub fn to_text(&self) -> String {
        let mut lines: Vec<(i64, u32, String)> =
            self.seals.iter().map(|seal| (seal.version, seal.round, format!("{seal}\n"))).collect();
        lines.extend(self.breaks.iter().map(|broken| {
            let Break { seal, at, by, reason } = broken;
            (seal.version, seal.round, format!("{BROKEN}{seal} {at} {by} {reason}\n"))
        }));
        lines.sort_unstable();
        let mut text = format!("{HEAD}{FORMAT}\n{ABOUT}");
        text.extend(lines.into_iter().map(|(_, _, line)| line));
        text
    }
}

/// Its line, without the line's end.
impl fmt::Display for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { version: _, round, stem, up, down, parents } = self;
        write!(f, "{stem} {up} ")?;
        match down {
            Some(down) => write!(f, "{down} ")?,
            None => write!(f, "{NONE} ")?,
        }
        if parents.is_empty() {
            f.write_str(NONE)?;
        }
        for (at, parent) in parents.iter().enumerate() {
            write!(f, "{}{parent}", if at == 0 { "" } else { "," })?;
        }
        if *round > 0 { write!(f, " again:{round}") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::parse;
    use super::*;

    fn lock() -> Lock {
        let mut lock = Lock::default();
        lock.seal(3, "V3__c".to_owned(), Hash::of("c"), Some(Hash::of("-c")), vec![1, 2]);
        lock.seal(1, "V1__a".to_owned(), Hash::of("a"), None, vec![]);
        lock.seal(2, "U2__b".to_owned(), Hash::of("b"), None, vec![1]);
        lock
    }

    fn read(text: &str) -> Lock {
        let (lock, findings) = parse(text, Path::new("migrate.lock"));
        assert_eq!(findings, []);
        lock
    }

    #[test]
    fn what_is_written_reads_back_sorted() {
        let mut lock = lock();
        assert_eq!(read(&lock.to_text()), lock);
        assert!(lock.break_seal(2, "2026-11-23T01:30:00Z".to_owned(), "ada@example", "it locked\n the table"));
        assert!(!lock.break_seal(2, "2026-11-23T01:30:00Z".to_owned(), "ada", "again"));
        assert_eq!(read(&lock.to_text()), lock);
        lock.seal(2, "U2__b".to_owned(), Hash::of("b"), None, vec![1]);
        assert_eq!(lock.find(2).map(|seal| seal.round), Some(1), "the same text can be sealed again");
        assert_eq!(read(&lock.to_text()), lock);
        let lines: Vec<String> = lock.to_text().lines().skip(3).map(|line| line.replace("a@e", "A")).collect();
        let starts: Vec<&str> = lines.iter().map(|line| line.split_inclusive(' ').next().unwrap()).collect();
        assert_eq!(starts, ["V1__a ", "broken ", "U2__b ", "V3__c "]);
        assert!(lines[1].ends_with(" - 1 2026-11-23T01:30:00Z adAxample it locked the table"), "{}", lines[1]);
        assert!(lines[2].ends_with(" - 1 again:1"), "{}", lines[2]);
    }

    #[test]
    fn a_seal_is_not_replaced() {
        let mut lock = lock();
        lock.seal(1, "V1__other".to_owned(), Hash::of("x"), None, vec![]);
        assert_eq!(lock.find(1).map(|seal| seal.up), Some(Hash::of("a")));
        assert_eq!(lock.find(9), None);
    }

    #[test]
    fn a_line_says_all_there_is() {
        let (a, b) = (Hash::of("b"), Hash::of("-b"));
        let seal = Seal { version: 2, round: 0, stem: "V2__b".to_owned(), up: a, down: Some(b), parents: vec![1, 20] };
        assert_eq!(seal.to_string(), format!("V2__b {a} {b} 1,20"));
    }
}
