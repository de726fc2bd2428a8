//! Applies fixes.

use migrate_build::migration::Migration;
use migrate_build::migration::dir::Folder;

use super::run::{Found, Linted};
use crate::error::CommandError;
use crate::file_changes::FileChange;

/// What fixing would change.
#[derive(Clone, Debug, Default)]
pub struct Fixed {
    /// The scripts' new texts.
    pub changes: Vec<FileChange>,
    /// How many findings that mends.
    pub count: usize,
}

/// Works out the new texts of the migrations that `may_change` lets be changed. Of fixes that would write over each other only the first one of a script is
/// taken: the next round finds the others.
///
/// # Errors
/// A script can't be read.
pub fn fix(folder: &Folder, linted: &[Linted], may_change: &dyn Fn(&Migration) -> bool) -> Result<Fixed, CommandError> {
    let mut fixed = Fixed::default();
    for Linted { version, findings } in linted {
        let Some(migration) = folder.find(*version).filter(|migration| may_change(migration)) else { continue };
        if findings.iter().all(|found| found.fix.is_none()) {
            continue;
        }
        let text = folder.text(&migration.up)?;
        let (text, count) = mended(&text, findings);
        if count > 0 {
            fixed.changes.push(FileChange::replace(folder.root.join(&migration.up), text));
            fixed.count += count;
        }
    }
    Ok(fixed)
}

fn mended(text: &str, findings: &[Found]) -> (String, usize) {
    let mut edits: Vec<(std::ops::Range<usize>, &str)> = Vec::new();
    let mut count = 0;
    for edit in findings.iter().filter_map(|found| found.fix.as_ref()) {
        let apart = |(at, _): &(std::ops::Range<usize>, String)| {
            edits.iter().all(|(taken, _)| at.end < taken.start || taken.end < at.start)
                && text.get(at.clone()).is_some()
        };
        if !edit.is_empty() && edit.iter().all(apart) {
            edits.extend(edit.iter().map(|(at, text)| (at.clone(), text.as_str())));
            count += 1;
        }
    }
    edits.sort_by_key(|(at, _)| at.start);
    let mut out = text.to_owned();
    for (at, with) in edits.into_iter().rev() {
        out.replace_range(at, with);
    }
    (out, count)
}

#[cfg(test)]
mod tests {
    use migrate_build::diagnostic::{Diagnostic, Level};

    use super::*;

    fn found(edits: &[(std::ops::Range<usize>, &str)]) -> Found {
        let diagnostic = Diagnostic {
            rule: "r",
            level: Level::Warn,
            message: String::new(),
            labels: Vec::new(),
            notes: Vec::new(),
            helps: Vec::new(),
        };
        let fix = edits.iter().map(|(at, text)| (at.clone(), (*text).to_owned())).collect();
        Found { diagnostic, fix: Some(fix) }
    }

    #[test]
    fn edits_that_overlap_wait_for_the_next_round() {
        let findings = [found(&[(0..1, "A"), (4..5, "E")]), found(&[(3..4, "d")]), found(&[(2..3, "")])];
        assert_eq!(mended("abcde", &findings), ("AbdE".to_owned(), 2));
        assert_eq!(mended("abc", &[found(&[(2..9, "")])]), ("abc".to_owned(), 0));
    }
}
