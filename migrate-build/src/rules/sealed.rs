//! What the findings about sealed migrations share: why it matters, and the ways out.

use std::path::{Path, PathBuf};

use crate::migration::dir::{Folder, VERSIONS};

/// Why nothing sealed may change.
pub(super) const WHY: &str = "a sealed migration stays as it is: databases have applied it and will not see the change";

/// What leads to the commit that has the files. Whoever can ask git puts the command itself in its place.
pub const FIND_COMMIT: &str = "restore the file first: `cargo migrate check` says which commit to take it from";

/// The cures behind the first one, of a migration whose files are not what was sealed.
pub(super) fn helps(first: String, version: i64, change: &str) -> Vec<String> {
    vec![
        first,
        change.to_owned(),
        format!("or, if nothing else will do, say why: `cargo migrate seal --break {version} --reason TEXT`"),
    ]
}

/// What a script's file is called: `V1__a.sql`, or `V1__a.down.sql`.
pub(super) fn script_of(stem: &str, down: bool) -> String {
    format!("{stem}{}", if down { ".down.sql" } else { ".sql" })
}

/// The path of one of a folder's scripts, as findings show it.
pub(super) fn shown(folder: &Folder, script: &str) -> PathBuf {
    folder.shown(&Path::new(VERSIONS).join(script))
}
