use migrate_build::{Domain, PgEnum, Table};

#[derive(Table)]
struct Tuple(i32);

#[derive(Table)]
struct Generic<T> {
    value: T,
}

#[derive(PgEnum)]
enum Mood {
    Sad,
    #[pg_enum(name = "sad")]
    VerySad,
    Angry(i32),
}

#[derive(Domain)]
struct Two(i32, i32);

#[derive(Domain)]
#[domain(sqltype = "text")]
struct Email(String);

fn main() {}
