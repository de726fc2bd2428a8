//! The one text that carries a whole history from the build script into the application.
//!
//! Lines, each ended by LF, fields separated by tabs:
//!
//! ```text
//! migrate-build 2<TAB>HISTORY
//! VERSION<TAB>NAME<TAB>FILE<TAB>PARENTS<TAB>UP<TAB>DOWN<TAB>FLAGS<TAB>LOCK<TAB>STATEMENT<TAB>IRREVERSIBLE<TAB>BACKFILL
//! …
//! <an empty line>
//! all up and down scripts, one after the other, in the order of the lines
//! ```
//!
//! `HISTORY` is the configured history table or empty. `FILE` is the up script's path relative to the package. `PARENTS`
//! are versions separated by commas. `UP` and `DOWN` are lengths in bytes, `DOWN` is `-` where there is no down script.
//! `FLAGS` is `n` for a migration without a transaction, `u` for refinery's prefix `U`, both or empty. `LOCK` and
//! `STATEMENT` are timeouts in milliseconds, or empty. `IRREVERSIBLE` is the reason, or empty. `BACKFILL` is table, key, rows of
//! a batch, pause and greatest lag (in milliseconds), separated by U+001F, or empty. Fields hold no tab and no LF:
//! writing replaces them by a space.

use std::borrow::Cow;
use std::fmt::Write;
use std::time::Duration;

use crate::backfill::Backfill;

/// The format's version; the build side and the runtime must agree on it.
pub const FORMAT: u32 = 2;

/// A migration with its texts: what the build side embeds, and what the runtime and the command line apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration<'a> {
    /// Its version.
    pub version: i64,
    /// Its name.
    pub name: Cow<'a, str>,
    /// The up script's path relative to the package, for messages.
    pub file: Cow<'a, str>,
    /// What it builds on; empty for a base.
    pub parents: Vec<i64>,
    /// The up script, folded.
    pub up: Cow<'a, str>,
    /// The down script, folded.
    pub down: Option<Cow<'a, str>>,
    /// Whether it runs in a transaction together with its history rows.
    pub transaction: bool,
    /// Whether refinery's own runner may apply it out of order (prefix `U`).
    pub unversioned: bool,
    /// Its own `lock_timeout`.
    pub lock_timeout: Option<Duration>,
    /// Its own `statement_timeout`.
    pub statement_timeout: Option<Duration>,
    /// Why it can't be undone.
    pub irreversible: Option<Cow<'a, str>>,
    /// How its up script is run in batches.
    pub backfill: Option<Backfill>,
}

/// A history as it is embedded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Embedded<'a> {
    /// The configured history table (`name` or `schema.name`), where it is not the default.
    pub history: Option<Cow<'a, str>>,
    /// The migrations, lowest version first.
    pub migrations: Vec<Migration<'a>>,
}

impl Migration<'_> {
    fn write_line(&self, out: &mut String) {
        let _ = write!(out, "{}\t{}\t{}\t", self.version, field(&self.name), field(&self.file));
        for (i, parent) in self.parents.iter().enumerate() {
            let _ = write!(out, "{}{parent}", if i == 0 { "" } else { "," });
        }
        let _ = write!(out, "\t{}\t", self.up.len());
        match &self.down {
            Some(down) => _ = write!(out, "{}", down.len()),
            None => out.push('-'),
        }
        out.push('\t');
        if !self.transaction {
            out.push('n');
        }
        if self.unversioned {
            out.push('u');
        }
        for timeout in [self.lock_timeout, self.statement_timeout] {
            out.push('\t');
            if let Some(timeout) = timeout {
                let _ = write!(out, "{}", timeout.as_millis());
            }
        }
        let _ = write!(out, "\t{}\t", field(self.irreversible.as_deref().unwrap_or_default()));
        let backfill = self.backfill.as_ref().map(Backfill::to_field).unwrap_or_default();
        let _ = writeln!(out, "{}", field(&backfill));
    }
}

