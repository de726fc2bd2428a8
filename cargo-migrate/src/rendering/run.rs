//! Compiling the sources with cargo and running each of them once.

use std::ffi::OsStr;
use std::fs::TryLockError;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use cargo_metadata::{Message, MetadataCommand};
use fs_err as fs;

use super::program::{self, Source};

/// What a source returned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// The up script.
    pub up: String,
    /// The down script, of a source that has one.
    pub down: Option<String>,
}

/// Why sources could not be run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// A file or a process.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Cargo itself could not be started.
    #[error("can't start `{cargo}`")]
    Cargo {
        /// The program.
        cargo: String,
        /// Why.
        source: io::Error,
    },
    /// They don't compile.
    #[error("the sources don't compile")]
    Compile {
        /// What cargo and rustc say.
        output: String,
    },
    /// A source ended without returning its SQL.
    #[error("`{path}` ended without returning its SQL ({status})")]
    Failed {
        /// The source.
        path: PathBuf,
        /// How the process ended.
        status: String,
        /// What it printed to stderr: the panic's message.
        output: String,
    },
    /// Cargo built it and did not say where.
    #[error("cargo did not name the program that it built")]
    NoProgram,
}

/// How to run sources.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// The cargo to use.
    pub cargo: &'a OsStr,
    /// Where the package and its build are kept from one run to the next.
    pub cache: &'a Path,
    /// The folder that sources are run in.
    pub directory: &'a Path,
    /// Whether rustc's messages are coloured.
    pub color: bool,
}

/// Compiles `sources` in one program and runs each once, in a process of its own. The results have the order of the
/// sources. Where another process does the same, it is waited for, and `on_wait` called before.
///
/// # Errors
/// They don't compile, one does not return, or a file can't be written.
pub fn run(sources: &[Source<'_>], options: Options<'_>, on_wait: impl FnOnce()) -> Result<Vec<Rendered>, RunError> {
    fs::create_dir_all(options.cache)?;
    // Two runs at once would write one program.
    let lock = fs::File::create(options.cache.join(".lock"))?;
    match lock.file().try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            on_wait();
            lock.file().lock()?;
        }
        Err(TryLockError::Error(error)) => return Err(error.into()),
    }

    write_if_changed(&options.cache.join("Cargo.toml"), program::MANIFEST)?;
    write_if_changed(&options.cache.join("main.rs"), &program::main(sources))?;
    let program = build(options)?;
    sources.iter().enumerate().map(|(number, source)| run_one(&program, number, source, options)).collect()
}

/// Where cargo builds, as its configuration has it for this folder.
pub fn target_folder(cargo: &OsStr, folder: &Path) -> Option<PathBuf> {
    let metadata = MetadataCommand::new().cargo_path(cargo).current_dir(folder).no_deps().exec();
    metadata.ok().map(|metadata| metadata.target_directory.into_std_path_buf())
}

/// What cargo builds for where nothing else is configured: this machine.
fn host(cargo: &OsStr) -> Option<String> {
    let output = Command::new(cargo).arg("-vV").stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().find_map(|line| line.strip_prefix("host: ")).map(str::to_owned)
}

