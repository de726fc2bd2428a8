//! The modules of the models: the configured file and those it names, parsed, without what `cfg` leaves out.

use std::io;
use std::path::{Path, PathBuf};

use migrate_build::diagnostic::Diagnostic;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Attribute, Expr, Item, ItemMod, Lit, Meta};

use super::cfg;
use super::error::ModelsError;
use super::rules;
use super::text::{Place, Sources, finding, fold};

/// One module, a file's or one in braces.
pub(super) struct Module {
    /// Its name; empty for the configured file.
    pub(super) name: String,
    /// The module around it.
    pub(super) parent: Option<usize>,
    /// The file that it is written in.
    pub(super) file: usize,
    /// Its items, but for modules and for what `cfg` leaves out.
    pub(super) items: Vec<Item>,
}

/// All modules; the first one is the configured file.
pub(super) struct Tree {
    pub(super) modules: Vec<Module>,
    pub(super) sources: Sources,
    pub(super) findings: Vec<Diagnostic>,
    /// The configured file's module from the crate's root, `["models"]` for `src/models.rs`.
    pub(super) crate_path: Vec<String>,
}

/// Reads the file at `path`, relative to the package's `root`, and all that its modules name.
pub(super) fn load(root: &Path, path: &Path) -> Result<Tree, ModelsError> {
    let mut loader = Loader {
        root,
        tree: Tree {
            modules: Vec::new(),
            sources: Sources::default(),
            findings: Vec::new(),
            crate_path: crate_path(path),
        },
    };
    let text = match fs_err::read_to_string(root.join(path)) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(ModelsError::Missing(path.to_owned())),
        Err(error) => return Err(error.into()),
    };
    let place = Nested { name: String::new(), parent: None, owns_folder: owns_folder(path), above: Vec::new() };
    loader.file(path.to_owned(), &text, place)?;
    Ok(loader.tree)
}

/// Parses one text; a mistake is a finding.
pub(super) fn parse(file: usize, sources: &Sources, findings: &mut Vec<Diagnostic>) -> Option<syn::File> {
    // Not `syn::parse_file`, which would cut a first line `#!…` off and move all places.
    match syn::parse_str::<syn::File>(sources.get(file).1) {
        Ok(parsed) => Some(parsed),
        Err(error) => {
            let label = sources.label(&Place::new(file, error.span().byte_range()), "");
            let help = Some("`cargo check` says more".to_owned());
            findings.push(finding(&rules::SYNTAX, format!("this is no Rust: {error}"), label, help));
            None
        }
    }
}

struct Loader<'a> {
    root: &'a Path,
    tree: Tree,
}

/// Where a file stands among the modules.
struct Nested {
    name: String,
    parent: Option<usize>,
    /// Whether modules that it names lie beside it, as with `mod.rs`, and not in a folder of its name.
    owns_folder: bool,
    /// The files that led here, against circles.
    above: Vec<PathBuf>,
}

