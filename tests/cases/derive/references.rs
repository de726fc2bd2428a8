use migrate_build::Table;

#[derive(Table)]
struct Author {
    #[column(primary_key)]
    id: i64,
}

struct Plain;

#[derive(Table)]
struct Book {
    #[column(references(Author, idd))]
    author_id: i64,
    #[column(references(Plain))]
    plain_id: i64,
    #[column(references(Nowhere))]
    nowhere_id: i64,
}

fn main() {}
