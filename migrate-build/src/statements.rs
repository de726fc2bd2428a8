//! The statements of an SQL script, found by PostgreSQL's lexical rules (squawk-lexer) and told apart by how they relate to
//! transactions.

use std::fmt;
use std::ops::Range;

use squawk_lexer::{LiteralKind, TokenKind};

/// How a statement relates to transactions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Runs in a transaction as well as outside one.
    Ordinary,
    /// Begins or ends a transaction itself (`COMMIT`, `BEGIN`, `PREPARE TRANSACTION`, …).
    TransactionControl(&'static str),
    /// PostgreSQL refuses it inside a transaction block (`CREATE INDEX CONCURRENTLY`, `VACUUM`, …).
    OutsideTransaction(&'static str),
    /// `CALL` and `DO`: their procedure may commit, which works outside a transaction block only.
    MayCommit(&'static str),
    /// `COPY … FROM STDIN`: its data can't be part of a script.
    CopyFromStdin,
}

/// One statement of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Its bytes in the script, from its first token to its last, without the semicolon.
    pub range: Range<usize>,
    /// How it relates to transactions.
    pub kind: Kind,
    /// What it is called by: its first words in upper case (`CREATE INDEX CONCURRENTLY`), at most four.
    pub words: Vec<String>,
}

/// A quote or a comment that the script opens and never closes, so that it would swallow whatever is sent after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unterminated {
    /// Where it opens.
    pub offset: usize,
    /// What it is: `string`, `dollar-quoted string`, `quoted identifier` or `block comment`.
    pub what: &'static str,
}

impl fmt::Display for Unterminated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unterminated {}", self.what)
    }
}

impl std::error::Error for Unterminated {}

/// Splits a script into its statements; semicolons in parentheses and in `BEGIN ATOMIC … END` bodies don't end one.
///
/// # Errors
/// The first quote or comment that is not closed.
pub fn split(sql: &str) -> Result<Vec<Statement>, Unterminated> {
    let mut statements = Vec::new();
    let mut current = Current::default();
    let mut offset = 0;
    for token in squawk_lexer::tokenize(sql) {
        let start = offset;
        let end = start + token.len as usize;
        offset = end;
        if let Some(what) = unterminated(token.kind) {
            return Err(Unterminated { offset: start, what });
        }
        match token.kind {
            TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment { .. } | TokenKind::Eof => {}
            TokenKind::Semi if current.nesting() == 0 => {
                statements.extend(std::mem::take(&mut current).finish());
            }
            kind => current.push(kind, sql.get(start..end).unwrap_or_default(), start..end),
        }
    }
    statements.extend(current.finish());
    Ok(statements)
}

/// Whether a script has no statement: nothing but blanks, comments that are closed, and semicolons.
pub fn is_empty(sql: &str) -> bool {
    squawk_lexer::tokenize(sql).all(|token| match token.kind {
        TokenKind::Whitespace | TokenKind::LineComment | TokenKind::Eof | TokenKind::Semi => true,
        TokenKind::BlockComment { terminated } => terminated,
        _ => false,
    })
}

/// The names in a statement, as the catalogue has them: plain ones in lower case, quoted ones without their quotes. Keywords are
/// among them, since many of them may be names as well.
pub fn identifiers(sql: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (kind, text) in tokens(sql) {
        match kind {
            TokenKind::Ident => names.push(text.to_lowercase()),
            TokenKind::QuotedIdent { .. } => {
                let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
                names.push(inner.replace("\"\"", "\""));
            }
            _ => {}
        }
    }
    names.sort();
    names.dedup();
    names
}

/// The parameters in a statement (`$1`), sorted, each once.
pub fn parameters(sql: &str) -> Vec<String> {
    let mut parameters: Vec<String> = tokens(sql)
        .filter(|(kind, _)| matches!(kind, TokenKind::PositionalParam { .. }))
        .map(|(_, text)| text.to_owned())
        .collect();
    parameters.sort();
    parameters.dedup();
    parameters
}

/// A query with `?` in place of each number and string, so that it can be shown without what it is about.
pub fn without_literals(sql: &str) -> String {
    tokens(sql)
        .map(|(kind, text)| match kind {
            TokenKind::Literal { .. } => "?",
            // What somebody remarked may tell as much.
            TokenKind::LineComment | TokenKind::BlockComment { .. } => " ",
            _ => text,
        })
        .collect()
}

fn tokens(sql: &str) -> impl Iterator<Item = (TokenKind, &str)> {
    let mut offset = 0;
    squawk_lexer::tokenize(sql).map(move |token| {
        let start = offset;
        offset += token.len as usize;
        (token.kind, sql.get(start..offset).unwrap_or_default())
    })
}

