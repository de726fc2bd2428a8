//! A statement's tokens, and a cursor over them.

use std::ops::Range;

use squawk_lexer::TokenKind;

use super::names::Relation;

/// What a token is, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A keyword or a bare name.
    Word,
    /// A name in double quotes.
    Quoted,
    /// `(`, `[` or `{`.
    Open,
    /// Their ends.
    Close,
    /// `,`
    Comma,
    /// `.`
    Dot,
    /// A string, a number, or a sign.
    Other,
}

/// One token that is no blank and no comment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
    /// How many parentheses enclose it.
    pub(super) depth: usize,
}

impl Token<'_> {
    /// Whether it is the keyword `word`, which is given in upper case.
    pub(super) fn is(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(word)
    }
}

fn tokens(sql: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let (mut at, mut depth) = (0, 0_usize);
    for token in squawk_lexer::tokenize(sql) {
        let start = at;
        at += token.len as usize;
        let kind = match token.kind {
            TokenKind::Whitespace
            | TokenKind::LineComment
            | TokenKind::BlockComment { .. }
            | TokenKind::Eof
            | TokenKind::Semi => continue,
            TokenKind::Ident => Kind::Word,
            TokenKind::QuotedIdent { .. } => Kind::Quoted,
            TokenKind::OpenParen | TokenKind::OpenBracket | TokenKind::OpenCurly => Kind::Open,
            TokenKind::CloseParen | TokenKind::CloseBracket | TokenKind::CloseCurly => Kind::Close,
            TokenKind::Comma => Kind::Comma,
            TokenKind::Dot => Kind::Dot,
            _ => Kind::Other,
        };
        if kind == Kind::Close {
            depth = depth.saturating_sub(1);
        }
        tokens.push(Token { kind, text: sql.get(start..at).unwrap_or_default(), depth });
        if kind == Kind::Open {
            depth += 1;
        }
    }
    tokens
}

/// A place in a statement's tokens.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'a> {
    tokens: Vec<Token<'a>>,
    at: usize,
}

impl<'a> Cursor<'a> {
    /// The start of `sql`.
    pub(super) fn new(sql: &'a str) -> Self {
        Self { tokens: tokens(sql), at: 0 }
    }

    /// The start of these tokens.
    pub(super) fn of(tokens: Vec<Token<'a>>) -> Self {
        Self { tokens, at: 0 }
    }

    /// What is left.
    pub(super) fn rest(&self) -> &[Token<'a>] {
        self.tokens.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<Token<'a>> {
        self.tokens.get(self.at).copied()
    }

