//! A sealed migration whose files have another name.

use super::{DUPLICATE_VERSION, SEALED_RENAMED, naming, sealed};
use crate::diagnostic::{Diagnostic, Label};
use crate::lock::compare::Mismatch;
use crate::migration::dir::Folder;

pub(super) fn check(folder: &Folder, mismatch: Mismatch<'_>, out: &mut Vec<Diagnostic>) {
    let Mismatch::Renamed(seal, migration) = mismatch else { return };
    let was = sealed::shown(folder, &sealed::script_of(&seal.stem, false));
    // Its file is there, and another one has taken its version: that is one finding already.
    let shadowed = folder
        .findings
        .iter()
        .any(|finding| finding.rule == DUPLICATE_VERSION.name && finding.labels.iter().any(|label| label.path == was));
    if shadowed {
        return;
    }
    let name = naming::stem(migration);
    let moved = |down: bool| {
        let path = |stem: &str| sealed::shown(folder, &sealed::script_of(stem, down)).display().to_string();
        format!("mv {} {}", naming::shell_word(&path(&name)), naming::shell_word(&path(&seal.stem)))
    };
    let mut back = moved(false);
    if seal.down.is_some() && migration.down.is_some() {
        back = format!("{back} && {}", moved(true));
    }
    out.push(Diagnostic {
        labels: vec![Label { path: folder.shown(&migration.up), span: None, text: String::new() }],
        notes: vec![sealed::WHY.to_owned()],
        helps: sealed::helps(
            format!("restore the name first: `{back}`"),
            seal.version,
            "if this is another migration, give it a version of its own: `cargo migrate new NAME`",
        ),
        ..SEALED_RENAMED.finding(format!("`{}` was sealed and is called `{name}` now", seal.stem))
    });
}
