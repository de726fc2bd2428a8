//! From models to migrations, over hundreds of tables: against Alembic where it is installed, and against itself.

use std::cell::Cell;
use std::path::PathBuf;
use std::process::Command;

use cargo_migrate::scratch::PREFIX;
use tokio::runtime::Runtime;
use tokio_postgres::NoTls;

use super::alembic::Alembic;
use super::apply::psql;
use super::measure::{Job, Sample, median, pairs};
use super::report::Report;
use super::tables::Tables;
use super::workload::empty_package;
use super::{Bench, BenchResult};

const FEW: usize = 300;
const MANY: usize = 3_000;

/// So many tables are one migration.
const A_MIGRATION: usize = 100;

const WARM: &str = "generate, 300 tables, warm";
const AGAIN: &str = "generate, 300 tables, tried again";
const CHECK: &str = "generate --check, 300 tables";
const COLD: &str = "generate, 300 tables, cold";
const LARGE: &str = "generate, 3000 tables, warm";

pub(crate) fn figures(bench: &Bench, runtime: &Runtime, report: &mut Report) -> BenchResult<()> {
    let figures = [WARM, AGAIN, CHECK, COLD, LARGE];
    if !figures.into_iter().any(|figure| bench.wants(figure)) {
        return Ok(());
    }
    let few = Project::new(bench, runtime, FEW)?;
    if [WARM, AGAIN, CHECK].into_iter().any(|figure| bench.wants(figure)) {
        against_alembic(bench, runtime, report, &few)?;
    }
    if bench.wants(COLD) {
        let mut samples = Vec::new();
        for _ in 0..bench.runs {
            forget(bench, runtime)?;
            few.edit()?;
            samples.push(few.dry_run().measure()?);
        }
        report.alone(COLD, &format!("{:.3} s", median(&samples)), "6 s");
    }
    if bench.wants(LARGE) {
        forget(bench, runtime)?;
        few.settle()?;
        let many = Project::new(bench, runtime, MANY)?;
        many.settle()?;
        let before = || few.edit().and_then(|()| many.edit());
        let samples = pairs(bench.runs.min(3), before, &many.dry_run(), &few.dry_run())?;
        report.pair(LARGE, "the same with 300", &samples, "11");
    }
    forget(bench, runtime)
}

fn against_alembic(bench: &Bench, runtime: &Runtime, report: &mut Report, few: &Project) -> BenchResult<()> {
    let peers = alembic(bench, runtime)?;
    let (edited, same) = peers.as_ref().map(|(edited, same)| (edited, same)).unzip();
    let forgotten = || edited.map_or(Ok(()), Alembic::forget);
    few.settle()?;
    if bench.wants(WARM) {
        let before = || few.edit().and_then(|()| forgotten());
        compared(bench, report, (WARM, "1.0"), before, &few.dry_run(), edited.map(Alembic::revision))?;
    }
    if bench.wants(AGAIN) {
        few.edit()?;
        compared(bench, report, (AGAIN, ""), forgotten, &few.dry_run(), edited.map(Alembic::revision))?;
    }
    if bench.wants(CHECK) {
        few.settle()?;
        compared(bench, report, (CHECK, "0.5"), || Ok(()), &few.check(), same.map(Alembic::check))?;
    }
    Ok(())
}

/// Alembic with edited models and with those that its database has, where it is installed.
fn alembic(bench: &Bench, runtime: &Runtime) -> BenchResult<Option<(Alembic, Alembic)>> {
    let Some(program) = Alembic::program() else { return Ok(None) };
    let url = runtime.block_on(bench.server.create_database("alembic"))?;
    let file = bench.folder.path().join("alembic.sql");
    fs_err::write(&file, Tables::sql(1..=FEW))?;
    psql(bench, url.expose(), &["--file", &file.display().to_string()]).measure()?;
    let tables = Tables::new(FEW);
    let folder = |name: &str| bench.folder.path().join(name);
    let edited = Alembic::new(program.clone(), folder("alembic-edited"), tables.edited(0), url.expose())?;
    let same = Alembic::new(program, folder("alembic-same"), tables, url.expose())?;
    edited.revision().measure()?;
    if edited.written()?.contains(Tables::mark()) {
        return Ok(Some((edited, same)));
    }
    Err("Alembic found none of the changes".into())
}

