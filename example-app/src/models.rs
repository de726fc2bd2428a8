//! What the schema shall be: `cargo migrate generate` compares it with what the migrations make.
#![expect(dead_code, reason = "read by cargo-migrate; the service itself queries by SQL")]

use migrate_build::Table;

#[derive(Table)]
#[table(name = "authors", no_row)]
pub(crate) struct Author {
    #[column(primary_key, identity)]
    id: i64,
    #[column(unique, check = "name <> ''")]
    name: String,
}

#[derive(Table)]
#[table(name = "books", no_row, unique(author_id, title))]
pub(crate) struct Book {
    #[column(primary_key, identity)]
    id: i64,
    #[column(references(Author))]
    author_id: i64,
    #[column(check = "title <> ''")]
    title: String,
    #[column(default = "1", check = "copies >= 0")]
    copies: i32,
}

#[derive(Table)]
#[table(name = "members", no_row)]
pub(crate) struct Member {
    #[column(primary_key, identity)]
    id: i64,
    #[column(check = "name <> ''")]
    name: String,
    #[column(unique, check("email = lower(email)", name = "members_email_folded"))]
    email: String,
    #[column(sql_type = "date", default = "current_date")]
    joined_on: String,
    email_as_typed: Option<String>,
}

#[expect(clippy::duplicated_attributes, reason = "two indexes of one condition")]
#[derive(Table)]
#[table(name = "loans", no_row)]
#[table(check("lent_on <= due_on AND lent_on <= returned_on", name = "loans_in_order"))]
#[table(index(book_id, member_id, unique, where = "returned_on IS NULL", name = "loans_one_open_each"))]
#[table(index(due_on, where = "returned_on IS NULL", name = "loans_open_by_due"))]
pub(crate) struct Loan {
    #[column(primary_key, identity)]
    id: i64,
    #[column(references(Book))]
    book_id: i64,
    #[column(references(Member), index(name = "loans_by_member"))]
    member_id: i64,
    #[column(sql_type = "date", default = "current_date")]
    lent_on: String,
    #[column(sql_type = "date", default = "current_date + 21")]
    due_on: String,
    #[column(sql_type = "date")]
    returned_on: Option<String>,
}

#[derive(Table)]
#[table(name = "reservations", no_row)]
#[table(index(book_id, member_id, unique, name = "reservations_once"))]
pub(crate) struct Reservation {
    #[column(primary_key, identity)]
    id: i64,
    #[column(references(Book))]
    book_id: i64,
    #[column(references(Member))]
    member_id: i64,
    #[column(sql_type = "date", default = "current_date")]
    placed_on: String,
}
