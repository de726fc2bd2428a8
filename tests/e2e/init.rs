//! `init`, and the way from an empty package to a migrated database.

use fs_err as fs;
use insta::assert_snapshot;
use tests::bench::{Bench, VERSIONS};
use tests::environment::workspace;
use tests::invocation::Invocation;
use tests::output::{Output, stable};
use tests::postgres::Database;
use tests::project::Project;

/// `--path` for this checkout.
fn checkout() -> &'static str {
    workspace().to_str().unwrap()
}

/// The scripts, in order.
fn scripts(project: &Project) -> Vec<String> {
    let files = fs::read_dir(project.path(VERSIONS)).unwrap();
    let mut files: Vec<String> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    files.sort();
    files
}

/// A package as somebody has written it.
fn package() -> Project {
    let project = Project::empty();
    project.write(
        "Cargo.toml",
        "# Our shop.\n[package]\nname='shop'   # for now\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
         [dependencies] # few\n  anyhow    = \"1\"\nzebra= {version=\"2\"}\n\n[profile.release]\nlto=true\n",
    );
    project.write("src/main.rs", "fn main() {}\n");
    project
}

#[test]
fn a_package_gets_what_it_lacks_and_keeps_the_rest() {
    let project = package();
    assert_snapshot!(project.migrate(&["init"]).snapshot(), @"
    $ cargo-migrate init
    -- stderr
    Edited Cargo.toml: added `migrate-build` to `[dependencies]`, added `migrate-build` to `[build-dependencies]`
    Created build.rs: embeds the migrations
    Created migrations/.gitattributes: LF for scripts, merge by lines for the lock
    Created migrations/versions/V[VERSION]__init.sql
    Created migrations/versions/V[VERSION]__init.down.sql

    next steps:
      cargo migrate new create_books    write a migration, then its SQL in migrations/versions
      cargo build                       checks all migrations and embeds them
      cargo migrate upgrade             applies them to the database in DATABASE_URL

    to apply them when the application starts (`cargo add tokio-postgres tokio -F tokio/macros,tokio/rt-multi-thread`):
      mod db {
          migrate_build::include_migrations!();
      }
      db::MIGRATIONS.upgrade(&mut client).await?;
    -- exit 0
    ");
    assert_snapshot!(project.read("Cargo.toml"), @r#"
    # Our shop.
    [package]
    name='shop'   # for now
    version = "0.1.0"
    edition = "2024"

    [dependencies] # few
      anyhow    = "1"
    migrate-build = { version = "0.1.0", default-features = false, features = ["runtime"] }
    zebra= {version="2"}

    [profile.release]
    lto=true

    [build-dependencies]
    migrate-build = "0.1.0"
    "#);
    assert_snapshot!(project.read("build.rs"), @r#"
    fn main() {
        migrate_build::embed("migrations");
    }
    "#);
    assert_snapshot!(project.read("migrations/.gitattributes"), @"
    *.sql text eol=lf
    migrate.lock merge=union
    ");
    let [down, up] = scripts(&project).try_into().unwrap();
    assert_eq!([stable(&up).as_str(), stable(&down).as_str()], ["V[VERSION]__init.sql", "V[VERSION]__init.down.sql"]);
    assert_snapshot!(project.read(format!("{VERSIONS}/{up}")), @"
    --! parents = []

    -- The history starts here, with nothing to do.
    ");

    let before = project.files();
    assert_snapshot!(project.migrate(&["init"]).snapshot(), @"
    $ cargo-migrate init
    -- stderr
    Cargo.toml names `migrate-build` already
    build.rs calls `migrate_build` already
    migrations/.gitattributes has its lines already
    migrations/versions has migrations already
    nothing to do
    -- exit 0
    ");
    assert_eq!(project.files(), before);
}

#[test]
fn a_build_script_is_extended() {
    let project = package();
    project.write("build.rs", "fn main() {\n    // Ours.\n    println!(\"cargo::rerun-if-changed=data\");\n}\n");
    project.migrate(&["init", "--path", checkout(), "--dir", "db/scripts"]).success();
    assert_snapshot!(project.read("build.rs"), @r#"
    fn main() {
        migrate_build::embed("db/scripts");
        // Ours.
        println!("cargo::rerun-if-changed=data");
    }
    "#);
    let manifest = project.read("Cargo.toml");
    assert!(manifest.contains("[package.metadata.migrate]\ndir = \"db/scripts\"\n"), "{manifest}");
    assert!(manifest.contains(&format!("path = \"{}/migrate-build\"", checkout())), "{manifest}");
    assert!(project.path("db/scripts/versions").is_dir());
    project.migrate(&["check"]).success();
}

/// Whatever stands in the way, nothing is done by halves.
#[test]
fn what_is_in_the_way_is_said_and_nothing_is_written() {
    type Case = (&'static str, fn(&Project), &'static [&'static str], i32);
    let cases: [Case; 5] = [
        (
            "a build script like no other",
            |project| project.write("build.rs", "include!(\"other.rs\");\n"),
            &["init"],
            1,
        ),
        (
            "scripts in refinery's place",
            |project| project.write("migrations/V1__theirs.sql", "select 1;"),
            &["init"],
            1,
        ),
        ("a folder elsewhere", |_| {}, &["init", "--dir", "../elsewhere"], 2),
        ("no checkout", |_| {}, &["init", "--path", "src"], 2),
        ("a file where a folder is to be", |project| project.write("migrations", "a file"), &["init"], 1),
    ];
    for (name, spoil, args, code) in cases {
        let project = package();
        spoil(&project);
        let before = project.files();
        let output = project.migrate(args).ended(code);
        assert!(output.stderr.starts_with("error: "), "{name}: {output:?}");
        assert_eq!(project.files(), before, "{name}");
    }
}

/// A package in a package's folder; the right not to write takes the place of a full disk.
#[cfg(unix)]
#[test]
fn half_an_init_is_taken_back() {
    let project = package();
    // A dangling link can't be written through.
    std::os::unix::fs::symlink("/nowhere/at/all", project.path("migrations")).unwrap();
    let before = project.read("Cargo.toml");
    project.migrate(&["init"]).ended(1);
    assert_eq!(project.read("Cargo.toml"), before);
    assert!(!project.path("build.rs").exists());
}

fn run(project: &Project, database: &Database, args: &[&str]) -> Output {
    let url = database.url();
    let run = Invocation::new(project, args).env("DATABASE_URL", url.expose());
    run.hide(database.name(), "[DATABASE]").hide(url.servers(), "[SERVER]").output()
}

const MAIN: &str = "\
mod db {
    migrate_build::include_migrations!();
}

#[tokio::main(flavor = \"current_thread\")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::args().nth(1).ok_or(\"no URL\")?;
    let (mut client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await?;
    tokio::spawn(connection);
    let report = db::MIGRATIONS.upgrade(&mut client).await?;
    println!(\"{} applied, at {:?}\", report.applied.len(), db::MIGRATIONS.head());
    Ok(())
}
";

/// From `cargo new` to a migrated database, with nothing but the commands that `init` itself tells.
#[test]
fn from_an_empty_package_to_a_migrated_database() {
    let project = Project::empty();
    let database = Database::new();
    project.cargo(&["init", "--quiet", "--bin", "--vcs", "none", "--name", project.name()]).success();
    project.migrate(&["init", "--path", checkout()]).success();

    let new = project.migrate(&["new", "create_books"]).success();
    let files: Vec<&str> = new.stdout.lines().collect();
    let [up, down] = files.as_slice() else { panic!("{new:?}") };
    project.write(up, project.read(up) + "create table books (id int8 primary key);\n");
    project.write(down, "drop table books;\n");
    let build = project.cargo(&["build"]).success();
    assert_eq!(build.messages(), "");

    run(&project, &database, &["upgrade"]).success();
    assert_eq!(database.value("select count(*) from books"), "0");
    assert_snapshot!(run(&project, &database, &["status", "-q"]).success().snapshot(), @r#"
    $ cargo-migrate status -q
    database  postgres://postgres:***@[SERVER]/[DATABASE]
    history   "public"."refinery_schema_history"
    head      [VERSION] create_books
    current   [VERSION] create_books

    VERSION         NAME          STATE    APPLIED ON
    [VERSION]  init          applied  [NOW]
    [VERSION]  create_books  applied  [NOW]
    -- stderr
    -- exit 0
    "#);
    run(&project, &database, &["downgrade"]).success();
    assert_eq!(database.value("select to_regclass('books') is null"), "t");
    assert_snapshot!(run(&project, &database, &["status"]).success().snapshot(), @r#"
    $ cargo-migrate status
    database  postgres://postgres:***@[SERVER]/[DATABASE]
    history   "public"."refinery_schema_history"
    head      [VERSION] create_books
    current   [VERSION] init

    VERSION         NAME          STATE    APPLIED ON
    [VERSION]  init          applied  [NOW]
    [VERSION]  create_books  pending
    -- stderr
    1 applied, 1 pending
    help: apply what is pending: `cargo migrate upgrade`
    -- exit 0
    "#);

    // Two people, two heads.
    let parent = project.migrate(&["heads", "-q"]).stdout.split(' ').next().unwrap().to_owned();
    for name in ["add_isbn", "add_price"] {
        let new = project.migrate(&["new", name, "--parent", &parent]).success();
        let [up, down] = new.stdout.lines().collect::<Vec<_>>().try_into().unwrap();
        let column = name.strip_prefix("add_").unwrap();
        project.write(up, project.read(up) + &format!("alter table books add {column} text;\n"));
        project.write(down, format!("alter table books drop {column};\n"));
    }
    let broken = project.cargo(&["build"]).ended(101).messages();
    assert_snapshot!(stable(&broken), @r#"
    error: shop@0.1.0: [several-heads] the history has 2 heads: `V[VERSION]__add_isbn` and `V[VERSION]__add_price`
    error: shop@0.1.0:   --> migrations/versions/V[VERSION]__add_isbn.sql:1:15
    error: shop@0.1.0:   help: join them: `cargo migrate merge -m "merge heads"`
    error: shop@0.1.0:   help: or, if what your branch adds is applied nowhere else, put it on top of theirs: `cargo migrate rebase`
    error: shop@0.1.0:   help: or, if `V[VERSION]__add_price` is applied nowhere yet, put it after `V[VERSION]__add_isbn`: `--! parents = [[VERSION]]` in migrations/versions/V[VERSION]__add_price.sql
    error: build script logged errors
    "#);
    let (_, command) = broken.split_once("help: join them: `cargo migrate merge -m \"").unwrap();
    let message = command.split('"').next().unwrap();
    project.migrate(&["merge", "-m", message]).success();
    assert_eq!(project.cargo(&["build"]).success().messages(), "");

    // The application itself applies them when it starts.
    let manifest = project.read("Cargo.toml");
    let tokio = "tokio = { version = \"1\", features = [\"macros\", \"rt\"] }\ntokio-postgres = \"0.7\"\n";
    project.write("Cargo.toml", manifest.replace("[dependencies]\n", &format!("[dependencies]\n{tokio}")));
    project.write("src/main.rs", MAIN);
    let url = database.url();
    let started = project.cargo(&["run", "--quiet", "--", url.expose()]).success();
    assert!(started.stdout.starts_with("4 applied, at Some("), "{started:?}");
    run(&project, &database, &["status", "--exit-code"]).success();
    let started = project.cargo(&["run", "--quiet", "--", url.expose()]).success();
    assert!(started.stdout.starts_with("0 applied, at Some("), "{started:?}");
    assert_eq!(database.value("select count(*) from refinery_schema_history"), "5");
    drop(database);
}

/// The xtask crate that is written compiles, and its promotion is ours.
#[test]
fn an_xtask_is_one_that_compiles() {
    let project = Project::empty();
    project.write_source("Cargo.toml", "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
    project.write("src/lib.rs", "");
    assert_snapshot!(project.migrate(&["init", "--path", checkout(), "--xtask", "-q"]).snapshot(), @"
    $ cargo-migrate init --path [WORKSPACE] --xtask -q
    -- stderr
    -- exit 0
    ");
    assert_snapshot!(project.read("xtask/src/main.rs"), @"
    //! Tasks of this workspace's development.
    //!
    //! `cargo xtask promote` rehearses the way from development through staging to production on throw-away servers.

    use std::process::ExitCode;

    fn main() -> ExitCode {
        cargo_migrate::promote::cli()
    }
    ");
    assert_snapshot!(project.read(".cargo/config.toml"), @r#"
    [alias]
    xtask = "run --quiet --package xtask --"
    "#);
    assert_eq!(project.cargo_apart(&["check", "--package", "xtask"]).success().messages(), "");
    let before = project.files();
    project.migrate(&["init", "--path", checkout(), "--xtask"]).success();
    assert_eq!(project.files(), before);
}

/// A member of a workspace is found from the workspace's folder by its name.
#[test]
fn a_member_of_a_workspace() {
    let bench = Bench::new(&[]);
    bench.project.write("Cargo.toml", "[workspace]\nmembers = [\"app\", \"other\"]\nresolver = \"3\"\n");
    for name in ["app", "other"] {
        let manifest = format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
        bench.project.write(format!("{name}/Cargo.toml"), manifest);
        bench.project.write(format!("{name}/src/lib.rs"), "");
    }
    assert_snapshot!(bench.migrate_unchanged(&["init"]).ended(2).snapshot(), @"
    $ cargo-migrate init
    -- stderr
    error: no package of the workspace `[ROOT]` uses migrations
    help: set one up, for example `cargo migrate init -p app` (packages: `app`, `other`)
    -- exit 2
    ");
    bench.migrate(&["init", "-p", "app"]).success();
    assert!(bench.project.path("app/migrations/versions").is_dir() && !bench.project.path("other/build.rs").exists());
    // Now there is but one that uses migrations.
    bench.migrate(&["check"]).success();
    bench.migrate(&["upgrade"]).success();
}
