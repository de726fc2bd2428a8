//! The rehearsal on servers in containers. It needs a container engine with the image; `tests/image/docker.sh up` makes both.
#![cfg(feature = "containers")]

use std::env;
use std::process::Command;

use serde_json::Value;
use tests::repository::Repository;

use crate::promote::{BOOKS, ISBN, gate};

/// Set to `1` where no container engine can be had.
const SKIP: &str = "CARGO_MIGRATE_SKIP_CONTAINERS";
/// The image, if it is not the one that `docker.sh` makes on Debian 12.
const IMAGE: &str = "CARGO_MIGRATE_TEST_IMAGE";

#[expect(clippy::print_stderr, reason = "a test that is left out says so")]
fn image() -> Option<String> {
    if env::var_os(SKIP).is_some_and(|value| value == "1") {
        eprintln!("skipped: {SKIP}=1");
        return None;
    }
    Some(env::var(IMAGE).unwrap_or_else(|_| "postgres:15".to_owned()))
}

/// The containers of `image`, running or not.
fn containers(image: &str) -> String {
    let filter = format!("ancestor={image}");
    let output = Command::new("docker").args(["ps", "--all", "--quiet", "--filter", &filter]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn it_passes_and_fails_as_on_local_servers() {
    let Some(image) = image() else { return };
    let repository = Repository::new(&[BOOKS, ISBN]);
    repository.settings("promote.smoke = 'test -n \"$DATABASE_URL\"'\n");
    repository.commit("smoke");
    let args = ["--engine", "container", "--image", &image, "--format", "json"];
    let report: Value = serde_json::from_str(&repository.promote(&args).success().stdout).unwrap();
    let description = gate(&report, "staging", "server")["notes"][0].as_str().unwrap();
    assert!(description.ends_with(&format!("container {image}")), "{description}");

    repository.migration(ISBN.0, ISBN.1, "select 1;\n");
    repository.commit("a wrong down");
    let report: Value = serde_json::from_str(&repository.promote(&args).ended(1).stdout).unwrap();
    assert_eq!(gate(&report, "development", "down")["result"], "failed");
}

#[test]
fn an_image_that_does_not_exist_is_told_once() {
    let Some(_) = image() else { return };
    let repository = Repository::new(&[BOOKS]);
    let image = "localhost:1/no-such-image:0";
    let args = ["--engine", "container", "--image", image, "--format", "json"];
    let report: Value = serde_json::from_str(&repository.promote(&args).ended(1).stdout).unwrap();
    let server = |stage| gate(&report, stage, "server");
    assert!(server("development")["failures"][0]["message"].as_str().unwrap().contains(image));
    assert_eq!(server("production")["skipped_because"], "none can be started, as for development");
    assert_eq!(gate(&report, "checks", "committed")["result"], "passed");
    assert_eq!(containers(image), "");
}
