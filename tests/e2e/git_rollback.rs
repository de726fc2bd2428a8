//! `rollback`: the database one step back, and the commit whose code goes with it; and its rehearsal.

use std::collections::BTreeSet;

use cargo_migrate::git::{Repository as Git, Without};
use insta::assert_snapshot;
use tests::bench::LINE;
use tests::output::Output;
use tests::postgres::block_on;
use tests::repository::Repository;
use tests::versioned::Versioned;

/// A history with merges, `staging` among its branches:
///
/// ```text
/// Start ── Readme ── Merge loans ── Merge docs   (trunk, staging)
///    ├──── Add loans ──╯              │
///    ╰──────────────────── Docs ──────╯
/// ```
fn merges() -> (Versioned, String) {
    let versioned = Versioned::new(LINE);
    versioned.bench.configure("environments.staging = { url = \"$STAGING\", branch = \"staging\" }\n");
    versioned.bench.configure(
        "environments.production = { url = \"$PRODUCTION\", branch = \"release\", requires = \"staging\" }\n",
    );
    versioned.commit("Environments");
    versioned.git(&["branch", "loans"]);
    versioned.git(&["branch", "docs"]);
    let before = versioned.commit("Readme");
    versioned.git(&["switch", "--quiet", "loans"]);
    versioned.migration(4, "loans", 3);
    versioned.commit("Add loans");
    versioned.git(&["switch", "--quiet", "trunk"]);
    versioned.git(&["merge", "--quiet", "--no-ff", "--no-edit", "loans"]);
    // Newer than all of it, without the migration, and no state that anything was deployed from.
    versioned.git(&["switch", "--quiet", "docs"]);
    versioned.commit("Docs");
    versioned.git(&["switch", "--quiet", "trunk"]);
    versioned.git(&["merge", "--quiet", "--no-ff", "--no-edit", "docs"]);
    versioned.git(&["branch", "staging"]);
    (versioned, before)
}

fn staging(versioned: &Versioned, args: &[&str]) -> Output {
    let url = versioned.bench.database.url();
    versioned.invoke(args).env("STAGING", url.expose()).without("DATABASE_URL").output()
}

