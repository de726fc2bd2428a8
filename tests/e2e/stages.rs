//! Three environments and a package in a repository: what the tests of gates and of `status` have in common.

use tests::bench::{Bench, LINE};
use tests::invocation::Invocation;
use tests::output::Output;
use tests::postgres::Database;

/// A package in a git repository, committed to `trunk`, and the databases of its environments; development's is the bench's.
pub(crate) struct Stages {
    pub(crate) bench: Bench,
    pub(crate) staging: Database,
    pub(crate) production: Database,
}

impl Stages {
    /// With more lines for the table of `production`.
    pub(crate) fn new(production: &str) -> Self {
        let bench = Bench::new(LINE);
        bench.configure(&format!(
            "[package.metadata.migrate.environments.staging]\nurl = \"$STAGING_URL\"\n\n\
             [package.metadata.migrate.environments.production]\nurl = \"${{PRODUCTION_URL}}\"\n{production}\n"
        ));
        bench.project.git(&["init", "--quiet", "--initial-branch=trunk"]).success();
        let stages = Self { bench, staging: Database::new(), production: Database::new() };
        stages.commit("start");
        stages
    }

    pub(crate) fn commit(&self, message: &str) {
        self.bench.project.git(&["add", "--all"]).success();
        self.bench.project.git(&["commit", "--quiet", "--message", message]).success();
    }

    pub(crate) fn invoke(&self, args: &[&str]) -> Invocation {
        let run = self.bench.invoke(args);
        run.env("STAGING_URL", self.staging.url().expose())
            .env("PRODUCTION_URL", self.production.url().expose())
            .env("CARGO_MIGRATE_ACTOR", "ada")
            .hide(self.staging.name(), "[STAGING]")
            .hide(self.production.name(), "[PRODUCTION]")
    }

    pub(crate) fn migrate(&self, args: &[&str]) -> Output {
        self.invoke(args).output()
    }

    /// Upgrades staging.
    pub(crate) fn stage(&self) {
        self.migrate(&["upgrade", "--env", "staging"]).success();
    }

    /// Upgrades production.
    pub(crate) fn release(&self, more: &[&str]) -> Output {
        self.migrate(&[&["upgrade", "--env", "production"], more].concat())
    }

    /// What production has applied.
    pub(crate) fn released(&self) -> String {
        if self.production.value("select to_regclass('refinery_schema_history') is null") == "t" {
            return String::new();
        }
        self.production
            .value("select coalesce(string_agg(version::text, ' ' order by version), '') from refinery_schema_history")
    }
}
