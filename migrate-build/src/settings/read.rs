//! Finds a package's manifest and its workspace's.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};

use super::manifest::entry;
use super::{Section, Settings, parse};
use crate::error::Error;

/// What [`read`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// The package's settings over those of its workspace.
    pub settings: Settings,
    /// The manifests that were read: the package's, and its workspace's where that is another file.
    pub manifests: Vec<PathBuf>,
}

/// Reads the settings of the package in the folder `package`.
///
/// # Errors
/// A manifest can't be read, or its tables hold mistakes, of which all are named.
pub fn read(package: &Path) -> Result<Read, Error> {
    let path = package.join("Cargo.toml");
    let manifest = fs::read_to_string(&path).map_err(|source| Error::Read { path: path.clone(), source })?;
    let shown = Path::new("Cargo.toml");
    let (settings, mut mistakes) = parse(&manifest, shown, Section::Package);
    let mut read = Read { settings, manifests: vec![path] };
    let mut workspace = Settings::default();
    match workspace_of(package, &manifest)? {
        None => {}
        Some(Workspace::Same) => {
            let (settings, more) = parse(&manifest, shown, Section::Workspace);
            workspace = settings;
            // One manifest that is no TOML is one mistake.
            mistakes.extend(more.into_iter().filter(|mistake| !mistakes.contains(mistake)).collect::<Vec<_>>());
        }
        Some(Workspace::Other { path, manifest }) => {
            let (settings, more) = parse(&manifest, &path, Section::Workspace);
            workspace = settings;
            mistakes.extend(more);
            read.manifests.push(path);
        }
    }
    if !mistakes.is_empty() {
        return Err(Error::Settings(mistakes));
    }
    read.settings = read.settings.or(workspace);
    Ok(read)
}

enum Workspace {
    /// The package's own manifest is the workspace's.
    Same,
    Other {
        path: PathBuf,
        manifest: String,
    },
}

/// Finds the workspace as cargo does: the manifest itself, the one that `package.workspace` names, or the first one
/// above that has a `[workspace]` and does not exclude the package.
fn workspace_of(package: &Path, manifest: &str) -> Result<Option<Workspace>, Error> {
    let Ok(table) = DeTable::parse(manifest) else { return Ok(None) };
    if table.get_ref().contains_key("workspace") {
        return Ok(Some(Workspace::Same));
    }
    let named = table.get_ref().get("package").and_then(|package| entry(package, "workspace"));
    if let Some(DeValue::String(root)) = named.map(|root| root.get_ref()) {
        let path = package.join(root.as_ref()).join("Cargo.toml");
        return match fs::read_to_string(&path) {
            Ok(manifest) => Ok(Some(Workspace::Other { path, manifest })),
            Err(source) => Err(Error::Read { path, source }),
        };
    }
    for folder in package.ancestors().skip(1) {
        let path = folder.join("Cargo.toml");
        let manifest = match fs::read_to_string(&path) {
            Ok(manifest) => manifest,
            Err(source) if source.kind() == io::ErrorKind::NotFound => continue,
            Err(source) => return Err(Error::Read { path, source }),
        };
        // Most manifests above have nothing to do with this package, and cargo has read those that have.
        let excluded = match DeTable::parse(&manifest) {
            Ok(table) => match table.get_ref().get("workspace") {
                Some(workspace) => excludes(workspace.get_ref(), package.strip_prefix(folder).unwrap_or(package)),
                None => continue,
            },
            Err(_) => continue,
        };
        return Ok((!excluded).then_some(Workspace::Other { path, manifest }));
    }
    Ok(None)
}

/// Whether a `[workspace]` excludes the package at `relative`; a member's path wins over an excluded folder above it.
fn excludes(workspace: &DeValue<'_>, relative: &Path) -> bool {
    let DeValue::Table(workspace) = workspace else { return false };
    let list = |key: &str| -> Vec<&str> {
        match workspace.get(key).map(|list| list.get_ref()) {
            Some(DeValue::Array(list)) => list
                .iter()
                .filter_map(|item| match item.get_ref() {
                    DeValue::String(path) => Some(path.as_ref()),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        }
    };
    let excluded = list("exclude").iter().any(|path| relative.starts_with(path));
    excluded && !list("members").iter().any(|path| relative == Path::new(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(files: &[(&str, &str)], package: &str) -> Result<Read, Error> {
        let dir = tempfile::tempdir().unwrap();
        for (file, text) in files {
            let path = dir.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let mut read = read(&dir.path().join(package))?;
        for manifest in &mut read.manifests {
            *manifest = manifest.strip_prefix(dir.path()).unwrap().to_owned();
        }
        Ok(read)
    }

    const WORKSPACE: &str =
        "[workspace]\nmembers = ['old/kept']\nexclude = ['old']\n[workspace.metadata.migrate]\ndir = 'ws'";
    const PACKAGE: &str = "[package]\nname = 'x'\n[package.metadata.migrate]\nhistory = 'mine'";

    #[test]
    fn finds_the_workspace_as_cargo_does() {
        let files = |package| [("Cargo.toml", WORKSPACE), (package, PACKAGE)];
        let read = settings(&files("a/b/Cargo.toml"), "a/b").unwrap();
        assert_eq!(read.settings.dir, Some("ws".into()));
        assert_eq!(read.settings.history.as_deref(), Some("mine"));
        assert_eq!(read.manifests, [Path::new("a/b/Cargo.toml"), Path::new("Cargo.toml")]);
        assert_eq!(settings(&files("old/x/Cargo.toml"), "old/x").unwrap().settings.dir, None);
        assert_eq!(settings(&files("old/kept/Cargo.toml"), "old/kept").unwrap().settings.dir, Some("ws".into()));
    }

    #[test]
    fn a_named_workspace_and_a_root_package() {
        let named = [("ws/Cargo.toml", WORKSPACE), ("x/Cargo.toml", "[package]\nworkspace = '../ws'")];
        assert_eq!(settings(&named, "x").unwrap().settings.dir, Some("ws".into()));
        let both = format!("{PACKAGE}\n{WORKSPACE}");
        let read = settings(&[("Cargo.toml", &both)], "").unwrap();
        assert_eq!(read.settings.dir, Some("ws".into()));
        assert_eq!(read.manifests.len(), 1);
    }

    #[test]
    fn all_mistakes_at_once() {
        let error = settings(
            &[
                ("Cargo.toml", "[workspace.metadata.migrate]\ndri = 'x'"),
                ("a/Cargo.toml", "[package.metadata.migrate]\nhistory = ''"),
            ],
            "a",
        )
        .unwrap_err();
        let Error::Settings(mistakes) = &error else { panic!("{error}") };
        assert_eq!(mistakes.len(), 2);
        assert!(error.to_string().starts_with("Cargo.toml:2:11: `history` is empty\n"), "{error}");
        assert!(error.to_string().ends_with("Cargo.toml:2:1: unknown key `dri` in `[workspace.metadata.migrate]`"));
        assert_eq!(error.help().unwrap(), "write `history = \"refinery_schema_history\"`\ndid you mean `dir`?");
    }
}
