//! The environment of the commands that tests run: nothing of the developer's own but what finds the tools.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Set, temporary projects stay after the test, and say where they are.
pub const KEEP: &str = "KEEP_TEMP_DIR";

/// What is handed on: where tools and their files are, and what a system can't do without.
const KEPT: &[&str] = &[
    "PATH",
    "HOME",
    "USER",
    "TMPDIR",
    "TEMP",
    "TMP",
    "CARGO_HOME",
    "RUSTUP_HOME",
    "RUSTUP_TOOLCHAIN",
    "SYSTEMROOT",
    "USERPROFILE",
    "APPDATA",
    "LOCALAPPDATA",
    "PROGRAMDATA",
];

/// A command that sees [`KEPT`] alone.
pub(crate) fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_clear();
    command.envs(KEPT.iter().filter_map(|name| Some((name, env::var_os(name)?))));
    command
}

/// The cargo that runs the tests.
pub(crate) fn cargo() -> PathBuf {
    env::var_os("CARGO").map_or_else(|| "cargo".into(), PathBuf::from)
}

/// The binary of cargo-migrate.
pub(crate) fn cargo_migrate() -> PathBuf {
    env::var_os("CARGO_BIN_EXE_cargo-migrate-under-test")
        .expect("`cargo test` and `cargo nextest run` set the path of the binary under test")
        .into()
}

/// The xtask of a user's workspace.
pub(crate) fn xtask() -> PathBuf {
    env::var_os("CARGO_BIN_EXE_xtask-under-test")
        .expect("`cargo test` and `cargo nextest run` set the path of the binary under test")
        .into()
}

/// The workspace that is tested.
pub fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in the workspace")
}

/// Where all temporary projects build, so that what they depend on is compiled once.
pub(crate) fn build_dir() -> PathBuf {
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    workspace().join(target).join("e2e")
}

/// Whether temporary projects shall stay.
pub(crate) fn keep() -> bool {
    env::var_os(KEEP).is_some()
}
