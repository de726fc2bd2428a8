//! The headers that most scripts have, read without a TOML parser: an unoptimised build script spends most of its time there.

use super::lines::MARK;
use crate::migration::Header;

/// Reads a header that holds nothing but `parents = [1, 2]`, `transaction = false` and `reviewed = false`, each as
/// [`render`](super::render) writes it. Returns `Some(None)` for a script that begins with a statement, and `None` for
/// everything else, which [`parse`](super::parse) has to look at.
pub(crate) fn parse_plain(text: &str) -> Option<Option<Header>> {
    let mut header = Header::default();
    let mut rest = text;
    while let Some(line) = rest.strip_prefix("--! ") {
        let (line, after) = line.split_once('\n')?;
        match line {
            "transaction = false" if !header.no_transaction => header.no_transaction = true,
            "reviewed = false" if !header.unreviewed => header.unreviewed = true,
            line if header.parents.is_none() => {
                header.parents = Some(parents(line.strip_prefix("parents = [")?.strip_suffix(']')?)?);
            }
            _ => return None,
        }
        rest = after;
    }
    let blank = rest.is_empty() || rest.starts_with(char::is_whitespace);
    match rest.len() == text.len() {
        // Blank lines may stand before a header, and its mark may be cut off.
        true if blank || MARK.starts_with(rest) || rest.starts_with(MARK) => None,
        true => Some(None),
        false if rest.starts_with(MARK) || (!rest.is_empty() && MARK.starts_with(rest)) => None,
        false => Some(Some(header)),
    }
}

fn parents(list: &str) -> Option<Vec<i64>> {
    let mut parents = Vec::new();
    if list.is_empty() {
        return Some(parents);
    }
    for number in list.split(", ") {
        // Signs, leading zeros and underscores are TOML's affair.
        if !matches!(number.as_bytes(), [b'1'..=b'9', ..]) {
            return None;
        }
        let version = number.parse().ok()?;
        if parents.contains(&version) {
            return None;
        }
        parents.push(version);
    }
    Some(parents)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::migration::header::{parse, render};

    #[test]
    fn what_it_reads_is_what_toml_says() {
        let mut read = 0;
        for text in [
            "--! parents = [1]\nselect 1;\n",
            "--! parents = []\nselect 1;\n",
            "--! parents = [1, 20261123013000]\n--! transaction = false\n--! reviewed = false\n",
            "--! reviewed = false\n--! parents = [9223372036854775807]\n\n--! parents = [2]\n",
            "--! transaction = false\n-- a comment\n",
            "select 1;",
            "-- a comment\n--! parents = [1]\n",
            "",
            "\n--! parents = [1]\n",
            " --! parents = [1]\n",
            "--! parents = [1]",
            "--! parents = [1]\n--",
            "--! parents = [1]\n--!",
            "--! parents = [1]\n--!transaction = false\n",
            "--! parents = [1]\n--! parents = [2]\n",
            "--! parents = [1, 1]\n",
            "--! parents = [1,2]\n",
            "--! parents = [01]\n",
            "--! parents = [+1]\n",
            "--! parents = [1_0]\n",
            "--! parents = [0]\n",
            "--! parents = [-1]\n",
            "--! parents = [9223372036854775808]\n",
            "--! parents = [1,]\n",
            "--! parents = [1] # one\n",
            "--! transaction = false\n--! transaction = false\n",
            "--! transaction = true\n",
            "--! lock-timeout = \"5s\"\n",
            "--! parents = [1\n--! ]\n",
        ] {
            if let Some(header) = parse_plain(text) {
                read += 1;
                assert_eq!(parse(text, Path::new("x.sql")), (header.unwrap_or_default(), vec![]), "{text:?}");
            }
        }
        assert_eq!(read, 7);
    }

    #[test]
    fn it_reads_what_is_written_for_most() {
        let header = Header {
            parents: Some(vec![3, 20_261_123_013_000]),
            no_transaction: true,
            unreviewed: true,
            reviewed: None,
            ..Header::default()
        };
        assert_eq!(parse_plain(&(render(&header) + "select 1;")), Some(Some(header)));
        assert_eq!(parse_plain("create table a ();"), Some(None));
    }
}
