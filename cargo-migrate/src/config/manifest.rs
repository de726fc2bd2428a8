//! Finding the package that a command is about, and its settings as written, by reading `Cargo.toml` files. Cargo itself
//! is started only where reading them isn't enough: that alone takes longer than most commands do.

use std::path::{Path, PathBuf};

use migrate_build::settings::{DEFAULT_DIR, Section};
use toml::de::DeTable;

use super::raw::{RawSettings, Source};
use super::{ConfigError, glob};

/// The file's name.
pub const CARGO_TOML: &str = "Cargo.toml";

/// A package and what its manifests say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its folder.
    pub root: PathBuf,
    /// The folder of the workspace it is in; its own where it is in none.
    pub workspace_root: PathBuf,
    /// `[package.metadata.migrate]`; `None` where it isn't written.
    pub package_settings: Option<RawSettings>,
    /// `[workspace.metadata.migrate]`.
    pub workspace_settings: RawSettings,
}

/// What is to be read of one `Cargo.toml`.
#[derive(Clone, Debug, Default)]
struct Manifest {
    folder: PathBuf,
    package: Option<PackageTable>,
    workspace: Option<WorkspaceTable>,
}

#[derive(Clone, Debug)]
struct PackageTable {
    name: String,
    workspace: Option<PathBuf>,
    settings: Option<RawSettings>,
}

#[derive(Clone, Debug, Default)]
struct WorkspaceTable {
    members: Vec<String>,
    exclude: Vec<String>,
    settings: RawSettings,
}

impl Manifest {
    fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = fs_err::read_to_string(path)?;
        let source = Source { path, text: &text };
        let document = DeTable::parse(&text).map_err(|error| {
            source.error(error.span().map_or(0, |span| span.start), error.message(), "`cargo check` says more")
        })?;
        let package = match table(document.get_ref(), "package") {
            None => None,
            Some(package) => Some(PackageTable {
                name: string(package, "name")
                    .ok_or_else(|| source.error(0, "`package.name` is missing", "`cargo check` says more"))?,
                workspace: string(package, "workspace").map(PathBuf::from),
                settings: RawSettings::read(source, document.get_ref(), Section::Package)?,
            }),
        };
        let workspace = match table(document.get_ref(), "workspace") {
            None => None,
            Some(workspace) => Some(WorkspaceTable {
                members: strings(workspace, "members"),
                exclude: strings(workspace, "exclude"),
                settings: RawSettings::read(source, document.get_ref(), Section::Workspace)?.unwrap_or_default(),
            }),
        };
        Ok(Self { folder: path.parent().unwrap_or(Path::new("")).to_path_buf(), package, workspace })
    }
}

fn table<'t, 'i>(of: &'t DeTable<'i>, key: &str) -> Option<&'t DeTable<'i>> {
    of.get(key)?.get_ref().as_table()
}

fn string(table: &DeTable<'_>, key: &str) -> Option<String> {
    table.get(key)?.get_ref().as_str().map(str::to_owned)
}

fn strings(table: &DeTable<'_>, key: &str) -> Vec<String> {
    let array = table.get(key).and_then(|value| value.get_ref().as_array());
    array
        .map(|array| array.iter().filter_map(|item| item.get_ref().as_str()).map(str::to_owned).collect())
        .unwrap_or_default()
}

/// Finds the package: the one that `name` names in the workspace, or the one that `manifest_path` or the nearest
/// `Cargo.toml` above `cwd` describes, or the only one of a workspace that uses migrations.
///
/// # Errors
/// There is none, or several may be meant, or a manifest is wrong.
pub fn find(cwd: &Path, manifest_path: Option<&Path>, name: Option<&str>) -> Result<Package, ConfigError> {
    let path = match manifest_path {
        Some(path) => given(cwd, path)?,
        None => cwd
            .ancestors()
            .map(|folder| folder.join(CARGO_TOML))
            .find(|path| path.is_file())
            .ok_or_else(|| ConfigError::NoManifest { from: cwd.to_path_buf() })?,
    };
    let manifest = Manifest::read(&path)?;
    if let Some(package) = &manifest.package
        && name.is_none_or(|name| name == package.name)
    {
        return package_of(manifest.clone(), None);
    }
    let workspace = match manifest.workspace {
        Some(_) => manifest,
        None => workspace_of(&manifest)?.unwrap_or(manifest),
    };
    match name {
        Some(name) => by_name(workspace, name),
        None => only(workspace),
    }
}

fn given(cwd: &Path, path: &Path) -> Result<PathBuf, ConfigError> {
    let path = cwd.join(path);
    if path.file_name().is_none_or(|name| name != CARGO_TOML) || path.is_dir() {
        return Err(ConfigError::NotAManifest { path });
    }
    Ok(path)
}