/// Against the peer, or alone where it isn't installed.
fn compared(
    bench: &Bench,
    report: &mut Report,
    (figure, aim): (&str, &str),
    mut before: impl FnMut() -> BenchResult<()>,
    ours: &Job,
    theirs: Option<Job>,
) -> BenchResult<()> {
    if let Some(theirs) = theirs {
        let samples = pairs(bench.runs, before, ours, &theirs)?;
        report.pair(figure, "Alembic", &samples, aim);
        return Ok(());
    }
    let mut samples: Vec<Sample> = Vec::new();
    for _ in 0..bench.runs {
        before()?;
        samples.push(ours.measure()?);
    }
    let aim = if aim.is_empty() { String::new() } else { format!("{aim} of Alembic, which is not installed") };
    report.alone(figure, &format!("{:.3} s", median(&samples)), &aim);
    Ok(())
}

/// A package whose migrations make the tables, and whose models are edited again and again.
struct Project {
    package: PathBuf,
    program: PathBuf,
    url: String,
    tables: Tables,
    edits: Cell<usize>,
}

impl Project {
    fn new(bench: &Bench, runtime: &Runtime, count: usize) -> BenchResult<Self> {
        let package = bench.folder.path().join(format!("generate-{count}"));
        let versions = empty_package(&package)?;
        fs_err::create_dir_all(package.join("src"))?;
        let mut begin = 1;
        for version in 1.. {
            let end = (begin + A_MIGRATION).min(count + 1);
            let parents = if version > 1 { (version - 1).to_string() } else { String::new() };
            let up = format!("--! parents = [{parents}]\n{}", Tables::sql(begin..end));
            let down: String = (begin..end).rev().map(|i| format!("DROP TABLE t{i};\n")).collect();
            fs_err::write(versions.join(format!("V{version}__tables.sql")), up)?;
            fs_err::write(versions.join(format!("V{version}__tables.down.sql")), down)?;
            begin = end;
            if begin > count {
                break;
            }
        }
        let url = runtime.block_on(bench.server.create_database(&format!("generate_{count}")))?;
        let url = url.expose().to_owned();
        let project =
            Self { package, program: bench.ours.clone(), url, tables: Tables::new(count), edits: Cell::new(0) };
        project.finds_the_changes()?;
        Ok(project)
    }

    /// Models that nobody has seen, ten changes away from the migrations.
    fn edit(&self) -> BenchResult<()> {
        self.edits.set(self.edits.get() + 1);
        self.write(self.tables.edited(self.edits.get()))
    }

    /// Models that are what the migrations make, which was looked at before, as in continuous integration.
    fn settle(&self) -> BenchResult<()> {
        self.write(self.tables)?;
        self.check().measure().map(drop)
    }

    fn write(&self, tables: Tables) -> BenchResult<()> {
        Ok(fs_err::write(self.package.join("src/models.rs"), tables.rust())?)
    }

    /// All the work, the proof included, and no file.
    fn dry_run(&self) -> Job {
        self.job(&["generate", "--message", "more", "--dry-run"])
    }

    fn check(&self) -> Job {
        self.job(&["generate", "--check"])
    }

    fn job(&self, args: &[&str]) -> Job {
        Job::new(&self.program, &[args, &["--scratch", "database", "--database-url", &self.url]].concat())
            .folder(&self.package)
    }

    /// A figure of a run that finds nothing to do would mean nothing.
    fn finds_the_changes(&self) -> BenchResult<()> {
        self.edit()?;
        let job = self.dry_run();
        let output = Command::new(&job.program).args(&job.args).current_dir(&self.package).output()?;
        if output.status.success() && String::from_utf8_lossy(&output.stdout).contains(Tables::mark()) {
            return Ok(());
        }
        Err(format!("the changes were not found: {}", String::from_utf8_lossy(&output.stderr)).into())
    }
}

/// Drops all scratch databases that are kept for later runs.
fn forget(bench: &Bench, runtime: &Runtime) -> BenchResult<()> {
    let url = bench.server.url("postgres");
    let names: Vec<String> = runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(url.expose(), NoTls).await?;
        let connection = tokio::spawn(connection);
        let rows = client.query("SELECT datname FROM pg_database WHERE starts_with(datname, $1)", &[&PREFIX]).await?;
        let names = rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
        drop(client);
        connection.await??;
        Ok::<_, Box<dyn std::error::Error>>(names)
    })?;
    for name in names {
        runtime.block_on(bench.server.drop_database(&name))?;
    }
    Ok(())
}
