//! `rebase`, and the story of two branches that both add a migration.

use insta::assert_snapshot;
use tests::bench::{Bench, LINE};
use tests::project::Project;
use tests::versioned::Versioned;

/// `trunk` has `V4__loans` that `topic` lacks; `topic`, which is checked out, has `V5__members` and `V6__fees`.
fn apart() -> Versioned {
    let versioned = Versioned::new(LINE);
    versioned.git(&["branch", "topic"]);
    versioned.migration(4, "loans", 3);
    versioned.commit("Add loans");
    versioned.git(&["switch", "--quiet", "topic"]);
    versioned.migration(5, "members", 3);
    versioned.migration(6, "fees", 5);
    versioned.commit("Add members and fees");
    versioned
}

/// The same after git merged `trunk` into `topic`.
fn merged() -> Versioned {
    let versioned = apart();
    versioned.git(&["merge", "--quiet", "--no-edit", "trunk"]);
    versioned
}

#[test]
fn ours_go_on_top_of_theirs() {
    let versioned = merged();
    versioned.migrate(&["check"]).ended(1);
    let before = versioned.bench.project.files();
    assert_snapshot!(versioned.migrate(&["rebase", "--dry-run"]).success().snapshot(), @"
    $ cargo-migrate rebase --dry-run
    V5__members -> V5__members  (on 4)
    V6__fees -> V6__fees  (on 5)
    -- stderr
    would put 2 migrations on top of `trunk`; no file was changed
    -- exit 0
    ");
    assert!(before == versioned.bench.project.files());
    assert_snapshot!(versioned.migrate(&["rebase"]).success().snapshot(), @"
    $ cargo-migrate rebase
    V5__members -> V5__members  (on 4)
    V6__fees -> V6__fees  (on 5)
    -- stderr
    Rebased 2 migrations on top of `trunk`
    help: look at it and commit it: `cargo migrate check && git add --all migrations`
    -- exit 0
    ");
    assert_eq!(
        versioned.ups(),
        [
            "V1__create_books.sql",
            "V2__add_isbn.sql",
            "V3__add_price.sql",
            "V4__loans.sql",
            "V5__members.sql",
            "V6__fees.sql"
        ]
    );
    let read = |file: &str| versioned.bench.project.read(format!("migrations/versions/{file}"));
    assert_eq!(read("V5__members.sql"), "--! parents = [4]\ncreate table members (id int8 primary key);\n");
    assert_eq!(read("V6__fees.sql"), "--! parents = [5]\ncreate table fees (id int8 primary key);\n");
    assert_eq!(read("V6__fees.down.sql"), "drop table fees;\n");
    versioned.migrate(&["check", "--against", "trunk"]).success();
    versioned.migrate(&["upgrade"]).success();
    assert_snapshot!(versioned.migrate(&["rebase"]).success().snapshot(), @"
    $ cargo-migrate rebase
    -- stderr
    nothing to rebase: 2 migrations are on top of `trunk` already
    -- exit 0
    ");
    versioned.commit("Rebase");
    assert_snapshot!(versioned.migrate(&["rebase", "HEAD"]).success().snapshot(), @"
    $ cargo-migrate rebase HEAD
    -- stderr
    nothing to rebase: `HEAD` has every migration that is here
    -- exit 0
    ");
}

/// Branches that number by one give one number twice, which only a rebase cures.
#[test]
fn two_migrations_of_one_version() {
    let versioned = Versioned::new(LINE);
    versioned.git(&["branch", "topic"]);
    versioned.migration(4, "loans", 3);
    versioned.commit("Add loans");
    versioned.git(&["switch", "--quiet", "topic"]);
    versioned.migration(4, "fees", 3);
    versioned.bench.script("V5__members.sql", "--! transaction = false\n--! parents = [4] # fees\nselect 1;\n");
    versioned.commit("Add fees and members");
    let check = versioned.migrate(&["check", "--against", "trunk"]).ended(1);
    assert!(check.stderr.contains("two migrations would have one version"), "{check:?}");
    versioned.git(&["merge", "--quiet", "--no-edit", "trunk"]);
    versioned.migrate(&["check"]).ended(1);
    let json = versioned.migrate(&["rebase", "trunk", "--format", "json"]).success().json();
    assert_eq!(
        json["moved"],
        serde_json::json!([
            { "from": 4, "version": 5, "name": "fees", "parents": [4] },
            { "from": 5, "version": 6, "name": "members", "parents": [5] },
        ])
    );
    assert_eq!(
        json["removed"],
        serde_json::json!([
            "migrations/versions/V4__fees.down.sql",
            "migrations/versions/V4__fees.sql",
            "migrations/versions/V5__members.sql",
        ])
    );
    let text = versioned.bench.project.read("migrations/versions/V6__members.sql");
    assert_eq!(text, "--! transaction = false\n--! parents = [5] # fees\nselect 1;\n");
    versioned.migrate(&["check", "--against", "trunk"]).success();
}

#[test]
fn what_is_not_here_is_taken_in_first() {
    let versioned = apart();
    let before = versioned.bench.project.files();
    assert_snapshot!(versioned.migrate(&["rebase"]).ended(1).snapshot(), @"
    $ cargo-migrate rebase
    -- stderr
    error: `trunk` has a migration that this branch lacks: `V4__loans`
    note: no file was changed
    help: take them in first: `git merge trunk`, then run it again
    -- exit 1
    ");
    assert_snapshot!(versioned.migrate(&["rebase", "trank"]).ended(2).snapshot(), @"
    $ cargo-migrate rebase trank
    -- stderr
    error: git knows no commit `trank`
    help: did you mean `trunk`?
    -- exit 2
    ");
    versioned.bench.script("V9.sql", "");
    assert_snapshot!(versioned.migrate(&["rebase"]).ended(1).snapshot(), @"
    $ cargo-migrate rebase
    -- stderr
    error: `V9.sql` is not a migration: it has no name after the version (migrations/versions/V9.sql)
    note: no file was changed
    help: `cargo migrate check` lists all errors
    -- exit 1
    ");
    versioned.bench.project.remove("migrations/versions/V9.sql");
    assert_eq!(before.len(), versioned.bench.project.files().len());
    let bench = Bench::new(LINE);
    let nowhere = bench.migrate(&["rebase"]).ended(1);
    assert!(nowhere.stderr.contains("is in no git repository"), "{nowhere:?}");
}

/// On the default branch with no remote, a merge is told from what was there before it.
#[test]
fn after_a_merge_into_the_default_branch() {
    let versioned = apart();
    versioned.git(&["switch", "--quiet", "trunk"]);
    versioned.git(&["merge", "--quiet", "--no-edit", "topic"]);
    let rebase = versioned.migrate(&["rebase"]).success();
    assert_eq!(rebase.stdout, "V5__members -> V5__members  (on 4)\nV6__fees -> V6__fees  (on 5)\n");
    versioned.migrate(&["check"]).success();
}

#[test]
fn what_is_applied_keeps_its_version() {
    let versioned = apart();
    versioned.migrate(&["upgrade"]).success();
    versioned.git(&["merge", "--quiet", "--no-edit", "trunk"]);
    let before = versioned.bench.project.files();
    let refused = versioned.migrate(&["rebase"]).ended(1);
    assert_snapshot!(refused.snapshot(), @r#"
    $ cargo-migrate rebase
    -- stderr
    error: `V5__members`, `V6__fees` are applied in database [DATABASE]
    note: no file was changed: another version would make it an unknown migration there
    help: take it back there first: `cargo migrate downgrade --to 3`
    help: or join both sides instead: `cargo migrate merge -m "merge heads"`
    -- exit 1
    "#);
    // The same database as an environment's.
    versioned.bench.configure("environments.staging.url = \"$STAGING\"\nenvironments.far.url = \"$FAR\"\n");
    let url = versioned.bench.database.url();
    let empty = tests::postgres::Database::new();
    let staging = |args: &[&str]| {
        let run = versioned.invoke(args).env("STAGING", url.expose()).env("DATABASE_URL", empty.url().expose());
        run.hide(empty.name(), "[DATABASE]").output()
    };
    assert_snapshot!(staging(&["rebase"]).ended(1).snapshot(), @r#"
    $ cargo-migrate rebase
    -- stderr
    error: `V5__members`, `V6__fees` are applied in environment `staging`
    note: no file was changed: another version would make it an unknown migration there
    help: join both sides instead: `cargo migrate merge -m "merge heads"`
    -- exit 1
    "#);
    assert!(
        versioned
            .bench
            .project
            .files()
            .iter()
            .all(|(path, bytes)| path.ends_with("Cargo.toml") || before.get(path) == Some(bytes))
    );
    // Taken back there, by the command that the first message names.
    let help = refused.stderr.lines().find(|line| line.starts_with("help: take it back")).unwrap();
    let command: Vec<&str> = help.split('`').nth(1).unwrap().split(' ').skip(2).collect();
    versioned.migrate(&command).success();
    // What can't be reached is said, without its password.
    let run = versioned.invoke(&["rebase"]).env("STAGING", "postgres://a:secret@127.0.0.1:1/x");
    assert_snapshot!(run.output().success().snapshot(), @"
    $ cargo-migrate rebase
    V5__members -> V5__members  (on 4)
    V6__fees -> V6__fees  (on 5)
    -- stderr
    warning: what environment `far` has applied is not known: variable `FAR`, which the URL of environment `far` names, is not set
    warning: what environment `staging` has applied can't be read: can't reach a PostgreSQL server at `127.0.0.1:1`
    Rebased 2 migrations on top of `trunk`
    help: look at it and commit it: `cargo migrate check && git add --all migrations`
    -- exit 0
    ");
    versioned.migrate(&["upgrade"]).success();
}

#[test]
fn what_is_sealed_keeps_its_version() {
    let versioned = apart();
    versioned.migrate(&["seal", "--to", "5"]).success();
    versioned.commit("Seal");
    versioned.git(&["merge", "--quiet", "--no-edit", "trunk"]);
    let before = versioned.bench.project.files();
    let refused = versioned.migrate(&["rebase"]).ended(1);
    assert!(refused.stderr.contains("error: `V5__members` is sealed"), "{refused:?}");
    assert!(refused.stderr.contains("cargo migrate merge -m"), "{refused:?}");
    assert!(before == versioned.bench.project.files());
}

/// Our way back was written before theirs renamed what it names.
#[test]
fn scripts_that_touch_the_same_are_named() {
    let versioned = Versioned::new(LINE);
    versioned.git(&["branch", "topic"]);
    versioned.bench.script("V4__rename.sql", "--! parents = [3]\n\nalter table books rename isbn to code;\n");
    versioned.bench.script("V4__rename.down.sql", "alter table books rename code to isbn;\n");
    versioned.commit("Rename the ISBN");
    versioned.git(&["switch", "--quiet", "topic"]);
    versioned
        .bench
        .script("V5__drop.sql", "--! parents = [3]\nalter table books drop price;\nalter table books drop isbn;\n");
    versioned.bench.script("V5__drop.down.sql", "alter table books\n  add price numeric,\n  add isbn text;\n");
    versioned.commit("Drop both");
    versioned.git(&["merge", "--quiet", "--no-edit", "trunk"]);
    assert_snapshot!(versioned.migrate(&["rebase", "--dry-run"]).success().snapshot(), @"
    $ cargo-migrate rebase --dry-run
    V5__drop -> V5__drop  (on 4)
    -- stderr
    warning: `books.isbn` is changed on both sides: migrations/versions/V5__drop.down.sql:3 and migrations/versions/V4__rename.sql:3
    note: the way back was written for what was there before theirs, and may undo or miss what theirs does
    help: read both, and rehearse the way back: `cargo xtask promote`
    would put 1 migration on top of `trunk`; no file was changed
    -- exit 0
    ");
    let json = versioned.migrate(&["rebase", "--format", "json"]).success().json();
    assert_eq!(
        json["conflicts"],
        serde_json::json!([{
            "what": "books.isbn",
            "ours": { "file": "versions/V5__drop.down.sql", "line": 3 },
            "theirs": { "file": "versions/V4__rename.sql", "line": 3 },
        }])
    );
}

/// A script written in Rust moves with its source.
#[test]
fn a_source_in_rust_moves_along() {
    let versioned = Versioned::new(LINE);
    versioned.git(&["branch", "topic"]);
    versioned.migration(4, "loans", 3);
    versioned.commit("Add loans");
    versioned.git(&["switch", "--quiet", "topic"]);
    versioned.migrate(&["new", "fees", "--rust"]).success();
    versioned.commit("Add fees");
    versioned.git(&["merge", "--quiet", "--no-edit", "trunk"]);
    versioned.migrate(&["rebase"]).success();
    let files = versioned.bench.project.files();
    let rust: Vec<_> = files.keys().filter(|path| path.extension().is_some_and(|it| it == "rs")).collect();
    assert_eq!(
        rust,
        ["migrations/rust/V5__fees.rs", "src/lib.rs"].map(std::path::Path::new).iter().collect::<Vec<_>>()
    );
    versioned.migrate(&["check"]).success();
    versioned.bench.project.write("migrations/rust/V9__x.rs", "pub fn migration() -> String { String::new() }\n");
    versioned.bench.project.rename("migrations/versions/V5__fees.sql", "migrations/versions/V6__fees.sql");
    versioned.bench.project.rename("migrations/versions/V5__fees.down.sql", "migrations/versions/V6__fees.down.sql");
    versioned.bench.project.replace("migrations/versions/V6__fees.sql", "[4]", "[3]");
    let refused = versioned.migrate(&["rebase"]).ended(1);
    assert!(refused.stderr.contains("help: render it first: `cargo migrate render`"), "{refused:?}");
}

/// A package that is really built, in a repository: two branches, each with a migration of its own, merged.
fn story() -> Project {
    let project = Project::copy("shop");
    let git = |args: &[&str]| drop(project.git(args).success());
    let migration = |version: i64, name: &str| {
        let (up, down) =
            (format!("--! parents = [1]\ncreate table {name} (id int8);\n"), format!("drop table {name};\n"));
        project.write(format!("migrations/versions/V{version}__{name}.sql"), up);
        project.write(format!("migrations/versions/V{version}__{name}.down.sql"), down);
        git(&["add", "--all"]);
        git(&["commit", "--quiet", "--message", name]);
    };
    for file in
        project.files().into_keys().filter(|path| path.starts_with("migrations/versions") && path.extension().is_some())
    {
        project.remove(file);
    }
    project.write("migrations/versions/V1__init.sql", "create table shops (id int8);\n");
    project.write("migrations/versions/V1__init.down.sql", "drop table shops;\n");
    project.write(".gitignore", "target\n");
    git(&["init", "--quiet", "--initial-branch=trunk"]);
    git(&["add", "--all"]);
    git(&["commit", "--quiet", "--message", "Start"]);
    git(&["switch", "--quiet", "--create", "grace"]);
    migration(20_261_123_010_000, "grace");
    git(&["switch", "--quiet", "--create", "ada", "trunk"]);
    migration(20_261_123_020_000, "ada");
    git(&["switch", "--quiet", "trunk"]);
    git(&["merge", "--quiet", "--no-edit", "ada"]);
    git(&["switch", "--quiet", "grace"]);
    project.cargo(&["check"]).success();
    // Before the merge it is a warning, and where both shall go together an error.
    let check = project.migrate(&["check"]).success();
    assert!(check.stderr.contains("warning[not-on-top]"), "{check:?}");
    project.migrate(&["check", "--against", "trunk"]).ended(1);
    // Git merges without a conflict, and the compiler doesn't.
    git(&["merge", "--quiet", "--no-edit", "trunk"]);
    let build = project.cargo(&["check"]).ended(101);
    assert!(build.messages().contains("[several-heads] the history has 2 heads"), "{build:?}");
    project
}

#[test]
fn two_branches_a_split_head_and_a_merge() {
    let project = story();
    project.migrate(&["merge"]).success();
    project.cargo(&["check"]).success();
    project.migrate(&["check", "--against", "trunk"]).success();
}

#[test]
fn two_branches_a_split_head_and_a_rebase() {
    let project = story();
    project.migrate(&["rebase"]).success();
    project.cargo(&["check"]).success();
    project.migrate(&["check", "--against", "trunk"]).success();
    // What is on `trunk` is as it was, and ours goes on from there.
    let heads = project.migrate(&["heads", "--format", "json"]).success().json();
    assert_eq!(heads["heads"][0]["name"], "grace");
    assert_eq!(heads["heads"][0]["parents"], serde_json::json!([20_261_123_020_000_i64]));
}
