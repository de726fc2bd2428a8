//! A rehearsal seals what it passed, and stops at what is no longer what was sealed.

use serde_json::Value;
use tests::repository::Repository;

use crate::promote::{BOOKS, ISBN, gate, others, promote};

const LOCK: &str = "migrations/migrate.lock";

fn lock(repository: &Repository) -> Option<String> {
    fs_err::read_to_string(repository.path(LOCK)).ok()
}

#[test]
fn what_passes_is_sealed() {
    let repository = Repository::new(&[BOOKS, ISBN]);
    let report = promote(&repository, 0, &["--no-seal"]);
    assert_eq!((report["sealed"].clone(), lock(&repository)), (Value::Null, None));
    assert_eq!(report["not_sealed_because"], "`--no-seal` was given");
    let report = promote(&repository, 0, &["--allow-dirty"]);
    assert_eq!(report["not_sealed_because"], "what is not committed may have been rehearsed");
    assert_eq!(lock(&repository), None);
    let report = promote(&repository, 0, &[]);
    assert_eq!(gate(&report, "checks", "sealed")["notes"][0], "nothing is sealed");
    assert_eq!(report["sealed"][1]["name"], "add_isbn");
    let first = lock(&repository).unwrap();
    // The lock file alone may be uncommitted: it was written by the run before.
    let output = repository.promote(&["--engine", "local"]).success();
    assert!(output.stdout.contains("2 of 2 sealed") && !output.stderr.contains("Sealed"), "{output:?}");
    assert_eq!(lock(&repository), Some(first));
}

#[test]
fn what_fails_is_not_sealed_and_what_was_sealed_fails_when_it_changes() {
    let repository = Repository::new(&[BOOKS, ("V2__add_isbn", ISBN.1, "select 1;\n")]);
    let report = promote(&repository, 1, &[]);
    assert_eq!((report["not_sealed_because"].as_str(), lock(&repository)), (Some("the rehearsal failed"), None));
    repository.migration(ISBN.0, ISBN.1, ISBN.2);
    repository.commit("a true down");
    let output = repository.promote(&["--engine", "local"]).success();
    assert!(output.stderr.contains("Sealed 2 migrations up to 2 add_isbn in "), "{output:?}");
    repository.commit("sealed");
    repository.migration(ISBN.0, "alter table books add isbn varchar(13);\n", ISBN.2);
    repository.commit("edited");
    let report = promote(&repository, 1, &[]);
    let failed: Vec<String> = others(&report).into_iter().filter(|line| line.ends_with("failed")).collect();
    assert_eq!(failed, ["checks, sealed: failed"]);
    let body = gate(&report, "checks", "sealed")["failures"][0]["body"].as_str().unwrap().to_owned();
    assert!(body.contains("error[sealed-edited]") && body.contains("git checkout "), "{body}");
}
