//! Stages and gates as values, and the way in which a stage collects them: all of them, not the first failure only.

use std::time::{Duration, Instant};

use migrate_build::runtime::Taken;

use crate::error::CommandError;
use crate::ui::progress::Progress;

/// Why a gate failed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failure {
    /// What happened.
    pub message: String,
    /// What belongs to it: a diff, lines of a script with a caret, the output of a command.
    pub body: String,
    /// Context.
    pub notes: Vec<String>,
    /// What cures it.
    pub helps: Vec<String>,
}

impl Failure {
    /// A failure with nothing but its message.
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), ..Self::default() }
    }

    /// Adds what cures it.
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.helps.push(help.into());
        self
    }

    /// Adds what belongs to it.
    pub(super) fn body(mut self, body: impl Into<String>) -> Self {
        self.body = body.into();
        self
    }
}

impl<E: Into<CommandError>> From<E> for Failure {
    fn from(error: E) -> Self {
        let error: CommandError = error.into();
        let mut message = error.to_string();
        for cause in error.causes() {
            message.push_str(": ");
            message.push_str(&cause);
        }
        let excerpt = error.excerpt.as_ref().map(|excerpt| excerpt.render(false)).unwrap_or_default();
        let body = excerpt + error.snippet.as_deref().unwrap_or_default();
        Self { message, body, notes: error.notes, helps: error.helps }
    }
}

/// How a gate ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// What it demands is so.
    Passed,
    /// It isn't.
    Failed(Vec<Failure>),
    /// It was not tried, and why.
    Skipped(String),
}

impl Outcome {
    /// Its name in tables and reports.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed(_) => "failed",
            Self::Skipped(_) => "skipped",
        }
    }
}

/// One thing that must be so before anything real is touched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gate {
    /// Its name.
    pub name: &'static str,
    /// How it ended.
    pub outcome: Outcome,
    /// What there is to say of it besides, one line each.
    pub notes: Vec<String>,
    /// What a command of it printed; shown on demand.
    pub output: String,
    /// How long it took.
    pub duration: Duration,
}

/// A part of the rehearsal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// Its name.
    pub name: &'static str,
    /// Its gates, in the order in which they were tried.
    pub gates: Vec<Gate>,
    /// What the migrations took that were applied as the environment would apply them.
    pub taken: Vec<Taken>,
    /// How long it took.
    pub duration: Duration,
}

impl Stage {
    /// Whether no gate failed.
    pub fn passed(&self) -> bool {
        !self.gates.iter().any(|gate| matches!(gate.outcome, Outcome::Failed(_)))
    }
}

/// What a gate that was tried yields: a value for the gates behind it, and what there is to say.
#[derive(Debug)]
pub(super) struct Tried<T> {
    pub(super) value: Option<T>,
    pub(super) notes: Vec<String>,
    pub(super) output: String,
    pub(super) failures: Vec<Failure>,
}

impl<T> Tried<T> {
    pub(super) fn passed(value: T) -> Self {
        Self { value: Some(value), notes: Vec::new(), output: String::new(), failures: Vec::new() }
    }

    pub(super) fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    pub(super) fn output(mut self, output: impl Into<String>) -> Self {
        self.output = output.into();
        self
    }
}

impl<T> From<Failure> for Tried<T> {
    fn from(failure: Failure) -> Self {
        Self { value: None, notes: Vec::new(), output: String::new(), failures: vec![failure] }
    }
}

impl<T> From<Result<Self, Failure>> for Tried<T> {
    fn from(result: Result<Self, Failure>) -> Self {
        result.unwrap_or_else(Self::from)
    }
}

/// A stage that is being gone through.
#[derive(Debug)]
pub(super) struct Course<'p> {
    stage: Stage,
    began: Instant,
    progress: &'p Progress,
}

impl<'p> Course<'p> {
    pub(super) fn begin(name: &'static str, progress: &'p Progress) -> Self {
        Self {
            stage: Stage { name, gates: Vec::new(), taken: Vec::new(), duration: Duration::ZERO },
            began: Instant::now(),
            progress,
        }
    }

    /// Says what is being done within a gate.
    pub(super) fn doing(&self, what: impl std::fmt::Display) {
        self.progress.message(format!("{}: {what}", self.stage.name));
    }

    /// Tries a gate, and returns its value if it passed.
    pub(super) async fn gate<T, R: Into<Tried<T>>>(
        &mut self,
        name: &'static str,
        work: impl Future<Output = R>,
    ) -> Option<T> {
        self.gate_since(name, Instant::now(), work).await
    }

    /// As [`Course::gate`], for one that began earlier.
    pub(super) async fn gate_since<T, R: Into<Tried<T>>>(
        &mut self,
        name: &'static str,
        began: Instant,
        work: impl Future<Output = R>,
    ) -> Option<T> {
        self.doing(name);
        let Tried { value, notes, output, failures } = work.await.into();
        let (outcome, value) =
            if failures.is_empty() { (Outcome::Passed, value) } else { (Outcome::Failed(failures), None) };
        self.push(Gate { name, outcome, notes, output, duration: began.elapsed() });
        value
    }

    /// Keeps what migrations took, for the report.
    pub(super) fn took(&mut self, taken: Vec<Taken>) {
        self.stage.taken = taken;
    }

    /// Leaves a gate out.
    pub(super) fn skip(&mut self, name: &'static str, reason: impl Into<String>) {
        self.push(Gate {
            name,
            outcome: Outcome::Skipped(reason.into()),
            notes: Vec::new(),
            output: String::new(),
            duration: Duration::ZERO,
        });
    }

    /// Adds a gate that was tried elsewhere.
    pub(super) fn push(&mut self, gate: Gate) {
        self.stage.gates.push(gate);
        self.progress.step();
    }

    pub(super) fn end(mut self) -> Stage {
        self.stage.duration = self.began.elapsed();
        self.stage
    }
}
