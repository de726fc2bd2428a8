//! Names in `CREATE INDEX CONCURRENTLY` and `DROP INDEX CONCURRENTLY`, which tell whether an interrupted one ran.

use squawk_lexer::TokenKind;

/// The names of a `CREATE INDEX CONCURRENTLY`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ConcurrentIndex {
    /// The index as the catalogue has it: folded to lower case, or unquoted.
    pub name: String,
    /// Its table as it is written, with its schema where it has one.
    pub table: String,
}

/// Reads the names of a `CREATE INDEX CONCURRENTLY`; `None` where the index has no name of its own.
pub(crate) fn parse(sql: &str) -> Option<ConcurrentIndex> {
    let mut tokens = tokens(sql).into_iter().peekable();
    tokens.by_ref().find(|token| token.is("concurrently"))?;
    if tokens.next_if(|token| token.is("if")).is_some() {
        tokens.by_ref().find(|token| token.is("exists"))?;
    }
    let name = tokens.next().filter(|token| !token.is("on"))?.name()?;
    tokens.next().filter(|token| token.is("on"))?;
    tokens.next_if(|token| token.is("only"));
    let mut table = tokens.next()?.text.to_owned();
    while tokens.next_if(|token| token.kind == TokenKind::Dot).is_some() {
        table.push('.');
        table.push_str(tokens.next()?.text);
    }
    Some(ConcurrentIndex { name, table })
}

/// Reads the index of a `DROP INDEX CONCURRENTLY` as it is written; `None` where it names several.
pub(crate) fn dropped(sql: &str) -> Option<String> {
    let mut tokens = tokens(sql).into_iter().peekable();
    tokens.by_ref().find(|token| token.is("concurrently"))?;
    if tokens.next_if(|token| token.is("if")).is_some() {
        tokens.next_if(|token| token.is("exists"));
    }
    let mut name = tokens.next()?.text.to_owned();
    while tokens.next_if(|token| token.kind == TokenKind::Dot).is_some() {
        name.push('.');
        name.push_str(tokens.next()?.text);
    }
    tokens.next().is_none_or(|token| token.kind != TokenKind::Comma).then_some(name)
}

struct Token<'a> {
    kind: TokenKind,
    text: &'a str,
}

impl Token<'_> {
    fn is(&self, keyword: &str) -> bool {
        self.kind == TokenKind::Ident && self.text.eq_ignore_ascii_case(keyword)
    }

    fn name(&self) -> Option<String> {
        match self.kind {
            TokenKind::Ident => Some(self.text.to_ascii_lowercase()),
            TokenKind::QuotedIdent { .. } => {
                Some(self.text.strip_prefix('"')?.strip_suffix('"')?.replace("\"\"", "\""))
            }
            _ => None,
        }
    }
}

fn tokens(sql: &str) -> Vec<Token<'_>> {
    let mut offset = 0;
    squawk_lexer::tokenize(sql)
        .filter_map(|token| {
            let start = offset;
            offset += token.len as usize;
            let text = sql.get(start..offset)?;
            let trivia = matches!(
                token.kind,
                TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment { .. } | TokenKind::Eof
            );
            (!trivia).then_some(Token { kind: token.kind, text })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_names() {
        let parsed = |sql: &str| parse(sql).map(|index| (index.name, index.table));
        let expect = |name: &str, table: &str| Some((name.to_owned(), table.to_owned()));
        assert_eq!(parsed("create index concurrently Ix on books (a)"), expect("ix", "books"));
        assert_eq!(
            parsed(
                "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS \"I\"\"x\" /* . */ ON ONLY app . \"Books\" USING btree (a)"
            ),
            expect("I\"x", "app.\"Books\"")
        );
        assert_eq!(parsed("create index concurrently on books (a)"), None);
    }

    #[test]
    fn reads_what_is_dropped() {
        assert_eq!(dropped("drop index concurrently if exists app.\"Ix\" cascade").as_deref(), Some("app.\"Ix\""));
        assert_eq!(dropped("drop index concurrently a, b"), None);
    }
}
