use migrate_build::{Domain, PgEnum, Table};

#[derive(Table)]
#[table(name = "books", index(title), index(title(desc)), check = "id > 0", check = "id < 9")]
struct Book {
    #[column(primary_key)]
    id: i64,
    title: String,
}

#[derive(Table)]
#[table(name = "books")]
struct Volume {
    #[column(primary_key)]
    id: i64,
}

#[derive(Table)]
#[table(name = "ix_books_title")]
struct Taken {
    id: i64,
}

#[derive(PgEnum)]
#[pg_enum(name = "books")]
enum Mood {
    Sad,
}

#[derive(Domain)]
#[domain(name = "mood")]
struct One(i32);

#[derive(Domain)]
#[domain(name = "mood")]
struct Other(i32);
