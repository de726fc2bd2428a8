//! `check` and `stamp`.

use insta::assert_snapshot;
use tests::bench::{Bench, LINE, TWO_HEADS};

#[test]
fn nothing_is_wrong() {
    let bench = Bench::new(LINE);
    // It is offline: no server is asked.
    let check = bench.invoke(&["check"]).env("DATABASE_URL", "postgres://nobody@127.0.0.1:1/nothing").output();
    assert_snapshot!(check.snapshot(), @"
    $ cargo-migrate check
    -- stderr
    Checked 3 migrations: nothing is wrong
    -- exit 0
    ");
}

#[test]
fn everything_that_is_wrong_is_shown_at_once() {
    let bench = Bench::new(TWO_HEADS);
    bench.project.remove("migrations/versions/V1__create_books.down.sql");
    bench.script("V2__add_isbn.sql", "--! parents = [1]\n--! lock-timout = \"5s\"\nalter table books add isbn text;\n");
    assert_snapshot!(bench.migrate_unchanged(&["check"]).ended(1).snapshot(), @r#"
    $ cargo-migrate check
    -- stderr
    warning[missing-down]: `V1__create_books` has no down script
    --> migrations/versions/V1__create_books.sql
     = help: write the statements that undo it into migrations/versions/V1__create_books.down.sql
     = help: or say why it can't be undone, before it is applied anywhere: `--! irreversible = "reason"`

    error[several-heads]: the history has 2 heads: `V2__add_isbn` and `V3__add_price`
     --> migrations/versions/V2__add_isbn.sql:1:15
      |
    1 | --! parents = [1]
      |               ^^^ no migration builds on this one
      |
     ::: migrations/versions/V3__add_price.sql:1:15
      |
    1 | --! parents = [1]
      |               --- no migration builds on this one
      |
      = note: they part after `V1__create_books`
      = note: a merge runs no SQL of its own: it is safe wherever any of them is applied already
      = help: join them: `cargo migrate merge -m "merge heads"`
      = help: or, if what your branch adds is applied nowhere else, put it on top of theirs: `cargo migrate rebase`
      = help: or, if `V3__add_price` is applied nowhere yet, put it after `V2__add_isbn`: `--! parents = [2]` in migrations/versions/V3__add_price.sql

    error[malformed-header]: unknown key `lock-timout` in the header
     --> migrations/versions/V2__add_isbn.sql:2:5
      |
    2 | --! lock-timout = "5s"
      |     ^^^^^^^^^^^
      |
      = help: did you mean `lock-timeout`?

    3 migrations: 2 errors, 1 warning
    -- exit 1
    "#);
    bench.configure("rules = { missing-down = \"deny\" }\n");
    let levels = bench.migrate_unchanged(&["check", "--format", "json"]).ended(1).json();
    let levels: Vec<String> = levels["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| format!("{} {}", finding["rule"].as_str().unwrap(), finding["level"].as_str().unwrap()))
        .collect();
    assert_eq!(levels, ["missing-down deny", "several-heads deny", "malformed-header deny"]);
}

/// A warning alone lets it pass.
#[test]
fn a_warning_is_no_error() {
    let bench = Bench::new(LINE);
    bench.project.remove("migrations/versions/V2__add_isbn.down.sql");
    assert_snapshot!(bench.migrate_unchanged(&["check"]).success().snapshot(), @r#"
    $ cargo-migrate check
    -- stderr
    warning[missing-down]: `V2__add_isbn` has no down script
    --> migrations/versions/V2__add_isbn.sql
     = help: write the statements that undo it into migrations/versions/V2__add_isbn.down.sql
     = help: or say why it can't be undone, before it is applied anywhere: `--! irreversible = "reason"`

    3 migrations: 1 warning
    -- exit 0
    "#);
}

#[test]
fn the_database_is_compared_when_it_is_asked_for() {
    let bench = Bench::new(LINE);
    assert_snapshot!(bench.migrate_unchanged(&["check", "--database"]).ended(4).snapshot(), @"
    $ cargo-migrate check --database
    -- stderr
    Checked 3 migrations: nothing is wrong
    database [DATABASE] is behind: 3 pending
    help: apply what is pending: `cargo migrate upgrade`
    -- exit 4
    ");
    bench.migrate(&["upgrade"]).success();
    assert_snapshot!(bench.migrate_unchanged(&["check", "--database"]).success().snapshot(), @"
    $ cargo-migrate check --database
    -- stderr
    Checked 3 migrations: nothing is wrong
    Checked database [DATABASE]: it is at the head
    -- exit 0
    ");
    bench.database.execute("update refinery_schema_history set checksum = '1' where version = 2");
    assert_snapshot!(bench.migrate_unchanged(&["check", "--database"]).ended(1).snapshot(), @"
    $ cargo-migrate check --database
    -- stderr
    Checked 3 migrations: nothing is wrong
    error: migrations were changed after they were applied: 2 add_isbn
    note: 2 add_isbn: applied [NOW] by ada@laptop; its file was changed after it was applied; the archive's row holds an up script that is not the one the history's checksum was made of
    help: put migrations/versions/V2__add_isbn.sql back as it was applied: neither archive nor git has it
    help: `cargo migrate repair --accept 2` shows the difference, and takes the file as it is now, if it does the same
    help: put a change of the schema into a new migration: `cargo migrate new NAME`
    -- exit 1
    ");
    // Findings win over what is pending.
    bench.database.execute("drop table refinery_schema_history");
    bench.script("V3__add_price.sql", "--! parents = [7]\n");
    bench.migrate_unchanged(&["check", "--database"]).ended(1);
}

#[test]
fn stamp_changes_the_history_and_runs_nothing() {
    let bench = Bench::new(LINE);
    assert_snapshot!(bench.migrate(&["stamp", "2"]).snapshot(), @"
    $ cargo-migrate stamp 2
    -- stderr
    Added 1 create_books to the history
    Added 2 add_isbn to the history
    Finished database [DATABASE] is stamped 2 add_isbn; no migration was run
    -- exit 0
    ");
    assert_eq!((bench.applied().as_str(), bench.columns().as_str()), ("1 2", ""));
    assert_snapshot!(bench.migrate(&["stamp", "head"]).snapshot(), @"
    $ cargo-migrate stamp head
    -- stderr
    Added 3 add_price to the history
    Finished database [DATABASE] is stamped 3 add_price; no migration was run
    -- exit 0
    ");
    bench.migrate_unchanged(&["check", "--database"]).success();
    assert_snapshot!(bench.migrate(&["stamp", "1"]).snapshot(), @"
    $ cargo-migrate stamp 1
    -- stderr
    Removed 3 add_price from the history
    Removed 2 add_isbn from the history
    Finished database [DATABASE] is stamped 1 create_books; no migration was run
    -- exit 0
    ");
    assert_eq!(bench.applied(), "1");
    bench.migrate(&["stamp", "base"]).success();
    assert_eq!(bench.applied(), "");
    let log = bench.database.rows("select action, version, outcome from cargo_migrate_log order by id");
    let log: Vec<String> = log.iter().map(|row| row.join(" ")).collect();
    let stamped = ["stamp 1 done", "stamp 2 done", "stamp 3 done"];
    assert_eq!(log, [&stamped[..], &["unstamp 3 done", "unstamp 2 done", "unstamp 1 done"]].concat());
    assert_snapshot!(bench.migrate_unchanged(&["stamp", "9"]).ended(2).snapshot(), @"
    $ cargo-migrate stamp 9
    -- stderr
    error: no migration is called `9`
    help: `cargo migrate history` lists all migrations
    -- exit 2
    ");
    bench.migrate_unchanged(&["stamp"]).ended(2);
}

/// A database that somebody made by other means is taken over as it is.
#[test]
fn a_database_is_taken_over() {
    let bench = Bench::new(LINE);
    bench.database.execute("create table books (id int8 primary key, title text not null, isbn text)");
    bench.migrate(&["stamp", "add_isbn"]).success();
    bench.migrate(&["upgrade"]).success();
    assert_eq!((bench.applied().as_str(), bench.columns().as_str()), ("1 2 3", "id title isbn price"));
    bench.migrate(&["downgrade", "--to", "base"]).success();
    assert_eq!(bench.columns(), "");
}
