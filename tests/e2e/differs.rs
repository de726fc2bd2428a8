//! A database that doesn't fit the files: every command says what is wrong, where it comes from, and what cures it.

use insta::assert_snapshot;
use tests::bench::{Bench, LINE};

use crate::repair_case::{agrees, commit, committed, shown, without_the_last};

#[test]
fn a_deleted_migration_is_named_with_its_cures() {
    let bench = committed(LINE);
    without_the_last(&bench);
    assert_snapshot!(shown(&bench, &bench.migrate_unchanged(&["upgrade"]).ended(1)), @"
    $ cargo-migrate upgrade
    -- stderr
    error: migrations were deleted that the database has applied: 3 add_price
    note: 3 add_price: applied [NOW] by ada@laptop at commit [COMMIT]; its file is deleted, and that is not committed
    help: `cargo migrate repair --restore` writes the files back
    help: `cargo migrate repair --downgrade` reverts them in the database by the down scripts that were applied
    help: `cargo migrate repair --forget 3 --reason TEXT` takes it out of the history and keeps what it did
    -- exit 1
    ");
    commit(&bench, "drop the price");
    assert_snapshot!(shown(&bench, &bench.migrate_unchanged(&["upgrade"]).ended(1)), @"
    $ cargo-migrate upgrade
    -- stderr
    error: migrations were deleted that the database has applied: 3 add_price
    note: 3 add_price: applied [NOW] by ada@laptop at commit [COMMIT]; its file was deleted by [COMMIT] (Ada, [DAY]: drop the price)
    help: `cargo migrate repair --restore` writes the files back
    help: `cargo migrate repair --downgrade` reverts them in the database by the down scripts that were applied
    help: `cargo migrate repair --forget 3 --reason TEXT` takes it out of the history and keeps what it did
    -- exit 1
    ");
    for command in [&["downgrade"][..], &["stamp", "2"], &["upgrade", "--dry-run"]] {
        let refused = bench.migrate_unchanged(command).ended(1);
        assert!(refused.stderr.contains("deleted that the database has applied: 3 add_price"), "{refused:?}");
    }
    assert_snapshot!(shown(&bench, &bench.migrate_unchanged(&["check", "--database"]).ended(1)), @"
    $ cargo-migrate check --database
    -- stderr
    Checked 2 migrations: nothing is wrong
    error: migrations were deleted that the database has applied: 3 add_price
    note: 3 add_price: applied [NOW] by ada@laptop at commit [COMMIT]; its file was deleted by [COMMIT] (Ada, [DAY]: drop the price)
    help: `cargo migrate repair --restore` writes the files back
    help: `cargo migrate repair --downgrade` reverts them in the database by the down scripts that were applied
    help: `cargo migrate repair --forget 3 --reason TEXT` takes it out of the history and keeps what it did
    -- exit 1
    ");
    assert_snapshot!(shown(&bench, &bench.migrate_unchanged(&["status"])), @r#"
    $ cargo-migrate status
    database  postgres://postgres:***@[SERVER]/[DATABASE]
    history   "public"."refinery_schema_history"
    head      2 add_isbn
    current   2 add_isbn

    VERSION  NAME          STATE    APPLIED ON
    1        create_books  applied  [NOW]
    2        add_isbn      applied  [NOW]
    3        add_price     orphan   [NOW]  its file was deleted by [COMMIT] (Ada, [DAY]: drop the price)
    -- stderr
    2 applied, 1 orphan
    warning: an upgrade would be refused: migrations were deleted that the database has applied: 3 add_price
    note: 3 add_price: applied [NOW] by ada@laptop at commit [COMMIT]; its file was deleted by [COMMIT] (Ada, [DAY]: drop the price)
    help: `cargo migrate repair --restore` writes the files back
    help: `cargo migrate repair --downgrade` reverts them in the database by the down scripts that were applied
    help: `cargo migrate repair --forget 3 --reason TEXT` takes it out of the history and keeps what it did
    -- exit 0
    "#);
    assert_snapshot!(shown(&bench, &bench.migrate_unchanged(&["repair"]).ended(1)), @"
    $ cargo-migrate repair
    migrations were deleted that the database has applied: 3 add_price
      3 add_price: applied [NOW] by ada@laptop at commit [COMMIT]; its file was deleted by [COMMIT] (Ada, [DAY]: drop the price)
    -- stderr
    help: `cargo migrate repair --restore` writes the files back
    help: `cargo migrate repair --downgrade` reverts them in the database by the down scripts that were applied
    help: `cargo migrate repair --forget 3 --reason TEXT` takes it out of the history and keeps what it did
    -- exit 1
    ");
}

#[test]
fn what_another_branch_has_is_told_from_what_is_newer() {
    let bench = committed(LINE);
    bench.project.git(&["checkout", "--quiet", "-b", "feature"]).success();
    bench.script("V4__add_year.sql", "--! parents = [3]\nalter table books add year int;\n");
    bench.script("V4__add_year.down.sql", "alter table books drop year;\n");
    commit(&bench, "add the year");
    bench.migrate(&["upgrade"]).success();
    bench.project.git(&["checkout", "--quiet", "trunk"]).success();
    assert_snapshot!(shown(&bench, &bench.migrate_unchanged(&["upgrade"]).ended(1)), @"
    $ cargo-migrate upgrade
    -- stderr
    error: the database is ahead of these files: it has 4 add_year, they end at 3
    note: 4 add_year: applied [NOW] by ada@laptop at commit [COMMIT]; its file is on branch `feature`
    help: `git merge --ff-only feature` brings this checkout to where its file is
    help: `cargo migrate repair --restore` writes their files here
    help: `cargo migrate repair --downgrade` reverts them in the database by the down scripts that were applied
    help: `cargo migrate repair --forget 4 --reason TEXT` takes it out of the history and keeps what it did
    -- exit 1
    ");
    bench.script("V5__add_pages.sql", "--! parents = [3]\nalter table books add pages int;\n");
    commit(&bench, "add the pages");
    assert_snapshot!(shown(&bench, &bench.migrate_unchanged(&["upgrade"]).ended(1)), @"
    $ cargo-migrate upgrade
    -- stderr
    error: the database has migrations of another branch: 4 add_year
    note: 4 add_year: applied [NOW] by ada@laptop at commit [COMMIT]; its file is on branch `feature`
    help: `cargo migrate switch` brings the database to what is checked out
    help: `git merge feature` brings their files here
    help: `cargo migrate repair --restore` writes their files here
    help: `cargo migrate repair --downgrade` reverts them in the database by the down scripts that were applied
    help: `cargo migrate repair --forget 4 --reason TEXT` takes it out of the history and keeps what it did
    -- exit 1
    ");
    // What the first line of help says does it.
    bench.migrate(&["switch"]).success();
    bench.migrate_unchanged(&["status", "--exit-code"]).success();
}

#[test]
fn a_changed_migration_is_put_back_by_the_command_that_is_named() {
    let bench = committed(LINE);
    bench.migrate(&["upgrade"]).success();
    bench.script("V2__add_isbn.sql", "--! parents = [1]\nalter table books add isbn varchar;\n");
    assert_snapshot!(shown(&bench, &bench.migrate_unchanged(&["upgrade"]).ended(1)), @"
    $ cargo-migrate upgrade
    -- stderr
    error: migrations were changed after they were applied: 2 add_isbn
    note: 2 add_isbn: applied [NOW] by ada@laptop at commit [COMMIT]; its file was changed, and that is not committed
    help: `git checkout [COMMIT] -- migrations/versions/V2__add_isbn.sql` puts the file back as it was applied
    help: `cargo migrate repair --accept 2` shows the difference, and takes the file as it is now, if it does the same
    help: put a change of the schema into a new migration: `cargo migrate new NAME`
    -- exit 1
    ");
    commit(&bench, "shorten it");
    let refused = bench.migrate_unchanged(&["upgrade"]).ended(1);
    assert!(
        refused.stderr.contains("its file was changed by ") && refused.stderr.contains(": shorten it)"),
        "{refused:?}"
    );
    let (_, rest) = refused.stderr.split_once("help: `git ").unwrap();
    let command: Vec<&str> = rest.split_once('`').unwrap().0.split(' ').collect();
    bench.project.git(&command).success();
    commit(&bench, "as it was applied");
    bench.migrate(&["upgrade"]).success();
    agrees(&bench);
}

#[test]
fn it_asks_and_does_nothing_where_nobody_answers() {
    let bench = committed(LINE);
    without_the_last(&bench);
    assert_snapshot!(bench.migrate_unchanged(&["repair", "--restore"]).ended(2).snapshot(), @"
    $ cargo-migrate repair --restore
    restore    3  add_price  from the database's archive
               migrations/versions/V3__add_price.down.sql
               migrations/versions/V3__add_price.sql
    -- stderr
    error: this has to be confirmed, and there is no terminal to ask at
    note: nothing was changed
    help: add `--yes`, or `--dry-run` to see what it would do
    -- exit 2
    ");
    assert_snapshot!(bench.migrate_unchanged(&["repair", "--restore", "--dry-run"]).success().snapshot(), @"
    $ cargo-migrate repair --restore --dry-run
    restore    3  add_price  from the database's archive
               migrations/versions/V3__add_price.down.sql
               migrations/versions/V3__add_price.sql
    -- stderr
    nothing was changed
    -- exit 0
    ");
    bench.migrate_unchanged(&["repair", "--restore", "--downgrade", "--yes"]).ended(2);
    bench.migrate_unchanged(&["repair", "--forget", "3", "--yes"]).ended(2);
}

/// A migration that stays was built on the deleted one.
#[test]
fn one_in_the_middle_is_restored_and_not_reverted() {
    let bench = Bench::new(LINE);
    bench.migrate(&["upgrade"]).success();
    bench.project.remove("migrations/versions/V2__add_isbn.sql");
    bench.project.remove("migrations/versions/V2__add_isbn.down.sql");
    assert_snapshot!(bench.migrate_unchanged(&["upgrade"]).ended(1).snapshot(), @"
    $ cargo-migrate upgrade
    -- stderr
    error: migrations were deleted that the database has applied: 2 add_isbn
    note: 2 add_isbn: applied [NOW] by ada@laptop; its file is gone, and what builds on it is here
    help: `cargo migrate repair --restore` writes the files back
    help: `cargo migrate repair --forget 2 --reason TEXT` takes it out of the history and keeps what it did
    -- exit 1
    ");
    let refused = bench.migrate_unchanged(&["repair", "--downgrade", "--yes"]).ended(1);
    assert!(
        refused.stderr.contains("migration 2 add_isbn can't be reverted: others that stay were built on it"),
        "{refused:?}"
    );
    bench.migrate(&["repair", "--restore", "--yes"]).success();
    agrees(&bench);
}

/// What builds on it is applied, and it isn't: as after a row was deleted by hand.
#[test]
fn an_applied_migration_without_its_parent_is_stamped() {
    let bench = Bench::new(LINE);
    bench.migrate(&["upgrade"]).success();
    bench.database.execute("delete from refinery_schema_history where version = 2");
    assert_snapshot!(bench.migrate_unchanged(&["upgrade"]).ended(1).snapshot(), @"
    $ cargo-migrate upgrade
    -- stderr
    error: migrations are applied, and what they build on is not: 3 without 2
    help: `cargo migrate stamp 3` puts what is missing into the history, if the database has what it does
    -- exit 1
    ");
    bench.migrate(&["stamp", "3"]).success();
    agrees(&bench);
}

/// What `docs/formats.md` says of it.
#[test]
fn as_json() {
    let bench = Bench::new(LINE);
    without_the_last(&bench);
    let json = |args: &[&str], code| bench.migrate(&[args, &["--format", "json"]].concat()).ended(code).json();
    let looked = json(&["repair"], 1);
    assert_eq!(
        looked["problems"],
        serde_json::json!([{
            "version": 3, "name": "add_price", "state": "orphan", "note": "its file is gone", "archive": "sound",
            "source": "the database's archive",
        }])
    );
    assert_eq!(looked["helps"][0], "`cargo migrate repair --restore` writes the files back");
    let dry = json(&["repair", "--restore", "--dry-run"], 0);
    assert_eq!((&dry["dry_run"], &dry["done"]), (&true.into(), &false.into()));
    let done = json(&["repair", "--restore", "--yes"], 0);
    assert_eq!((&done["plan"], &done["done"]), (&dry["plan"], &true.into()));
    assert_eq!(done["plan"][0]["files"][1], "migrations/versions/V3__add_price.sql");
    assert_eq!(json(&["repair"], 0)["problems"], serde_json::json!([]));

    bench.migrate(&["downgrade"]).success();
    let dry = json(&["switch", "--dry-run"], 0);
    assert_eq!(dry["apply"], serde_json::json!([{ "version": 3, "name": "add_price" }]));
    let switched = json(&["switch"], 0);
    assert_eq!((&switched["applied"], &switched["reverted"]), (&dry["apply"], &dry["revert"]));
    let rebuilt = json(&["rebuild", "--confirm", bench.database.name()], 0);
    assert_eq!(rebuilt["applied"].as_array().unwrap().len(), 3);
    assert_eq!((&rebuilt["seeds"], &rebuilt["dry_run"]), (&serde_json::json!([]), &false.into()));
}
