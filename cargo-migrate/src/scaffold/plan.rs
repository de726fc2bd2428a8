//! All that `init` would do to a package, worked out before anything is written.

use std::io;
use std::path::{Path, PathBuf};

use fs_err as fs;

use super::build_script::{self, Edit};
use super::git_hook::{self, HookError};
use super::manifest::{self, Edited, ManifestError, Source};
use super::plan_error::PlanError;
use super::{git_attributes, xtask};
use crate::authoring::script::NewMigration;
use crate::file_changes::{self, FileChange};
use crate::git::Hooks;

/// What `init` is asked for.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The package's folder.
    pub package: &'a Path,
    /// The folder of its workspace.
    pub workspace: &'a Path,
    /// The migrations folder, relative to the package, with `/`.
    pub directory: &'a str,
    /// Whether `directory` must be written down, because it is not what is configured.
    pub set_directory: bool,
    /// Where our crates come from, for the package.
    pub source: &'a Source,
    /// Where they come from for an xtask crate, if one is to be written.
    pub xtask: Option<&'a Source>,
    /// The hooks of the repository, if one is to be written.
    pub hooks: Option<&'a Hooks>,
    /// The first migration, where the folder has none.
    pub first: Option<&'a NewMigration>,
}

/// What `init` would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The files to write.
    pub changes: Vec<FileChange>,
    /// What each change is, for people: a verb and the rest.
    pub steps: Vec<(&'static str, PathBuf, String)>,
    /// What is there already.
    pub kept: Vec<(PathBuf, &'static str)>,
    /// What the user should know.
    pub notes: Vec<String>,
}

/// Works out what `request` takes.
///
/// # Errors
/// Something is in the way; then nothing should be written at all.
pub fn plan(request: &Request<'_>) -> Result<Plan, PlanError> {
    let mut plan = Plan::default();
    let manifest_path = request.package.join("Cargo.toml");
    let manifest = Text::read(&manifest_path)?;
    let directory = request.set_directory.then_some(request.directory);
    let mut edited = edit(&manifest_path, manifest::add_ourselves(&manifest.text, request.source, directory))?;
    let build = edit(&manifest_path, manifest::build_script(&manifest.text))?;

    if request.xtask.is_some() && request.workspace == request.package {
        let member = edit(&manifest_path, manifest::add_member(&edited.text, xtask::NAME))?;
        edited.text = member.text;
        edited.changes.extend(member.changes);
    }
    plan.toml(manifest_path, manifest.exists, edited, "names `migrate-build`");
    plan.build_script(request, &build)?;
    plan.migrations(request)?;
    if let Some(source) = request.xtask {
        plan.xtask(request, source)?;
    }
    if let Some(hooks) = request.hooks {
        plan.hook(hooks)?;
    }
    Ok(plan)
}

/// A file's text, empty where it is not there.
struct Text {
    text: String,
    exists: bool,
}

impl Text {
    fn read(path: &Path) -> io::Result<Self> {
        match fs::read_to_string(path) {
            Ok(text) => Ok(Self { text, exists: true }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self { text: String::new(), exists: false }),
            Err(error) => Err(error),
        }
    }
}

fn edit<T>(path: &Path, result: Result<T, ManifestError>) -> Result<T, PlanError> {
    result.map_err(|source| PlanError::Manifest { path: path.to_owned(), source })
}

impl Plan {
    fn write(&mut self, path: PathBuf, text: String, exists: bool, what: String) {
        self.steps.push((if exists { "Edited" } else { "Created" }, path.clone(), what));
        self.changes.push(FileChange::write(path, text, exists));
    }

    fn toml(&mut self, path: PathBuf, exists: bool, edited: Edited, there: &'static str) {
        if edited.changes.is_empty() {
            self.kept.push((path, there));
        } else {
            self.write(path, edited.text, exists, edited.changes.join(", "));
        }
    }

    fn build_script(&mut self, request: &Request<'_>, build: &str) -> Result<(), PlanError> {
        let path = request.package.join(build);
        let script = Text::read(&path)?;
        let call = build_script::call(request.directory);
        if !script.exists {
            self.write(path, build_script::create(request.directory), false, "embeds the migrations".to_owned());
            return Ok(());
        }
        match build_script::extend(&script.text, request.directory) {
            Ok(Edit::AlreadyThere) => {
                if !script.text.contains(&format!("{:?}", request.directory)) {
                    self.notes.push(format!("see that {build} names the folder `{}`", request.directory));
                }
                self.kept.push((path, "calls `migrate_build`"));
            }
            Ok(Edit::Write { text, narrows_reruns }) => {
                if narrows_reruns {
                    self.notes.push(format!(
                        "cargo ran {build} after every change of the package so far; now that it names the migrations, \
                         it must also name what else it reads, by `cargo::rerun-if-changed`"
                    ));
                }
                self.write(path, text, true, "added the call that embeds the migrations".to_owned());
            }
            Err(source) => return Err(PlanError::BuildScript { path, call, source }),
        }
        Ok(())
    }

    fn migrations(&mut self, request: &Request<'_>) -> Result<(), PlanError> {
        let root = request.package.join(request.directory);
        let path = root.join(".gitattributes");
        let attributes = Text::read(&path)?;
        match git_attributes::extend(&attributes.text) {
            Some(text) => {
                self.write(path, text, attributes.exists, "LF for scripts, merge by lines for the lock".to_owned());
            }
            None => self.kept.push((path, "has its lines")),
        }
        match request.first {
            None => self.kept.push((root.join("versions"), "has migrations")),
            Some(first) => {
                for change in first.changes(&root) {
                    self.steps.push(("Created", change.path.clone(), String::new()));
                    self.changes.push(change);
                }
            }
        }
        Ok(())
    }

    fn hook(&mut self, hooks: &Hooks) -> Result<(), PlanError> {
        let path = hooks.folder.join(git_hook::NAME);
        let refuse =
            |source| Err(PlanError::Hook { path: path.clone(), command: git_hook::command(&hooks.prefix), source });
        let hook = match Text::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::InvalidData => return refuse(HookError::NoShell),
            hook => hook?,
        };
        let extended = match git_hook::extend(&hook.text, &hooks.prefix) {
            Ok(extended) => extended,
            Err(source) => return refuse(source),
        };
        if hook.exists && !file_changes::is_executable(&path)? {
            return refuse(HookError::NotExecutable);
        }
        match extended {
            None => self.kept.push((path, "checks the migrations")),
            Some(_) if !hooks.is_own => return refuse(HookError::Shared),
            Some(text) => {
                let what = "git refuses commits whose migrations have errors".to_owned();
                self.steps.push((if hook.exists { "Edited" } else { "Created" }, path.clone(), what));
                self.changes.push(FileChange::write(path, text, hook.exists).executable());
            }
        }
        Ok(())
    }

    fn xtask(&mut self, request: &Request<'_>, source: &Source) -> Result<(), PlanError> {
        let folder = request.workspace.join(xtask::NAME);
        let manifest_path = folder.join("Cargo.toml");
        let manifest = Text::read(&manifest_path)?;
        if manifest.exists {
            if !manifest.text.contains("cargo-migrate") {
                return Err(PlanError::Xtask { path: folder, dependency: source.to_toml("cargo-migrate") });
            }
            self.kept.push((manifest_path, "depends on `cargo-migrate`"));
        } else {
            let main = folder.join("src").join("main.rs");
            self.write(manifest_path, xtask::manifest(source), false, String::new());
            self.write(main, xtask::MAIN.to_owned(), false, "`cargo xtask promote`".to_owned());
        }
        if request.workspace != request.package {
            let path = request.workspace.join("Cargo.toml");
            let text = Text::read(&path)?;
            let edited = edit(&path, manifest::add_member(&text.text, xtask::NAME))?;
            self.toml(path, text.exists, edited, "has the member `xtask`");
        }
        // Cargo still reads the name without extension, and prefers it.
        let cargo = request.workspace.join(".cargo");
        let legacy = cargo.join("config");
        let path = if legacy.is_file() { legacy } else { cargo.join("config.toml") };
        let config = Text::read(&path)?;
        let edited = edit(&path, manifest::add_alias(&config.text, xtask::NAME))?;
        self.toml(path, config.exists, edited, "has the alias `xtask`");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authoring::script::Kind;

    fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        root
    }

    /// Plans for the package `package` of the workspace `root`, everything asked for.
    fn plan_for(root: &Path, package: &str, first: bool) -> Result<Plan, PlanError> {
        let source = Source::Version("0.1.0".to_owned());
        let migration = NewMigration {
            version: 1,
            name: "init".to_owned(),
            parents: vec![],
            irreversible: None,
            kind: Kind::Empty("Nothing."),
        };
        plan(&Request {
            package: &root.join(package),
            workspace: root,
            directory: "migrations",
            set_directory: false,
            source: &source,
            xtask: Some(&source),
            hooks: None,
            first: first.then_some(&migration),
        })
    }

    fn files(root: &Path, plan: &Plan) -> Vec<String> {
        let shown = |path: &Path| path.strip_prefix(root).unwrap().display().to_string();
        plan.changes.iter().map(|change| shown(&change.path)).collect()
    }

    const PACKAGE: &str = "[package]\nname = \"app\"\n";

    #[test]
    fn a_package_gets_everything_once() {
        let root = tree(&[("Cargo.toml", PACKAGE), ("src/main.rs", "fn main() {}")]);
        let plan = plan_for(root.path(), "", true).unwrap();
        assert_eq!(
            files(root.path(), &plan),
            [
                "Cargo.toml",
                "build.rs",
                "migrations/.gitattributes",
                "migrations/versions/V1__init.sql",
                "migrations/versions/V1__init.down.sql",
                "xtask/Cargo.toml",
                "xtask/src/main.rs",
                ".cargo/config.toml",
            ]
        );
        file_changes::apply(&plan.changes).unwrap();
        let again = plan_for(root.path(), "", false).unwrap();
        assert_eq!((again.changes.len(), again.kept.len()), (0, 6), "{:?}", again.steps);
    }

    #[test]
    fn a_member_of_a_workspace_leaves_the_root_to_the_root() {
        let root = tree(&[
            ("Cargo.toml", "[workspace]\nmembers = [\"app\"]\n"),
            ("app/Cargo.toml", PACKAGE),
            ("app/build.rs", "fn main() {\n    other();\n}\n"),
        ]);
        let plan = plan_for(root.path(), "app", false).unwrap();
        assert_eq!(
            files(root.path(), &plan),
            [
                "app/Cargo.toml",
                "app/build.rs",
                "app/migrations/.gitattributes",
                "xtask/Cargo.toml",
                "xtask/src/main.rs",
                "Cargo.toml",
                ".cargo/config.toml",
            ]
        );
        assert_eq!(plan.notes.len(), 1, "the build script will run less often");
    }

    #[test]
    fn a_build_script_that_may_name_another_folder_is_pointed_at() {
        let script = "fn main() {\n    migrate_build::embed(\"db\");\n}\n";
        let root = tree(&[("Cargo.toml", PACKAGE), ("build.rs", script)]);
        let plan = plan_for(root.path(), "", true).unwrap();
        assert_eq!(plan.notes, ["see that build.rs names the folder `migrations`"]);
    }

    #[test]
    fn what_is_in_the_way_is_said_with_its_cure() {
        type Case<'a> = (&'a [(&'a str, &'a str)], &'a str, &'a str);
        let cases: [Case<'_>; 4] = [
            (
                &[("Cargo.toml", PACKAGE), ("build.rs", "include!(\"x.rs\");")],
                "build.rs` can't be extended safely",
                "add this line to what it runs: `migrate_build::embed(\"migrations\");`",
            ),
            (
                &[("Cargo.toml", PACKAGE), ("xtask/Cargo.toml", "[package]\nname = \"xtask\"\n")],
                "xtask` is there already and does not depend on `cargo-migrate`",
                "add `cargo-migrate = \"0.1.0\"` to its `[dependencies]`",
            ),
            (
                &[("Cargo.toml", PACKAGE), (".cargo/config.toml", "alias.xtask = \"other\"")],
                ".cargo/config.toml` can't be edited",
                "rename that alias, or leave `--xtask` out",
            ),
            (
                &[("Cargo.toml", "[package]\nbuild = false\n")],
                "Cargo.toml` can't be edited",
                "let it name one build script, for example `build = \"build.rs\"`",
            ),
        ];
        for (given, message, help) in cases {
            let root = tree(given);
            let error = plan_for(root.path(), "", true).unwrap_err();
            assert!(error.to_string().ends_with(message), "{error}");
            assert_eq!(error.help()[0], help);
        }
    }
}
