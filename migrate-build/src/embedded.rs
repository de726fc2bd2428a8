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

impl<'a> Embedded<'a> {
    /// Returns the text that [`Embedded::parse`] reads.
    pub fn to_text(&self) -> String {
        let texts: usize =
            self.migrations.iter().map(|m| m.up.len() + m.down.as_ref().map_or(0, |down| down.len())).sum();
        let mut out = String::with_capacity(texts + 128 * (self.migrations.len() + 1));
        let _ = writeln!(out, "migrate-build {FORMAT}\t{}", field(self.history.as_deref().unwrap_or_default()));
        for migration in &self.migrations {
            let _ = write!(out, "{}\t{}\t{}\t", migration.version, field(&migration.name), field(&migration.file));
            for (i, parent) in migration.parents.iter().enumerate() {
                let _ = write!(out, "{}{parent}", if i == 0 { "" } else { "," });
            }
            let _ = write!(out, "\t{}\t", migration.up.len());
            match &migration.down {
                Some(down) => _ = write!(out, "{}", down.len()),
                None => out.push('-'),
            }
            out.push('\t');
            if !migration.transaction {
                out.push('n');
            }
            if migration.unversioned {
                out.push('u');
            }
            for timeout in [migration.lock_timeout, migration.statement_timeout] {
                out.push('\t');
                if let Some(timeout) = timeout {
                    let _ = write!(out, "{}", timeout.as_millis());
                }
            }
            let _ = write!(out, "\t{}\t", field(migration.irreversible.as_deref().unwrap_or_default()));
            let backfill = migration.backfill.as_ref().map(Backfill::to_field).unwrap_or_default();
            let _ = writeln!(out, "{}", field(&backfill));
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

fn milliseconds(field: &str) -> Option<Option<Duration>> {
    match field {
        "" => Some(None),
        field => field.parse().ok().map(|ms| Some(Duration::from_millis(ms))),
    }
}

fn field(text: &str) -> Cow<'_, str> {
    if text.contains(['\t', '\n', '\r']) {
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
    fn names_the_line_that_is_wrong() {
        let text = sample().to_text();
        assert_eq!(Embedded::parse(&text.replace("migrate-build 2", "migrate-build 9")), Err(1));
        assert_eq!(Embedded::parse(&text.replace("\n2\t", "\nx\t")), Err(3));
        assert_eq!(Embedded::parse(&text[..text.len() - 1]), Err(3));
    }
}
