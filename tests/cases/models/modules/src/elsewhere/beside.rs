use migrate_build::Domain;

#[derive(Domain)]
pub struct Beside(uuid::Uuid);
