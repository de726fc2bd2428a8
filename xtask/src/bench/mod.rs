//! `cargo xtask bench`: figures as ratios against psql and whatever peers are installed, all in one run.
//!
//! Everything is timed as whole processes, in turn (ours, theirs, ours, theirs, …), and the median of the ratios is what
//! counts: the machine's speed drifts, a pair's does not.

mod alembic;
mod apply;
mod backfill;
mod embed;
mod files;
mod generate;
mod measure;
mod peers;
mod proxy;
mod report;
mod tables;
mod workload;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use cargo_migrate::scratch::{self, Engine, Server, ServerOptions};

pub(crate) use measure::run_and_measure;
pub(crate) use peers::run_refinery;
use report::Report;

pub(crate) type BenchResult<T> = Result<T, Box<dyn std::error::Error>>;

/// Measures against psql and installed peers, and prints ratios
#[derive(Debug, clap::Args)]
pub(crate) struct BenchArgs {
    /// Counted runs of each pair
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Only the figures whose name contains this
    filter: Option<String>,
}

/// What every figure needs.
pub(crate) struct Bench {
    pub(crate) runs: usize,
    pub(crate) filter: Option<String>,
    /// Our release binary.
    pub(crate) ours: PathBuf,
    /// psql itself, not a distribution's wrapper.
    pub(crate) psql: PathBuf,
    pub(crate) server: Server,
    pub(crate) folder: tempfile::TempDir,
    /// The root of this workspace.
    pub(crate) workspace: PathBuf,
}

impl Bench {
    pub(crate) fn wants(&self, name: &str) -> bool {
        self.filter.as_deref().is_none_or(|filter| name.contains(filter))
    }
}

pub(crate) fn run(args: &BenchArgs) -> ExitCode {
    match bench(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            crate::say(&format!("error: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn bench(args: &BenchArgs) -> BenchResult<()> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("xtask lies in no workspace")?.to_owned();
    crate::say("building the release binary");
    let built = Command::new(env!("CARGO"))
        .args(["build", "--release", "--quiet", "--package", "cargo-migrate"])
        .current_dir(&workspace)
        .status()?;
    if !built.success() {
        return Err("the release binary does not build".into());
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace.join("target"), PathBuf::from);
    let binaries =
        scratch::binaries().ok_or("no PostgreSQL server binaries: install them, `apt-get install postgresql`")?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let settings = [("synchronous_commit", "on"), ("max_wal_size", "4GB")];
    let options = ServerOptions {
        engine: Engine::Local,
        image: None,
        settings: settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
    };
    let bench = Bench {
        runs: args.runs.max(1),
        filter: args.filter.clone(),
        ours: target.join("release").join(format!("cargo-migrate{}", std::env::consts::EXE_SUFFIX)),
        psql: binaries.join(format!("psql{}", std::env::consts::EXE_SUFFIX)),
        server: runtime.block_on(scratch::start(&options))?,
        folder: tempfile::tempdir()?,
        workspace,
    };
    crate::say(&format!("{}; {} runs each", bench.server.describe(), bench.runs));
    let mut report = Report::default();
    apply::figures(&bench, &runtime, &mut report)?;
    backfill::figures(&bench, &runtime, &mut report)?;
    files::figures(&bench, &mut report)?;
    files::lint(&bench, &mut report)?;
    files::sealed(&bench, &mut report)?;
    files::memory(&bench, &runtime, &mut report)?;
    generate::figures(&bench, &runtime, &mut report)?;
    embed::figures(&bench, &mut report)?;
    crate::print(&report.to_string());
    runtime.block_on(bench.server.stop());
    Ok(())
}
