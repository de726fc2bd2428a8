//! Edits of `Cargo.toml` and of cargo's own configuration, which keep every comment and the formatting of the rest.

use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, TableLike, Value, value};

/// Where a dependency of ours comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A version requirement, for crates.io.
    Version(String),
    /// A checkout of ours: the folder that holds our crates, as the package refers to it.
    Path(String),
}

impl Source {
    /// The entry of one of our crates.
    fn dependency(&self, name: &str) -> InlineTable {
        let mut entry = InlineTable::new();
        match self {
            Self::Version(requirement) => entry.insert("version", requirement.as_str().into()),
            Self::Path(folder) => entry.insert("path", path_of(folder, name).into()),
        };
        entry
    }

    /// The entry of one of our crates as text, for a manifest that is written anew.
    pub fn to_toml(&self, name: &str) -> String {
        match self {
            Self::Version(requirement) => Value::from(requirement.as_str()).to_string(),
            Self::Path(_) => self.dependency(name).to_string().trim().to_owned(),
        }
    }
}

/// A manifest's paths have `/` on every system.
fn path_of(folder: &str, name: &str) -> String {
    match folder {
        // The checkout itself.
        "" => name.to_owned(),
        folder => format!("{}/{name}", folder.replace('\\', "/").trim_end_matches('/')),
    }
}

/// Why a manifest can't be edited.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// Not TOML.
    #[error("{0}")]
    Syntax(String),
    /// A key holds another type than cargo wants.
    #[error("`{key}` is not a {wanted}")]
    Shape {
        /// The key.
        key: String,
        /// What it should be.
        wanted: &'static str,
    },
    /// `[package] build` says something that this tool can't follow.
    #[error("`package.build` is {found}")]
    Build {
        /// What it is.
        found: String,
    },
    /// An alias of that name does something else.
    #[error("the alias `{name}` is already `{command}`")]
    Alias {
        /// The alias.
        name: &'static str,
        /// What it runs.
        command: String,
    },
}

/// An edited text and what changed in it, a phrase each; nothing changed where there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    /// The whole text.
    pub text: String,
    /// What changed (``added `migrate-build` to `[dependencies]` ``).
    pub changes: Vec<String>,
}

fn parse(text: &str) -> Result<DocumentMut, ManifestError> {
    text.parse().map_err(|error: toml_edit::TomlError| ManifestError::Syntax(error.to_string().trim_end().to_owned()))
}

fn edited(text: &str, document: &DocumentMut, changes: Vec<String>) -> Edited {
    if changes.is_empty() {
        return Edited { text: text.to_owned(), changes };
    }
    let out = document.to_string();
    // toml_edit writes LF; a file that has CRLF throughout keeps it.
    let crlf = text.contains("\r\n") && !text.replace("\r\n", "").contains('\n');
    let text = if crlf { out.replace("\r\n", "\n").replace('\n', "\r\n") } else { out };
    Edited { text, changes }
}

/// The build script's path, relative to the package: `build.rs` unless `package.build` says otherwise.
///
/// # Errors
/// Not TOML, or build scripts are turned off.
pub fn build_script(text: &str) -> Result<String, ManifestError> {
    let document = parse(text)?;
    let build = document.get("package").and_then(|package| package.get("build"));
    match build {
        None => Ok("build.rs".to_owned()),
        Some(build) => match (build.as_str(), build.as_bool()) {
            (Some(path), _) => Ok(path.to_owned()),
            (_, Some(true)) => Ok("build.rs".to_owned()),
            _ => Err(ManifestError::Build { found: format!("`{}`", build.to_string().trim()) }),
        },
    }
}

/// Makes a package's manifest name us as dependency and build-dependency, and a migrations folder that has not the
/// default name.
///
/// # Errors
/// Not TOML, or not a manifest.
pub fn add_ourselves(text: &str, source: &Source, folder: Option<&str>) -> Result<Edited, ManifestError> {
    let mut document = parse(text)?;
    let mut changes = Vec::new();
    for (section, needed) in [("dependencies", "runtime"), ("build-dependencies", "build")] {
        let dependencies = section_mut(&mut document, section)?;
        let existing =
            dependencies.iter().find(|(key, entry)| is_migrate_build(key, entry)).map(|(key, _)| key.to_owned());
        match existing {
            None => {
                let mut entry = source.dependency("migrate-build");
                if needed == "runtime" {
                    entry.insert("default-features", false.into());
                    entry.insert("features", Array::from_iter([needed]).into());
                }
                let entry = match (&source, entry.len()) {
                    (Source::Version(requirement), 1) => value(requirement.as_str()),
                    _ => value(entry),
                };
                let sorted = dependencies.iter().map(|(key, _)| key).is_sorted();
                dependencies.insert("migrate-build", entry);
                if sorted {
                    sort(dependencies);
                }
                changes.push(format!("added `migrate-build` to `[{section}]`"));
            }
            Some(key) => {
                let entry = dependencies
                    .get_mut(&key)
                    .ok_or_else(|| ManifestError::Shape { key: format!("{section}.{key}"), wanted: "dependency" })?;
                if require_feature(entry, needed, &format!("{section}.{key}"))? {
                    changes.push(format!("turned on the feature `{needed}` of `{key}` in `[{section}]`"));
                }
            }
        }
    }
    if let Some(folder) = folder {
        let metadata = metadata_mut(&mut document)?;
        if metadata.get("dir").and_then(Item::as_str) != Some(folder) {
            metadata.insert("dir", value(folder));
            changes.push("set `dir` in `[package.metadata.migrate]`".to_owned());
        }
    }
    Ok(edited(text, &document, changes))
}

