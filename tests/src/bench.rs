//! A package with migrations and a database of its own: what most commands are tried on.

use std::collections::BTreeSet;

use crate::invocation::Invocation;
use crate::output::Output;
use crate::postgres::Database;
use crate::project::Project;

/// The manifest of a package whose versions are short.
pub const MANIFEST: &str = "\
[package]
name = \"shop\"
version = \"0.1.0\"
edition = \"2024\"

[package.metadata.migrate]
version-format = \"sequential\"
";

/// The folder of the scripts.
pub const VERSIONS: &str = "migrations/versions";

/// Three migrations in a line.
pub const LINE: &[(&str, &str)] = &[
    ("V1__create_books.sql", "create table books (id int8 primary key, title text not null);\n"),
    ("V1__create_books.down.sql", "drop table books;\n"),
    ("V2__add_isbn.sql", "--! parents = [1]\nalter table books add isbn text;\n"),
    ("V2__add_isbn.down.sql", "alter table books drop isbn;\n"),
    ("V3__add_price.sql", "--! parents = [2]\nalter table books add price numeric;\n"),
    ("V3__add_price.down.sql", "alter table books drop price;\n"),
];

/// Two heads on one base.
pub const TWO_HEADS: &[(&str, &str)] = &[
    ("V1__create_books.sql", "create table books (id int8 primary key, title text not null);\n"),
    ("V1__create_books.down.sql", "drop table books;\n"),
    ("V2__add_isbn.sql", "--! parents = [1]\nalter table books add isbn text;\n"),
    ("V2__add_isbn.down.sql", "alter table books drop isbn;\n"),
    ("V3__add_price.sql", "--! parents = [1]\nalter table books add price numeric;\n"),
    ("V3__add_price.down.sql", "alter table books drop price;\n"),
];

/// A package and a database.
#[derive(Debug)]
pub struct Bench {
    /// The package; nothing of it is ever built.
    pub project: Project,
    /// The database, which `DATABASE_URL` names.
    pub database: Database,
}

impl Bench {
    /// A package with [`MANIFEST`] and these scripts.
    ///
    /// # Panics
    ///
    /// There is no server, or the system refuses.
    pub fn new(scripts: &[(&str, &str)]) -> Self {
        let project = Project::empty();
        project.write_source("Cargo.toml", MANIFEST);
        project.write("src/lib.rs", "");
        for (file, text) in scripts {
            project.write(format!("{VERSIONS}/{file}"), text);
        }
        Self { project, database: Database::new() }
    }

    /// Writes a script.
    ///
    /// # Panics
    ///
    /// The system refuses.
    pub fn script(&self, file: &str, text: impl AsRef<[u8]>) {
        self.project.write(format!("{VERSIONS}/{file}"), text);
    }

    /// Adds to the manifest.
    ///
    /// # Panics
    ///
    /// The system refuses.
    pub fn configure(&self, toml: &str) {
        self.project.write("Cargo.toml", format!("{}{toml}", self.project.read("Cargo.toml")));
    }

    /// A run of cargo-migrate that finds the database, and shows neither its name nor its server's address.
    pub fn invoke(&self, args: &[&str]) -> Invocation {
        let url = self.database.url();
        let run = Invocation::new(&self.project, args).env("DATABASE_URL", url.expose());
        let run = run.env("CARGO_MIGRATE_ACTOR", "ada@laptop");
        run.hide(self.database.name(), "[DATABASE]").hide(url.servers(), "[SERVER]")
    }

    /// Runs cargo-migrate.
    ///
    /// # Panics
    ///
    /// It can't be started.
    pub fn migrate(&self, args: &[&str]) -> Output {
        self.invoke(args).output()
    }

    /// The applied versions, as the history has them.
    pub fn applied(&self) -> String {
        self.database
            .value("select coalesce(string_agg(version::text, ' ' order by version), '') from refinery_schema_history")
    }

    /// The columns of the table `books`; empty where there is no such table.
    pub fn columns(&self) -> String {
        self.database.value(
            "select coalesce(string_agg(attname, ' ' order by attnum), '') from pg_attribute
             where attrelid = to_regclass('public.books') and attnum > 0 and not attisdropped",
        )
    }

    /// Runs something, and makes sure that it changed neither a file nor the database.
    ///
    /// # Panics
    ///
    /// It did.
    #[track_caller]
    pub fn unchanged(&self, run: impl FnOnce() -> Output) -> Output {
        let before = self.state();
        let output = run();
        let after = self.state();
        let (lost, new): (Vec<_>, Vec<_>) =
            before.symmetric_difference(&after).partition(|line| before.contains(*line));
        assert!(lost.is_empty() && new.is_empty(), "{output:?}\nlost: {lost:#?}\nnew: {new:#?}");
        output
    }

    /// [`Bench::migrate`] that must change nothing.
    ///
    /// # Panics
    ///
    /// It did.
    #[track_caller]
    pub fn migrate_unchanged(&self, args: &[&str]) -> Output {
        self.unchanged(|| self.migrate(args))
    }

    /// The files of the package and what is in the database.
    fn state(&self) -> BTreeSet<String> {
        // `git diff` writes into its index what it has learnt of the files' times.
        let files = self.project.files();
        let files = files.iter().filter(|(path, _)| *path != std::path::Path::new(".git/index"));
        let files = files.map(|(path, bytes)| format!("{}: {:?}", path.display(), String::from_utf8_lossy(bytes)));
        files.chain(self.database.contents()).collect()
    }
}