fn unterminated(kind: TokenKind) -> Option<&'static str> {
    match kind {
        TokenKind::BlockComment { terminated: false } => Some("block comment"),
        TokenKind::QuotedIdent { terminated: false, .. } => Some("quoted identifier"),
        TokenKind::Literal { kind } => match kind {
            LiteralKind::DollarQuotedString { terminated: false } => Some("dollar-quoted string"),
            LiteralKind::Str { terminated: false }
            | LiteralKind::NationalStr { terminated: false }
            | LiteralKind::ByteStr { terminated: false }
            | LiteralKind::BitStr { terminated: false }
            | LiteralKind::UnicodeEscStr { terminated: false }
            | LiteralKind::EscStr { terminated: false } => Some("string"),
            _ => None,
        },
        _ => None,
    }
}

/// The statement that is being read.
#[derive(Default)]
struct Current {
    range: Option<Range<usize>>,
    /// The bare words outside of parentheses, in upper case: enough of them to tell the kinds apart.
    words: Vec<String>,
    parentheses: usize,
    /// Depth of `BEGIN ATOMIC` and of the `CASE`s in it, each closed by an `END`.
    bodies: usize,
    previous_begin: bool,
}

/// No kind is told apart by a word after this many.
const WORDS: usize = 24;

impl Current {
    fn nesting(&self) -> usize {
        self.parentheses + self.bodies
    }

    fn push(&mut self, kind: TokenKind, text: &str, range: Range<usize>) {
        self.range = Some(self.range.as_ref().map_or(range.start, |whole| whole.start)..range.end);
        match kind {
            TokenKind::OpenParen => self.parentheses += 1,
            TokenKind::CloseParen => self.parentheses = self.parentheses.saturating_sub(1),
            TokenKind::Ident => self.word(text),
            _ => {}
        }
        self.previous_begin = kind == TokenKind::Ident && text.eq_ignore_ascii_case("begin");
    }

    fn word(&mut self, text: &str) {
        let opens_body = self.previous_begin && text.eq_ignore_ascii_case("atomic");
        if opens_body || self.bodies > 0 && text.eq_ignore_ascii_case("case") {
            self.bodies += 1;
        } else if self.bodies > 0 && text.eq_ignore_ascii_case("end") {
            self.bodies -= 1;
        }
        // `REINDEX (CONCURRENTLY) …` and `VACUUM (FULL)` keep their options in parentheses, so these count too.
        if self.words.len() < WORDS {
            self.words.push(text.to_ascii_uppercase());
        }
    }

    fn finish(self) -> Option<Statement> {
        let range = self.range?;
        let words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        let kind = kind(&words);
        let mut words = self.words;
        words.truncate(4);
        Some(Statement { range, kind, words })
    }
}

