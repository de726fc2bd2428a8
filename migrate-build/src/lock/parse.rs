//! Reads the lock file, also one that git or a hand has merged.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;

use super::format::{BROKEN, Break, FORMAT, HEAD, Lock, NONE, Seal};
use super::hash::Hash;
use crate::diagnostic::{Diagnostic, Label, Span};
use crate::migration::file_name;
use crate::rules::MALFORMED_LOCK;

/// Reads a lock file's folded text; messages call the file `shown`. What can be read is returned along with the findings
/// about the rest; of a newer format, nothing can.
pub fn parse(text: &str, shown: &Path) -> (Lock, Vec<Diagnostic>) {
    let mut reader = Reader { text, shown, out: Vec::new() };
    let mut lines = Lines::default();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_ascii();
        if let Err(newer) = reader.line(content, start, &mut lines) {
            return (Lock::default(), vec![newer]);
        }
        start += line.len();
    }
    reader.whole(lines)
}

/// What the lines say, each with where it stands.
#[derive(Default)]
struct Lines {
    has_head: bool,
    /// The first line that a merge left.
    conflict: bool,
    /// Places are bytes: to count lines for each of thousands of seals would take longer than all the rest.
    seals: Vec<(Seal, Range<usize>)>,
    breaks: Vec<Break>,
}

