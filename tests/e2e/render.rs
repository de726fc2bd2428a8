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
    let run = bench.invoke(&[&["render"], args].concat());
    run.env("CARGO_NET_OFFLINE", "true").env("CARGO_TARGET_DIR", render_dir()).output()
}

#[test]
fn a_source_is_frozen_and_its_changes_are_found() {
    let bench = Bench::new(LINE);
    assert_snapshot!(bench.migrate(&["new", "create users", "--rust"]).snapshot(), @"");
    assert_snapshot!(bench.project.read(SOURCE), @"");
    // As it is written it is rendered already.
    bench.migrate(&["check"]).ended(0);
    bench.project.write(SOURCE, USERS);
    assert_snapshot!(bench.migrate_unchanged(&["check"]).ended(1).snapshot(), @"");
    bench.migrate_unchanged(&["upgrade"]).ended(1);
    assert_eq!(render(&bench, &["--check"]).ended(1).stdout, format!("{SOURCE}\n"));

    assert_snapshot!(render(&bench, &[]).success().snapshot(), @"");
    assert_snapshot!(bench.project.read(UP), @"");
    assert_snapshot!(bench.project.read(DOWN), @"");
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
    assert_snapshot!(kept.snapshot(), @"");
    render(&bench, &["3", "--force"]).success();
    assert!(bench.project.read("migrations/versions/V3__add_price.sql").ends_with("\n\nselect 3;\n"));
}
