//! One run of cargo-migrate about which more is said than its arguments.

use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::environment;
use crate::output::Output;
use crate::project::Project;

/// A run that is yet to be started, in a project's folder unless another is named.
#[derive(Debug)]
#[must_use = "nothing runs before `output` or `start`"]
pub struct Invocation {
    command: Command,
    /// What was run, for messages.
    title: String,
    replacements: Vec<(String, &'static str)>,
}

impl Invocation {
    /// cargo-migrate with these arguments, in the project's folder.
    pub fn new(project: &Project, args: &[&str]) -> Self {
        let mut command = environment::command(&environment::cargo_migrate());
        command.args(args).current_dir(project.root()).stdin(Stdio::null());
        let title = format!("cargo-migrate {}", args.join(" "));
        Self { command, title, replacements: project.replacements() }
    }

    /// Sets a variable.
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Takes a variable away.
    pub fn without(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// Runs in another folder.
    pub fn within(mut self, folder: impl AsRef<Path>) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Shows `placeholder` in the output where it would be `text`.
    pub fn hide(mut self, text: impl Into<String>, placeholder: &'static str) -> Self {
        self.replacements.push((text.into(), placeholder));
        self
    }

    /// Runs it to its end.
    ///
    /// # Panics
    ///
    /// It can't be started.
    pub fn output(mut self) -> Output {
        let output = self.command.output().expect("the program is started");
        Output::new(self.title, output, &self.replacements)
    }

    /// Runs it to its end with nobody there to read its stdout.
    ///
    /// # Panics
    ///
    /// It can't be started.
    pub fn output_unread(mut self) -> Output {
        let (reader, writer) = io::pipe().expect("a pipe can be made");
        drop(reader);
        self.command.stdout(writer);
        let child = self.command.stderr(Stdio::piped()).spawn().expect("the program is started");
        // The pipe's other end goes with the command.
        let Self { command, title, replacements } = self;
        drop(command);
        Output::new(title, child.wait_with_output().expect("the program ends"), &replacements)
    }

    /// Starts it.
    ///
    /// # Panics
    ///
    /// It can't be started.
    pub fn start(mut self) -> Running {
        self.command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = self.command.spawn().expect("the program is started");
        let Self { title, replacements, .. } = self;
        Running { child, title, replacements }
    }
}

/// A run that goes on while the test does something else.
#[derive(Debug)]
#[must_use = "wait for it, or it may outlive the test"]
pub struct Running {
    child: Child,
    title: String,
    replacements: Vec<(String, &'static str)>,
}

impl Running {
    /// Whether it has ended.
    ///
    /// # Panics
    ///
    /// The system does not say.
    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().expect("a child can be asked for").is_some()
    }

    /// Waits for its end.
    ///
    /// # Panics
    ///
    /// Its output can't be read.
    pub fn wait(self) -> Output {
        let Self { child, title, replacements } = self;
        Output::new(title, child.wait_with_output().expect("the program ends"), &replacements)
    }
}
