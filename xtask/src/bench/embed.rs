//! What embedding costs whoever builds the application.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::measure::{Job, Sample};
use super::report::Report;
use super::workload::{Body, package};
use super::{Bench, BenchResult};

const COUNT: usize = 5_000;

pub(crate) fn figures(bench: &Bench, report: &mut Report) -> BenchResult<()> {
    if bench.wants("cold build") {
        cold(bench, report)?;
    }
    if bench.wants("embedding") {
        checks(bench, report)?;
    }
    Ok(())
}

/// An application that embeds `count` migrations; none: it has no build script's dependency to run either.
fn application(bench: &Bench, name: &str, count: usize) -> BenchResult<PathBuf> {
    let folder = package(&bench.folder.path().join(name), count, Body::Select)?;
    let library = bench.workspace.join("migrate-build").display().to_string();
    fs_err::write(
        folder.join("Cargo.toml"),
        format!(
            "[package]\nname = \"bench\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[lib]\npath = \"lib.rs\"\n\n[workspace]\n\n\
             [dependencies]\nmigrate-build = {{ path = {library:?}, default-features = false, features = [\"runtime\"] }}\n\n\
             [build-dependencies]\nmigrate-build = {{ path = {library:?} }}\n\n\
             [package.metadata.migrate.rules]\nempty-migration = \"allow\"\n"
        ),
    )?;
    fs_err::write(folder.join("build.rs"), "fn main() {\n    migrate_build::embed(\"migrations\");\n}\n")?;
    fs_err::write(folder.join("lib.rs"), "migrate_build::include_migrations!();\n")?;
    Ok(folder)
}

fn check(folder: &Path) -> Job {
    Job::new(Path::new(env!("CARGO")), &["check", "--quiet", "--offline"])
        .folder(folder)
        .env("CARGO_TARGET_DIR", &folder.join("target").display().to_string())
}

/// `cargo check` of one application against that of another, after what `change` does to both.
fn compared(
    bench: &Bench,
    (many, one): (&Path, &Path),
    mut change: impl FnMut(&Path, usize) -> BenchResult<()>,
) -> BenchResult<Vec<(Sample, Sample)>> {
    let mut samples = Vec::new();
    for run in 0..bench.runs {
        change(many, run)?;
        let ours = check(many).measure()?;
        change(one, run)?;
        samples.push((ours, check(one).measure()?));
    }
    Ok(samples)
}

fn checks(bench: &Bench, report: &mut Report) -> BenchResult<()> {
    let many = application(bench, "embed-many", COUNT)?;
    let one = application(bench, "embed-one", 1)?;
    check(&many).measure()?;
    check(&one).measure()?;
    let apps = (many.as_path(), one.as_path());
    let peer = "the same with 1 migration";
    let samples = compared(bench, apps, |app, _| touch(&app.join("lib.rs")))?;
    report.pair("embedding 5000: check of the application", peer, &samples, "1.5");
    let samples = compared(bench, apps, |app, run| {
        let file = app.join("migrations/versions/V1__step_1.sql");
        fs_err::write(&file, format!("SELECT {run} AS edited;\n"))?;
        touch(&file)
    })?;
    report.pair("embedding 5000: check after an edit", peer, &samples, "1.5");
    let samples = compared(bench, apps, |app, run| {
        let version = COUNT + 1 + run;
        let parent = if run > 0 {
            version - 1
        } else if app == many {
            COUNT
        } else {
            1
        };
        let text = format!("--! parents = [{parent}]\nSELECT 1;\n");
        fs_err::write(app.join(format!("migrations/versions/V{version}__added.sql")), text)?;
        fs_err::write(app.join(format!("migrations/versions/V{version}__added.down.sql")), "SELECT 1;\n")?;
        Ok(())
    })?;
    report.pair("embedding 5000: check after adding a file", peer, &samples, "1.5");
    script(bench, &many, report)
}

/// The build script itself, as cargo built it.
fn script(bench: &Bench, app: &Path, report: &mut Report) -> BenchResult<()> {
    let builds = app.join("target/debug/build");
    let mut found = None;
    for entry in fs_err::read_dir(&builds)? {
        let program = entry?.path().join(format!("build-script-build{}", std::env::consts::EXE_SUFFIX));
        let ours =
            program.parent().and_then(Path::file_name).is_some_and(|name| name.to_string_lossy().starts_with("bench-"));
        if ours && program.is_file() {
            found = Some(program);
        }
    }
    let program = found.ok_or("cargo built no build script")?;
    let out = bench.folder.path().join("embed-out");
    fs_err::create_dir_all(&out)?;
    let root = app.display().to_string();
    let job = Job::new(&program, &[])
        .folder(app)
        .env("OUT_DIR", &out.display().to_string())
        .env("CARGO_MANIFEST_DIR", &root)
        .env("CARGO_MANIFEST_PATH", &app.join("Cargo.toml").display().to_string())
        .env("CARGO_PKG_NAME", "bench");
    let cold = job.measure()?;
    report.alone("embedding 5000: build script, first run", &format!("{:.3} s", cold.seconds()), "");
    fs_err::write(app.join("migrations/versions/V2__step_2.sql"), "--! parents = [1]\nSELECT 2 AS edited;\n")?;
    let warm = job.measure()?;
    report.alone("embedding 5000: build script, one file changed", &format!("{:.3} s", warm.seconds()), "0.5 s");
    Ok(())
}

/// migrate-build from nothing, as a build-dependency.
fn cold(bench: &Bench, report: &mut Report) -> BenchResult<()> {
    let app = application(bench, "cold", 1)?;
    fs_err::write(
        app.join("Cargo.toml"),
        format!(
            "[package]\nname = \"bench\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[lib]\npath = \"lib.rs\"\n\n[workspace]\n\n\
             [build-dependencies]\nmigrate-build = {{ path = {:?} }}\n",
            bench.workspace.join("migrate-build").display().to_string()
        ),
    )?;
    fs_err::write(app.join("lib.rs"), "")?;
    fs_err::write(app.join("build.rs"), "fn main() {\n    migrate_build::embed(\"migrations\");\n}\n")?;
    let job = Job::new(Path::new(env!("CARGO")), &["build", "--quiet", "--offline"])
        .folder(&app)
        .env("CARGO_TARGET_DIR", &app.join("target").display().to_string());
    let sample = job.measure()?;
    report.alone("cold build of migrate-build, CPU", &format!("{:.1} s", sample.cpu.as_secs_f64()), "15 s");
    Ok(())
}

/// Makes a file newer than whatever cargo saw of it.
fn touch(path: &Path) -> BenchResult<()> {
    let file = fs_err::OpenOptions::new().append(true).open(path)?;
    file.file().set_modified(SystemTime::now() + Duration::from_millis(10))?;
    Ok(())
}
