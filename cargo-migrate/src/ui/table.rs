//! Tables for people: columns as wide as their widest cell.

use std::fmt::Write;

use anstyle::Style;

use super::text::printable;

/// One cell: a text and its style.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    text: String,
    style: Style,
}

impl Cell {
    /// A cell in `style`; control characters in `text` are escaped.
    pub fn styled(text: impl AsRef<str>, style: Style) -> Self {
        Self { text: printable(text.as_ref()).into_owned(), style }
    }
}

impl<T: AsRef<str>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::styled(text, Style::new())
    }
}

/// Returns the lines of a table, without a frame and without trailing spaces; headings are bold.
pub fn render(headings: &[&str], rows: &[Vec<Cell>]) -> Vec<String> {
    let head: Vec<Cell> = headings.iter().map(|heading| Cell::styled(heading, super::style::STRONG)).collect();
    let mut widths: Vec<usize> = Vec::new();
    for row in std::iter::once(&head).chain(rows) {
        for (column, cell) in row.iter().enumerate() {
            let width = cell.text.chars().count();
            match widths.get_mut(column) {
                Some(widest) => *widest = width.max(*widest),
                None => widths.push(width),
            }
        }
    }
    let line = |row: &Vec<Cell>| {
        let mut out = String::new();
        let mut gap = 0;
        for (cell, width) in row.iter().zip(&widths) {
            if !cell.text.is_empty() {
                let style = cell.style;
                let _ = write!(out, "{:gap$}{style}{}{style:#}", "", cell.text);
                gap = 0;
            }
            gap += width - cell.text.chars().count() + 2;
        }
        out
    };
    std::iter::once(&head).chain(rows).map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_and_lines_end_with_text() {
        let rows = vec![
            vec![Cell::from("1"), "create_books".into(), "applied".into()],
            vec!["20261123013000".into(), "x".into(), "".into()],
            vec!["2".into(), "".into(), "pending".into()],
        ];
        let plain: Vec<String> = render(&["VERSION", "NAME", "STATE"], &rows)
            .iter()
            .map(|l| anstream::adapter::strip_str(l).to_string())
            .collect();
        assert_eq!(
            plain,
            [
                "VERSION         NAME          STATE",
                "1               create_books  applied",
                "20261123013000  x",
                "2                             pending",
            ]
        );
    }
}
