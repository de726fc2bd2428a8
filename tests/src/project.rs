//! A package of a user's, outside of the workspace, that is really built.
//!
//! All projects share one build directory in the workspace's `target`, and the workspace's `Cargo.lock`, so that what they
//! depend on is compiled once and no registry is asked. Each has a name of its own in there, and takes what it built away
//! when it ends.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

use fs_err as fs;
use tempfile::TempDir;

use crate::environment;
use crate::output::Output;

/// What the fixtures are called; a copy's name starts with it.
pub const NAME: &str = "shop";

/// What stands for the path of migrate-build in a fixture's manifest.
const MIGRATE_BUILD: &str = "$MIGRATE_BUILD";

/// A temporary package, deleted when the test ends unless [`environment::KEEP`] is set.
#[derive(Debug)]
pub struct Project {
    /// Deletes the folder when it goes.
    _folder: TempDir,
    root: PathBuf,
    name: String,
}

impl Project {
    /// Copies the fixture `tests/cases/packages/{fixture}`.
    ///
    /// # Panics
    ///
    /// There is none of this name, or the system refuses.
    pub fn copy(fixture: &str) -> Self {
        let project = Self::empty();
        let fixture = environment::workspace().join("tests/cases/packages").join(fixture);
        project.copy_folder(&fixture, Path::new(""));
        project
    }

    /// A folder with nothing in it but the workspace's `Cargo.lock`.
    ///
    /// # Panics
    ///
    /// The system refuses.
    pub fn empty() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let name = format!("{NAME}_{}_{}", process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let mut folder = tempfile::Builder::new().prefix("cargo-migrate-e2e-").tempdir().expect("a folder can be made");
        if environment::keep() {
            folder.disable_cleanup(true);
            announce(folder.path());
        }
        let root = fs::canonicalize(folder.path()).expect("the folder is there");
        let project = Self { _folder: folder, root, name };
        let lock = fs::read_to_string(environment::workspace().join("Cargo.lock")).expect("the workspace is locked");
        project.write("Cargo.lock", lock);
        project
    }

