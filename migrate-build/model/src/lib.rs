//! What `#[table(…)]`, `#[column(…)]`, `#[pg_enum(…)]` and `#[domain(…)]` say, as values with places.
//!
//! The derives of `migrate-build-derive` and the reader of `cargo migrate` both call [`table()`], [`pg_enum()`] and [`domain()`], so
//! that what compiles is what is read. Types of fields are left as they are: mapping them takes more than one item's text.
#![warn(missing_docs)]

mod attribute;
mod column;
mod constraint;
mod domain;
mod error;
mod foreign_key;
mod index;
mod item;
mod name;
mod options;
mod pg_enum;
mod table;

pub use column::{Column, Identity};
pub use constraint::{Check, Exclusion, ExclusionElement, PrimaryKey, Timing, Unique};
pub use domain::{Domain, domain};
pub use error::{Error, nearest};
pub use foreign_key::{Action, ForeignKey, Target, TargetColumn};
pub use index::{Index, IndexKey, KeyPart, Nulls};
pub use item::Text;
pub use name::{MAX_NAME, snake_case};
pub use pg_enum::{Label, PgEnum, pg_enum};
pub use table::{ColumnRef, Table, option_of, table};
