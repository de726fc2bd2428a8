//! Findings of builds and those about git, as one list: what both tell is told once.

use std::collections::BTreeSet;

use migrate_build::diagnostic::Diagnostic;
use migrate_build::rules;

use super::rules::{DELETED, EDITED, RENAMED, REPARENTED};

/// Adds the findings about git to those of a build. What was done to a sealed migration is told by the rule about seals, with
/// what git knows of it. What is about changes comes first: what looks like a wrong graph may only be the change of one that
/// was right. What the lock file has answered for is left out, unless it is gone.
pub fn join(found: &mut Vec<Diagnostic>, about_git: Vec<Diagnostic>, answered: &BTreeSet<String>) {
    let mut added = Vec::new();
    for finding in about_git {
        let twin = sealed(finding.rule).and_then(|rule| {
            let stem = format!("`{}`", stem(&finding)?);
            found.iter_mut().find(|other| other.rule == rule && other.message.contains(&stem))
        });
        match twin {
            Some(twin) => {
                twin.notes.extend(finding.notes.into_iter().filter(|note| !twin_says(note)));
            }
            None if finding.rule != DELETED.name && stem(&finding).is_some_and(|stem| answered.contains(stem)) => {}
            None => added.push(finding),
        }
    }
    found.splice(..0, added);
    found.sort_by_key(|finding| !finding.rule.starts_with("sealed-"));
}

/// The migration that a finding about git is about.
fn stem(finding: &Diagnostic) -> Option<&str> {
    finding.message.split('`').nth(1)
}

/// What is left out beside a seal: that others have it is what a seal means.
fn twin_says(note: &str) -> bool {
    note.ends_with("and so may databases") || note.starts_with("a database may have it")
}

/// The rule about seals that finds the same.
fn sealed(rule: &str) -> Option<&'static str> {
    let pairs = [
        (&DELETED, &rules::SEALED_DELETED),
        (&EDITED, &rules::SEALED_EDITED),
        (&RENAMED, &rules::SEALED_RENAMED),
        (&REPARENTED, &rules::SEALED_PARENTS_CHANGED),
    ];
    pairs.iter().find(|(committed, _)| committed.name == rule).map(|(_, sealed)| sealed.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_change_is_told_once() {
        let mut found = vec![rules::SEVERAL_HEADS.finding("heads"), rules::SEALED_EDITED.finding("`V1__a` was edited")];
        let mut edited = EDITED.finding("the down script of `V1__a` was edited after it was committed");
        edited.notes = vec!["commit 1".to_owned(), "`main` has it as it was, and so may databases".to_owned()];
        let other = EDITED.finding("`V2__b` was edited after it was committed");
        let parents = REPARENTED.finding("`V3__c` was put on nothing after it was committed on `V2__b`");
        let deleted = DELETED.finding("`V3__c` was deleted after it was committed");
        join(&mut found, vec![edited, other, parents, deleted], &BTreeSet::from(["V3__c".to_owned()]));
        let shown: Vec<_> = found.iter().map(|it| format!("{} {:?}", it.rule, it.notes)).collect();
        assert_eq!(
            shown,
            ["sealed-edited [\"commit 1\"]", "committed-edited []", "committed-deleted []", "several-heads []"]
        );
    }
}
