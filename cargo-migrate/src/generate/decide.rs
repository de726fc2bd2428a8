//! What is to be done, with what a person says of it: nothing is guessed.

use std::collections::BTreeSet;

use super::adopt::{Adopted, adopt};
use super::answers::{Unclear, column, declared, rename, rename_form, table};
use super::retired::{named, retired as retired_tables, short};
use crate::diff::{self, Hints, Permission, Plan, Question, Rename};
use crate::error::CommandError;
use crate::history::History;
use crate::models::Wanted;
use crate::schema::{Kind, Snapshot};

/// Asks a question, and returns the answer; `None` where nobody is there.
pub type Ask<'a> = dyn FnMut(&str) -> Result<Option<String>, CommandError> + 'a;

/// What was said on the command line.
#[derive(Clone, Copy, Debug, Default)]
pub struct Answers<'a> {
    /// `old=new`.
    pub rename: &'a [String],
    /// Nothing else was renamed.
    pub no_renames: bool,
    /// Columns that may go; an empty list is all.
    pub allow_drop: Option<&'a [String]>,
    /// Tables that may go; an empty list is all.
    pub drop: Option<&'a [String]>,
    /// Retired tables that are in use again; an empty list is all.
    pub revive: Option<&'a [String]>,
    /// Nothing is written, so nothing has to be decided.
    pub check: bool,
}

/// Both schemas, and where they come from.
#[derive(Clone, Copy, Debug)]
pub struct Between<'a> {
    /// What the migrations make.
    pub former: &'a Snapshot,
    /// What the models want.
    pub wanted: &'a Snapshot,
    /// The models.
    pub source: &'a Wanted,
    /// The migrations.
    pub history: &'a History,
}

/// What is to be done, everything decided.
#[derive(Debug)]
pub struct Decided {
    /// The steps.
    pub plan: Plan,
    /// Tables that are retired by it.
    pub retires: Vec<String>,
    /// Retired tables that are in use again.
    pub revives: Vec<String>,
}

