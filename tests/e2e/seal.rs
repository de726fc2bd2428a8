//! Sealed migrations: what is written, how every change of them is found, and that what is named cures it.

use insta::assert_snapshot;
use tests::bench::{Bench, LINE, VERSIONS};
use tests::output::Output;
use tests::project::Project;

const LOCK: &str = "migrations/migrate.lock";
const V2: &str = "migrations/versions/V2__add_isbn.sql";

/// Three migrations, sealed and committed.
fn sealed() -> Bench {
    let bench = Bench::new(LINE);
    bench.migrate(&["seal"]).success();
    bench.project.commit("sealed");
    bench
}

/// The rules of the findings of `check`.
fn rules(bench: &Bench) -> Vec<String> {
    let found = bench.migrate_unchanged(&["check", "--format", "json"]).json();
    let name = |finding: &serde_json::Value| finding["rule"].as_str().unwrap().to_owned();
    found["findings"].as_array().unwrap().iter().map(name).collect()
}

/// The first command that a message names.
#[track_caller]
fn first_command(output: &Output) -> String {
    let (_, rest) = output.stderr.split_once("help: ").unwrap_or_else(|| panic!("{output:?}"));
    let line = rest.lines().next().unwrap();
    line.split('`').rfind(|part| part.contains(' ') && !part.ends_with(": ")).unwrap_or(line).to_owned()
}

