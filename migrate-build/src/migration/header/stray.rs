//! Header lines where none are read.

use std::path::Path;

use squawk_lexer::TokenKind;

use super::lines::{Extent, MARK, extent};
use crate::diagnostic::{Diagnostic, Label, Span};
use crate::migration::Direction;
use crate::rules;

/// Finds the `--!` lines of a whole script that are not part of a header: they look as if they had a meaning and have none.
pub fn stray(text: &str, direction: Direction, shown: &Path) -> Option<Diagnostic> {
    if !text.contains(MARK) {
        return None;
    }
    let header = match (direction, extent(text.as_bytes())) {
        (Direction::Down, _) | (_, Extent::None) => 0,
        (Direction::Up, Extent::Ends(end)) => end,
        (Direction::Up, Extent::Open) => return None,
    };
    // A line of a string or of a function's body may well start like this, so the comments are found by the lexer.
    let mut start = header;
    for token in squawk_lexer::tokenize(text.get(header..)?) {
        let end = start + token.len as usize;
        let comment = text.get(start..end).unwrap_or_default();
        let first = text.get(..start).is_some_and(|before| before.is_empty() || before.ends_with('\n'));
        if token.kind == TokenKind::LineComment && first && comment.starts_with(MARK) {
            let (message, help) = match direction {
                Direction::Up => (
                    "a header line stands below the header",
                    "move it up to the first lines of the file, or write a comment as `--`",
                ),
                Direction::Down => (
                    "a down script has no header",
                    "move the line to the first lines of the up script, whose header holds for both ways",
                ),
            };
            return Some(Diagnostic {
                labels: vec![Label {
                    path: shown.to_owned(),
                    span: Some(Span::new(text, start, start + comment.trim_end().len())),
                    text: "this line is not read".to_owned(),
                }],
                helps: vec![help.to_owned()],
                ..rules::MALFORMED_HEADER.finding(message)
            });
        }
        start = end;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, direction: Direction) -> Option<usize> {
        stray(text, direction, Path::new("x.sql")).map(|finding| finding.labels[0].span.unwrap().line)
    }

    #[test]
    fn finds_lines_that_are_not_read() {
        assert_eq!(line("--! parents = [1]\nselect 1;\n", Direction::Up), None);
        assert_eq!(line("--! parents = [1]", Direction::Up), None);
        assert_eq!(line("--! parents = [1]\n\n--! transaction = false\n", Direction::Up), Some(3));
        assert_eq!(line("-- licence\n--! parents = [1]\nselect 1;\n", Direction::Up), Some(2));
        assert_eq!(line("select 1; --! no\ndo $$\n--! body\n$$;", Direction::Up), None);
        assert_eq!(line("--! transaction = false\n", Direction::Down), Some(1));
    }
}
