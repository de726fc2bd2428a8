//! The same tables as SQL, as models for us and as models for Alembic: eight columns, two indexes and a foreign key each, and ten of them
//! edited.

use std::fmt::Write;

/// How many tables an edit touches.
const CHANGES: usize = 10;

/// So many tables, as the migrations make them, or as somebody edited their models.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tables {
    count: usize,
    /// Part of the names that the edit adds: each edit is another one.
    edit: Option<usize>,
}

/// What an edit does to one table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Column(usize),
    Index,
    Type,
    Nullable,
}

impl Tables {
    pub(crate) fn new(count: usize) -> Self {
        Self { count, edit: None }
    }

    /// Four columns, two indexes, two types and two columns that take NULL more than there were.
    pub(crate) fn edited(self, edit: usize) -> Self {
        Self { edit: Some(edit), ..self }
    }

    /// What is in any edit and in nothing else.
    pub(crate) fn mark() -> &'static str {
        "more_"
    }

    fn change(self, i: usize) -> Option<Change> {
        let edit = self.edit?;
        let step = (self.count / CHANGES).max(1);
        let number = i.is_multiple_of(step).then_some(i / step)?;
        Some(match number % 5 {
            2 => Change::Index,
            3 => Change::Type,
            4 => Change::Nullable,
            _ => Change::Column(edit),
        })
    }

    /// The statements that make `some` of the tables.
    pub(crate) fn sql(some: impl Iterator<Item = usize>) -> String {
        let mut sql = String::new();
        for i in some {
            let parent = parent(i);
            let _ = writeln!(
                sql,
                "CREATE TABLE t{i} (\n    id bigint GENERATED ALWAYS AS IDENTITY,\n    parent_id bigint,\n    name text NOT NULL,\n    \
                 note text,\n    price numeric(12, 2) NOT NULL DEFAULT 0,\n    made timestamptz NOT NULL DEFAULT now(),\n    \
                 kind integer NOT NULL,\n    active boolean NOT NULL DEFAULT true,\n    CONSTRAINT pk_t{i} PRIMARY KEY (id),\n    \
                 CONSTRAINT fk_t{i}_parent_id FOREIGN KEY (parent_id) REFERENCES t{parent} (id)\n);\n\
                 CREATE INDEX ix_t{i}_name ON t{i} (name);\nCREATE INDEX ix_t{i}_kind_made ON t{i} (kind, made);"
            );
        }
        sql
    }

    /// `src/models.rs`.
    pub(crate) fn rust(self) -> String {
        let mut text = String::from("use std::time::SystemTime;\n\nuse migrate_build::Table;\n");
        for i in 1..=self.count {
            let change = self.change(i);
            let parent = parent(i);
            let name = if change == Some(Change::Nullable) { "Option<String>" } else { "String" };
            let kind = if change == Some(Change::Type) { "i64" } else { "i32" };
            let index = if change == Some(Change::Index) { ", index(note)" } else { "" };
            let more = match change {
                Some(Change::Column(edit)) => format!("    pub more_{edit}: Option<String>,\n"),
                _ => String::new(),
            };
            let _ = writeln!(
                text,
                "\n#[derive(Table)]\n#[table(name = \"t{i}\", index(name), index(kind, made){index})]\npub struct T{i} {{\n    \
                 #[column(primary_key, identity)]\n    pub id: i64,\n    #[column(references(T{parent}))]\n    \
                 pub parent_id: Option<i64>,\n    pub name: {name},\n    pub note: Option<String>,\n    \
                 #[column(sql_type = \"numeric(12, 2)\", default = \"0\")]\n    pub price: String,\n    \
                 #[column(default = \"now()\")]\n    pub made: SystemTime,\n    pub kind: {kind},\n    \
                 #[column(default = \"true\")]\n    pub active: bool,\n{more}}}"
            );
        }
        text
    }

    /// `models.py`, for SQLAlchemy.
    pub(crate) fn python(self) -> String {
        let mut text = String::from(
            "from sqlalchemy import (\n    BigInteger, Boolean, Column, DateTime, ForeignKeyConstraint, Identity, Index, Integer, MetaData,\n    \
             Numeric, PrimaryKeyConstraint, Table, Text, text,\n)\n\nmetadata = MetaData()\n",
        );
        for i in 1..=self.count {
            let change = self.change(i);
            let parent = parent(i);
            let nullable = if change == Some(Change::Nullable) { "True" } else { "False" };
            let kind = if change == Some(Change::Type) { "BigInteger" } else { "Integer" };
            let more = match change {
                Some(Change::Column(edit)) => format!("    Column(\"more_{edit}\", Text),\n"),
                Some(Change::Index) => format!("    Index(\"ix_t{i}_note\", \"note\"),\n"),
                _ => String::new(),
            };
            let _ = writeln!(
                text,
                "\nTable(\n    \"t{i}\", metadata,\n    Column(\"id\", BigInteger, Identity(always=True), nullable=False),\n    \
                 Column(\"parent_id\", BigInteger),\n    Column(\"name\", Text, nullable={nullable}),\n    Column(\"note\", Text),\n    \
                 Column(\"price\", Numeric(12, 2), nullable=False, server_default=text(\"0\")),\n    \
                 Column(\"made\", DateTime(timezone=True), nullable=False, server_default=text(\"now()\")),\n    \
                 Column(\"kind\", {kind}, nullable=False),\n    \
                 Column(\"active\", Boolean, nullable=False, server_default=text(\"true\")),\n    \
                 PrimaryKeyConstraint(\"id\", name=\"pk_t{i}\"),\n    \
                 ForeignKeyConstraint([\"parent_id\"], [\"t{parent}.id\"], name=\"fk_t{i}_parent_id\"),\n    \
                 Index(\"ix_t{i}_name\", \"name\"),\n    Index(\"ix_t{i}_kind_made\", \"kind\", \"made\"),\n{more})"
            );
        }
        text
    }
}

/// Each refers to the one before it, the first one to itself.
fn parent(i: usize) -> usize {
    i.saturating_sub(1).max(1)
}
