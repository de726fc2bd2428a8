//! Folders that are not what they should be: each is told with file, line and cure, and nothing is changed.
//!
//! What the compiler makes of the same folders is in `build_broken`.

use fs_err as fs;
use insta::{assert_snapshot, with_settings};
use tests::bench::{Bench, LINE, VERSIONS};
use tests::output::Output;

const V3: &str = "V3__add_price.sql";

/// A name, and what breaks a folder.
type Case = (&'static str, fn(&Bench));

/// Each of them, alone, is an error; one migration of three is applied when it comes in.
const CASES: &[Case] = &[
    ("misnamed", |bench| bench.script("V4_add_year.sql", "select 4;\n")),
    ("no_script", |bench| bench.script("notes.txt", "remember\n")),
    ("bad_toml", |bench| bench.script(V3, "--! parents = [2\nselect 3;\n")),
    ("unknown_key", |bench| bench.script(V3, "--! parents = [2]\n--! transactoin = false\nselect 3;\n")),
    ("out_of_range", |bench| bench.script("V9223372036854775808__late.sql", "select 4;\n")),
    ("equal_versions", |bench| bench.script("V3__add_weight.sql", "--! parents = [2]\nselect 3;\n")),
    ("missing_parent", |bench| bench.script(V3, "--! parents = [7]\nselect 3;\n")),
    ("younger_parent", |bench| bench.script("V2__add_isbn.sql", "--! parents = [3]\nselect 2;\n")),
    ("two_heads", |bench| bench.script(V3, "--! parents = [1]\nselect 3;\n")),
    ("down_without_up", |bench| bench.script("V4__add_year.down.sql", "select 4;\n")),
    ("no_sql", |bench| bench.script(V3, "--! parents = [2]\nselect 3;\nalter tabel books add price numeric;\n")),
    ("unterminated", |bench| bench.script(V3, "--! parents = [2]\nselect 'open;\n")),
    ("transaction_control", |bench| bench.script(V3, "--! parents = [2]\nselect 3;\ncommit;\n")),
    ("not_utf8", |bench| bench.script(V3, b"--! parents = [2]\n-- caf\xe9\nselect 3;\n")),
    ("nul", |bench| bench.script(V3, b"--! parents = [2]\nselect '\0';\n")),
];

/// `check` names them all, `upgrade` refuses, and neither changes a thing.
#[test]
fn broken_folders_are_refused() {
    for (name, break_it) in CASES {
        let bench = Bench::new(LINE);
        bench.migrate(&["upgrade", "--to", "1"]).success();
        break_it(&bench);
        let check = bench.migrate_unchanged(&["check"]);
        with_settings!({ snapshot_suffix => *name }, { assert_snapshot!(check.snapshot()) });
        check.ended(1);
        let upgrade = bench.migrate_unchanged(&["upgrade"]).ended(1);
        assert!(upgrade.stderr.contains("error"), "{name}: {upgrade:?}");
        assert_eq!(upgrade.stdout, "", "{name}");
        let json = bench.migrate_unchanged(&["upgrade", "--format", "json"]).ended(1).json();
        assert_eq!(json["error"]["kind"], "refused", "{name}: {json}");
        // What is applied is shown all the same, and with it that something is wrong.
        let status = bench.migrate_unchanged(&["status"]);
        assert!(status.code == Some(0) || status.stderr.contains("error: "), "{name}: {status:?}");
    }
}

/// CRLF and a byte-order mark are no mistakes, and a file that is no script may have any name that starts with a dot.
#[test]
fn other_forms_of_text_are_accepted() {
    let bench = Bench::new(LINE);
    bench.script(V3, "\u{feff}--! parents = [2]\r\nalter table books add price numeric;\r\n");
    bench.script(".gitkeep", "");
    bench.migrate(&["check"]).success();
    bench.migrate(&["upgrade"]).success();
    let stored = bench.database.value("select up from cargo_migrate_archive where version = 3");
    assert_eq!(stored, "--! parents = [2]\nalter table books add price numeric;\n");
}

#[test]
fn an_empty_folder_has_nothing_to_do() {
    let bench = Bench::new(&[]);
    fs::create_dir_all(bench.project.path(VERSIONS)).unwrap();
    assert_snapshot!(bench.migrate_unchanged(&["check"]).ended(1).snapshot(), @"
    $ cargo-migrate check
    -- stderr
    error: there is no migration in `migrations/versions`
    help: run `cargo migrate new NAME`, which writes the first one
    -- exit 1
    ");
    assert_snapshot!(bench.migrate_unchanged(&["upgrade"]).success().snapshot(), @"
    $ cargo-migrate upgrade
    -- stderr
    Finished database [DATABASE] is up to date
    -- exit 0
    ");
    assert_snapshot!(bench.migrate_unchanged(&["status"]).success().snapshot(), @r#"
    $ cargo-migrate status
    database  postgres://postgres:***@[SERVER]/[DATABASE]
    history   "public"."refinery_schema_history" (not there yet)
    head      base
    current   base
    -- stderr
    there is no migration yet
    -- exit 0
    "#);
    assert_snapshot!(bench.migrate_unchanged(&["history"]).success().snapshot(), @"
    $ cargo-migrate history
    -- stderr
    there is no migration yet; `cargo migrate new NAME` writes the first one
    -- exit 0
    ");
    assert_snapshot!(bench.migrate_unchanged(&["heads"]).success().snapshot(), @"
    $ cargo-migrate heads
    -- stderr
    there is no migration yet; `cargo migrate new NAME` writes the first one
    -- exit 0
    ");
    assert_snapshot!(bench.migrate_unchanged(&["show"]).ended(2).snapshot(), @"
    $ cargo-migrate show
    -- stderr
    error: there is no migration yet
    help: write the first one: `cargo migrate new NAME`
    -- exit 2
    ");
    bench.migrate_unchanged(&["merge"]).success();
    bench.migrate_unchanged(&["downgrade"]).success();
}

#[test]
fn a_missing_folder_is_named() {
    let bench = Bench::new(&[]);
    for command in
        ["check", "upgrade", "downgrade", "status", "current", "history", "heads", "branches", "merge", "render"]
    {
        let output = bench.migrate_unchanged(&[command]).ended(1);
        assert!(output.stderr.contains("`migrations`\n"), "{output:?}");
        assert!(output.stderr.contains("help: "), "{output:?}");
    }
    assert_snapshot!(bench.migrate_unchanged(&["upgrade"]).snapshot(), @"
    $ cargo-migrate upgrade
    -- stderr
    error: there is no folder `migrations`
    help: run `cargo migrate init`, which creates it
    -- exit 1
    ");
    // Refinery's own place for scripts is one folder up.
    bench.project.write("migrations/V1__books.sql", "select 1;");
    assert_snapshot!(bench.migrate_unchanged(&["upgrade"]).ended(1).snapshot(), @"
    $ cargo-migrate upgrade
    -- stderr
    error: there is no folder `migrations/versions`
    help: move the scripts of `migrations` into it: `mkdir migrations/versions`, then `git mv` them
    -- exit 1
    ");
}

#[test]
fn no_manifest() {
    let bench = Bench::new(LINE);
    bench.project.remove("Cargo.toml");
    assert_snapshot!(bench.migrate_unchanged(&["status"]).ended(2).snapshot(), @"
    $ cargo-migrate status
    -- stderr
    error: can't find a `Cargo.toml` in `[ROOT]` or in a folder above it
    help: change into a package's folder, or name one with `--manifest-path path/to/Cargo.toml`
    -- exit 2
    ");
    assert_snapshot!(bench.migrate_unchanged(&["check", "--manifest-path", "nope/Cargo.toml"]).ended(2).snapshot(), @"
    $ cargo-migrate check --manifest-path nope/Cargo.toml
    -- stderr
    error: failed to open file `[ROOT]/nope/Cargo.toml`: No such file or directory (os error 2)
    -- exit 2
    ");
    bench.project.write("Cargo.toml", "[package\nname = 1\n");
    assert_snapshot!(bench.migrate_unchanged(&["check"]).ended(2).snapshot(), @"
    $ cargo-migrate check
    -- stderr
    error: [ROOT]/Cargo.toml:1:9: unclosed table, expected `]`
    help: `cargo check` says more
    -- exit 2
    ");
}

fn in_workspace(package: &str) -> String {
    format!("[package]\nname = \"{package}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n")
}

#[test]
fn several_packages_and_none_named() {
    let bench = Bench::new(&[]);
    bench.project.write("Cargo.toml", "[workspace]\nmembers = [\"crates/*\"]\nresolver = \"3\"\n");
    for package in ["books", "users"] {
        bench.project.write(format!("crates/{package}/Cargo.toml"), in_workspace(package));
        bench.project.write(format!("crates/{package}/src/lib.rs"), "");
        for (file, text) in LINE {
            let text = text.replace("books", package);
            bench.project.write(format!("crates/{package}/{VERSIONS}/{file}"), text);
        }
    }
    assert_snapshot!(bench.migrate_unchanged(&["upgrade"]).ended(2).snapshot(), @"
    $ cargo-migrate upgrade
    -- stderr
    error: several packages of the workspace `[ROOT]` use migrations: `books`, `users`
    help: choose one, for example `-p books`
    -- exit 2
    ");
    assert_snapshot!(bench.migrate_unchanged(&["upgrade", "-p", "boks"]).ended(2).snapshot(), @"
    $ cargo-migrate upgrade -p boks
    -- stderr
    error: the workspace `[ROOT]` has no package `boks`
    help: did you mean `books`?
    -- exit 2
    ");
    bench.migrate(&["upgrade", "-p", "books", "--to", "1"]).success();
    bench.invoke(&["upgrade", "--to", "2"]).within(bench.project.path("crates/books/src")).output().success();
    bench.migrate(&["upgrade", "--manifest-path", "crates/books/Cargo.toml"]).success();
    assert_eq!((bench.applied().as_str(), bench.columns().as_str()), ("1 2 3", "id title isbn price"));
}

/// Names in the configuration are names: quoted, never run.
#[test]
fn a_history_with_quotes_in_its_name() {
    let bench = Bench::new(&[
        ("V1__create_books.sql", "create table \"books\"\"; drop table x; --\" (\"id'\" int8 primary key);\n"),
        ("V1__create_books.down.sql", "drop table \"books\"\"; drop table x; --\";\n"),
    ]);
    let name = "h'; drop table x; --\"";
    bench.configure("history = '''\"h'; drop table x; --\"\"\"'''\n");
    bench.database.execute("create table x ()");
    bench.migrate_unchanged(&["status"]).success();
    bench.migrate(&["upgrade"]).success();
    let tables = bench.database.rows(
        "select relname::text from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1",
    );
    let tables: Vec<&str> = tables.iter().map(|row| row[0].as_str()).collect();
    let ours = ["cargo_migrate_archive", "cargo_migrate_log", "cargo_migrate_progress"];
    assert_eq!(tables, [&["books\"; drop table x; --"][..], &ours, &[name, "x"]].concat());
    bench.migrate_unchanged(&["check", "--database"]).success();
    bench.migrate(&["downgrade"]).success();
    bench.migrate(&["stamp", "head"]).success();
    assert_eq!(bench.database.value("select count(*) from \"h'; drop table x; --\"\"\""), "1");
}

fn foreign(bench: &Bench, args: &[&str]) -> Output {
    bench.migrate_unchanged(args).ended(3)
}

#[test]
fn a_table_of_the_historys_name_that_is_none() {
    let bench = Bench::new(LINE);
    bench.database.execute("create table refinery_schema_history (id int8 primary key, what text)");
    bench.database.execute("insert into refinery_schema_history values (1, 'theirs')");
    assert_snapshot!(foreign(&bench, &["upgrade"]).snapshot(), @r#"
    $ cargo-migrate upgrade
    -- stderr
    error: table "public"."refinery_schema_history" is not a migration history: it has no column `name`
    help: give the history another name with `history = "schema.table"` in [package.metadata.migrate]
    -- exit 3
    "#);
    for command in [&["status"][..], &["current"], &["downgrade"], &["check", "--database"], &["stamp", "head"]] {
        foreign(&bench, command);
    }
    // The cure that it names.
    bench.configure("history = \"public.our_history\"\n");
    bench.migrate(&["upgrade"]).success();
    assert_eq!(bench.database.value("select count(*) from our_history"), "3");
}

#[test]
fn a_row_that_refinery_would_not_have_written() {
    let bench = Bench::new(LINE);
    bench.migrate(&["upgrade"]).success();
    bench.database.execute("update refinery_schema_history set applied_on = 'yesterday' where version = 2");
    assert_snapshot!(foreign(&bench, &["upgrade"]).snapshot(), @r#"
    $ cargo-migrate upgrade
    -- stderr
    error: table "public"."refinery_schema_history" has a malformed row for version 2: its `applied_on` is no RFC 3339 time: `yesterday`
    help: compare the row with the migration's file and correct or delete it
    -- exit 3
    "#);
    foreign(&bench, &["status"]);
}
