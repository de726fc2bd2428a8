//! Tests that are folders of cases.

use std::path::Path;

/// Checks every file of a folder of the package; each has snapshots of its own, called like it.
pub(crate) fn each(folder: &str, check: impl Fn(&Path)) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files: Vec<_> = fs_err::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty());
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        insta::with_settings!({ snapshot_suffix => name }, { check(&file) });
    }
}
