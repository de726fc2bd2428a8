use migrate_build::Table;

mod m {
    #[derive(migrate_build::Table)]
    #[table(name = "publishers", schema = "app")]
    pub struct Publisher {
        #[column(primary_key)]
        a: i32,
        #[column(primary_key)]
        b: i32,
        name: String,
    }

    pub enum NoTable {}
}

#[derive(Table)]
#[table(foreign_key(a, b, references(m::Publisher, a, nmae)))]
struct Book {
    #[column(references(Athor))]
    id: i64,
    #[column(references("app.publisher", "a"))]
    a: i32,
    #[column(references(m::Publisher))]
    b: i32,
    #[column(references(Author, name))]
    name: String,
    #[column(references(NoKey))]
    c: i32,
    #[column(references(m::NoTable))]
    d: i32,
    #[column(references("a.b.c", "x"))]
    e: i32,
    #[column(references("author", "naem"))]
    f: i32,
    #[column(references(Nowhere))]
    g: i32,
}

#[derive(Table)]
struct Author {
    #[column(primary_key)]
    id: i64,
    name: String,
}

#[derive(Table)]
struct NoKey {
    id: i32,
}
