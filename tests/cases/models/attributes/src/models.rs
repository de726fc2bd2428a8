use migrate_build::{Domain, PgEnum, Table};

#[derive(PgEnum)]
#[pg_enum(schema = "library", comment = "How a book is bound", rename_all = "kebab-case")]
pub enum Binding {
    Paperback,
    HardCover,
    #[pg_enum(name = "it's \\ odd")]
    Odd,
}

#[derive(Domain)]
#[domain(name = "isbn", schema = "library", sql_type = "varchar(17)", check = "VALUE <> ''", check("VALUE ~ '^[0-9-]+$'", name = "isbn_digits"))]
#[domain(default = "'0'", not_null, collation = "C", comment = "As on the cover")]
pub struct Isbn(String);

/// A domain of a domain, written before the one it needs.
#[derive(Domain)]
pub struct Outer(Inner);

#[derive(Domain)]
pub struct Inner(i32);

#[derive(Table)]
#[table(name = "authors", schema = "library", comment = "Who wrote")]
pub struct Author {
    #[column(primary_key, identity = "by default", sequence = "START WITH 100 INCREMENT BY 10")]
    pub id: i64,
    #[column(unique(nulls_not_distinct, deferrable, include(born)), index(desc, nulls = "last", method = "btree", opclass = "text_pattern_ops", name = "by_name"))]
    pub name: Option<String>,
    #[column(check = "born > 0", comment = "The year")]
    pub born: Option<i32>,
}

#[derive(Table)]
#[table(name = "books", schema = "library")]
#[table(unique(author_id, title, name = "one_title", initially_deferred))]
#[table(index(title(collation = "C", desc), expr("lower(title)", opclass = "text_pattern_ops"), where = "copies > 0", include(copies), with = "fillfactor = 70"))]
#[table(index(title, unique, nulls_not_distinct), index(columns(tags), method = "gin"))]
#[table(check("copies >= 0 AND copies <= of", name = "enough"), check = "lower(title) <> '' -- never")]
#[table(foreign_key(author_id, references(crate::models::Author, id), on_delete = "set null", on_update = "cascade", match_full, deferrable))]
#[table(exclude(columns(shelf = "&&", expr("int4range(copies, \"of\")") = "&&"), method = "gist", where = "copies > 0", initially_deferred))]
pub struct Book {
    #[column(primary_key, default = "gen_random_uuid()", sql_type = "uuid")]
    pub id: String,
    pub author_id: Option<i64>,
    #[column(collation = "C")]
    pub title: String,
    #[column(default = "1")]
    pub copies: i32,
    pub of: i32,
    #[column(generated = "copies * 2")]
    pub doubled: Option<i32>,
    pub tags: Vec<String>,
    #[column(sql_type = "box")]
    pub shelf: String,
    #[column(default = "'hard-cover'")]
    pub binding: Binding,
    pub isbn: Isbn,
    pub outer: Outer,
    #[column(skip)]
    pub shown: bool,
}

#[derive(migrate_build::Table)]
#[table(primary_key(book_id, day, include(copy), name = "loans_key"), comment = "It's out")]
pub struct Loan {
    #[column(references("library.books", "id", on_delete = "cascade", name = "loans_book"))]
    pub book_id: uuid::Uuid,
    pub day: chrono::NaiveDate,
    pub copy: i32,
}

#[derive(Table)]
#[table(foreign_key(book_id, day, references(Loan, book_id, day)))]
pub struct Reminder {
    #[column(primary_key)]
    pub at: std::time::SystemTime,
    #[column(unique, index)]
    pub number: i32,
    #[column(references(Reminder, number))]
    pub follows: Option<i32>,
    pub day: chrono::NaiveDate,
    pub book_id: uuid::Uuid,
}
