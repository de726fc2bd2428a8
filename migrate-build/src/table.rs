//! What the derives make of structs and enums, for the program that uses them.
//!
//! `#[derive(Table)]` gives a struct its table's name and columns, and lets it be had from a row:
//!
//! ```
//! use migrate_build::Table;
//!
//! #[derive(Table)]
//! #[table(name = "books", schema = "library")]
//! struct Book {
//!     #[column(primary_key, identity)]
//!     id: i64,
//!     #[column(unique)]
//!     title: String,
//! }
//!
//! let query = format!("SELECT {} FROM {}", Book::COLUMNS.join(", "), Book::TABLE);
//! assert_eq!(query, r#"SELECT "id", "title" FROM "library"."books""#);
//! # fn read(row: &tokio_postgres::Row) -> Result<Book, tokio_postgres::Error> {
//! Book::try_from(row)
//! # }
//! ```
//!
//! `#[derive(PgEnum)]` and `#[derive(Domain)]` make an enum and a newtype types that go into a query and come out of one. All attributes
//! are in `docs/models.md`.

use std::error::Error;

use tokio_postgres::types::{Kind, WrongType};

#[doc(hidden)]
pub use tokio_postgres::types::private::BytesMut;
#[doc(hidden)]
pub use tokio_postgres::types::{FromSql, IsNull, ToSql, Type};
#[doc(hidden)]
pub use tokio_postgres::{Error as RowError, Row};

#[doc(hidden)]
pub type SqlError = Box<dyn Error + Sync + Send>;

/// A struct that stands for a table.
pub trait Table {
    /// The table's name, quoted, with its schema where the model names one.
    const TABLE: &'static str;
    /// The columns' names, quoted, in the order of the fields.
    const COLUMNS: &'static [&'static str];
    /// The names of the fields that are columns, in the same order.
    const FIELDS: &'static [&'static str];
}

/// An enum or newtype that stands for a type of the database.
pub trait PgType {
    /// The type's name, quoted, with its schema where the model names one: for casts.
    const TYPE: &'static str;
}

/// An enum that stands for one of the database's.
pub trait PgLabel: PgType {
    /// Returns what the database calls the value.
    fn label(&self) -> &'static str;
}

/// Whether a list of fields has this one; for assertions that the compiler evaluates.
#[doc(hidden)]
pub const fn has(fields: &[&str], name: &str) -> bool {
    let mut rest = fields;
    while let [first, others @ ..] = rest {
        if same(first.as_bytes(), name.as_bytes()) {
            return true;
        }
        rest = others;
    }
    false
}

const fn same(mut a: &[u8], mut b: &[u8]) -> bool {
    loop {
        match (a, b) {
            ([], []) => return true,
            ([x, more @ ..], [y, others @ ..]) if *x == *y => (a, b) = (more, others),
            _ => return false,
        }
    }
}

/// Whether a type is the enum of this name.
#[doc(hidden)]
pub fn is_enum(ty: &Type, name: &str) -> bool {
    ty.name() == name && matches!(ty.kind(), Kind::Enum(_))
}

/// The type that a domain of this name is over; any other type as it is.
#[doc(hidden)]
pub fn base_type<'t>(ty: &'t Type, name: &str) -> &'t Type {
    match ty.kind() {
        Kind::Domain(base) if ty.name() == name => base,
        _ => ty,
    }
}

/// The error of a value that the program's enum doesn't have.
#[doc(hidden)]
pub fn unknown_label(name: &str, label: &str) -> SqlError {
    format!("`{label}` is no value of the enum `{name}` that this program knows").into()
}

/// `ToSql::to_sql_checked`, as every implementation has it.
///
/// # Errors
/// The value is of another type, or refuses to be written.
#[doc(hidden)]
pub fn checked<T: ToSql>(value: &T, ty: &Type, out: &mut BytesMut) -> Result<IsNull, SqlError> {
    if T::accepts(ty) { value.to_sql(ty, out) } else { Err(Box::new(WrongType::new::<T>(ty.clone()))) }
}
