//! Differences as a diff to read.

use std::fmt::Write as _;

use similar::{ChangeTag, TextDiff};

use crate::schema::compare::{Change, Difference};

/// How much is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most objects to show.
    pub objects: usize,
    /// The most lines of one object's definition to show.
    pub lines: usize,
}

impl Limits {
    /// What a person reads at once.
    pub const TERMINAL: Self = Self { objects: 40, lines: 30 };
    /// Everything.
    pub const NONE: Self = Self { objects: usize::MAX, lines: usize::MAX };
}

/// Shows differences as lines that begin with `-` for what only the first snapshot has, with `+` for what only the second has, and
/// with a space for what stands round a change. Parts of a relation follow it, relations are an empty line apart, and what is beyond the limits is counted.
/// Control characters come out escaped, so that a definition can't play with a terminal.
pub fn render(differences: &[Difference], limits: Limits) -> String {
    let mut sorted: Vec<&Difference> = differences.iter().collect();
    sorted.sort_by_key(|difference| (group(difference), difference.part_of.is_some(), &difference.object));
    let mut out = String::new();
    let mut last = None;
    for difference in sorted.iter().take(limits.objects) {
        if last.is_some_and(|last| last != group(difference)) {
            out.push('\n');
        }
        last = Some(group(difference));
        object(&mut out, difference, limits.lines);
    }
    let left_out = sorted.len().saturating_sub(limits.objects);
    if left_out > 0 {
        let _ = writeln!(out, "\n({left_out} more {} not shown)", if left_out == 1 { "object" } else { "objects" });
    }
    out
}

/// What a difference is shown with: the relation or domain that it is a part of, or itself.
fn group(difference: &Difference) -> &str {
    difference.part_of.as_deref().unwrap_or(&difference.object.identity)
}

fn object(out: &mut String, difference: &Difference, limit: usize) {
    let (sign, lines) = match &difference.change {
        Change::Added { after } => ('+', whole('+', after)),
        Change::Removed { before } => ('-', whole('-', before)),
        Change::Changed { before, after } => (' ', changed(before, after)),
    };
    let title = difference.object.to_string().replace('\n', "\\n");
    let _ = writeln!(out, "{sign} {}", printable(&title));
    for (sign, line) in lines.iter().take(limit) {
        let _ = writeln!(out, "{}", format!("{sign}     {}", printable(line)).trim_end());
    }
    let left_out = lines.len().saturating_sub(limit);
    if left_out > 0 {
        let _ = writeln!(out, "      ({left_out} more {})", if left_out == 1 { "line" } else { "lines" });
    }
}

fn whole(sign: char, text: &str) -> Vec<(char, String)> {
    text.split('\n').filter(|_| !text.is_empty()).map(|line| (sign, line.to_owned())).collect()
}

/// The changed lines with three lines of context, and `…` between far-apart places.
fn changed(before: &str, after: &str) -> Vec<(char, String)> {
    // A last line without its newline would differ from the same line with one.
    let (before, after) = (format!("{before}\n"), format!("{after}\n"));
    let diff = TextDiff::from_lines(&before, &after);
    let mut lines = Vec::new();
    for (index, hunk) in diff.grouped_ops(3).iter().enumerate() {
        if index > 0 {
            lines.push((' ', "…".to_owned()));
        }
        for change in hunk.iter().flat_map(|op| diff.iter_changes(op)) {
            let sign = match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
                ChangeTag::Equal => ' ',
            };
            let value = change.value();
            // An empty definition is the one line "\n", which says nothing.
            if value != "\n" || (before.as_str() != "\n" && after.as_str() != "\n") {
                lines.push((sign, value.strip_suffix('\n').unwrap_or(value).to_owned()));
            }
        }
    }
    lines
}

fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() && character != '\t' {
            out.extend(character.escape_default());
        } else {
            out.push(character);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::object::{Kind, Object};

    fn difference(kind: Kind, identity: &str, part_of: Option<&str>, change: Change) -> Difference {
        Difference {
            object: Object { kind, identity: identity.to_owned() },
            part_of: part_of.map(str::to_owned),
            change,
        }
    }

    fn added(text: &str) -> Change {
        Change::Added { after: text.to_owned() }
    }

    fn removed(text: &str) -> Change {
        Change::Removed { before: text.to_owned() }
    }

    #[test]
    fn parts_follow_their_relation() {
        let differences = [
            difference(Kind::Schema, "z", None, added("owner me")),
            difference(Kind::Table, "a.t", None, removed("")),
            difference(Kind::Column, "a.t.b", Some("a.t"), removed("text\ndefault ''::text")),
            difference(
                Kind::Index,
                "a.i",
                Some("a.s"),
                Change::Changed { before: "CREATE\ninvalid".to_owned(), after: "CREATE".to_owned() },
            ),
        ];
        insta::assert_snapshot!(render(&differences, Limits::TERMINAL), @r"
          index a.i
              CREATE
        -     invalid

        - table a.t
        - column a.t.b
        -     text
        -     default ''::text

        + schema z
        +     owner me
        ");
    }

    #[test]
    fn what_is_left_out_is_counted() {
        let differences = [
            difference(Kind::Table, "a", None, added("1\n2\n3")),
            difference(Kind::Table, "b", None, added("")),
            difference(Kind::Table, "c", None, added("")),
        ];
        insta::assert_snapshot!(render(&differences, Limits { objects: 1, lines: 2 }), @r"
        + table a
        +     1
        +     2
              (1 more line)

        (2 more objects not shown)
        ");
    }

    #[test]
    fn far_apart_changes_have_a_gap_and_empty_definitions_no_line() {
        let long = (0..20).map(|n| n.to_string()).collect::<Vec<_>>().join("\n");
        let other = long.replace("\n2\n", "\ntwo\n").replace("\n17\n", "\n");
        let differences = [
            difference(Kind::Function, "f()", None, Change::Changed { before: long, after: other }),
            difference(Kind::Table, "t", None, Change::Changed { before: String::new(), after: "unlogged".to_owned() }),
        ];
        insta::assert_snapshot!(render(&differences, Limits::NONE), @r"
          function f()
              0
              1
        -     2
        +     two
              3
              4
              5
              …
              14
              15
              16
        -     17
              18
              19

          table t
        +     unlogged
        ");
    }

    #[test]
    fn control_characters_are_escaped() {
        let differences = [difference(Kind::Table, "\"a\nb\"", None, added("comment '\u{1b}[2J\r'"))];
        assert_eq!(render(&differences, Limits::NONE), "+ table \"a\\nb\"\n+     comment '\\u{1b}[2J\\r'\n");
    }
}
