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
    assert_snapshot!(versioned.migrate(&["check", "-v"]).success().snapshot(), @"");
    versioned.bench.project.write(UP, "--! parents = [1]\nalter table books add isbn varchar(13);\n");
    assert_snapshot!(versioned.migrate(&["check"]).ended(1).snapshot(), @"");
    versioned.commit("Shorten the ISBN");
    let check = versioned.migrate(&["check"]).ended(1);
    assert_snapshot!(check.snapshot(), @"");
    run(&versioned, &cure(&check, "committed-edited"));
    versioned.migrate(&["check"]).success();
    // Its way back is as fixed.
    versioned.bench.project.write(DOWN, "select 1;\n");
    versioned.bench.project.remove("migrations/versions/V3__add_price.down.sql");
    assert_snapshot!(versioned.migrate(&["check"]).ended(1).snapshot(), @"");
}

#[test]
fn deleted_renamed_and_put_elsewhere() {
    let versioned = topic();
    versioned.git(&["rm", "--quiet", "migrations/versions/V3__add_price.sql", "migrations/versions/V3__add_price.down.sql"]);
    versioned.commit("Drop the price");
    let check = versioned.migrate(&["check"]).ended(1);
    assert_snapshot!(check.snapshot(), @"");
    run(&versioned, &cure(&check, "committed-deleted"));
    versioned.migrate(&["check"]).success();

    versioned.git(&["mv", "migrations/versions/V3__add_price.sql", "migrations/versions/V3__price.sql"]);
    versioned.git(&["mv", "migrations/versions/V3__add_price.down.sql", "migrations/versions/V3__price.down.sql"]);
    let check = versioned.migrate(&["check"]).ended(1);
    assert_snapshot!(check.snapshot(), @"");
    run(&versioned, &cure(&check, "committed-renamed"));
    versioned.migrate(&["check"]).success();

    versioned.bench.project.replace("migrations/versions/V3__add_price.sql", "[2]", "[1]");
    versioned.bench.project.replace(UP, "[1]", "[]");
    let check = versioned.migrate(&["check", "--against", "trunk"]).ended(1);
    assert_snapshot!(check.snapshot(), @"");
    run(&versioned, &cure(&check, "committed-parents-changed"));
    run(&versioned, "git checkout HEAD -- migrations/versions/V3__add_price.sql");
    versioned.migrate(&["check"]).success();
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
    assert_snapshot!(versioned.migrate(&["check", "--against"]).ended(1).snapshot(), @"");
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
    assert_snapshot!(versioned.migrate(&["check"]).success().snapshot(), @"");
    let check = versioned.migrate(&["check", "--against", "trunk"]).ended(1);
    assert!(check.stderr.contains("error[not-on-top]"), "{check:?}");
    // An environment's branch has ours: it keeps its version.
    versioned.git(&["branch", "staging"]);
    versioned.bench.configure("environments.staging.branch = \"staging\"\n");
    assert_snapshot!(versioned.migrate(&["check"]).success().snapshot(), @"");
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
    assert!(check.stderr.contains("= help: join both, which is safe where either is applied: `git merge trunk &&"), "{check:?}");
    assert!(!check.stderr.contains("rebase"), "{check:?}");
}

#[test]
fn where_there_is_nothing_to_compare_with() {
    let bench = tests::bench::Bench::new(LINE);
    bench.migrate(&["check"]).success();
    assert_snapshot!(bench.migrate(&["check", "--against"]).ended(1).snapshot(), @"");
    bench.project.git(&["init", "--quiet", "--initial-branch=trunk"]).success();
    assert_snapshot!(bench.migrate(&["check"]).success().snapshot(), @"");
    assert_snapshot!(bench.migrate(&["check", "--against"]).ended(1).snapshot(), @"");

    let versioned = topic();
    assert_snapshot!(versioned.migrate(&["check", "--against", "trank"]).ended(2).snapshot(), @"");
    assert_snapshot!(versioned.migrate(&["check", "--against", "--output=x"]).ended(2).snapshot(), @"");
    let other = versioned.invoke(&["check", "--against", "trunk"]).env("PATH", "/nowhere").output();
    assert_snapshot!(other.ended(1).snapshot(), @"");
    // Detached, and a history of its own.
    versioned.git(&["switch", "--quiet", "--detach"]);
    versioned.migrate(&["check", "--against", "trunk"]).success();
    versioned.git(&["switch", "--quiet", "--orphan", "island"]);
    versioned.git(&["checkout", "trunk", "--", "."]);
    assert_snapshot!(versioned.migrate(&["check", "--against", "trunk"]).ended(1).snapshot(), @"");
    versioned.commit("Start again");
    assert_snapshot!(versioned.migrate(&["check", "--against", "trunk"]).ended(1).snapshot(), @"");
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
    assert_snapshot!(clone.migrate(&["check", "--against", "trunk"]).ended(1).snapshot(), @"");
    // Not asked for, it is no failure.
    clone.migrate(&["check"]).success();
    git(&["fetch", "--quiet", "--unshallow"]);
    clone.migrate(&["check", "--against", "trunk"]).success();
    // What the remote calls its default branch is compared with.
    clone.project.remove(UP);
    clone.project.remove(DOWN);
    let check = clone.migrate(&["check"]).ended(1);
    assert!(check.stderr.contains("`V2__add_isbn` was deleted"), "{check:?}");
    assert!(check.stderr.contains("git checkout origin/trunk --") || check.stderr.contains("`origin/trunk` has it"), "{check:?}");
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
