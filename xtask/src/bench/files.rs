//! Commands that only read files, and memory over ten thousand migrations.

use super::measure::Job;
use super::report::Report;
use super::workload::{Body, package};
use super::{Bench, BenchResult};

const COUNT: usize = 10_000;

pub(crate) fn figures(bench: &Bench, report: &mut Report) -> BenchResult<()> {
    if !bench.wants("10000 files") {
        return Ok(());
    }
    let package = package(&bench.folder.path().join("files"), COUNT, Body::Select)?;
    for (command, aim) in
        [("heads", "0.1 s, 48 MiB"), ("history", "0.1 s, 48 MiB"), ("check", "48 MiB"), ("branches", "48 MiB")]
    {
        let job = Job::new(&bench.ours, &[command]).folder(&package);
        job.measure()?;
        let mut samples = Vec::new();
        for _ in 0..bench.runs {
            samples.push(job.measure()?);
        }
        samples.sort_by_key(|sample| sample.wall);
        let wall = samples.get(samples.len() / 2).map_or(f64::NAN, |sample| sample.seconds());
        let memory = samples.iter().map(|sample| sample.memory).max().unwrap_or_default() / 1024;
        report.alone(&format!("{command} over 10000 files"), &format!("{wall:.3} s, {memory} MiB"), aim);
    }
    Ok(())
}

/// Peak memory of the commands that talk to a database, over as many migrations.
pub(crate) fn memory(bench: &Bench, runtime: &tokio::runtime::Runtime, report: &mut Report) -> BenchResult<()> {
    if !bench.wants("10000 migrations") {
        return Ok(());
    }
    let package = package(&bench.folder.path().join("memory"), COUNT, Body::Select)?;
    let url = runtime.block_on(bench.server.create_database("memory"))?;
    for command in ["upgrade", "status", "current", "downgrade"] {
        let job = Job::new(&bench.ours, &[command, "--quiet", "--database-url", url.expose()]).folder(&package);
        let sample = job.measure()?;
        report.alone(
            &format!("{command} over 10000 migrations"),
            &format!("{:.3} s, {} MiB", sample.seconds(), sample.memory / 1024),
            "48 MiB",
        );
    }
    Ok(())
}
