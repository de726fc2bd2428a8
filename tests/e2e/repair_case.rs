//! What the tests of `repair` and its neighbours have in common.

use tests::bench::Bench;
use tests::output::Output;

use crate::schemas::{built_from, schema_of};

/// A bench whose files are committed to `trunk`.
pub(crate) fn committed(scripts: &[(&str, &str)]) -> Bench {
    let bench = Bench::new(scripts);
    bench.project.git(&["init", "--quiet", "--initial-branch=trunk"]).success();
    commit(&bench, "start");
    bench
}

pub(crate) fn commit(bench: &Bench, message: &str) {
    bench.project.git(&["add", "--all"]).success();
    bench.project.git(&["commit", "--quiet", "--message", message]).success();
}

/// An output without hashes, days and who did it.
#[track_caller]
pub(crate) fn shown(bench: &Bench, output: &Output) -> String {
    let mut text = output.snapshot();
    let commits = bench.project.git(&["log", "--all", "--format=%H %as"]);
    for line in commits.stdout.lines() {
        let (hash, day) = line.split_once(' ').unwrap();
        text = text.replace(hash, "[COMMIT]").replace(&hash[..7], "[COMMIT]").replace(day, "[DAY]");
    }
    text
}

/// Deletes the files of `V3__add_price`, which the database has applied.
pub(crate) fn without_the_last(bench: &Bench) {
    bench.migrate(&["upgrade"]).success();
    bench.project.remove("migrations/versions/V3__add_price.sql");
    bench.project.remove("migrations/versions/V3__add_price.down.sql");
}

pub(crate) fn logged(bench: &Bench) -> Vec<Vec<String>> {
    bench.database.rows("select action, version, outcome from cargo_migrate_log order by id offset 3")
}

/// Agreement: the tool finds nothing wrong, and the schema is that of a new database.
#[track_caller]
pub(crate) fn agrees(bench: &Bench) {
    bench.migrate_unchanged(&["check", "--database"]).success();
    bench.migrate_unchanged(&["repair"]).success();
    assert_eq!(schema_of(&bench.database), built_from(&bench.project));
}
