//! `downgrade`: how far it goes, and what it refuses to do.

use insta::assert_snapshot;
use tests::bench::{Bench, LINE, TWO_HEADS};

fn applied(scripts: &[(&str, &str)]) -> Bench {
    let bench = Bench::new(scripts);
    bench.migrate(&["upgrade"]).success();
    bench
}

#[test]
fn it_takes_one_step_unless_it_is_told_otherwise() {
    let bench = applied(LINE);
    assert_snapshot!(bench.migrate(&["downgrade"]).snapshot(), @"
    $ cargo-migrate downgrade
    -- stderr
    Reverted 3 add_price ([TIME])
    Finished database [DATABASE] is at 2 add_isbn (1 reverted)
    -- exit 0
    ");
    assert_eq!((bench.applied().as_str(), bench.columns().as_str()), ("1 2", "id title isbn"));
    assert_snapshot!(bench.migrate(&["downgrade", "-n", "2"]).snapshot(), @"
    $ cargo-migrate downgrade -n 2
    -- stderr
    Reverted 2 add_isbn ([TIME])
    Reverted 1 create_books ([TIME])
    Finished database [DATABASE] is at base (2 reverted)
    -- exit 0
    ");
    assert_eq!((bench.applied().as_str(), bench.columns().as_str()), ("", ""));
    assert_snapshot!(bench.migrate_unchanged(&["downgrade"]).snapshot(), @"
    $ cargo-migrate downgrade
    -- stderr
    Finished database [DATABASE] has nothing to revert
    -- exit 0
    ");

    bench.migrate(&["upgrade"]).success();
    bench.migrate(&["downgrade", "--to", "1"]).success();
    assert_eq!((bench.applied().as_str(), bench.columns().as_str()), ("1", "id title"));
    bench.migrate(&["upgrade"]).success();
    bench.migrate(&["downgrade", "-2"]).success();
    assert_eq!(bench.applied(), "1");
    bench.migrate(&["downgrade", "--to", "base"]).success();
    assert_eq!(bench.applied(), "");
}

#[test]
fn a_dry_run_writes_nothing() {
    let bench = applied(LINE);
    assert_snapshot!(bench.migrate_unchanged(&["downgrade", "--dry-run", "--to", "base"]).snapshot(), @"
    $ cargo-migrate downgrade --dry-run --to base
    3  add_price
    2  add_isbn
    1  create_books
    -- stderr
    would revert 3 migrations, in this order; nothing was changed
    -- exit 0
    ");
}

#[test]
fn a_wrong_target_is_named() {
    let bench = applied(LINE);
    bench.migrate_unchanged(&["downgrade", "-n", "0"]).ended(2);
    assert_snapshot!(bench.migrate_unchanged(&["downgrade", "--to", "9"]).ended(2).snapshot(), @"
    $ cargo-migrate downgrade --to 9
    -- stderr
    error: no migration is called `9`
    help: `cargo migrate history` lists all migrations
    -- exit 2
    ");
    bench.migrate(&["downgrade"]).success();
    assert_snapshot!(bench.migrate_unchanged(&["downgrade", "--to", "3"]).ended(1).snapshot(), @"
    $ cargo-migrate downgrade --to 3
    -- stderr
    error: migration 3 is not applied
    help: `cargo migrate status` shows what is applied
    -- exit 1
    ");
}

/// Each of the commands that the message names does what the message says.
#[test]
fn two_applied_heads_are_named_and_nothing_is_done() {
    let bench = Bench::new(TWO_HEADS);
    bench.migrate(&["upgrade", "--to", "2"]).success();
    bench.migrate(&["upgrade", "--to", "3"]).success();
    assert_eq!(bench.applied(), "1 2 3");
    let refused = bench.migrate_unchanged(&["downgrade"]).ended(1);
    assert_snapshot!(refused.snapshot(), @"
    $ cargo-migrate downgrade
    -- stderr
    error: one step down is ambiguous: 2, 3 are applied heads
    help: say what shall stay: `cargo migrate downgrade --to 2` keeps 2; `cargo migrate downgrade --to 3` keeps 3
    -- exit 1
    ");
    bench.migrate_unchanged(&["downgrade", "-n", "2"]).ended(1);

    bench.migrate(&["downgrade", "--to", "2"]).success();
    assert_eq!((bench.applied().as_str(), bench.columns().as_str()), ("1 2", "id title isbn"));
    bench.migrate(&["upgrade", "--to", "3"]).success();
    bench.migrate(&["downgrade", "--to", "3"]).success();
    assert_eq!((bench.applied().as_str(), bench.columns().as_str()), ("1 3", "id title price"));
}

/// Over a merge there are two ways down.
#[test]
fn a_step_below_a_merge_is_ambiguous() {
    let bench = Bench::new(TWO_HEADS);
    bench.script("V4__merge.sql", "--! parents = [2, 3]\n");
    bench.script("V4__merge.down.sql", "");
    bench.migrate(&["upgrade"]).success();
    bench.migrate_unchanged(&["downgrade", "-n", "2"]).ended(1);
    bench.migrate(&["downgrade"]).success();
    assert_eq!(bench.applied(), "1 2 3");
    bench.migrate_unchanged(&["downgrade"]).ended(1);
    bench.migrate(&["downgrade", "--to", "1"]).success();
    assert_eq!((bench.applied().as_str(), bench.columns().as_str()), ("1", "id title"));
}

#[test]
fn what_has_no_way_back_stops_the_whole_downgrade() {
    let bench = applied(LINE);
    bench.script(
        "V4__drop_isbn.sql",
        "--! parents = [3]\n--! irreversible = \"ISBNs are gone\"\nalter table books drop isbn;\n",
    );
    bench.migrate(&["upgrade"]).success();
    assert_snapshot!(bench.migrate_unchanged(&["downgrade"]).ended(1).snapshot(), @"
    $ cargo-migrate downgrade
    -- stderr
    error: migration 4 is irreversible: ISBNs are gone
    help: undo it by a new migration: `cargo migrate new`
    -- exit 1
    ");
    bench.migrate_unchanged(&["downgrade", "--to", "base"]).ended(1);

    // It stops at what lies below, too: nothing at all is reverted.
    let bench = applied(LINE);
    bench.project.remove("migrations/versions/V2__add_isbn.down.sql");
    assert_snapshot!(bench.migrate_unchanged(&["downgrade", "-n", "2"]).ended(1).snapshot(), @"
    $ cargo-migrate downgrade -n 2
    -- stderr
    error: migration 2 has no down script
    help: write migrations/versions/V2__add_isbn.down.sql, or undo it by a new migration
    -- exit 1
    ");
    bench.migrate(&["downgrade"]).success();
    assert_eq!(bench.applied(), "1 2");
}

#[test]
fn a_down_script_that_fails_leaves_its_migration() {
    let bench = applied(LINE);
    bench.script("V2__add_isbn.down.sql", "alter table books drop isbn;\nalter table books drop nope;\n");
    assert_snapshot!(bench.migrate(&["downgrade", "-n", "3"]).ended(1).snapshot(), @r#"
    $ cargo-migrate downgrade -n 3
    -- stderr
    Reverted 3 add_price ([TIME])
    error: the down script of migration 2 add_isbn fails: column "nope" of relation "books" does not exist (SQLSTATE 42703)
     --> migrations/versions/V2__add_isbn.down.sql:2:1
      |
    2 | alter table books drop nope;
      | ^^^^^ statement 2
    note: the database is at 2 add_isbn, 1 pending
    help: the migration is rolled back: correct migrations/versions/V2__add_isbn.down.sql and run the command again
    -- exit 1
    "#);
    assert_eq!((bench.applied().as_str(), bench.columns().as_str()), ("1 2", "id title isbn"));
}

#[test]
fn a_protected_environment_goes_down_one_step_at_a_time() {
    let bench = applied(LINE);
    bench.configure("[package.metadata.migrate.environments.production]\nurl = \"$DATABASE_URL\"\nprotected = true\n");
    let far = ["downgrade", "--env", "production", "-n", "2"];
    assert_snapshot!(bench.migrate_unchanged(&far).ended(1).snapshot(), @"
    $ cargo-migrate downgrade --env production -n 2
    -- stderr
    error: environment `production` is protected, and this downgrade takes 2 steps at once
    note: nothing was changed
    help: take one step at a time: `cargo migrate downgrade --env production`
    -- exit 1
    ");
    bench.migrate_unchanged(&["downgrade", "--env", "production", "--to", "base"]).ended(1);
    bench.migrate_unchanged(&["downgrade", "--env", "production", "--to", "base", "--dry-run"]).ended(1);
    let confirmed = ["downgrade", "--env", "production", "--confirm", "production"];
    bench.migrate(&confirmed).success();
    bench.migrate(&[&confirmed[..], &["--to", "1"]].concat()).success();
    assert_eq!(bench.applied(), "1");
    // Up it goes as far as it likes, from what is committed.
    bench.project.git(&["init", "--quiet"]).success();
    bench.project.git(&["add", "--all"]).success();
    bench.project.git(&["commit", "--quiet", "--message", "all"]).success();
    bench.migrate(&["upgrade", "--env", "production"]).success();
    assert_eq!(bench.applied(), "1 2 3");
}
