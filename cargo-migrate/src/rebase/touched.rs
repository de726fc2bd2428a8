//! What a script touches, as far as its words say: tables, columns and other objects by name.

use migrate_build::position::Position;
use migrate_build::statements;
use squawk_lexer::TokenKind;

/// A thing that a statement touches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touched {
    /// Its name, unquoted and without the schema `public`.
    pub object: String,
    /// A part of it, such as a column; `None` for all of it.
    pub part: Option<String>,
    /// The line of the statement, or of the part, from 1.
    pub line: usize,
}

impl Touched {
    /// Whether two statements touch the same.
    pub fn overlaps(&self, other: &Self) -> bool {
        let whole = self.part.is_none() || other.part.is_none();
        self.object == other.object && (whole || self.part == other.part)
    }

    /// `books`, `books.isbn`.
    pub fn name(&self) -> String {
        match &self.part {
            Some(part) => format!("{}.{part}", self.object),
            None => self.object.clone(),
        }
    }
}

/// What stands for the rows of a table.
const ROWS: &str = "(rows)";

/// The kinds of objects that have names of their own.
const KINDS: [&str; 14] = [
    "table",
    "view",
    "index",
    "sequence",
    "type",
    "domain",
    "function",
    "procedure",
    "trigger",
    "policy",
    "schema",
    "aggregate",
    "rule",
    "extension",
];

/// Words that may stand before a kind.
const BEFORE_KIND: [&str; 14] = [
    "or",
    "replace",
    "temp",
    "temporary",
    "unlogged",
    "global",
    "local",
    "unique",
    "materialized",
    "foreign",
    "recursive",
    "constraint",
    "event",
    "trusted",
];

/// Words that may stand before a name.
const BEFORE_NAME: [&str; 6] = ["if", "not", "exists", "only", "concurrently", "column"];

/// Returns what the statements of a script touch, in their order. What can't be told from words, such as what a function
/// does, isn't there.
pub fn touched(sql: &str) -> Vec<Touched> {
    let mut found = Vec::new();
    for statement in statements::split(sql).unwrap_or_default() {
        let text = sql.get(statement.range.clone()).unwrap_or_default();
        let line = Position::of(sql, statement.range.start).line;
        let mut reader = Reader { words: words(text, line), at: 0, found: &mut found };
        reader.statement();
    }
    found
}

/// A word or sign of a statement.
struct Word {
    /// In lower case, unless it was quoted.
    text: String,
    quoted: bool,
    name: bool,
    line: usize,
}

fn words(text: &str, first_line: usize) -> Vec<Word> {
    let mut words = Vec::new();
    let (mut at, mut line) = (0, first_line);
    for token in squawk_lexer::tokenize(text) {
        let end = at + token.len as usize;
        let piece = text.get(at..end).unwrap_or_default();
        at = end;
        let (text, quoted, name) = match token.kind {
            TokenKind::Ident => (piece.to_lowercase(), false, true),
            TokenKind::QuotedIdent { .. } => {
                let inner = piece.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(piece);
                (inner.replace("\"\"", "\""), true, true)
            }
            TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment { .. } | TokenKind::Eof => {
                line += piece.matches('\n').count();
                continue;
            }
            _ => (piece.to_owned(), false, false),
        };
        words.push(Word { text, quoted, name, line });
        line += piece.matches('\n').count();
    }
    words
}