struct Reader<'a> {
    text: &'a str,
    shown: &'a Path,
    out: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn line(&mut self, line: &str, start: usize, lines: &mut Lines) -> Result<(), Diagnostic> {
        let place = start..start + line.len();
        if let Some(format) = line.strip_prefix(HEAD) {
            match format.parse::<u32>() {
                Ok(FORMAT) => lines.has_head = true,
                Ok(newer) if newer > FORMAT => return Err(self.newer(newer, &place)),
                _ => {
                    lines.has_head = true;
                    self.corrupt(&place, &format!("`{}` is no format's version", printable(format)));
                }
            }
        } else if is_marker(line) {
            // One finding for all that the merge has left.
            if !lines.conflict {
                lines.conflict = true;
                self.conflict(&place);
            }
        } else if let Some(broken) = line.strip_prefix(BROKEN) {
            match read_break(broken) {
                Ok(broken) => lines.breaks.push(broken),
                Err(reason) => self.corrupt(&place, &reason),
            }
        } else if !line.is_empty() && !line.starts_with('#') {
            match read_seal(line.split(' ')) {
                Ok(seal) => lines.seals.push((seal, place)),
                Err(reason) => self.corrupt(&place, &reason),
            }
        }
        Ok(())
    }

    /// Looks at what only all lines together tell.
    fn whole(mut self, lines: Lines) -> (Lock, Vec<Diagnostic>) {
        let Lines { has_head, conflict: _, mut seals, mut breaks } = lines;
        if !has_head {
            self.headless();
        }
        breaks.sort_unstable();
        breaks.dedup();
        // A merge may bring back the line of a seal that was broken on one side.
        seals.retain(|(seal, _)| breaks.binary_search_by(|broken| broken.seal.cmp(seal)).is_err());
        seals.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.start.cmp(&b.1.start)));
        seals.dedup_by(|again, first| again.0 == first.0);
        let known: BTreeSet<i64> =
            seals.iter().map(|(seal, _)| seal.version).chain(breaks.iter().map(|broken| broken.seal.version)).collect();
        let mut lock = Lock { seals: Vec::with_capacity(seals.len()), breaks };
        for same in seals.chunk_by(|(a, _), (b, _)| a.version == b.version) {
            match same {
                [(seal, place)] => {
                    if let Some(&parent) = seal.parents.iter().find(|parent| !known.contains(parent)) {
                        self.gap(seal, place, parent);
                    }
                    lock.seals.push(seal.clone());
                }
                [(first, place), (second, other), ..] => self.contradiction((first, place), (second, other)),
                [] => {}
            }
        }
        (lock, self.out)
    }

    fn label(&self, place: &Range<usize>, text: &str) -> Label {
        let span = Some(Span::new(self.text, place.start, place.end));
        Label { path: self.shown.to_owned(), span, text: text.to_owned() }
    }

    fn find(&mut self, message: String, labels: Vec<Label>, helps: Vec<String>) {
        self.out.push(Diagnostic { labels, helps, ..MALFORMED_LOCK.finding(message) });
    }

    /// Where the file itself has to come back, as git has it.
    fn restore(&self) -> Vec<String> {
        let file = self.shown.display();
        vec![
            format!("restore the file: `git checkout HEAD -- {file}`"),
            format!("if it was committed like this, find the commit to take it from: `git log -p -- {file}`"),
        ]
    }

    fn corrupt(&mut self, place: &Range<usize>, reason: &str) {
        let message = format!("the lock file holds a line that is no seal: {reason}");
        self.find(message, vec![self.label(place, "")], self.restore());
    }

    fn headless(&mut self) {
        let end = self.text.find('\n').unwrap_or(self.text.len());
        let mut helps = self.restore();
        helps.push(format!("or, if only that line is gone, write it: `{HEAD}{FORMAT}`"));
        let message = "the lock file does not say which format it has".to_owned();
        self.find(message, vec![self.label(&(0..end), "")], helps);
    }

    fn newer(&self, format: u32, place: &Range<usize>) -> Diagnostic {
        Diagnostic {
            labels: vec![self.label(place, "")],
            notes: vec![format!("this version reads format {FORMAT}")],
            helps: vec![
                "update what reads it: `cargo install cargo-migrate` and `cargo update migrate-build`".to_owned(),
            ],
            ..MALFORMED_LOCK.finding(format!("the lock file has format {format}, which is newer than this program"))
        }
    }

    fn conflict(&mut self, place: &Range<usize>) {
        let file = self.shown.display();
        let helps = vec![
            "keep the lines of both sides and delete the markers, then sort it: `cargo migrate seal`".to_owned(),
            "let git do that: `cargo migrate init` writes `migrate.lock merge=union` into .gitattributes".to_owned(),
        ];
        self.find(format!("a merge left its markers in `{file}`"), vec![self.label(place, "")], helps);
    }

    fn contradiction(&mut self, first: (&Seal, &Range<usize>), second: (&Seal, &Range<usize>)) {
        let message = format!("the lock file seals migration {} twice, each time as another one", first.0.version);
        let labels = vec![self.label(&name_of(second), ""), self.label(&name_of(first), "the other one")];
        let helps = vec![
            "find out which of them databases have applied, and delete the line of the other one".to_owned(),
            format!("see where they come from: `git log -p -- {}`", self.shown.display()),
        ];
        self.find(message, labels, helps);
    }

    fn gap(&mut self, seal: &Seal, place: &Range<usize>, parent: i64) {
        let message = format!("`{}` is sealed, and migration {parent}, which it builds on, is not", seal.stem);
        let mut out =
            vec![format!("bring the line of {parent} back: `git log -p -- {}` shows it", self.shown.display())];
        out.extend(self.restore().into_iter().take(1));
        let label = self.label(&name_of((seal, place)), "");
        self.find(message, vec![label], out);
    }
}

/// Where the name stands in the line of a seal: all that has to be underlined.
fn name_of((seal, line): (&Seal, &Range<usize>)) -> Range<usize> {
    line.start..line.start + seal.stem.len()
}

