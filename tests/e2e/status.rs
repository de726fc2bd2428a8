//! `status` and `current`: where a database stands, and that looking at it changes nothing.

use insta::assert_snapshot;
use tests::bench::{Bench, LINE, TWO_HEADS};

#[test]
fn a_database_that_was_never_migrated() {
    let bench = Bench::new(LINE);
    assert_snapshot!(bench.migrate_unchanged(&["status"]).snapshot(), @r#"
    $ cargo-migrate status
    database  postgres://postgres:***@[SERVER]/[DATABASE]
    history   "public"."refinery_schema_history" (not there yet)
    head      3 add_price
    current   base

    VERSION  NAME          STATE    APPLIED ON
    1        create_books  pending
    2        add_isbn      pending
    3        add_price     pending
    -- stderr
    3 pending
    help: apply what is pending: `cargo migrate upgrade`
    -- exit 0
    "#);
    assert_snapshot!(bench.migrate_unchanged(&["current"]).snapshot(), @"
    $ cargo-migrate current
    -- stderr
    no migration is applied to database [DATABASE]
    -- exit 0
    ");
}

#[test]
fn some_is_applied_and_some_pending() {
    let bench = Bench::new(LINE);
    bench.migrate(&["upgrade", "--to", "2"]).success();
    assert_snapshot!(bench.migrate_unchanged(&["status"]).snapshot(), @r#"
    $ cargo-migrate status
    database  postgres://postgres:***@[SERVER]/[DATABASE]
    history   "public"."refinery_schema_history"
    head      3 add_price
    current   2 add_isbn

    VERSION  NAME          STATE    APPLIED ON
    1        create_books  applied  [NOW]
    2        add_isbn      applied  [NOW]
    3        add_price     pending
    -- stderr
    2 applied, 1 pending
    help: apply what is pending: `cargo migrate upgrade`
    -- exit 0
    "#);
    assert_snapshot!(bench.migrate_unchanged(&["current"]).snapshot(), @"
    $ cargo-migrate current
    2  add_isbn
    -- stderr
    -- exit 0
    ");
    bench.migrate(&["upgrade"]).success();
    assert_snapshot!(bench.migrate_unchanged(&["current"]).snapshot(), @"
    $ cargo-migrate current
    3  add_price  (head)
    -- stderr
    -- exit 0
    ");
}

#[test]
fn two_heads_are_shown() {
    let bench = Bench::new(TWO_HEADS);
    bench.migrate(&["upgrade", "--to", "2"]).success();
    bench.migrate(&["upgrade", "--to", "3"]).success();
    assert_snapshot!(bench.migrate_unchanged(&["status", "-q"]).snapshot(), @r#"
    $ cargo-migrate status -q
    database  postgres://postgres:***@[SERVER]/[DATABASE]
    history   "public"."refinery_schema_history"
    head      2 add_isbn, 3 add_price
    current   2 add_isbn, 3 add_price

    VERSION  NAME          STATE    APPLIED ON
    1        create_books  applied  [NOW]
    2        add_isbn      applied  [NOW]
    3        add_price     applied  [NOW]
    -- stderr
    -- exit 0
    "#);
    assert_snapshot!(bench.migrate_unchanged(&["current"]).snapshot(), @"
    $ cargo-migrate current
    2  add_isbn  (head)
    3  add_price  (head)
    -- stderr
    -- exit 0
    ");
}

#[test]
fn an_edited_and_a_deleted_migration_are_shown() {
    let bench = Bench::new(LINE);
    bench.migrate(&["upgrade"]).success();
    bench.script("V2__add_isbn.sql", "--! parents = [1]\nalter table books add isbn varchar;\n");
    assert_snapshot!(bench.migrate_unchanged(&["status"]).snapshot(), @r#"
    $ cargo-migrate status
    database  postgres://postgres:***@[SERVER]/[DATABASE]
    history   "public"."refinery_schema_history"
    head      3 add_price
    current   3 add_price

    VERSION  NAME          STATE      APPLIED ON
    1        create_books  applied    [NOW]
    2        add_isbn      divergent  [NOW]  its file was changed after it was applied
    3        add_price     applied    [NOW]
    -- stderr
    2 applied, 1 divergent
    warning: an upgrade would be refused: migrations were changed after they were applied: 2 add_isbn
    note: 2 add_isbn: applied [NOW] by ada@laptop; its file was changed after it was applied
    help: `mv migrations/versions/V2__add_isbn.sql . && cargo migrate repair --restore` writes it as it was applied
    help: `cargo migrate repair --accept 2` shows the difference, and takes the file as it is now, if it does the same
    help: put a change of the schema into a new migration: `cargo migrate new NAME`
    -- exit 0
    "#);
    assert_snapshot!(bench.migrate_unchanged(&["upgrade"]).ended(1).snapshot(), @"
    $ cargo-migrate upgrade
    -- stderr
    error: migrations were changed after they were applied: 2 add_isbn
    note: 2 add_isbn: applied [NOW] by ada@laptop; its file was changed after it was applied
    help: `mv migrations/versions/V2__add_isbn.sql . && cargo migrate repair --restore` writes it as it was applied
    help: `cargo migrate repair --accept 2` shows the difference, and takes the file as it is now, if it does the same
    help: put a change of the schema into a new migration: `cargo migrate new NAME`
    -- exit 1
    ");

    bench.script("V2__add_isbn.sql", LINE[2].1);
    bench.script("V3__add_price.sql", "--! parents = [1]\nalter table books add price numeric;\n");
    bench.project.remove("migrations/versions/V2__add_isbn.sql");
    bench.project.remove("migrations/versions/V2__add_isbn.down.sql");
    bench.database.execute("update refinery_schema_history set checksum = checksum where version = 2");
    assert_snapshot!(bench.migrate_unchanged(&["status"]).snapshot(), @r#"
    $ cargo-migrate status
    database  postgres://postgres:***@[SERVER]/[DATABASE]
    history   "public"."refinery_schema_history"
    head      3 add_price
    current   3 add_price

    VERSION  NAME          STATE      APPLIED ON
    1        create_books  applied    [NOW]
    2        add_isbn      orphan     [NOW]  its file is gone, and what builds on it is here
    3        add_price     divergent  [NOW]  its file was changed after it was applied
    -- stderr
    1 applied, 1 divergent, 1 orphan
    warning: an upgrade would be refused: migrations were changed after they were applied: 3 add_price
    note: 3 add_price: applied [NOW] by ada@laptop; its file was changed after it was applied
    note: migrations were deleted that the database has applied: 2 add_isbn
    note: 2 add_isbn: applied [NOW] by ada@laptop; its file is gone, and what builds on it is here
    help: `cargo migrate repair --restore` writes the files back
    help: `mv migrations/versions/V3__add_price.sql . && cargo migrate repair --restore` writes it as it was applied
    help: `cargo migrate repair --accept 3` shows the difference, and takes the file as it is now, if it does the same
    help: put a change of the schema into a new migration: `cargo migrate new NAME`
    help: `cargo migrate repair --forget 2 --reason TEXT` takes it out of the history and keeps what it did
    -- exit 0
    "#);
}

/// An older checkout: what the database has more is younger than all that is here.
#[test]
fn a_database_ahead_of_the_files_is_told_from_one_with_a_deleted_migration() {
    let bench = Bench::new(LINE);
    bench.migrate(&["upgrade"]).success();
    bench.project.remove("migrations/versions/V3__add_price.sql");
    bench.project.remove("migrations/versions/V3__add_price.down.sql");
    assert_snapshot!(bench.migrate_unchanged(&["upgrade"]).ended(1).snapshot(), @"
    $ cargo-migrate upgrade
    -- stderr
    error: the database is ahead of these files: it has 3 add_price, they end at 2
    note: 3 add_price: applied [NOW] by ada@laptop; its file is gone
    help: `cargo migrate repair --restore` writes the files back
    help: check out the newer files, if this checkout is older than the database
    help: `cargo migrate repair --downgrade` reverts them in the database by the down scripts that were applied
    help: `cargo migrate repair --forget 3 --reason TEXT` takes it out of the history and keeps what it did
    -- exit 1
    ");
    assert_snapshot!(bench.migrate_unchanged(&["downgrade"]).ended(1).snapshot(), @"
    $ cargo-migrate downgrade
    -- stderr
    error: the database is ahead of these files: it has 3 add_price, they end at 2
    note: 3 add_price: applied [NOW] by ada@laptop; its file is gone
    help: `cargo migrate repair --restore` writes the files back
    help: check out the newer files, if this checkout is older than the database
    help: `cargo migrate repair --downgrade` reverts them in the database by the down scripts that were applied
    help: `cargo migrate repair --forget 3 --reason TEXT` takes it out of the history and keeps what it did
    -- exit 1
    ");
    assert_snapshot!(bench.migrate_unchanged(&["current"]).snapshot(), @"
    $ cargo-migrate current
    2  add_isbn  (head)
    3  add_price  (its file is gone)
    -- stderr
    -- exit 0
    ");
}

#[test]
fn the_exit_code_is_asked_for() {
    let bench = Bench::new(LINE);
    bench.migrate(&["upgrade", "--to", "2"]).success();
    bench.migrate_unchanged(&["status"]).success();
    bench.migrate_unchanged(&["status", "--exit-code"]).ended(4);
    bench.migrate(&["upgrade"]).success();
    bench.migrate_unchanged(&["status", "--exit-code"]).success();
    bench.script("V2__add_isbn.sql", "--! parents = [1]\nalter table books add isbn varchar;\n");
    bench.migrate_unchanged(&["status"]).success();
    bench.migrate_unchanged(&["status", "--exit-code"]).ended(1);
}

/// With CRLF or a byte-order mark a script is what it was.
#[test]
fn another_form_of_the_same_text_is_the_same() {
    let bench = Bench::new(LINE);
    bench.migrate(&["upgrade"]).success();
    for (file, text) in LINE {
        bench.script(file, format!("\u{feff}{}", text.replace('\n', "\r\n")));
    }
    bench.migrate_unchanged(&["check", "--database"]).success();
    bench.migrate_unchanged(&["status", "--exit-code"]).success();
    bench.migrate(&["downgrade", "--to", "base"]).success();
    bench.migrate(&["upgrade"]).success();
    for (file, text) in LINE {
        bench.script(file, text);
    }
    bench.migrate_unchanged(&["check", "--database"]).success();
}

/// A migration that stopped half way, outside a transaction, is to be finished first.
#[test]
fn an_interrupted_migration_is_shown_with_what_finishes_it() {
    let bench = Bench::new(LINE);
    let outside = "--! parents = [3]\n--! transaction = false\n";
    bench.script("V4__add_year.sql", format!("{outside}alter table books add year int;\nselect 1/0;\n"));
    bench.script("V4__add_year.down.sql", "select 1/0;\nalter table books drop year;\n");
    bench.migrate(&["upgrade"]).ended(1);
    let status = bench.migrate_unchanged(&["status"]).success();
    assert!(status.stdout.contains("interrupted after 1 statement"), "{status:?}");
    let help = "help: finish what was interrupted, and apply what is pending: `cargo migrate upgrade`\n";
    assert!(status.stderr.ends_with(help), "{status:?}");
    bench.script("V4__add_year.sql", format!("{outside}alter table books add year int;\nselect 1;\n"));
    bench.migrate(&["upgrade"]).success();
    bench.script("V4__add_year.down.sql", "alter table books drop year;\nselect 1/0;\n");
    bench.migrate(&["downgrade"]).ended(1);
    let status = bench.migrate_unchanged(&["status"]).success();
    assert!(status.stderr.ends_with("help: finish what was interrupted: `cargo migrate downgrade`\n"), "{status:?}");
}