/// Adds `member` to the workspace's members, and makes the manifest a workspace's if it is none.
///
/// # Errors
/// Not TOML, or not a manifest.
pub fn add_member(text: &str, member: &str) -> Result<Edited, ManifestError> {
    let mut document = parse(text)?;
    let workspace = section_mut(&mut document, "workspace")?;
    if !workspace.contains_key("members") {
        workspace.insert("members", value(Array::new()));
    }
    let members = workspace
        .get_mut("members")
        .and_then(Item::as_array_mut)
        .ok_or_else(|| ManifestError::Shape { key: "workspace.members".to_owned(), wanted: "list" })?;
    let listed = members.iter().filter_map(Value::as_str).any(|pattern| matches_member(pattern, member));
    let mut changes = Vec::new();
    if !listed {
        push(members, member);
        changes.push(format!("added `{member}` to the workspace's members"));
    }
    Ok(edited(text, &document, changes))
}

/// Adds the alias `xtask` to cargo's configuration (`.cargo/config.toml`), which may be empty.
///
/// # Errors
/// Not TOML, or the alias runs something else.
pub fn add_alias(text: &str, package: &str) -> Result<Edited, ManifestError> {
    let command = format!("run --quiet --package {package} --");
    let mut document = parse(text)?;
    let aliases = section_mut(&mut document, "alias")?;
    let mut changes = Vec::new();
    match aliases.get("xtask") {
        None => {
            aliases.insert("xtask", value(command));
            changes.push("added the alias `cargo xtask`".to_owned());
        }
        Some(existing) => {
            let words: Vec<String> = match existing.as_array() {
                Some(words) => words.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
                None => existing.as_str().unwrap_or_default().split_whitespace().map(str::to_owned).collect(),
            };
            let names_package = words.windows(2).any(
                |pair| matches!(pair, [option, name] if (option == "--package" || option == "-p") && name == package),
            );
            if !names_package {
                return Err(ManifestError::Alias { name: "xtask", command: words.join(" ") });
            }
        }
    }
    Ok(edited(text, &document, changes))
}

/// A top-level table, made at the end where there is none.
fn section_mut<'a>(document: &'a mut DocumentMut, key: &str) -> Result<&'a mut dyn TableLike, ManifestError> {
    let mut table = Table::new();
    if document.is_empty() {
        // Comments alone are kept as what trails the last item; they stay on top.
        let comments = document.trailing().as_str().unwrap_or_default().to_owned();
        let gap = if comments.trim().is_empty() { "" } else { "\n" };
        table.decor_mut().set_prefix(comments + gap);
        document.set_trailing("");
    }
    let item = document.entry(key).or_insert(Item::Table(table));
    item.as_table_like_mut().ok_or_else(|| ManifestError::Shape { key: key.to_owned(), wanted: "table" })
}

fn metadata_mut(document: &mut DocumentMut) -> Result<&mut dyn TableLike, ManifestError> {
    let shape = |key: &str| ManifestError::Shape { key: key.to_owned(), wanted: "table" };
    let implicit = || {
        let mut table = Table::new();
        table.set_implicit(true);
        Item::Table(table)
    };
    let package =
        document.entry("package").or_insert_with(implicit).as_table_like_mut().ok_or_else(|| shape("package"))?;
    let metadata = package
        .entry("metadata")
        .or_insert_with(implicit)
        .as_table_like_mut()
        .ok_or_else(|| shape("package.metadata"))?;
    metadata
        .entry("migrate")
        .or_insert_with(|| Item::Table(Table::new()))
        .as_table_like_mut()
        .ok_or_else(|| shape("package.metadata.migrate"))
}

fn is_migrate_build(key: &str, entry: &Item) -> bool {
    match entry.get("package").and_then(Item::as_str) {
        Some(package) => package == "migrate-build",
        None => key == "migrate-build",
    }
}

