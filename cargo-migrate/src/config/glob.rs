//! The patterns of a workspace's `members` and `exclude`, for the common forms that need no cargo.

use std::path::{Path, PathBuf};

/// Returns the folders that `pattern` names under `root`, sorted; `None` where it is of a form that only cargo reads.
pub(super) fn expand(root: &Path, pattern: &str) -> Option<Vec<PathBuf>> {
    if pattern.contains(['[', ']', '{', '}']) || pattern.contains("**") {
        return None;
    }
    let mut found = vec![root.to_path_buf()];
    for part in pattern.split('/').filter(|part| !part.is_empty() && *part != ".") {
        if !part.contains(['*', '?']) {
            for path in &mut found {
                path.push(part);
            }
            continue;
        }
        let mut next = Vec::new();
        for folder in &found {
            let Ok(entries) = fs_err::read_dir(folder) else { continue };
            for entry in entries {
                let entry = entry.ok()?;
                let name = entry.file_name();
                if name.to_str().is_some_and(|name| matches(part.as_bytes(), name.as_bytes())) && entry.path().is_dir()
                {
                    next.push(entry.path());
                }
            }
        }
        next.sort();
        found = next;
    }
    Some(found)
}

/// Whether `name` is of `pattern`, whose `*` stands for any text and `?` for one byte.
fn matches(pattern: &[u8], name: &[u8]) -> bool {
    match (pattern.split_first(), name.split_first()) {
        (None, None) => true,
        (Some((b'*', rest)), _) => (0..=name.len()).any(|at| name.get(at..).is_some_and(|name| matches(rest, name))),
        (Some((b'?', pattern)), Some((_, name))) => matches(pattern, name),
        (Some((a, pattern)), Some((b, name))) => a == b && matches(pattern, name),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_any_text() {
        for (pattern, name, expected) in [
            ("*", "a", true),
            ("crate-*", "crate-a", true),
            ("crate-*", "a", false),
            ("a?c", "abc", true),
            ("*x", "a", false),
        ] {
            assert_eq!(matches(pattern.as_bytes(), name.as_bytes()), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn expands_folders_only() {
        let root = tempfile::tempdir().unwrap();
        for folder in ["crates/b", "crates/a", "tools/x"] {
            fs_err::create_dir_all(root.path().join(folder)).unwrap();
        }
        fs_err::write(root.path().join("crates/file"), "").unwrap();
        let expand = |pattern| expand(root.path(), pattern);
        assert_eq!(expand("crates/*"), Some(vec![root.path().join("crates/a"), root.path().join("crates/b")]));
        assert_eq!(expand("./tools/x"), Some(vec![root.path().join("tools/x")]));
        assert_eq!(expand("crates/**"), None);
    }
}
