use migrate_build::*;

#[derive(PgEnum)]
pub enum Genre {
    Novel,
    #[cfg(test)]
    Fake,
}
