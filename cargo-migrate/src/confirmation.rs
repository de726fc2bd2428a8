//! What is done only after somebody has agreed to it.

use crate::config::layers::Target;
use crate::error::CommandError;
use crate::ui::Ui;

/// Asks whether to go on, unless `yes` says so already.
///
/// # Errors
/// The answer is no, or nobody is there to be asked.
pub fn agree(ui: &mut Ui, yes: bool, question: &str) -> Result<(), CommandError> {
    if yes {
        return Ok(());
    }
    match ui.ask(&format!("{question} [y/N]"))?.as_deref() {
        Some("y" | "Y" | "yes" | "Yes") => Ok(()),
        Some(_) => Err(CommandError::refused("not confirmed").note("nothing was changed")),
        None => Err(CommandError::usage("this has to be confirmed, and there is no terminal to ask at")
            .note("nothing was changed")
            .help("add `--yes`, or `--dry-run` to see what it would do")),
    }
}

/// Asks for the name of what would be changed, unless `given` is it already.
///
/// # Errors
/// The name is another one, or nobody is there to be asked.
pub fn named(ui: &mut Ui, given: Option<&str>, what: &str, name: &str) -> Result<(), CommandError> {
    let (answer, kind): (_, fn(String) -> CommandError) = match given {
        Some(given) => (Some(given.to_owned()), |text| CommandError::usage(text)),
        None => (ui.ask(&format!("Type the name of the {what} to go on:"))?, |text| CommandError::refused(text)),
    };
    match answer {
        Some(answer) if answer == name => Ok(()),
        Some(answer) => Err(kind(format!("`{}` is not the {what}, which is `{name}`", answer.escape_debug()))
            .note("nothing was changed")),
        None => {
            Err(CommandError::usage(format!("the name of the {what} is needed, and there is no terminal to ask at"))
                .note("nothing was changed")
                .help(format!("add `--confirm {name}`, or `--dry-run` to see what it would do")))
        }
    }
}

/// Asks for the environment's name where it is protected; a name that is `given` must be the environment's in any case.
///
/// # Errors
/// As [`named`], or a name is given and no environment is meant.
pub fn environment(ui: &mut Ui, target: &Target, given: Option<&str>) -> Result<(), CommandError> {
    match (&target.environment, given) {
        (Some(name), Some(_)) => named(ui, given, "environment", name),
        (Some(name), None) if target.protected => named(ui, None, "environment", name),
        (None, Some(_)) => Err(CommandError::usage("`--confirm` takes an environment's name, and none is meant")
            .note("nothing was changed")
            .help("name it: `--env NAME`")),
        _ => Ok(()),
    }
}
