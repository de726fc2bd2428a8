//! A backfill of a million rows, against a loop that somebody would write by hand for psql.

use tokio::runtime::Runtime;

use super::apply::{fresh, psql, upgrade};
use super::measure::pairs;
use super::report::Report;
use super::workload::empty_package;
use super::{Bench, BenchResult};

const FIGURE: &str = "backfill of 1000000 rows";

/// The table, filled by psql before each run.
const TABLE: &str = "CREATE TABLE rows (id bigint PRIMARY KEY, n integer NOT NULL, filled integer);\n\
                     INSERT INTO rows SELECT i, i FROM generate_series(1, 1000000) i;\nVACUUM ANALYZE rows;\nCHECKPOINT;\n";

/// One batch after the other by the key, each its own transaction.
const BY_HAND: &str = "DO $$
DECLARE
    cursor bigint := 0;
    last bigint;
BEGIN
    LOOP
        SELECT max(id) INTO last FROM (SELECT id FROM rows WHERE id > cursor ORDER BY id LIMIT 1000) batch;
        EXIT WHEN last IS NULL;
        UPDATE rows SET filled = n + 1 WHERE id > cursor AND id <= last;
        COMMIT;
        cursor := last;
    END LOOP;
END
$$;
";

/// As many rows a second as by hand are a ratio of 1; 80 % of them are one of 1.25.
pub(crate) fn figures(bench: &Bench, runtime: &Runtime, report: &mut Report) -> BenchResult<()> {
    if !bench.wants(FIGURE) {
        return Ok(());
    }
    let package = bench.folder.path().join("backfill");
    let versions = empty_package(&package)?;
    let header = "--! parents = []\n--! backfill = { table = \"rows\", key = \"id\", batch = 1000 }\n";
    let statement = "UPDATE rows SET filled = n + 1 WHERE id BETWEEN $1 AND $2;\n";
    fs_err::write(versions.join("V1__fill.sql"), format!("{header}{statement}"))?;
    fs_err::write(versions.join("V1__fill.down.sql"), "UPDATE rows SET filled = NULL;\n")?;
    let [table, by_hand] = ["rows.sql", "by_hand.sql"].map(|file| bench.folder.path().join(file));
    fs_err::write(&table, TABLE)?;
    fs_err::write(&by_hand, BY_HAND)?;
    let url = fresh(bench, runtime)?;
    let filling = psql(bench, url.expose(), &["--file", &table.display().to_string()]);
    let theirs = psql(bench, url.expose(), &["--file", &by_hand.display().to_string()]);
    let ours = upgrade(bench, &package, url.expose());
    let before = || {
        fresh(bench, runtime)?;
        filling.measure().map(drop)
    };
    let samples = pairs(bench.runs.min(3), before, &ours, &theirs)?;
    report.pair(FIGURE, "psql, a loop by hand", &samples, "1.25");
    Ok(())
}
