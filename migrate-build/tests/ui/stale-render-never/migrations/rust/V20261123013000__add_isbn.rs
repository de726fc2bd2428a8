use barrel::{Migration, backend::Pg, types};

pub fn migration() -> String {
    let mut m = Migration::new();
    m.change_table("books", |t| {
        t.add_column("isbn", types::text());
    });
    m.make::<Pg>()
}