impl Loader<'_> {
    fn file(&mut self, path: PathBuf, text: &str, nested: Nested) -> Result<(), ModelsError> {
        let Nested { name, parent, owns_folder, mut above } = nested;
        let file = self.tree.sources.add(path.clone(), fold(text));
        let items = parse(file, &self.tree.sources, &mut self.tree.findings)
            .filter(|parsed| cfg::kept(parsed.attrs.clone()).is_some())
            .map(|parsed| parsed.items)
            .unwrap_or_default();
        let beside = path.parent().unwrap_or_else(|| Path::new("")).to_owned();
        let folder = match path.file_stem() {
            Some(stem) if !owns_folder => beside.join(stem),
            _ => beside.clone(),
        };
        above.push(path);
        self.module(Module { name, parent, file, items: Vec::new() }, items, &Folders { beside, folder, above })
    }

    fn module(&mut self, module: Module, items: Vec<Item>, folders: &Folders) -> Result<(), ModelsError> {
        let number = self.tree.modules.len();
        let file = module.file;
        self.tree.modules.push(module);
        let mut kept = Vec::new();
        for mut item in items {
            let Some(slot) = attributes(&mut item) else { continue };
            let Some(attributes) = cfg::kept(std::mem::take(slot)) else { continue };
            *slot = attributes;
            match item {
                Item::Mod(module) => self.nested(module, number, file, folders)?,
                item => kept.push(item),
            }
        }
        if let Some(module) = self.tree.modules.get_mut(number) {
            module.items = kept;
        }
        Ok(())
    }

    fn nested(&mut self, item: ItemMod, parent: usize, file: usize, folders: &Folders) -> Result<(), ModelsError> {
        let name = item.ident.unraw().to_string();
        let path = path_attribute(&item.attrs);
        let Folders { beside, folder, above } = folders;
        if let Some((_, items)) = item.content {
            let folder = path.map_or_else(|| folder.join(&name), |path| beside.join(path));
            let module = Module { name, parent: Some(parent), file, items: Vec::new() };
            let folders = Folders { beside: folder.clone(), folder, above: above.clone() };
            return self.module(module, items, &folders);
        }
        let candidates = match path {
            Some(path) => vec![(beside.join(path), true)],
            None => vec![(folder.join(format!("{name}.rs")), false), (folder.join(&name).join("mod.rs"), true)],
        };
        let label = |sources: &Sources| sources.label(&Place::new(file, item.ident.span().byte_range()), "");
        for (candidate, owns_folder) in &candidates {
            if above.contains(candidate) {
                let message = format!("the module `{name}` is a file that it is itself named in");
                let help = Some("give it a file of its own".to_owned());
                let finding = finding(&rules::SYNTAX, message, label(&self.tree.sources), help);
                self.tree.findings.push(finding);
                return Ok(());
            }
            match fs_err::read_to_string(self.root.join(candidate)) {
                Ok(text) => {
                    let above = above.clone();
                    let nested = Nested { name, parent: Some(parent), owns_folder: *owns_folder, above };
                    return self.file(candidate.clone(), &text, nested);
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error.into()),
            }
        }
        let names: Vec<String> = candidates.iter().map(|(path, _)| format!("`{}`", path.display())).collect();
        let message = format!("there is no file for the module `{name}`");
        let help = Some(format!("write it as {}", names.join(" or ")));
        let finding = finding(&rules::SYNTAX, message, label(&self.tree.sources), help);
        self.tree.findings.push(finding);
        Ok(())
    }
}

/// Where the files of nested modules lie.
struct Folders {
    /// What `#[path]` is relative to.
    beside: PathBuf,
    /// Where files without it are.
    folder: PathBuf,
    above: Vec<PathBuf>,
}

/// The attributes of the items that models are made of; the others are passed over.
fn attributes(item: &mut Item) -> Option<&mut Vec<Attribute>> {
    Some(match item {
        Item::Enum(item) => &mut item.attrs,
        Item::Macro(item) => &mut item.attrs,
        Item::Mod(item) => &mut item.attrs,
        Item::Struct(item) => &mut item.attrs,
        Item::Type(item) => &mut item.attrs,
        Item::Use(item) => &mut item.attrs,
        _ => return None,
    })
}

fn path_attribute(attributes: &[Attribute]) -> Option<String> {
    attributes.iter().find_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("path") => match &pair.value {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Str(path) => Some(path.value()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    })
}

fn owns_folder(path: &Path) -> bool {
    path.file_stem().is_some_and(|stem| stem == "mod" || stem == "lib" || stem == "main")
}

/// The module that a file of a package is, by where it lies.
fn crate_path(path: &Path) -> Vec<String> {
    let path = path.strip_prefix("src").unwrap_or(path);
    let mut names: Vec<String> =
        path.with_extension("").components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    if owns_folder(path) {
        names.pop();
    }
    names
}

/// The bytes of a piece of syntax in its file.
pub(super) fn place(file: usize, syntax: &impl Spanned) -> Place {
    Place::new(file, syntax.span().byte_range())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_a_module_by_where_it_lies() {
        for (path, module) in [
            ("src/models.rs", "models"),
            ("src/db/models/mod.rs", "db::models"),
            ("src/lib.rs", ""),
            ("src/main.rs", ""),
        ] {
            assert_eq!(crate_path(Path::new(path)).join("::"), module);
        }
    }
}