fn build(options: Options<'_>) -> Result<PathBuf, RunError> {
    let mut command = Command::new(options.cargo);
    // It is to run here, whatever the package is built for.
    if let Some(host) = host(options.cargo) {
        command.env("CARGO_BUILD_TARGET", host);
    }
    let output = command
        .args(["build", "--quiet", "--message-format=json-render-diagnostics", "--bin", "render"])
        .arg("--color")
        .arg(if options.color { "always" } else { "never" })
        .arg("--manifest-path")
        .arg(options.cache.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(options.cache.join("target"))
        .current_dir(options.directory)
        .stdin(Stdio::null())
        .output()
        .map_err(|source| RunError::Cargo { cargo: options.cargo.to_string_lossy().into_owned(), source })?;
    if !output.status.success() {
        return Err(RunError::Compile { output: String::from_utf8_lossy(&output.stderr).trim_end().to_owned() });
    }
    for message in Message::parse_stream(output.stdout.as_slice()) {
        if let Message::CompilerArtifact(artifact) = message?
            && let Some(executable) = artifact.executable
        {
            return Ok(executable.into_std_path_buf());
        }
    }
    Err(RunError::NoProgram)
}

fn run_one(program: &Path, number: usize, source: &Source<'_>, options: Options<'_>) -> Result<Rendered, RunError> {
    let folder = tempfile::Builder::new().prefix("out-").tempdir_in(options.cache)?;
    let output = Command::new(program)
        .arg(number.to_string())
        .arg(folder.path())
        .current_dir(options.directory)
        .env("RUST_BACKTRACE", "0")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .output()?;
    if !output.status.success() {
        return Err(RunError::Failed {
            path: source.path.to_owned(),
            status: output.status.to_string(),
            output: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        });
    }
    let up = fs::read_to_string(folder.path().join("up.sql"))?;
    let down = if source.rollback { Some(fs::read_to_string(folder.path().join("down.sql"))?) } else { None };
    Ok(Rendered { up, down })
}

/// Leaves a file alone that is as it should be, so that cargo builds nothing again.
fn write_if_changed(path: &Path, text: &str) -> io::Result<()> {
    match fs::read_to_string(path) {
        Ok(before) if before == text => Ok(()),
        _ => fs::write(path, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authoring::script::{Kind, NewMigration};

    /// Runs sources with the cargo that runs this test.
    fn run_sources(texts: &[(&str, bool)]) -> Result<Vec<Rendered>, RunError> {
        let folder = tempfile::tempdir().unwrap();
        let cache = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tmp/render-tests");
        let paths: Vec<PathBuf> = (0..texts.len()).map(|n| folder.path().join(format!("V{n}__x.rs"))).collect();
        for (path, (text, _)) in paths.iter().zip(texts) {
            fs::write(path, text).unwrap();
        }
        let sources: Vec<Source<'_>> =
            paths.iter().zip(texts).map(|(path, (_, rollback))| Source { path, rollback: *rollback }).collect();
        let cargo = OsStr::new(env!("CARGO"));
        run(&sources, Options { cargo, cache: &cache, directory: folder.path(), color: false }, || ())
    }

    const BARREL: &str = "
use barrel::{Migration, backend::Pg, types};
pub fn migration() -> String {
    println!(\"DROP DATABASE app\");
    let mut m = Migration::new();
    m.create_table(\"books\", |t| { t.add_column(\"id\", types::primary()); });
    m.make::<Pg>()
}
pub fn rollback() -> String { \"DROP TABLE books\".to_owned() }
";

    #[test]
    fn returns_what_the_sources_return_and_tells_what_is_wrong_with_them() {
        let rendered =
            run_sources(&[(BARREL, true), ("pub fn migration() -> String { \"é;\\n\".into() }", false)]).unwrap();
        assert_eq!(rendered[0].up, "CREATE TABLE \"books\" (\"id\" SERIAL PRIMARY KEY NOT NULL);");
        assert_eq!(rendered[0].down.as_deref(), Some("DROP TABLE books"));
        assert_eq!(rendered[1], Rendered { up: "é;\n".to_owned(), down: None });

        let template =
            NewMigration { version: 1, name: "x".to_owned(), parents: vec![], irreversible: None, kind: Kind::Rust };
        let rendered = run_sources(&[(&template.files()[0].1, true)]).unwrap();
        assert_eq!(rendered[0], Rendered { up: String::new(), down: Some(String::new()) }, "a new source is rendered");

        let error = run_sources(&[("pub fn migration() -> String { 1 }", false)]).unwrap_err();
        let RunError::Compile { output } = error else { panic!("{error:?}") };
        assert!(output.contains("V0__x.rs:1:32") && output.contains("mismatched types"), "{output}");

        let error = run_sources(&[("pub fn migration() -> String { panic!(\"no way\") }", false)]).unwrap_err();
        let RunError::Failed { output, .. } = error else { panic!("{error:?}") };
        assert!(output.contains("V0__x.rs:1:32") && output.contains("no way"), "{output}");
    }
}
