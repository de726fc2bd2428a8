//! Everything that a change must pass: each step is a line that a person can run alone.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use clap::Args;

use crate::say;

/// The options of `ci`.
#[derive(Args, Debug)]
pub(crate) struct CiArgs {
    /// Stop at the first step that fails
    #[arg(long)]
    fail_fast: bool,
    /// Also run what needs a container engine, with this image
    #[arg(long, value_name = "NAME:TAG")]
    containers: Option<String>,
}

/// One step.
struct Step {
    /// The words behind `cargo`.
    words: Vec<String>,
    /// Variables that it runs with.
    variables: Vec<(&'static str, String)>,
    /// What to do when it fails.
    remedy: &'static str,
}

impl Step {
    fn new(line: &str, remedy: &'static str) -> Self {
        Self { words: line.split(' ').map(str::to_owned).collect(), variables: Vec::new(), remedy }
    }

    fn with(mut self, variable: &'static str, value: impl Into<String>) -> Self {
        self.variables.push((variable, value.into()));
        self
    }

    fn line(&self) -> String {
        let variables = self.variables.iter().map(|(name, value)| format!("{name}='{value}' ")).collect::<String>();
        format!("{variables}cargo {}", self.words.join(" "))
    }

    fn run(&self) -> Result<(), String> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
        let mut command = Command::new(cargo);
        command.args(&self.words).current_dir(root()).stdin(Stdio::null());
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        match command.status() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(status.to_string()),
            Err(error) => Err(error.to_string()),
        }
    }
}

/// Runs all steps, and says at the end which of them failed and what to do.
pub(crate) fn run(args: &CiArgs) -> ExitCode {
    let CiArgs { fail_fast, containers } = args;
    let steps = steps(containers.as_deref());
    let mut rows = Vec::new();
    let mut failed = Vec::new();
    for step in &steps {
        let line = step.line();
        say(&format!("\n==> {line}"));
        let began = Instant::now();
        let result = step.run();
        let seconds = began.elapsed().as_secs_f32();
        match result {
            Ok(()) => rows.push(format!("passed {seconds:7.1} s  {line}")),
            Err(how) => {
                rows.push(format!("FAILED {seconds:7.1} s  {line} ({how})"));
                failed.push(step);
            }
        }
        if *fail_fast && !failed.is_empty() {
            break;
        }
    }
    say("");
    for row in &rows {
        say(row);
    }
    for step in &failed {
        say(&format!("error: `{}` failed\nhelp: {}", step.line(), step.remedy));
    }
    if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// In an order in which what is cheap to find comes first. The tests bring features that xtask alone has not, so that what has them is compiled
/// twice. That cargo-migrate compiles without containers is found by `init::an_xtask_is_one_that_compiles`.
fn steps(containers: Option<&str>) -> Vec<Step> {
    let promote = "a gate of the rehearsal failed: what is printed above its table says which and why";
    // Most of a test is waiting for a server.
    let threads = 2 * std::thread::available_parallelism().map_or(1, usize::from);
    let mut steps = vec![
        Step::new("fmt --all --check", "run `cargo fmt --all`"),
        Step::new(
            "clippy --workspace --all-targets --all-features -- -D warnings",
            "mend what clippy names; `cargo clippy --fix --workspace --all-targets` does some of it",
        ),
        Step::new("doc --workspace --no-deps", "mend the links and code blocks that rustdoc names")
            .with("RUSTDOCFLAGS", "-D warnings"),
        Step::new("xtask promote --no-seal", promote),
        Step::new("test --workspace", "run one test alone: `cargo test --workspace NAME`")
            .with("RUST_TEST_THREADS", threads.to_string()),
    ];
    if let Some(image) = containers {
        steps.push(
            Step::new(
                "test --workspace --features tests/containers --test e2e containers",
                "run one alone by its name",
            )
            .with("CARGO_MIGRATE_TEST_IMAGE", image),
        );
        let mut step = Step::new("xtask promote --no-seal --engine container --image", promote);
        step.words.push(image.to_owned());
        steps.push(step);
    }
    steps
}

/// The workspace's root.
fn root() -> PathBuf {
    let mut root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    root.pop();
    root
}
