//! What `generate` tries and builds on scratch databases: what it can't prove, and what is left of it all.

use tests::bench::Bench;
use tests::postgres::{block_on, connect, own_server};

/// A table that the models want another column of, which rows that an earlier migration put in have no value for.
fn unprovable() -> Bench {
    let bench = Bench::new(&[
        (
            "V1__books.sql",
            "create table books (id bigint constraint pk_books primary key);\ninsert into books values (1);\n",
        ),
        ("V1__books.down.sql", "drop table books;\n"),
    ]);
    bench.project.write("src/models.rs", MODELS);
    bench
}

const MODELS: &str = r#"
use migrate_build::Table;

#[derive(Table)]
#[table(name = "books")]
pub struct Book {
    #[column(primary_key)]
    pub id: i64,
    pub title: String,
}
"#;

#[test]
fn what_fails_on_a_copy_is_written_only_where_somebody_says_so() {
    let bench = unprovable();
    let refused = bench.migrate_unchanged(&["generate", "-m", "title"]).ended(1);
    for part in [
        "column \"title\" of relation \"books\" contains null values",
        "while the new migrations were tried on a copy",
        "nothing was written",
        "`--unproved`",
    ] {
        assert!(refused.stderr.contains(part), "{part}: {refused:?}");
    }
    let unproved = ["generate", "-m", "title", "--unproved"];
    let json = bench.migrate_unchanged(&[unproved.as_slice(), &["--dry-run", "--format", "json"]].concat()).success();
    assert_eq!(json.json()["proved"], false);
    let written = bench.migrate(&unproved).success();
    assert!(written.stderr.contains("1 migration, not proved"), "{written:?}");
    let script = bench.project.read("migrations/versions/V2__title.sql");
    assert!(script.contains("\n-- NOT PROVED.\n-- Generated from"), "{script}");
}

/// What there is no statement for is named, and a migration that leaves it out is not taken for all of it.
#[test]
fn what_has_no_statement_is_named() {
    let bench = Bench::new(&[]);
    bench.configure("models = \"schema.sql\"\n");
    bench.project.write("migrations/versions/.keep", "");
    bench.project.write("schema.sql", "create table books (id bigint primary key);\ncreate publication news;\n");
    let refused = bench.migrate_unchanged(&["generate", "-m", "all"]).ended(1);
    assert!(refused.stderr.contains("publication news: there is no statement for it: make it"), "{refused:?}");
    bench.migrate(&["generate", "-m", "all", "--unproved"]).success();
    let script = bench.project.read("migrations/versions/V1__all.sql");
    for part in ["-- NOT PROVED.\n", "-- Left out: publication news: make it\n", "CREATE TABLE public.books"] {
        assert!(script.contains(part), "{part}: {script}");
    }
}

/// What was built for one run goes with it, however it ends; what later runs may use stays as long as some run does.
#[test]
fn only_what_is_used_again_is_left() {
    let bench = unprovable();
    let server = own_server(&[]);
    let url = block_on(server.create_database("dev")).unwrap();
    let run = |args: &[&str]| bench.invoke(args).env("DATABASE_URL", url.expose()).output();
    let scratch = || {
        let sql =
            "select datname::text from pg_database where starts_with(datname, 'cargo_migrate_scratch_') order by 1";
        let rows = block_on(async { connect(&url).await.unwrap().query(sql, &[]).await.unwrap() });
        rows.iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>()
    };
    // A proof that fails, models that the server refuses, migrations that fail.
    run(&["generate", "-m", "title"]).ended(1);
    bench.project.replace(
        "src/models.rs",
        "pub title: String",
        "#[column(check = \"titel > ''\")]\n    pub title: String",
    );
    run(&["generate", "--check"]).ended(1);
    bench.script("V2__broken.sql", "--! parents = [1]\nalter table nothing add a int;\n");
    run(&["generate", "--check"]).ended(1);
    let left = scratch();
    assert!(!left.iter().any(|name| name.starts_with("cargo_migrate_scratch_t_")), "{left:?}");
    // Of two histories and two sets of models, all of them old, the ones that are used stay.
    bench.project.remove("migrations/versions/V2__broken.sql");
    bench.project.write("src/models.rs", MODELS);
    run(&["generate", "--check"]).ended(4);
    bench.project.replace("src/models.rs", "pub title: String", "pub title: Option<String>");
    run(&["generate", "-m", "title"]).success();
    run(&["generate", "--check"]).success();
    let before = scratch();
    assert_eq!(before.len(), 4, "{before:?}");
    for name in &before {
        let old = format!("comment on database {name} is '1000'");
        block_on(async { connect(&url).await.unwrap().batch_execute(&old).await.unwrap() });
    }
    run(&["generate", "--check"]).success();
    let after = scratch();
    assert_eq!(after.len(), 2, "of {before:?} {after:?} are left");
    run(&["generate", "--check"]).success();
    assert_eq!(scratch(), after);
}

/// On the server of an environment that is protected nothing is built.
#[test]
fn a_protected_server_is_left_alone() {
    let bench = unprovable();
    bench.configure("\n[package.metadata.migrate.environments.staging]\nurl = \"$DATABASE_URL\"\nprotected = true\n");
    let refused = bench.migrate(&["generate", "--check", "--env", "staging", "--scratch", "database"]).ended(1);
    assert!(refused.stderr.contains("the database is protected, and its server is left alone"), "{refused:?}");
    assert!(refused.stderr.contains("`--scratch server`"), "{refused:?}");
}