fn kind(words: &[&str]) -> Kind {
    let has = |word: &str| words.contains(&word);
    match words {
        ["BEGIN", ..] => Kind::TransactionControl("BEGIN"),
        ["START", "TRANSACTION", ..] => Kind::TransactionControl("START TRANSACTION"),
        ["COMMIT", "PREPARED", ..] => Kind::OutsideTransaction("COMMIT PREPARED"),
        ["COMMIT", ..] => Kind::TransactionControl("COMMIT"),
        ["END", ..] => Kind::TransactionControl("END"),
        ["ABORT", ..] => Kind::TransactionControl("ABORT"),
        ["ROLLBACK", "PREPARED", ..] => Kind::OutsideTransaction("ROLLBACK PREPARED"),
        ["ROLLBACK", rest @ ..] if !rest.iter().take(2).any(|word| *word == "TO") => {
            Kind::TransactionControl("ROLLBACK")
        }
        ["PREPARE", "TRANSACTION", ..] => Kind::TransactionControl("PREPARE TRANSACTION"),
        ["CREATE", "INDEX", "CONCURRENTLY", ..] | ["CREATE", "UNIQUE", "INDEX", "CONCURRENTLY", ..] => {
            Kind::OutsideTransaction("CREATE INDEX CONCURRENTLY")
        }
        ["DROP", "INDEX", "CONCURRENTLY", ..] => Kind::OutsideTransaction("DROP INDEX CONCURRENTLY"),
        ["REINDEX", ..] if has("CONCURRENTLY") => Kind::OutsideTransaction("REINDEX CONCURRENTLY"),
        ["REINDEX", ..] if has("DATABASE") || has("SYSTEM") || has("SCHEMA") => Kind::OutsideTransaction("REINDEX"),
        ["VACUUM", ..] => Kind::OutsideTransaction("VACUUM"),
        ["CLUSTER"] | ["CLUSTER", "VERBOSE"] => Kind::OutsideTransaction("CLUSTER"),
        ["CREATE", "DATABASE", ..] => Kind::OutsideTransaction("CREATE DATABASE"),
        ["DROP", "DATABASE", ..] => Kind::OutsideTransaction("DROP DATABASE"),
        ["ALTER", "DATABASE", ..] if has("TABLESPACE") => Kind::OutsideTransaction("ALTER DATABASE SET TABLESPACE"),
        ["CREATE", "TABLESPACE", ..] => Kind::OutsideTransaction("CREATE TABLESPACE"),
        ["DROP", "TABLESPACE", ..] => Kind::OutsideTransaction("DROP TABLESPACE"),
        ["ALTER", "SYSTEM", ..] => Kind::OutsideTransaction("ALTER SYSTEM"),
        ["CREATE", "SUBSCRIPTION", ..] => Kind::OutsideTransaction("CREATE SUBSCRIPTION"),
        ["DROP", "SUBSCRIPTION", ..] => Kind::OutsideTransaction("DROP SUBSCRIPTION"),
        ["ALTER", "SUBSCRIPTION", ..] if has("REFRESH") => Kind::OutsideTransaction("ALTER SUBSCRIPTION … REFRESH"),
        ["ALTER", "TABLE", ..] if has("DETACH") && has("CONCURRENTLY") => {
            Kind::OutsideTransaction("DETACH PARTITION CONCURRENTLY")
        }
        ["DISCARD", "ALL", ..] => Kind::OutsideTransaction("DISCARD ALL"),
        ["CALL", ..] => Kind::MayCommit("CALL"),
        ["DO", ..] => Kind::MayCommit("DO"),
        ["COPY", rest @ ..] if rest.windows(2).any(|pair| pair == ["FROM", "STDIN"]) => Kind::CopyFromStdin,
        _ => Kind::Ordinary,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(sql: &str) -> Vec<&str> {
        split(sql).unwrap().into_iter().map(|statement| &sql[statement.range]).collect()
    }

    fn kind_of(sql: &str) -> Kind {
        let statements = split(sql).unwrap();
        assert_eq!(statements.len(), 1, "{sql}");
        statements[0].kind
    }

    #[test]
    fn splits_where_postgresql_does() {
        assert_eq!(texts("--! x\nselect 1; -- a;b\n;; select ';' /* ; /* ; */ ; */ ; "), ["select 1", "select ';'"]);
        assert_eq!(texts("do $a$ begin; $$ ; $$ end $a$; select 2"), ["do $a$ begin; $$ ; $$ end $a$", "select 2"]);
        assert_eq!(texts("create rule r as on insert to t do (select 1; select 2); select 3").len(), 2);
        assert_eq!(texts(r#"select "a;b", E'\';', U&'\0061;'; select 1"#).len(), 2);
        assert_eq!(texts(" -- nothing\n"), Vec::<&str>::new());
    }

    #[test]
    fn a_script_without_a_statement_is_empty() {
        for sql in ["", "--! x\n -- y\n/* /* */ z */;;\n", "select 1", ";'", "/* x", "commit"] {
            assert_eq!(is_empty(sql), split(sql).is_ok_and(|statements| statements.is_empty()), "{sql}");
        }
    }

    #[test]
    fn a_body_of_standard_sql_is_one_statement() {
        let sql = "create function f(a int) returns int begin atomic select case a when 1 then 2 end; select 2; end; select 1";
        assert_eq!(texts(sql).len(), 2);
    }

    #[test]
    fn tells_the_kinds_apart() {
        assert_eq!(kind_of("commit and chain"), Kind::TransactionControl("COMMIT"));
        assert_eq!(kind_of("/* x */ begin"), Kind::TransactionControl("BEGIN"));
        assert_eq!(kind_of("rollback to savepoint a"), Kind::Ordinary);
        assert_eq!(kind_of("rollback work to a"), Kind::Ordinary);
        assert_eq!(kind_of("rollback"), Kind::TransactionControl("ROLLBACK"));
        assert_eq!(
            kind_of("create unique index concurrently if not exists i on t(a)"),
            Kind::OutsideTransaction("CREATE INDEX CONCURRENTLY")
        );
        assert_eq!(
            kind_of("reindex (verbose, concurrently) index i"),
            Kind::OutsideTransaction("REINDEX CONCURRENTLY")
        );
        assert_eq!(kind_of("create index \"concurrently\" on t(a)"), Kind::Ordinary);
        assert_eq!(
            kind_of("alter table a detach partition b concurrently"),
            Kind::OutsideTransaction("DETACH PARTITION CONCURRENTLY")
        );
        assert_eq!(kind_of("call p()"), Kind::MayCommit("CALL"));
        assert_eq!(kind_of("copy t (a, b) from stdin"), Kind::CopyFromStdin);
        assert_eq!(kind_of("alter type t add value 'x'"), Kind::Ordinary);
    }

    #[test]
    fn names_what_is_not_closed() {
        for (sql, offset, what) in [
            ("select 'a", 7, "string"),
            ("select $a$ b $$", 7, "dollar-quoted string"),
            ("a /* /* */", 2, "block comment"),
            ("select \"a", 7, "quoted identifier"),
            ("select E'a\\'", 7, "string"),
        ] {
            assert_eq!(split(sql), Err(Unterminated { offset, what }), "{sql}");
        }
    }
}