#[test]
fn seals_are_written_once() {
    let bench = Bench::new(LINE);
    assert_snapshot!(bench.migrate_unchanged(&["seal", "--dry-run"]).success().snapshot(), @"
    $ cargo-migrate seal --dry-run
    1  create_books
    2  add_isbn
    3  add_price
    -- stderr
    would seal 3 migrations, in this order; nothing was changed
    -- exit 0
    ");
    assert_snapshot!(bench.migrate(&["seal", "--to", "add_isbn", "--verbose"]).success().snapshot(), @"
    $ cargo-migrate seal --to add_isbn --verbose
    -- stderr
    sealed 1 create_books
    sealed 2 add_isbn
    Sealed 2 migrations up to 2 add_isbn in migrations/migrate.lock
    commit it with the migrations: `git add migrations/migrate.lock`
    -- exit 0
    ");
    assert_snapshot!(bench.project.read(LOCK), @"
    # cargo-migrate lock 1
    # Sealed migrations: the names of their files, SHA-256 of the up and of the down script, parents. None of them may change.
    # `cargo migrate seal` writes this file; git merges it by lines (merge=union in .gitattributes).
    V1__create_books 0c8621457000737b1b9f82091aa217e1eb08620c07a5ad141b39b1895323d5f2 ef1cf2cdf6a35167831ace7df8a8c32f7192ad32cb42ae9469fc727376da19eb -
    V2__add_isbn b0dcee5fb55f2903da7c5ee8fd95d31cf1a6f1110f5a598b82c502d9781e6cf6 72236babafbd025df7acfcf57cc62f7b47e2688227033f69c2d4173e6e2a843d 1
    ");
    assert_snapshot!(bench.migrate(&["seal"]).success().snapshot(), @"
    $ cargo-migrate seal
    -- stderr
    Sealed 1 migration up to 3 add_price in migrations/migrate.lock
    commit it with the migrations: `git add migrations/migrate.lock`
    -- exit 0
    ");
    assert_snapshot!(bench.migrate_unchanged(&["seal"]).success().snapshot(), @"
    $ cargo-migrate seal
    -- stderr
    nothing to seal: 3 migrations sealed already
    -- exit 0
    ");
    assert_snapshot!(bench.migrate_unchanged(&["check"]).success().snapshot(), @"
    $ cargo-migrate check
    -- stderr
    Checked 3 migrations: nothing is wrong
    -- exit 0
    ");
    bench.script("V4__add_year.sql", "--! parents = [3]\nalter table books add year int2;\n");
    bench.script("V4__add_year.down.sql", "alter table books drop year;\n");
    let sealed = bench.migrate(&["seal", "--format", "json"]).success().json();
    assert_snapshot!(format!("{sealed:#}"), @r#"
    {
      "broken": null,
      "command": "seal",
      "lock": "migrations/migrate.lock",
      "sealed": [
        {
          "name": "add_year",
          "version": 4
        }
      ],
      "total": 4,
      "version": 1,
      "written": true
    }
    "#);
}

/// Each way to break the history, committed; the first message that is read names a command, and that command leads to
/// one that mends it. `check` names the commit.
#[test]
fn the_first_command_that_is_named_cures() {
    let v3 = format!("{VERSIONS}/V3__add_price");
    type Case<'a> = (&'a str, &'a dyn Fn(&Project));
    let cases: [Case<'_>; 9] = [
        ("sealed-edited", &|project| project.replace(V2, "text", "varchar(13)")),
        ("sealed-edited", &|project| project.replace(format!("{v3}.down.sql"), "drop", "drop column")),
        ("sealed-deleted", &|project| {
            project.remove(V2);
            project.remove(V2.replace(".sql", ".down.sql"));
        }),
        ("sealed-deleted", &|project| project.remove(V2)),
        ("sealed-deleted", &|project| project.remove(V2.replace(".sql", ".down.sql"))),
        ("sealed-renamed", &|project| {
            project.rename(V2, &V2.replace("isbn", "number"));
            project.rename(&V2.replace(".sql", ".down.sql"), &V2.replace("isbn.sql", "number.down.sql"));
        }),
        ("sealed-renamed", &|project| {
            project.rename(&format!("{v3}.sql"), &v3.replace('3', "5").replace("price", "price.sql"));
            project.rename(&format!("{v3}.down.sql"), &v3.replace('3', "5").replace("price", "price.down.sql"));
        }),
        ("sealed-parents-changed", &|project| project.replace(format!("{v3}.sql"), "[2]", "[1, 2]")),
        ("malformed-lock", &|project| project.replace(LOCK, " 2\n", "\n")),
    ];
    for (committed, (rule, break_it)) in [false, true].into_iter().flat_map(|c| cases.iter().map(move |case| (c, case)))
    {
        let bench = sealed();
        let before = bench.project.files();
        break_it(&bench.project);
        if committed {
            bench.project.commit("broken");
        }
        assert_eq!(rules(&bench), [*rule]);
        let output = bench.migrate_unchanged(&["check"]).ended(1);
        let command = first_command(&output);
        bench.project.shell(&command).success();
        assert_eq!(rules(&bench), Vec::<String>::new(), "{command}\n{output:?}");
        let scripts = |files: std::collections::BTreeMap<std::path::PathBuf, Vec<u8>>| {
            files.into_iter().filter(|(path, _)| path.starts_with("migrations")).collect::<Vec<_>>()
        };
        assert_eq!(scripts(bench.project.files()), scripts(before), "{command}");
    }
}

/// In a folder without headers a migration that comes in between changes what the next one builds on.
#[test]
fn a_migration_that_comes_in_between_is_moved_up() {
    let bench = Bench::new(&[("V1__a.sql", "select 1;\n"), ("V3__c.sql", "select 3;\n")]);
    bench.configure("rules = { missing-down = \"allow\" }\n");
    bench.migrate(&["seal"]).success();
    bench.script("V2__b.sql", "select 2;\n");
    let output = bench.migrate_unchanged(&["check"]).ended(1);
    assert_snapshot!(output.snapshot(), @"
    $ cargo-migrate check
    -- stderr
    error[sealed-parents-changed]: `V3__c` was sealed on top of `V1__a` and builds on `V2__b` now
    --> migrations/versions/V3__c.sql
     = note: a sealed migration stays as it is: databases have applied it and will not see the change
     = help: restore the order first, `V2__b` came in between: `mv migrations/versions/V2__b.sql migrations/versions/V4__b.sql`
     = help: to join branches, write a migration that does: `cargo migrate merge`
     = help: or, if nothing else will do, say why: `cargo migrate seal --break 3 --reason TEXT`

    3 migrations: 1 error
    -- exit 1
    ");
    bench.project.shell(&first_command(&output)).success();
    assert_eq!(rules(&bench), Vec::<String>::new());
}

/// Issue and promise: edited after sealing, the build, `check` and `upgrade` all refuse.
#[test]
fn edited_after_sealing_build_check_and_upgrade_refuse() {
    let project = Project::copy("shop");
    project.migrate(&["seal"]).success();
    project.commit("sealed");
    assert_eq!(project.cargo(&["build", "--lib"]).success().messages(), "");
    project.replace("migrations/versions/V2__add_isbn.sql", "text", "varchar(13)");
    assert_snapshot!(project.cargo(&["build", "--lib"]).ended(101).messages(), @"
    error: shop@0.1.0: [sealed-edited] `V2__add_isbn` was edited after it was sealed
    error: shop@0.1.0:   --> migrations/versions/V2__add_isbn.sql
    error: shop@0.1.0:   help: restore the file first: `cargo migrate check` says which commit to take it from
    error: shop@0.1.0:   help: then make the change in a new migration: `cargo migrate new NAME`
    error: shop@0.1.0:   help: or, if nothing else will do, say why: `cargo migrate seal --break 2 --reason TEXT`
    error: build script logged errors
    ");
    let command = first_command(&project.migrate(&["check"]).ended(1));
    assert_eq!(command, "git checkout HEAD -- migrations/versions/V2__add_isbn.sql");
    // What only the lock says is built anew, too.
    project.shell(&command).success();
    assert_eq!(project.cargo(&["build", "--lib"]).success().messages(), "");
    let lock = project.read(LOCK);
    project.write(LOCK, lock.replace("lock 1", "lock 2"));
    let messages = project.cargo(&["build", "--lib"]).ended(101).messages();
    assert!(
        messages.contains("[malformed-lock] the lock file has format 2, which is newer than this program"),
        "{messages}"
    );

    let bench = sealed();
    bench.migrate(&["upgrade", "--to", "2"]).success();
    bench.project.replace(V2, "text", "varchar(13)");
    // It is applied, so the database says first what was done to it.
    let output = bench.migrate_unchanged(&["upgrade"]).ended(1);
    let says = |text: &str| assert!(output.stderr.contains(text), "{output:?}");
    says("error: migrations were changed after they were applied: 2 add_isbn");
    says("-- migrations/versions/V2__add_isbn.sql` puts the file back as it was applied");
    // Of an applied migration the database knows the up script only.
    bench.project.git(&["checkout", "--quiet", "."]).success();
    bench.project.replace(V2.replace(".sql", ".down.sql"), "isbn", "column isbn");
    for args in [&["upgrade"][..], &["upgrade", "--to", "3"], &["upgrade", "--dry-run"], &["downgrade"], &["seal"]] {
        let output = bench.migrate_unchanged(args).ended(1);
        assert!(output.stderr.contains("error[sealed-edited]: the down script of"), "{output:?}");
    }
    bench.project.git(&["checkout", "--quiet", "."]).success();
    bench.project.replace(LOCK, "lock 1", "lock 2");
    let output = bench.migrate_unchanged(&["upgrade"]).ended(1);
    assert!(output.stderr.contains("error[malformed-lock]"), "{output:?}");
}

/// Whatever the settings or its own header say.
#[test]
fn no_word_lifts_a_seal() {
    let bench = Bench::new(LINE);
    bench.migrate(&["seal"]).success();
    bench.project.replace(V2, "--! parents = [1]\n", "--! parents = [1]\n--! allow = [\"sealed-edited\"]\n");
    assert_eq!(rules(&bench), ["sealed-edited", "malformed-header"]);
    bench.configure("rules = { sealed-edited = \"warn\" }\n");
    assert_snapshot!(bench.migrate_unchanged(&["check"]).ended(2).snapshot(), @"
    $ cargo-migrate check
    -- stderr
    error: [ROOT]/Cargo.toml:8:27: `sealed-edited` is always `deny`
    help: remove the line: a sealed migration is changed by nobody unless its seal is broken: `cargo migrate seal --break VERSION --reason TEXT`
    -- exit 2
    ");
}

#[test]
fn two_branches_that_both_seal_are_merged_by_lines() {
    let bench = Bench::new(&LINE[..2]);
    let project = &bench.project;
    bench.migrate(&["seal"]).success();
    project.write("migrations/.gitattributes", "migrate.lock merge=union\n");
    project.commit("start");
    let add = |branch: &str, version: i64, column: &str| {
        project.git(&["checkout", "--quiet", "-b", branch, "trunk"]).success();
        for at in [version, version + 2] {
            let parent = if at == version { 1 } else { version };
            bench.script(
                &format!("V{at}__add_{column}_{at}.sql"),
                format!("--! parents = [{parent}]\nalter table books add {column}_{at} text;\n"),
            );
            bench.script(
                &format!("V{at}__add_{column}_{at}.down.sql"),
                format!("alter table books drop {column}_{at};\n"),
            );
        }
        bench.migrate(&["seal"]).success();
        project.commit(branch);
    };
    add("isbn", 2, "isbn");
    add("price", 3, "price");
    project.git(&["merge", "--quiet", "--no-edit", "isbn"]).success();
    assert_eq!(rules(&bench), ["several-heads"]);
    bench.migrate(&["merge", "-m", "merge heads"]).success();
    assert_eq!(rules(&bench), Vec::<String>::new());
    let lines =
        |text: &str| text.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect::<Vec<_>>();
    let merged = lines(&project.read(LOCK));
    assert!(!merged.is_sorted(), "git puts one side's lines after the other's: {merged:?}");
    bench.migrate(&["seal"]).success();
    assert_eq!(
        lines(&project.read(LOCK))[3..],
        [
            "V1__create_books",
            "V2__add_isbn_2",
            "V3__add_price_3",
            "V4__add_isbn_4",
            "V5__add_price_5",
            "V6__merge_heads"
        ]
    );
    // Only the order is left to mend.
    project.commit("merged");
    let lock = project.read(LOCK);
    let (head, seals) = lock.split_at(lock.find("V1__").unwrap());
    let mut seals: Vec<&str> = seals.lines().collect();
    seals.reverse();
    project.write(LOCK, format!("{head}{}\n{head}", seals.join("\n")));
    assert_eq!(rules(&bench), Vec::<String>::new());
    let output = bench.migrate(&["seal"]).success();
    assert_eq!((output.stderr.lines().next(), project.read(LOCK)), (Some("Sorted migrations/migrate.lock"), lock));
}

/// The break of a seal on one branch holds after a merge with one that sealed more.
#[test]
fn a_seal_is_broken_with_a_reason_that_stays() {
    let bench = sealed();
    let project = &bench.project;
    project.write("migrations/.gitattributes", "migrate.lock merge=union\n");
    project.commit("attributes");
    project.git(&["checkout", "--quiet", "-b", "other"]).success();
    bench.script("V4__add_year.sql", "--! parents = [3]\nalter table books add year int2;\n");
    bench.script("V4__add_year.down.sql", "alter table books drop year;\n");
    bench.migrate(&["seal"]).success();
    project.commit("more");
    project.git(&["checkout", "--quiet", "trunk"]).success();
    project.replace(format!("{VERSIONS}/V3__add_price.sql"), "numeric", "numeric(9, 2)");
    let arguments = ["seal", "--break", "add_price", "--reason", "a price\nhas cents"];
    let actor = |args: &[&str]| bench.invoke(args).env("CARGO_MIGRATE_ACTOR", "ada lovelace").output();
    bench.migrate_unchanged(&["seal", "--break", "3"]).ended(2);
    bench.migrate_unchanged(&["seal", "--break", "3", "--reason", " "]).ended(2);
    bench.migrate_unchanged(&["seal", "--break", "9", "--reason", "x"]).ended(2);
    assert_snapshot!(bench.unchanged(|| actor(&[&arguments[..], &["--dry-run"]].concat())).success().snapshot(), @"
    $ cargo-migrate seal --break add_price --reason a price
    has cents --dry-run
    -- stderr
    would break the seal of V3__add_price; nothing was changed
    -- exit 0
    ");
    assert_snapshot!(actor(&arguments).success().snapshot(), @"
    $ cargo-migrate seal --break add_price --reason a price
    has cents
    -- stderr
    Broke the seal of V3__add_price in migrations/migrate.lock
    note: databases that have applied it keep what they have, and their upgrades are refused as long as its up script differs
    help: once it is as it shall be, seal it again: `cargo migrate seal`
    -- exit 0
    ");
    assert_eq!(rules(&bench), Vec::<String>::new());
    let broken = project.read(LOCK).lines().last().unwrap().to_owned();
    let (seal, about) = broken.split_once("Z ").unwrap();
    assert!(seal.starts_with("broken V3__add_price ") && about == "ada_lovelace a price has cents", "{broken}");
    let again = bench.migrate_unchanged(&["seal", "--break", "3", "--reason", "x"]).ended(2);
    assert!(again.stderr.contains("3 add_price is not sealed"), "{again:?}");
    bench.migrate(&["seal"]).success();
    assert!(project.read(LOCK).lines().last().unwrap().ends_with(" 2 again:1"));
    project.commit("broken");
    project.git(&["merge", "--quiet", "--no-edit", "other"]).success();
    assert!(project.read(LOCK).contains(&broken));
    assert_eq!(rules(&bench), Vec::<String>::new());
    bench.migrate(&["seal"]).success();
    project.replace(format!("{VERSIONS}/V3__add_price.sql"), "(9, 2)", "");
    assert_eq!(rules(&bench), ["sealed-edited"], "what was sealed first is not what is sealed now");
}

/// What can't be trusted is neither written over nor added to.
#[test]
fn a_lock_that_can_not_be_trusted_is_left_alone() {
    let bench = sealed();
    let lock = bench.project.read(LOCK);
    for (text, message) in [
        (
            format!("<<<<<<< HEAD\n{lock}=======\n>>>>>>> theirs\n"),
            "a merge left its markers in `migrations/migrate.lock`",
        ),
        (lock.replace("lock 1", "lock 2"), "the lock file has format 2, which is newer than this program"),
        (
            lock.replace("V2__add_isbn", "V2__"),
            "the lock file holds a line that is no seal: `V2__` is no migration's name",
        ),
        (
            "# cargo-migrate lock 1\nV2\0".to_owned(),
            "`migrations/migrate.lock` holds a NUL character: byte 25, in line 2",
        ),
    ] {
        bench.project.write(LOCK, text);
        for args in [&["seal"][..], &["seal", "--to", "2"], &["seal", "--break", "2", "--reason", "x"], &["check"]] {
            let output = bench.migrate_unchanged(args).ended(1);
            assert!(output.stderr.contains(message), "{args:?} {output:?}");
        }
    }
}

#[test]
fn what_has_errors_or_no_review_is_not_sealed() {
    let bench = Bench::new(LINE);
    bench
        .script("V3__add_price.sql", "--! parents = [2]\n--! reviewed = false\nalter table books add price numeric;\n");
    assert_snapshot!(bench.migrate_unchanged(&["seal"]).ended(1).snapshot(), @"
    $ cargo-migrate seal
    -- stderr
    error: nobody has reviewed 3 add_price
    note: nothing was sealed
    help: read it, then say so: `cargo migrate review 3`
    -- exit 1
    ");
    bench.migrate(&["seal", "--to", "2"]).success();
    bench.script("V3__add_price.sql", "--! parents = [2]\nalter table books add price, numeric;\n");
    let output = bench.migrate_unchanged(&["seal"]).ended(1);
    assert!(
        output.stderr.contains("error[syntax-error]") && output.stderr.contains("nothing was sealed"),
        "{output:?}"
    );
}

/// Where git has no commit with it, or there is no git, the message says so.
#[test]
fn without_git_the_database_is_named() {
    let bench = Bench::new(LINE);
    bench.migrate(&["seal"]).success();
    bench.project.replace(V2, "text", "varchar(13)");
    let output = bench.migrate_unchanged(&["check"]).ended(1);
    assert!(output.stderr.contains("restore the file first: no commit here has it as it was sealed"), "{output:?}");
    assert!(output.stderr.contains("`cargo migrate repair --restore`"), "{output:?}");
}
