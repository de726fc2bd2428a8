//! Syntax errors as squawk's PostgreSQL parser sees them: the one importer of `squawk_parser`.

use std::ops::Range;
use std::panic::catch_unwind;

use squawk_lexer::TokenKind;
use squawk_parser::{EntryPoint, LexedStr, StrStep, SyntaxKind};

use crate::statements::Statement;

/// Longer scripts are data for the greater part, and unoptimised, as a build script runs it, the parser takes over half
/// a second for a megabyte.
const LONGEST: usize = 1 << 20;

/// The parser descends by recursion; this depth fits the smallest stack that it may run on.
const DEEPEST: usize = 128;

/// A syntax error.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Error {
    /// The token at which the parser stopped; empty at the end of a statement.
    pub range: Range<usize>,
    /// What it says.
    pub text: String,
    /// How to mend it, where that is beyond doubt.
    pub help: Option<&'static str>,
}

const NO_SEMICOLON: &str = "missing semicolon before this";

/// Returns the first error of each statement of `sql`, in order; nothing for a script that is too long or nested too
/// deep for the parser.
pub(super) fn errors(sql: &str, statements: &[Statement]) -> Vec<Error> {
    if sql.len() > LONGEST || depth(sql) > DEEPEST {
        return Vec::new();
    }
    // The parser gives up on endless loops of its own by a panic: then the server has to say what is wrong.
    let raw = catch_unwind(|| parse(sql)).unwrap_or_default();
    let mut errors: Vec<Error> = Vec::new();
    let mut statement_done = None;
    for (at, message) in &raw {
        let index = statements.partition_point(|statement| statement.range.end < *at);
        if statement_done == Some(index) {
            continue;
        }
        statement_done = Some(index);
        errors.push(error(sql, *at, message, statements.get(index)));
    }
    errors
}

/// What the parser says, by the offsets of the tokens it says it of.
fn parse(sql: &str) -> Vec<(usize, String)> {
    let lexed = LexedStr::new(sql);
    let mut found: Vec<(usize, String)> =
        lexed.errors().map(|(range, message)| (range.start as usize, message.to_owned())).collect();
    let output = EntryPoint::SourceFile.parse(&lexed.to_input());
    let mut offset = 0;
    let mut depth = 0_usize;
    // Whether a statement ended and nothing has parted it from the next.
    let mut unparted = false;
    lexed.intersperse_trivia(&output, &mut |step| match step {
        StrStep::Token { kind, text } => {
            offset += text.len();
            unparted &= kind != SyntaxKind::SEMICOLON;
        }
        StrStep::Enter { kind } => {
            if depth == 1 && kind != SyntaxKind::ERROR {
                let next = next_token(sql, offset);
                // The parser puts empty nodes after some statements (`ALTER USER`): those begin nothing.
                if unparted && sql.get(next..).is_some_and(|rest| !rest.is_empty() && !rest.starts_with(';')) {
                    found.push((next, NO_SEMICOLON.to_owned()));
                }
                unparted = true;
            }
            depth += 1;
        }
        StrStep::Exit => depth = depth.saturating_sub(1),
        StrStep::Error { msg, pos } => found.push((next_token(sql, pos), msg.to_owned())),
    });
    found.sort_by_key(|(at, _)| *at);
    found
}

fn error(sql: &str, at: usize, message: &str, statement: Option<&Statement>) -> Error {
    let end = statement.map_or(sql.len(), |statement| statement.range.end);
    if at >= end {
        return Error { range: end..end, text: plain(message), help: None };
    }
    let first = token(sql, at, end);
    if !message.starts_with("expected command") {
        let help = (message == NO_SEMICOLON).then_some("end the statement before it with `;`");
        return Error { range: first, text: plain(message), help };
    }
    if statement.is_none_or(|statement| statement.range.start < at) {
        return Error { range: first, text: "the statement should end before this".to_owned(), help: None };
    }
    // `drop tabel t`: the first word alone could begin a statement, so both are shown.
    let known = message.ends_with("_KW");
    let second = token(sql, next_token(sql, first.end), end);
    let range = if known && second.end > first.end { first.start..second.end } else { first };
    Error { range, text: "no statement begins like this".to_owned(), help: None }
}

/// The token at `at`, no longer than up to `end`.
fn token(sql: &str, at: usize, end: usize) -> Range<usize> {
    let rest = sql.get(at..end.max(at)).unwrap_or_default();
    at..at + squawk_lexer::tokenize(rest).next().map_or(0, |token| token.len as usize)
}

/// Where the next token begins that is no whitespace and no comment.
fn next_token(sql: &str, mut at: usize) -> usize {
    for token in squawk_lexer::tokenize(sql.get(at..).unwrap_or_default()) {
        match token.kind {
            TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment { .. } => at += token.len as usize,
            _ => break,
        }
    }
    at
}

