//! What the workflow promises, one promise a test: a story each, from the files to the databases.

use serde_json::Value;
use tests::bench::{Bench, LINE};
use tests::invocation::Invocation;
use tests::output::Output;
use tests::postgres::Database;
use tests::project::Project;
use tests::repository::Repository;
use tests::running::Running;

use crate::promote::{BOOKS, ISBN};
use crate::repair_case::{agrees, commit, committed, without_the_last};
use crate::stages::Stages;

const V2: &str = "migrations/versions/V2__add_isbn.sql";

/// What is sealed is not changed unnoticed by the build, `check` and the database; what is committed not by the latter two.
#[test]
fn promise_1_nothing_sealed_or_committed_changes_unnoticed() {
    let project = Project::copy("shop");
    let database = Database::new();
    let migrate = |args: &[&str]| Invocation::new(&project, args).env("DATABASE_URL", database.url().expose()).output();
    project.commit("three migrations");
    migrate(&["upgrade"]).success();
    let sound = project.read(V2);

    // Committed, and not sealed.
    project.replace(V2, "text", "varchar(13)");
    for commits in [false, true] {
        if commits {
            project.commit("shorter");
        }
        let refused = migrate(&["upgrade"]).ended(1);
        assert!(refused.stderr.contains("migrations were changed after they were applied: 2 add_isbn"), "{refused:?}");
        let refused = migrate(&["check", "--against", if commits { "HEAD~1" } else { "HEAD" }]).ended(1);
        assert!(refused.stderr.contains("error[committed-edited]: `V2__add_isbn`"), "{refused:?}");
    }
    project.write(V2, &sound);
    migrate(&["seal"]).success();
    project.commit("sealed");
    project.cargo(&["build", "--lib"]).success();

    let edited = |message: &str| {
        let build = project.cargo(&["build", "--lib"]).ended(101);
        assert!(build.messages().contains(message), "{build:?}");
        let check = migrate(&["check"]).ended(1);
        assert!(check.stderr.contains(message.split_once("] ").unwrap().1), "{check:?}");
        migrate(&["upgrade"]).ended(1);
        project.git(&["checkout", "--quiet", "."]).success();
    };
    project.replace(V2, "text", "varchar(13)");
    edited("[sealed-edited] `V2__add_isbn` was edited after it was sealed");
    project.remove(V2);
    project.remove(V2.replace(".sql", ".down.sql"));
    edited("[sealed-deleted] `V2__add_isbn` was sealed and is gone");
    project.cargo(&["build", "--lib"]).success();
    migrate(&["upgrade"]).success();
}

/// With its rows, by each of the three ways; and torn down where somebody wants that, and nobody protects it.
#[test]
fn promise_2_a_database_that_holds_a_deleted_migration_is_recovered() {
    let split = || {
        let bench = committed(LINE);
        without_the_last(&bench);
        commit(&bench, "drop the price");
        bench.database.execute("insert into books (id, title, isbn, price) values (1, 'Emma', '0', 7)");
        let refused = bench.migrate_unchanged(&["upgrade"]).ended(1);
        assert!(refused.stderr.contains("migrations were deleted that the database has applied: 3"), "{refused:?}");
        bench
    };
    let titles = |bench: &Bench| bench.database.value("select string_agg(title, ' ') from books");

    let bench = split();
    bench.migrate(&["repair", "--restore", "--yes"]).success();
    agrees(&bench);
    assert_eq!((bench.applied().as_str(), titles(&bench).as_str()), ("1 2 3", "Emma"));
    assert_eq!(bench.database.value("select price from books"), "7");

    let bench = split();
    bench.migrate(&["repair", "--downgrade", "--yes"]).success();
    agrees(&bench);
    assert_eq!((bench.applied().as_str(), titles(&bench).as_str()), ("1 2", "Emma"));

    let bench = split();
    bench.migrate(&["repair", "--forget", "3", "--reason", "prices stay", "--yes"]).success();
    bench.migrate_unchanged(&["check", "--database"]).success();
    bench.migrate(&["upgrade"]).success();
    assert_eq!((bench.applied().as_str(), bench.columns().as_str()), ("1 2", "id title isbn price"));
    assert_eq!(bench.database.value("select price from books"), "7");

    let bench = split();
    bench.configure("\n[package.metadata.migrate.environments.staging]\nurl = \"$DATABASE_URL\"\nprotected = true\n");
    bench.migrate_unchanged(&["rebuild", "--env", "staging", "--confirm", "staging"]).ended(1);
    let name = bench.database.name();
    bench.migrate(&["rebuild", "--confirm", name]).success();
    agrees(&bench);
    assert_eq!(bench.database.value("select count(*) from books"), "0");
}

