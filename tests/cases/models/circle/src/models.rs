use migrate_build::Table;

#[derive(Table)]
struct Hen {
    #[column(primary_key, identity)]
    id: i64,
    #[column(references(Egg))]
    egg_id: i64,
}

#[derive(Table)]
struct Egg {
    #[column(primary_key, identity)]
    id: i64,
    #[column(references(Hen, id, on_delete = "set default"), default = "1")]
    hen_id: i64,
    #[column(references(Egg, on_delete = "restrict"))]
    twin_id: Option<i64>,
}

