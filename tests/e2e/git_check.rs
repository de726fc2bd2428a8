//! `check` and what git has: migrations that others have stay as they are, and new ones go on from where others stand.

use insta::assert_snapshot;
use tests::bench::LINE;
use tests::output::Output;
use tests::versioned::Versioned;

const UP: &str = "migrations/versions/V2__add_isbn.sql";
const DOWN: &str = "migrations/versions/V2__add_isbn.down.sql";

/// The migrations of `LINE` on `trunk`, and a branch `topic` from it that is checked out.
fn topic() -> Versioned {
    let versioned = Versioned::new(LINE);
    versioned.git(&["switch", "--quiet", "--create", "topic"]);
    versioned
}

/// The command that the first help of a rule's finding names.
#[track_caller]
fn cure(output: &Output, rule: &str) -> String {
    let stderr = &output.stderr;
    let finding = stderr.split("\n\n").find(|block| block.contains(&format!("[{rule}]")));
    let finding = finding.unwrap_or_else(|| panic!("no finding of {rule}: {output:?}"));
    let help = finding.lines().find(|line| line.contains("= help: ")).unwrap_or_else(|| panic!("no help: {finding}"));
    help.split('`').nth(1).unwrap_or_else(|| panic!("no command: {help}")).to_owned()
}

/// Runs a command as a shell does, with `cargo migrate` being what is tested.
#[track_caller]
fn run(versioned: &Versioned, command: &str) {
    for part in command.split(" && ") {
        let words: Vec<&str> = part.split(' ').collect();
        match words.as_slice() {
            ["git", rest @ ..] => drop(versioned.git(rest)),
            ["rm", files @ ..] => files.iter().for_each(|file| versioned.bench.project.remove(file)),
            ["cargo", "migrate", rest @ ..] => drop(versioned.migrate(rest).success()),
            other => panic!("unknown command {other:?}"),
        }
    }
}

