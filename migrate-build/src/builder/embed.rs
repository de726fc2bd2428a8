//! The two doors: `embed` and the builder.

use std::borrow::Cow;
use std::env;
use std::path::{Path, PathBuf};

use super::kept::{Kept, write};
use super::report;
use crate::cache::Cache;
use crate::check::{self, Job};
use crate::codegen::{self, MODULE};
use crate::diagnostic::{Diagnostic, Level};
use crate::embedded::Embedded;
use crate::error::Error;
use crate::history_name::HistoryName;
use crate::migration::dir::{self, Contents, VERSIONS};
use crate::rules;
use crate::settings::{self, DEFAULT_DIR, Settings, is_fixed, why_fixed};

/// Checks the migrations in `dir`, a folder relative to the package, and embeds them.
///
/// Whatever is wrong comes out as an error of the build, which names the file, the line and the cure; so there is nothing
/// to unwrap.
///
/// ```no_run
/// // build.rs
/// fn main() {
///     migrate_build::embed("migrations");
/// }
/// ```
pub fn embed(dir: impl Into<PathBuf>) {
    configure().dir(dir).embed();
}

/// Returns a builder, for all that [`embed`] does not ask for.
pub fn configure() -> Builder {
    Builder {
        dir: None,
        out_dir: None,
        manifest_dir: None,
        rules: Vec::new(),
        history: None,
        crate_path: "::migrate_build".to_owned(),
    }
}

/// How to embed a folder of migrations. What is not set here is taken from `[package.metadata.migrate]`.
///
/// ```no_run
/// // build.rs
/// use migrate_build::Level;
///
/// fn main() -> Result<(), migrate_build::Error> {
///     let outcome = migrate_build::configure().rule("missing-down", Level::Deny).try_embed()?;
///     outcome.report();
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `embed` or `try_embed` is called"]
pub struct Builder {
    dir: Option<PathBuf>,
    out_dir: Option<PathBuf>,
    manifest_dir: Option<PathBuf>,
    rules: Vec<(String, Level)>,
    history: Option<String>,
    crate_path: String,
}

impl Builder {
    /// Sets the migrations folder, relative to the package; `migrations` by default.
    pub fn dir(mut self, dir: impl Into<PathBuf>) -> Self {
        self.dir = Some(dir.into());
        self
    }

    /// Sets the folder to write to, in place of `OUT_DIR`.
    pub fn out_dir(mut self, out_dir: impl Into<PathBuf>) -> Self {
        self.out_dir = Some(out_dir.into());
        self
    }

    /// Sets the package's folder, in place of `CARGO_MANIFEST_DIR`.
    pub fn manifest_dir(mut self, manifest_dir: impl Into<PathBuf>) -> Self {
        self.manifest_dir = Some(manifest_dir.into());
        self
    }

    /// Sets the level of a rule.
    pub fn rule(mut self, name: impl Into<String>, level: Level) -> Self {
        self.rules.push((name.into(), level));
        self
    }

    /// Sets the history table, as `table` or `schema.table`; refinery's `refinery_schema_history` by default.
    pub fn history(mut self, table: impl Into<String>) -> Self {
        self.history = Some(table.into());
        self
    }

    /// Sets the path by which the generated code names this crate, for who re-exports it; `::migrate_build` by default.
    pub fn crate_path(mut self, path: impl Into<String>) -> Self {
        self.crate_path = path.into();
        self
    }

    /// Checks and embeds, and reports whatever is wrong to cargo, which fails the build where it must.
    pub fn embed(self) {
        match self.try_embed() {
            Ok(outcome) => outcome.report(),
            Err(error) => report::error(&error),
        }
    }

    /// Checks and embeds, and returns what was found. Where a finding denies it, the module that is written refuses to
    /// compile; [`Outcome::report`] makes cargo say why.
    ///
    /// # Errors
    /// The folder or a manifest is missing or can't be read, the module can't be written, an option or the configuration
    /// is wrong, or there is no migration.
    pub fn try_embed(self) -> Result<Outcome, Error> {
        let Self { dir, out_dir, manifest_dir, rules, history, crate_path } = self;
        let out_dir = out_dir.map_or_else(|| variable("OUT_DIR"), Ok)?;
        let manifest_dir = manifest_dir.map_or_else(|| variable("CARGO_MANIFEST_DIR"), Ok)?;
        let outcome = Package { dir, manifest_dir, options: options(&rules, history), crate_path }.embed_into(&out_dir);
        if outcome.as_ref().map_or(true, |outcome| outcome.refused()) {
            write(&out_dir.join(MODULE), &codegen::refusal())?;
        }
        outcome
    }
}

/// What a build did.
#[derive(Debug)]
pub struct Outcome {
    /// What was found, sorted by file and place; nothing that is allowed.
    pub diagnostics: Vec<Diagnostic>,
    /// The generated module.
    pub module: PathBuf,
    /// The package, for the sources that findings point at.
    package: PathBuf,
}

