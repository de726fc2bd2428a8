//! A script that the server could not parse: quotes that are not closed, commands of psql, and, with feature `syntax`,
//! whatever squawk's parser rejects.

use crate::diagnostic::{Diagnostic, Label, Span};
use crate::statements::{self, Kind, Statement, Unterminated};

use super::{SYNTAX_ERROR, Script};

/// Findings of one kind in one script; what follows the first few is seldom an error of its own.
pub(super) const SHOWN: usize = 3;

pub(super) fn check(script: &Script<'_>, statements: &Result<Vec<Statement>, Unterminated>, out: &mut Vec<Diagnostic>) {
    let before = out.len();
    match statements {
        Ok(statements) => {
            copies(script, statements, out);
            psql_commands(script, statements, out);
            #[cfg(feature = "syntax")]
            if out.len() == before {
                parse(script, statements, out);
            }
        }
        &Err(error) => {
            // The data of a COPY opens quotes as it likes: then that is the cause.
            let sound = statements::split(script.text.get(..error.offset).unwrap_or_default()).unwrap_or_default();
            copies(script, &sound, out);
            if out.len() == before {
                out.push(unterminated(script, error));
            }
        }
    }
}

fn unterminated(script: &Script<'_>, Unterminated { offset, what }: Unterminated) -> Diagnostic {
    let opened = script.text.get(offset..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let close = match what {
        "block comment" => "`*/`; block comments nest, so each `/*` in it needs its own".to_owned(),
        "quoted identifier" => "`\"`".to_owned(),
        "dollar-quoted string" => {
            let tag = opened.get(1..).and_then(|rest| rest.split_once('$')).map_or("", |(tag, _)| tag);
            format!("the tag that opens it, `${tag}$`")
        }
        _ => "`'`; a quote in the text itself is written twice".to_owned(),
    };
    Diagnostic {
        labels: vec![label(script, offset, opened.trim_end().len(), "opened here and never closed")],
        helps: vec![format!("close it with {close}")],
        ..SYNTAX_ERROR.finding(format!("unterminated {what}"))
    }
}

fn copies(script: &Script<'_>, statements: &[Statement], out: &mut Vec<Diagnostic>) {
    for statement in statements.iter().filter(|statement| statement.kind == Kind::CopyFromStdin).take(SHOWN) {
        let line = first_line(script.text.get(statement.range.clone()).unwrap_or_default());
        out.push(Diagnostic {
            labels: vec![label(script, statement.range.start, line.len(), "expects data from the client")],
            notes: vec!["only psql reads the lines after it as data; a script is sent as SQL".to_owned()],
            helps: vec!["write the rows as `INSERT`: `pg_dump --inserts` does".to_owned()],
            ..SYNTAX_ERROR.finding("`COPY … FROM STDIN` in a script")
        });
    }
}

/// Backslash commands: a backslash outside of quotes has no meaning in SQL.
fn psql_commands(script: &Script<'_>, statements: &[Statement], out: &mut Vec<Diagnostic>) {
    if !script.text.contains('\\') || statements.iter().any(|statement| statement.kind == Kind::CopyFromStdin) {
        return; // `\.` and whatever the data holds
    }
    let mut offset = 0;
    let mut shown = 0;
    let mut line_done = 0;
    for token in squawk_lexer::tokenize(script.text) {
        let start = offset;
        offset += token.len as usize;
        let rest = script.text.get(start..).unwrap_or_default();
        if start < line_done || token.kind != squawk_lexer::TokenKind::Unknown || !rest.starts_with('\\') {
            continue;
        }
        let line = first_line(rest);
        line_done = start + line.len();
        let command = line.split(|c: char| c.is_whitespace() || c == ';').next().unwrap_or_default();
        out.push(Diagnostic {
            labels: vec![label(script, start, command.len(), "the server does not know it")],
            helps: vec![instead_of(command).to_owned()],
            ..SYNTAX_ERROR.finding(format!("`{command}` is a command of psql"))
        });
        shown += 1;
        if shown == SHOWN {
            return;
        }
    }
}

fn instead_of(command: &str) -> &'static str {
    match command {
        r"\restrict" | r"\unrestrict" => "remove the line: pg_dump writes it for psql alone",
        r"\i" | r"\ir" | r"\include" | r"\include_relative" => "put the statements of that file in its place",
        r"\copy" => "write the rows as `INSERT`, or use `COPY … FROM` with a file that the server can read",
        r"\c" | r"\connect" => "remove the line: a migration runs in the database that it is applied to",
        r"\set" => "remove the line, and write its value where the variable is used",
        r"\gexec" => "build and run the statements in a `DO` block, with `EXECUTE`",
        _ => "remove it, or write what it does in SQL",
    }
}