impl<'a> Embedded<'a> {
    /// Returns the text that [`Embedded::parse`] reads.
    pub fn to_text(&self) -> String {
        let texts: usize =
            self.migrations.iter().map(|m| m.up.len() + m.down.as_ref().map_or(0, |down| down.len())).sum();
        let mut out = String::with_capacity(texts + 128 * (self.migrations.len() + 1));
        let _ = writeln!(out, "migrate-build {FORMAT}\t{}", field(self.history.as_deref().unwrap_or_default()));
        for migration in &self.migrations {
            migration.write_line(&mut out);
        }
        out.push('\n');
        for migration in &self.migrations {
            out.push_str(&migration.up);
            out.push_str(migration.down.as_deref().unwrap_or_default());
        }
        out
    }

    /// Reads what [`Embedded::to_text`] wrote, borrowing every text from it.
    ///
    /// # Errors
    /// The number of the line that is not of this format.
    pub fn parse(text: &'a str) -> Result<Self, usize> {
        let (head, mut texts) = text.split_once("\n\n").ok_or(1_usize)?;
        let mut lines = head.split('\n').enumerate();
        let history = lines
            .next()
            .and_then(|(_, line)| line.strip_prefix("migrate-build "))
            .and_then(|line| line.split_once('\t'))
            .filter(|(format, _)| format.parse() == Ok(FORMAT))
            .map(|(_, history)| history)
            .ok_or(1_usize)?;
        let migrations =
            lines.map(|(at, line)| parse_line(line, &mut texts).ok_or(at + 1)).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { history: (!history.is_empty()).then_some(Cow::Borrowed(history)), migrations })
    }
}

fn parse_line<'a>(line: &'a str, texts: &mut &'a str) -> Option<Migration<'a>> {
    let mut fields = line.split('\t');
    let mut next = || fields.next();
    let version = next()?.parse().ok()?;
    let name = Cow::Borrowed(next()?);
    let file = Cow::Borrowed(next()?);
    let parents = match next()? {
        "" => Vec::new(),
        parents => parents.split(',').map(|parent| parent.parse().ok()).collect::<Option<_>>()?,
    };
    let up = take(texts, next()?)?;
    let down = match next()? {
        "-" => None,
        length => Some(take(texts, length)?),
    };
    let flags = next()?;
    let lock_timeout = milliseconds(next()?)?;
    let statement_timeout = milliseconds(next()?)?;
    let irreversible = next()?;
    let backfill = match next()? {
        "" => None,
        field => Some(Backfill::from_field(field)?),
    };
    Some(Migration {
        version,
        name,
        file,
        parents,
        up,
        down,
        transaction: !flags.contains('n'),
        unversioned: flags.contains('u'),
        lock_timeout,
        statement_timeout,
        irreversible: (!irreversible.is_empty()).then_some(Cow::Borrowed(irreversible)),
        backfill,
    })
}

fn take<'a>(texts: &mut &'a str, length: &str) -> Option<Cow<'a, str>> {
    let (taken, rest) = texts.split_at_checked(length.parse().ok()?)?;
    *texts = rest;
    Some(Cow::Borrowed(taken))
}

/// Returns for each migration of the text `now` whether the text `before` has the very same, line and scripts. Both are
/// what [`Embedded::to_text`] returns; of anything else nothing is the same.
pub fn unchanged(before: &str, now: &str) -> Vec<bool> {
    let mut former = Entries::of(before);
    let mut unchanged = Vec::new();
    let mut candidate = former.next();
    for entry in Entries::of(now) {
        while candidate.as_ref().is_some_and(|former| former.version < entry.version) {
            candidate = former.next();
        }
        unchanged.push(candidate.as_ref() == Some(&entry));
    }
    unchanged
}

/// A migration of a text: its version, its line, and its scripts one after the other.
#[derive(PartialEq, Eq)]
struct Entry<'a> {
    version: i64,
    line: &'a str,
    scripts: &'a str,
}

struct Entries<'a> {
    lines: std::str::Split<'a, char>,
    scripts: &'a str,
}

