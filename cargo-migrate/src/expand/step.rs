//! One migration of a series, as text.

use clap::ValueEnum;
use toml_edit::Value;

/// The two parts of a series: between them the application changes over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Phase {
    /// What is added, beside the old: suits the running code and the next
    Expand,
    /// What takes the old away: suits the next code only
    Contract,
}

/// A migration that is not there yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its name.
    pub name: String,
    /// The part that it belongs to.
    pub phase: Phase,
    /// What its comment says: what it does, and what has to be deployed before and after it.
    pub(super) about: Vec<String>,
    pub(super) run: Run,
    /// Rules that don't hold for it, with reasons.
    pub(super) allow: Vec<(&'static str, &'static str)>,
    pub(super) up: String,
    pub(super) down: String,
}

/// How the up script is run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Run {
    Transaction,
    Outside,
    Backfill { table: String, key: String },
}

impl Step {
    pub(super) fn new(name: String, phase: Phase, up: String, down: String) -> Self {
        Self { name, phase, about: Vec::new(), run: Run::Transaction, allow: Vec::new(), up, down }
    }

    pub(super) fn about(mut self, line: impl Into<String>) -> Self {
        self.about.push(line.into());
        self
    }

    /// The up script: header, comment, statements.
    pub fn up(&self, parents: &[i64]) -> String {
        let list = parents.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
        let mut text = format!("--! parents = [{list}]\n");
        match &self.run {
            Run::Transaction => {}
            Run::Outside => text.push_str("--! transaction = false\n"),
            Run::Backfill { table, key } => {
                let [table, key] = [table, key].map(|name| Value::from(name.as_str()));
                text.push_str(&format!("--! backfill = {{ table = {table}, key = {key}, batch = 1000 }}\n"));
            }
        }
        if !self.allow.is_empty() {
            let allow = self.allow.iter().map(|(rule, reason)| {
                let reason = Value::from(*reason);
                format!("{{ rule = \"{rule}\", reason = {reason} }}")
            });
            text.push_str(&format!("--! allow = [{}]\n", allow.collect::<Vec<_>>().join(", ")));
        }
        text.push('\n');
        for line in &self.about {
            text.push_str(&format!("-- {line}\n"));
        }
        text.push('\n');
        text + &self.up
    }

    /// The down script.
    pub fn down(&self) -> &str {
        &self.down
    }
}
