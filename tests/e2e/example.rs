//! The example's migrations: each has a true down, and its seeds fit wherever an environment stands.

use std::path::Path;

use cargo_migrate::schema::{Limits, compare, render, take};
use fs_err as fs;
use migrate_build::embedded::Migration;
use migrate_build::migration::dir;
use migrate_build::settings::Settings;
use migrate_build::{codegen, statements};
use tests::postgres::{Database, block_on};
use tokio_postgres::Client;

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../example-app/migrations"))
}

fn migrations() -> Vec<Migration<'static>> {
    let read = dir::scan(folder(), Path::new("migrations")).unwrap();
    codegen::load(&read, &Settings::default()).unwrap().migrations
}

async fn run(client: &Client, what: &str, script: &str) {
    for statement in statements::split(script).unwrap() {
        let sql = &script[statement.range];
        client.batch_execute(sql).await.unwrap_or_else(|error| panic!("{what}: {error:?} in {sql}"));
    }
}

async fn seed(client: &Client) {
    let mut files: Vec<_> = fs::read_dir(folder().join("seeds")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        run(client, &file.display().to_string(), &fs::read_to_string(&file).unwrap()).await;
    }
}

/// The lock file is part of the example: what it has is sealed, and stands as it was sealed.
#[test]
fn every_migration_is_sealed() {
    let read = dir::scan(folder(), Path::new("migrations")).unwrap();
    let findings = migrate_build::check::check(&read, &Settings::default()).unwrap();
    assert_eq!(findings, []);
    let unsealed: Vec<_> =
        read.migrations.iter().filter(|migration| read.lock.find(migration.version).is_none()).collect();
    assert!(unsealed.is_empty(), "run `cargo migrate -p example-app seal`: {unsealed:?}");
}

#[test]
fn every_down_restores_what_was_there_before() {
    let database = Database::new();
    block_on(async {
        let client = database.client().await;
        let migrations = migrations();
        let mut before = Vec::new();
        for migration in &migrations {
            before.push(take(&client, &[]).await.unwrap());
            run(&client, &migration.file, &migration.up).await;
        }
        for migration in migrations.iter().rev() {
            run(&client, &migration.file, migration.down.as_deref().unwrap()).await;
            let differences = compare(&before.pop().unwrap(), &take(&client, &[]).await.unwrap());
            assert!(differences.is_empty(), "{}\n{}", migration.file, render(&differences, Limits::TERMINAL));
        }
    });
}

#[test]
fn seeds_fit_wherever_an_environment_stands_and_come_back_as_they_were() {
    let migrations = migrations();
    for at in 0..=migrations.len() {
        let database = Database::new();
        block_on(async {
            let client = database.client().await;
            let (applied, pending) = migrations.split_at(at);
            for migration in applied {
                run(&client, &migration.file, &migration.up).await;
            }
            seed(&client).await;
            let people = "SELECT coalesce(string_agg(email, ' ' ORDER BY name), '') FROM members";
            let has_people = applied.iter().any(|migration| migration.name == "create_loans");
            let before = if has_people { database.value(people) } else { String::new() };
            assert_eq!(before.to_lowercase().contains("grace@example.org"), has_people, "{at}");
            for migration in pending {
                run(&client, &migration.file, &migration.up).await;
            }
            assert_eq!(database.value(people), before.to_lowercase());
            for migration in pending.iter().rev() {
                run(&client, &migration.file, migration.down.as_deref().unwrap()).await;
            }
            if has_people {
                assert_eq!(database.value(people), before);
            }
        });
    }
}
