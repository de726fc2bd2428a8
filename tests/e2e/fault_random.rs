//! `kill -9` at random moments: however often, the end is that of an undisturbed run.

use std::thread;
use std::time::Instant;

use cargo_migrate::schema::{self, Snapshot};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tests::postgres::{Database, block_on};

use crate::fault_case::{Case, OUTSIDE};

const MIGRATIONS: usize = 60;
const KILLS: usize = 15;

/// A third of them outside a transaction, some of those with a concurrent index; each takes its time.
fn scripts() -> Vec<String> {
    (1..=MIGRATIONS)
        .map(|n| {
            let (a, b) = (2 * n, 2 * n + 1);
            let outside = if n % 3 == 0 { OUTSIDE } else { "" };
            let index = if n % 6 == 0 { format!("create index concurrently t{n}_a on t{n} (a);\n") } else { String::new() };
            format!(
                "{outside}insert into effects values ({a});\ncreate table t{n} (a int, b text);\nselect pg_sleep(0.01);\n\
                 {index}insert into effects values ({b});"
            )
        })
        .collect()
}

fn snapshot(database: &Database) -> Snapshot {
    block_on(async { schema::take(&database.client().await, &[]).await.unwrap() })
}

#[test]
fn at_random_moments() {
    let scripts = scripts();
    let scripts: Vec<&str> = scripts.iter().map(String::as_str).collect();
    let effects: Vec<String> = (2..2 * MIGRATIONS + 2).map(|n| n.to_string()).collect();
    let effects = effects.join(" ");

    let undisturbed = Database::new();
    let case = Case::new(undisturbed.url(), &scripts);
    let begun = Instant::now();
    case.upgrade().success();
    let took = begun.elapsed();
    case.is_complete(&effects);
    let expected = snapshot(&undisturbed);

    let seed = 20_261_123;
    let mut random = StdRng::seed_from_u64(seed);
    let (mut kills, mut halves) = (0, 0);
    while kills < KILLS {
        let database = Database::new();
        let case = Case::new(database.url(), &scripts);
        for _ in 0..5 {
            let mut run = case.start();
            thread::sleep(took.mul_f64(random.random_range(0.0..0.8)));
            if run.has_ended() {
                run.wait().success();
                break;
            }
            run.kill();
            kills += 1;
            let exists = case.value("select to_regclass('refinery_schema_history') is not null") == "t";
            halves += usize::from(
                exists && case.value("select count(*) from refinery_schema_history") != MIGRATIONS.to_string(),
            );
        }
        case.upgrade().success();
        case.is_complete(&effects);
        let differences = schema::compare(&expected, &snapshot(&database));
        assert!(differences.is_empty(), "seed {seed}: {differences:?}");
    }
    assert!(halves >= KILLS / 3, "only {halves} of {kills} kills came in the middle, of a run of {took:?}");
}
