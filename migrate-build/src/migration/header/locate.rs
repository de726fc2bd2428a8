//! Finds a header's values again, for findings that point at them: positions are not kept for ten thousand files.

use toml::de::{DeTable, DeValue};

use super::lines::Lines;
use crate::diagnostic::Span;

/// Returns where the value of `key` stands in a script's header.
pub fn locate(text: &str, key: &str) -> Option<Span> {
    let lines = Lines::of(text)?;
    let (table, _) = DeTable::parse_recoverable(&lines.toml);
    let span = table.get_ref().get(key)?.span();
    Some(Span::new(text, lines.in_text(span.start), lines.in_text(span.end)))
}

/// Returns where `parents` of a script's header names `parent`.
pub fn locate_parent(text: &str, parent: i64) -> Option<Span> {
    let lines = Lines::of(text)?;
    let (table, _) = DeTable::parse_recoverable(&lines.toml);
    let DeValue::Array(parents) = table.get_ref().get("parents")?.get_ref() else { return None };
    let span = parents
        .iter()
        .find(|value| match value.get_ref() {
            DeValue::Integer(version) => i64::from_str_radix(version.as_str(), version.radix()) == Ok(parent),
            _ => false,
        })?
        .span();
    Some(Span::new(text, lines.in_text(span.start), lines.in_text(span.end)))
}

/// Returns where `allow` of a script's header names `rule`.
pub fn locate_allow(text: &str, rule: &str) -> Option<Span> {
    let lines = Lines::of(text)?;
    let (table, _) = DeTable::parse_recoverable(&lines.toml);
    let DeValue::Array(allowed) = table.get_ref().get("allow")?.get_ref() else { return None };
    let names = |value: &DeValue<'_>| match value {
        DeValue::Table(entry) => entry.get("rule").and_then(|name| name.get_ref().as_str()) == Some(rule),
        value => value.as_str() == Some(rule),
    };
    let span = allowed.iter().find(|value| names(value.get_ref()))?.span();
    Some(Span::new(text, lines.in_text(span.start), lines.in_text(span.end)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_keys_and_parents() {
        let text = "--! transaction = false\n--! parents = [1,\n--!   0x10, 3]\nselect 1;\n";
        let span = locate_parent(text, 16).unwrap();
        assert_eq!((&text[span.start..span.end], span.line, span.column), ("0x10", 3, 7));
        let span = locate(text, "transaction").unwrap();
        assert_eq!(&text[span.start..span.end], "false");
        let text = "--! allow = ['a', { rule = 'b', reason = 'c' }]\n";
        let found = |rule| locate_allow(text, rule).map(|span| &text[span.start..span.end]);
        assert_eq!((found("a"), found("b"), found("c")), (Some("'a'"), Some("{ rule = 'b', reason = 'c' }"), None));
        assert_eq!(locate_parent(text, 2), None);
        assert_eq!(locate(text, "irreversible"), None);
        assert_eq!(locate("select 1;", "parents"), None);
    }
}
