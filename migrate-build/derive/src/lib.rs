//! The derives that `migrate-build` re-exports by its feature `derive`. What they understand is in `docs/models.md`.
#![warn(missing_docs)]

mod domain;
mod pg_enum;
mod report;
mod table;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes a struct stand for a table: gives it `migrate_build::Table`, and `TryFrom<&Row>` unless it says `no_row`.
#[proc_macro_derive(Table, attributes(table, column))]
pub fn derive_table(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    match migrate_build_model::table(&input) {
        Ok(table) => table::expand(&table, &input),
        Err(errors) => report::expand(&errors),
    }
    .into()
}

/// Makes an enum of unit variants stand for one of PostgreSQL's: gives it `migrate_build::PgType`, `FromSql` and `ToSql`.
/// The last one asks for `Debug`.
#[proc_macro_derive(PgEnum, attributes(pg_enum))]
pub fn derive_pg_enum(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    match migrate_build_model::pg_enum(&input) {
        Ok(pg_enum) => pg_enum::expand(&pg_enum),
        Err(errors) => report::expand(&errors),
    }
    .into()
}

/// Makes a struct around one value stand for a domain: gives it `migrate_build::PgType`, `FromSql` and `ToSql`.
/// The last one asks for `Debug`.
#[proc_macro_derive(Domain, attributes(domain))]
pub fn derive_domain(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    match migrate_build_model::domain(&input) {
        Ok(domain) => domain::expand(&domain),
        Err(errors) => report::expand(&errors),
    }
    .into()
}
