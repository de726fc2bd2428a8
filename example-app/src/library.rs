//! The queries: what the library can do, on one connection each.

use serde::{Deserialize, Serialize};
use tokio_postgres::{Client, GenericClient, Row, Transaction};

use crate::error::Error;

/// How many rows a list holds at most.
const MOST: i64 = 500;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewBook {
    pub(crate) title: String,
    pub(crate) author: String,
    #[serde(default = "one")]
    pub(crate) copies: i32,
}

fn one() -> i32 {
    1
}

#[derive(Debug, Serialize)]
pub(crate) struct Book {
    pub(crate) id: i64,
    title: String,
    author: String,
    copies: i32,
    /// Copies that nobody has borrowed.
    pub(crate) available: i64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewMember {
    pub(crate) name: String,
    pub(crate) email: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct Member {
    pub(crate) id: i64,
    name: String,
    email: String,
}

/// A member and a book: what a loan and a reservation are made from.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wish {
    pub(crate) book_id: i64,
    pub(crate) member_id: i64,
}

#[derive(Debug, Serialize)]
pub(crate) struct Loan {
    pub(crate) id: i64,
    book_id: i64,
    member_id: i64,
    lent_on: String,
    due_on: String,
    returned_on: Option<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Overdue {
    id: i64,
    due_on: String,
    title: String,
    member: String,
    email: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct Reservation {
    id: i64,
    book_id: i64,
    member_id: i64,
    placed_on: String,
}

const BOOK: &str = "
    SELECT books.id, books.title, authors.name AS author, books.copies,
           books.copies - (SELECT count(*) FROM loans WHERE book_id = books.id AND returned_on IS NULL) AS available
    FROM books JOIN authors ON authors.id = books.author_id";

const LOAN: &str = "id, book_id, member_id, lent_on::text, due_on::text, returned_on::text";

/// The books, by title.
pub(crate) async fn books(client: &impl GenericClient) -> Result<Vec<Book>, Error> {
    let rows = client.query(&format!("{BOOK} ORDER BY books.title, books.id LIMIT {MOST}"), &[]).await?;
    rows.iter().map(book_of).collect()
}

/// One book.
pub(crate) async fn book(client: &impl GenericClient, id: i64) -> Result<Book, Error> {
    let row = client.query_opt(&format!("{BOOK} WHERE books.id = $1"), &[&id]).await?;
    book_of(&row.ok_or(Error::NotFound { what: "book", id })?)
}

/// Adds a book, and its author where it is the first one by them.
pub(crate) async fn add_book(client: &impl GenericClient, book: &NewBook) -> Result<Book, Error> {
    let NewBook { title, author, copies } = book;
    let sql = "
        WITH author AS (
            INSERT INTO authors (name) VALUES ($1) ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING id
        )
        INSERT INTO books (author_id, title, copies) SELECT id, $2, $3 FROM author RETURNING id";
    let row = client.query_one(sql, &[author, title, copies]).await?;
    self::book(client, row.try_get("id")?).await
}

/// The members, by name.
pub(crate) async fn members(client: &impl GenericClient) -> Result<Vec<Member>, Error> {
    let sql = format!("SELECT id, name, email FROM members ORDER BY name, id LIMIT {MOST}");
    client.query(&sql, &[]).await?.iter().map(member_of).collect()
}

/// Adds a member; addresses are kept in lower case.
pub(crate) async fn add_member(client: &impl GenericClient, member: &NewMember) -> Result<Member, Error> {
    let NewMember { name, email } = member;
    if !email.contains('@') {
        return Err(Error::Invalid("an e-mail address has an `@`"));
    }
    let sql = "INSERT INTO members (name, email) VALUES ($1, lower($2)) RETURNING id, name, email";
    member_of(&client.query_one(sql, &[name, email]).await?)
}

/// The loans, youngest first; `open`: only those that were not returned.
pub(crate) async fn loans(client: &impl GenericClient, open: bool) -> Result<Vec<Loan>, Error> {
    let sql = format!("SELECT {LOAN} FROM loans WHERE NOT $1 OR returned_on IS NULL ORDER BY id DESC LIMIT {MOST}");
    client.query(&sql, &[&open]).await?.iter().map(loan_of).collect()
}

/// Lends a copy of a book, if one is there, and takes the member's reservation off the list.
pub(crate) async fn lend(client: &mut Client, wish: Wish) -> Result<Loan, Error> {
    let transaction = client.transaction().await?;
    let loan = lend_in(&transaction, wish).await?;
    transaction.commit().await?;
    Ok(loan)
}

/// As [`lend`], in a transaction of the caller's.
pub(crate) async fn lend_in(transaction: &Transaction<'_>, wish: Wish) -> Result<Loan, Error> {
    let Wish { book_id, member_id } = wish;
    // Two who want the last copy come one after the other: the count below sees what the first one did.
    let lock = "SELECT FROM books WHERE id = $1 FOR NO KEY UPDATE";
    transaction.query_opt(lock, &[&book_id]).await?.ok_or(Error::NotFound { what: "book", id: book_id })?;
    if book(transaction, book_id).await?.available < 1 {
        return Err(Error::Conflict("every copy is lent"));
    }
    let insert = format!("INSERT INTO loans (book_id, member_id) VALUES ($1, $2) RETURNING {LOAN}");
    let row = transaction.query_one(&insert, &[&book_id, &member_id]).await?;
    let delete = "DELETE FROM reservations WHERE book_id = $1 AND member_id = $2";
    transaction.execute(delete, &[&book_id, &member_id]).await?;
    loan_of(&row)
}

/// Takes a book back.
pub(crate) async fn take_back(client: &impl GenericClient, id: i64) -> Result<Loan, Error> {
    let update =
        format!("UPDATE loans SET returned_on = current_date WHERE id = $1 AND returned_on IS NULL RETURNING {LOAN}");
    if let Some(row) = client.query_opt(&update, &[&id]).await? {
        return loan_of(&row);
    }
    match client.query_opt("SELECT FROM loans WHERE id = $1", &[&id]).await? {
        Some(_) => Err(Error::Conflict("it was returned already")),
        None => Err(Error::NotFound { what: "loan", id }),
    }
}

/// The loans whose day has passed, most urgent first.
pub(crate) async fn overdue(client: &impl GenericClient) -> Result<Vec<Overdue>, Error> {
    let sql = format!(
        "SELECT id, due_on::text, title, member, email FROM overdue_loans ORDER BY overdue_loans.due_on, id LIMIT {MOST}"
    );
    let rows = client.query(&sql, &[]).await?;
    let overdue = |row: &Row| {
        Ok(Overdue {
            id: row.try_get("id")?,
            due_on: row.try_get("due_on")?,
            title: row.try_get("title")?,
            member: row.try_get("member")?,
            email: row.try_get("email")?,
        })
    };
    rows.iter().map(overdue).collect()
}

/// The reservations of a book, first come first.
pub(crate) async fn reservations(client: &impl GenericClient, book_id: i64) -> Result<Vec<Reservation>, Error> {
    let sql = format!(
        "SELECT id, book_id, member_id, placed_on::text FROM reservations WHERE book_id = $1 ORDER BY id LIMIT {MOST}"
    );
    client.query(&sql, &[&book_id]).await?.iter().map(reservation_of).collect()
}

/// Puts a member on a book's list.
pub(crate) async fn reserve(client: &impl GenericClient, wish: Wish) -> Result<Reservation, Error> {
    let Wish { book_id, member_id } = wish;
    let sql = "INSERT INTO reservations (book_id, member_id) VALUES ($1, $2)
               RETURNING id, book_id, member_id, placed_on::text";
    reservation_of(&client.query_one(sql, &[&book_id, &member_id]).await?)
}

fn book_of(row: &Row) -> Result<Book, Error> {
    Ok(Book {
        id: row.try_get("id")?,
        title: row.try_get("title")?,
        author: row.try_get("author")?,
        copies: row.try_get("copies")?,
        available: row.try_get("available")?,
    })
}

fn member_of(row: &Row) -> Result<Member, Error> {
    Ok(Member { id: row.try_get("id")?, name: row.try_get("name")?, email: row.try_get("email")? })
}

fn loan_of(row: &Row) -> Result<Loan, Error> {
    Ok(Loan {
        id: row.try_get("id")?,
        book_id: row.try_get("book_id")?,
        member_id: row.try_get("member_id")?,
        lent_on: row.try_get("lent_on")?,
        due_on: row.try_get("due_on")?,
        returned_on: row.try_get("returned_on")?,
    })
}

fn reservation_of(row: &Row) -> Result<Reservation, Error> {
    Ok(Reservation {
        id: row.try_get("id")?,
        book_id: row.try_get("book_id")?,
        member_id: row.try_get("member_id")?,
        placed_on: row.try_get("placed_on")?,
    })
}
