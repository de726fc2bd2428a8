//! Other tools on the same workload: refinery's library always, the command lines of sqlx, diesel and refinery where they are
//! installed.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use super::measure::Job;
use super::workload::Body;
use super::{Bench, BenchResult};

/// A peer's way to apply a folder of migrations to a database.
pub(crate) struct Peer {
    pub(crate) name: &'static str,
    pub(crate) job: Job,
}

/// The peers that there are, each with its own layout of the same migrations.
pub(crate) fn all(bench: &Bench, package: &Path, count: usize, body: Body, url: &str) -> BenchResult<Vec<Peer>> {
    let versions = package.join("migrations/versions").display().to_string();
    let this = std::env::current_exe()?;
    let mut peers = Vec::new();
    for (name, grouped) in [("refinery (library)", "no"), ("refinery grouped (library)", "yes")] {
        peers.push(Peer { name, job: Job::new(&this, &["refinery", &versions, url, grouped]) });
    }
    if let Some(program) = installed("refinery") {
        let job = Job::new(&program, &["migrate", "-e", "DATABASE_URL", "-p", &versions]).env("DATABASE_URL", url);
        peers.push(Peer { name: "refinery (command)", job });
    }
    if let Some(program) = installed("sqlx") {
        let folder = bench.folder.path().join(format!("sqlx-{body:?}-{count}"));
        fs_err::create_dir_all(&folder)?;
        for i in 1..=count {
            fs_err::write(folder.join(format!("{i:06}_step.sql")), body.up(i))?;
        }
        let folder = folder.display().to_string();
        peers.push(Peer {
            name: "sqlx",
            job: Job::new(&program, &["migrate", "run", "--source", &folder, "--database-url", url]),
        });
    }
    if let Some(program) = installed("diesel") {
        let folder = bench.folder.path().join(format!("diesel-{body:?}-{count}"));
        for i in 1..=count {
            let one = folder.join(format!("{i:014}_step"));
            fs_err::create_dir_all(&one)?;
            fs_err::write(one.join("up.sql"), body.up(i))?;
            fs_err::write(one.join("down.sql"), "")?;
        }
        let folder = folder.display().to_string();
        peers.push(Peer {
            name: "diesel",
            job: Job::new(&program, &["migration", "run", "--migration-dir", &folder, "--database-url", url])
                .folder(package),
        });
    }
    Ok(peers)
}

pub(super) fn installed(program: impl Into<PathBuf>) -> Option<PathBuf> {
    let program = program.into();
    let found = Command::new(&program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    found.is_ok_and(|status| status.success()).then_some(program)
}

/// The hidden verb `refinery FOLDER URL GROUPED`: refinery's own runner as an application calls it.
pub(crate) fn run_refinery(words: &[String]) -> ExitCode {
    let [folder, url, grouped] = words else { return ExitCode::FAILURE };
    let result = (|| -> BenchResult<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let mut migrations = Vec::new();
            for entry in fs_err::read_dir(folder)? {
                let name = entry?.file_name().to_string_lossy().into_owned();
                let Some(stem) = name.strip_suffix(".sql").filter(|stem| !stem.ends_with(".down")) else { continue };
                let sql = fs_err::read_to_string(Path::new(folder).join(&name))?;
                migrations.push(refinery::Migration::unapplied(stem, &sql)?);
            }
            let (mut client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
            let connection = tokio::spawn(connection);
            refinery::Runner::new(&migrations).set_grouped(grouped == "yes").run_async(&mut client).await?;
            drop(client);
            connection.await??;
            Ok(())
        })
    })();
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            crate::say(&format!("refinery: {error}"));
            ExitCode::FAILURE
        }
    }
}
