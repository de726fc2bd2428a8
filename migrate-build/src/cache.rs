//! The findings of scripts that have not changed: an unoptimised build script would spend seconds on parsing thousands of
//! scripts anew.
//!
//! Which scripts those are is told by comparing the text that is embedded with the one that the last run left: a migration
//! whose line and scripts are the same byte for byte has the findings that it had, and a file's time plays no part in it.
//! So a cache goes with one such text and is worth nothing with another.
//!
//! Lines, fields separated by tabs: a head that says what all findings depend on, the hash of all seals, then for each migration that has any, or
//! has a Rust source, its version and the hash of the source, followed by its findings: `F` a finding, `L` a label, `N` a
//! note, `H` a help. A cache that can't be read is none.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::hash::Hash;
use std::path::PathBuf;

use siphasher::sip128::{Hasher128, SipHasher13};

use crate::diagnostic::{Diagnostic, Label, Level, Span};
use crate::lock::Lock;
use crate::rules;

/// What was found about the migrations of one text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cache {
    entries: BTreeMap<i64, Entry>,
    /// The hash of all seals.
    seals: u128,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Entry {
    /// The hash of the Rust source.
    source: Option<u128>,
    findings: Vec<Diagnostic>,
}

impl Cache {
    /// Reads a cache; `stamp` is what all findings depend on, and of another one nothing is taken over.
    pub(crate) fn parse(text: &str, stamp: &str) -> Option<Self> {
        read(text, stamp).map(|(seals, entries)| Self { entries, seals })
    }

    /// Returns the text that [`Cache::parse`] reads.
    pub(crate) fn to_text(&self, stamp: &str) -> String {
        let mut out = head(stamp);
        let _ = writeln!(out, "{:x}", self.seals);
        for (version, Entry { source, findings }) in &self.entries {
            let _ = write!(out, "{version}");
            if let Some(source) = source {
                let _ = write!(out, " {source:x}");
            }
            out.push('\n');
            for finding in findings {
                write(&mut out, finding);
            }
        }
        out.push_str(END);
        out
    }

    /// A cache without any finding, for migrations sealed so.
    pub(crate) fn of(lock: &Lock) -> Self {
        Self { entries: BTreeMap::new(), seals: seals(lock) }
    }

    /// Whether what is kept was found with these seals.
    pub(crate) fn is_sealed_by(&self, lock: &Lock) -> bool {
        self.seals == seals(lock)
    }

    /// Returns the findings of a migration whose scripts have not changed, unless its Rust source has.
    pub(crate) fn look_up(&self, version: i64, rust: Option<&str>) -> Option<Vec<Diagnostic>> {
        match self.entries.get(&version) {
            None if rust.is_none() => Some(Vec::new()),
            Some(entry) if entry.source == rust.map(hash) => Some(entry.findings.clone()),
            _ => None,
        }
    }

    /// Keeps the findings of a migration for the next run.
    pub(crate) fn add(&mut self, version: i64, rust: Option<&str>, findings: &[Diagnostic]) {
        if rust.is_some() || !findings.is_empty() {
            self.entries.insert(version, Entry { source: rust.map(hash), findings: findings.to_vec() });
        }
    }
}

fn seals(lock: &Lock) -> u128 {
    let mut hasher = SipHasher13::new();
    lock.seals.hash(&mut hasher);
    hasher.finish128().as_u128()
}

fn hash(source: &str) -> u128 {
    SipHasher13::new().hash(source.as_bytes()).as_u128()
}

/// The last line: without it the file was cut off, and a migration whose findings are lost would pass for a clean one.
const END: &str = "end\n";

fn head(stamp: &str) -> String {
    format!("migrate-build cache 2\t{}\t{}\n", env!("CARGO_PKG_VERSION"), escape(stamp))
}

fn write(out: &mut String, finding: &Diagnostic) {
    let Diagnostic { rule, level, message, labels, notes, helps } = finding;
    let level = match level {
        Level::Allow => "allow",
        Level::Warn => "warn",
        Level::Deny => "deny",
    };
    let _ = writeln!(out, "F\t{rule}\t{level}\t{}", escape(message));
    for Label { path, span, text } in labels {
        let _ = write!(out, "L\t{}\t{}", escape(&path.to_string_lossy()), escape(text));
        if let Some(Span { start, end, line, column }) = span {
            let _ = write!(out, "\t{start}\t{end}\t{line}\t{column}");
        }
        out.push('\n');
    }
    for note in notes {
        let _ = writeln!(out, "N\t{}", escape(note));
    }
    for help in helps {
        let _ = writeln!(out, "H\t{}", escape(help));
    }
}

