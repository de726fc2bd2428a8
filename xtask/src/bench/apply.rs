//! Applying: on loopback, with nothing to do, and over a network of 5 ms each way.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use cargo_migrate::config::database_url::DatabaseUrl;
use tokio::runtime::Runtime;

use super::measure::{Job, pairs};
use super::proxy::Proxy;
use super::report::Report;
use super::workload::{Body, package, psql_file};
use super::{Bench, BenchResult, peers};

const DATABASE: &str = "bench";

pub(crate) fn figures(bench: &Bench, runtime: &Runtime, report: &mut Report) -> BenchResult<()> {
    let cases =
        [("1000 migrations on loopback", 1000, Body::Table, "1.1"), ("1000 of SELECT i", 1000, Body::Select, "1.2")];
    for (figure, count, body, aim) in cases {
        if bench.wants(figure) {
            loopback(bench, runtime, report, figure, (count, body), aim)?;
        }
    }
    if bench.wants("nothing to do") {
        nothing_to_do(bench, runtime, report)?;
    }
    if bench.wants("5 ms each way") {
        latency(bench, runtime, report)?;
    }
    Ok(())
}

pub(super) fn fresh(bench: &Bench, runtime: &Runtime) -> BenchResult<DatabaseUrl> {
    runtime.block_on(bench.server.drop_database(DATABASE))?;
    Ok(runtime.block_on(bench.server.create_database(DATABASE))?)
}

pub(super) fn upgrade(bench: &Bench, package: &Path, url: &str) -> Job {
    Job::new(&bench.ours, &["upgrade", "--quiet", "--database-url", url]).folder(package)
}

pub(super) fn psql(bench: &Bench, url: &str, args: &[&str]) -> Job {
    let mut all = vec!["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--dbname", url];
    all.extend_from_slice(args);
    Job::new(&bench.psql, &all)
}

fn loopback(
    bench: &Bench,
    runtime: &Runtime,
    report: &mut Report,
    figure: &str,
    (count, body): (usize, Body),
    aim: &str,
) -> BenchResult<()> {
    let package = package(&bench.folder.path().join(format!("{body:?}-{count}")), count, body)?;
    let file = bench.folder.path().join(format!("{body:?}-{count}.sql"));
    psql_file(&file, count, body)?;
    let url = fresh(bench, runtime)?;
    let ours = upgrade(bench, &package, url.expose());
    let theirs = psql(bench, url.expose(), &["--file", &file.display().to_string()]);
    let samples = pairs(bench.runs, || fresh(bench, runtime).map(drop), &ours, &theirs)?;
    report.pair(figure, "psql, one query a migration", &samples, aim);
    for peer in peers::all(bench, &package, count, body, url.expose())? {
        let samples = pairs(bench.runs.min(3), || fresh(bench, runtime).map(drop), &ours, &peer.job)?;
        report.pair(figure, peer.name, &samples, "");
    }
    Ok(())
}

fn nothing_to_do(bench: &Bench, runtime: &Runtime, report: &mut Report) -> BenchResult<()> {
    let package = package(&bench.folder.path().join("nothing"), 1000, Body::Select)?;
    let url = fresh(bench, runtime)?;
    let ours = upgrade(bench, &package, url.expose());
    ours.measure()?;
    let query = "SELECT version, name, applied_on, checksum FROM refinery_schema_history ORDER BY version";
    let theirs = psql(bench, url.expose(), &["--command", query]);
    let samples = pairs(bench.runs.max(15), || Ok(()), &ours, &theirs)?;
    report.pair("nothing to do, 1000 applied", "psql selecting the history", &samples, "1.6");
    let status = Job::new(&bench.ours, &["status", "--database-url", url.expose()]).folder(&package);
    let samples = pairs(bench.runs.max(15), || Ok(()), &status, &theirs)?;
    report.pair("status, 1000 applied", "psql selecting the history", &samples, "");
    let (slow, proxy) = delayed(runtime, &url, Duration::from_millis(1))?;
    upgrade(bench, &package, &slow).measure()?;
    report.alone("nothing to do, round trips", &proxy.take_trips().to_string(), "at most 6");
    Ok(())
}

fn latency(bench: &Bench, runtime: &Runtime, report: &mut Report) -> BenchResult<()> {
    let count = 100;
    let package = package(&bench.folder.path().join("latency"), count, Body::Table)?;
    let file = bench.folder.path().join("latency.sql");
    psql_file(&file, count, Body::Table)?;
    let url = fresh(bench, runtime)?;
    let (slow, proxy) = delayed(runtime, &url, Duration::from_millis(5))?;
    let ours = upgrade(bench, &package, &slow);
    let theirs = psql(bench, &slow, &["--file", &file.display().to_string()]);
    let samples = pairs(bench.runs, || fresh(bench, runtime).map(drop), &ours, &theirs)?;
    report.pair("100 migrations, 5 ms each way", "psql, one query a migration", &samples, "0.6");
    fresh(bench, runtime)?;
    proxy.take_trips();
    ours.measure()?;
    report.alone("100 migrations, round trips", &proxy.take_trips().to_string(), "at most 12");
    for peer in peers::all(bench, &package, count, Body::Table, &slow)? {
        let samples = pairs(bench.runs.min(3), || fresh(bench, runtime).map(drop), &ours, &peer.job)?;
        report.pair("100 migrations, 5 ms each way", peer.name, &samples, "");
    }
    Ok(())
}

/// The same database over a network of so much delay each way.
fn delayed(runtime: &Runtime, url: &DatabaseUrl, delay: Duration) -> BenchResult<(String, Proxy)> {
    let config: tokio_postgres::Config = url.expose().parse()?;
    let port = config.get_ports().first().copied().ok_or("the server's URL names no port")?;
    let server = SocketAddr::from(([127, 0, 0, 1], port));
    let proxy = runtime.block_on(Proxy::start(server, delay))?;
    let slow = url.expose().replace(&format!(":{port}/"), &format!(":{}/", proxy.port));
    Ok((slow, proxy))
}