fn is_marker(line: &str) -> bool {
    ["<<<<<<<", "|||||||", "=======", ">>>>>>>"]
        .iter()
        .any(|marker| line.strip_prefix(marker).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')))
}

/// `NAME UP DOWN PARENTS`, and `again:N` where it was broken before.
fn read_seal<'a>(mut fields: impl Iterator<Item = &'a str>) -> Result<Seal, String> {
    let mut next = |what: &str| fields.next().ok_or_else(|| format!("{what} is missing"));
    let stem = next("the name")?;
    let script = format!("{stem}.sql");
    let version = match file_name::parse(&script) {
        Ok(name) if !stem.ends_with(".down") => name.version,
        _ => return Err(format!("`{}` is no migration's name", printable(stem))),
    };
    let hash = |text: &str| Hash::parse(text).ok_or_else(|| format!("`{}` is no SHA-256", printable(text)));
    let up = hash(next("the hash of the up script")?)?;
    let down = next("the hash of the down script, or `-`,")?;
    let down = if down == NONE { None } else { Some(hash(down)?) };
    let parents = next("the list of parents, or `-`,")?;
    let parents = if parents == NONE { Vec::new() } else { read_parents(parents, version)? };
    let round = match fields.next() {
        None => 0,
        Some(round) => {
            let number = round.strip_prefix("again:").and_then(|number| number.parse().ok());
            number.ok_or_else(|| format!("`{}` is more than a seal has", printable(round)))?
        }
    };
    match fields.next() {
        None => Ok(Seal { version, round, stem: stem.to_owned(), up, down, parents }),
        Some(more) => Err(format!("`{}` is more than a seal has", printable(more))),
    }
}

fn read_parents(text: &str, version: i64) -> Result<Vec<i64>, String> {
    text.split(',')
        .map(|parent| match parent.parse::<i64>() {
            Ok(parent) if parent > 0 && parent < version => Ok(parent),
            _ => Err(format!("`{}` is no parent of {version}", printable(parent))),
        })
        .collect()
}

/// `NAME UP DOWN PARENTS [again:N] TIME WHO REASON`.
fn read_break(text: &str) -> Result<Break, String> {
    let mut fields = text.splitn(5, ' ');
    let seal: Vec<&str> = fields.by_ref().take(4).collect();
    let mut rest = fields.next().ok_or("what was broken, when, by whom and why is not all there")?;
    let again = rest.split_once(' ').filter(|(word, _)| word.starts_with("again:"));
    if let Some((_, behind)) = again {
        rest = behind;
    }
    let seal = read_seal(seal.into_iter().chain(again.map(|(again, _)| again)))?;
    let mut about = rest.splitn(3, ' ');
    match (about.next(), about.next(), about.next()) {
        (Some(at), Some(by), Some(reason)) if !at.is_empty() && !reason.is_empty() => {
            Ok(Break { seal, at: at.to_owned(), by: by.to_owned(), reason: reason.to_owned() })
        }
        _ => Err("when it was broken, by whom and why is not all there".to_owned()),
    }
}

