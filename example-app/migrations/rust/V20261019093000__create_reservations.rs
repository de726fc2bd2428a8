use barrel::{Migration, backend::Pg, types};

/// `cargo migrate render` freezes what this returns into the up script.
pub fn migration() -> String {
    let mut m = Migration::new();
    m.create_table("reservations", |t| {
        t.add_column("id", types::custom("bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY"));
        t.add_column("book_id", types::custom("bigint REFERENCES books (id)").nullable(false));
        t.add_column("member_id", types::custom("bigint REFERENCES members (id)").nullable(false));
        t.add_column("placed_on", types::custom("date DEFAULT current_date").nullable(false));
        t.add_index("reservations_once", types::index(["book_id", "member_id"]).unique(true));
    });
    m.make::<Pg>()
}

/// What undoes it: the down script.
pub fn rollback() -> String {
    let mut m = Migration::new();
    m.drop_table("reservations");
    m.make::<Pg>()
}