    /// Copies a folder of files as they are, but for the names in Rust sources and manifests.
    ///
    /// # Panics
    ///
    /// A file can't be copied.
    pub fn copy_folder(&self, from: &Path, to: &Path) {
        for entry in fs::read_dir(from).expect("the folder can be read") {
            let path = entry.expect("the folder can be read").path();
            let to = to.join(path.file_name().expect("an entry has a name"));
            if path.is_dir() {
                self.copy_folder(&path, &to);
            } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "toml") {
                self.write_source(&to, &fs::read_to_string(&path).expect("a source is text"));
            } else {
                self.write(&to, fs::read(&path).expect("a file can be read"));
            }
        }
    }

    /// What [`NAME`] became in this copy.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The path of a file of it.
    pub fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.root.join(relative)
    }

    /// Writes a file, and the folders above it where they are missing.
    ///
    /// # Panics
    ///
    /// The system refuses.
    pub fn write(&self, relative: impl AsRef<Path>, text: impl AsRef<[u8]>) {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }

    /// Writes a Rust source or a manifest: the package goes by its own name in there.
    ///
    /// # Panics
    ///
    /// The system refuses.
    pub fn write_source(&self, relative: impl AsRef<Path>, text: &str) {
        let migrate_build = environment::workspace().join("migrate-build");
        let migrate_build = migrate_build.to_str().expect("the workspace's path is text").replace('\\', "/");
        self.write(relative, text.replace(MIGRATE_BUILD, &migrate_build).replace(NAME, &self.name));
    }

    /// The text of a file.
    ///
    /// # Panics
    ///
    /// It is not there, or no text.
    pub fn read(&self, relative: impl AsRef<Path>) -> String {
        fs::read_to_string(self.path(relative)).expect("the file is text")
    }

    /// Writes a file anew with one text in it replaced by another.
    ///
    /// # Panics
    ///
    /// The file has no such text.
    #[track_caller]
    pub fn replace(&self, relative: impl AsRef<Path>, from: &str, to: &str) {
        let text = self.read(relative.as_ref());
        assert!(text.contains(from), "no `{from}` in:\n{text}");
        self.write(relative, text.replace(from, to));
    }

    /// Deletes a file or a folder with all that is in it.
    ///
    /// # Panics
    ///
    /// It is not there.
    pub fn remove(&self, relative: impl AsRef<Path>) {
        let path = self.path(relative);
        let result = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
        result.expect("what is there can be deleted");
    }

    /// Renames a file or a folder.
    ///
    /// # Panics
    ///
    /// It is not there.
    pub fn rename(&self, from: &str, to: &str) {
        fs::rename(self.path(from), self.path(to)).expect("what is there can be renamed");
    }

    /// Runs cargo. Only one runs at a time, of all test processes.
    ///
    /// # Panics
    ///
    /// It can't be started.
    pub fn cargo(&self, args: &[&str]) -> Output {
        self.cargo_within(environment::build_dir(), args)
    }

    /// Runs cargo for what takes long and shares little with the other projects: nobody waits for it.
    ///
    /// # Panics
    ///
    /// It can't be started.
    pub fn cargo_apart(&self, args: &[&str]) -> Output {
        self.cargo_within(environment::build_dir().join("apart"), args)
    }

    fn cargo_within(&self, build_dir: PathBuf, args: &[&str]) -> Output {
        let _lock = Lock::take(&build_dir);
        let mut command = environment::command(&environment::cargo());
        command
            .envs([
                ("CARGO_NET_OFFLINE", "true"),
                ("CARGO_INCREMENTAL", "0"),
                ("CARGO_PROFILE_DEV_DEBUG", "0"),
                ("CARGO_TERM_COLOR", "never"),
            ])
            .env("CARGO_BUILD_BUILD_DIR", build_dir)
            .env("CARGO_TARGET_DIR", self.path("target"));
        self.run(command, "cargo", args)
    }

    /// Runs cargo-migrate in the package.
    ///
    /// # Panics
    ///
    /// It can't be started.
    pub fn migrate(&self, args: &[&str]) -> Output {
        self.run(environment::command(&environment::cargo_migrate()), "cargo-migrate", args)
    }

    /// Runs git in the folder, as a person without any configuration.
    ///
    /// # Panics
    ///
    /// It can't be started.
    pub fn git(&self, args: &[&str]) -> Output {
        self.git_within("", args, &[])
    }

    /// Runs git in a folder of the project with more variables.
    ///
    /// # Panics
    ///
    /// It can't be started.
    pub fn git_within(&self, folder: &str, args: &[&str], variables: &[(&str, &OsStr)]) -> Output {
        let mut command = environment::command(Path::new("git"));
        command.envs([
            ("GIT_CONFIG_NOSYSTEM", "1"),
            ("GIT_CONFIG_GLOBAL", if cfg!(windows) { "NUL" } else { "/dev/null" }),
            ("GIT_AUTHOR_NAME", "Ada"),
            ("GIT_AUTHOR_EMAIL", "ada@example.org"),
            ("GIT_AUTHOR_DATE", "2026-11-23T09:00:00Z"),
            ("GIT_COMMITTER_NAME", "Ada"),
            ("GIT_COMMITTER_EMAIL", "ada@example.org"),
        ]);
        command.envs(variables.iter().copied());
        let output = command.args(args).current_dir(self.path(folder)).stdin(process::Stdio::null()).output();
        Output::new(format!("git {}", args.join(" ")), output.expect("there is git"), &self.replacements())
    }

    /// Runs git where hooks find `cargo migrate`.
    ///
    /// # Panics
    ///
    /// It can't be started.
    #[cfg(unix)]
    pub fn git_with_hooks(&self, folder: &str, args: &[&str]) -> Output {
        let (_bin, path) = path_with_migrate();
        self.git_within(folder, args, &[("PATH", &path)])
    }

    /// Runs a command line in the project's folder, as a person types what a message names: `cargo migrate`, `git`, `mv`.
    ///
    /// # Panics
    ///
    /// It can't be started.
    #[cfg(unix)]
    pub fn shell(&self, line: &str) -> Output {
        let (_bin, path) = path_with_migrate();
        let mut command = environment::command(Path::new("/bin/sh"));
        command.env("PATH", path);
        self.run(command, "sh", &["-c", line])
    }

    /// Commits all there is to a repository of its own.
    ///
    /// # Panics
    ///
    /// Git refuses.
    pub fn commit(&self, message: &str) {
        if !self.path(".git").exists() {
            self.git(&["init", "--quiet", "--initial-branch=trunk"]).success();
        }
        self.git(&["add", "--all"]).success();
        self.git(&["commit", "--quiet", "--allow-empty", "--message", message]).success();
    }

    fn run(&self, mut command: process::Command, program: &str, args: &[&str]) -> Output {
        let output = command.args(args).current_dir(&self.root).stdin(process::Stdio::null()).output();
        let title = format!("{program} {}", args.join(" "));
        Output::new(title, output.expect("a program is started"), &self.replacements())
    }

    /// What differs from one project to the next, and what is shown instead.
    pub(crate) fn replacements(&self) -> Vec<(String, &'static str)> {
        let text = |path: &Path| path.to_str().expect("paths are text").to_owned();
        vec![(text(&self.root), "[ROOT]"), (text(environment::workspace()), "[WORKSPACE]"), (self.name.clone(), NAME)]
    }

    /// All files with their contents, but for what cargo builds.
    ///
    /// # Panics
    ///
    /// A folder can't be read.
    pub fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        fn collect(folder: &Path, root: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
            for entry in fs::read_dir(folder).expect("the folder can be read") {
                let path = entry.expect("the folder can be read").path();
                let relative = path.strip_prefix(root).expect("it lies in the root").to_owned();
                if relative == Path::new("target") {
                } else if path.is_dir() {
                    // Its own entry, too: an empty folder is one.
                    files.insert(relative, Vec::new());
                    collect(&path, root, files);
                } else {
                    files.insert(relative, fs::read(&path).expect("a file can be read"));
                }
            }
        }
        let mut files = BTreeMap::new();
        collect(&self.root, &self.root, &mut files);
        files
    }

    /// The package's `OUT_DIR`, once its build script ran.
    ///
    /// # Panics
    ///
    /// There is none, or more than one.
    pub fn out_dir(&self) -> PathBuf {
        let entries = self.built("build");
        let dirs: Vec<PathBuf> =
            entries.into_iter().map(|entry| entry.join("out")).filter(|out| out.is_dir()).collect();
        match dirs.as_slice() {
            [dir] => dir.clone(),
            dirs => panic!("one OUT_DIR expected, not {dirs:?}"),
        }
    }

    /// What the package has left in a folder of the build directory.
    fn built(&self, folder: &str) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(environment::build_dir().join("debug").join(folder)) else { return Vec::new() };
        let is_mine = |path: &PathBuf| {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let rest = name.strip_prefix("lib").unwrap_or(name).strip_prefix(&self.name);
            // `shop_1_1` is not the start of `shop_1_10`.
            rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
        };
        entries.filter_map(Result::ok).map(|entry| entry.path()).filter(is_mine).collect()
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        if environment::keep() {
            return;
        }
        for folder in ["build", "deps", ".fingerprint"] {
            for path in self.built(folder) {
                // What stays costs space in `target` and nothing else.
                drop(if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) });
            }
        }
    }
}

/// A folder that holds `cargo-migrate`, as cargo looks for it, and a `PATH` that begins with it.
#[cfg(unix)]
fn path_with_migrate() -> (TempDir, std::ffi::OsString) {
    let bin = tempfile::tempdir().expect("a folder can be made");
    let link = bin.path().join("cargo-migrate");
    std::os::unix::fs::symlink(environment::cargo_migrate(), link).expect("a link can be made");
    let others = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(bin.path().to_owned()).chain(std::env::split_paths(&others));
    (bin, std::env::join_paths(folders).expect("folders of `PATH` can be joined"))
}

#[expect(clippy::print_stderr, reason = "whoever asks to keep a folder wants to know where it is")]
fn announce(folder: &Path) {
    eprintln!("kept: {}", folder.display());
}

/// The right to build, held by one test of one process.
struct Lock {
    _file: std::fs::File,
}

impl Lock {
    fn take(build_dir: &Path) -> Self {
        fs::create_dir_all(build_dir).expect("the build directory can be made");
        let file = fs::File::create(build_dir.join("test.lock")).expect("the lock can be made").into_parts().0;
        file.lock().expect("the lock can be taken");
        Self { _file: file }
    }
}
