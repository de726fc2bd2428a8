//! The gates before an environment: each refuses what it should, all are named at once, and an override is kept in the log.

use insta::assert_snapshot;
use serde_json::Value;
use tests::bench::{Bench, LINE};
use tests::invocation::Invocation;
use tests::output::Output;
use tests::postgres::Database;
use tests::project::Project;
use tests::repository::Repository;

use crate::promote::{BOOKS, ISBN};
use crate::stages::Stages;

const ISBN_EDITED: &str = "--! parents = [1]\nalter table books add isbn varchar;\n";

#[test]
fn production_accepts_only_what_staging_has_applied() {
    let stages = Stages::new("requires = \"staging\"");
    assert_snapshot!(stages.release(&[]).ended(1).snapshot(), @"
    $ cargo-migrate upgrade --env production
    -- stderr
    error: environment `production` refuses the upgrade (requires): environment `staging`, which it requires, has not applied 3 of 3 migrations as they are here (seen in database `[STAGING]`)
    note: 1 create_books is not there
    note: 2 add_isbn is not there
    note: 3 add_price is not there
    note: nothing was changed
    help: apply them there first: `cargo migrate upgrade --env staging`
    help: or override what you answer for, which is logged: `--override requires --reason TEXT`
    -- exit 1
    ");
    assert_eq!(stages.released(), "");
    stages.migrate(&["upgrade", "--env", "staging", "--to", "2"]).success();
    assert_snapshot!(stages.release(&[]).ended(1).snapshot(), @"
    $ cargo-migrate upgrade --env production
    -- stderr
    error: environment `production` refuses the upgrade (requires): environment `staging`, which it requires, has not applied 1 of 3 migrations as it is here (seen in database `[STAGING]`)
    note: 3 add_price is not there
    note: nothing was changed
    help: apply them there first: `cargo migrate upgrade --env staging`
    help: or override what you answer for, which is logged: `--override requires --reason TEXT`
    -- exit 1
    ");
    stages.release(&["--to", "2"]).success();
    assert_eq!(stages.released(), "1 2");

    stages.stage();
    stages.bench.script("V3__add_price.sql", "--! parents = [2]\nalter table books add price int8;\n");
    stages.commit("an edit");
    assert_snapshot!(stages.release(&[]).ended(1).snapshot(), @"
    $ cargo-migrate upgrade --env production
    -- stderr
    error: environment `production` refuses the upgrade (requires): environment `staging`, which it requires, has not applied the migration as it is here (seen in database `[STAGING]`)
    note: 3 add_price is there since [NOW] with another text (the checksum differs)
    note: nothing was changed
    help: restore the files as they were applied there, and put the change into a new migration
    help: or override what you answer for, which is logged: `--override requires --reason TEXT`
    -- exit 1
    ");
    assert_eq!(stages.released(), "1 2");
    stages.bench.script("V3__add_price.sql", LINE[4].1);
    stages.commit("as it was");
    stages.release(&[]).success();
    assert_eq!(stages.released(), "1 2 3");
    // With nothing to apply there is nothing to ask.
    stages.invoke(&["upgrade", "--env", "production"]).without("STAGING_URL").output().success();
}

#[test]
fn a_dry_run_asks_the_gates_too() {
    let stages = Stages::new("requires = \"staging\"");
    stages.release(&["--dry-run"]).ended(1);
    stages.stage();
    stages.release(&["--dry-run"]).success();
    assert_eq!(stages.released(), "");
}

#[test]
fn a_migration_soaks() {
    let stages = Stages::new("requires = \"staging\"\nsoak = \"30d\"");
    stages.stage();
    let refused = stages.release(&[]).ended(1);
    assert!(refused.stderr.contains("environment `staging` has not had 3 of 3 migrations for 30d"), "{refused:?}");
    assert!(refused.stderr.contains("note: 3 add_price is there since 20"), "{refused:?}");
    assert!(refused.stderr.contains("help: run it again after 20"), "{refused:?}");
    let age = |versions: &str, days: u32| {
        stages.staging.execute(&format!(
            "update refinery_schema_history set applied_on = to_char(timezone('UTC', now() - interval '{days} days'), \
             'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') where version in ({versions})"
        ));
    };
    age("1, 2, 3", 29);
    stages.release(&[]).ended(1);
    age("1, 2", 31);
    let refused = stages.release(&[]).ended(1);
    assert!(refused.stderr.contains("has not had 1 of 3 migrations for 30d"), "{refused:?}");
    stages.release(&["--to", "2"]).success();
    age("3", 31);
    stages.release(&[]).success();
    assert_eq!(stages.released(), "1 2 3");
}

#[test]
fn all_refusals_are_named_at_once_and_an_override_is_logged() {
    let stages = Stages::new("requires = \"staging\"\nsoak = \"1h\"\nbranch = \"production\"\nprotected = true");
    stages.bench.project.git(&["branch", "production"]).success();
    stages.migrate(&["upgrade", "--env", "staging", "--to", "1"]).success();
    stages
        .bench
        .script("V3__add_price.sql", "--! parents = [2]\n--! reviewed = false\nalter table books add price numeric;\n");
    stages.commit("unreviewed");
    stages.bench.script("V2__add_isbn.sql", ISBN_EDITED);
    let refused = stages.release(&[]).ended(1);
    for gate in ["requires: ", "soak: ", "branch: ", "uncommitted: ", "unreviewed: "] {
        assert!(refused.stderr.contains(&format!("note: {gate}")), "{gate}{refused:?}");
    }
    assert!(refused.stderr.contains("for 5 reasons"), "{refused:?}");
    assert!(refused.stderr.contains("migrations/versions/V2__add_isbn.sql (modified)"), "{refused:?}");
    assert!(
        refused.stderr.contains("`--override requires,soak,branch,uncommitted,unreviewed --reason TEXT`"),
        "{refused:?}"
    );
    let json = stages.release(&["--format", "json"]).ended(1).json();
    assert_eq!(json["error"]["kind"], "refused");

    // Half of them is not enough, and without a reason none is.
    stages.release(&["--override", "requires,soak", "--reason", "a fix"]).ended(1);
    stages.release(&["--override", "requires,soak,branch,uncommitted,unreviewed"]).ended(2);
    stages.release(&["--override", "requires,soak,branch,uncommitted,unreviewed", "--reason", " "]).ended(2);
    stages.release(&["--override", "everything", "--reason", "a fix"]).ended(2);
    assert_eq!(stages.released(), "");

    let all = ["--override", "requires,soak,branch,uncommitted,unreviewed", "--reason", "it's a \"fix\" \\ for #7"];
    let done = stages.release(&all).success();
    assert!(done.stderr.contains("warning: gate `soak` is overridden: "), "{done:?}");
    assert_eq!(stages.released(), "1 2 3");
    let log = "select details::text from cargo_migrate_log where action = 'upgrade' order by id";
    let rows = stages.production.rows(log);
    assert_eq!(rows.len(), 3);
    for row in rows {
        let details: Value = serde_json::from_str(&row[0]).unwrap();
        assert_eq!(details["reason"], "it's a \"fix\" \\ for #7");
        assert_eq!(details["environment"], "production");
        let gates: Vec<&str> =
            details["overrides"].as_array().unwrap().iter().map(|gate| gate["gate"].as_str().unwrap()).collect();
        assert_eq!(gates, ["requires", "soak", "branch", "uncommitted", "unreviewed"]);
        assert!(details.to_string().contains("V2__add_isbn.sql (modified)"), "{details}");
    }
    // Where nothing is overridden there is nothing to keep.
    assert_eq!(stages.staging.value("select count(*) from cargo_migrate_log where details is not null"), "0");
}

/// A log that an older version made has no such column; a migration outside a transaction is recorded by other ways.
#[test]
fn an_override_is_kept_in_an_older_log() {
    let stages = Stages::new("requires = \"staging\"");
    stages.stage();
    stages.release(&["--to", "2"]).success();
    stages.production.execute("alter table cargo_migrate_log drop column details");
    stages.bench.script(
        "V4__add_index.sql",
        "--! parents = [3]\n--! transaction = false\ncreate index concurrently books_price on books (price);\n",
    );
    stages.commit("an index");
    let needless = stages.release(&["--override", "requires,branch", "--reason", "urgent"]).success();
    assert!(needless.stderr.contains("note: gate `branch` did not have to be overridden"), "{needless:?}");
    assert_eq!(stages.released(), "1 2 3 4");
    let log = "select string_agg(version || ' ' || (details ->> 'reason'), ', ' order by id) from cargo_migrate_log";
    assert_eq!(stages.production.value(log), "3 urgent, 4 urgent");
}

#[test]
fn a_branch_is_what_is_checked_out_or_what_has_its_commit() {
    let stages = Stages::new("branch = \"release/1\"");
    let git = |args: &[&str]| stages.bench.project.git(args).success().stdout.trim().to_owned();
    let refused = stages.release(&["--to", "1"]).ended(1);
    assert!(refused.stderr.contains("(branch): there is no branch `release/1`"), "{refused:?}");
    git(&["branch", "release/1"]);
    // What is checked out is `trunk`, whose commit the branch has.
    stages.release(&["--to", "1"]).success();
    git(&["commit", "--quiet", "--allow-empty", "--message", "ahead"]);
    let ahead = git(&["rev-parse", "HEAD"]);
    let refused = stages.release(&["--to", "2"]).ended(1);
    let at = format!("it is upgraded from branch `release/1`, and branch `trunk` ({}) is checked out", &ahead[..7]);
    assert!(refused.stderr.contains(&at), "{refused:?}");
    // As a pipeline checks out.
    git(&["checkout", "--quiet", "--detach", "release/1"]);
    stages.release(&["--to", "2"]).success();
    git(&["checkout", "--quiet", "--detach", &ahead]);
    stages.release(&[]).ended(1);
    // A branch that only a remote has.
    git(&["update-ref", "refs/remotes/origin/release/1", &ahead]);
    stages.release(&[]).success();
    assert_eq!(stages.released(), "1 2 3");
}

/// Git says of an ignored folder nothing but that.
#[test]
fn what_is_ignored_is_not_committed() {
    let stages = Stages::new("protected = true");
    stages.bench.project.git(&["rm", "-r", "--quiet", "--cached", "migrations"]).success();
    stages.bench.project.write(".gitignore", "migrations/\n");
    stages.commit("without");
    let refused = stages.release(&[]).ended(1);
    assert!(refused.stderr.contains("(uncommitted): a file of the migrations is not committed"), "{refused:?}");
    assert!(refused.stderr.contains("migrations/ (ignored)"), "{refused:?}");
}

#[test]
fn without_git_a_gate_says_so() {
    let bench = Bench::new(LINE);
    bench.configure("[package.metadata.migrate.environments.production]\nurl = \"$DATABASE_URL\"\nprotected = true\nbranch = \"main\"\n");
    let up = ["upgrade", "--env", "production"];
    let refused = bench.migrate_unchanged(&up).ended(1);
    for what in
        ["whether this is branch `main` can't be told: ", "whether the migrations are committed can't be told: "]
    {
        assert!(refused.stderr.contains(&format!("{what}the migrations are in no git repository")), "{refused:?}");
    }
    let without = bench.invoke(&up).env("PATH", "/nowhere").output().ended(1);
    assert!(without.stderr.contains("can't run `git`"), "{without:?}");
    // Nothing asks for git where there is no gate.
    bench.invoke(&["upgrade"]).env("PATH", "/nowhere").output().success();
}

#[test]
fn what_is_for_gates_is_refused_without_any() {
    let bench = Bench::new(LINE);
    let evidence = bench.migrate_unchanged(&["upgrade", "--evidence", "x.json"]).ended(2);
    assert!(
        evidence.stderr.contains("`--evidence` is for an environment with gates, and none is meant"),
        "{evidence:?}"
    );
    bench.migrate_unchanged(&["upgrade", "--override", "soak", "--reason", "x"]).ended(2);
}

#[test]
fn environments_that_require_nonsense_are_named_with_their_line() {
    let bench = Bench::new(LINE);
    bench.configure(
        "[package.metadata.migrate.environments.a]\nrequires = \"a\"\n\
         [package.metadata.migrate.environments.b]\nrequires = \"stagin\"\n\
         [package.metadata.migrate.environments.c]\nrequires = \"d\"\n\
         [package.metadata.migrate.environments.d]\nrequires = \"c\"\n\
         [package.metadata.migrate.environments.staging]\nurl = \"$STAGING_URL\"\n",
    );
    assert_snapshot!(bench.migrate_unchanged(&["heads"]).ended(2).snapshot(), @"
    $ cargo-migrate heads
    -- stderr
    error: [ROOT]/Cargo.toml:9:12: environment `a` requires itself
    [ROOT]/Cargo.toml:11:12: environment `b` requires `stagin`, which is not configured
    [ROOT]/Cargo.toml:13:12: environments require each other in a ring: `c` requires `d` requires `c`
    [ROOT]/Cargo.toml:15:12: environments require each other in a ring: `d` requires `c` requires `d`
    help: name the environment that comes before it, or take the line out
    did you mean `staging`?
    let the first of them require none
    let the first of them require none
    -- exit 2
    ");
}

/// A report of a rehearsal, for where staging can't be reached.
struct Rehearsed {
    repository: Repository,
    production: Database,
    project: Project,
}

impl Rehearsed {
    fn new(soak: &str) -> Self {
        let repository = Repository::new(&[BOOKS, ISBN]);
        repository.settings(&format!(
            "[package.metadata.migrate.environments.staging]\nurl = \"$STAGING_URL\"\n\
             [package.metadata.migrate.environments.production]\nurl = \"$PRODUCTION_URL\"\nrequires = \"staging\"\n{soak}"
        ));
        repository.write(".gitignore", "*.json\n");
        repository.commit("environments");
        let rehearsed = Self { repository, production: Database::new(), project: Project::empty() };
        rehearsed.rehearse();
        rehearsed
    }

    fn rehearse(&self) {
        self.repository.promote(&["--engine", "local", "--report", "r.json"]).success();
    }

    fn release(&self, staging: Option<&str>, more: &[&str]) -> Output {
        let args = [&["upgrade", "--env", "production"], more].concat();
        let run = Invocation::new(&self.project, &args).within(self.repository.root());
        let run = run.env("PRODUCTION_URL", self.production.url().expose());
        match staging {
            Some(url) => run.env("STAGING_URL", url),
            None => run,
        }
        .output()
    }

    fn report(&self) -> Value {
        serde_json::from_str(&fs_err::read_to_string(self.repository.path("r.json")).unwrap()).unwrap()
    }

    #[track_caller]
    fn is_refused(&self, report: &Value, why: &str) {
        self.repository.write("forged.json", &report.to_string());
        let refused = self.release(None, &["--evidence", "forged.json"]).ended(1);
        assert!(refused.stderr.contains(why), "{why}: {refused:?}");
        assert_eq!(self.production.contents(), Vec::<String>::new());
    }
}

#[test]
fn a_rehearsals_report_stands_for_staging_and_a_forged_one_does_not() {
    let rehearsed = Rehearsed::new("");
    let refused = rehearsed.release(None, &[]).ended(1);
    assert!(
        refused.stderr.contains("variable `STAGING_URL`, which the URL of environment `staging` names, is not set"),
        "{refused:?}"
    );
    assert!(refused.stderr.contains("`--evidence FILE.json`"), "{refused:?}");
    let unreachable = "postgres://ada:very-secret@127.0.0.1:1/staging";
    let refused = rehearsed.release(Some(unreachable), &[]).ended(1);
    assert!(refused.stderr.contains("can't reach a PostgreSQL server at `127.0.0.1:1`"), "{refused:?}");
    assert!(!refused.stderr.contains("very-secret"), "{refused:?}");
    rehearsed.release(None, &["--evidence", "nowhere.json"]).ended(1);

    let report = rehearsed.report();
    let forged = |change: &dyn Fn(&mut Value)| {
        let mut report = report.clone();
        change(&mut report);
        report
    };
    let differs = "2 add_isbn is there with another text (the checksum differs)";
    rehearsed.is_refused(&forged(&|report| report["migrations"][1]["up_sha256"] = "0".repeat(64).into()), differs);
    rehearsed.is_refused(&forged(&|report| report["migrations"][1]["down_sha256"] = Value::Null), differs);
    rehearsed.is_refused(&forged(&|report| report["migrations"][1]["name"] = "add_ean".into()), differs);
    rehearsed.is_refused(
        &forged(&|report| drop(report["migrations"].as_array_mut().unwrap().pop())),
        "2 add_isbn is not there",
    );
    rehearsed.is_refused(&forged(&|report| report["passed"] = false.into()), "the rehearsal did not pass");
    rehearsed.is_refused(
        &forged(&|report| report["stages"][2]["gates"][3]["result"] = "failed".into()),
        "it says that it passed, and its stages say that they did not",
    );
    rehearsed.is_refused(&forged(&|report| report["commit"] = "1".repeat(40).into()), "it is of commit 1111111, which");
    rehearsed.is_refused(&forged(&|report| report["package"] = "other".into()), "it is of package `other`");

    let done = rehearsed.release(Some(unreachable), &["--evidence", "r.json"]).success();
    assert!(!done.stderr.contains("very-secret"), "{done:?}");
    assert_eq!(rehearsed.production.value("select count(*) from refinery_schema_history"), "2");
}

/// A report of what there was before: the new migration isn't in it, and an edited one has another checksum.
#[test]
fn a_stale_report_is_refused() {
    let rehearsed = Rehearsed::new("");
    // The rehearsal sealed it, and a seal would refuse before anything is compared.
    fs_err::remove_file(rehearsed.repository.path("migrations/migrate.lock")).unwrap();
    rehearsed.repository.migration("V2__add_isbn", "alter table books add isbn varchar;\n", ISBN.2);
    rehearsed.repository.commit("an edit");
    let refused = rehearsed.release(None, &["--evidence", "r.json"]).ended(1);
    assert!(refused.stderr.contains("(the checksum differs)"), "{refused:?}");
    rehearsed.rehearse();
    rehearsed.release(None, &["--evidence", "r.json"]).success();
}

/// Since it was written.
#[test]
fn a_report_soaks_too() {
    let rehearsed = Rehearsed::new("soak = \"2h\"\n");
    let refused = rehearsed.release(None, &["--evidence", "r.json"]).ended(1);
    assert!(
        refused.stderr.contains("(soak): environment `staging` has not had 2 of 2 migrations for 2h"),
        "{refused:?}"
    );
    let mut report = rehearsed.report();
    report["started"] = "2026-01-01T00:00:00Z".into();
    rehearsed.repository.write("old.json", &report.to_string());
    rehearsed.release(None, &["--evidence", "old.json"]).success();
}

/// The database counts for more than a report.
#[test]
fn a_report_is_not_looked_at_where_staging_can_be() {
    let rehearsed = Rehearsed::new("");
    let staging = Database::new();
    let refused = rehearsed.release(Some(staging.url().expose()), &["--evidence", "r.json"]).ended(1);
    assert!(refused.stderr.contains("note: `r.json` is not looked at"), "{refused:?}");
    assert!(refused.stderr.contains("2 add_isbn is not there"), "{refused:?}");
    // Looking at it left nothing there.
    assert_eq!(staging.contents(), Vec::<String>::new());
    // Nor where it can be reached and not be read.
    staging.execute("create table refinery_schema_history (a int)");
    let refused = rehearsed.release(Some(staging.url().expose()), &["--evidence", "r.json"]).ended(1);
    assert!(refused.stderr.contains("is not a migration history"), "{refused:?}");
}

#[test]
fn a_protected_environment_asks_for_its_name() {
    let stages = Stages::new("protected = true");
    stages.release(&[]).success();
    let down = |more: &[&str]| stages.migrate(&[&["downgrade", "--env", "production"], more].concat());
    assert_snapshot!(down(&[]).ended(2).snapshot(), @"
    $ cargo-migrate downgrade --env production
    -- stderr
    error: the name of the environment is needed, and there is no terminal to ask at
    note: nothing was changed
    help: add `--confirm production`, or `--dry-run` to see what it would do
    -- exit 2
    ");
    let wrong = down(&["--confirm", "staging"]).ended(2);
    assert!(wrong.stderr.contains("`staging` is not the environment, which is `production`"), "{wrong:?}");
    down(&["--confirm", "production", "-n", "2"]).ended(1);
    down(&["--dry-run"]).success();
    assert_eq!(stages.released(), "1 2 3");
    down(&["--confirm", "production"]).success();
    assert_eq!(stages.released(), "1 2");
    // One that is not protected doesn't ask; a name that is given counts nevertheless.
    stages.stage();
    stages.migrate(&["downgrade", "--env", "staging", "--confirm", "production"]).ended(2);
    stages.migrate(&["downgrade", "--env", "staging"]).success();
    stages.migrate(&["downgrade", "--confirm", "production"]).ended(2);
}