impl<'a> Entries<'a> {
    fn of(text: &'a str) -> Self {
        let (head, scripts) = text.split_once("\n\n").unwrap_or_default();
        let mut lines = head.split('\n');
        lines.next();
        Self { lines, scripts }
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = Entry<'a>;

    fn next(&mut self) -> Option<Entry<'a>> {
        let line = self.lines.next()?;
        let mut fields = line.split('\t');
        let version = fields.next()?.parse().ok()?;
        let up: usize = fields.nth(3)?.parse().ok()?;
        let down = match fields.next()? {
            "-" => 0,
            length => length.parse().ok()?,
        };
        let (scripts, rest) = self.scripts.split_at_checked(up.checked_add(down)?)?;
        self.scripts = rest;
        Some(Entry { version, line, scripts })
    }
}

fn milliseconds(field: &str) -> Option<Option<Duration>> {
    match field {
        "" => Some(None),
        field => field.parse().ok().map(|ms| Some(Duration::from_millis(ms))),
    }
}

fn field(text: &str) -> Cow<'_, str> {
    // One after the other: each is a search of the standard library's, which is fast in an unoptimised build script too.
    if text.contains('\t') || text.contains('\n') || text.contains('\r') {
        Cow::Owned(text.replace(['\t', '\n', '\r'], " "))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Embedded<'static> {
        Embedded {
            history: Some("app.history".into()),
            migrations: vec![
                Migration {
                    version: 1,
                    name: "a".into(),
                    file: "migrations/versions/V1__a.sql".into(),
                    parents: vec![],
                    up: "create table ä();\n\n".into(),
                    down: Some("".into()),
                    transaction: true,
                    unversioned: false,
                    lock_timeout: Some(Duration::from_secs(5)),
                    statement_timeout: None,
                    irreversible: None,
                    backfill: None,
                },
                Migration {
                    version: 2,
                    name: "b".into(),
                    file: "migrations/versions/U2__b.sql".into(),
                    parents: vec![1],
                    up: "vacuum;".into(),
                    down: None,
                    transaction: false,
                    unversioned: true,
                    lock_timeout: None,
                    statement_timeout: None,
                    irreversible: Some("data is gone".into()),
                    backfill: Backfill::from_field("t\u{1f}id\u{1f}5\u{1f}0\u{1f}10000"),
                },
            ],
        }
    }

    #[test]
    fn reads_what_it_wrote() {
        let text = sample().to_text();
        assert_eq!(Embedded::parse(&text), Ok(sample()));
        assert_eq!(Embedded::parse(&Embedded::default().to_text()), Ok(Embedded::default()));
    }

    #[test]
    fn what_changed_is_told_from_what_did_not() {
        let numbered = |version| Migration { version, parents: vec![version - 1], ..sample().migrations.remove(1) };
        let before = Embedded { history: None, migrations: (1..6).map(numbered).collect() };
        let compared = |change: &dyn Fn(&mut Vec<Migration<'static>>)| {
            let mut now = before.clone();
            change(&mut now.migrations);
            unchanged(&before.to_text(), &now.to_text())
        };
        assert_eq!(compared(&|_| ()), [true; 5]);
        assert_eq!(compared(&|all| drop(all.remove(1))), [true; 4]);
        assert_eq!(compared(&|all| all.insert(0, numbered(0))), [false, true, true, true, true, true]);
        assert_eq!(compared(&|all| all[2].up = "reindex".into()), [true, true, false, true, true], "as long as before");
        assert_eq!(compared(&|all| all[2].up = "".into()), [true, true, false, true, true]);
        assert_eq!(compared(&|all| all[4].down = Some("".into())), [true, true, true, true, false]);
        assert_eq!(compared(&|all| all[0].parents = vec![]), [false, true, true, true, true]);
        let moved = compared(&|all| {
            all[1].up = "vacuum;x".into();
            all[1].down = Some("y".into());
        });
        assert_eq!(moved, [true, false, true, true, true]);
        assert_eq!(unchanged("", &before.to_text()), [false; 5]);
        assert_eq!(unchanged("migrate-build 1\t\n1\n\nx", &before.to_text()), [false; 5]);
    }

    #[test]
    fn names_the_line_that_is_wrong() {
        let text = sample().to_text();
        assert_eq!(Embedded::parse(&text.replace("migrate-build 2", "migrate-build 9")), Err(1));
        assert_eq!(Embedded::parse(&text.replace("\n2\t", "\nx\t")), Err(3));
        assert_eq!(Embedded::parse(&text[..text.len() - 1]), Err(3));
    }
}
