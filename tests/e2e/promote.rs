//! The rehearsal: what passes, what fails at which gate, and that nothing of it is left.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;
use tests::repository::Repository;

/// The stages with their gates, as lines of `stage, gate: result` and what there is to say.
pub(crate) fn gates(report: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    for stage in report["stages"].as_array().unwrap() {
        for gate in stage["gates"].as_array().unwrap() {
            let word = |value: &Value| value.as_str().unwrap().to_owned();
            lines.push(format!("{}, {}: {}", word(&stage["name"]), word(&gate["name"]), word(&gate["result"])));
        }
    }
    lines
}

/// What is said of a gate.
pub(crate) fn gate<'r>(report: &'r Value, stage: &str, name: &str) -> &'r Value {
    let stages = report["stages"].as_array().unwrap();
    let stage = stages.iter().find(|found| found["name"] == stage).unwrap();
    stage["gates"].as_array().unwrap().iter().find(|gate| gate["name"] == name).unwrap()
}

/// Runs it with `--format json`, on local servers.
pub(crate) fn promote(repository: &Repository, code: i32, args: &[&str]) -> Value {
    let args: Vec<&str> = ["--format", "json", "--engine", "local"].iter().chain(args).copied().collect();
    let output = repository.promote(&args).ended(code);
    let report: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(report["passed"], code == 0);
    report
}

/// The lines of gates that did not pass.
pub(crate) fn others(report: &Value) -> Vec<String> {
    gates(report).into_iter().filter(|line| !line.ends_with("passed")).collect()
}

pub(crate) const BOOKS: (&str, &str, &str) =
    ("V1__create_books", "create table books (id int8 primary key, title text not null);\n", "drop table books;\n");
pub(crate) const ISBN: (&str, &str, &str) =
    ("V2__add_isbn", "alter table books add isbn text;\n", "alter table books drop isbn;\n");

#[test]
fn a_sound_history_passes_every_gate() {
    let repository =
        Repository::new(&[BOOKS, ISBN, ("V3__create_shelves", "create table shelves ();", "drop table shelves;")]);
    repository.settings("promote.smoke = 'test -n \"$DATABASE_URL\" && echo \"at $DATABASE_URL in $PWD\"'\n");
    repository.write(
        "migrations/seeds/1.sql",
        "insert into books values (1, 'Emma');\ninsert into books values (2, 'Ulysses');\n",
    );
    repository.commit("with a smoke command and seeds");
    repository.git(&["branch", "production", "trunk"]);
    let report_files = ["--report", "r.json", "--report", "r.md"];
    let output =
        repository.promote(&[&["--engine", "local", "--staging-at", "add_isbn"], report_files.as_slice()].concat());
    let output = output.success();
    let report: Value = serde_json::from_str(&fs_err::read_to_string(repository.path("r.json")).unwrap()).unwrap();
    assert_eq!(others(&report), Vec::<String>::new());
    assert_eq!(
        gates(&report).iter().map(|line| line.split_once(':').unwrap().0).collect::<Vec<_>>(),
        [
            "checks, offline",
            "checks, sealed",
            "checks, lint",
            "checks, committed",
            "development, server",
            "development, up",
            "development, down",
            "development, up again",
            "staging, server",
            "staging, start",
            "staging, seeds",
            "staging, upgrade",
            "staging, smoke",
            "staging, last step",
            "production, server",
            "production, start",
            "production, seeds",
            "production, upgrade",
            "production, smoke",
            "production, last step",
            "production, as staging",
        ]
    );
    let note = |stage, name: &str| gate(&report, stage, name)["notes"][0].as_str().unwrap().to_owned();
    assert_eq!(note("development", "down"), "3 steps");
    assert_eq!(note("staging", "start"), "at 2 add_isbn, as asked for");
    assert_eq!(note("staging", "seeds"), "1 file, 2 statements");
    assert_eq!(note("staging", "upgrade"), "1 migration");
    assert!(note("production", "start").starts_with("branch `production` ("));
    assert_eq!(note("production", "upgrade"), "nothing is pending");
    let printed = gate(&report, "staging", "smoke")["output"].as_str().unwrap();
    assert!(
        printed.contains(":********@") && printed.trim_end().ends_with(repository.root().to_str().unwrap()),
        "{printed}"
    );
    assert_eq!(report["commit"].as_str().unwrap(), repository.git(&["rev-parse", "HEAD"]));
    assert_eq!(report["migrations"].as_array().unwrap().len(), 3);
    assert_eq!(report["migrations"][0]["up_sha256"].as_str().unwrap().len(), 64);
    let markdown = fs_err::read_to_string(repository.path("r.md")).unwrap();
    assert!(markdown.contains("Rehearsal of `shop`: passed"), "{markdown}");
    assert!(output.stdout.contains("rehearsal of `shop`: passed in"), "{}", output.stdout);
}

