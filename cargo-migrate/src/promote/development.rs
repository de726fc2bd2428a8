//! The first stage with a server: every migration up, down and up again on an empty database.

use migrate_build::runtime::Set;

use super::database::Database;
use super::gate::{Course, Gate};
use super::walk::Walk;

pub(super) const NAME: &str = "development";
const GATES: [&str; 3] = ["up", "down", "up again"];

/// Goes through the stage.
pub(super) async fn run(course: &mut Course<'_>, database: Option<&mut Database>, set: &Set<'_>) {
    let reason = match (&database, set.migrations.is_empty()) {
        (None, _) => "there is no server",
        (Some(_), true) => "there is no migration",
        (Some(_), false) => "",
    };
    let Some(database) = database.filter(|_| reason.is_empty()) else {
        for name in GATES {
            course.skip(name, reason);
        }
        return;
    };
    let walk = {
        let doing = |what: String| course.doing(what);
        let Walk { up, down, again, .. } = Walk::new(database, set, &doing).go().await;
        [up, down, again]
    };
    let [up, down, again] = walk;
    let behind_up =
        if up.failures.is_empty() { "no migration can be reverted" } else { "not all migrations were applied" };
    let behind_down = if down.failures.is_empty() { behind_up } else { "the way down left another schema" };
    for (name, (outcome, notes, duration)) in
        GATES.into_iter().zip([up.outcome(""), down.outcome(behind_up), again.outcome(behind_down)])
    {
        course.push(Gate { name, outcome, notes, output: String::new(), duration });
    }
}
