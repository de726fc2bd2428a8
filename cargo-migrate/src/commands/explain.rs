//! `explain`: what a rule finds and why.

use clap::Args;
use migrate_build::diagnostic::Level;
use migrate_build::nearest::nearest;
use migrate_build::rules::{self, RULES, Rule};
use serde_json::json;

use crate::committed;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::ui::{Ui, style};

/// Explain a rule that migrations are checked by, or list all rules
#[derive(Args, Debug)]
pub struct ExplainArgs {
    /// Name of the rule, as findings show it in brackets
    rule: Option<String>,
}

/// Prints the rule's page, or the list.
///
/// # Errors
/// There is no such rule.
pub fn run(ui: &mut Ui, _context: &Context, args: ExplainArgs) -> Result<ExitCode, CommandError> {
    let ExplainArgs { rule } = args;
    match rule {
        Some(name) => page(ui, find(&name)?),
        None => list(ui),
    }
    Ok(ExitCode::Done)
}

fn find(name: &str) -> Result<&'static Rule, CommandError> {
    // As it is copied from a finding: `error[missing-down]`.
    let bare = name.trim();
    let bare = bare.rsplit_once('[').map_or(bare, |(_, inner)| inner.trim_end_matches(']'));
    rules::find(bare).or_else(|| committed::find(bare)).ok_or_else(|| {
        let help = match nearest(bare, all().iter().map(|rule| rule.name)) {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => "`cargo migrate explain` lists all rules".to_owned(),
        };
        CommandError::usage(format!("there is no rule `{}`", name.escape_debug())).help(help)
    })
}

/// The rules of builds and those about git, sorted by name.
fn all() -> Vec<&'static Rule> {
    let mut rules: Vec<&Rule> = RULES.iter().chain(committed::RULES).collect();
    rules.sort_by_key(|rule| rule.name);
    rules
}

fn page(ui: &mut Ui, rule: &Rule) {
    if ui.is_json() {
        ui.json(json!({ "rule": { "name": rule.name, "default": level(rule.default), "summary": rule.summary, "page": rule.page } }));
        return;
    }
    for line in rule.page.lines() {
        if line.starts_with('#') {
            ui.data(format_args!("{0}{line}{0:#}", style::STRONG));
        } else {
            ui.data(line);
        }
    }
}

fn list(ui: &mut Ui) {
    if ui.is_json() {
        let rules: Vec<_> = all()
            .into_iter()
            .map(|rule| json!({ "name": rule.name, "default": level(rule.default), "summary": rule.summary }))
            .collect();
        ui.json(json!({ "rules": rules }));
        return;
    }
    let rules = all();
    let width = rules.iter().map(|rule| rule.name.len()).max().unwrap_or_default();
    for rule in rules {
        ui.data(format_args!(
            "{0}{1:<width$}{0:#}  {2:<5}  {3}",
            style::STRONG,
            rule.name,
            level(rule.default),
            rule.summary
        ));
    }
    ui.info("`cargo migrate explain RULE` shows a rule's page; `[package.metadata.migrate.rules]` sets its level");
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Allow => "allow",
        Level::Warn => "warn",
        Level::Deny => "deny",
    }
}
