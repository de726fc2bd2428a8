use super::types::*;
use migrate_build::prelude::*;

#[derive(Table)]
pub struct Book {
    #[column(primary_key)]
    id: Key,
    genre: self::genre::Genre,
}

mod genre;
