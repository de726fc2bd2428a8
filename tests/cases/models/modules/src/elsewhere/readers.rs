mod beside;

use chrono as c;

#[derive(migrate_build::Table)]
pub struct Reader {
    #[column(primary_key)]
    id: i64,
    joined: c::NaiveDate,
    beside: beside::Beside,
}
