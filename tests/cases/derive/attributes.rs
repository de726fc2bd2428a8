use migrate_build::Table;

#[derive(Table)]
#[table(nmae = "books", unique(titel), comment = 1)]
struct Book {
    #[column(primary_key)]
    id: Option<i64>,
    #[column(unqiue, references("authors", on_delete = "cascad"))]
    title: String,
    #[column(default = "1", generated = "2")]
    copies: i32,
    #[column(index(desc, nulls = "middle"))]
    shelf: i32,
}

fn main() {}
