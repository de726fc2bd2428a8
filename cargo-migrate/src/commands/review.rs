//! `review`: shows a generated migration with its hazards, and writes down who has read it.

use clap::Args;
use serde_json::json;
use time::OffsetDateTime;

use crate::confirmation;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::file_changes::{self, FileChange};
use crate::hazards::{Work, analyse};
use crate::history::History;
use crate::revision::RevisionError;
use crate::ui::{Ui, style};

/// Show a generated migration with its hazards, and mark it as reviewed
#[derive(Args, Debug)]
pub struct ReviewArgs {
    /// Version, name or file of the migration, or `head`
    #[arg(value_name = "VERSION")]
    migration: String,
    /// Only show it
    #[arg(long)]
    dry_run: bool,
    /// Mark it without asking
    #[arg(long)]
    yes: bool,
}

/// Shows it, asks, and marks it.
///
/// # Errors
/// There is no such migration, nobody agrees, or the file can't be written.
pub fn run(ui: &mut Ui, context: &Context, args: ReviewArgs) -> Result<ExitCode, CommandError> {
    let ReviewArgs { migration, dry_run, yes } = args;
    let history = History::load(context)?;
    let version = history.resolve(&migration)?;
    let Some(found) = history.folder.find(version) else {
        return Err(RevisionError::Unknown { text: migration, nearest: None }.into());
    };
    let title = history.title(version);
    let path = history.folder.root.join(&found.up);
    let up = history.text(&found.up)?;
    let down = found.down.as_ref().map(|down| history.text(down)).transpose()?;
    let hazards = hazards(&up);
    if !ui.is_json() {
        for (path, text) in [(Some(&found.up), Some(&up)), (found.down.as_ref(), down.as_ref())] {
            let (Some(path), Some(text)) = (path, text) else { continue };
            ui.data(format_args!("{0}-- {1}{0:#}", style::STRONG, history.folder.shown(path).display()));
            ui.raw(text);
            ui.data("");
        }
        for hazard in &hazards {
            ui.warning(hazard);
        }
    }
    let done = |ui: &mut Ui, marked: Option<&str>| {
        if ui.is_json() {
            ui.json(json!({
                "migration": { "version": version, "name": found.name }, "hazards": hazards, "sql": { "up": up, "down": down },
                "reviewed": marked, "file": context.shown(&path).to_string(),
            }));
        }
        Ok(ExitCode::Done)
    };
    if !found.header.unreviewed {
        match &found.header.reviewed {
            Some(review) => ui.status("Reviewed", format_args!("{title} already, by {review}")),
            None => ui.status("Written", format_args!("by hand: {title} needs no review")),
        }
        return done(ui, found.header.reviewed.as_deref());
    }
    if dry_run {
        return done(ui, None);
    }
    confirmation::agree(ui, yes, &format!("mark {title} as reviewed?"))?;
    let review = format!("{}, {}", context.variables().actor()?, OffsetDateTime::now_utc().date());
    let text = fs_err::read_to_string(&path)?;
    let Some(marked) = mark(&text, &review) else {
        return Err(CommandError::refused(format!(
            "`reviewed = false` is not on a line of its own in {}",
            path.display()
        ))
        .help("put it on one: `--! reviewed = false`"));
    };
    file_changes::apply(&[FileChange::replace(&path, marked)])?;
    ui.status("Reviewed", format_args!("{title}, by {review}"));
    ui.help(format_args!(
        "if it is applied in your own database already, say that it is the same: `cargo migrate repair --accept {version}`"
    ));
    done(ui, Some(&review))
}

/// What statements lock for longer than an instant, or rewrite.
fn hazards(script: &str) -> Vec<String> {
    let mut all = Vec::new();
    for (number, analysis) in (1..).zip(analyse(script)) {
        for effect in &analysis.effects {
            if effect.mode.is_dangerous() && effect.work != Work::Instant {
                let line = script.get(..analysis.range.start).unwrap_or_default().lines().count().max(1);
                all.push(format!(
                    "statement {number} ({}, line {line}) takes {} on {}: {}",
                    analysis.kind, effect.mode, effect.on, effect.work
                ));
            }
        }
    }
    all
}

/// The script with the review in the place of the mark.
fn mark(text: &str, review: &str) -> Option<String> {
    let is_mark = |line: &str| {
        let toml = line.trim_start_matches('\u{feff}').trim_end().strip_prefix("--!");
        toml.is_some_and(|toml| toml.split_whitespace().collect::<String>() == "reviewed=false")
    };
    let mut out = String::with_capacity(text.len() + review.len());
    let mut found = false;
    for line in text.split_inclusive('\n') {
        if !found && is_mark(line) {
            found = true;
            let end = line.get(line.trim_end().len()..).unwrap_or_default();
            let review: String = review.chars().filter(|c| !c.is_control() && !matches!(c, '"' | '\\')).collect();
            out.push_str(&format!("--! reviewed = \"{review}\"{end}"));
        } else {
            out.push_str(line);
        }
    }
    found.then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_alone_is_replaced() {
        let text = "--! parents = [1]\r\n--!reviewed = false \r\nselect 'reviewed = false';\n";
        let marked = "--! parents = [1]\r\n--! reviewed = \"ada, 2026-11-23\" \r\nselect 'reviewed = false';\n";
        assert_eq!(mark(text, "ada, 2026-11-23").as_deref(), Some(marked));
        assert_eq!(mark("--! parents = [1]\nselect 1;\n", "ada"), None);
    }

    #[test]
    fn what_takes_long_under_a_lock_is_a_hazard() {
        let script = "--! x\nalter table t alter a type text using a::text;\n";
        assert_eq!(hazards(script).len(), 1, "{:?}", hazards(script));
        assert!(hazards("create table t (a int);").is_empty());
    }
}
