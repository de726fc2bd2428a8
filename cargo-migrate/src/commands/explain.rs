//! `explain`: what a rule finds and why.

use std::borrow::Cow;

use clap::Args;
use migrate_build::diagnostic::Level;
use migrate_build::nearest::nearest;
use migrate_build::rules::RULES;
use serde_json::json;

use crate::committed;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::lint::{LINTS, squawk_rules};
use crate::models;
use crate::ui::{Ui, style};

/// Explain a rule that migrations are checked by, or list all rules
#[derive(Args, Debug)]
pub struct ExplainArgs {
    /// Name of the rule, as findings show it in brackets
    rule: Option<String>,
}

/// A rule, whoever applies it.
struct Rule {
    name: &'static str,
    default: Level,
    summary: &'static str,
    page: Cow<'static, str>,
}

/// All rules: those of the build, those about git, those about models, those of `lint`, then squawk's, each sorted by name.
fn all() -> impl Iterator<Item = Rule> {
    let ours = RULES.iter().chain(committed::RULES).chain(models::RULES).chain(LINTS).map(|rule| Rule {
        name: rule.name,
        default: rule.default,
        summary: rule.summary,
        page: Cow::Borrowed(rule.page),
    });
    let squawks = squawk_rules().map(|rule| Rule {
        name: rule.name,
        default: rule.default,
        summary: rule.summary,
        page: Cow::Owned(rule.page()),
    });
    ours.chain(squawks)
}

/// Prints the rule's page, or the list.
///
/// # Errors
/// There is no such rule.
pub fn run(ui: &mut Ui, _context: &Context, args: ExplainArgs) -> Result<ExitCode, CommandError> {
    let ExplainArgs { rule } = args;
    match rule {
        Some(name) => page(ui, &find(&name)?),
        None => list(ui),
    }
    Ok(ExitCode::Done)
}

fn find(name: &str) -> Result<Rule, CommandError> {
    // As it is copied from a finding: `error[missing-down]`.
    let bare = name.trim();
    let bare = bare.rsplit_once('[').map_or(bare, |(_, inner)| inner.trim_end_matches(']'));
    all().find(|rule| rule.name == bare).ok_or_else(|| {
        let help = match nearest(bare, all().map(|rule| rule.name)) {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => "`cargo migrate explain` lists all rules".to_owned(),
        };
        CommandError::usage(format!("there is no rule `{}`", name.escape_debug())).help(help)
    })
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
            .map(|rule| json!({ "name": rule.name, "default": level(rule.default), "summary": rule.summary }))
            .collect();
        ui.json(json!({ "rules": rules }));
        return;
    }
    let width = all().map(|rule| rule.name.len()).max().unwrap_or_default();
    for rule in all() {
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