fn read(text: &str, stamp: &str) -> Option<(u128, BTreeMap<i64, Entry>)> {
    let text = text.strip_prefix(&head(stamp))?.strip_suffix(END)?;
    let (seals, text) = text.split_once('\n')?;
    let seals = u128::from_str_radix(seals, 16).ok()?;
    let mut entries = BTreeMap::new();
    let mut current: Option<(i64, Entry)> = None;
    for line in text.split_terminator('\n') {
        let Some((kind, fields)) = line.split_once('\t') else {
            entries.extend(current.take());
            let (version, source) = match line.split_once(' ') {
                Some((version, source)) => (version, Some(u128::from_str_radix(source, 16).ok()?)),
                None => (line, None),
            };
            current = Some((version.parse().ok()?, Entry { source, findings: Vec::new() }));
            continue;
        };
        let findings = &mut current.as_mut()?.1.findings;
        match kind {
            "F" => findings.push(finding(fields)?),
            "L" => findings.last_mut()?.labels.push(label(fields)?),
            "N" => findings.last_mut()?.notes.push(unescape(fields)),
            "H" => findings.last_mut()?.helps.push(unescape(fields)),
            _ => return None,
        }
    }
    entries.extend(current);
    Some((seals, entries))
}

fn finding(fields: &str) -> Option<Diagnostic> {
    let mut fields = fields.split('\t');
    let rule = rules::find(fields.next()?)?;
    let level = match fields.next()? {
        "allow" => Level::Allow,
        "warn" => Level::Warn,
        "deny" => Level::Deny,
        _ => return None,
    };
    Some(Diagnostic { level, ..rule.finding(unescape(fields.next()?)) })
}

fn label(fields: &str) -> Option<Label> {
    let mut fields = fields.split('\t');
    let path = PathBuf::from(unescape(fields.next()?));
    let text = unescape(fields.next()?);
    let span = match fields.next() {
        None => None,
        Some(start) => {
            let mut number = || fields.next()?.parse().ok();
            Some(Span { start: start.parse().ok()?, end: number()?, line: number()?, column: number()? })
        }
    };
    Some(Label { path, span, text })
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n")
}

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('t') => out.push('\t'),
                Some('n') => out.push('\n'),
                Some(c) => out.push(c),
                None => {}
            },
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding() -> Diagnostic {
        Diagnostic {
            level: Level::Allow,
            labels: vec![
                Label { path: "a\tb.sql".into(), span: None, text: String::new() },
                Label { path: "ü.sql".into(), span: Some(Span::new("a\nbc", 2, 4)), text: "here \\n".to_owned() },
            ],
            notes: vec!["two\nlines".to_owned()],
            helps: vec!["one".to_owned(), "\\".to_owned()],
            ..rules::EMPTY_MIGRATION.finding("a \\ tab\t.")
        }
    }

    #[test]
    fn what_is_written_reads_back() {
        let mut cache = Cache::default();
        cache.add(1, None, &[finding(), rules::MISSING_DOWN.finding("x")]);
        cache.add(2, None, &[]);
        cache.add(3, Some("fn"), &[]);
        let read = Cache::parse(&cache.to_text("me"), "me").unwrap();
        assert_eq!(read, cache);
        assert_eq!(read.look_up(1, None), Some(vec![finding(), rules::MISSING_DOWN.finding("x")]));
        assert_eq!(read.look_up(2, None), Some(vec![]), "clean ones are not written");
        assert_eq!(read.look_up(3, Some("fn")), Some(vec![]));
    }

    #[test]
    fn a_rust_source_that_came_went_or_changed_is_looked_at() {
        let mut cache = Cache::default();
        cache.add(1, None, &[finding()]);
        cache.add(2, Some("fn"), &[]);
        assert_eq!(cache.look_up(1, Some("fn")), None);
        assert_eq!(cache.look_up(2, Some("fm")), None);
        assert_eq!(cache.look_up(2, None), None);
        assert_eq!(cache.look_up(3, Some("fn")), None);
    }

    #[test]
    fn nothing_is_taken_from_another_program_or_a_broken_file() {
        let mut cache = Cache::default();
        cache.add(1, None, &[finding()]);
        let text = cache.to_text("me");
        assert!(Cache::parse(&text, "me").is_some());
        assert_eq!(Cache::parse(&text, "you"), None);
        assert_eq!(Cache::parse(&text.replace("cache 2", "cache 1"), "me"), None);
        assert_eq!(Cache::parse(&text.replace("empty-migration", "gone"), "me"), None);
        let cut = text.find("F\t").unwrap();
        assert_eq!(Cache::parse(&text[..cut], "me"), None);
        assert_eq!(Cache::parse("", "me"), None);
    }
}