#[cfg(feature = "syntax")]
fn parse(script: &Script<'_>, statements: &[Statement], out: &mut Vec<Diagnostic>) {
    let mut errors = super::squawk::errors(script.text, statements);
    let more = errors.len().saturating_sub(SHOWN);
    errors.truncate(SHOWN);
    let shown = errors.len();
    for (at, error) in errors.into_iter().enumerate() {
        let near = script.text.get(error.range.clone()).unwrap_or_default();
        let message = if near.is_empty() {
            "syntax error at the end of a statement".to_owned()
        } else {
            format!("syntax error at `{}`", shorten(near))
        };
        let mut notes = Vec::new();
        if at + 1 == shown && more > 0 {
            notes.push(format!("{more} more statements of this script have a syntax error"));
        }
        out.push(Diagnostic {
            labels: vec![label(script, error.range.start, error.range.len(), &error.text)],
            notes,
            helps: error.help.map(str::to_owned).into_iter().chain([way_out(script)]).collect(),
            ..SYNTAX_ERROR.finding(message)
        });
    }
}

/// The parser knows less than a server with its extensions and its next major version does.
#[cfg(feature = "syntax")]
fn way_out(script: &Script<'_>) -> String {
    let file = match script.direction {
        crate::migration::Direction::Up => "to the script's header".to_owned(),
        crate::migration::Direction::Down => format!(
            "to the header of {}",
            script.path.with_file_name(script.migration.up.file_name().unwrap_or_default()).display()
        ),
    };
    format!(
        "if the server accepts it, add `--! allow = [\"syntax-error\"]` {file}, or where the script is applied already set \
         `syntax-error = \"warn\"` in `[package.metadata.migrate.rules]`"
    )
}

#[cfg(feature = "syntax")]
fn shorten(near: &str) -> String {
    let line = first_line(near);
    match line.char_indices().nth(40) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or_default()),
        None => line.to_owned(),
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default().trim_end()
}

fn label(script: &Script<'_>, start: usize, length: usize, text: &str) -> Label {
    Label {
        path: script.path.to_owned(),
        span: Some(Span::new(script.text, start, start + length)),
        text: text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::naming::tests::{migration, script};

    fn found(sql: &str) -> Vec<String> {
        let migration = migration(2, &[1]);
        let mut out = Vec::new();
        check(&script(&migration, sql), &statements::split(sql), &mut out);
        out.into_iter()
            .map(|finding| {
                let span = finding.labels[0].span.unwrap();
                format!("{}:{} {}: {}", span.line, span.column, finding.message, finding.labels[0].text)
            })
            .collect()
    }

    #[test]
    fn quotes_are_closed() {
        assert_eq!(found("select 1;\n  select 'a\nb"), ["2:10 unterminated string: opened here and never closed"]);
        assert_eq!(found("select 1 /* a /* */"), ["1:10 unterminated block comment: opened here and never closed"]);
    }

    #[test]
    fn psql_has_commands_of_its_own() {
        assert_eq!(
            found("\\restrict abc\nselect '\\i', E'\\'', $$ \\i $$;\nselect 1 \\gexec\n\\i a\\b.sql\n\\q\n"),
            [
                "1:1 `\\restrict` is a command of psql: the server does not know it",
                "3:10 `\\gexec` is a command of psql: the server does not know it",
                "4:1 `\\i` is a command of psql: the server does not know it",
            ]
        );
        assert_eq!(found("\\i a\\b.sql\n").len(), 1, "one command a line");
    }

    #[test]
    fn the_data_of_a_copy_is_not_sql() {
        assert_eq!(
            found("copy t (a, b) from stdin;\n1\tit's\n\\.\n"),
            ["1:1 `COPY … FROM STDIN` in a script: expects data from the client"]
        );
        assert_eq!(found("copy t from stdin;\n1\n\\.\n").len(), 1);
    }
}
