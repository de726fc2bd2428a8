//! Rust source as far as this tool must understand it: where code is, as opposed to comments and literals.

/// Returns `source` with every byte of a comment or a literal replaced by a space, line ends kept: offsets stay the same,
/// and what is left is code.
pub fn mask(source: &str) -> String {
    let bytes = source.as_bytes();
    let mut masked = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = literal_or_comment(source, at);
        if end > at {
            for byte in masked.iter_mut().take(end).skip(at) {
                if !matches!(byte, b'\n' | b'\r') {
                    *byte = b' ';
                }
            }
            at = end;
        } else {
            at += 1;
            while !source.is_char_boundary(at) {
                at += 1;
            }
        }
    }
    // Only whole characters were replaced, so this is still UTF-8.
    String::from_utf8(masked).unwrap_or_default()
}

/// The words and single signs of masked code, each with its offset.
pub fn tokens(masked: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = masked.char_indices().peekable();
    std::iter::from_fn(move || {
        let (start, first) = rest.find(|(_, c)| !c.is_whitespace())?;
        let mut end = start + first.len_utf8();
        if is_word(first) {
            while let Some((at, c)) = rest.next_if(|(_, c)| is_word(*c)) {
                end = at + c.len_utf8();
            }
        }
        masked.get(start..end).map(|token| (start, token))
    })
}

/// Whether masked code defines a function called `name`.
pub fn defines_function(masked: &str, name: &str) -> bool {
    let mut previous = "";
    tokens(masked).any(|(_, token)| {
        previous == "fn" && token == name || {
            previous = token;
            false
        }
    })
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The end of the comment or literal that starts at `at`; `at` itself where none does.
fn literal_or_comment(source: &str, at: usize) -> usize {
    let Some(rest) = source.get(at..) else { return at };
    let inside_word = source.get(..at).and_then(|before| before.chars().next_back()).is_some_and(is_word);
    let length = if rest.starts_with("//") {
        rest.find('\n').unwrap_or(rest.len())
    } else if rest.starts_with("/*") {
        block_comment(rest)
    } else if rest.starts_with('"') {
        1 + quoted(rest.get(1..).unwrap_or_default(), b'"')
    } else if rest.starts_with('\'') {
        character(rest)
    } else if !inside_word {
        raw_string(rest)
    } else {
        0
    };
    at + length
}

fn block_comment(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let (mut depth, mut at) = (0_usize, 0);
    while at < bytes.len() {
        match bytes.get(at..at + 2) {
            Some(b"/*") => (depth, at) = (depth + 1, at + 2),
            Some(b"*/") => {
                (depth, at) = (depth - 1, at + 2);
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    bytes.len()
}

/// The length up to and with the closing quote.
fn quoted(rest: &str, quote: u8) -> usize {
    let mut escaped = false;
    for (at, byte) in rest.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            byte if byte == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// A character literal, told apart from a lifetime by its closing quote.
fn character(rest: &str) -> usize {
    let inner = rest.get(1..).unwrap_or_default();
    let mut chars = inner.chars();
    match (chars.next(), chars.next()) {
        (Some('\\'), _) => 1 + quoted(inner, b'\''),
        (Some(c), Some('\'')) => 2 + c.len_utf8(),
        _ => 0,
    }
}

/// `r"…"`, `r#"…"#`, `br#"…"#`, `cr#"…"#`; a raw identifier (`r#type`) is none.
fn raw_string(rest: &str) -> usize {
    let Some(after) = ["r", "br", "cr"].iter().find_map(|prefix| rest.strip_prefix(prefix)) else { return 0 };
    let hashes = after.bytes().take_while(|&byte| byte == b'#').count();
    let Some(body) = after.get(hashes..).and_then(|after| after.strip_prefix('"')) else { return 0 };
    let closing = format!("\"{}", "#".repeat(hashes));
    let opening = rest.len() - body.len();
    body.find(&closing).map_or(rest.len(), |end| opening + end + closing.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_comments_and_literals_only() {
        for (source, code) in [
            ("a // fn main\nb", "a           \nb"),
            ("a /* x /* y */ z */ b", "a                   b"),
            ("f(\"a\\\"}\", '}', '\\'', b'\"')", "f(      ,    ,     , b   )"),
            ("r#\"\"}\"# r#type br\"{\" x", "        r#type       x"),
            ("fn f<'a>(x: &'a str) {}", "fn f<'a>(x: &'a str) {}"),
            ("'ä' ä", "     ä"),
            ("\"open", "     "),
            ("/* open", "       "),
        ] {
            assert_eq!(mask(source), code, "{source}");
            assert_eq!(mask(source).len(), source.len());
        }
    }

    #[test]
    fn finds_functions_in_code_only() {
        assert!(defines_function(&mask("pub fn  rollback() {}"), "rollback"));
        assert!(!defines_function(&mask("// fn rollback()\nfn rollback_all() {}"), "rollback"));
        assert_eq!(tokens("fn a(b_1)").map(|(_, token)| token).collect::<Vec<_>>(), ["fn", "a", "(", "b_1", ")"]);
    }
}