struct Reader<'a> {
    words: Vec<Word>,
    at: usize,
    found: &'a mut Vec<Touched>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<&Word> {
        self.words.get(self.at)
    }

    fn is(&self, text: &str) -> bool {
        self.peek().is_some_and(|word| !word.quoted && word.text == text)
    }

    fn take(&mut self, text: &str) -> bool {
        let is = self.is(text);
        self.at += usize::from(is);
        is
    }

    fn skip(&mut self, texts: &[&str]) {
        while texts.iter().any(|text| self.is(text)) {
            self.at += 1;
        }
    }

    /// A name with its schema and the line it stands in.
    fn name(&mut self) -> Option<(String, usize)> {
        let mut parts = Vec::new();
        let line = self.peek()?.line;
        loop {
            let word = self.peek().filter(|word| word.name)?;
            parts.push(word.text.clone());
            self.at += 1;
            if !self.take(".") {
                break;
            }
        }
        if let [schema, _, ..] = parts.as_slice()
            && schema == "public"
        {
            parts.remove(0);
        }
        Some((parts.join("."), line))
    }

    fn add(&mut self, object: &str, part: Option<&str>, line: usize) {
        self.found.push(Touched { object: object.to_owned(), part: part.map(str::to_owned), line });
    }

    fn statement(&mut self) {
        if self.take("alter") {
            self.definition(true);
        } else if self.take("create") || self.take("drop") {
            self.definition(false);
        } else {
            self.rows();
        }
    }

    fn definition(&mut self, alters: bool) {
        self.skip(&BEFORE_KIND);
        let Some(kind) = KINDS.iter().find(|kind| self.is(kind)) else { return };
        self.at += 1;
        self.skip(&BEFORE_NAME);
        let Some((name, line)) = self.name() else { return };
        let relation = matches!(*kind, "table" | "view" | "sequence" | "index" | "type" | "domain");
        let object = |name: &str| if relation { name.to_owned() } else { format!("{kind} {name}") };
        if alters && *kind == "table" {
            return self.actions(&name, line);
        }
        self.add(&object(&name), None, line);
        // `DROP TABLE a, b`; a list after anything else stands in parentheses.
        while self.take(",") {
            let Some((name, line)) = self.name() else { return };
            self.add(&object(&name), None, line);
        }
    }

    /// What `ALTER TABLE name` does: a list, of whose commas those in parentheses are none.
    fn actions(&mut self, table: &str, line: usize) {
        self.take("*");
        loop {
            self.action(table, line);
            let mut depth = 0;
            while let Some(word) = self.peek() {
                match word.text.as_str() {
                    "(" | "[" if !word.name => depth += 1,
                    ")" | "]" if !word.name => depth -= 1,
                    "," if depth == 0 => break,
                    _ => {}
                }
                self.at += 1;
            }
            if !self.take(",") {
                return;
            }
        }
    }

    fn action(&mut self, table: &str, line: usize) {
        let verb = ["add", "drop", "alter", "rename"].into_iter().find(|verb| self.is(verb));
        if verb.is_none() {
            return self.add(table, None, line);
        }
        self.at += 1;
        if ["primary", "unique", "check", "foreign", "exclude"].iter().any(|word| self.is(word)) {
            return self.add(table, Some("(constraints)"), line);
        }
        let constraint = self.take("constraint");
        if self.is("to") {
            // `RENAME TO`: the table itself.
            return self.add(table, None, line);
        }
        self.skip(&BEFORE_NAME);
        while let Some((part, line)) = self.name() {
            let part = if constraint { format!("constraint {part}") } else { part };
            self.add(table, Some(&part), line);
            // `RENAME a TO b`.
            if !(verb == Some("rename") && self.take("to")) {
                return;
            }
        }
    }

    /// What changes rows.
    fn rows(&mut self) {
        let found = (self.take("insert") && self.take("into"))
            || (self.take("delete") && self.take("from"))
            || self.take("update")
            || self.take("truncate");
        if !found {
            return;
        }
        self.skip(&["table", "only"]);
        if let Some((table, line)) = self.name() {
            self.add(&table, Some(ROWS), line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn names(sql: &str, expected: &[&str]) {
        let found: Vec<String> = touched(sql).iter().map(|it| format!("{} {}", it.line, it.name())).collect();
        assert_eq!(found, expected, "{sql}");
    }

    #[test]
    fn objects_and_parts() {
        names("create table if not exists public.books (id int8, a numeric(1, 2));", &["1 books"]);
        names("drop table a, \"B c\" cascade;", &["1 a", "1 B c"]);
        names(
            "-- x\n\nALTER TABLE only Shop.Books\n  ADD column isbn text check (isbn in ('a', 'b')),\n  drop price;",
            &["4 shop.books.isbn", "5 shop.books.price"],
        );
        names(
            "alter table t alter column a set not null, rename b to c, add constraint u unique (a, b)",
            &["1 t.a", "1 t.b", "1 t.c", "1 t.constraint u"],
        );
        names("alter table t rename to u", &["1 t"]);
        names("alter table t owner to x", &["1 t"]);
        names("alter table t add primary key (id)", &["1 t.(constraints)"]);
        names(
            "create or replace function f(a int) returns int language sql as $$ drop table x; $$;",
            &["1 function f"],
        );
        names("create unique index concurrently if not exists i on t (a); drop index i", &["1 i", "1 i"]);
        names(
            "insert into t values (1); update only t set a = 1; delete from u; truncate v; truncate table w",
            &["1 t.(rows)", "1 t.(rows)", "1 u.(rows)", "1 v.(rows)", "1 w.(rows)"],
        );
        names("select 1; grant select on t to x; with a as (select 1) select * from a; 'unclosed", &[]);
    }

    #[test]
    fn parts_overlap_with_their_whole() {
        let it = |part: Option<&str>| Touched { object: "t".to_owned(), part: part.map(str::to_owned), line: 1 };
        assert!(it(None).overlaps(&it(Some("a"))) && it(Some("a")).overlaps(&it(None)));
        assert!(it(Some("a")).overlaps(&it(Some("a"))) && !it(Some("a")).overlaps(&it(Some("b"))));
        assert!(!it(None).overlaps(&Touched { object: "u".to_owned(), ..it(None) }));
    }
}
