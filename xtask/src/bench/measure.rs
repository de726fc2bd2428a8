//! Runs a command as a whole process and says what it took.

use std::io::Write;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};

use super::BenchResult;

/// What a process took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
    pub(crate) wall: Duration,
    /// User and system time of the process and its children.
    pub(crate) cpu: Duration,
    /// Peak resident memory of the largest process, in KiB.
    pub(crate) memory: u64,
}

impl Sample {
    pub(crate) fn seconds(&self) -> f64 {
        self.wall.as_secs_f64()
    }
}

/// A command to run: program, arguments, environment, folder.
#[derive(Clone, Debug, Default)]
pub(crate) struct Job {
    pub(crate) program: String,
    pub(crate) args: Vec<String>,
    pub(crate) env: Vec<(String, String)>,
    pub(crate) folder: Option<std::path::PathBuf>,
}

impl Job {
    pub(crate) fn new(program: &Path, args: &[&str]) -> Self {
        Self {
            program: program.display().to_string(),
            args: args.iter().map(|arg| (*arg).to_owned()).collect(),
            ..Self::default()
        }
    }

    pub(crate) fn folder(mut self, folder: &Path) -> Self {
        self.folder = Some(folder.to_owned());
        self
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Runs it through this very program, which sees the usage of this one child alone.
    pub(crate) fn measure(&self) -> BenchResult<Sample> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("measure").arg(&self.program).args(&self.args).envs(self.env.iter().cloned());
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        let output = command.stdin(Stdio::null()).stderr(Stdio::piped()).stdout(Stdio::piped()).output()?;
        let errors = String::from_utf8_lossy(&output.stderr);
        if !output.status.success() {
            return Err(format!("{} {}: {}\n{errors}", self.program, self.args.join(" "), output.status).into());
        }
        let text = String::from_utf8_lossy(&output.stdout);
        let numbers: Vec<u64> =
            text.lines().last().unwrap_or_default().split(' ').filter_map(|number| number.parse().ok()).collect();
        let [wall, cpu, memory] = numbers.as_slice() else { return Err("the measuring process said nothing".into()) };
        Ok(Sample { wall: Duration::from_micros(*wall), cpu: Duration::from_micros(*cpu), memory: *memory })
    }
}

/// The hidden verb `measure PROGRAM ARG…`: runs it with its output thrown away, and prints wall and CPU microseconds and
/// peak KiB.
pub(crate) fn run_and_measure(words: &[String]) -> ExitCode {
    let Some((program, args)) = words.split_first() else { return ExitCode::FAILURE };
    let begun = Instant::now();
    let Ok(status) = Command::new(program).args(args).stdout(Stdio::null()).status() else {
        crate::say(&format!("{program} can't be started"));
        return ExitCode::FAILURE;
    };
    let wall = begun.elapsed();
    let Ok(usage) = getrusage(UsageWho::RUSAGE_CHILDREN) else { return ExitCode::FAILURE };
    let micros = |time: nix::sys::time::TimeVal| time.tv_sec() * 1_000_000 + time.tv_usec();
    // Linux counts KiB here, macOS bytes.
    let memory = if cfg!(target_os = "macos") { usage.max_rss() / 1024 } else { usage.max_rss() };
    let line = format!("{} {} {memory}\n", wall.as_micros(), micros(usage.user_time()) + micros(usage.system_time()));
    if !status.success() || std::io::stdout().write_all(line.as_bytes()).is_err() {
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// The seconds in the middle.
pub(crate) fn median(samples: &[Sample]) -> f64 {
    let mut seconds: Vec<f64> = samples.iter().map(|sample| sample.seconds()).collect();
    seconds.sort_by(f64::total_cmp);
    seconds.get(seconds.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Runs two jobs in turn, one warm-up and then `runs` counted pairs; `before` prepares each single run.
pub(crate) fn pairs(
    runs: usize,
    mut before: impl FnMut() -> BenchResult<()>,
    ours: &Job,
    theirs: &Job,
) -> BenchResult<Vec<(Sample, Sample)>> {
    let mut samples = Vec::new();
    for run in 0..=runs {
        before()?;
        let first = ours.measure()?;
        before()?;
        let second = theirs.measure()?;
        if run > 0 {
            samples.push((first, second));
        }
    }
    Ok(samples)
}
