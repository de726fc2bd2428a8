//! Commands that only read files, and memory over ten thousand migrations.

use std::path::Path;

use super::measure::{Job, Sample, median};
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
        let samples = warm(bench, &Job::new(&bench.ours, &[command]).folder(&package))?;
        let wall = median(&samples);
        let memory = samples.iter().map(|sample| sample.memory).max().unwrap_or_default() / 1024;
        report.alone(&format!("{command} over 10000 files"), &format!("{wall:.3} s, {memory} MiB"), aim);
    }
    Ok(())
}

/// A warm-up, and then the counted runs.
fn warm(bench: &Bench, job: &Job) -> BenchResult<Vec<Sample>> {
    job.measure()?;
    (0..bench.runs).map(|_| job.measure()).collect()
}

/// All rules of `lint` over files that they find nothing in.
pub(crate) fn lint(bench: &Bench, report: &mut Report) -> BenchResult<()> {
    let figure = "lint of 1200 files";
    if !bench.wants(figure) {
        return Ok(());
    }
    // Each with its way down, which is read as well.
    let package = package(&bench.folder.path().join("lint"), 1_200, Body::Table)?;
    let samples = warm(bench, &Job::new(&bench.ours, &["lint", "--all"]).folder(&package))?;
    report.alone(figure, &format!("{:.3} s", median(&samples)), "0.5 s");
    Ok(())
}

/// `check` on a branch of a repository, where everything is sealed and committed but for the newest migration.
pub(crate) fn sealed(bench: &Bench, report: &mut Report) -> BenchResult<()> {
    let figure = "check of 5000 sealed migrations, with git";
    if !bench.wants(figure) {
        return Ok(());
    }
    let package = package(&bench.folder.path().join("sealed"), 5_000, Body::Table)?;
    Job::new(&bench.ours, &["seal"]).folder(&package).measure()?;
    let git = |args: &[&str]| {
        let config = ["-c", "user.name=bench", "-c", "user.email=bench@example.org", "-c", "init.defaultBranch=main"];
        Job::new(Path::new("git"), &[&config, args].concat()).folder(&package).measure()
    };
    git(&["init", "--quiet"])?;
    git(&["add", "--all"])?;
    git(&["commit", "--quiet", "--message", "sealed"])?;
    git(&["switch", "--quiet", "--create", "mine"])?;
    let versions = package.join("migrations/versions");
    fs_err::write(
        versions.join("V5001__mine.sql"),
        "--! parents = [5000]\nCREATE TABLE mine (id bigint PRIMARY KEY);\n",
    )?;
    fs_err::write(versions.join("V5001__mine.down.sql"), "DROP TABLE mine;\n")?;
    git(&["add", "--all"])?;
    git(&["commit", "--quiet", "--message", "mine"])?;
    let samples = warm(bench, &Job::new(&bench.ours, &["check"]).folder(&package))?;
    report.alone(figure, &format!("{:.3} s", median(&samples)), "1 s");
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
