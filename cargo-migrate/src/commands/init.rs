//! `init`: makes a package embed its migrations.

use std::path::{Component, Path, PathBuf};

use clap::Args;
use fs_err as fs;
use migrate_build::error::Error;
use migrate_build::migration::dir;
use serde_json::json;
use time::OffsetDateTime;

use crate::authoring::script::{Kind, NewMigration};
use crate::authoring::version;
use crate::config::raw::Versions;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit_code::ExitCode;
use crate::file_changes;
use crate::git::{self, Hooks};
use crate::history::newest;
use crate::scaffold::manifest::Source;
use crate::scaffold::plan::{Plan, Request, plan};
use crate::scaffold::plan_error::PlanError;
use crate::ui::Ui;

/// Set up a package: dependencies, build script, migrations folder
#[derive(Args, Debug)]
pub struct InitArgs {
    /// Migrations folder, relative to the package
    #[arg(long, value_name = "NAME")]
    dir: Option<String>,
    /// Depend on a checkout of cargo-migrate instead of the published crates
    #[arg(long, value_name = "DIR")]
    path: Option<PathBuf>,
    /// Also write an xtask crate with `cargo xtask promote`
    #[arg(long)]
    xtask: bool,
    /// Also write a git hook that refuses commits whose migrations have errors
    #[arg(long)]
    hook: bool,
}

/// Writes what the package lacks, or nothing at all.
///
/// # Errors
/// Something is in the way.
pub fn run(ui: &mut Ui, context: &Context, args: InitArgs) -> Result<ExitCode, CommandError> {
    let InitArgs { dir, path, xtask, hook } = args;
    let package = context.package()?;
    let settings = context.settings()?;
    let configured = settings.directory.to_string_lossy().replace('\\', "/");
    let directory = match &dir {
        Some(dir) => inside(dir)?,
        None => configured.clone(),
    };
    let (source, xtask_source) = match &path {
        None => (ours(), ours()),
        Some(path) => {
            let checkout = checkout(context, path)?;
            (
                reference(path, &checkout, &package.root, context)?,
                reference_from(&checkout, &package.workspace_root.join("xtask"))?,
            )
        }
    };
    let hooks = if hook { Some(hooks(&package.root)?) } else { None };
    let first = first_migration(&package.root.join(&directory), Path::new(&directory), settings.versions)?;
    let plan = plan(&Request {
        package: &package.root,
        workspace: &package.workspace_root,
        directory: &directory,
        set_directory: directory != configured,
        source: &source,
        xtask: xtask.then_some(&xtask_source),
        hooks: hooks.as_ref(),
        first: first.as_ref(),
    })
    .map_err(refused)?;
    file_changes::apply(&plan.changes)?;
    print(ui, context, &plan, &directory);
    Ok(ExitCode::Done)
}

fn hooks(package: &Path) -> Result<Hooks, CommandError> {
    git::hooks(package).map_err(CommandError::refused)?.ok_or_else(|| {
        CommandError::refused("the package is in no git repository, so there is nothing to hook into")
            .note("nothing was changed")
            .help("make one: `git init`, or leave `--hook` out")
    })
}

fn refused(error: PlanError) -> CommandError {
    let helps = error.help();
    let mut error = CommandError::refused(error);
    error.helps = helps;
    error.note("nothing was changed")
}

/// A folder below the package, in the form that manifests and build scripts have on every system.
fn inside(dir: &str) -> Result<String, CommandError> {
    let mut parts = Vec::new();
    for component in Path::new(dir).components() {
        match component {
            Component::Normal(part) => parts.push(part.to_string_lossy().into_owned()),
            Component::CurDir => {}
            _ => {
                return Err(CommandError::usage(format!(
                    "`{}` is not a folder inside the package",
                    dir.escape_debug()
                ))
                .help("give a relative path, for example `--dir db/migrations`"));
            }
        }
    }
    if parts.is_empty() {
        return Err(CommandError::usage("the migrations folder can't be the package itself")
            .help("name a folder in it, for example `--dir migrations`"));
    }
    Ok(parts.join("/"))
}

fn ours() -> Source {
    Source::Version(env!("CARGO_PKG_VERSION").to_owned())
}

/// The checkout's folder, made sure of.
fn checkout(context: &Context, path: &Path) -> Result<PathBuf, CommandError> {
    let wrong = |what: &str| {
        CommandError::usage(format!("`{}` {what}", path.display()))
            .help("`--path` names the folder of a checkout of cargo-migrate")
    };
    let folder = context.cwd().join(path);
    if !folder.is_dir() {
        return Err(wrong("is not a folder"));
    }
    if !folder.join("migrate-build").join("Cargo.toml").is_file() {
        return Err(wrong("holds no `migrate-build`"));
    }
    Ok(fs::canonicalize(folder)?)
}

/// The checkout as the package refers to it: as it was given, where that is what it would be from there.
fn reference(given: &Path, checkout: &Path, package: &Path, context: &Context) -> Result<Source, CommandError> {
    let same = given.is_absolute() || fs::canonicalize(context.cwd())? == fs::canonicalize(package)?;
    if same { text(given) } else { reference_from(checkout, package) }
}

