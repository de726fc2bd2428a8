use migrate_build::{Domain, PgEnum, Table};

#[derive(Table)]
#[table(nmae = "books", unique(titel), index(), check = "", comment = 1, primary_key(id))]
struct Book {
    #[column(primary_key)]
    id: Option<i64>,
    #[column(unqiue, colour = "red", references(Author, on_delete = "cascad"), identity = "never")]
    title: String,
    #[column(name = "a_name_that_is_longer_than_the_sixty_three_bytes_that_postgresql_takes")]
    long: i32,
    #[column(default = "1", generated = "2", sequence = "START 3")]
    three: i32,
    #[column(name = "ctid")]
    four: i32,
    #[column(name = "three")]
    five: i32,
    #[column]
    six: i32,
    #[column(index(desc, nulls = "middle", collumns(a)), check(name = "x"))]
    seven: i32,
}

#[derive(PgEnum)]
#[pg_enum(rename_all = "snake")]
enum Mood {
    Sad(i32),
    #[pg_enum(name = "x", nmae = "y")]
    Happy,
    #[pg_enum(name = "x")]
    Other,
}

#[derive(Domain)]
#[domain(nul = "x")]
struct Two(i32, i32);

#[derive(Domain)]
#[domain(sqltype = "text")]
struct Mail(Option<String>);

#[derive(Table)]
struct Tuple(i32);

#[derive(Table)]
#[table(name = "a" "b")]
struct Generic<'a, 'b, T> {
    a: T,
}

#[derive(Table)]
enum NoStruct {}

#[derive(PgEnum)]
struct NoEnum;
