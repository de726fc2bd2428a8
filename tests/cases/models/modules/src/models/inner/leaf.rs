use super::super::books::Book;

#[derive(migrate_build::Table)]
struct Leaf {
    #[column(primary_key, references(Book))]
    id: i64,
}
