//! The rehearsal's `old-smoke`: the code that an environment runs now, on the schema that it is about to get.

use std::time::{Duration, Instant};

use tests::repository::Repository;

use crate::promote::{BOOKS, gate, others, promote};

/// Runs what the checked out code asks the database for.
const QUERY: &str = "psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 \"$DATABASE_URL\" --file query.sql";

/// A repository whose branch `staging` asks for titles, and a later commit with a migration and another query.
fn released(migration: (&str, &str, &str), query: &str) -> Repository {
    let repository = Repository::new(&[BOOKS]);
    repository.settings(&format!("[package.metadata.migrate.promote]\nsmoke = '{QUERY}'\nold-smoke = '{QUERY}'\n"));
    repository.write("query.sql", "select title from books;\n");
    repository.commit("asks for titles");
    repository.git(&["branch", "staging"]);
    let (name, up, down) = migration;
    repository.migration(name, up, down);
    repository.write("query.sql", query);
    repository.commit("a release");
    repository
}

#[test]
fn a_renamed_column_breaks_the_code_that_runs() {
    let rename = (
        "V2__rename_title",
        "--! allow = [{ rule = \"renaming-column\", reason = \"a test\" }]\nalter table books rename title to name;\n",
        "alter table books rename name to title;\n",
    );
    let repository = released(rename, "select name from books;\n");
    let report = promote(&repository, 1, &[]);
    assert_eq!(gate(&report, "staging", "smoke")["result"], "passed");
    let old = gate(&report, "staging", "old smoke");
    assert_eq!(old["result"], "failed");
    let failure = &old["failures"][0];
    assert!(failure["message"].as_str().unwrap().starts_with("the old-smoke command failed ("), "{failure}");
    assert!(failure["body"].as_str().unwrap().contains("column \"title\" does not exist"), "{failure}");
    assert!(failure["notes"].to_string().contains("branch `staging`"), "{failure}");
    assert!(failure["helps"].to_string().contains("--expand-contract"), "{failure}");
    // What comes after it is tried all the same; and production has no branch that would tell.
    assert_eq!(gate(&report, "staging", "last step")["result"], "passed");
    let skipped = gate(&report, "production", "old smoke")["skipped_because"].as_str().unwrap();
    assert!(skipped.starts_with("no branch tells"), "{skipped}");
    assert_eq!(repository.git(&["worktree", "list"]).lines().count(), 1);
}

#[test]
fn what_suits_both_passes() {
    let add = ("V2__add_isbn", "alter table books add isbn text;\n", "alter table books drop isbn;\n");
    let repository = released(add, "select isbn from books;\n");
    let report = promote(&repository, 0, &[]);
    let old = gate(&report, "staging", "old smoke");
    let short = &repository.git(&["rev-parse", "staging"])[..7];
    assert!(old["notes"][0].as_str().unwrap().ends_with(&format!("in branch `staging` ({short})")), "{old}");
    assert_eq!(others(&report).len(), 3, "{:?}", others(&report));
    assert_eq!(repository.git(&["worktree", "list"]).lines().count(), 1);
    assert_eq!(repository.git(&["status", "--porcelain", "--", "src", "query.sql"]), "");
    // With nothing pending it is the schema that the code has already.
    repository.git(&["branch", "--force", "staging"]);
    let report = promote(&repository, 0, &[]);
    let skipped = gate(&report, "staging", "old smoke")["skipped_because"].as_str().unwrap();
    assert!(skipped.starts_with("nothing was pending"), "{skipped}");
}

/// Nothing that is in the working tree alone is there.
#[test]
fn it_has_the_time_of_a_smoke_command_and_the_branchs_files_alone() {
    let add = ("V2__add_isbn", "alter table books add isbn text;\n", "alter table books drop isbn;\n");
    let repository = released(add, "select 1;\n");
    repository.settings(
        "[package.metadata.migrate.promote]\nold-smoke = 'test ! -e new-file && sleep 600'\nsmoke-timeout = '500ms'\n",
    );
    repository.write("new-file", "");
    let report = promote(&repository, 1, &["--allow-dirty"]);
    let failure = &gate(&report, "staging", "old smoke")["failures"][0];
    assert!(
        failure["message"].as_str().unwrap().starts_with("the old-smoke command took more than 0.5 s"),
        "{failure}"
    );
}

#[test]
fn an_interrupt_removes_the_worktree() {
    let add = ("V2__add_isbn", "alter table books add isbn text;\n", "alter table books drop isbn;\n");
    let repository = released(add, "select 1;\n");
    let temporary = tempfile::Builder::new().prefix("cm-").tempdir_in("/tmp").unwrap();
    // Servers run as another user when the tests run as root.
    let everybody = std::os::unix::fs::PermissionsExt::from_mode(0o777);
    fs_err::set_permissions(temporary.path(), everybody).unwrap();
    let started = temporary.path().join("it-is-running");
    repository.settings(&format!("promote.old-smoke = 'touch {} && sleep 600'\n", started.display()));
    let mut child = repository.start(&["--engine", "local", "--allow-dirty"], temporary.path());
    let began = Instant::now();
    while !started.exists() {
        assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
        assert!(began.elapsed() < Duration::from_secs(120), "the command does not start");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(repository.git(&["worktree", "list"]).lines().count(), 2);
    fs_err::remove_file(&started).unwrap();
    let pid = rustix::process::Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(repository.git(&["worktree", "list"]).lines().count(), 1);
    let left: Vec<_> = fs_err::read_dir(temporary.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(left, Vec::<std::path::PathBuf>::new());
}
