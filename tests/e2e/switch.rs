//! `switch`: a database follows the branch, with the texts out of git and out of the archive.

use insta::assert_snapshot;
use tests::bench::{Bench, LINE};

use crate::repair_case::{commit, committed, shown};
use crate::schemas::{built_from, schema_of};

const BRANCHED: &str = "--! parents = [2]\nalter table books add year int;\n";

/// `trunk` has 1 2 3; `feature` branched off after 2 and has 1 2 4. The database is at `trunk`, which is checked out.
fn branched() -> Bench {
    let bench = committed(&LINE[..4]);
    bench.project.git(&["checkout", "--quiet", "-b", "feature"]).success();
    bench.script("V4__add_year.sql", BRANCHED);
    bench.script("V4__add_year.down.sql", "alter table books drop year;\n");
    commit(&bench, "add the year");
    bench.project.git(&["checkout", "--quiet", "trunk"]).success();
    for (file, text) in &LINE[4..] {
        bench.script(file, text);
    }
    commit(&bench, "add the price");
    bench.migrate(&["upgrade"]).success();
    bench
}

#[test]
fn to_another_branch_and_back_without_touching_the_files() {
    let bench = branched();
    let files = bench.project.files();
    assert_snapshot!(bench.migrate_unchanged(&["switch", "feature", "--dry-run"]).success().snapshot(), @"
    $ cargo-migrate switch feature --dry-run
    revert  3  add_price
    apply   4  add_year
    -- stderr
    would revert 1 and apply 1; nothing was changed
    -- exit 0
    ");
    assert_snapshot!(shown(&bench, &bench.migrate(&["switch", "feature"]).success()), @"
    $ cargo-migrate switch feature
    -- stderr
    Reverted 3 add_price ([TIME])
    Applied 4 add_year ([TIME])
    Finished database [DATABASE] is at feature (1 reverted, 1 applied)
    -- exit 0
    ");
    assert_eq!((bench.applied().as_str(), bench.columns().as_str()), ("1 2 4", "id title isbn year"));
    let now = bench.project.files();
    let of_versions = |files: &std::collections::BTreeMap<std::path::PathBuf, Vec<u8>>| {
        files
            .iter()
            .filter(|(path, _)| path.starts_with("migrations"))
            .map(|(a, b)| (a.clone(), b.clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(of_versions(&now), of_versions(&files));
    bench.project.git(&["checkout", "--quiet", "feature"]).success();
    bench.migrate_unchanged(&["check", "--database"]).success();
    assert_eq!(schema_of(&bench.database), built_from(&bench.project));

    // The files of the branch are gone with the checkout: the archive has what to revert.
    bench.project.git(&["checkout", "--quiet", "trunk"]).success();
    bench.project.git(&["branch", "--quiet", "-D", "feature"]).success();
    bench.project.git(&["reflog", "expire", "--expire=now", "--all"]).success();
    bench.migrate(&["switch"]).success();
    assert_eq!((bench.applied().as_str(), bench.columns().as_str()), ("1 2 3", "id title isbn price"));
    assert_eq!(schema_of(&bench.database), built_from(&bench.project));
    let again = bench.migrate_unchanged(&["switch"]).success();
    assert!(again.stderr.contains("is at the working tree (0 reverted, 0 applied)"), "{again:?}");
}

/// The branch has edited a migration: its old text is reverted, the new one applied, and what was built on it with it.
#[test]
fn what_the_branch_has_changed_is_applied_anew() {
    let bench = branched();
    bench.project.git(&["checkout", "--quiet", "-b", "rework"]).success();
    bench.script("V2__add_isbn.sql", "--! parents = [1]\nalter table books add isbn varchar(17);\n");
    commit(&bench, "shorten it");
    bench.project.git(&["checkout", "--quiet", "trunk"]).success();
    assert_snapshot!(bench.migrate_unchanged(&["switch", "rework", "--dry-run"]).success().snapshot(), @"
    $ cargo-migrate switch rework --dry-run
    revert  3  add_price
    revert  2  add_isbn
    apply   2  add_isbn
    apply   3  add_price
    -- stderr
    would revert 2 and apply 2; nothing was changed
    -- exit 0
    ");
    bench.migrate(&["switch", "rework"]).success();
    bench.project.git(&["checkout", "--quiet", "rework"]).success();
    // `check` would have more to say: the branch has edited what `trunk` has.
    bench.migrate_unchanged(&["status", "--exit-code"]).success();
    assert_eq!(schema_of(&bench.database), built_from(&bench.project));
}

#[test]
fn what_is_not_committed_is_said() {
    let bench = branched();
    bench.script("V5__add_pages.sql", "--! parents = [3]\nalter table books add pages int;\n");
    bench.script("V5__add_pages.down.sql", "alter table books drop pages;\n");
    bench.migrate(&["upgrade"]).success();
    let switched = bench.migrate(&["switch", "trunk"]).success();
    assert!(
        switched.stderr.contains("note: versions/V5__add_pages.sql (untracked) is no part of `trunk`"),
        "{switched:?}"
    );
    assert_eq!(bench.applied(), "1 2 3");
    bench.migrate(&["upgrade"]).success();
    assert_eq!(bench.applied(), "1 2 3 5");
}

#[test]
fn what_can_not_be_is_refused_before_anything_is_done() {
    let bench = branched();
    assert_snapshot!(bench.migrate_unchanged(&["switch", "featrue"]).ended(2).snapshot(), @"
    $ cargo-migrate switch featrue
    -- stderr
    error: git knows no `featrue`
    help: `git branch --all` lists the branches; `git fetch` brings those of others
    -- exit 2
    ");
    bench.database.execute("update cargo_migrate_archive set down = 'drop table books' where version = 3");
    bench.project.remove("migrations/versions/V3__add_price.down.sql");
    let refused = bench.migrate_unchanged(&["switch", "feature"]).ended(1);
    assert!(refused.stderr.contains("migration 3 has no down script"), "{refused:?}");
    bench.configure("\n[package.metadata.migrate.environments.staging]\nurl = \"$DATABASE_URL\"\nprotected = true\n");
    assert_snapshot!(bench.migrate_unchanged(&["switch", "feature", "--env", "staging"]).ended(1).snapshot(), @"
    $ cargo-migrate switch feature --env staging
    -- stderr
    error: environment `staging` is protected
    note: a switch reverts migrations, as many as it takes
    help: take one step at a time: `cargo migrate downgrade --env staging`
    -- exit 1
    ");

    let without = Bench::new(LINE);
    assert_snapshot!(without.migrate_unchanged(&["switch", "trunk"]).ended(1).snapshot(), @"
    $ cargo-migrate switch trunk
    -- stderr
    error: the migrations are in no git repository
    help: `cargo migrate switch` without a name brings the database to the files as they are
    -- exit 1
    ");
    without.migrate(&["switch"]).success();
    assert_eq!(without.applied(), "1 2 3");
}