/// The package of a manifest that has one. `workspace` is its workspace where that is known already.
fn package_of(manifest: Manifest, workspace: Option<&Manifest>) -> Result<Package, ConfigError> {
    let found = match (workspace, &manifest.workspace) {
        (Some(workspace), _) => Some(workspace.clone()),
        (None, Some(_)) => Some(manifest.clone()),
        (None, None) => workspace_of(&manifest)?,
    };
    let (workspace_root, workspace_settings) = match found {
        Some(Manifest { folder, workspace: Some(workspace), .. }) => (folder, workspace.settings),
        _ => (manifest.folder.clone(), RawSettings::default()),
    };
    let (name, package_settings) = match manifest.package {
        Some(package) => (package.name, package.settings),
        None => return Err(ConfigError::NotAManifest { path: manifest.folder.join(CARGO_TOML) }),
    };
    Ok(Package { name, root: manifest.folder, workspace_root, package_settings, workspace_settings })
}

/// The workspace that a package is in: the one it names, or the nearest above it that doesn't exclude it.
fn workspace_of(manifest: &Manifest) -> Result<Option<Manifest>, ConfigError> {
    if let Some(named) = manifest.package.as_ref().and_then(|package| package.workspace.as_ref()) {
        return Manifest::read(&manifest.folder.join(named).join(CARGO_TOML)).map(Some);
    }
    for folder in manifest.folder.ancestors().skip(1) {
        let path = folder.join(CARGO_TOML);
        if !path.is_file() {
            continue;
        }
        let above = Manifest::read(&path)?;
        if let Some(workspace) = &above.workspace {
            let excluded = workspace.exclude.iter().any(|exclude| manifest.folder.starts_with(folder.join(exclude)));
            return Ok((!excluded).then_some(above));
        }
    }
    Ok(None)
}

fn by_name(workspace: Manifest, name: &str) -> Result<Package, ConfigError> {
    let mut members = members_by_reading(&workspace).unwrap_or_default();
    if !members.iter().any(|member| is_named(member, name)) {
        members = members_by_cargo(&workspace)?;
    }
    if let Some(member) = members.iter().find(|member| is_named(member, name)) {
        return package_of(member.clone(), Some(&workspace));
    }
    Err(ConfigError::UnknownPackage { root: workspace.folder, name: name.to_owned(), packages: names(&members) })
}

/// The only package that uses migrations, or the only one at all.
fn only(workspace: Manifest) -> Result<Package, ConfigError> {
    let mut members = members_by_reading(&workspace).unwrap_or_default();
    if !members.iter().any(uses_migrations) {
        // A path dependency is a member without being listed as one.
        members = members_by_cargo(&workspace)?;
    }
    let using: Vec<&Manifest> = members.iter().filter(|member| uses_migrations(member)).collect();
    match (using.as_slice(), members.as_slice()) {
        ([member], _) => package_of((*member).clone(), Some(&workspace)),
        ([], [member]) => package_of(member.clone(), Some(&workspace)),
        ([], _) => Err(ConfigError::NoMigrations { root: workspace.folder, packages: names(&members) }),
        (_, _) => {
            let packages = using.iter().filter_map(|member| member.package.as_ref()).map(|p| p.name.clone()).collect();
            Err(ConfigError::SeveralPackages { root: workspace.folder, packages })
        }
    }
}

fn is_named(manifest: &Manifest, name: &str) -> bool {
    manifest.package.as_ref().is_some_and(|package| package.name == name)
}

fn names(members: &[Manifest]) -> Vec<String> {
    members.iter().filter_map(|member| member.package.as_ref()).map(|package| package.name.clone()).collect()
}

/// Whether a package has settings of ours, or a folder as `init` makes it.
fn uses_migrations(manifest: &Manifest) -> bool {
    manifest.package.as_ref().is_some_and(|package| package.settings.is_some())
        || manifest.folder.join(DEFAULT_DIR).join("versions").is_dir()
}

/// The listed members, sorted by name; `None` where their patterns are for cargo only.
fn members_by_reading(workspace: &Manifest) -> Option<Vec<Manifest>> {
    let table = workspace.workspace.as_ref()?;
    let mut folders = Vec::new();
    for pattern in &table.members {
        folders.extend(glob::expand(&workspace.folder, pattern)?);
    }
    folders.sort();
    folders.dedup();
    folders.retain(|folder| !table.exclude.iter().any(|exclude| folder.starts_with(workspace.folder.join(exclude))));
    let mut members = Vec::new();
    if workspace.package.is_some() {
        members.push(workspace.clone());
    }
    for folder in folders {
        // A member that can't be read is for cargo to complain about, unless it is the one that is meant.
        members.extend(Manifest::read(&folder.join(CARGO_TOML)).ok());
    }
    Some(sorted(members))
}

