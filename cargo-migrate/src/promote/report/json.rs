//! The report for programs; its shape is documented in `docs/formats.md`.

use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;

use super::{Migration, REPORT_VERSION, Report, Server, TOOL};
use crate::promote::gate::{Failure, Gate, Outcome, Stage};
use crate::promote::seal::Seals;
use crate::taken_view;

/// The report's fields.
pub(in crate::promote) fn fields(report: &Report) -> Value {
    let Report { package, commit, started, duration, servers, migrations, stages, seals } = report;
    let (added, why) = match seals {
        Seals::Added(added) => (Some(added.iter().map(sealed).collect::<Vec<_>>()), None),
        Seals::Left(why) => (None, Some(why)),
    };
    json!({
        "report": REPORT_VERSION,
        "tool": TOOL,
        "package": package,
        "commit": commit,
        "started": started.format(&Rfc3339).unwrap_or_default(),
        "milliseconds": milliseconds(*duration),
        "passed": report.passed(),
        "servers": servers.iter().map(server).collect::<Vec<_>>(),
        "migrations": migrations.iter().map(migration).collect::<Vec<_>>(),
        "stages": stages.iter().map(stage).collect::<Vec<_>>(),
        "sealed": added,
        "not_sealed_because": why,
    })
}

fn milliseconds(duration: std::time::Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn server(Server { stage, version, description }: &Server) -> Value {
    json!({ "stage": stage, "version": version, "description": description })
}

fn migration(Migration { version, name, file, up_sha256, down_sha256 }: &Migration) -> Value {
    json!({ "version": version, "name": name, "file": file, "up_sha256": up_sha256, "down_sha256": down_sha256 })
}

fn sealed((version, name): &(i64, String)) -> Value {
    json!({ "version": version, "name": name })
}

fn stage(stage: &Stage) -> Value {
    let Stage { name, gates, taken, duration } = stage;
    json!({
        "name": name,
        "passed": stage.passed(),
        "milliseconds": milliseconds(*duration),
        "gates": gates.iter().map(gate).collect::<Vec<_>>(),
        "taken": taken.iter().map(taken_view::to_json).collect::<Vec<_>>(),
    })
}

fn gate(Gate { name, outcome, notes, output, duration }: &Gate) -> Value {
    let (reason, failures) = match outcome {
        Outcome::Passed => (None, Vec::new()),
        Outcome::Failed(failures) => (None, failures.iter().map(failure).collect()),
        Outcome::Skipped(reason) => (Some(reason), Vec::new()),
    };
    json!({
        "name": name,
        "result": outcome.name(),
        "milliseconds": milliseconds(*duration),
        "notes": notes,
        "skipped_because": reason,
        "output": (!output.is_empty()).then_some(output),
        "failures": failures,
    })
}

fn failure(Failure { message, body, notes, helps }: &Failure) -> Value {
    json!({ "message": message, "body": body, "notes": notes, "helps": helps })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shape_is_the_documented_one() {
        insta::assert_snapshot!(format!("{:#}", fields(&super::super::sample::report())));
    }
}
