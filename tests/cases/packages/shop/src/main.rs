//! Prints what is embedded.
#![deny(warnings)]

use migrate_build::embedded::Migration;
use shop::db::MIGRATIONS;

fn main() {
    println!("head {:?}", MIGRATIONS.head());
    for migration in &MIGRATIONS.set().unwrap().migrations {
        let Migration { version, name, parents, up, down, transaction, irreversible, .. } = migration;
        println!("{version} {name} on {parents:?}: {up:?}, {down:?}, {transaction}, {irreversible:?}");
    }
    match MIGRATIONS.runner() {
        Ok(runner) => {
            for migration in runner.get_migrations() {
                println!("refinery: {:?} {migration} {}", migration.prefix(), migration.checksum());
            }
        }
        Err(error) => println!("refinery: {error}"),
    }
}
