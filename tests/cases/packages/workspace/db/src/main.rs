//! Prints what is embedded.
#![deny(warnings)]

mod db {
    include!(concat!(env!("OUT_DIR"), "/generated/migrate_build.rs"));
}

fn main() {
    let migrations = &db::MIGRATIONS;
    println!("head {:?}, history {:?}", migrations.head(), migrations.options().unwrap().history);
}
