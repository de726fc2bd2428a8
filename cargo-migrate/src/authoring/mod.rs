//! Writing new migrations: their names, versions and texts.

pub mod name;
pub mod script;
pub mod version;
