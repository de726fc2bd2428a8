//! What the gates' refusals amount to: an error that names them all, or an override that names its reason.

use std::collections::BTreeSet;

use serde_json::json;

use super::gates::{Gate, Refused};
use crate::error::CommandError;

/// Gates that somebody wants to pass nevertheless, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// The gates.
    pub gates: BTreeSet<Gate>,
    /// Why.
    pub reason: String,
}

/// Refusals that were overridden.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overridden {
    /// The refusals.
    pub refused: Vec<Refused>,
    /// Gates that would have let it pass anyhow.
    pub needless: Vec<Gate>,
    /// What the log's rows carry: a JSON document; `None` where nothing was overridden.
    pub details: Option<String>,
}

/// Decides.
///
/// # Errors
/// A gate refuses that isn't overridden; all that refuse are named.
pub fn decide(environment: &str, refused: Vec<Refused>, overrides: &Overrides) -> Result<Overridden, CommandError> {
    let (passed, left): (Vec<_>, Vec<_>) =
        refused.into_iter().partition(|refused| overrides.gates.contains(&refused.gate));
    if !left.is_empty() {
        return Err(error(environment, left));
    }
    let refusing: BTreeSet<Gate> = passed.iter().map(|refused| refused.gate).collect();
    let needless = overrides.gates.difference(&refusing).copied().collect();
    let details = (!passed.is_empty()).then(|| {
        let gates: Vec<_> = passed
            .iter()
            .map(|Refused { gate, message, notes, helps: _ }| {
                json!({ "gate": gate.name(), "message": message, "notes": notes })
            })
            .collect();
        json!({ "environment": environment, "overrides": gates, "reason": overrides.reason }).to_string()
    });
    Ok(Overridden { refused: passed, needless, details })
}

fn error(environment: &str, left: Vec<Refused>) -> CommandError {
    let names: Vec<&str> = left.iter().map(|refused| refused.gate.name()).collect();
    let names = names.join(",");
    let alone = left.len() == 1;
    let mut error = match left.as_slice() {
        [refused] => CommandError::refused(format!(
            "environment `{environment}` refuses the upgrade ({names}): {}",
            refused.message
        )),
        refused => CommandError::refused(format!(
            "environment `{environment}` refuses the upgrade for {} reasons",
            refused.len()
        )),
    };
    for Refused { gate, message, notes, helps } in left {
        if !alone {
            error.notes.push(format!("{}: {message}", gate.name()));
        }
        let indent = if alone { "" } else { "  " };
        error.notes.extend(notes.into_iter().map(|note| format!("{indent}{note}")));
        error.helps.extend(helps);
    }
    error
        .note("nothing was changed")
        .help(format!("or override what you answer for, which is logged: `--override {names} --reason TEXT`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(gate: Gate) -> Refused {
        Refused {
            gate,
            message: format!("{} is wrong", gate.name()),
            notes: vec!["a".to_owned()],
            helps: vec![format!("cure {}", gate.name())],
        }
    }

    #[test]
    fn what_is_not_overridden_is_named_with_its_cure() {
        let both = || vec![refused(Gate::Soak), refused(Gate::Branch)];
        let error = decide("production", both(), &Overrides::default()).unwrap_err();
        assert_eq!(error.to_string(), "environment `production` refuses the upgrade for 2 reasons");
        assert_eq!(
            error.notes,
            ["soak: soak is wrong", "  a", "branch: branch is wrong", "  a", "nothing was changed"]
        );
        assert_eq!(error.helps[..2], ["cure soak", "cure branch"]);
        assert!(error.helps[2].ends_with("`--override soak,branch --reason TEXT`"));
        let soak = Overrides { gates: [Gate::Soak, Gate::Requires].into(), reason: "a fix".to_owned() };
        let error = decide("production", both(), &soak).unwrap_err();
        assert_eq!(error.to_string(), "environment `production` refuses the upgrade (branch): branch is wrong");
    }

    #[test]
    fn an_override_is_kept_with_its_reason() {
        let overrides = Overrides { gates: [Gate::Soak, Gate::Requires].into(), reason: "a \"fix\"".to_owned() };
        let overridden = decide("production", vec![refused(Gate::Soak)], &overrides).unwrap();
        assert_eq!(overridden.needless, [Gate::Requires]);
        let details: serde_json::Value = serde_json::from_str(&overridden.details.unwrap()).unwrap();
        assert_eq!(details["reason"], "a \"fix\"");
        assert_eq!(details["overrides"][0]["gate"], "soak");
        assert_eq!(decide("production", Vec::new(), &overrides).unwrap().details, None);
    }
}
