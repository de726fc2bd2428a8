//! A package of a user's in a git repository of its own, for what does not have to build.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use fs_err as fs;
use tempfile::TempDir;

use crate::environment;
use crate::output::Output;

/// A temporary package `shop`, committed to branch `trunk`, deleted when the test ends.
#[derive(Debug)]
pub struct Repository {
    folder: TempDir,
}

impl Repository {
    /// A package with these migrations, each `(V1__create_books, up, down)`, committed.
    ///
    /// # Panics
    ///
    /// The system refuses, or there is no git.
    pub fn new(migrations: &[(&str, &str, &str)]) -> Self {
        let folder = tempfile::Builder::new().prefix("cargo-migrate-").tempdir().expect("a folder can be made");
        let repository = Self { folder };
        repository.settings("");
        repository.write("src/lib.rs", "");
        for (name, up, down) in migrations {
            repository.migration(name, up, down);
        }
        repository.git(&["init", "--quiet", "--initial-branch=trunk"]);
        repository.commit("start");
        repository
    }

    /// Its folder.
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// A path in it.
    pub fn path(&self, relative: &str) -> PathBuf {
        self.root().join(relative)
    }

    /// Writes the manifest anew, with these lines of settings.
    ///
    /// # Panics
    ///
    /// The system refuses.
    pub fn settings(&self, lines: &str) {
        let manifest =
            "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[package.metadata.migrate]\n";
        self.write("Cargo.toml", &format!("{manifest}{lines}"));
    }

    /// Writes a migration, without its down script where `down` is empty.
    ///
    /// # Panics
    ///
    /// The system refuses.
    pub fn migration(&self, name: &str, up: &str, down: &str) {
        self.write(&format!("migrations/versions/{name}.sql"), up);
        if !down.is_empty() {
            self.write(&format!("migrations/versions/{name}.down.sql"), down);
        }
    }

    /// Writes a file.
    ///
    /// # Panics
    ///
    /// The system refuses.
    pub fn write(&self, relative: &str, text: &str) {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }

    /// Commits all there is.
    ///
    /// # Panics
    ///
    /// Git refuses.
    pub fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", message]);
    }

    /// Runs git, with no configuration but its own.
    ///
    /// # Panics
    ///
    /// It fails.
    pub fn git(&self, args: &[&str]) -> String {
        let mut command = hermetic(Path::new("git"));
        let identity = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
        let output = command.current_dir(self.root()).args(identity).args(args).output().expect("there is git");
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Runs `cargo xtask promote` with these arguments.
    ///
    /// # Panics
    ///
    /// It can't be started.
    pub fn promote(&self, args: &[&str]) -> Output {
        self.promote_with(args, &[])
    }

    /// The same with more variables.
    ///
    /// # Panics
    ///
    /// It can't be started.
    pub fn promote_with(&self, args: &[&str], variables: &[(&str, &str)]) -> Output {
        self.xtask_with("promote", args, variables)
    }

    /// Runs a task of `cargo xtask` with these arguments.
    ///
    /// # Panics
    ///
    /// It can't be started.
    pub fn xtask(&self, task: &str, args: &[&str]) -> Output {
        self.xtask_with(task, args, &[])
    }

    fn xtask_with(&self, task: &str, args: &[&str], variables: &[(&str, &str)]) -> Output {
        let output = self.command(task, args).envs(variables.iter().copied()).output().expect("a program is started");
        let root = self.root().to_str().expect("paths are text").to_owned();
        Output::new(format!("{task} {}", args.join(" ")), output, &[(root, "[ROOT]")])
    }

    /// Starts the same and lets it run, its output dropped.
    ///
    /// # Panics
    ///
    /// It can't be started.
    pub fn start(&self, args: &[&str], temporary: &Path) -> Child {
        // `nohup cargo test` would have every program that it starts ignore the signal, too.
        let mut command = self.command("promote", args);
        if cfg!(target_os = "linux") {
            let xtask = std::mem::replace(&mut command, hermetic(Path::new("env")));
            command.arg("--default-signal=HUP").arg(xtask.get_program()).args(xtask.get_args());
            command.current_dir(self.root()).stdin(Stdio::null());
        }
        command.env("TMPDIR", temporary).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().expect("a program is started")
    }

    fn command(&self, task: &str, args: &[&str]) -> Command {
        let mut command = hermetic(&environment::xtask());
        command.current_dir(self.root()).arg(task).args(args).stdin(Stdio::null());
        command
    }
}

fn hermetic(program: &Path) -> Command {
    let mut command = environment::command(program);
    command.envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1")]);
    command
}