/// The checkout relative to a folder that may not be there yet.
fn reference_from(checkout: &Path, folder: &Path) -> Result<Source, CommandError> {
    let (parent, name) = (folder.parent().unwrap_or(folder), folder.file_name().unwrap_or_default());
    let from = if folder.is_dir() { fs::canonicalize(folder)? } else { fs::canonicalize(parent)?.join(name) };
    let common = from.components().zip(checkout.components()).take_while(|(a, b)| a == b).count();
    if common < 2 {
        // Nothing but the root in common: the way up says less than the path itself.
        return text(checkout);
    }
    let up = from.components().skip(common).map(|_| Component::ParentDir);
    text(&up.chain(checkout.components().skip(common)).collect::<PathBuf>())
}

fn text(path: &Path) -> Result<Source, CommandError> {
    match path.to_str() {
        Some(text) => Ok(Source::Path(text.to_owned())),
        None => Err(CommandError::usage(format!("`{}` is not UTF-8, so `Cargo.toml` can't hold it", path.display()))),
    }
}

/// The first migration of a folder that has none.
fn first_migration(root: &Path, shown: &Path, versions: Versions) -> Result<Option<NewMigration>, CommandError> {
    let newest = match dir::scan(root, shown) {
        Ok(folder) if !folder.migrations.is_empty() => return Ok(None),
        Ok(folder) => newest(&folder),
        Err(Error::MissingFolder { scripts_above: false, .. }) => None,
        // Scripts in refinery's place: a first migration beside them would be the start of another history.
        Err(error) => {
            let help = error.help();
            return Err(CommandError::refused(error).maybe_help(help).note("nothing was changed"));
        }
    };
    let version = match versions {
        Versions::Timestamp => version::timestamp(OffsetDateTime::now_utc(), newest),
        Versions::Sequential => version::sequential(newest),
    }
    .map_err(CommandError::refused)?;
    Ok(Some(NewMigration {
        version,
        name: "init".to_owned(),
        parents: Vec::new(),
        irreversible: None,
        kind: Kind::Empty("The history starts here, with nothing to do."),
    }))
}

fn print(ui: &mut Ui, context: &Context, plan: &Plan, directory: &str) {
    if ui.is_json() {
        let paths = |verb: &str| -> Vec<String> {
            let of = plan.steps.iter().filter(|(step, ..)| *step == verb);
            of.map(|(_, path, _)| context.shown(path).to_string()).collect()
        };
        let kept: Vec<String> = plan.kept.iter().map(|(path, _)| context.shown(path).to_string()).collect();
        ui.json(json!({
            "created": paths("Created"), "edited": paths("Edited"), "unchanged": kept, "notes": plan.notes,
        }));
        return;
    }
    for (verb, path, what) in &plan.steps {
        let gap = if what.is_empty() { "" } else { ": " };
        ui.status(verb, format_args!("{}{gap}{what}", context.shown(path)));
    }
    for (path, there) in &plan.kept {
        ui.info(format_args!("{} {there} already", context.shown(path)));
    }
    for note in &plan.notes {
        ui.note(note);
    }
    if plan.steps.is_empty() {
        ui.info("nothing to do");
        return;
    }
    ui.info(format_args!(
        "\nnext steps:\n  \
         cargo migrate new create_books    write a migration, then its SQL in {directory}/versions\n  \
         cargo build                       checks all migrations and embeds them\n  \
         cargo migrate upgrade             applies them to the database in DATABASE_URL\n\
         \nto apply them when the application starts (`cargo add tokio-postgres tokio -F tokio/macros,tokio/rt-multi-thread`):\n  \
         mod db {{\n      migrate_build::include_migrations!();\n  }}\n  \
         db::MIGRATIONS.upgrade(&mut client).await?;"
    ));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_lies_in_the_package() {
        assert_eq!(inside("./db/./migrations/").unwrap(), "db/migrations");
        for wrong in ["", ".", "..", "a/../../b", "/tmp/x"] {
            assert!(inside(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_checkout_is_found_from_folders_that_are_not_there_yet() {
        let root = tempfile::tempdir().unwrap();
        let root = fs::canonicalize(root.path()).unwrap();
        fs::create_dir_all(root.join("checkout")).unwrap();
        fs::create_dir_all(root.join("ws/app")).unwrap();
        for (folder, path) in [("ws/app", "../../checkout"), ("ws/xtask", "../../checkout"), ("checkout", "")] {
            let source = reference_from(&root.join("checkout"), &root.join(folder)).unwrap();
            assert_eq!(source, Source::Path(path.to_owned()), "{folder}");
        }
    }

    #[test]
    fn scripts_in_refinerys_place_are_not_passed_over() {
        let root = tempfile::tempdir().unwrap();
        let first = || first_migration(root.path(), Path::new("migrations"), Versions::Sequential);
        assert_eq!(first().unwrap().unwrap().version, 1);
        fs::write(root.path().join("V1__theirs.sql"), "select 1;").unwrap();
        let error = first().unwrap_err();
        assert!(error.helps[0].starts_with("move the scripts of `migrations` into it"), "{:?}", error.helps);
        fs::create_dir(root.path().join("versions")).unwrap();
        fs::rename(root.path().join("V1__theirs.sql"), root.path().join("versions/V1__theirs.sql")).unwrap();
        assert_eq!(first().unwrap(), None);
    }
}
