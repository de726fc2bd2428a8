//! The findings of scripts that have not changed: an unoptimised build script would spend seconds on parsing thousands of
//! scripts anew.
//!
//! Lines, fields separated by tabs: a head that names the program that wrote it, then for each migration the hash of all
//! that its findings depend on, followed by its findings: `F` a finding, `L` a label, `N` a note, `H` a help. A cache that
//! can't be read is an empty one.

use std::collections::HashMap;
use std::fmt::Write;
use std::hash::Hash;
use std::path::PathBuf;

use siphasher::sip128::{Hasher128, SipHasher13};

use crate::diagnostic::{Diagnostic, Label, Level, Span};
use crate::migration::Migration;
use crate::migration::dir::Folder;
use crate::rules;

/// The findings of migrations by what they depend on.
#[derive(Clone, Debug, Default)]
pub struct Cache {
    before: HashMap<u128, Vec<Diagnostic>>,
    /// What this run added, in its order: what is kept.
    after: Vec<(u128, Vec<Diagnostic>)>,
}

/// Returns a hash of all that the findings about a migration's scripts depend on.
pub(crate) fn key(folder: &Folder, migration: &Migration, up: &str, down: Option<&str>, rust: Option<&str>) -> u128 {
    let mut hasher = SipHasher13::new();
    folder.shown(&migration.up).to_string_lossy().hash(&mut hasher);
    migration.parents.hash(&mut hasher);
    folder.lock.find(migration.version).hash(&mut hasher);
    (up, down, rust).hash(&mut hasher);
    hasher.finish128().as_u128()
}

impl Cache {
    /// Reads a cache; `stamp` stands for the program that reads it, which takes nothing over from another one.
    pub fn parse(text: &str, stamp: &str) -> Self {
        Self { before: read(text, stamp).unwrap_or_default(), after: Vec::new() }
    }

    /// Returns the text that [`Cache::parse`] reads: what this run added.
    pub fn to_text(&self, stamp: &str) -> String {
        let mut out = head(stamp);
        for (key, findings) in &self.after {
            let _ = writeln!(out, "{key:032x}");
            for finding in findings {
                write(&mut out, finding);
            }
        }
        out.push_str(END);
        out
    }

    /// Returns the findings of a migration that has not changed.
    pub(crate) fn look_up(&self, key: u128) -> Option<Vec<Diagnostic>> {
        self.before.get(&key).cloned()
    }

    /// Keeps the findings of a migration for the next run.
    pub(crate) fn add(&mut self, key: u128, findings: Vec<Diagnostic>) {
        self.after.push((key, findings));
    }
}

/// The last line: without it the file was cut off, and a migration whose findings are lost would pass for a clean one.
const END: &str = "end\n";

fn head(stamp: &str) -> String {
    format!("migrate-build cache 1\t{}\t{}\n", env!("CARGO_PKG_VERSION"), escape(stamp))
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

fn read(text: &str, stamp: &str) -> Option<HashMap<u128, Vec<Diagnostic>>> {
    let text = text.strip_prefix(&head(stamp))?.strip_suffix(END)?;
    let mut entries = HashMap::new();
    let mut current: Option<(u128, Vec<Diagnostic>)> = None;
    for line in text.split_terminator('\n') {
        let Some((kind, fields)) = line.split_once('\t') else {
            entries.extend(current.take());
            current = Some((u128::from_str_radix(line, 16).ok()?, Vec::new()));
            continue;
        };
        let findings = &mut current.as_mut()?.1;
        match kind {
            "F" => findings.push(finding(fields)?),
            "L" => findings.last_mut()?.labels.push(label(fields)?),
            "N" => findings.last_mut()?.notes.push(unescape(fields)),
            "H" => findings.last_mut()?.helps.push(unescape(fields)),
            _ => return None,
        }
    }
    entries.extend(current);
    Some(entries)
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
        cache.add(1, vec![finding(), rules::MISSING_DOWN.finding("x")]);
        cache.add(u128::MAX, vec![]);
        let text = cache.to_text("me");
        let read = Cache::parse(&text, "me");
        assert_eq!(read.look_up(1), Some(vec![finding(), rules::MISSING_DOWN.finding("x")]));
        assert_eq!(read.look_up(2), None);
        assert_eq!(read.look_up(u128::MAX), Some(vec![]));
    }

    #[test]
    fn what_was_not_added_again_is_dropped() {
        let mut cache = Cache::default();
        cache.add(1, vec![]);
        let read = Cache::parse(&cache.to_text("me"), "me");
        assert_eq!(read.look_up(1), Some(vec![]));
        assert_eq!(Cache::parse(&read.to_text("me"), "me").look_up(1), None);
    }

    #[test]
    fn nothing_is_taken_from_another_program_or_a_broken_file() {
        let mut cache = Cache::default();
        cache.add(1, vec![finding()]);
        let text = cache.to_text("me");
        assert_eq!(Cache::parse(&text, "you").look_up(1), None);
        assert_eq!(Cache::parse(&text.replace("cache 1", "cache 0"), "me").look_up(1), None);
        assert_eq!(Cache::parse(&text.replace("empty-migration", "gone"), "me").look_up(1), None);
        let cut = text.find("F\t").unwrap();
        assert_eq!(Cache::parse(&text[..cut], "me").look_up(1), None);
        assert_eq!(Cache::parse("", "me").look_up(1), None);
    }
}
