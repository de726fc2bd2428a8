use std::collections::HashMap;

use migrate_build::{Domain, PgEnum, Table};

#[derive(Table)]
struct Book {
    #[column(primary_key)]
    id: u64,
    a: char,
    b: Vec<Vec<i32>>,
    c: HashMap<String, i32>,
    d: (i32, i32),
    e: Unknown,
    f: somewhere::Else<i32>,
    g: Option<Option<i32>>,
    h: Plain,
    i: Other,
    j: crate::other::Thing,
    k: postgres_range::Range<String>,
    l: Circle,
}

type Circle = Option<Circle>;

struct Plain;

#[derive(Table)]
struct Other {
    #[column(primary_key)]
    id: i32,
}

#[derive(Domain)]
struct Wrapped(usize);
