//! squawk's rules: the one importer of `squawk_linter` and of the parser that it needs.

use std::collections::BTreeSet;
use std::ops::Range;
use std::panic::catch_unwind;

use migrate_build::diagnostic::Level;
use squawk_linter::{Linter, Rule, Version};
use squawk_syntax::SourceFile;

/// Longer scripts are data for the greater part; they are not for this parser, and so unknown.
const LONGEST: usize = 1 << 20;

/// The parser descends by recursion.
const DEEPEST: usize = 128;

/// What squawk made of a script.
#[derive(Clone, Debug, Default)]
pub(super) struct Outcome {
    pub(super) violations: Vec<Violation>,
    /// The places where its parser stopped; all of the script where it didn't try.
    failed: Vec<Range<usize>>,
}

/// Something that it found.
#[derive(Clone, Debug)]
pub(super) struct Violation {
    pub(super) rule: &'static str,
    pub(super) message: String,
    pub(super) range: Range<usize>,
    pub(super) help: Option<String>,
    pub(super) fix: Option<Fix>,
}

/// How it would mend it.
#[derive(Clone, Debug)]
pub(super) struct Fix {
    pub(super) title: String,
    /// What comes where.
    pub(super) edits: Vec<(Range<usize>, String)>,
}

impl Outcome {
    /// Whether its parser stopped in this statement.
    pub(super) fn failed_at(&self, statement: &Range<usize>) -> bool {
        self.failed.iter().any(|at| at.start < statement.end.max(statement.start + 1) && at.end >= statement.start)
    }

    /// Whether it has found something in this statement that is about a lock or what it lasts for.
    pub(super) fn says_more(&self, statement: Range<usize>) -> bool {
        self.violations.iter().any(|violation| {
            statement.contains(&violation.range.start)
                && super::squawk_rules::squawk_rule(violation.rule).is_some_and(|rule| rule.about_locks)
        })
    }
}

/// Its names, which are the ones of [`Rule`].
pub(super) fn rule(name: &str) -> Option<Rule> {
    match name {
        // The one that it doesn't read back.
        "unused-ignore" => Some(Rule::UnusedIgnore),
        name => name.parse().ok(),
    }
}

/// Applies the rules of these names to a script.
pub(super) fn lint(text: &str, names: &[&'static str], in_transaction: bool, postgres: Option<u32>) -> Outcome {
    let unknown = || Outcome { violations: Vec::new(), failed: std::iter::once(0..text.len()).collect() };
    if text.len() > LONGEST || depth(text) > DEEPEST {
        return unknown();
    }
    // The parser gives up on endless loops of its own by a panic.
    catch_unwind(|| run(text, names, in_transaction, postgres)).unwrap_or_else(|_| unknown())
}

fn run(text: &str, names: &[&'static str], in_transaction: bool, postgres: Option<u32>) -> Outcome {
    let parse = SourceFile::parse(text);
    let range = |start: u32, end: u32| start as usize..end as usize;
    let failed =
        parse.errors().iter().map(|error| range(error.range().start().into(), error.range().end().into())).collect();
    let known: Vec<(Rule, &'static str)> = names.iter().filter_map(|name| Some((rule(name)?, *name))).collect();
    let mut linter = Linter::from(known.iter().map(|(rule, _)| *rule));
    linter.settings.assume_in_transaction = in_transaction;
    if let Some(version) = postgres.and_then(|postgres| postgres.to_string().parse::<Version>().ok()) {
        linter.settings.pg_version = version;
    }
    let mut seen = BTreeSet::new();
    let violations = linter
        .lint(&parse, text)
        .into_iter()
        .filter_map(|found| {
            let rule = known.iter().find(|(rule, _)| *rule == found.code)?.1;
            let range = range(found.text_range.start().into(), found.text_range.end().into());
            // A column may be met by way of its table and by way of the statement.
            seen.insert((rule, range.start, range.end)).then(|| Violation {
                rule,
                message: plain(&found.message),
                range,
                help: found.help.as_deref().map(plain),
                fix: found.fix.map(|fix| Fix {
                    title: plain(&fix.title),
                    edits: fix
                        .edits
                        .into_iter()
                        .map(|edit| {
                            let at = edit.text_range.start().into()..edit.text_range.end().into();
                            (at.start..at.end, edit.text.unwrap_or_default())
                        })
                        .map(|(at, text): (Range<u32>, String)| (at.start as usize..at.end as usize, text))
                        .collect(),
                }),
            })
        })
        .collect();
    Outcome { violations, failed }
}

/// Its sentences in our form: on one line, without a full stop.
fn plain(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    text.trim_end_matches('.').to_owned()
}

/// How deep parentheses and `CASE`s go at most, strings and comments counted as well: it need not be exact.
fn depth(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// The level that a rule has with squawk itself, where nothing is configured.
pub(super) fn is_on(name: &str) -> bool {
    rule(name).is_some_and(|rule| !rule.is_opt_in())
}

/// A level as documentation writes it.
pub(super) fn level_name(level: Level) -> &'static str {
    match level {
        Level::Allow => "`allow`",
        Level::Warn => "`warn`",
        Level::Deny => "`deny`",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(sql: &str, names: &[&'static str]) -> Vec<&'static str> {
        lint(sql, names, true, None).violations.into_iter().map(|violation| violation.rule).collect()
    }

    #[test]
    fn only_what_is_asked_for_is_found() {
        let sql = "create index i on t (a); alter table t drop column b;";
        let (index, column) = ("require-concurrent-index-creation", "ban-drop-column");
        assert_eq!(found(sql, &[index, column]), [index, column]);
        assert_eq!(found(sql, &[column]), [column]);
        assert_eq!(found(sql, &[]), Vec::<&str>::new());
    }

    #[test]
    fn what_cannot_be_parsed_is_said() {
        let sql = "select 1; frobnicate the table; select 2";
        let outcome = lint(sql, &[], true, None);
        assert!(outcome.failed_at(&(10..30)) && !outcome.failed_at(&(0..8)), "{outcome:?}");
        let deep = format!("select {}1{}", "(".repeat(100_000), ")".repeat(100_000));
        assert!(lint(&deep, &[], true, None).failed_at(&(0..5)));
    }
}
