//! `upgrade`: what it applies, what it tells, what it refuses.

use insta::assert_snapshot;
use tests::bench::{Bench, LINE, TWO_HEADS, VERSIONS};

#[test]
fn it_applies_what_is_pending_and_nothing_twice() {
    let bench = Bench::new(LINE);
    assert_snapshot!(bench.migrate(&["upgrade"]).snapshot(), @"
    $ cargo-migrate upgrade
    -- stderr
    Applied 1 create_books ([TIME])
    Applied 2 add_isbn ([TIME])
    Applied 3 add_price ([TIME])
    Finished database [DATABASE] is at 3 add_price (3 applied)
    -- exit 0
    ");
    assert_eq!((bench.applied().as_str(), bench.columns().as_str()), ("1 2 3", "id title isbn price"));
    assert_snapshot!(bench.migrate_unchanged(&["upgrade"]).snapshot(), @"
    $ cargo-migrate upgrade
    -- stderr
    Finished database [DATABASE] is up to date
    -- exit 0
    ");
    bench.script("V4__add_year.sql", "--! parents = [3]\nalter table books add year int;\n");
    bench.script("V4__add_year.down.sql", "alter table books drop year;\n");
    bench.migrate(&["upgrade"]).success();
    assert_eq!((bench.applied().as_str(), bench.columns().as_str()), ("1 2 3 4", "id title isbn price year"));
}

#[test]
fn it_goes_as_far_as_it_is_told() {
    let bench = Bench::new(LINE);
    bench.migrate(&["upgrade", "--to", "1"]).success();
    assert_eq!(bench.applied(), "1");
    bench.migrate(&["upgrade", "+1"]).success();
    assert_eq!(bench.applied(), "1 2");
    bench.script("V4__add_year.sql", "--! parents = [3]\nalter table books add year int;\n");
    bench.migrate(&["upgrade", "--to", "add_price"]).success();
    assert_eq!(bench.applied(), "1 2 3");
    bench.migrate(&["upgrade", "--to", "head"]).success();
    assert_eq!(bench.applied(), "1 2 3 4");
    // More than there is, and what is applied already.
    bench.migrate_unchanged(&["upgrade", "+7"]).success();
    bench.migrate_unchanged(&["upgrade", "--to", "2"]).success();
}

#[test]
fn a_wrong_target_is_named() {
    let bench = Bench::new(LINE);
    assert_snapshot!(bench.migrate_unchanged(&["upgrade", "--to", "+0"]).ended(2).snapshot(), @"
    $ cargo-migrate upgrade --to +0
    -- stderr
    error: `+0` is no number of migrations
    help: write `+1` for the next one
    -- exit 2
    ");
    assert_snapshot!(bench.migrate_unchanged(&["upgrade", "--to", "add_prise"]).ended(2).snapshot(), @"
    $ cargo-migrate upgrade --to add_prise
    -- stderr
    error: no migration is called `add_prise`
    help: did you mean `add_price`?
    -- exit 2
    ");
    assert_snapshot!(bench.migrate_unchanged(&["upgrade", "--to", "2'; drop table books; --"]).ended(2).snapshot(), @r"
    $ cargo-migrate upgrade --to 2'; drop table books; --
    -- stderr
    error: no migration is called `2\'; drop table books; --`
    help: `cargo migrate history` lists all migrations
    -- exit 2
    ");
    bench.migrate_unchanged(&["upgrade", "3", "--to", "3"]).ended(2);
}

#[test]
fn a_dry_run_writes_nothing() {
    let bench = Bench::new(LINE);
    assert_snapshot!(bench.migrate_unchanged(&["upgrade", "--dry-run"]).snapshot(), @"
    $ cargo-migrate upgrade --dry-run
    1  create_books
    2  add_isbn
    3  add_price
    -- stderr
    would apply 3 migrations, in this order; nothing was changed
    -- exit 0
    ");
    assert_snapshot!(bench.migrate_unchanged(&["upgrade", "--dry-run", "+1"]).snapshot(), @"
    $ cargo-migrate upgrade --dry-run +1
    1  create_books
    -- stderr
    would apply 1 migration; nothing was changed
    -- exit 0
    ");
    bench.migrate(&["upgrade"]).success();
    assert_snapshot!(bench.migrate_unchanged(&["upgrade", "--dry-run"]).snapshot(), @"
    $ cargo-migrate upgrade --dry-run
    -- stderr
    there is nothing to apply
    -- exit 0
    ");
}

#[test]
fn two_heads_are_refused_and_one_of_them_may_be_named() {
    let bench = Bench::new(TWO_HEADS);
    assert_snapshot!(bench.migrate_unchanged(&["upgrade"]).ended(1).snapshot(), @r#"
    $ cargo-migrate upgrade
    -- stderr
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

    error: the migrations have an error
    note: nothing was changed
    -- exit 1
    "#);
    bench.migrate_unchanged(&["upgrade", "+1"]).ended(1);
    bench.migrate(&["upgrade", "--to", "3"]).success();
    assert_eq!(bench.applied(), "1 3");
    // The other head, merged in late, is older than what is applied.
    bench.migrate(&["merge"]).success();
    bench.migrate(&["upgrade"]).success();
    assert_eq!((bench.applied().as_str(), bench.columns().as_str()), ("1 2 3 4", "id title price isbn"));
}

/// The compiler minds a flaw of a migration that is applied; an upgrade does not, for nothing can be done about it there.
#[test]
fn a_flaw_of_what_is_applied_is_no_reason_to_refuse() {
    let bench = Bench::new(LINE);
    bench.migrate(&["upgrade", "--to", "2"]).success();
    // A down script that can't be parsed.
    bench.script("V2__add_isbn.down.sql", "alter table books drop isbn,;\n");
    bench.migrate(&["check"]).ended(1);
    bench.migrate(&["upgrade"]).success();
    assert_eq!(bench.applied(), "1 2 3");

    // A header that another tool took for a comment.
    let bench = Bench::new(LINE);
    bench.script("V2__add_isbn.sql", "--! parents = [1]\n--! lock-timout = \"5s\"\nalter table books add isbn text;\n");
    bench.migrate(&["upgrade", "--to", "1"]).success();
    bench.migrate_unchanged(&["upgrade"]).ended(1);
    bench.database.execute("alter table books add isbn text");
    bench.migrate(&["stamp", "2"]).success();
    bench.migrate(&["check"]).ended(1);
    bench.migrate(&["upgrade"]).success();
    assert_eq!((bench.applied().as_str(), bench.columns().as_str()), ("1 2 3", "id title isbn price"));
}

#[test]
fn a_flaw_of_what_is_to_be_applied_is() {
    let bench = Bench::new(LINE);
    bench.migrate(&["upgrade", "--to", "1"]).success();
    bench.script("V3__add_price.sql", "--! parents = [2]\nalter table books add price, numeric;\n");
    assert_snapshot!(bench.migrate_unchanged(&["upgrade"]).ended(1).snapshot(), @r#"
    $ cargo-migrate upgrade
    -- stderr
    error[syntax-error]: syntax error at `,`
     --> migrations/versions/V3__add_price.sql:2:28
      |
    2 | alter table books add price, numeric;
      |                            ^ expected type name
      |
      = help: if the server accepts it, add `--! allow = ["syntax-error"]` to the script's header, or where the script is applied already set `syntax-error = "warn"` in `[package.metadata.migrate.rules]`

    error: the migrations have an error
    note: nothing was changed
    -- exit 1
    "#);
    // What comes before it may go.
    bench.migrate(&["upgrade", "--to", "2"]).success();
    assert_eq!(bench.applied(), "1 2");
}

/// Of an applied migration the database says first that it was changed.
#[test]
fn a_flaw_of_the_graph_is_one() {
    let bench = Bench::new(LINE);
    bench.migrate(&["upgrade", "--to", "2"]).success();
    bench.script("V3__add_price.sql", "--! parents = [7]\nalter table books add price numeric;\n");
    for args in [&["upgrade"][..], &["upgrade", "--to", "3"], &["downgrade"]] {
        let refused = bench.migrate_unchanged(args).ended(1);
        let says = |text: &str| assert!(refused.stderr.contains(text), "{refused:?}");
        says("error[missing-parent]: `V3__add_price` builds on `7`, which does not exist");
        says(" --> migrations/versions/V3__add_price.sql:1:16\n");
        says("help: to build on the newest migration before it, write `--! parents = [2]`");
        says("note: nothing was changed");
    }
    bench.project.remove("migrations/versions/V3__add_price.sql");
    bench.script("V2__add_isbn.sql", "--! parents = [7]\nalter table books add isbn text;\n");
    let refused = bench.migrate_unchanged(&["upgrade"]).ended(1);
    assert!(refused.stderr.contains("migrations were changed after they were applied: 2 add_isbn"), "{refused:?}");
}

#[test]
fn the_third_statement_fails_and_is_pointed_at() {
    let bench = Bench::new(LINE);
    bench.script(
        "V2__add_isbn.sql",
        "--! parents = [1]\nalter table books add isbn text;\n\ninsert into books values (1, 'Ä');\n\
         insert into books\n  values (1, 'again');\nselect 4;\n",
    );
    let failed = bench.migrate(&["upgrade"]).ended(1);
    assert_snapshot!(failed.snapshot(), @r#"
    $ cargo-migrate upgrade
    -- stderr
    Applied 1 create_books ([TIME])
    error: the up script of migration 2 add_isbn fails: duplicate key value violates unique constraint "books_pkey" (SQLSTATE 23505)
     --> migrations/versions/V2__add_isbn.sql:5:1
      |
    5 | insert into books
      | ^^^^^^ statement 3
    6 |   values (1, 'again');
      |
    note: detail: Key (id)=(1) already exists.
    note: the database is at 1 create_books, 2 pending
    help: the migration is rolled back: correct migrations/versions/V2__add_isbn.sql and run the command again
    -- exit 1
    "#);
    assert_eq!((bench.applied().as_str(), bench.columns().as_str()), ("1", "id title"));

    // One that the server finds wrong at a place in it.
    bench.script("V2__add_isbn.sql", "--! parents = [1]\nselect 1;\nselect 2;\nselect nope\n  from books;\n");
    assert_snapshot!(bench.migrate(&["upgrade", "-q"]).ended(1).snapshot(), @r#"
    $ cargo-migrate upgrade -q
    -- stderr
    error: the up script of migration 2 add_isbn fails: column "nope" does not exist (SQLSTATE 42703)
     --> migrations/versions/V2__add_isbn.sql:4:8
      |
    4 | select nope
      |        ^^^^ statement 3
    5 |   from books;
      |
    note: the database is at 1 create_books, 2 pending
    help: the migration is rolled back: correct migrations/versions/V2__add_isbn.sql and run the command again
    -- exit 1
    "#);
    let json = bench.migrate(&["upgrade", "--format", "json"]).ended(1).json();
    assert_eq!(json["error"]["location"], format!("{VERSIONS}/V2__add_isbn.sql:4:8"));
    assert_eq!(bench.applied(), "1");
}

#[test]
fn the_archive_names_who_and_which_commit() {
    let bench = Bench::new(LINE);
    bench.project.git(&["init", "--quiet"]).success();
    bench.project.git(&["add", "."]).success();
    bench.project.git(&["commit", "--quiet", "--message", "migrations"]).success();
    let commit = bench.project.git(&["rev-parse", "HEAD"]).success().stdout;
    bench.invoke(&["upgrade"]).env("CARGO_MIGRATE_ACTOR", "ada's pipeline; --").output().success();
    let archived = bench.database.rows("select distinct git_commit, applied_by from cargo_migrate_archive");
    assert_eq!(archived, [[commit.trim(), "ada's pipeline; --"]]);
}

#[test]
fn details_are_printed_when_they_are_asked_for() {
    let bench = Bench::new(LINE);
    let mut details = bench.migrate(&["upgrade", "-v", "--to", "1"]);
    let (took, rest): (Vec<_>, Vec<_>) = details.stderr.lines().partition(|line| line.starts_with("Took "));
    assert!(
        took.len() == 1 && took[0].starts_with("Took 1 create_books: ") && took[0].ends_with(" of WAL"),
        "{took:?}"
    );
    details.stderr = rest.iter().map(|line| format!("{line}\n")).collect();
    assert_snapshot!(details.snapshot(), @"
    $ cargo-migrate upgrade -v --to 1
    -- stderr
    connecting to postgres://postgres:***@[SERVER]/[DATABASE] (`DATABASE_URL`)
    Applied 1 create_books ([TIME])
    Finished database [DATABASE] is at 1 create_books (1 applied)
    -- exit 0
    ");
    let quiet = bench.migrate(&["upgrade", "-q"]).success();
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""));
    assert_eq!(bench.applied(), "1 2 3");
    bench.migrate(&["upgrade", "-q", "-v"]).ended(2);
}