fn members_by_cargo(workspace: &Manifest) -> Result<Vec<Manifest>, ConfigError> {
    let metadata = cargo_metadata::MetadataCommand::new()
        .manifest_path(workspace.folder.join(CARGO_TOML))
        .no_deps()
        .exec()
        .map_err(|error| ConfigError::Metadata(Box::new(error)))?;
    let members = metadata.workspace_packages().into_iter().map(|p| Manifest::read(p.manifest_path.as_std_path()));
    members.collect::<Result<_, _>>().map(sorted)
}

fn sorted(mut members: Vec<Manifest>) -> Vec<Manifest> {
    members.sort_by_cached_key(|member| member.package.as_ref().map(|package| package.name.clone()));
    members
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = root.path().join(path);
            fs_err::create_dir_all(path.parent().unwrap()).unwrap();
            fs_err::write(path, text).unwrap();
        }
        root
    }

    fn workspace() -> tempfile::TempDir {
        tree(&[
            ("Cargo.toml", "[workspace]\nmembers = ['crates/*']\n[workspace.metadata.migrate]\nhistory = 'h'\n"),
            ("crates/a/Cargo.toml", "[package]\nname = 'a'\n[package.metadata.migrate]\ndir = 'db'\n"),
            ("crates/a/src/lib.rs", ""),
            ("crates/b/Cargo.toml", "[package]\nname = 'b'\nversion = '0.1.0'\nedition = '2024'\n"),
            ("crates/b/src/lib.rs", ""),
        ])
    }

    #[test]
    fn the_nearest_package_is_taken_with_its_workspaces_settings() {
        let root = workspace();
        let package = find(&root.path().join("crates/a/src"), None, None).unwrap();
        assert_eq!((package.name.as_str(), &package.root), ("a", &root.path().join("crates/a")));
        assert_eq!(package.workspace_root, root.path());
        assert_eq!(package.workspace_settings.shared.history.as_deref(), Some("h"));
        assert_eq!(package.package_settings.unwrap().shared.dir, Some("db".into()));
    }

    #[test]
    fn a_workspace_leads_to_its_only_package_with_migrations() {
        let root = workspace();
        assert_eq!(find(root.path(), None, None).unwrap().name, "a");
        assert_eq!(find(root.path(), None, Some("b")).unwrap().name, "b");
        assert_eq!(find(&root.path().join("crates/a"), None, Some("b")).unwrap().name, "b");
        fs_err::create_dir_all(root.path().join("crates/b/migrations/versions")).unwrap();
        let error = find(root.path(), None, None).unwrap_err();
        assert!(error.to_string().ends_with("use migrations: `a`, `b`"), "{error}");
        assert_eq!(error.help().as_deref(), Some("choose one, for example `-p a`"));
    }

    #[test]
    fn an_unknown_package_is_named() {
        let root = workspace();
        fs_err::write(root.path().join("crates/a/Cargo.toml"), "[package]\nname = 'aa'\nversion = '0.1.0'\n").unwrap();
        let error = find(root.path(), None, Some("aaa")).unwrap_err();
        assert!(error.to_string().ends_with("has no package `aaa`"), "{error}");
        assert_eq!(error.help().as_deref(), Some("did you mean `aa`?"));
    }

    #[test]
    fn an_excluded_package_is_in_no_workspace() {
        let root = tree(&[
            ("Cargo.toml", "[workspace]\nexclude = ['out']\n[workspace.metadata.migrate]\nhistory = 'h'\n"),
            ("out/Cargo.toml", "[package]\nname = 'out'\n"),
        ]);
        let package = find(&root.path().join("out"), None, None).unwrap();
        assert_eq!(
            (package.workspace_root, package.workspace_settings.shared.history),
            (root.path().join("out"), None)
        );
    }

    #[test]
    fn wrong_paths_and_manifests_are_named() {
        let root = tree(&[("a/Cargo.toml", "[package]\nname = 'a\n"), ("b/README", "")]);
        let message = |path: &str| find(root.path(), Some(Path::new(path)), None).unwrap_err().to_string();
        assert!(message("a").ends_with("is not a `Cargo.toml`"));
        assert!(message("b/Cargo.toml").contains("b/Cargo.toml"));
        assert!(message("a/Cargo.toml").contains("a/Cargo.toml:2:"), "{}", message("a/Cargo.toml"));
    }
}