/// How deep the parser might descend: brackets and `CASE`s, and chains of prefix operators.
fn depth(sql: &str) -> usize {
    let (mut nested, mut chain, mut deepest) = (0_usize, 0_usize, 0_usize);
    let mut offset = 0;
    for token in squawk_lexer::tokenize(sql) {
        let start = offset;
        offset += token.len as usize;
        let word = sql.get(start..offset).unwrap_or_default();
        match token.kind {
            TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment { .. } => continue,
            TokenKind::OpenParen | TokenKind::OpenBracket => nested += 1,
            TokenKind::CloseParen | TokenKind::CloseBracket => nested = nested.saturating_sub(1),
            TokenKind::Ident if word.eq_ignore_ascii_case("case") => nested += 1,
            TokenKind::Ident if word.eq_ignore_ascii_case("end") => nested = nested.saturating_sub(1),
            TokenKind::Semi => nested = 0,
            _ => {}
        }
        let prefix = word.eq_ignore_ascii_case("not") || matches!(word, "-" | "+" | "~" | "@" | "!");
        chain = if prefix { chain + 1 } else { 0 };
        deepest = deepest.max(nested + chain);
    }
    deepest
}

/// The parser's message in plain words: without the names of its token kinds.
fn plain(message: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for word in message.split(' ') {
        let (name, comma) = word.strip_suffix(',').map_or((word, ""), |name| (name, ","));
        let token = match name {
            "IDENT" => Some("a name".to_owned()),
            "INT_NUMBER" | "FLOAT_NUMBER" => Some("a number".to_owned()),
            "STRING" => Some("a string".to_owned()),
            "EOF" => Some("the end".to_owned()),
            "COMMA" => Some("`,`".to_owned()),
            "SEMICOLON" => Some("`;`".to_owned()),
            "L_PAREN" => Some("`(`".to_owned()),
            "R_PAREN" => Some("`)`".to_owned()),
            "L_BRACK" => Some("`[`".to_owned()),
            "R_BRACK" => Some("`]`".to_owned()),
            "DOT" => Some("`.`".to_owned()),
            "COLON" => Some("`:`".to_owned()),
            "EQ" => Some("`=`".to_owned()),
            "STAR" => Some("`*`".to_owned()),
            _ => name.strip_suffix("_KW").map(|keyword| format!("`{keyword}`")),
        };
        words.push(format!("{}{comma}", token.as_deref().unwrap_or(name)));
    }
    let text = words.join(" ").replace("expected expr for", "expected an expression for");
    let text = text.replace(", got ", ", found ");
    let mut chars = text.trim_end_matches('.').chars();
    match chars.next() {
        Some(first) => first.to_lowercase().chain(chars).collect(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statements::split;

    fn found(sql: &str) -> Vec<(&str, String)> {
        let statements = split(sql).unwrap();
        errors(sql, &statements).into_iter().map(|error| (&sql[error.range], error.text)).collect()
    }

    fn first(sql: &str) -> (&str, String) {
        found(sql).swap_remove(0)
    }

    #[test]
    fn points_at_the_token() {
        for (sql, near, text) in [
            ("create table t (a int,, b int);", ",", "unexpected comma"),
            ("crate table t (a int);", "crate", "no statement begins like this"),
            ("select 1;\n-- x\ndrop tabel t;", "drop tabel", "no statement begins like this"),
            ("select * /* x */ form t;", "form", "missing comma"),
            ("comment on table t is 'x' extra;", "extra", "the statement should end before this"),
            ("select * from t where;", "", "expected an expression, found `;`"),
            ("create table t (a int\n;", ";", "expected `)`"),
            ("create table t (id int references);", ")", "expected path name"),
            ("select x'zz'", "zz", "\"z\" is not a valid hexadecimal digit"),
            ("create table t (a int)\n\ncreate index i on t (a);", "create", "missing semicolon before this"),
        ] {
            assert_eq!(first(sql), (near, text.to_owned()), "{sql}");
        }
    }

    #[test]
    fn one_error_a_statement() {
        let sql = "crate table t (a int); select 1; alter table t add column; drop tabel t";
        assert_eq!(found(sql).iter().map(|(near, _)| *near).collect::<Vec<_>>(), ["crate", "", "drop tabel"]);
    }

    #[test]
    fn accepts_what_the_server_does() {
        for sql in [
            "",
            "-- nothing\n",
            ";;select 1;;\n;",
            "create function f() returns int language plpgsql as $$ begin return 1; end $$; select f();",
            "create rule r as on insert to t do instead (select 1; select 2); select 3",
            "create function f(a int) returns int begin atomic select a; select 2; end; select 1",
            "alter user u superuser;\nalter user u rename to v",
            "alter table t add column a int generated always as identity, alter b set default 1;",
        ] {
            assert_eq!(found(sql), [], "{sql}");
        }
    }

    #[test]
    fn what_is_too_deep_is_left_to_the_server() {
        for deep in [
            format!("select {}1{}", "(".repeat(9000), ")".repeat(9000)),
            format!("select {}1{}", "case when true then ".repeat(9000), " end".repeat(9000)),
            format!("select {}true", "not ".repeat(9000)),
            format!("select {}1 form", "- ".repeat(9000)),
        ] {
            assert_eq!(found(&deep), []);
        }
        let fits = format!("select {}1{} +", "(".repeat(100), ")".repeat(100));
        assert_eq!(found(&fits).len(), 1);
    }
}
