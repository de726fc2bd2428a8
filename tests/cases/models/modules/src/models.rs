//! Modules of every kind, and names through all kinds of imports.

mod books;
mod inner;
#[path = "elsewhere/readers.rs"]
mod people;
#[cfg(test)]
mod not_there;
#[cfg(not(feature = "lean"))]
mod lent {
    use super::{books::Book, people};
    use migrate_build::Table as Stored;

    mod deeper;

    #[derive(Stored)]
    pub struct Loan {
        #[column(primary_key, references(Book))]
        book_id: super::types::Key,
        #[column(references(people::Reader))]
        reader: super::types::Key,
    }

    pub mod again {
        #[derive(migrate_build::Table)]
        pub struct Return {
            #[column(primary_key, references(super::Loan, book_id))]
            book_id: crate::models::types::Key,
            #[cfg(test)]
            left_out: i32,
            #[cfg_attr(not(test), column(default = "1"))]
            #[cfg_attr(test, column(default = "2"))]
            count: i32,
        }
    }
}
pub mod types {
    pub type Key = Plain;
    type Plain = i64;
    pub use std::primitive as p;
}

#[cfg_attr(feature = "db", derive(migrate_build::Table), table(name = "shelves"))]
struct Shelf {
    #[cfg_attr(feature = "db", column(primary_key))]
    id: types::Key,
}

/// Another crate's derive of the same name.
#[derive(comfy::Table)]
struct Printed {
    id: u64,
}

#[cfg(test)]
#[derive(migrate_build::Table)]
struct TestOnly {
    id: Nonsense,
}
