//! Writes headers.

use std::fmt::Write;
use std::time::Duration;

use crate::backfill::{Backfill, MAX_LAG};
use crate::migration::{Allow, Header, duration};

/// Returns the `--!` lines that say what `header` says, and nothing for what is the default; [`parse`](super::parse)
/// reads them back.
pub fn render(header: &Header) -> String {
    let Header {
        parents,
        no_transaction,
        irreversible,
        lock_timeout,
        statement_timeout,
        backfill,
        unreviewed,
        reviewed,
        retires,
        revives,
        allow,
        rendered_from,
    } = header;
    let mut out = String::new();
    let mut line = |key: &str, value: &str| _ = writeln!(out, "--! {key} = {value}");
    if let Some(parents) = parents {
        let parents: Vec<String> = parents.iter().map(i64::to_string).collect();
        line("parents", &format!("[{}]", parents.join(", ")));
    }
    if *no_transaction {
        line("transaction", "false");
    }
    if let Some(reason) = irreversible {
        line("irreversible", &string(reason));
    }
    if let Some(timeout) = lock_timeout {
        line("lock-timeout", &string(&duration::format(*timeout)));
    }
    if let Some(timeout) = statement_timeout {
        line("statement-timeout", &string(&duration::format(*timeout)));
    }
    if let Some(Backfill { table, key, batch, pause, max_lag }) = backfill {
        let mut text = format!("{{ table = {}, key = {}, batch = {batch}", string(table), string(key));
        for (name, value, default) in [("pause", pause, &Duration::ZERO), ("max-lag", max_lag, &MAX_LAG)] {
            if value != default {
                let _ = write!(text, ", {name} = {}", string(&duration::format(*value)));
            }
        }
        line("backfill", &format!("{text} }}"));
    }
    if *unreviewed {
        line("reviewed", "false");
    } else if let Some(review) = reviewed {
        line("reviewed", &string(review));
    }
    for (key, tables) in [("retires", retires), ("revives", revives)] {
        if !tables.is_empty() {
            line(key, &list(tables));
        }
    }
    if !allow.is_empty() {
        let items: Vec<String> = allow.iter().map(allowed).collect();
        line("allow", &format!("[{}]", items.join(", ")));
    }
    if let Some(hash) = rendered_from {
        line("rendered-from", &string(hash));
    }
    out
}

fn allowed(allow: &Allow) -> String {
    let Allow { rule, reason } = allow;
    match reason {
        None => string(rule),
        Some(reason) => format!("{{ rule = {}, reason = {} }}", string(rule), string(reason)),
    }
}

fn list(items: &[String]) -> String {
    let items: Vec<String> = items.iter().map(|item| string(item)).collect();
    format!("[{}]", items.join(", "))
}

/// A TOML basic string: on one line, whatever the text holds.
fn string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c.is_control() => _ = write!(out, "\\u{:04X}", u32::from(c)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;
    use std::path::Path;

    #[test]
    fn what_is_rendered_reads_back() {
        let header = Header {
            parents: Some(vec![3, 20_261_123_013_000]),
            no_transaction: true,
            irreversible: Some("a \"quoted\" \\ reason\nof two lines\u{7f} – ü".to_owned()),
            lock_timeout: Some(Duration::from_millis(1500)),
            backfill: Some(Backfill {
                table: "t".to_owned(),
                key: "a \"b\"".to_owned(),
                batch: 5,
                pause: Duration::from_millis(20),
                max_lag: MAX_LAG,
            }),
            statement_timeout: Some(Duration::from_secs(0)),
            unreviewed: true,
            reviewed: None,
            retires: vec!["old\ttable".to_owned(), "Other".to_owned()],
            revives: vec!["again".to_owned()],
            allow: vec![
                Allow { rule: "missing-down".to_owned(), reason: None },
                Allow { rule: "ban-drop-table".to_owned(), reason: Some("nobody \"reads\" it".to_owned()) },
            ],
            rendered_from: Some(format!("sha256:{}", "0a".repeat(32))),
        };
        let text = render(&header);
        assert_eq!(text.lines().count(), 11);
        assert_eq!(parse(&text, Path::new("V1__x.sql")), (header, vec![]));
    }

    #[test]
    fn the_default_is_no_line() {
        assert_eq!(render(&Header::default()), "");
        let base = Header { parents: Some(vec![]), ..Header::default() };
        assert_eq!(render(&base), "--! parents = []\n");
        assert_eq!(parse(&render(&base), Path::new("V1__x.sql")), (base, vec![]));
    }
}