/// Adds `feature` to a dependency that lacks it; whether it did.
fn require_feature(entry: &mut Item, feature: &str, key: &str) -> Result<bool, ManifestError> {
    let is_default = feature != "runtime";
    if let Some(requirement) = entry.as_str() {
        if is_default {
            return Ok(false);
        }
        let mut table = InlineTable::new();
        table.insert("version", requirement.into());
        table.insert("features", Array::from_iter([feature]).into());
        let mut replaced = Value::InlineTable(table);
        if let Some(old) = entry.as_value() {
            // The comment after it.
            *replaced.decor_mut() = old.decor().clone();
        }
        *entry = Item::Value(replaced);
        return Ok(true);
    }
    let table =
        entry.as_table_like_mut().ok_or_else(|| ManifestError::Shape { key: key.to_owned(), wanted: "dependency" })?;
    let defaults = ["default-features", "default_features"]
        .iter()
        .find_map(|key| table.get(key))
        .and_then(Item::as_bool)
        .unwrap_or(true);
    if is_default && defaults {
        return Ok(false);
    }
    let item = table.entry("features").or_insert_with(|| value(Array::new()));
    let features =
        item.as_array_mut().ok_or_else(|| ManifestError::Shape { key: format!("{key}.features"), wanted: "list" })?;
    if features.iter().any(|present| present.as_str() == Some(feature)) {
        return Ok(false);
    }
    push(features, feature);
    Ok(true)
}

/// Appends to a list in the list's own layout: on a line of its own where the last one has that.
fn push(list: &mut Array, text: &str) {
    let prefix = list.iter().last().and_then(|last| last.decor().prefix()).and_then(|prefix| prefix.as_str());
    let on_own_line = prefix.filter(|prefix| prefix.contains('\n')).map(|prefix| {
        // Without the comments that belong to the last one.
        let indent = prefix.rsplit('\n').next().unwrap_or_default();
        format!("\n{indent}")
    });
    list.push(text);
    if let Some(prefix) = on_own_line
        && let Some(last) = list.get_mut(list.len() - 1)
    {
        last.decor_mut().set_prefix(prefix);
    }
}

fn sort(table: &mut dyn TableLike) {
    table.sort_values();
}

/// Whether a pattern of `workspace.members` takes `member`, which has no `/`: cargo's globs in what they are used for.
fn matches_member(pattern: &str, member: &str) -> bool {
    let pattern = pattern.trim_start_matches("./").trim_end_matches('/');
    match pattern.split_once('*') {
        None => pattern == member,
        Some((start, end)) => {
            member.len() >= start.len() + end.len() && member.starts_with(start) && member.ends_with(end)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every `cases/manifest/<case>.toml` gives what its snapshot holds; its first line says which edit.
    #[test]
    fn edits_every_case() {
        crate::cases::each("src/scaffold/cases/manifest", |path| {
            let text = fs_err::read_to_string(path).unwrap();
            let kind = text.lines().next().unwrap();
            let version = Source::Version("0.1.0".to_owned());
            let checkout = Source::Path("../checkout/".to_owned());
            let edit = |text: &str| match kind {
                "# version" => add_ourselves(text, &version, None),
                "# path" => add_ourselves(text, &checkout, None),
                "# folder" => add_ourselves(text, &version, Some("db/migrations")),
                "# member" => add_member(text, "xtask"),
                "# alias" => add_alias(text, "xtask"),
                line => panic!("unknown edit {line}"),
            };
            match edit(&text) {
                Ok(edited) => {
                    let again = edit(&edited.text).unwrap();
                    assert_eq!(again, Edited { text: edited.text.clone(), changes: vec![] }, "a second time");
                    edited.text.parse::<DocumentMut>().unwrap();
                    insta::assert_snapshot!(format!("{}\n---\n{}", edited.changes.join("\n"), edited.text));
                }
                Err(error) => insta::assert_snapshot!(format!("error: {error}")),
            }
        });
    }

    #[test]
    fn keeps_line_ends() {
        let text = "[package]\r\nname = \"a\"\r\n\r\n[dependencies]\r\n";
        let edited = add_ourselves(text, &Source::Version("0.1.0".to_owned()), None).unwrap();
        assert!(!edited.text.replace("\r\n", "").contains('\n'), "{:?}", edited.text);
    }

    #[test]
    fn follows_the_build_key() {
        for (build, script) in [
            ("", Ok("build.rs".to_owned())),
            ("build = true", Ok("build.rs".to_owned())),
            ("build = 'tools/other.rs'", Ok("tools/other.rs".to_owned())),
            ("build = false", Err(ManifestError::Build { found: "`false`".to_owned() })),
            ("build = ['a.rs', 'b.rs']", Err(ManifestError::Build { found: "`['a.rs', 'b.rs']`".to_owned() })),
        ] {
            assert_eq!(build_script(&format!("[package]\n{build}\n")), script);
        }
    }

    #[test]
    fn writes_a_dependency_as_text() {
        assert_eq!(Source::Version("1.2.3".to_owned()).to_toml("a"), "\"1.2.3\"");
        assert_eq!(Source::Path(String::new()).to_toml("a"), "{ path = \"a\" }");
        assert_eq!(Source::Path("..\\x\"y".to_owned()).to_toml("a"), "{ path = '../x\"y/a' }");
    }
}