#[test]
fn a_committed_migration_that_was_edited_is_named_with_who_did_it() {
    let versioned = topic();
    assert_snapshot!(versioned.migrate(&["check", "-v"]).success().snapshot(), @"
    $ cargo-migrate check -v
    -- stderr
    Checked 3 migrations: nothing is wrong
    -- exit 0
    ");
    versioned.bench.project.write(UP, "--! parents = [1]\nalter table books add isbn varchar(13);\n");
    assert_snapshot!(versioned.migrate(&["check"]).ended(1).snapshot(), @"
    $ cargo-migrate check
    -- stderr
    error[committed-edited]: `V2__add_isbn` was edited after it was committed
    --> migrations/versions/V2__add_isbn.sql
     = note: the change is not committed
     = note: `trunk` has it as it was, and so may databases
     = help: restore it: `git checkout trunk -- migrations/versions/V2__add_isbn.sql`
     = help: put the change into a new migration: `cargo migrate new NAME`

    3 migrations: 1 error
    -- exit 1
    ");
    versioned.commit("Shorten the ISBN");
    let check = versioned.migrate(&["check"]).ended(1);
    assert_snapshot!(check.snapshot(), @"
    $ cargo-migrate check
    -- stderr
    error[committed-edited]: `V2__add_isbn` was edited after it was committed
    --> migrations/versions/V2__add_isbn.sql
     = note: commit [COMMIT] of Ada, 2026-11-23: Shorten the ISBN
     = note: `trunk` has it as it was, and so may databases
     = help: restore it: `git checkout trunk -- migrations/versions/V2__add_isbn.sql`
     = help: put the change into a new migration: `cargo migrate new NAME`

    3 migrations: 1 error
    -- exit 1
    ");
    run(&versioned, &cure(&check, "committed-edited"));
    versioned.migrate(&["check"]).success();
    // Its way back is as fixed.
    versioned.bench.project.write(DOWN, "select 1;\n");
    versioned.bench.project.remove("migrations/versions/V3__add_price.down.sql");
    assert_snapshot!(versioned.migrate(&["check"]).ended(1).snapshot(), @r#"
    $ cargo-migrate check
    -- stderr
    error[committed-edited]: the down script of `V2__add_isbn` was edited after it was committed
    --> migrations/versions/V2__add_isbn.down.sql
     = note: the change is not committed
     = note: `trunk` has it as it was, and so may databases
     = help: restore it: `git checkout trunk -- migrations/versions/V2__add_isbn.down.sql`
     = help: put the change into a new migration: `cargo migrate new NAME`

    error[committed-edited]: the down script of `V3__add_price` was deleted after it was committed
    --> migrations/versions/V3__add_price.down.sql
     = note: the change is not committed
     = note: `trunk` has it as it was, and so may databases
     = help: restore it: `git checkout trunk -- migrations/versions/V3__add_price.down.sql`
     = help: put the change into a new migration: `cargo migrate new NAME`

    warning[missing-down]: `V3__add_price` has no down script
    --> migrations/versions/V3__add_price.sql
     = help: write the statements that undo it into migrations/versions/V3__add_price.down.sql
     = help: or say why it can't be undone, before it is applied anywhere: `--! irreversible = "reason"`

    3 migrations: 2 errors, 1 warning
    -- exit 1
    "#);
}

#[test]
fn deleted_renamed_and_put_elsewhere() {
    let versioned = topic();
    versioned.git(&[
        "rm",
        "--quiet",
        "migrations/versions/V3__add_price.sql",
        "migrations/versions/V3__add_price.down.sql",
    ]);
    versioned.commit("Drop the price");
    let check = versioned.migrate(&["check"]).ended(1);
    assert_snapshot!(check.snapshot(), @"
    $ cargo-migrate check
    -- stderr
    error[committed-deleted]: `V3__add_price` was deleted after it was committed
    --> migrations/versions/V3__add_price.sql
     = note: commit [COMMIT] of Ada, 2026-11-23: Drop the price
     = note: `trunk` has it as it was, and so may databases
     = help: restore it: `git checkout trunk -- migrations/versions/V3__add_price.sql migrations/versions/V3__add_price.down.sql`
     = help: to undo what it does, write a new migration: `cargo migrate new NAME`

    2 migrations: 1 error
    -- exit 1
    ");
    run(&versioned, &cure(&check, "committed-deleted"));
    versioned.migrate(&["check"]).success();

    versioned.git(&["mv", "migrations/versions/V3__add_price.sql", "migrations/versions/V3__price.sql"]);
    versioned.git(&["mv", "migrations/versions/V3__add_price.down.sql", "migrations/versions/V3__price.down.sql"]);
    let check = versioned.migrate(&["check"]).ended(1);
    assert_snapshot!(check.snapshot(), @"
    $ cargo-migrate check
    -- stderr
    error[committed-renamed]: `V3__add_price` was renamed to `V3__price` after it was committed
    --> migrations/versions/V3__price.sql
     = note: commit [COMMIT] of Ada, 2026-11-23: Drop the price
     = note: the change is not committed
     = note: `trunk` has it as it was, and so may databases
     = help: restore it: `git checkout trunk -- migrations/versions/V3__add_price.sql migrations/versions/V3__add_price.down.sql && rm migrations/versions/V3__price.sql migrations/versions/V3__price.down.sql`
     = help: leave its name: it is what databases know it by

    3 migrations: 1 error
    -- exit 1
    ");
    run(&versioned, &cure(&check, "committed-renamed"));
    versioned.migrate(&["check"]).success();

    versioned.bench.project.replace("migrations/versions/V3__add_price.sql", "[2]", "[1]");
    versioned.bench.project.replace(UP, "[1]", "[]");
    let check = versioned.migrate(&["check", "--against", "trunk"]).ended(1);
    assert_snapshot!(check.snapshot(), @r#"
    $ cargo-migrate check --against trunk
    -- stderr
    error[committed-parents-changed]: `V2__add_isbn` was put on nothing after it was committed on `V1__create_books`
     --> migrations/versions/V2__add_isbn.sql:1:15
      |
    1 | --! parents = []
      |               ^^
      |
      = note: the change is not committed
      = note: `trunk` has it as it was, and so may databases
      = help: restore it: `git checkout trunk -- migrations/versions/V2__add_isbn.sql migrations/versions/V2__add_isbn.down.sql`

    error[committed-parents-changed]: `V3__add_price` was put on `V1__create_books` after it was committed on `V2__add_isbn`
     --> migrations/versions/V3__add_price.sql:1:15
      |
    1 | --! parents = [1]
      |               ^^^
      |
      = note: commit [COMMIT] of Ada, 2026-11-23: Drop the price
      = note: the change is not committed
      = note: `trunk` has it as it was, and so may databases
      = help: restore it: `git checkout trunk -- migrations/versions/V3__add_price.sql migrations/versions/V3__add_price.down.sql`

    error[several-heads]: the history has 2 heads: `V2__add_isbn` and `V3__add_price`
     --> migrations/versions/V2__add_isbn.sql:1:15
      |
    1 | --! parents = []
      |               ^^ no migration builds on this one
      |
     ::: migrations/versions/V3__add_price.sql:1:15
      |
    1 | --! parents = [1]
      |               --- no migration builds on this one
      |
      = note: they share no migration: the history begins with `V1__create_books` and `V2__add_isbn`
      = note: a merge runs no SQL of its own: it is safe wherever any of them is applied already
      = help: join them: `cargo migrate merge -m "merge heads"`
      = help: or, if what your branch adds is applied nowhere else, put it on top of theirs: `cargo migrate rebase`

    3 migrations: 3 errors
    Compared with `trunk` ([COMMIT])
    -- exit 1
    "#);
    run(&versioned, &cure(&check, "committed-parents-changed"));
    run(&versioned, "git checkout trunk -- migrations/versions/V3__add_price.sql");
    versioned.migrate(&["check"]).success();
}

/// What is sealed as well is told once, with what git knows of it.
#[test]
fn a_sealed_one_is_told_once() {
    let versioned = topic();
    versioned.migrate(&["seal"]).success();
    versioned.commit("Seal");
    versioned.bench.project.write(UP, "--! parents = [1]\nalter table books add isbn varchar(13);\n");
    versioned.commit("Shorten the ISBN");
    let check = versioned.migrate(&["check"]).ended(1);
    assert!(check.stderr.contains("error[sealed-edited]") && !check.stderr.contains("committed-edited"), "{check:?}");
    assert!(check.stderr.contains("of Ada, 2026-11-23: Shorten the ISBN"), "{check:?}");
}

/// Two migrations swap their places: versions and names are one thing.
#[test]
fn swapped() {
    let versioned = topic();
    for end in ["sql", "down.sql"] {
        let path = |name: &str| format!("migrations/versions/{name}.{end}");
        versioned.bench.project.rename(&path("V2__add_isbn"), &path("V4__x"));
        versioned.bench.project.rename(&path("V3__add_price"), &path("V2__add_price"));
        versioned.bench.project.rename(&path("V4__x"), &path("V3__add_isbn"));
    }
    let check = versioned.migrate(&["check"]).ended(1);
    assert!(check.stderr.contains("`V2__add_isbn` was renamed to `V2__add_price` after it was committed"), "{check:?}");
    for _ in 0..2 {
        run(&versioned, &cure(&versioned.migrate(&["check"]), "committed-renamed"));
    }
    versioned.migrate(&["check"]).success();
}

/// The other branch may be the one that broke the history.
#[test]
fn what_the_other_branch_did_is_told_as_theirs() {
    let versioned = topic();
    versioned.git(&["switch", "--quiet", "trunk"]);
    versioned.bench.project.write(UP, "--! parents = [1]\nalter table books add isbn int;\n");
    versioned.commit("Make it a number");
    versioned.git(&["switch", "--quiet", "topic"]);
    assert_snapshot!(versioned.migrate(&["check", "--against"]).ended(1).snapshot(), @"
    $ cargo-migrate check --against
    -- stderr
    error[committed-edited]: `V2__add_isbn` was edited in `trunk` after it was committed
    --> migrations/versions/V2__add_isbn.sql
     = note: commit [COMMIT] of Ada, 2026-11-23: Make it a number
     = note: a database may have it as it was
     = help: restore it in `trunk`: `git checkout [COMMIT] -- migrations/versions/V2__add_isbn.sql`
     = help: put the change into a new migration: `cargo migrate new NAME`

    3 migrations: 1 error
    Compared with `trunk` ([COMMIT])
    -- exit 1
    ");
}

#[test]
fn new_ones_beside_theirs_are_reported_before_the_merge() {
    let versioned = topic();
    versioned.migration(4, "loans", 3);
    versioned.commit("Add loans");
    versioned.migrate(&["check"]).success();
    versioned.git(&["switch", "--quiet", "trunk"]);
    versioned.migration(5, "members", 3);
    versioned.commit("Add members");
    versioned.git(&["switch", "--quiet", "topic"]);
    // To commit goes on; to merge would not.
    assert_snapshot!(versioned.migrate(&["check"]).success().snapshot(), @r#"
    $ cargo-migrate check
    -- stderr
    warning[not-on-top]: `V4__loans` does not build on `V5__members`, which `trunk` ends in
     --> migrations/versions/V4__loans.sql:1:15
      |
    1 | --! parents = [3]
      |               ^^^
      |
      = note: `trunk` has `V5__members`, which is not here: commit [COMMIT] of Ada, 2026-11-23: Add members
      = note: merged in git, the history would have several heads, and that does not compile
      = help: put yours on top of theirs: `git merge trunk && cargo migrate rebase trunk`, safe as long as it is applied nowhere else
      = help: or join both: `git merge trunk && cargo migrate merge -m "merge heads"`, safe wherever either is applied

    4 migrations: 1 warning
    -- exit 0
    "#);
    let check = versioned.migrate(&["check", "--against", "trunk"]).ended(1);
    assert!(check.stderr.contains("error[not-on-top]"), "{check:?}");
    // An environment's branch has ours: it keeps its version.
    versioned.git(&["branch", "staging"]);
    versioned.bench.configure("environments.staging.branch = \"staging\"\n");
    assert_snapshot!(versioned.migrate(&["check"]).success().snapshot(), @r#"
    $ cargo-migrate check
    -- stderr
    warning[not-on-top]: `V4__loans` does not build on `V5__members`, which `trunk` ends in
     --> migrations/versions/V4__loans.sql:1:15
      |
    1 | --! parents = [3]
      |               ^^^
      |
      = note: `trunk` has `V5__members`, which is not here: commit [COMMIT] of Ada, 2026-11-23: Add members
      = note: merged in git, the history would have several heads, and that does not compile
      = note: 4: branch `staging`, which environment `staging` follows, has it
      = help: join both, which is safe where either is applied: `git merge trunk && cargo migrate merge -m "merge heads"`

    4 migrations: 1 warning
    -- exit 0
    "#);
    run(&versioned, "git checkout HEAD -- Cargo.toml");
    run(&versioned, &cure(&check, "not-on-top"));
    assert_eq!(versioned.ups().last().unwrap(), "V6__loans.sql");
    versioned.migrate(&["check", "--against", "trunk"]).success();
}

/// What an environment has applied keeps its version.
#[test]
fn an_environment_that_has_it_leaves_the_merge_only() {
    let versioned = topic();
    versioned.migration(4, "loans", 3);
    versioned.bench.configure("environments.staging.url = \"$STAGING\"\n");
    versioned.commit("Add loans");
    versioned.git(&["switch", "--quiet", "trunk"]);
    versioned.migration(5, "members", 3);
    versioned.commit("Add members");
    versioned.git(&["switch", "--quiet", "topic"]);
    let url = versioned.bench.database.url();
    let staging = |args: &[&str]| versioned.invoke(args).env("STAGING", url.expose()).output();
    staging(&["upgrade", "--env", "staging"]).success();
    let check = staging(&["check", "--database", "--env", "staging"]).success();
    assert!(check.stderr.contains("= note: 4: environment `staging` has applied it"), "{check:?}");
    assert!(
        check.stderr.contains("= help: join both, which is safe where either is applied: `git merge trunk &&"),
        "{check:?}"
    );
    assert!(!check.stderr.contains("rebase"), "{check:?}");
}

#[test]
fn where_there_is_nothing_to_compare_with() {
    let bench = tests::bench::Bench::new(LINE);
    bench.migrate(&["check"]).success();
    assert_snapshot!(bench.migrate(&["check", "--against"]).ended(1).snapshot(), @r#"
    $ cargo-migrate check --against
    -- stderr
    error: `migrations` is in no git repository
    help: make one: `git init && git add --all && git commit -m "Start"`
    -- exit 1
    "#);
    bench.project.git(&["init", "--quiet", "--initial-branch=trunk"]).success();
    assert_snapshot!(bench.migrate(&["check"]).success().snapshot(), @"
    $ cargo-migrate check
    -- stderr
    note: not compared with git: the repository has no commit yet
    help: commit first: `git add --all && git commit`
    Checked 3 migrations: nothing is wrong
    -- exit 0
    ");
    assert_snapshot!(bench.migrate(&["check", "--against"]).ended(1).snapshot(), @"
    $ cargo-migrate check --against
    -- stderr
    error: the repository has no commit yet
    help: commit first: `git add --all && git commit`
    -- exit 1
    ");

    let versioned = topic();
    assert_snapshot!(versioned.migrate(&["check", "--against", "trank"]).ended(2).snapshot(), @"
    $ cargo-migrate check --against trank
    -- stderr
    error: git knows no commit `trank`
    help: did you mean `trunk`?
    -- exit 2
    ");
    assert_snapshot!(versioned.migrate(&["check", "--against", "--output=x"]).ended(2).snapshot(), @"
    $ cargo-migrate check --against --output=x
    -- stderr
    error: unexpected argument '--output' found

    Usage: cargo migrate check --against [<REF>]

    For more information, try '--help'.
    -- exit 2
    ");
    let other = versioned.invoke(&["check", "--against", "trunk"]).env("PATH", "/nowhere").output();
    assert_snapshot!(other.ended(1).snapshot(), @"
    $ cargo-migrate check --against trunk
    -- stderr
    error: can't run `git`
      caused by: No such file or directory (os error 2)
    help: install git, and make sure that it is found in `PATH`
    -- exit 1
    ");
    // Detached, and a history of its own.
    versioned.git(&["switch", "--quiet", "--detach"]);
    versioned.migrate(&["check", "--against", "trunk"]).success();
    versioned.git(&["switch", "--quiet", "--orphan", "island"]);
    versioned.git(&["checkout", "trunk", "--", "."]);
    assert_snapshot!(versioned.migrate(&["check", "--against", "trunk"]).ended(1).snapshot(), @"
    $ cargo-migrate check --against trunk
    -- stderr
    error: the repository has no commit yet
    help: commit first: `git add --all && git commit`
    -- exit 1
    ");
    versioned.commit("Start again");
    assert_snapshot!(versioned.migrate(&["check", "--against", "trunk"]).ended(1).snapshot(), @"
    $ cargo-migrate check --against trunk
    -- stderr
    error: this branch and `trunk` share no commit
    help: name a branch that this one comes from: `--against REF`
    -- exit 1
    ");
}

#[test]
fn a_shallow_clone_says_what_to_fetch() {
    let versioned = topic();
    versioned.migration(4, "loans", 3);
    versioned.commit("Add loans");
    versioned.git(&["switch", "--quiet", "trunk"]);
    versioned.commit("Something else");
    let origin = format!("file://{}", versioned.bench.project.root().display());
    let clone = tests::bench::Bench::new(&[]);
    for file in ["Cargo.toml", "Cargo.lock", "src"] {
        clone.project.remove(file);
    }
    let git = |args: &[&str]| clone.project.git(args).success();
    git(&["clone", "--quiet", "--depth=1", "--no-single-branch", "--branch=topic", &origin, "."]);
    assert_snapshot!(clone.migrate(&["check", "--against", "trunk"]).ended(1).snapshot(), @"
    $ cargo-migrate check --against trunk
    -- stderr
    error: this clone is shallow: the commit that it shares with `trunk` was not fetched
    help: fetch the rest: `git fetch --unshallow`, or a part of it: `git fetch --deepen=100`
    -- exit 1
    ");
    // Not asked for, it is no failure.
    clone.migrate(&["check"]).success();
    git(&["fetch", "--quiet", "--unshallow"]);
    clone.migrate(&["check", "--against", "trunk"]).success();
    // What the remote calls its default branch is compared with.
    clone.project.remove(UP);
    clone.project.remove(DOWN);
    let check = clone.migrate(&["check"]).ended(1);
    assert!(check.stderr.contains("`V2__add_isbn` was deleted"), "{check:?}");
    assert!(
        check.stderr.contains("git checkout origin/trunk --") || check.stderr.contains("`origin/trunk` has it"),
        "{check:?}"
    );
}

/// The package is not the repository's root, and the working tree is a linked one; a hook's variables are in the way.
#[test]
fn a_package_in_a_folder_of_a_linked_worktree() {
    let versioned = topic();
    let project = &versioned.bench.project;
    for file in ["Cargo.toml", "Cargo.lock", "src", "migrations"] {
        project.write("app/.keep", "");
        project.rename(file, &format!("app/{file}"));
    }
    versioned.commit("Move");
    versioned.git(&["branch", "--force", "trunk", "HEAD"]);
    versioned.git(&["worktree", "add", "--quiet", "target/linked", "-b", "other"]);
    let within = project.path("target/linked/app");
    project.write("target/linked/app/migrations/versions/V1__create_books.sql", "create table books ();\n");
    let check = |args: &[&str]| {
        let run = versioned.invoke(args).within(&within);
        run.env("GIT_DIR", project.path(".git")).env("GIT_INDEX_FILE", "nothing").output()
    };
    let found = check(&["check"]).ended(1);
    assert!(found.stderr.contains("git checkout trunk -- migrations/versions/V1__create_books.sql"), "{found:?}");
    assert!(found.stderr.contains("the change is not committed"), "{found:?}");
    let json = check(&["check", "--format", "json"]).ended(1).json();
    assert_eq!(json["against"]["name"], "trunk");
    assert_eq!(json["findings"][0]["rule"], "committed-edited");
    assert_eq!(json["findings"][0]["labels"][0]["file"], "migrations/versions/V1__create_books.sql");
}
