use migrate_build::{PgEnum, Table};

#[derive(Table)]
#[table(name = "user", schema = "Größe \"x\"", index(column, expr("\"Mixed Case\" || 'x'")))]
struct Account {
    #[column(primary_key, name = "select")]
    id: i64,
    #[column(name = "Mixed Case", unique, check = "\"Mixed Case\" <> ''")]
    mixed: String,
    #[column(name = "größe \\ \"q\"", comment = "back\\slash and 'quote'")]
    größe: i32,
    #[column(name = "本")]
    hon: i32,
    column: i32,
}

#[derive(Table)]
#[table(name = "a_table_whose_name_is_as_long_as_it_may_be_with_sixty_three_byt")]
#[table(index(a_column_with_a_long_name, another_column_with_a_long_name))]
#[table(index(another_column_with_a_long_name, a_column_with_a_long_name))]
struct Long {
    #[column(primary_key, references(Account))]
    a_column_with_a_long_name: i64,
    another_column_with_a_long_name: i32,
}

#[derive(PgEnum)]
#[pg_enum(name = "Kind")]
enum Kind {
    Nothing,
}

#[derive(Table)]
struct TestRun {
    kind: Kind,
}