/// Works out the plan, and asks what two schemas don't tell.
///
/// # Errors
/// An answer fits nothing, or one is missing and nobody is there to be asked.
pub fn decide(between: Between<'_>, answers: Answers<'_>, ask: &mut Ask<'_>) -> Result<Decided, CommandError> {
    let Between { former, wanted, source, history } = between;
    let (mut renames, values) = declared(&source.hints, former, wanted);
    let mut hints = Hints { values, ..Hints::default() };
    for text in answers.rename {
        rename(text, former, wanted, &mut renames, &mut hints.values).map_err(unclear)?;
    }
    hints.drop_columns = permission(answers.allow_drop, |text| column(text, former))?;
    hints.drop_tables = permission(answers.drop, |text| table(text, former))?;
    let retired = retired_tables(&history.folder, former);
    let mut declined: Vec<(String, String)> = Vec::new();
    let mut kept_by_answer: BTreeSet<String> = BTreeSet::new();
    let plan = loop {
        let Adopted { wanted, keep } =
            adopt(former, wanted, &source.coverage, &renames).map_err(CommandError::refused)?;
        let hints = Hints { renames: renames.clone(), keep, ..hints.clone() };
        let plan = diff::plan(former, &wanted, &hints).map_err(CommandError::refused)?;
        let open: Vec<&Question> = plan
            .questions
            .iter()
            .filter(|question| !declined.iter().any(|(old, new)| *old == question.old && *new == question.new))
            // What was retired long ago is not what a new table was.
            .filter(|question| question.kind != Kind::Table || !retired.contains_key(&question.old))
            .collect();
        if answers.no_renames || answers.check || open.is_empty() {
            break plan;
        }
        let Some(question) = open.first() else { break plan };
        match yes_or_no(ask, &question_text(question))? {
            Some(true) => {
                renames.push(Rename { kind: question.kind, old: question.old.clone(), new: question.new.clone() });
            }
            Some(false) => declined.push((question.old.clone(), question.new.clone())),
            None => return Err(undecided(&open)),
        }
    };
    let plan = if answers.allow_drop.is_none() && !answers.check && !plan.kept.is_empty() {
        for column in &plan.kept {
            let question = format!("drop column {} with its values, which no model has any more? [y/N]", short(column));
            if yes_or_no(ask, &question)? == Some(true) {
                kept_by_answer.insert(column.clone());
            }
        }
        if kept_by_answer.is_empty() {
            plan
        } else {
            hints.drop_columns = Permission::Only(kept_by_answer);
            let Adopted { wanted, keep } =
                adopt(former, wanted, &source.coverage, &renames).map_err(CommandError::refused)?;
            let hints = Hints { renames: renames.clone(), keep, ..hints };
            diff::plan(former, &wanted, &hints).map_err(CommandError::refused)?
        }
    } else {
        plan
    };
    let back: Vec<String> = retired.keys().filter(|table| wanted.get(Kind::Table, table).is_some()).cloned().collect();
    let revived = |table: &String| match answers.revive {
        None => false,
        Some([]) => true,
        Some(names) => names.iter().any(|name| named(former, Kind::Table, name).as_ref() == Some(table)),
    };
    if let Some(taken) = back.iter().find(|table| !revived(table))
        && !answers.check
    {
        let by = retired.get(taken).map(|version| history.title(*version)).unwrap_or_default();
        let table = short(taken);
        return Err(CommandError::refused(format!("`{table}` is the name of a retired table"))
            .note(format!("retired by {by}; its rows are still there"))
            .help(format!("take it into use again, with its rows: `--revive={table}`"))
            .help("or give the new table another name"));
    }
    for name in answers.revive.into_iter().flatten() {
        if !back.iter().any(|table| named(former, Kind::Table, name).as_ref() == Some(table)) {
            return Err(CommandError::usage(format!("`{name}` is no retired table that a model has"))
                .help("bring its model back first"));
        }
    }
    let retires = plan.retired.iter().filter(|table| !retired.contains_key(*table)).cloned().collect();
    Ok(Decided { plan, retires, revives: back })
}

fn question_text(question: &Question) -> String {
    let Question { kind, old, old_type, new, new_type } = question;
    format!("is {kind} {} ({new_type}) what was {} ({old_type})? [y/N]", short(new), short(old))
}

fn unclear(error: Unclear) -> CommandError {
    let help = error.help();
    CommandError::usage(error).help(help)
}

fn permission(
    given: Option<&[String]>,
    find: impl Fn(&str) -> Result<String, Unclear>,
) -> Result<Permission, CommandError> {
    Ok(match given {
        None => Permission::None,
        Some([]) => Permission::All,
        Some(names) => {
            let found: Result<BTreeSet<String>, Unclear> = names.iter().map(|name| find(name)).collect();
            Permission::Only(found.map_err(unclear)?)
        }
    })
}

fn yes_or_no(ask: &mut Ask<'_>, question: &str) -> Result<Option<bool>, CommandError> {
    Ok(ask(question)?.map(|answer| matches!(answer.to_lowercase().as_str(), "y" | "yes")))
}

/// Nobody is there to be asked.
fn undecided(open: &[&Question]) -> CommandError {
    let message = match open.len() {
        1 => "something may have been renamed, and only you know".to_owned(),
        count => format!("{count} things may have been renamed, and only you know"),
    };
    let mut error = CommandError::refused(message);
    for question in open {
        let Question { kind, old, old_type, new, new_type } = question;
        error = error.note(format!("{kind} {} ({old_type}) is gone, {} ({new_type}) is new", short(old), short(new)));
    }
    for question in open {
        let form = rename_form(question.kind, &question.old, &question.new);
        error = error.help(format!("if it was renamed: `--rename {form}`"));
    }
    error.help("if nothing was: `--no-renames`")
}
