//! A bench in a git repository.

use crate::bench::Bench;
use crate::invocation::Invocation;
use crate::output::Output;

/// A package, its database, and a repository around it whose branch is `trunk`.
#[derive(Debug)]
pub struct Versioned {
    /// The package and the database.
    pub bench: Bench,
}

impl Versioned {
    /// A package with these scripts, committed as "Start".
    ///
    /// # Panics
    ///
    /// There is no server or no git, or the system refuses.
    pub fn new(scripts: &[(&str, &str)]) -> Self {
        let versioned = Self { bench: Bench::new(scripts) };
        versioned.git(&["init", "--quiet", "--initial-branch=trunk"]);
        versioned.bench.project.write(".gitignore", "target\n");
        versioned.commit("Start");
        versioned
    }

    /// Runs git and returns what it prints.
    ///
    /// # Panics
    ///
    /// It fails.
    #[track_caller]
    pub fn git(&self, args: &[&str]) -> String {
        self.bench.project.git(args).success().stdout.trim().to_owned()
    }

    /// Commits all there is, and returns the commit.
    ///
    /// # Panics
    ///
    /// Git refuses.
    #[track_caller]
    pub fn commit(&self, message: &str) -> String {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", message]);
        self.git(&["rev-parse", "HEAD"])
    }

    /// Writes a migration `V{version}__{name}` on top of `parent`, which makes and drops a table of that name.
    pub fn migration(&self, version: i64, name: &str, parent: i64) {
        let up = format!("--! parents = [{parent}]\ncreate table {name} (id int8 primary key);\n");
        self.bench.script(&format!("V{version}__{name}.sql"), up);
        self.bench.script(&format!("V{version}__{name}.down.sql"), format!("drop table {name};\n"));
    }

    /// The names of the scripts there are, without those of ways back.
    ///
    /// # Panics
    ///
    /// The folder can't be read.
    pub fn ups(&self) -> Vec<String> {
        let files = self.bench.project.files();
        let names = files.keys().filter_map(|path| path.to_str()?.strip_prefix("migrations/versions/"));
        names.filter(|name| !name.ends_with(".down.sql")).map(str::to_owned).collect()
    }

    /// A run whose output shows no commit by its hash.
    ///
    /// # Panics
    ///
    /// Git fails.
    pub fn invoke(&self, args: &[&str]) -> Invocation {
        let mut run = self.bench.invoke(args);
        for commit in self.git(&["rev-list", "--all"]).lines() {
            for length in [40, 10, 7] {
                run = run.hide(commit.get(..length).expect("a commit is a hash"), "[COMMIT]");
            }
        }
        run
    }

    /// Runs cargo-migrate.
    ///
    /// # Panics
    ///
    /// It can't be started.
    pub fn migrate(&self, args: &[&str]) -> Output {
        self.invoke(args).output()
    }
}