#[test]
fn every_wrong_down_is_shown_as_a_diff() {
    let repository = Repository::new(&[
        BOOKS,
        ("V2__add_isbn", ISBN.1, "select 1;\n"),
        ("V3__add_index", "create index books_title on books (title);", "drop index books_title;"),
        (
            "V4__add_price",
            "alter table books add price numeric;",
            "alter table books drop price, alter title drop not null;",
        ),
    ]);
    let report = promote(&repository, 1, &[]);
    let failed: Vec<String> = others(&report).into_iter().filter(|line| line.ends_with("failed")).collect();
    // With data as without, the last one does not come back to what it was.
    let expected = ["development, down: failed", "staging, last step: failed", "production, last step: failed"];
    assert_eq!(failed, expected, "{report:#}");
    let failures = gate(&report, "development", "down")["failures"].as_array().unwrap();
    let texts = |field: &str| failures.iter().map(|failure| failure[field].as_str().unwrap()).collect::<Vec<_>>();
    assert_eq!(
        texts("message"),
        [
            "reverting 4 add_price leaves another schema than there was before it",
            "reverting 2 add_isbn leaves another schema than there was before it",
        ]
    );
    assert!(texts("body")[0].contains("column public.books.title"), "{:?}", texts("body"));
    assert!(texts("body")[1].contains("+ column public.books.isbn") && !texts("body")[1].contains("title"));
    assert_eq!(failures[1]["helps"][0], "correct `migrations/versions/V2__add_isbn.down.sql`");
    let again = gate(&report, "development", "up again");
    assert_eq!(again["skipped_because"], "the way down left another schema");
}

#[test]
fn what_has_no_way_back_divides_the_way() {
    let repository = Repository::new(&[
        BOOKS,
        ("V2__drop_titles", "--! irreversible = \"titles are gone\"\nalter table books drop title;\n", ""),
        ("V3__add_isbn", ISBN.1, ISBN.2),
    ]);
    let report = promote(&repository, 0, &[]);
    let down = gate(&report, "development", "down");
    assert_eq!(down["notes"][0], "2 steps");
    assert_eq!(down["notes"][1], "not below 2 drop_titles (irreversible: titles are gone)");
    // The way down below the irreversible migration is gone, too.
    repository.migration("V1__create_books", BOOKS.1, "select 1;\n");
    repository.commit("a wrong down");
    let report = promote(&repository, 1, &[]);
    let failure = &gate(&report, "development", "down")["failures"][0];
    assert_eq!(failure["message"], "reverting 1 create_books leaves another schema than there was before it");
}

#[test]
fn a_branch_and_its_merge_go_down_one_at_a_time() {
    let repository = Repository::new(&[
        ("V1__base", "--! parents = []\ncreate table a ();", "drop table a;"),
        ("V2__left", "--! parents = [1]\ncreate role rehearsed_role;", "drop role rehearsed_role;"),
        ("V3__right", "--! parents = [1]\ncreate table b ();", "drop table b;"),
        (
            "V4__merge",
            "--! parents = [2, 3]\ngrant select on a to rehearsed_role;",
            "revoke select on a from rehearsed_role;",
        ),
    ]);
    let report = promote(&repository, 0, &[]);
    assert_eq!(gate(&report, "development", "up again")["notes"][0], "4 steps");
}

/// Whatever the level of the rule that warns of it.
#[test]
fn what_nobody_has_reviewed_fails() {
    let repository = Repository::new(&[BOOKS, ISBN]);
    repository.settings("[package.metadata.migrate.rules]\nunreviewed = \"allow\"\n");
    repository.migration("V2__add_isbn", &format!("--! reviewed = false\n{}", ISBN.1), ISBN.2);
    repository.commit("generated");
    let report = promote(&repository, 1, &[]);
    assert_eq!(others(&report)[0], "checks, offline: failed");
    let failure = &gate(&report, "checks", "offline")["failures"][0];
    assert_eq!(failure["message"], "nobody has reviewed 2 add_isbn");
    assert_eq!(failure["helps"][0], "read it, then say so: `cargo migrate review 2`");
    assert!(!repository.path("migrations/migrate.lock").exists());
}

#[test]
fn files_that_git_does_not_have_fail() {
    let repository = Repository::new(&[BOOKS]);
    repository.migration("V2__add_isbn", ISBN.1, ISBN.2);
    repository.write("README.md", "elsewhere, and so of no importance");
    let report = promote(&repository, 1, &[]);
    assert_eq!(others(&report)[0], "checks, committed: failed");
    let failure = &gate(&report, "checks", "committed")["failures"][0];
    assert_eq!(
        failure["body"],
        "  versions/V2__add_isbn.down.sql (untracked)\n  versions/V2__add_isbn.sql (untracked)\n"
    );
    // The rest is tried all the same.
    assert_eq!(gate(&report, "production", "as staging")["result"], "passed");
    let report = promote(&repository, 0, &["--allow-dirty"]);
    assert!(gate(&report, "checks", "committed")["notes"][0].as_str().unwrap().starts_with("allowed: 2 files are"));
    fs_err::remove_dir_all(repository.path(".git")).unwrap();
    let report = promote(&repository, 1, &[]);
    let failure = &gate(&report, "checks", "committed")["failures"][0];
    assert!(failure["message"].as_str().unwrap().ends_with("is in no git repository"), "{failure}");
}