/// Staging asks for a rehearsal, by the report, and production for staging.
#[test]
fn promise_3_staging_accepts_what_was_rehearsed_and_production_what_staging_has() {
    let repository = Repository::new(&[BOOKS, ISBN]);
    let table = |name: &str, lines: &str| format!("[package.metadata.migrate.environments.{name}]\n{lines}\n");
    repository.settings(
        &[
            table("development", "url = \"$DEVELOPMENT_URL\""),
            table("staging", "url = \"$STAGING_URL\"\nrequires = \"development\""),
            table("production", "url = \"$PRODUCTION_URL\"\nrequires = \"staging\""),
        ]
        .concat(),
    );
    repository.write(".gitignore", "*.json\n");
    repository.commit("environments");
    let (staging, production, project) = (Database::new(), Database::new(), Project::empty());
    let upgrade = |environment: &str, more: &[&str]| -> Output {
        Invocation::new(&project, &[&["upgrade", "--env", environment], more].concat())
            .within(repository.root())
            .env("STAGING_URL", staging.url().expose())
            .env("PRODUCTION_URL", production.url().expose())
            .output()
    };
    let checksums = |database: &Database| database.rows("select version, name, checksum from refinery_schema_history");

    // Nothing was rehearsed.
    upgrade("staging", &[]).ended(1);
    upgrade("production", &[]).ended(1);
    repository.promote(&["--engine", "local", "--report", "rehearsal.json"]).success();
    repository.commit("sealed");
    upgrade("staging", &["--evidence", "rehearsal.json"]).success();
    upgrade("production", &[]).success();
    assert_eq!(checksums(&staging), checksums(&production));
    assert_eq!(checksums(&staging).len(), 2);

    // One more that was not, and one that was and is another now.
    let price = ("V3__add_price", "alter table books add price int;\n", "alter table books drop price;\n");
    repository.migration(price.0, price.1, price.2);
    repository.commit("the price");
    let refused = upgrade("staging", &["--evidence", "rehearsal.json"]).ended(1);
    assert!(refused.stderr.contains("3 add_price is not there"), "{refused:?}");
    let refused = upgrade("production", &[]).ended(1);
    assert!(refused.stderr.contains("3 add_price is not there"), "{refused:?}");
    repository.promote(&["--engine", "local", "--report", "rehearsal.json", "--no-seal"]).success();
    repository.migration(price.0, "alter table books add price numeric;\n", price.2);
    repository.commit("another price");
    let refused = upgrade("staging", &["--evidence", "rehearsal.json"]).ended(1);
    assert!(refused.stderr.contains("3 add_price is there with another text (the checksum differs)"), "{refused:?}");
    assert_eq!(checksums(&staging).len(), 2);
    let report: Value =
        serde_json::from_str(&fs_err::read_to_string(repository.path("rehearsal.json")).unwrap()).unwrap();
    assert_eq!(report["migrations"].as_array().unwrap().len(), 3);
}

#[test]
fn promise_4_upgrades_take_any_number_of_steps_and_a_protected_downgrade_one() {
    let stages = Stages::new("protected = true");
    stages.release(&[]).success();
    assert_eq!(stages.released(), "1 2 3");
    let down = |more: &[&str]| {
        stages.migrate(&[&["downgrade", "--env", "production", "--confirm", "production"], more].concat())
    };
    for more in [&["-n", "2"][..], &["--to", "1"], &["base"], &["--", "-3"]] {
        let refused = down(more).ended(1);
        assert!(refused.stderr.contains("environment `production` is protected"), "{refused:?}");
        assert_eq!(stages.released(), "1 2 3");
    }
    for left in ["1 2", "1", ""] {
        down(&[]).success();
        assert_eq!(stages.released(), left);
    }
    // Where nothing is protected all of them go at once.
    stages.stage();
    stages.migrate(&["downgrade", "base", "--env", "staging"]).success();
    assert_eq!(stages.staging.value("select count(*) from refinery_schema_history"), "0");
}

#[test]
fn promise_7_eight_processes_at_once_apply_each_migration_once() {
    let bench = Bench::new(LINE);
    bench.script("V4__count.sql", "--! parents = [3]\ncreate table counted as select 1;\n");
    let url = bench.database.url();
    let start = |_| Running::start(&bench.project, &["upgrade", "--database-url", url.expose()]);
    for run in (0..8).map(start).collect::<Vec<_>>() {
        run.wait().success();
    }
    assert_eq!(bench.applied(), "1 2 3 4");
    assert_eq!(
        bench.database.value("select string_agg(version::text, ' ' order by id) from cargo_migrate_log"),
        "1 2 3 4"
    );
}
