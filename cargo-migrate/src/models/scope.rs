//! What a path of Rust means: an item of the models, or a type of another crate.

use std::collections::HashMap;

use syn::ext::IdentExt;
use syn::{Item, Path, UseTree};

use super::modules::Tree;

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Resolved {
    /// A struct, enum or alias of the models: its number among the declarations.
    Item(usize),
    /// A module of the models.
    Module(usize),
    /// Something of another crate: the crate's name and the last name of the path.
    External(String, String),
    /// A bare name that nothing in sight defines; with the crates that are imported whole there.
    Bare(String, Vec<String>),
    /// Something that isn't among the files.
    Unknown,
}

enum Binding {
    Item(usize),
    Module(usize),
    Use { path: Vec<String>, external: bool },
}

#[derive(Default)]
struct Scope {
    names: HashMap<String, Binding>,
    globs: Vec<(Vec<String>, bool)>,
    parent: Option<usize>,
}

/// The names of all modules.
pub(super) struct Scopes {
    scopes: Vec<Scope>,
    crate_path: Vec<String>,
}

/// Deeper than any real chain of imports; what goes on is a circle.
const DEEPEST: usize = 32;

impl Scopes {
    /// Takes in all names; `items` are the numbers of declarations by module and name.
    pub(super) fn new(tree: &Tree, items: &[(usize, String)]) -> Self {
        let mut scopes: Vec<Scope> =
            tree.modules.iter().map(|module| Scope { parent: module.parent, ..Scope::default() }).collect();
        for (number, (module, name)) in items.iter().enumerate() {
            if let Some(scope) = scopes.get_mut(*module) {
                scope.names.entry(name.clone()).or_insert(Binding::Item(number));
            }
        }
        for (number, module) in tree.modules.iter().enumerate() {
            if let Some(parent) = module.parent.and_then(|parent| scopes.get_mut(parent)) {
                parent.names.entry(module.name.clone()).or_insert(Binding::Module(number));
            }
        }
        for (scope, module) in scopes.iter_mut().zip(&tree.modules) {
            for item in &module.items {
                if let Item::Use(item) = item {
                    scope.import(&item.tree, &mut Vec::new(), item.leading_colon.is_some());
                }
            }
        }
        Self { scopes, crate_path: tree.crate_path.clone() }
    }

