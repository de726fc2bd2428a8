//! What is asked for, as text.

use clap::ValueEnum;

use super::error::ExpandError;
use super::names::take_name;

/// A change that running code would not survive in one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Change {
    /// `TABLE.COLUMN=NAME`: the column gets another name
    RenameColumn,
    /// `TABLE.COLUMN=NAME:TYPE`: a column of another type takes its place
    ChangeType,
    /// `TABLE.COLUMN=VALUE`: the column may not be NULL any more; where it is, it gets the value, an SQL expression
    NotNull,
    /// `TABLE=NAME:COLUMN,COLUMN`: the columns move into a table of their own, with the same key
    SplitTable,
}

const RENAME: &str = "TABLE.COLUMN=NAME";
const TYPE: &str = "TABLE.COLUMN=NAME:TYPE";
const NOT_NULL: &str = "TABLE.COLUMN=VALUE";
const SPLIT: &str = "TABLE=NAME:COLUMN,COLUMN";

/// What such a form looks like, filled in.
pub(super) fn example(form: &str) -> &'static str {
    match form {
        RENAME => "new --expand-contract rename-column books.title=name",
        TYPE => "new --expand-contract change-type \"books.price=amount:numeric(12, 2)\"",
        NOT_NULL => "new --expand-contract not-null \"books.isbn='unknown'\"",
        _ => "new --expand-contract split-table books=book_texts:summary,notes",
    }
}

/// A table as it was named: with its schema or without, as the catalogue has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TableName {
    pub(super) schema: Option<String>,
    pub(super) name: String,
}

impl TableName {
    pub(super) fn shown(&self) -> String {
        self.schema.iter().chain([&self.name]).map(String::as_str).collect::<Vec<_>>().join(".")
    }
}

/// A change with what it is about; names as the catalogue has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub(super) table: TableName,
    pub(super) what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    Rename { old: String, new: String },
    Type { old: String, new: String, data_type: String },
    NotNull { column: String, value: String },
    Split { new: String, columns: Vec<String> },
}

impl Request {
    /// Reads what stands behind the change's name.
    ///
    /// # Errors
    /// It is of another form.
    pub fn parse(change: Change, text: &str) -> Result<Self, ExpandError> {
        let form = match change {
            Change::RenameColumn => RENAME,
            Change::ChangeType => TYPE,
            Change::NotNull => NOT_NULL,
            Change::SplitTable => SPLIT,
        };
        read(change, text).ok_or_else(|| ExpandError::Form { text: text.to_owned(), form })
    }
}

fn read(change: Change, text: &str) -> Option<Request> {
    let (first, mut rest) = take_name(text)?;
    let mut path = vec![first];
    while let Some(after) = rest.strip_prefix('.') {
        let (name, after) = take_name(after)?;
        path.push(name);
        rest = after;
    }
    let value = rest.trim_start().strip_prefix('=')?.trim();
    let column = if change == Change::SplitTable { None } else { Some(path.pop()?) };
    let name = path.pop()?;
    let table = TableName { schema: path.pop(), name };
    if !path.is_empty() {
        return None;
    }
    let what = match (change, column) {
        (Change::RenameColumn, Some(old)) => {
            let (new, "") = take_name(value)? else { return None };
            What::Rename { old, new }
        }
        (Change::ChangeType, Some(old)) => {
            let (new, after) = take_name(value)?;
            let data_type = after.trim_start().strip_prefix(':')?.trim();
            if data_type.is_empty() {
                return None;
            }
            What::Type { old, new, data_type: data_type.to_owned() }
        }
        (Change::NotNull, Some(column)) => {
            if value.is_empty() {
                return None;
            }
            What::NotNull { column, value: value.to_owned() }
        }
        (Change::SplitTable, None) => {
            let (new, after) = take_name(value)?;
            let mut rest = after.trim_start().strip_prefix(':')?;
            let mut columns = Vec::new();
            loop {
                let (column, after) = take_name(rest)?;
                columns.push(column);
                match after.trim_start() {
                    "" => break,
                    after => rest = after.strip_prefix(',')?,
                }
            }
            What::Split { new, columns }
        }
        _ => return None,
    };
    Some(Request { table, what })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read() {
        let table = |schema: Option<&str>| TableName { schema: schema.map(str::to_owned), name: "books".to_owned() };
        let name = |text: &str| text.to_owned();
        for (change, text, schema, what) in [
            (Change::RenameColumn, "books.title=name", None, What::Rename { old: name("title"), new: name("name") }),
            (
                Change::ChangeType,
                "app.books.price = \"Price\": numeric(12, 2)",
                Some("app"),
                What::Type { old: name("price"), new: name("Price"), data_type: name("numeric(12, 2)") },
            ),
            (Change::NotNull, "Books.isbn='a=b'", None, What::NotNull { column: name("isbn"), value: name("'a=b'") }),
            (
                Change::SplitTable,
                "books=texts:a, \"B\"",
                None,
                What::Split { new: name("texts"), columns: vec![name("a"), name("B")] },
            ),
        ] {
            assert_eq!(Request::parse(change, text), Ok(Request { table: table(schema), what }));
        }
    }

    #[test]
    fn other_forms_are_refused_with_an_example() {
        for (change, text) in [
            (Change::RenameColumn, "books.title"),
            (Change::RenameColumn, "title=name"),
            (Change::RenameColumn, "books.title=a b"),
            (Change::RenameColumn, "a.b.c.d=e"),
            (Change::ChangeType, "books.price=amount"),
            (Change::ChangeType, "books.price=amount:"),
            (Change::NotNull, "books.isbn="),
            (Change::SplitTable, "books=texts"),
            (Change::SplitTable, "books=texts:a,"),
        ] {
            let error = Request::parse(change, text).unwrap_err();
            assert!(matches!(error, ExpandError::Form { .. }), "{text}");
            assert!(error.help().unwrap().contains("--expand-contract"), "{text}");
        }
    }
}