/// The beginning of a text that may be anything.
fn printable(text: &str) -> String {
    let short: String = text.chars().take(40).flat_map(char::escape_debug).collect();
    if text.chars().nth(40).is_some() { format!("{short}…") } else { short }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal(stem: &str, up: &str, parents: &str) -> String {
        format!("{stem} {} - {parents}\n", Hash::of(up))
    }

    fn read(lines: &[&str]) -> (Vec<i64>, Vec<String>) {
        let text = format!("{HEAD}1\n{}", lines.concat());
        let (lock, findings) = parse(&text, Path::new("m/migrate.lock"));
        let findings = findings.iter().map(|finding| format!("{} {}", finding.location(), finding.message)).collect();
        (lock.seals.iter().map(|seal| seal.version).collect(), findings)
    }

    #[test]
    fn what_the_union_driver_yields_is_taken() {
        let (a, b, c) = (seal("V1__a", "a", "-"), seal("V2__b", "b", "1"), seal("V3__c", "c", "1"));
        let head = format!("{HEAD}1\n");
        let merged = [&c, "\n", &head, "# a comment\n", &a, &b, &a, &c];
        assert_eq!(read(&merged), (vec![1, 2, 3], vec![]));
    }

    #[test]
    fn a_broken_seal_that_comes_back_is_void() {
        let (a, b) = (seal("V1__a", "a", "-"), seal("V2__b", "b", "1"));
        let broken = format!("broken {} 2026-11-23T01:30:00Z ada it was wrong\n", b.trim_end());
        let again = seal("V2__b", "other", "1 again:1");
        assert_eq!(read(&[&a, &broken, &b]), (vec![1], vec![]));
        assert_eq!(read(&[&b, &again, &a, &broken, &broken]), (vec![1, 2], vec![]));
        let (versions, findings) = read(&[&a, &b, &again]);
        assert_eq!((versions, findings.len()), (vec![1], 1), "without the line that says why: {findings:?}");
    }

    #[test]
    fn contradictions_name_both_lines() {
        let lines = [&seal("V1__a", "a", "-"), &seal("V2__b", "b", "1"), &seal("V2__b", "B", "1")];
        let text = format!("{HEAD}1\n{}", lines.map(String::as_str).concat());
        let (lock, findings) = parse(&text, Path::new("migrate.lock"));
        assert_eq!(lock.seals.len(), 1);
        let lines: Vec<_> = findings[0].labels.iter().map(|label| label.span.unwrap().line).collect();
        assert_eq!((findings.len(), findings[0].location().as_str()), (1, "migrate.lock:4:1"));
        assert!(lines.contains(&3) && lines.contains(&4));
    }

    #[test]
    fn what_is_corrupt_is_named_with_its_line() {
        let (hash, good) = (Hash::of("a"), seal("V1__a", "a", "-"));
        for (line, reason) in [
            ("V2__b", "the hash of the up script is missing".to_owned()),
            ("V2__b 12ab - 1", "`12ab` is no SHA-256".to_owned()),
            ("V2__b HASH HASH", "the list of parents, or `-`, is missing".to_owned()),
            ("V2__b HASH - 1,x", "`x` is no parent of 2".to_owned()),
            ("V2__b HASH - 2", "`2` is no parent of 2".to_owned()),
            ("V2__b HASH - 1 more", "`more` is more than a seal has".to_owned()),
            ("V2__b HASH - 1 again:1 x", "`x` is more than a seal has".to_owned()),
            ("V2__b.down HASH - 1", "`V2__b.down` is no migration's name".to_owned()),
            ("nonsense\u{7}", "`nonsense\\u{7}` is no migration's name".to_owned()),
            ("broken V2__b HASH - 1", "what was broken, when, by whom and why is not all there".to_owned()),
            ("broken V2__b HASH - 1 now ada", "when it was broken, by whom and why is not all there".to_owned()),
        ] {
            let line = format!("{}\n", line.replace("HASH", &hash.to_string()));
            let message = format!("m/migrate.lock:3:1 the lock file holds a line that is no seal: {reason}");
            assert_eq!(read(&[&good, &line]), (vec![1], vec![message]), "{line}");
        }
    }

    #[test]
    fn markers_of_a_merge_are_one_finding() {
        let (a, b, c) = (seal("V1__a", "a", "-"), seal("V2__b", "b", "1"), seal("V3__c", "c", "1"));
        let found = read(&[&a, "<<<<<<< HEAD\n", &b, "||||||| 12ab\n", "=======\n", &c, ">>>>>>> theirs\n"]);
        assert_eq!(
            found,
            (vec![1, 2, 3], vec!["m/migrate.lock:3:1 a merge left its markers in `m/migrate.lock`".to_owned()])
        );
    }

    #[test]
    fn a_line_that_a_merge_has_lost_is_missed() {
        let (versions, findings) = read(&[&seal("V1__a", "a", "-"), &seal("V3__c", "c", "1,2")]);
        assert_eq!(versions, [1, 3]);
        assert_eq!(findings, ["m/migrate.lock:3:1 `V3__c` is sealed, and migration 2, which it builds on, is not"]);
    }

    #[test]
    fn another_format_is_told_from_a_corrupt_file() {
        let (lock, findings) = parse("# cargo-migrate lock 2\nwhat ever\n", Path::new("migrate.lock"));
        assert_eq!(lock, Lock::default());
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].message, "the lock file has format 2, which is newer than this program");
        let messages = |text: &str| -> Vec<String> {
            parse(text, Path::new("migrate.lock")).1.into_iter().map(|finding| finding.message).collect()
        };
        assert_eq!(messages(""), ["the lock file does not say which format it has"]);
        assert_eq!(
            messages("# cargo-migrate lock one\n"),
            ["the lock file holds a line that is no seal: `one` is no format's version"]
        );
    }
}
