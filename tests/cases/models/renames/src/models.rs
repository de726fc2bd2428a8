use migrate_build::{Domain, PgEnum, Table};

#[derive(PgEnum)]
#[pg_enum(renamed_from = "feeling")]
enum Mood {
    #[pg_enum(renamed_from = "bad")]
    Sad,
}

#[derive(Domain)]
#[domain(renamed_from = "mail")]
struct Email(String);

#[derive(Table)]
#[table(name = "readers", schema = "app", renamed_from = "members")]
struct Reader {
    #[column(renamed_from = "mail")]
    email: Email,
    mood: Mood,
}