#[test]
fn wrong_usage_starts_nothing() {
    let repository = Repository::new(&[BOOKS]);
    let output = repository.promote(&["--report", "report.html"]).ended(2);
    assert!(output.stderr.contains("must end in `.json` or `.md`"), "{}", output.stderr);
    let output = repository.promote(&["--report", "no/folder/r.md"]).ended(2);
    assert!(output.stderr.contains("there is no folder"), "{}", output.stderr);
    repository.settings("promote.smok = 'true'\n");
    let output = repository.promote(&[]).ended(2);
    assert!(output.stderr.contains("unknown key `smok`") && output.stderr.contains("did you mean `smoke`"));
}

/// The processes whose working folder or command line lies in `folder`.
#[cfg(target_os = "linux")]
fn processes_in(folder: &Path) -> Vec<String> {
    let folder = folder.to_str().unwrap();
    let mut found = Vec::new();
    for entry in fs_err::read_dir("/proc").unwrap().filter_map(Result::ok) {
        let cwd = fs_err::read_link(entry.path().join("cwd")).map(|cwd| cwd.to_string_lossy().into_owned());
        let line = fs_err::read(entry.path().join("cmdline")).unwrap_or_default();
        let line = String::from_utf8_lossy(&line).replace('\0', " ");
        if line.contains(folder) || cwd.is_ok_and(|cwd| cwd.starts_with(folder)) {
            found.push(line);
        }
    }
    found
}

/// Starts a rehearsal in a temporary folder, and waits until its smoke command runs in there.
#[cfg(target_os = "linux")]
fn in_its_smoke_command() -> (Repository, tempfile::TempDir, std::process::Child) {
    let repository = Repository::new(&[BOOKS]);
    let temporary = tempfile::Builder::new().prefix("cm-").tempdir_in("/tmp").unwrap();
    // Servers run as another user when the tests run as root.
    let everybody = std::os::unix::fs::PermissionsExt::from_mode(0o777);
    fs_err::set_permissions(temporary.path(), everybody).unwrap();
    let started = temporary.path().join("smoke-is-running");
    let command = format!("cd '{0}' && touch '{1}' && sleep 600 & wait", temporary.path().display(), started.display());
    repository.settings(&format!("promote.smoke = {}\n", serde_json::to_string(&command).unwrap()));
    repository.git(&["branch", "staging"]);
    let mut child = repository.start(&["--engine", "local", "--allow-dirty"], temporary.path());
    let began = Instant::now();
    while !started.exists() {
        assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
        assert!(began.elapsed() < Duration::from_secs(120), "the smoke command does not start");
        std::thread::sleep(Duration::from_millis(50));
    }
    let running = processes_in(temporary.path());
    assert!(running.iter().any(|line| line.contains("sleep")), "{running:?}");
    fs_err::remove_file(&started).unwrap();
    (repository, temporary, child)
}

#[cfg(target_os = "linux")]
#[test]
fn an_interrupt_leaves_nothing_behind() {
    let (_repository, temporary, mut child) = in_its_smoke_command();
    send(&child, rustix::process::Signal::INT);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(processes_in(temporary.path()), Vec::<String>::new());
    let left: Vec<_> = fs_err::read_dir(temporary.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(left, Vec::<std::path::PathBuf>::new());
}

/// A closed terminal and a kill leave no time for anything: guards do it.
#[cfg(target_os = "linux")]
#[test]
fn a_killed_rehearsal_leaves_nothing_behind() {
    for signal in [rustix::process::Signal::HUP, rustix::process::Signal::KILL] {
        let (_repository, temporary, mut child) = in_its_smoke_command();
        send(&child, signal);
        assert_eq!(child.wait().unwrap().code(), None);
        let began = Instant::now();
        loop {
            let running = processes_in(temporary.path());
            let left: Vec<_> = fs_err::read_dir(temporary.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
            if running.is_empty() && left.is_empty() {
                break;
            }
            assert!(began.elapsed() < Duration::from_secs(60), "after {signal:?}: {running:?}, {left:?}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

#[cfg(target_os = "linux")]
fn send(child: &std::process::Child, signal: rustix::process::Signal) {
    let pid = rustix::process::Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    rustix::process::kill_process(pid, signal).unwrap();
}
