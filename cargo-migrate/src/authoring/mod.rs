//! Writing new migrations: their names, versions and texts.

pub mod name;
pub mod version;