#[test]
fn the_commit_is_right_in_a_history_with_merges() {
    let (versioned, before) = merges();
    staging(&versioned, &["upgrade", "--env", "staging"]).success();
    let contents = versioned.bench.database.contents();
    let dry = staging(&versioned, &["rollback", "--env", "staging", "--dry-run"]).success();
    assert_snapshot!(dry.snapshot(), @"
    $ cargo-migrate rollback --env staging --dry-run
    4  loans
    # the code as it was before
    git switch --create rollback-4 [COMMIT]
    # does it go with the database?
    cargo migrate status --exit-code --env staging
    # deploy it to staging, and test it there
    git push --force-with-lease origin rollback-4:staging
    # then production, if it has the migration too
    cargo migrate rollback --env production
    # deploy it to production
    git push --force-with-lease origin rollback-4:release
    -- stderr
    would revert 1 migration; nothing was changed
    the newest commit of `staging` without 4 loans: commit [COMMIT] of Ada, 2026-11-23: Readme
    -- exit 0
    ");
    assert_eq!(contents, versioned.bench.database.contents());
    let files = versioned.bench.project.files();
    let json = staging(&versioned, &["rollback", "--env", "staging", "--branch", "back", "--format", "json"]).success();
    let json = json.json();
    assert_eq!(versioned.git(&["rev-parse", "back"]), before);
    assert_eq!(json["commit"]["commit"], "[COMMIT]");
    assert_eq!(json["commit"]["subject"], "Readme");
    assert_eq!(json["commit"]["on_branch"], true);
    assert_eq!(json["reverted"], serde_json::json!([{ "version": 4, "name": "loans" }]));
    assert_eq!(json["branch"], "back");
    assert_eq!(json["commands"][0]["command"], "git switch back");
    assert_eq!(versioned.bench.applied(), "1 2 3");
    // The working tree stays as it is: of git's files alone some are new.
    let own = |files: std::collections::BTreeMap<std::path::PathBuf, Vec<u8>>| {
        files.into_iter().filter(|(path, _)| !path.starts_with(".git")).collect::<Vec<_>>()
    };
    assert!(own(files) == own(versioned.bench.project.files()));
    assert_eq!(versioned.git(&["branch", "--show-current"]), "trunk");
    // The code that was found goes with the database.
    versioned.git(&["switch", "--quiet", "back"]);
    staging(&versioned, &["status", "--exit-code", "--env", "staging"]).success();
}

#[test]
fn what_can_not_be_done_is_refused_before_anything_is_reverted() {
    let (versioned, _) = merges();
    staging(&versioned, &["upgrade", "--env", "staging"]).success();
    let rollback = |args: &[&str]| staging(&versioned, &[&["rollback", "--env", "staging"], args].concat());
    assert_snapshot!(rollback(&["--branch", "docs"]).ended(1).snapshot(), @"
    $ cargo-migrate rollback --env staging --branch docs
    -- stderr
    error: there is a branch `docs` already
    note: nothing was changed
    help: give the new one another name
    -- exit 1
    ");
    assert_snapshot!(rollback(&["--branch", "a..b"]).ended(2).snapshot(), @"
    $ cargo-migrate rollback --env staging --branch a..b
    -- stderr
    error: `a..b` is no name for a branch
    note: nothing was changed
    help: give it a name like `--branch rollback`
    -- exit 2
    ");
    versioned.git(&["branch", "--delete", "--force", "staging"]);
    assert_snapshot!(rollback(&[]).ended(1).snapshot(), @"
    $ cargo-migrate rollback --env staging
    -- stderr
    error: there is no branch `staging`, which environment `staging` follows
    note: nothing was changed
    help: fetch it: `git fetch origin staging`
    -- exit 1
    ");
    versioned.bench.project.rename(".git", "git");
    let url = versioned.bench.database.url();
    let nowhere =
        versioned.bench.invoke(&["rollback", "--env", "staging"]).env("STAGING", url.expose()).output().ended(1);
    assert!(nowhere.stderr.contains("or revert the database alone: `cargo migrate downgrade`"), "{nowhere:?}");
    assert_eq!(versioned.bench.applied(), "1 2 3 4");
}

#[test]
fn a_protected_environment_is_rolled_back_by_its_name() {
    let (versioned, _) = merges();
    versioned.bench.configure("environments.staging.protected = true\n");
    let manifest = versioned.bench.project.read("Cargo.toml");
    let manifest = manifest.replace(
        "environments.staging = { url = \"$STAGING\", branch = \"staging\" }\n",
        "environments.staging.url = \"$STAGING\"\nenvironments.staging.branch = \"staging\"\n",
    );
    versioned.bench.project.write("Cargo.toml", manifest);
    staging(&versioned, &["upgrade", "--env", "staging"]).success();
    let rollback = |args: &[&str]| staging(&versioned, &[&["rollback", "--env", "staging"], args].concat());
    let refused = rollback(&[]).ended(2);
    assert!(refused.stderr.contains("add `--confirm staging`"), "{refused:?}");
    rollback(&["--confirm", "production"]).ended(2);
    rollback(&["--dry-run"]).success();
    assert_eq!(versioned.bench.applied(), "1 2 3 4");
    rollback(&["--confirm", "staging"]).success();
    assert_eq!(versioned.bench.applied(), "1 2 3");
}

/// The first migration is in every commit; after it nothing is left.
#[test]
fn down_to_nothing() {
    let versioned = Versioned::new(&LINE[..2]);
    versioned.migrate(&["upgrade"]).success();
    let refused = versioned.migrate(&["rollback", "--branch", "back"]).ended(1);
    assert!(refused.stderr.contains("every commit of `HEAD` has the migration"), "{refused:?}");
    assert_snapshot!(versioned.migrate(&["rollback"]).success().snapshot(), @"
    $ cargo-migrate rollback
    -- stderr
    Reverted 1 create_books ([TIME])
    Reverted 1 create_books in database [DATABASE]
    warning: every commit of `HEAD` has 1 create_books: there is no code to go back to
    -- exit 0
    ");
    assert_snapshot!(versioned.migrate(&["rollback"]).success().snapshot(), @"
    $ cargo-migrate rollback
    -- stderr
    database [DATABASE] has nothing to revert
    -- exit 0
    ");
    // One that was never committed: the tip itself is without it.
    versioned.migration(2, "loans", 1);
    versioned.migrate(&["upgrade"]).success();
    let rollback = versioned.migrate(&["rollback", "--format", "json"]).success().json();
    assert_eq!(rollback["commit"]["subject"], "Start");
    assert_eq!(rollback["branch"], serde_json::Value::Null);
}

/// Where the branch's own states lack what stays applied, a commit that was merged in has it.
#[test]
fn a_merge_the_wrong_way_round() {
    let versioned = Versioned::new(LINE);
    versioned.git(&["branch", "topic"]);
    versioned.migration(4, "loans", 3);
    let loans = versioned.commit("Add loans");
    versioned.git(&["switch", "--quiet", "topic"]);
    versioned.migration(5, "fees", 3);
    versioned.commit("Add fees");
    // `trunk` comes in as the second parent, and is then put where `topic` is.
    versioned.git(&["merge", "--quiet", "--no-edit", "trunk"]);
    versioned.git(&["branch", "--force", "trunk", "topic"]);
    let git = block_on(Git::around(&versioned.bench.project.path("migrations"))).unwrap().unwrap();
    let find = |version: i64, kept: &[i64]| {
        let without = Without { version, kept: kept.iter().copied().collect() };
        block_on(git.newest_without("trunk", &without)).unwrap()
    };
    let past = find(5, &[1, 2, 3, 4]).unwrap();
    assert_eq!((past.commit, past.on_branch, past.lacking), (loans, false, BTreeSet::new()));
    let past = find(5, &[1, 2, 3]).unwrap();
    assert_eq!((past.author.subject.as_str(), past.on_branch), ("Start", true));
    let past = find(5, &[1, 2, 3, 9]).unwrap();
    assert_eq!((past.author.subject.as_str(), past.on_branch, past.lacking), ("Start", true, BTreeSet::from([9])));
    assert_eq!(find(1, &[]), None);
}

fn shop() -> Repository {
    Repository::new(&[
        ("V1__create_books", "create table books (id int8 primary key);\n", "drop table books;\n"),
        ("V2__add_isbn", "--! parents = [1]\nalter table books add isbn text;\n", "alter table books drop isbn;\n"),
    ])
}

#[test]
fn the_rehearsal_takes_the_last_migration_back() {
    let repository = shop();
    repository.git(&["branch", "staging"]);
    repository.migration("V3__add_price", "--! parents = [2]\nalter table books add price int;\n", "select 1;\n");
    repository.write("migrations/seeds/1.sql", "insert into books (id) values (1);\n");
    repository.commit("Add the price");
    let passed = repository.xtask("rollback", &["--format", "json"]).success().json();
    assert_eq!(passed["command"], "rollback");
    assert_eq!(passed["passed"], true);
    let gates: Vec<String> = passed["stages"][0]["gates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|gate| format!("{}: {}", gate["name"].as_str().unwrap(), gate["result"].as_str().unwrap()))
        .collect();
    assert_eq!(
        gates,
        [
            "environment: passed",
            "server: passed",
            "start: passed",
            "last migration: passed",
            "seeds: passed",
            "down: passed",
        ]
    );
    // Another environment, and a way back that isn't one.
    let failed = repository.xtask("rollback", &["--env", "qa", "--at", "head"]).ended(1);
    assert!(failed.stderr.contains("reverting 3 add_price leaves another schema"), "{failed:?}");
    assert!(failed.stderr.contains("public.books.price"), "{failed:?}");
}

#[test]
fn what_the_rehearsal_can_not_start_from() {
    let repository = shop();
    let nothing = repository.xtask("rollback", &["--env", "qa"]).ended(1);
    assert!(nothing.stderr.contains("`qa` has nothing to roll back (at base: no branch is configured)"), "{nothing:?}");
    assert!(nothing.stderr.contains("say what it is at: `--at VERSION`"), "{nothing:?}");
    repository.settings("environments.qa.branch = \"quality\"\n");
    let missing = repository.xtask("rollback", &["--env", "qa"]).ended(1);
    assert!(missing.stderr.contains("there is no branch `quality`"), "{missing:?}");
    assert!(missing.stderr.contains("`--at VERSION`"), "{missing:?}");
    repository.migration("V3__gone", "--! parents = [2]\n--! irreversible = \"gone\"\ndrop table books;\n", "");
    let gone = repository.xtask("rollback", &["--at", "head"]).ended(1);
    assert!(gone.stderr.contains("3 gone can't be reverted (irreversible: gone)"), "{gone:?}");
}
