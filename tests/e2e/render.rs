//! Migrations written in Rust: compiled and run once, frozen, and found when they change afterwards.

use insta::assert_snapshot;
use tests::bench::{Bench, LINE};
use tests::environment::render_dir;
use tests::output::Output;

const SOURCE: &str = "migrations/rust/V4__create_users.rs";
const UP: &str = "migrations/versions/V4__create_users.sql";
const DOWN: &str = "migrations/versions/V4__create_users.down.sql";

const USERS: &str = "\
use barrel::{Migration, backend::Pg, types};

pub fn migration() -> String {
    println!(\"DROP TABLE books;\");
    let mut m = Migration::new();
    m.create_table(\"users\", |t| {
        t.add_column(\"id\", types::primary());
        t.add_column(\"name\", types::varchar(80));
    });
    m.make::<Pg>()
}

pub fn rollback() -> String {
    let mut m = Migration::new();
    m.drop_table(\"users\");
    m.make::<Pg>()
}
";

/// What it takes besides barrel is compiled once for all tests.
fn render(bench: &Bench, args: &[&str]) -> Output {
    let _turn = turn();
    let run = bench.invoke(&[&["render"], args].concat());
    run.env("CARGO_NET_OFFLINE", "true").env("CARGO_TARGET_DIR", render_dir()).output()
}

/// The tests share one folder, and who waits for another says so.
fn turn() -> fs_err::File {
    fs_err::create_dir_all(render_dir()).unwrap();
    let file = fs_err::File::create(render_dir().join(".turn")).unwrap();
    file.file().lock().unwrap();
    file
}

/// Cargo's configuration says where it builds; what it builds for is this machine, whatever the application is for.
#[test]
fn the_target_folder_is_cargos_and_the_target_is_this_machine() {
    let bench = Bench::new(LINE);
    bench.migrate(&["new", "create users", "--rust"]).success();
    bench.project.write(SOURCE, USERS);
    bench.project.write("src/lib.rs", "");
    let folder = render_dir();
    bench.project.write(
        ".cargo/config.toml",
        format!("[build]\ntarget-dir = {:?}\ntarget = \"wasm32-unknown-none\"\n", folder.to_str().unwrap()),
    );
    let _turn = turn();
    let run = || {
        let run = bench.invoke(&["render"]).env("CARGO_NET_OFFLINE", "true");
        run.without("CARGO_TARGET_DIR").without("CARGO_BUILD_TARGET")
    };
    run().output().success();
    assert!(bench.project.read(UP).contains("CREATE TABLE"));
    assert!(!bench.project.path("target").exists());

    // Another process that renders is waited for, and that is said.
    bench.project.replace(SOURCE, "80", "90");
    let lock = fs_err::File::create(folder.join("cargo-migrate/render/.lock")).unwrap();
    lock.file().lock().unwrap();
    let waiting = run().start();
    std::thread::sleep(std::time::Duration::from_secs(1));
    drop(lock);
    let waited = waiting.wait().success();
    assert!(waited.stderr.contains("Waiting for another process that renders\n"), "{waited:?}");
}

/// A down script may have been written by hand, so it is not deleted with the source's `rollback`.
#[test]
fn a_down_script_that_its_source_no_longer_returns_is_named() {
    let bench = Bench::new(LINE);
    bench.migrate(&["new", "create users", "--rust"]).success();
    bench.project.write(SOURCE, USERS);
    render(&bench, &[]).success();
    bench.project.write(SOURCE, USERS.split("pub fn rollback").next().unwrap());
    let down = bench.project.read(DOWN);
    let rendered = render(&bench, &[]).success();
    assert!(
        rendered.stderr.contains(&format!("warning: `{DOWN}` stays: its source returns no way back\n")),
        "{rendered:?}"
    );
    assert!(rendered.stderr.contains(&format!("help: delete `{DOWN}`, ")), "{rendered:?}");
    assert_eq!(bench.project.read(DOWN), down);
}

#[test]
fn a_source_is_frozen_and_its_changes_are_found() {
    let bench = Bench::new(LINE);
    assert_snapshot!(bench.migrate(&["new", "create users", "--rust"]).snapshot(), @"
    $ cargo-migrate new create users --rust
    migrations/rust/V4__create_users.rs
    migrations/versions/V4__create_users.sql
    migrations/versions/V4__create_users.down.sql
    -- stderr
    Created 4 create_users, builds on 3 add_price
    help: after each change of the Rust source run `cargo migrate render`: it is the SQL that is applied
    -- exit 0
    ");
    assert_snapshot!(bench.project.read(SOURCE), @r#"
    use barrel::{Migration, backend::Pg, types};

    /// `cargo migrate render` freezes what this returns into the up script.
    pub fn migration() -> String {
        let mut m = Migration::new();
        // m.create_table("books", |t| {
        //     t.add_column("id", types::primary());
        // });
        m.make::<Pg>()
    }

    /// What undoes it: the down script.
    pub fn rollback() -> String {
        let mut m = Migration::new();
        // m.drop_table("books");
        m.make::<Pg>()
    }
    "#);
    // As it is written it is rendered already.
    bench.migrate(&["check"]).ended(0);
    bench.project.write(SOURCE, USERS);
    assert_snapshot!(bench.migrate_unchanged(&["check"]).ended(1).snapshot(), @r#"
    $ cargo-migrate check
    -- stderr
    warning[empty-migration]: `V4__create_users` has no statement
    --> migrations/versions/V4__create_users.sql
     = help: write them in its Rust source, then render it: `cargo migrate render V4__create_users`
     = help: or, if nothing needs it and it is applied nowhere yet, delete its files

    error[stale-render]: the Rust source of `V4__create_users` changed since it was rendered
     --> migrations/versions/V4__create_users.sql:2:21
      |
    2 | --! rendered-from = "sha256:613a3ff2c07e4e9fe02c79586e14e1ac6605f4adc25cc89e02740ab3cafba899"
      |                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ rendered from another text than the source has now
      |
      = note: the SQL is what runs, the Rust source is not read when migrations are applied
      = help: render it: `cargo migrate render V4__create_users`
      = help: if the migration is applied already, restore the source and change the schema in a new migration

    4 migrations: 1 error, 1 warning
    -- exit 1
    "#);
    bench.migrate_unchanged(&["upgrade"]).ended(1);
    assert_eq!(render(&bench, &["--check"]).ended(1).stdout, format!("{SOURCE}\n"));

    assert_snapshot!(render(&bench, &[]).success().snapshot(), @"
    $ cargo-migrate render
    migrations/versions/V4__create_users.sql
    migrations/versions/V4__create_users.down.sql
    -- stderr
    Rendering 1 source
    -- exit 0
    ");
    assert_snapshot!(bench.project.read(UP), @r#"
    --! parents = [3]
    --! rendered-from = "sha256:7e26dd8ba7e52a7f8f8f024f02ec229e3abc58970fd6180c85185ad589db7c51"

    CREATE TABLE "users" ("id" SERIAL PRIMARY KEY NOT NULL, "name" VARCHAR(80) NOT NULL);
    "#);
    assert_snapshot!(bench.project.read(DOWN), @r#"DROP TABLE "users";"#);
    let before = bench.project.files();
    render(&bench, &[]).success();
    render(&bench, &["--check"]).success();
    assert_eq!(bench.project.files(), before);
    bench.migrate(&["check"]).success();
    bench.migrate(&["upgrade"]).success();
    assert_eq!(bench.database.value("select count(*) from users"), "0");
    bench.migrate(&["downgrade"]).success();
    assert_eq!(bench.database.value("select to_regclass('users') is null and to_regclass('books') is not null"), "t");

    // An edit is found, also one that changes nothing in the SQL: nobody knows before it is run.
    bench.project.replace(SOURCE, "80", "90");
    let stale = bench.migrate(&["check"]).ended(1);
    assert!(stale.stderr.contains("[stale-render]"), "{stale:?}");
    render(&bench, &["create_users"]).success();
    assert!(bench.project.read(UP).contains("VARCHAR(90)"));
    bench.migrate(&["check"]).success();
}

/// Nothing is written where something is wrong with a source.
#[test]
fn a_source_that_fails_is_pointed_at() {
    let bench = Bench::new(LINE);
    bench.migrate(&["new", "create users", "--rust"]).success();
    bench.project.write(SOURCE, "pub fn migration() -> String { 1 }\n");
    let before = bench.project.files();
    let failed = render(&bench, &[]).ended(1);
    assert!(
        failed.stderr.starts_with("Rendering 1 source\nerror: the Rust sources of migrations don't compile\n"),
        "{failed:?}"
    );
    assert!(failed.stderr.contains("V4__create_users.rs:1:32"), "{failed:?}");
    bench.project.write(SOURCE, "pub fn migration() -> String { panic!(\"no way\") }\n");
    let failed = render(&bench, &[]).ended(1);
    assert!(
        failed.stderr.contains("ended without returning its SQL") && failed.stderr.contains("no way"),
        "{failed:?}"
    );
    assert_eq!(failed.stdout, "");
    bench.project.write(SOURCE, &before[std::path::Path::new(SOURCE)]);
    assert_eq!(bench.project.files(), before);
    render(&bench, &["nope"]).ended(2);
}

/// SQL that somebody wrote is not replaced unawares.
#[test]
fn sql_by_hand_is_kept() {
    let bench = Bench::new(LINE);
    bench.project.write("migrations/rust/V3__add_price.rs", "pub fn migration() -> String { \"select 3\".into() }\n");
    let kept = bench.unchanged(|| render(&bench, &[])).ended(1);
    assert_snapshot!(kept.snapshot(), @"
    $ cargo-migrate render
    -- stderr
    error: `migrations/versions/V3__add_price.sql` was not rendered from `migrations/rust/V3__add_price.rs`, so it was written by hand
    help: to keep the SQL, delete the Rust source
    help: to replace the SQL by what the source returns: `cargo migrate render 3 --force`
    -- exit 1
    ");
    render(&bench, &["3", "--force"]).success();
    assert!(bench.project.read("migrations/versions/V3__add_price.sql").ends_with("\n\nselect 3;\n"));
}
