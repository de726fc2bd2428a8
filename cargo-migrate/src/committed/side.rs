//! A set of migrations as the working tree or a commit has it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use migrate_build::migration::dir::{Folder, VERSIONS};
use migrate_build::migration::{Direction, Prefix, file_name, header};
use migrate_build::rules;

use crate::git::{Object, Tree, slashed};

/// A script: its content by git's name, or its text, or both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// Relative to the migrations folder.
    pub path: PathBuf,
    /// What git calls its content, where that is known.
    pub object: Option<Object>,
    /// Its folded text, where it was read.
    pub text: Option<String>,
}

impl Script {
    /// Whether two scripts have the same text.
    pub fn same(&self, other: &Self) -> bool {
        (self.object.is_some() && self.object == other.object) || (self.text.is_some() && self.text == other.text)
    }
}

/// A migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its version.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// `V` or `U`.
    pub prefix: Prefix,
    /// The up script.
    pub up: Script,
    /// The down script.
    pub down: Option<Script>,
    /// What it builds on.
    pub parents: Vec<i64>,
    /// Whether its header says so; otherwise it is the next lower version.
    pub named_parents: bool,
}

impl Entry {
    /// `V1__create_books`.
    pub fn stem(&self) -> String {
        file_name::stem(self.prefix, self.version, &self.name)
    }

    /// Its scripts.
    pub fn scripts(&self) -> impl Iterator<Item = &Script> {
        std::iter::once(&self.up).chain(&self.down)
    }

    fn scripts_mut(&mut self) -> impl Iterator<Item = &mut Script> {
        std::iter::once(&mut self.up).chain(&mut self.down)
    }

    /// Whether both are one migration: two that happen to have one version have other names.
    pub fn is(&self, other: &Self) -> bool {
        self.version == other.version && self.name == other.name
    }
}

/// The migrations, lowest version first. The working tree may have several of one version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Side {
    /// Each.
    pub entries: Vec<Entry>,
}

impl Side {
    /// What a commit holds; nothing is read yet, and so what only headers say is missing: see [`Side::resolve`].
    pub fn of_tree(tree: &Tree) -> Self {
        let mut side = Self::default();
        for (path, object) in tree {
            let script =
                |path: &str, object: &Object| Script { path: path.into(), object: Some(object.clone()), text: None };
            let down = path.strip_suffix(".sql").map(|stem| format!("{stem}.down.sql"));
            let down = down.and_then(|down| Some(script(&down, tree.get(&down)?)));
            side.entries.extend(entry(script(path, object), down));
        }
        side.sort();
        side
    }

    /// What the working tree holds. `unchanged` are the scripts that are as a commit has them, and what it calls their
    /// content. The others are read.
    pub fn of_folder(folder: &Folder, unchanged: &Tree) -> Self {
        let script = |path: &Path| {
            let object = unchanged.get(&slashed(path)).cloned();
            let text = if object.is_none() { folder.text(path).ok() } else { None };
            Script { path: path.to_owned(), object, text }
        };
        let mut side = Self::default();
        for migration in &folder.migrations {
            side.entries.push(Entry {
                version: migration.version,
                name: migration.name.clone(),
                prefix: migration.prefix,
                up: script(&migration.up),
                down: migration.down.as_deref().map(script),
                parents: migration.parents.clone(),
                named_parents: migration.header.parents.is_some(),
            });
        }
        // Of several with one version the folder holds the first alone; which of them is somebody else's, git knows.
        let twice = folder.findings.iter().filter(|finding| finding.rule == rules::DUPLICATE_VERSION.name);
        for label in twice.filter_map(|finding| finding.labels.first()) {
            let Ok(path) = label.path.strip_prefix(&folder.shown) else { continue };
            let up = script(path);
            let down = down_of(path);
            let has_down = unchanged.contains_key(&slashed(&down)) || folder.text(&down).is_ok();
            let text = up.text.clone().or_else(|| folder.text(path).ok()).unwrap_or_default();
            if let Some(mut entry) = entry(up, has_down.then(|| script(&down))) {
                entry.take_header(&text);
                side.entries.push(entry);
            }
        }
        side.sort();
        side
    }

