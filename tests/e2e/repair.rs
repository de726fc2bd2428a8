//! `repair`: a database and files that don't fit each other are brought together, whichever way is chosen.

use insta::assert_snapshot;
use tests::bench::{Bench, LINE, TWO_HEADS};

use crate::repair_case::{agrees, commit, committed, logged, without_the_last};
use crate::schemas::{built_from, schema_of};

#[test]
fn restored_from_the_archive_where_git_has_no_trace() {
    let bench = Bench::new(LINE);
    let before = bench.project.files();
    without_the_last(&bench);
    assert_snapshot!(bench.migrate(&["repair", "--restore", "--yes"]).success().snapshot(), @"
    $ cargo-migrate repair --restore --yes
    restore    3  add_price  from the database's archive
               migrations/versions/V3__add_price.down.sql
               migrations/versions/V3__add_price.sql
    -- stderr
    Finished database [DATABASE]: the files of 1 migration are back
    -- exit 0
    ");
    assert_eq!(bench.project.files(), before);
    assert_eq!(logged(&bench), [["restore", "3", "done"]]);
    agrees(&bench);
    let again = bench.migrate_unchanged(&["repair", "--restore", "--yes"]).success();
    assert!(again.stderr.contains("there is nothing to do"), "{again:?}");
}

#[test]
fn restored_from_git_where_the_archive_has_none() {
    let bench = committed(LINE);
    let before = bench.project.files();
    without_the_last(&bench);
    commit(&bench, "drop the price");
    bench.database.execute("delete from cargo_migrate_archive");
    let output = bench.migrate(&["repair", "--restore", "--yes"]).success();
    assert!(output.stdout.contains("from git commit "), "{output:?}");
    let after = bench.project.files();
    for file in ["V3__add_price.sql", "V3__add_price.down.sql"] {
        let path = std::path::Path::new("migrations/versions").join(file);
        assert_eq!(after[&path], before[&path]);
    }
    agrees(&bench);
}

/// Git has several texts of a file: the one whose checksum the database has is the right one.
#[test]
fn restored_as_it_was_applied_not_as_it_was_last() {
    let bench = committed(LINE);
    bench.migrate(&["upgrade"]).success();
    bench.script("V3__add_price.sql", "--! parents = [2]\nalter table books add price money;\n");
    commit(&bench, "spoil it");
    bench.project.remove("migrations/versions/V3__add_price.sql");
    bench.project.remove("migrations/versions/V3__add_price.down.sql");
    commit(&bench, "drop the price");
    bench.database.execute("delete from cargo_migrate_archive");
    bench.migrate(&["repair", "--restore", "--yes"]).success();
    assert_eq!(bench.project.read("migrations/versions/V3__add_price.sql"), LINE[4].1);
    agrees(&bench);
}

#[test]
fn a_forged_archive_is_not_used() {
    for forged in [
        "update cargo_migrate_archive set up = 'drop table books;' where version = 3",
        "update cargo_migrate_archive set down = 'drop table books;' where version = 3",
        "update cargo_migrate_archive set up = 'drop table books;',
         up_sha256 = encode(sha256('drop table books;'), 'hex') where version = 3",
    ] {
        let bench = Bench::new(LINE);
        without_the_last(&bench);
        bench.database.execute(forged);
        for cure in ["--restore", "--downgrade"] {
            let refused = bench.migrate_unchanged(&["repair", cure, "--yes"]).ended(1);
            assert!(refused.stderr.contains("nowhere to be found: the archive's row holds a"), "{refused:?}");
        }
        let looked = bench.migrate_unchanged(&["repair"]).ended(1);
        assert!(looked.stdout.contains("; the archive's row holds a"), "{looked:?}");
        // Git has it as it was.
        for (file, text) in LINE {
            bench.script(file, text);
        }
        bench.project.git(&["init", "--quiet", "--initial-branch=trunk"]).success();
        commit(&bench, "start");
        without_the_last(&bench);
        let repaired = bench.migrate(&["repair", "--downgrade", "--yes"]).success();
        assert!(repaired.stderr.contains("warning: migration 3: the archive's row holds a"), "{repaired:?}");
        assert!(repaired.stdout.contains("from git commit "), "{repaired:?}");
        commit(&bench, "drop the price");
        agrees(&bench);
    }
}

#[test]
fn a_different_file_is_never_written_over() {
    let bench = Bench::new(LINE);
    without_the_last(&bench);
    bench.script("V3__add_price.down.sql", "alter table books drop price cascade;\n");
    assert_snapshot!(bench.migrate_unchanged(&["repair", "--restore", "--yes"]).ended(1).snapshot(), @"
    $ cargo-migrate repair --restore --yes
    -- stderr
    error: `versions/V3__add_price.down.sql` is there already, with another text than was applied
    --- versions/V3__add_price.down.sql
    +++ versions/V3__add_price.down.sql of the database's archive
    @@ -1 +1 @@
    -alter table books drop price cascade;
    +alter table books drop price;
    note: nothing was written
    help: move the file out of the folder, then run this again
    help: `cargo migrate repair --forget 3 --reason TEXT` takes it out of the history and keeps what it did
    -- exit 1
    ");
    bench.project.remove("migrations/versions/V3__add_price.down.sql");
    bench.script("V3__add_prices.sql", "--! parents = [2]\nalter table books add price numeric;\n");
    let refused = bench.migrate_unchanged(&["repair", "--restore", "--yes"]).ended(1);
    assert!(refused.stderr.contains("`versions/V3__add_prices.sql` is there already"), "{refused:?}");
}

#[test]
fn downgraded_by_the_archived_scripts_the_newest_first() {
    let bench = Bench::new(LINE);
    bench.migrate(&["upgrade"]).success();
    for file in ["V2__add_isbn.sql", "V2__add_isbn.down.sql", "V3__add_price.sql", "V3__add_price.down.sql"] {
        bench.project.remove(format!("migrations/versions/{file}"));
    }
    assert_snapshot!(bench.migrate_unchanged(&["repair", "--downgrade", "--dry-run"]).success().snapshot(), @"
    $ cargo-migrate repair --downgrade --dry-run
    downgrade  3  add_price  from the database's archive
    downgrade  2  add_isbn  from the database's archive
    -- stderr
    nothing was changed
    -- exit 0
    ");
    assert_snapshot!(bench.migrate(&["repair", "--downgrade", "--yes"]).success().snapshot(), @"
    $ cargo-migrate repair --downgrade --yes
    downgrade  3  add_price  from the database's archive
    downgrade  2  add_isbn  from the database's archive
    -- stderr
    Reverted 3 add_price ([TIME])
    Reverted 2 add_isbn ([TIME])
    Finished database [DATABASE]: 2 migrations reverted
    -- exit 0
    ");
    assert_eq!(logged(&bench), [["downgrade", "3", "done"], ["downgrade", "2", "done"]]);
    assert_eq!((bench.applied().as_str(), bench.columns().as_str()), ("1", "id title"));
    agrees(&bench);
}

#[test]
fn what_has_no_way_back_is_not_downgraded() {
    let bench = Bench::new(LINE);
    bench.script(
        "V3__add_price.sql",
        "--! parents = [2]\n--! irreversible = \"prices are lost\"\nalter table books add price int;\n",
    );
    bench.project.remove("migrations/versions/V3__add_price.down.sql");
    bench.migrate(&["upgrade"]).success();
    bench.project.remove("migrations/versions/V3__add_price.sql");
    assert_snapshot!(bench.migrate_unchanged(&["repair", "--downgrade", "--yes"]).ended(1).snapshot(), @"
    $ cargo-migrate repair --downgrade --yes
    -- stderr
    error: migration 3 is irreversible: prices are lost
    help: `cargo migrate repair --restore` writes the files back
    help: `cargo migrate repair --forget 3 --reason TEXT` takes it out of the history and keeps what it did
    -- exit 1
    ");
}

#[test]
fn forgotten_and_what_it_did_stays() {
    let bench = Bench::new(LINE);
    let with_price = built_from(&bench.project);
    without_the_last(&bench);
    let forget = ["repair", "--forget", "3", "--reason", "prices live elsewhere"];
    assert_snapshot!(bench.migrate(&[&forget[..], &["--yes"]].concat()).success().snapshot(), @"
    $ cargo-migrate repair --forget 3 --reason prices live elsewhere --yes
    forget     3  add_price
    -- stderr
    Finished database [DATABASE]: 1 migration forgotten; the schema stays as it is
    -- exit 0
    ");
    bench.migrate_unchanged(&["check", "--database"]).success();
    assert_eq!(schema_of(&bench.database), with_price);
    let details = bench.database.rows(
        "select details->>'reason', details->'archive'->>'up', details->'archive'->>'down',
                details->'history'->>'checksum' is not null from cargo_migrate_log where action = 'forget'",
    );
    assert_eq!(details, [["prices live elsewhere", LINE[4].1, LINE[5].1, "t"]]);
    assert_eq!(bench.database.value("select count(*) from cargo_migrate_archive where version = 3"), "0");
    // With the price taken away by hand it is the files' schema.
    bench.database.execute("alter table books drop price");
    agrees(&bench);
    let refused = bench.migrate_unchanged(&["repair", "--forget", "2", "--reason", "x", "--yes"]).ended(1);
    assert!(refused.stderr.contains("2 is no migration of the database whose file is gone"), "{refused:?}");
}

#[test]
fn accepted_after_its_difference_was_shown() {
    let bench = Bench::new(LINE);
    bench.migrate(&["upgrade"]).success();
    bench.script(
        "V2__add_isbn.sql",
        "--! parents = [1]\n-- The number on the back.\nalter table books add isbn text;\n",
    );
    assert_snapshot!(bench.migrate_unchanged(&["repair", "--accept", "2"]).ended(2).snapshot(), @"
    $ cargo-migrate repair --accept 2
    accept     2  add_isbn
    -- stderr
    --- versions/V2__add_isbn.sql of the database's archive
    +++ migrations/versions/V2__add_isbn.sql
    @@ -1,2 +1,3 @@
     --! parents = [1]
    +-- The number on the back.
     alter table books add isbn text;
    error: this has to be confirmed, and there is no terminal to ask at
    note: nothing was changed
    help: add `--yes`, or `--dry-run` to see what it would do
    -- exit 2
    ");
    bench.migrate(&["repair", "--accept", "2", "--yes"]).success();
    agrees(&bench);
    assert_eq!(logged(&bench), [["accept", "2", "done"]]);
    let archived = bench.database.value("select up from cargo_migrate_archive where version = 2");
    assert!(archived.contains("The number on the back."), "{archived}");
    let before =
        bench.database.value("select details->'archive'->>'up' from cargo_migrate_log where action = 'accept'");
    assert_eq!(before, LINE[2].1);
    let refused = bench.migrate_unchanged(&["repair", "--accept", "2", "--yes"]).ended(1);
    assert!(refused.stderr.contains("2 is no migration whose file was changed after it was applied"), "{refused:?}");
}

#[test]
fn in_a_protected_environment_one_step_and_by_name() {
    let bench = Bench::new(LINE);
    bench.configure("\n[package.metadata.migrate.environments.staging]\nurl = \"$DATABASE_URL\"\nprotected = true\n");
    bench.migrate(&["upgrade"]).success();
    for file in ["V2__add_isbn.sql", "V2__add_isbn.down.sql", "V3__add_price.sql", "V3__add_price.down.sql"] {
        bench.project.remove(format!("migrations/versions/{file}"));
    }
    let repair = ["repair", "--downgrade", "--env", "staging"];
    assert_snapshot!(bench.migrate_unchanged(&[&repair[..], &["--yes"]].concat()).ended(2).snapshot(), @"
    $ cargo-migrate repair --downgrade --env staging --yes
    downgrade  3  add_price  from the database's archive
    -- stderr
    note: a protected environment goes down one step at a time: run it again for the next one
    error: the name of the protected environment is needed, and there is no terminal to ask at
    note: nothing was changed
    help: add `--confirm staging`, or `--dry-run` to see what it would do
    -- exit 2
    ");
    bench.migrate_unchanged(&[&repair[..], &["--confirm", "production"]].concat()).ended(2);
    bench.migrate(&[&repair[..], &["--confirm", "staging"]].concat()).success();
    assert_eq!(bench.applied(), "1 2");
    bench.migrate(&[&repair[..], &["--confirm", "staging"]].concat()).success();
    assert_eq!(bench.applied(), "1");
}

/// Two branches that were merged: what one had is gone, and the other stays.
#[test]
fn one_of_two_heads_is_reverted_alone() {
    let bench = Bench::new(TWO_HEADS);
    bench.migrate(&["upgrade", "--to", "2"]).success();
    bench.migrate(&["upgrade", "--to", "3"]).success();
    bench.project.remove("migrations/versions/V2__add_isbn.sql");
    bench.project.remove("migrations/versions/V2__add_isbn.down.sql");
    let refused = bench.migrate_unchanged(&["upgrade"]).ended(1);
    assert!(refused.stderr.contains("the database has migrations of another branch: 2 add_isbn"), "{refused:?}");
    bench.migrate(&["repair", "--downgrade", "--yes"]).success();
    assert_eq!((bench.applied().as_str(), bench.columns().as_str()), ("1 3", "id title price"));
    agrees(&bench);
}

/// A history of refinery's has no archive, and the commands that look need none.
#[test]
fn without_an_archive_it_says_so() {
    let bench = Bench::new(LINE);
    without_the_last(&bench);
    bench.database.execute("drop table cargo_migrate_archive, cargo_migrate_log, cargo_migrate_progress");
    let refused = bench.migrate_unchanged(&["repair", "--restore", "--yes"]).ended(1);
    assert!(
        refused.stderr.contains("the archive has no row of it, and the migrations are in no git repository"),
        "{refused:?}"
    );
    bench.migrate(&["repair", "--forget", "3", "--reason", "lost", "--yes"]).success();
    bench.migrate_unchanged(&["check", "--database"]).success();
}

/// A log of before has no column for details.
#[test]
fn an_older_log_gets_its_column() {
    let bench = Bench::new(LINE);
    without_the_last(&bench);
    bench.database.execute("alter table cargo_migrate_log drop column details");
    bench.migrate(&["repair", "--forget", "3", "--reason", "lost", "--yes"]).success();
    let reason = bench.database.value("select details->>'reason' from cargo_migrate_log where action = 'forget'");
    assert_eq!(reason, "lost");
}
