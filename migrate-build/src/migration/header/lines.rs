//! Which lines of a script are its header, and where each of its bytes stands in the script.

/// How every line of a header starts.
pub(super) const MARK: &str = "--!";

/// How far a header reaches in the first bytes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// There is none.
    None,
    /// It ends before this byte.
    Ends(usize),
    /// More bytes are needed to tell.
    Open,
}

/// Finds the header in the first bytes of a file: the first lines that start with `--!`, after blank lines at most.
pub(crate) fn extent(bytes: &[u8]) -> Extent {
    let mut started = false;
    let mut at = 0;
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let (line, whole) = match rest.iter().position(|&byte| byte == b'\n') {
            Some(end) => (rest.get(..end).unwrap_or_default(), true),
            None => (rest, false),
        };
        if line.starts_with(MARK.as_bytes()) {
            started = true;
        } else if !(whole && !started && line.trim_ascii().is_empty()) {
            let undecided = !whole && (MARK.as_bytes().starts_with(line) || (!started && line.trim_ascii().is_empty()));
            return match (undecided, started) {
                (true, _) => Extent::Open,
                (false, true) => Extent::Ends(at),
                (false, false) => Extent::None,
            };
        }
        if !whole {
            return Extent::Open;
        }
        at += line.len() + 1;
    }
}

/// A header's TOML.
#[derive(Debug)]
pub(super) struct Lines {
    /// The lines without their `--!` and the one space after it.
    pub(super) toml: String,
    /// For each line: where it starts in `toml`, and where that is in the script.
    starts: Vec<(usize, usize)>,
}

impl Lines {
    /// The header of `text`, which is folded and may be no more than the script's first part.
    pub(super) fn of(text: &str) -> Option<Self> {
        let end = match extent(text.as_bytes()) {
            Extent::None => return None,
            Extent::Ends(end) => end,
            Extent::Open => text.len(),
        };
        let mut lines = Self { toml: String::new(), starts: Vec::new() };
        let mut at = 0;
        for line in text.get(..end)?.split_inclusive('\n') {
            if let Some(toml) = line.strip_prefix(MARK) {
                let toml = toml.strip_prefix(' ').unwrap_or(toml);
                lines.starts.push((lines.toml.len(), at + line.len() - toml.len()));
                lines.toml.push_str(toml);
            }
            at += line.len();
        }
        (!lines.starts.is_empty()).then_some(lines)
    }

    /// Where the byte `offset` of the TOML stands in the script.
    pub(super) fn in_text(&self, offset: usize) -> usize {
        let line = self.starts.partition_point(|&(toml, _)| toml <= offset).saturating_sub(1);
        self.starts.get(line).map_or(0, |&(toml, text)| text + offset - toml)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_the_first_marked_lines() {
        assert_eq!(extent(b"select 1;"), Extent::None);
        assert_eq!(extent(b"-- a comment\n--! x"), Extent::None);
        assert_eq!(extent(b"--! a\nselect"), Extent::Ends(6));
        assert_eq!(extent(b"\n \r\n--!a\n--!b\n\n--!c\n"), Extent::Ends(14));
        assert_eq!(extent(b"--! a\n--"), Extent::Open);
        assert_eq!(extent(b"--! a\n--! b"), Extent::Open);
        assert_eq!(extent(b"--! a\n-- b"), Extent::Ends(6));
        assert_eq!(extent(b" \n "), Extent::Open);
        assert_eq!(extent(b""), Extent::Open);
    }

    #[test]
    fn offsets_lead_back_to_the_script() {
        let text = "\n--! a = [\n--!1,\n--!   2]\nselect 1;";
        let lines = Lines::of(text).unwrap();
        assert_eq!(lines.toml, "a = [\n1,\n  2]\n");
        for digit in ["a", "1", "2", "]"] {
            let offset = lines.in_text(lines.toml.find(digit).unwrap());
            assert!(text[offset..].starts_with(digit), "{digit}");
        }
        assert_eq!(lines.in_text(lines.toml.len()), text.find("select").unwrap());
        assert!(Lines::of("  ").is_none());
        assert!(Lines::of("").is_none());
    }
}