    /// Finds what a path means in a module.
    pub(super) fn resolve(&self, module: usize, path: &Path) -> Resolved {
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.unraw().to_string()).collect();
        match self.find(module, &names, path.leading_colon.is_some(), true, 0) {
            Resolved::Bare(name, _) => Resolved::Bare(name, self.foreign_globs(module, 0)),
            found => found,
        }
    }

    /// `globs` says whether the first name may come from an import of everything. The path of such an import is found without:
    /// two of them would lead through each other in ever more ways.
    fn find(&self, module: usize, path: &[String], external: bool, globs: bool, depth: usize) -> Resolved {
        let Some((first, rest)) = path.split_first().filter(|_| depth < DEEPEST) else { return Resolved::Unknown };
        if external {
            return outside(path);
        }
        match first.as_str() {
            "self" => return self.descend(module, rest, depth),
            "super" => {
                let parent = self.scopes.get(module).and_then(|scope| scope.parent);
                return parent.map_or(Resolved::Unknown, |parent| self.descend(parent, rest, depth));
            }
            "crate" => {
                let below = rest.strip_prefix(self.crate_path.as_slice());
                return below.map_or(Resolved::Unknown, |rest| self.descend(0, rest, depth));
            }
            _ => {}
        }
        match self.bound(module, first, globs, depth) {
            Some(Resolved::Module(child)) => self.descend(child, rest, depth),
            Some(Resolved::External(krate, name)) => match rest.last() {
                Some(last) => Resolved::External(krate, last.clone()),
                None => Resolved::External(krate, name),
            },
            // `use chrono as c`: the import leads out.
            Some(Resolved::Bare(krate, _)) if !rest.is_empty() => {
                rest.last().map_or(Resolved::Unknown, |last| Resolved::External(krate, last.clone()))
            }
            Some(found) if rest.is_empty() => found,
            Some(_) => Resolved::Unknown,
            None if rest.is_empty() => Resolved::Bare(first.clone(), Vec::new()),
            None => outside(path),
        }
    }

    /// What a name is bound to in a module, by itself or by an import.
    fn bound(&self, module: usize, name: &str, globs: bool, depth: usize) -> Option<Resolved> {
        if depth >= DEEPEST {
            return None;
        }
        let scope = self.scopes.get(module)?;
        match scope.names.get(name) {
            Some(Binding::Item(item)) => return Some(Resolved::Item(*item)),
            Some(Binding::Module(child)) => return Some(Resolved::Module(*child)),
            // `use uuid;` binds a crate by its own name.
            Some(Binding::Use { path, .. }) if path.len() == 1 && path.first().is_some_and(|first| first == name) => {
                return Some(outside(path));
            }
            Some(Binding::Use { path, external }) => {
                // `use uuid::{self, Uuid}` is looked up among the crates: the name itself leads in a circle.
                let circle = path.first().is_some_and(|first| first == name);
                return Some(self.find(module, path, *external || circle, globs, depth + 1));
            }
            None => {}
        }
        if !globs {
            return None;
        }
        scope.globs.iter().find_map(|(path, external)| match self.find(module, path, *external, false, depth + 1) {
            Resolved::Module(other) if other != module => self.bound(other, name, true, depth + 8),
            _ => None,
        })
    }

    fn descend(&self, module: usize, path: &[String], depth: usize) -> Resolved {
        let Some((first, rest)) = path.split_first() else { return Resolved::Module(module) };
        if first == "super" || first == "self" {
            return self.find(module, path, false, true, depth + 1);
        }
        match self.bound(module, first, true, depth + 1) {
            Some(Resolved::Module(child)) => self.descend(child, rest, depth + 1),
            Some(Resolved::External(krate, name)) => match rest.last() {
                Some(last) => Resolved::External(krate, last.clone()),
                None => Resolved::External(krate, name),
            },
            Some(Resolved::Bare(krate, _)) if !rest.is_empty() => {
                rest.last().map_or(Resolved::Unknown, |last| Resolved::External(krate, last.clone()))
            }
            Some(found) if rest.is_empty() => found,
            _ => Resolved::Unknown,
        }
    }

    /// The crates of which a module imports everything, itself or by way of the modules of which it does.
    fn foreign_globs(&self, module: usize, depth: usize) -> Vec<String> {
        let globs = self.scopes.get(module).map(|scope| scope.globs.as_slice()).unwrap_or_default();
        let mut crates = Vec::new();
        for (path, external) in globs {
            match self.find(module, path, *external, false, 1) {
                Resolved::External(krate, _) | Resolved::Bare(krate, _) => crates.push(krate),
                Resolved::Module(other) if other != module && depth < 3 => {
                    crates.extend(self.foreign_globs(other, depth + 1));
                }
                _ => {}
            }
        }
        crates
    }
}

impl Scope {
    fn import(&mut self, tree: &UseTree, prefix: &mut Vec<String>, external: bool) {
        match tree {
            UseTree::Path(path) => {
                prefix.push(path.ident.unraw().to_string());
                self.import(&path.tree, prefix, external);
                prefix.pop();
            }
            UseTree::Name(name) if name.ident == "self" => {
                if let Some(last) = prefix.last().cloned() {
                    self.bind(last, prefix.clone(), external);
                }
            }
            UseTree::Name(name) => {
                let name = name.ident.unraw().to_string();
                let path = prefix.iter().cloned().chain([name.clone()]).collect();
                self.bind(name, path, external);
            }
            UseTree::Rename(rename) => {
                let mut path = prefix.clone();
                if rename.ident != "self" {
                    path.push(rename.ident.unraw().to_string());
                }
                self.bind(rename.rename.unraw().to_string(), path, external);
            }
            UseTree::Glob(_) => self.globs.push((prefix.clone(), external)),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.import(tree, prefix, external)),
        }
    }

    fn bind(&mut self, name: String, path: Vec<String>, external: bool) {
        self.names.entry(name).or_insert(Binding::Use { path, external });
    }
}

fn outside(path: &[String]) -> Resolved {
    match (path.first(), path.last()) {
        (Some(first), Some(last)) => Resolved::External(first.clone(), last.clone()),
        _ => Resolved::Unknown,
    }
}
