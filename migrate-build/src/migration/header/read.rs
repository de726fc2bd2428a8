//! Reads headers.

use std::ops::Range;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use super::lines::Lines;
use super::value::{Reader, Value};
use crate::diagnostic::Diagnostic;
use crate::migration::{Allow, Header};
use crate::nearest::nearest;
use crate::{rules, settings};

/// The keys of a header.
pub const KEYS: [&str; 11] = [
    "parents",
    "transaction",
    "irreversible",
    "lock-timeout",
    "statement-timeout",
    "backfill",
    "reviewed",
    "retires",
    "revives",
    "allow",
    "rendered-from",
];

/// Reads the header of a script, of which `text` may be the first part only; a script without one has the default header.
/// What can be read is returned along with the findings about the rest.
pub fn parse(text: &str, shown: &Path) -> (Header, Vec<Diagnostic>) {
    let mut header = Header::default();
    let Some(lines) = Lines::of(text) else { return (header, Vec::new()) };
    let (table, errors) = DeTable::parse_recoverable(&lines.toml);
    let mut reader = Reader { text, shown, lines: &lines, out: Vec::new() };
    // One finding a mistake: what follows the first one of a line is guesswork, and so is what is found in a line that is
    // right by itself, since a bracket or a quote may be open above it.
    let mut broken: Vec<usize> = Vec::new();
    let mut places = Vec::with_capacity(errors.len());
    for (at, error) in errors.iter().enumerate() {
        let span = error.span().unwrap_or(0..lines.toml.len());
        places.push(span.start);
        let line = line_of(&lines.toml, span.start);
        let alone = lines.toml.lines().nth(line).unwrap_or_default();
        if !broken.contains(&line) && (at == 0 || !DeTable::parse_recoverable(alone).1.is_empty()) {
            broken.push(line);
            let help = "each line is `--! key = value`, as in `--! parents = [1]` or `--! lock-timeout = \"5s\"`";
            reader.refuse(span, format!("the header is not valid TOML: {}", error.message()), help);
        }
    }
    let mut entries: Vec<_> = table.get_ref().iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    for (key, value) in entries {
        let whole = key.span().start..=value.span().end;
        let is_broken = places.iter().any(|place| whole.contains(place));
        if !is_broken && !broken.contains(&line_of(&lines.toml, key.span().start)) {
            let value = Value { key: key.get_ref(), at: value.span(), value: value.get_ref() };
            reader.entry(&mut header, key.span(), &value);
        }
    }
    let mut findings = reader.out;
    findings.sort_by_key(|finding| finding.labels.first().and_then(|label| label.span).map(|span| span.start));
    (header, findings)
}

fn line_of(text: &str, offset: usize) -> usize {
    text.get(..offset).unwrap_or(text).matches('\n').count()
}

