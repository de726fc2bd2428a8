//! A script that is not what its Rust source was rendered to.

use crate::diagnostic::{Diagnostic, Label, Level};
use crate::lock::Hash;
use crate::migration::dir::Folder;
use crate::migration::{Direction, header};

use super::{STALE_RENDER, Script, naming};

/// Returns what `rendered-from` says of a Rust source with this text: `sha256:` and the hash in hexadecimal.
///
/// `source` is the folded text (LF, no byte-order mark), so that a checkout with CRLF is not a change.
pub fn fingerprint(source: &str) -> String {
    format!("sha256:{}", Hash::of(source))
}

pub(super) fn check(script: &Script<'_>, out: &mut Vec<Diagnostic>) {
    if script.direction == Direction::Down {
        return;
    }
    let name = naming::stem(script.migration);
    let rendered_from = script.migration.header.rendered_from.as_deref();
    let label = |text: &str| Label {
        path: script.path.to_owned(),
        span: header::locate(script.text, "rendered-from"),
        text: text.to_owned(),
    };
    match (rendered_from, script.rust_source) {
        (Some(hash), Some(source)) if hash != fingerprint(source) => out.push(Diagnostic {
            labels: vec![label("rendered from another text than the source has now")],
            notes: vec!["the SQL is what runs, the Rust source is not read when migrations are applied".to_owned()],
            helps: vec![
                render(&name),
                "if the migration is applied already, restore the source and change the schema in a new migration"
                    .to_owned(),
            ],
            ..STALE_RENDER.finding(format!("the Rust source of `{name}` changed since it was rendered"))
        }),
        (None, Some(_)) => out.push(Diagnostic {
            labels: vec![label("the header has no `rendered-from`")],
            helps: vec![
                render(&name),
                "or, if the SQL is meant to stand on its own, delete the Rust source".to_owned(),
            ],
            ..STALE_RENDER.finding(format!("`{name}` has a Rust source and was not rendered from it"))
        }),
        (Some(_), None) => out.push(Diagnostic {
            // Harmless: the SQL is complete. It may not refuse a package that gave up on Rust sources.
            level: Level::Warn,
            labels: vec![label("rendered from a source that is not there")],
            notes: vec!["the SQL is complete and runs as it is".to_owned()],
            helps: vec![format!(
                "find the commits that have the source: `git log --all --oneline -- {}`",
                naming::shell_word(&format!("*/rust/{name}.rs"))
            )],
            ..STALE_RENDER.finding(format!("the Rust source of `{name}` is gone"))
        }),
        _ => {}
    }
}

/// Finds the Rust sources that have no script at all.
pub(super) fn check_sources(folder: &Folder, out: &mut Vec<Diagnostic>) {
    for source in &folder.rust {
        if folder.migrations.iter().any(|migration| migration.up.file_stem() == source.file_stem()) {
            continue;
        }
        let path = folder.shown(source);
        let name = source.file_stem().unwrap_or_default().to_string_lossy();
        out.push(Diagnostic {
            helps: vec![render(&name)],
            ..STALE_RENDER.finding(format!("{} was never rendered, so it is not part of the history", path.display()))
        });
        if let Some(finding) = out.last_mut() {
            finding.labels.push(Label { path, span: None, text: String::new() });
        }
    }
}

fn render(name: &str) -> String {
    format!("render it: `cargo migrate render {}`", naming::shell_word(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::naming::tests::{migration, script};

    fn found(rendered_from: Option<String>, source: Option<&str>) -> Vec<Level> {
        let mut migration = migration(2, &[1]);
        migration.header.rendered_from = rendered_from;
        let mut out = Vec::new();
        check(&Script { rust_source: source, ..script(&migration, "select 1") }, &mut out);
        let down = Script { direction: Direction::Down, ..script(&migration, "select 1") };
        check(&down, &mut out);
        out.into_iter().map(|finding| finding.level).collect()
    }

    #[test]
    fn the_script_names_the_source_it_comes_from() {
        assert_eq!(found(Some(fingerprint("a")), Some("a")), []);
        assert_eq!(found(None, None), []);
        assert_eq!(found(Some(fingerprint("a")), Some("b")), [Level::Deny]);
        assert_eq!(found(None, Some("b")), [Level::Deny]);
        assert_eq!(found(Some(fingerprint("a")), None), [Level::Warn]);
    }

    #[test]
    fn the_fingerprint_is_sha256() {
        let empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(fingerprint(""), empty);
    }
}
