use super::*;

#[derive(migrate_build::Table)]
struct Deeper {
    #[column(primary_key, references(Loan))]
    id: i64,
}