impl Reader<'_> {
    fn entry(&mut self, header: &mut Header, key: Range<usize>, value: &Value<'_>) {
        match value.key {
            "parents" => header.parents = self.parents(value),
            "transaction" => header.no_transaction = !self.boolean(value).unwrap_or(true),
            "irreversible" => header.irreversible = self.reason(value),
            "lock-timeout" => header.lock_timeout = self.lock_timeout(value),
            "statement-timeout" => header.statement_timeout = self.duration(value),
            "backfill" => header.backfill = self.backfill(value),
            "reviewed" => match value.value {
                DeValue::String(_) => header.reviewed = self.review(value),
                _ => header.unreviewed = !self.boolean(value).unwrap_or(true),
            },
            "retires" => header.retires = self.tables(value),
            "revives" => header.revives = self.tables(value),
            "allow" => header.allow = self.allowed(value),
            "rendered-from" => header.rendered_from = self.hash(value),
            unknown => {
                let help = match nearest(unknown, KEYS) {
                    Some(known) => format!("did you mean `{known}`?"),
                    None => format!("the keys of a header are `{}`", KEYS.join("`, `")),
                };
                self.refuse(key, format!("unknown key `{unknown}` in the header"), help);
            }
        }
    }

    fn parents(&mut self, value: &Value<'_>) -> Option<Vec<i64>> {
        let mut parents: Vec<i64> = Vec::new();
        for item in self.list(value, "versions", "20261123013000")? {
            let DeValue::Integer(number) = item.get_ref() else {
                let help = "write versions as plain numbers, as in `parents = [20261123013000]`";
                self.wrong_type(&item.span(), "`parents` takes a list of versions", item.get_ref(), help);
                continue;
            };
            match i64::from_str_radix(number.as_str(), number.radix()) {
                Ok(version) if version > 0 && parents.contains(&version) => {
                    self.refuse(item.span(), format!("`parents` names {version} twice"), "name each parent once");
                }
                Ok(version) if version > 0 => parents.push(version),
                _ => {
                    let help = format!("versions are whole numbers from 1 to {}", i64::MAX);
                    self.refuse(item.span(), format!("version `{number}` is out of range"), help);
                }
            }
        }
        Some(parents)
    }

    fn reason(&mut self, value: &Value<'_>) -> Option<String> {
        let example = "drops the data of `books`";
        let reason = self.string(value, example)?;
        if reason.trim().is_empty() {
            let help = format!("say why there is no way back, as in `irreversible = \"{example}\"`");
            self.refuse(value.at.clone(), "`irreversible` gives no reason", help);
            return None;
        }
        Some(reason.to_owned())
    }

    fn review(&mut self, value: &Value<'_>) -> Option<String> {
        let review = self.string(value, "ada, 2026-11-23")?;
        if review.trim().is_empty() {
            let help = "say who has reviewed it, or write `reviewed = false`";
            self.refuse(value.at.clone(), "`reviewed` names nobody", help);
            return None;
        }
        Some(review.to_owned())
    }

    fn tables(&mut self, value: &Value<'_>) -> Vec<String> {
        let mut tables = Vec::new();
        for (at, table) in self.strings(value, "tables", "old_table") {
            if table.trim().is_empty() {
                let message = format!("`{}` names a table without a name", value.key);
                self.refuse(at, message, "write the table's name between the quotes");
            } else {
                tables.push(table.to_owned());
            }
        }
        tables
    }

    fn allowed(&mut self, value: &Value<'_>) -> Vec<Allow> {
        let mut allowed: Vec<Allow> = Vec::new();
        for item in self.list(value, "rules", "\"missing-down\"").into_iter().flatten() {
            let entry = match item.get_ref() {
                DeValue::String(name) => Some((item.span(), name.as_ref(), None)),
                DeValue::Table(table) => self.allowed_with_reason(item.span(), table),
                other => {
                    let help = "write each in quotes, as in `allow = [\"missing-down\"]`";
                    self.wrong_type(&item.span(), "`allow` takes a list of rules", other, help);
                    None
                }
            };
            let Some((at, name, reason)) = entry else { continue };
            match rules::known(name) {
                Some(rule) if settings::is_fixed(rule) => {
                    let message = format!("`{name}` can't be allowed");
                    self.refuse(at, message, format!("mend what it finds: {}", settings::why_fixed(rule)));
                }
                Some(rule) if allowed.iter().any(|allow| allow.rule == rule) => {
                    self.refuse(at, format!("`allow` names `{name}` twice"), "name each rule once");
                }
                Some(rule) => allowed.push(Allow { rule: rule.to_owned(), reason }),
                None => {
                    let help = match rules::nearest(name) {
                        Some(known) => format!("did you mean `{known}`?"),
                        None => "`cargo migrate explain` lists the rules".to_owned(),
                    };
                    self.refuse(at, format!("unknown rule `{name}`"), help);
                }
            }
        }
        allowed
    }

    /// `{ rule = "missing-down", reason = "why" }`
    fn allowed_with_reason<'a>(
        &mut self,
        at: Range<usize>,
        table: &'a DeTable<'a>,
    ) -> Option<(Range<usize>, &'a str, Option<String>)> {
        const EXAMPLE: &str = "write `{ rule = \"missing-down\", reason = \"why\" }`";
        for (key, _) in table {
            if !["rule", "reason"].contains(&key.get_ref().as_ref()) {
                self.refuse(key.span(), format!("unknown key `{}` in `allow`", key.get_ref()), EXAMPLE);
                return None;
            }
        }
        let string = |key: &str| table.get(key).map(|value| (value.span(), value.get_ref().as_str()));
        let reason = match string("reason") {
            Some((_, Some(reason))) if !reason.trim().is_empty() => Some(reason.to_owned()),
            Some((at, _)) => {
                self.refuse(at, "`reason` says nothing", EXAMPLE);
                None
            }
            None => None,
        };
        match string("rule") {
            Some((at, Some(rule))) => Some((at, rule, reason)),
            _ => {
                self.refuse(at, "an entry of `allow` names no rule", EXAMPLE);
                None
            }
        }
    }

    fn hash(&mut self, value: &Value<'_>) -> Option<String> {
        let hash = self.string(value, "sha256:…")?;
        let digits = hash.strip_prefix("sha256:").unwrap_or_default();
        if digits.len() == 64 && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            return Some(hash.to_owned());
        }
        let help = "run `cargo migrate render`, which writes this line";
        self.refuse(value.at.clone(), "`rendered-from` is not the hash of a source", help);
        None
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn read(text: &str) -> (Header, Vec<String>) {
        let (header, findings) = parse(text, Path::new("V9__x.sql"));
        let findings = findings.iter().map(|f| format!("{} {} | {}", f.location(), f.message, f.helps.join(" | ")));
        (header, findings.collect())
    }

    #[track_caller]
    fn refused(line: &str, expected: &str) {
        assert_eq!(read(&format!("--! {line}\nselect 1;\n")).1, [format!("V9__x.sql:{expected}")]);
    }

    #[test]
    fn reads_every_key() {
        let (header, findings) = read(
            "--! parents = [1, 2] # two\n--!transaction=false\n--!\n--! lock-timeout = \"5s\"\n--! allow = [\n--!   'missing-down',\n--! ]\nselect 1;\n--! reviewed = false",
        );
        assert_eq!(findings, Vec::<String>::new());
        assert_eq!(header.parents, Some(vec![1, 2]));
        assert!(header.no_transaction);
        assert!(!header.unreviewed);
        assert_eq!(header.lock_timeout, Some(Duration::from_secs(5)));
        assert_eq!(header.allow, [Allow { rule: "missing-down".to_owned(), reason: None }]);
        assert_eq!(read("select 1;"), (Header::default(), vec![]));
    }

    #[test]
    fn refuses_with_place_and_cure() {
        refused("parent = [1]", "1:5 unknown key `parent` in the header | did you mean `parents`?");
        refused(
            "colour = 1",
            "1:5 unknown key `colour` in the header | the keys of a header are `parents`, `transaction`, `irreversible`, \
             `lock-timeout`, `statement-timeout`, `backfill`, `reviewed`, `retires`, `revives`, `allow`, `rendered-from`",
        );
        refused(
            "parents = 1",
            "1:15 `parents` takes a list of versions, found a number | write `parents = [20261123013000]`",
        );
        refused(
            "parents = [\"1\"]",
            "1:16 `parents` takes a list of versions, found a string | write versions as plain numbers, as in `parents = [20261123013000]`",
        );
        refused(
            "parents = [1, 0]",
            "1:19 version `0` is out of range | versions are whole numbers from 1 to 9223372036854775807",
        );
        refused(
            "parents = [9223372036854775808]",
            "1:16 version `9223372036854775808` is out of range | versions are whole numbers from 1 to 9223372036854775807",
        );
        refused("parents = [1, 1]", "1:19 `parents` names 1 twice | name each parent once");
        refused(
            "transaction = \"no\"",
            "1:19 `transaction` takes `true` or `false`, found a string | write `transaction = false`",
        );
        refused(
            "irreversible = \" \"",
            "1:20 `irreversible` gives no reason | say why there is no way back, as in `irreversible = \"drops the data of `books`\"`",
        );
        refused(
            "lock-timeout = 5",
            "1:20 `lock-timeout` takes a string, found a number | write `lock-timeout = \"5s\"`",
        );
        refused(
            "lock-timeout = \"5m\"",
            "1:20 `lock-timeout`: `m` is not a unit of time | write a whole number and a unit out of `ms`, `s`, `min`, `h`, `d`, for example `5s`",
        );
        refused(
            "lock-timeout = \"0s\"",
            "1:20 `lock-timeout`: `0` is no limit to PostgreSQL: the migration would queue for a lock, and everybody who wants \
             the table behind it | write how long it may wait, for example `3s`, or run it by `--on-blocked wait` if it shall queue",
        );
        for (backfill, expected) in [
            (
                "1",
                "1:16 `backfill` takes a table and its key, found a number | write `backfill = { table = \"books\", key = \"id\", batch = 1000 }`",
            ),
            (
                "{ table = \"t\" }",
                "1:16 `backfill` has no `key` | write `backfill = { table = \"books\", key = \"id\", batch = 1000 }`",
            ),
            (
                "{ table = \"t\", key = [\"a\", \"b\"] }",
                "1:37 a backfill goes by one column, not by several | name one column that an index begins with; rows of equal keys are in one batch",
            ),
            (
                "{ table = \"t\", key = \"a, b\" }",
                "1:37 a backfill goes by one column, not by several | name one column that an index begins with; rows of equal keys are in one batch",
            ),
            ("{ table = \"t\", key = \"a\", batch = 0 }", "1:50 `batch` is no number of rows | write `batch = 1000`"),
            (
                "{ table = \"t\", key = \"a\", bach = 1 }",
                "1:42 unknown key `bach` in `backfill` | did you mean `batch`?",
            ),
        ] {
            refused(&format!("backfill = {backfill}"), expected);
        }
        refused("allow = [\"missing-downs\"]", "1:14 unknown rule `missing-downs` | did you mean `missing-down`?");
        refused("allow = [\"long-lok\"]", "1:14 unknown rule `long-lok` | did you mean `long-lock`?");
        refused("allow = [\"long-lock\", \"long-lock\"]", "1:27 `allow` names `long-lock` twice | name each rule once");
        let example = "write `{ rule = \"missing-down\", reason = \"why\" }`";
        refused("allow = [{ reason = \"x\" }]", &format!("1:14 an entry of `allow` names no rule | {example}"));
        refused(
            "allow = [{ rule = \"long-lock\", why = \"x\" }]",
            &format!("1:36 unknown key `why` in `allow` | {example}"),
        );
        refused(
            "allow = [{ rule = \"long-lock\", reason = \" \" }]",
            &format!("1:45 `reason` says nothing | {example}"),
        );
        refused(
            "allow = [\"duplicate-version\"]",
            "1:14 `duplicate-version` can't be allowed | mend what it finds: without what the rule demands there is no history to apply",
        );
        refused(
            "rendered-from = \"sha256:12\"",
            "1:21 `rendered-from` is not the hash of a source | run `cargo migrate render`, which writes this line",
        );
        refused(
            "retires = [\"\"]",
            "1:16 `retires` names a table without a name | write the table's name between the quotes",
        );
    }

    #[test]
    fn one_mistake_is_one_finding() {
        for text in [
            "--! parents = [1\n--! lock-timeout = \"5s\"\n",
            "--! parents = [1\n--! reviewed = false\n--! transaction = false\n",
            "--! parents = [1 2]\n--! reviewed = false\n",
            "--! irreversible = \"open\n--! parents = [1]\n",
            "--! parents = 1]\n",
            "--! parents [1]\n--! parents = [2]\n",
        ] {
            let (_, findings) = read(text);
            assert_eq!(findings.len(), 1, "{text:?}: {findings:#?}");
            assert!(findings[0].contains("the header is not valid TOML: "), "{findings:#?}");
        }
        assert_eq!(read("--! parents [1]\n--! transaction false\n").1.len(), 2);
    }

    #[test]
    fn all_findings_at_once_and_what_can_be_read() {
        let (header, findings) = read("--! parents = [1\n--! ]\n--! lock-timeout = 'x'\n--! transaction false\n");
        assert_eq!(header.parents, Some(vec![1]));
        assert_eq!(findings.len(), 2, "{findings:#?}");
        assert!(findings[0].starts_with("V9__x.sql:3:20 "), "{findings:#?}");
        assert!(findings[1].contains("the header is not valid TOML: "), "{findings:#?}");
        assert!(findings[1].starts_with("V9__x.sql:4:"), "{findings:#?}");
    }
}