    fn sort(&mut self) {
        self.entries.sort_by(|a, b| (a.version, &a.up.path).cmp(&(b.version, &b.up.path)));
    }

    /// The migrations of that version.
    pub fn find(&self, version: i64) -> &[Entry] {
        let start = self.entries.partition_point(|entry| entry.version < version);
        let end = self.entries.partition_point(|entry| entry.version <= version);
        self.entries.get(start..end).unwrap_or_default()
    }

    /// The same migration here.
    pub fn same(&self, other: &Entry) -> Option<&Entry> {
        self.find(other.version).iter().find(|entry| entry.is(other))
    }

    /// What the contents are called whose texts are needed to compare it with `others`: those that not all of them have.
    pub fn unread(&self, others: &[&Self]) -> Vec<&str> {
        let known = |script: &Script, entry: &Entry| {
            others.iter().all(|other| {
                let same = other.same(entry);
                same.is_some_and(|same| same.scripts().any(|other| other.object == script.object))
            })
        };
        let scripts = self.entries.iter().flat_map(|entry| entry.scripts().map(move |script| (entry, script)));
        let unread = scripts.filter(|(entry, script)| !known(script, entry));
        unread.filter_map(|(_, script)| script.object.as_deref()).collect()
    }

    /// Takes in the texts that were read, and then what each migration builds on: what its header says, or the header of
    /// the same script in `here`, or the next lower version.
    pub fn resolve(&mut self, texts: &dyn Fn(&str) -> Option<String>, here: &Self) {
        for entry in &mut self.entries {
            for script in entry.scripts_mut() {
                script.text = script.object.as_deref().and_then(texts);
            }
            if let Some(text) = entry.up.text.clone() {
                entry.take_header(&text);
            } else if let Some(same) = here.same(entry)
                && same.named_parents
            {
                entry.named_parents = true;
                entry.parents.clone_from(&same.parents);
            }
        }
        let mut previous = None;
        for entry in &mut self.entries {
            if !entry.named_parents {
                entry.parents = previous.into_iter().collect();
            }
            previous = Some(entry.version);
        }
    }

    /// The migrations that no other builds on.
    pub fn heads(&self) -> Vec<&Entry> {
        let parents: BTreeSet<i64> = self.entries.iter().flat_map(|entry| &entry.parents).copied().collect();
        self.entries.iter().filter(|entry| !parents.contains(&entry.version)).collect()
    }
}

impl Side {
    /// Whether it has several heads, or several migrations of one version.
    pub fn is_split(&self) -> bool {
        self.heads().len() > 1 || self.entries.windows(2).any(|pair| matches!(pair, [a, b] if a.version == b.version))
    }
}

impl Entry {
    fn take_header(&mut self, text: &str) {
        let (header, _) = header::parse(text, &self.up.path);
        self.named_parents = header.parents.is_some();
        self.parents = header.parents.unwrap_or_default();
    }
}

/// A migration of what its scripts' names say; `None` for what is no up script.
fn entry(up: Script, down: Option<Script>) -> Option<Entry> {
    let name = file_name::parse(up.path.file_name()?.to_str()?).ok()?;
    (name.direction == Direction::Up).then(|| Entry {
        version: name.version,
        name: name.name.to_owned(),
        prefix: name.prefix,
        down,
        parents: Vec::new(),
        named_parents: false,
        up: up.clone(),
    })
}

/// The path of the down script of an up script.
pub(super) fn down_of(up: &Path) -> PathBuf {
    let file = up.with_extension("down.sql");
    // Paths of git have slashes everywhere.
    match file.file_name() {
        Some(name) => Path::new(VERSIONS).join(name),
        None => file,
    }
}

/// Folds a script's bytes as they are folded for hashing: LF, no byte-order mark.
pub(super) fn fold(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.trim_start_matches('\u{feff}').replace("\r\n", "\n")
}