    pub(super) fn next(&mut self) -> Option<Token<'a>> {
        let token = self.peek()?;
        self.at += 1;
        Some(token)
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.tokens.len()
    }

    /// Whether the next words are `words`, which stand in one string, parted by blanks.
    pub(super) fn looks_at(&self, words: &str) -> bool {
        let rest = self.rest();
        words.split(' ').enumerate().all(|(at, word)| rest.get(at).is_some_and(|token| token.is(word)))
    }

    /// Goes past `words` if they are next.
    pub(super) fn eat(&mut self, words: &str) -> bool {
        let found = self.looks_at(words);
        if found {
            self.at += words.split(' ').count();
        }
        found
    }

    /// Goes past whichever of `words` are next, in any order.
    pub(super) fn skip_any(&mut self, words: &[&str]) {
        while words.iter().any(|words| self.eat(words)) {}
    }

    /// Goes to just behind the first `words` at the depth of the cursor; stays where there is none.
    pub(super) fn seek(&mut self, words: &str) -> bool {
        let start = self.at;
        let Some(depth) = self.peek().map(|token| token.depth) else { return false };
        while let Some(token) = self.peek() {
            if token.depth == depth && self.eat(words) {
                return true;
            }
            self.at += 1;
        }
        self.at = start;
        false
    }

    /// Whether the keywords `words` are anywhere ahead outside of further parentheses.
    pub(super) fn has(&self, words: &str) -> bool {
        self.clone().seek(words)
    }

    /// Whether the next token is an opening parenthesis.
    pub(super) fn is_open(&self) -> bool {
        self.peek().is_some_and(|token| token.kind == Kind::Open)
    }

    /// Goes past a pair of parentheses and what is in it, if it is next, and returns that.
    pub(super) fn group(&mut self) -> Option<Self> {
        let open = self.peek().filter(|token| token.kind == Kind::Open)?;
        self.at += 1;
        let start = self.at;
        while let Some(token) = self.next() {
            if token.kind == Kind::Close && token.depth == open.depth {
                return Some(self.part(start..self.at - 1));
            }
        }
        Some(self.part(start..self.at))
    }

    /// One name.
    pub(super) fn name(&mut self) -> Option<String> {
        let token = self.peek()?;
        let name = match token.kind {
            Kind::Word => token.text.to_lowercase(),
            Kind::Quoted => token.text.trim_start_matches(['U', 'u', '&']).trim_matches('"').replace("\"\"", "\""),
            _ => return None,
        };
        self.at += 1;
        Some(name)
    }

    fn parts(&mut self) -> Option<Vec<String>> {
        let mut parts = vec![self.name()?];
        while self.peek().is_some_and(|token| token.kind == Kind::Dot) {
            self.at += 1;
            parts.extend(self.name());
        }
        Some(parts)
    }

    /// The table of `table.column` or `schema.table.column`.
    pub(super) fn table_of_column(&mut self) -> Option<Relation> {
        let mut parts = self.parts()?;
        parts.pop();
        let name = parts.pop()?;
        Some(Relation { schema: parts.pop(), name })
    }

    /// A name with or without a schema, and the `*` that may follow.
    pub(super) fn relation(&mut self) -> Option<Relation> {
        let mut parts = self.parts()?;
        if self.peek().is_some_and(|token| token.text == "*") {
            self.at += 1;
        }
        // `database.schema.table` is allowed where the database is the one at hand.
        let name = parts.pop()?;
        Some(Relation { schema: parts.pop(), name })
    }

    /// Names parted by commas, each with or without `ONLY`.
    pub(super) fn relations(&mut self) -> Vec<Relation> {
        let mut relations = Vec::new();
        loop {
            self.eat("ONLY");
            let Some(relation) = self.relation() else { break };
            relations.push(relation);
            if self.is_open() {
                drop(self.group());
            }
            if self.peek().is_none_or(|token| token.kind != Kind::Comma) {
                break;
            }
            self.at += 1;
        }
        relations
    }

    /// What is left, cut at the commas outside of parentheses.
    pub(super) fn items(&self) -> Vec<Self> {
        let Some(depth) = self.peek().map(|token| token.depth) else { return Vec::new() };
        let mut items = Vec::new();
        let mut start = self.at;
        for (at, token) in self.tokens.iter().enumerate().skip(self.at) {
            if token.kind == Kind::Comma && token.depth == depth {
                items.push(self.part(start..at));
                start = at + 1;
            }
        }
        items.push(self.part(start..self.tokens.len()));
        items
    }

    /// The next `count` tokens alone.
    pub(super) fn first(&self, count: usize) -> Self {
        self.part(self.at..(self.at + count).min(self.tokens.len()))
    }

    fn part(&self, range: Range<usize>) -> Self {
        Self { tokens: self.tokens.get(range).unwrap_or_default().to_vec(), at: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_knows_depth_and_words() {
        let mut cursor = Cursor::new("alter table /* x */ \"T\" add a int check (a in (1, 2)), drop b -- c");
        assert!(cursor.eat("ALTER TABLE"));
        assert_eq!(cursor.relation(), Some(Relation::unqualified("T")));
        assert_eq!(cursor.items().len(), 2);
        assert!(!cursor.has("IN") && cursor.has("DROP B"));
        assert!(cursor.seek("CHECK"));
        assert_eq!(cursor.group().unwrap().rest().len(), 7);
        assert_eq!(cursor.next().map(|token| token.kind), Some(Kind::Comma));
    }

    #[test]
    fn what_is_not_closed_ends_with_the_text() {
        let mut cursor = Cursor::new("(a, (b");
        assert_eq!(cursor.group().unwrap().rest().len(), 4);
        assert!(cursor.is_at_end());
        assert!(Cursor::new("").items().is_empty());
    }
}
