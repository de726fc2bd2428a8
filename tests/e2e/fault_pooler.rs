//! Behind PgBouncer: in transaction mode a run works or is refused, and never leaves a lock in somebody else's session.

use tests::pooler::Pooler;
use tests::postgres::Database;

use crate::fault_case::{Case, OUTSIDE};

const REFUSED: &str = "the connection goes through a pooler in transaction mode, where a lock can't be held";

fn case(database: &Database) -> (Case, String) {
    // So many in a row that their statements are prepared.
    let scripts: Vec<String> = (1..=12)
        .map(|n| {
            let outside = if n > 10 { OUTSIDE } else { "" };
            format!(
                "{outside}insert into effects values ({});\nselect pg_sleep(0.01);\ninsert into effects values ({});",
                2 * n,
                2 * n + 1
            )
        })
        .collect();
    let effects: Vec<String> = (2..26).map(|n| n.to_string()).collect();
    (Case::new(database.url(), &scripts.iter().map(String::as_str).collect::<Vec<_>>()), effects.join(" "))
}

#[test]
fn in_transaction_mode_it_works_or_is_refused() {
    for size in [1, 2, 5] {
        let database = Database::new();
        let (case, effects) = case(&database);
        let pooler = Pooler::start(&case.url, "transaction", size);
        let outputs = case.upgrade_at_once(&pooler.url(&case.url), 8);
        // While the pool's sessions are still there.
        case.is_unlocked();
        for output in outputs {
            match output.code {
                Some(0) => {}
                _ => assert!(output.clone().ended(3).stderr.contains(REFUSED), "pool of {size}: {}", output.stderr),
            }
        }
        case.upgrade().success();
        case.is_complete(&effects);
    }
}

#[test]
fn in_session_mode_it_works() {
    let database = Database::new();
    let (case, effects) = case(&database);
    let pooler = Pooler::start(&case.url, "session", 8);
    for output in case.upgrade_at_once(&pooler.url(&case.url), 8) {
        output.success();
    }
    case.is_complete(&effects);
}