impl Outcome {
    /// Whether a finding forbids to embed the migrations.
    pub fn refused(&self) -> bool {
        self.diagnostics.iter().any(|finding| finding.level == Level::Deny)
    }

    /// Tells cargo what was found, which fails the build if [`Outcome::refused`].
    pub fn report(&self) {
        report::findings(&self.diagnostics, &self.package);
    }
}

#[expect(clippy::disallowed_methods, reason = "what cargo tells a build script is in its environment")]
fn variable(variable: &'static str) -> Result<PathBuf, Error> {
    env::var_os(variable).map(PathBuf::from).ok_or(Error::NotABuildScript { variable })
}

/// The builder's options as settings.
fn options(rules: &[(String, Level)], history: Option<String>) -> Result<Settings, Error> {
    let mut settings = Settings::default();
    for (name, level) in rules {
        let wrong = |message: String, help: String| Err(Error::Option { name: "rule", message, help });
        let Some(rule) = rules::find(name) else {
            let help = match rules::nearest(name) {
                Some(known) => format!("did you mean `{known}`?"),
                None => "`cargo migrate explain` lists the rules".to_owned(),
            };
            return wrong(format!("unknown rule `{name}`"), help);
        };
        if is_fixed(rule.name) && *level != Level::Deny {
            let help = why_fixed(rule.name).to_owned();
            return wrong(format!("`{name}` is always `deny`"), help);
        }
        settings.rules.insert(rule.name, *level);
    }
    if let Some(Err(error)) = history.as_deref().map(HistoryName::parse) {
        let help = "write `.history(\"table\")` or `.history(\"schema.table\")`".to_owned();
        return Err(Error::Option { name: "history", message: error.to_string(), help });
    }
    settings.history = history;
    Ok(settings)
}

/// A package whose migrations are to be embedded.
struct Package {
    dir: Option<PathBuf>,
    manifest_dir: PathBuf,
    options: Result<Settings, Error>,
    crate_path: String,
}

impl Package {
    fn embed_into(self, out_dir: &Path) -> Result<Outcome, Error> {
        let Self { dir, manifest_dir, options, crate_path } = self;
        report::rerun_if_changed(&manifest_dir.join("Cargo.toml"));
        let settings::Read { settings, manifests } = settings::read(&manifest_dir)?;
        for manifest in manifests.iter().skip(1) {
            report::rerun_if_changed(manifest);
        }
        let settings = options?.or(settings);
        let shown = dir.or_else(|| settings.dir.clone()).unwrap_or_else(|| DEFAULT_DIR.into());
        let root = manifest_dir.join(&shown);
        // Cargo looks at everything in the folder, so scripts, Rust sources and the lock are all covered.
        report::rerun_if_changed(&root);
        let (folder, contents) = dir::scan_whole(&root, &shown)?;
        let versions = codegen::slashed(&shown.join(VERSIONS));
        let mut embedded = Embedded { history: settings.history.clone().map(Cow::Owned), migrations: Vec::new() };
        let mut sources = Vec::with_capacity(contents.len());
        let mut unreadable = Vec::new();
        for (migration, Contents { up, down }) in folder.migrations.iter().zip(contents) {
            let texts = check::readable(up, down, &mut unreadable)?;
            let rust = check::rust_text(&folder, migration, &mut unreadable)?;
            if let Some((up, down)) = texts {
                embedded.migrations.push(codegen::embedded(&versions, migration, up, down));
                sources.push((migration, rust));
            }
        }
        let text = embedded.to_text();
        let kept = Kept::read(out_dir, &shown);
        let scripts = sources.iter().zip(&embedded.migrations).zip(kept.unchanged(&text));
        let same_seals = kept.is_sealed_by(&folder.lock);
        let mut jobs: Vec<Job<'_>> = scripts
            .map(|(((migration, rust), embedded), unchanged)| {
                let (up, down, rust) = (&*embedded.up, embedded.down.as_deref(), rust.as_deref());
                let mut job = Job { migration, up, down, rust, found: None };
                let found = unchanged.then(|| kept.look_up(migration.version, rust)).flatten();
                job.found = found.map(|found| if same_seals { found } else { check::with_seal(&folder, &job, found) });
                job
            })
            .collect();
        check::parse(&folder, &mut jobs);
        let mut cache = Cache::of(&folder.lock);
        let mut found = Vec::new();
        for Job { migration, rust, found: of_one, .. } in jobs {
            let of_one = of_one.unwrap_or_default();
            cache.add(migration.version, rust, &of_one);
            found.extend(of_one);
        }
        kept.replace(&text, &cache)?;
        let diagnostics = check::all(&folder, &settings, found, unreadable);
        let outcome = Outcome { diagnostics, module: out_dir.join(MODULE), package: manifest_dir };
        if outcome.refused() {
            return Ok(outcome);
        }
        if embedded.migrations.is_empty() {
            return Err(Error::NoMigrations { path: shown.join(VERSIONS) });
        }
        write(&outcome.module, &codegen::module(&crate_path, &shown))?;
        Ok(outcome)
    }
}
