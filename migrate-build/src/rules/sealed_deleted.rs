//! A sealed migration whose files are gone.

use super::{SEALED_DELETED, sealed};
use crate::diagnostic::{Diagnostic, Label};
use crate::lock::Seal;
use crate::lock::compare::Mismatch;
use crate::migration::dir::Folder;

pub(super) fn check(folder: &Folder, mismatch: Mismatch<'_>, out: &mut Vec<Diagnostic>) {
    let (Seal { stem, version, .. }, down) = match mismatch {
        Mismatch::Deleted(seal) => (seal, false),
        Mismatch::DownDeleted(seal, _) => (seal, true),
        _ => return,
    };
    let message = if down {
        format!("the down script of `{stem}` was sealed and is gone")
    } else {
        format!("`{stem}` was sealed and is gone")
    };
    let path = sealed::shown(folder, &sealed::script_of(stem, down));
    let undo = if down {
        "or take it from a database that has applied it: `cargo migrate repair --restore`"
    } else {
        "or take it from a database that has applied it: `cargo migrate repair --restore`; what it did is undone by a new migration"
    };
    out.push(Diagnostic {
        labels: vec![Label { path, span: None, text: String::new() }],
        notes: vec![sealed::WHY.to_owned()],
        helps: sealed::helps(sealed::FIND_COMMIT.to_owned(), *version, undo),
        ..SEALED_DELETED.finding(message)
    });
}
