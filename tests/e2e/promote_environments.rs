//! The rehearsal's staging and production: where they start, their data, the smoke command.

use tests::repository::Repository;

use crate::promote::{BOOKS, ISBN, gate, others, promote};

#[test]
fn a_smoke_command_that_fails_is_shown_with_its_output() {
    let repository = Repository::new(&[BOOKS]);
    repository.settings("promote.smoke = 'echo out; echo err >&2; exit 7'\n");
    repository.commit("smoke");
    let report = promote(&repository, 1, &[]);
    let smoke = gate(&report, "staging", "smoke");
    assert_eq!(smoke["result"], "failed");
    assert_eq!(smoke["failures"][0]["body"], "out\nerr\n");
    let message = smoke["failures"][0]["message"].as_str().unwrap();
    assert!(message.starts_with("the smoke command failed (exit status: 7)"), "{message}");
    assert_eq!(gate(&report, "staging", "last step")["result"], "passed");
    assert_eq!(gate(&report, "production", "smoke")["result"], "failed");
}

#[test]
fn a_smoke_command_has_its_time() {
    let repository = Repository::new(&[BOOKS]);
    // What it leaves in the background holds its output open, and is ended as well.
    repository.settings(
        "[package.metadata.migrate.promote]\nsmoke = 'while :; do touch alive; sleep 0.1; done & sleep 600'\nsmoke-timeout = '300ms'\n",
    );
    repository.commit("smoke");
    let report = promote(&repository, 1, &[]);
    let failure = &gate(&report, "staging", "smoke")["failures"][0];
    assert!(failure["message"].as_str().unwrap().starts_with("the smoke command took more than 0.3 s"), "{failure}");
    assert!(failure["helps"][0].as_str().unwrap().contains("smoke-timeout"));
    fs_err::remove_file(repository.path("alive")).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(700));
    assert!(!repository.path("alive").exists(), "it goes on in the background");
}

/// Seeds are to meet pending migrations in a clone without the environment's branch, too; a branch counts for more.
#[test]
fn where_no_branch_tells_the_manifest_may() {
    let repository = Repository::new(&[BOOKS, ISBN]);
    repository.settings("[package.metadata.migrate.promote]\nstaging-at = '1'\n");
    repository.commit("staging-at");
    let report = promote(&repository, 0, &[]);
    assert!(gate(&report, "staging", "start").to_string().contains("as configured"), "{report}");
    repository.git(&["branch", "staging"]);
    let report = promote(&repository, 0, &[]);
    assert!(gate(&report, "staging", "start").to_string().contains("branch `staging`"), "{report}");
}

#[test]
fn seeds_that_violate_a_new_constraint_fail_the_upgrade() {
    let repository = Repository::new(&[BOOKS]);
    repository.git(&["branch", "staging"]);
    repository.migration(
        "V2__require_titles",
        "create table unrelated ();\nalter table books add constraint titled check (title <> '');\n",
        "alter table books drop constraint titled;\ndrop table unrelated;\n",
    );
    repository.write("migrations/seeds/books.sql", "insert into books values (1, 'Emma'), (2, '');\n");
    repository.commit("a constraint");
    let report = promote(&repository, 1, &[]);
    let upgrade = gate(&report, "staging", "upgrade");
    assert_eq!(upgrade["result"], "failed");
    let failure = &upgrade["failures"][0];
    assert!(failure["message"].as_str().unwrap().contains("SQLSTATE 23514"), "{failure}");
    assert!(failure["body"].as_str().unwrap().contains("migrations/versions/V2__require_titles.sql:2:1"), "{failure}");
    for name in ["smoke", "last step"] {
        assert_eq!(gate(&report, "staging", name)["skipped_because"], "the database is not at the head");
    }
    // An empty database has no such trouble.
    assert_eq!(gate(&report, "production", "upgrade")["result"], "passed");
    assert_eq!(gate(&report, "production", "as staging")["skipped_because"], "staging did not come to the head");
}

#[test]
fn a_seed_that_fails_is_shown_with_its_place() {
    let repository = Repository::new(&[BOOKS]);
    repository.git(&["branch", "staging"]);
    repository.write(
        "migrations/seeds/1.sql",
        "insert into books values (1, 'é');\n\ninsert into books values (1, 'twice');\n",
    );
    repository.write("migrations/seeds/2.sql", "insert into books\nvalues (3, nothing);\n");
    repository.commit("seeds");
    let report = promote(&repository, 1, &[]);
    let failure = &gate(&report, "staging", "seeds")["failures"][0];
    assert!(failure["message"].as_str().unwrap().contains("migrations/seeds/1.sql"), "{failure}");
    assert!(failure["body"].as_str().unwrap().contains("migrations/seeds/1.sql:3:1"), "{failure}");
    repository.write("migrations/seeds/1.sql", "insert into books values (1, 'é');\n");
    repository.commit("seed 1 is right");
    let report = promote(&repository, 1, &[]);
    let failure = &gate(&report, "staging", "seeds")["failures"][0];
    assert!(failure["body"].as_str().unwrap().contains("migrations/seeds/2.sql:2:12"), "{failure}");
}

/// Dumps of pg_dump empty `search_path`; a role and a timeout are as bad.
#[test]
fn what_a_seed_sets_does_not_reach_the_migrations() {
    let repository = Repository::new(&[BOOKS]);
    repository.git(&["branch", "staging"]);
    repository.migration(
        "V2__add_isbn",
        "alter table books add isbn text;\ncreate table owned ();\n\
         do $$ begin\n  if current_setting('statement_timeout') <> '0' then raise 'a timeout is set'; end if;\nend $$;\n",
        "drop table owned;\nalter table books drop isbn;\n",
    );
    repository.write(
        "migrations/seeds/1.sql",
        "select set_config('search_path', '', false);\nset statement_timeout = '7s';\n\
         insert into public.books values (1, 'Emma');\nset role pg_read_all_data;\n",
    );
    repository.write("migrations/seeds/2.sql", "insert into books values (2, 'Persuasion');\n");
    repository.commit("seeds");
    let report = promote(&repository, 0, &[]);
    assert_eq!(gate(&report, "staging", "seeds")["result"], "passed");
}

/// A named environment would win over the URL that a smoke command is given, and it is a real one.
#[test]
fn a_smoke_command_is_given_no_environment() {
    let repository = Repository::new(&[BOOKS]);
    repository.settings(
        "environments.live.url = 'postgres://localhost:1/live'\n\
         promote.smoke = 'test -n \"$DATABASE_URL\" && test -z \"${CARGO_MIGRATE_ENV+set}\"'\n",
    );
    repository.git(&["branch", "staging"]);
    repository.commit("smoke");
    let args = ["--format", "json", "--engine", "local"];
    let output = repository.promote_with(&args, &[("CARGO_MIGRATE_ENV", "live")]).ended(0);
    let report: serde_json::Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(gate(&report, "staging", "smoke")["result"], "passed");
}

#[test]
fn what_a_branch_has_is_not_edited_nor_deleted() {
    let repository = Repository::new(&[BOOKS, ISBN]);
    repository.git(&["branch", "staging"]);
    repository.migration("V1__create_books", "create table books (id int8 primary key, title text);\n", BOOKS.2);
    repository.commit("an edit");
    let report = promote(&repository, 1, &[]);
    let start = gate(&report, "staging", "start");
    assert_eq!(start["failures"][0]["message"], "migrations were changed after branch `staging` had them");
    assert_eq!(
        start["failures"][0]["body"],
        "  1 create_books was edited (migrations/versions/V1__create_books.sql)\n"
    );
    assert_eq!(gate(&report, "staging", "upgrade")["result"], "skipped");
    assert!(!others(&report).iter().any(|line| line.starts_with("development")), "{report:#}");
}

#[test]
fn an_environment_starts_at_its_own_branch() {
    let repository = Repository::new(&[BOOKS]);
    repository.git(&["branch", "deployed"]);
    repository.migration("V2__add_isbn", ISBN.1, ISBN.2);
    repository.settings("environments.production.branch = 'deployed'\nenvironments.staging.branch = 'gone'\n");
    repository.commit("isbn");
    let report = promote(&repository, 1, &[]);
    let start = gate(&report, "staging", "start");
    assert_eq!(start["failures"][0]["message"], "there is no branch `gone`, which environment `staging` is to be at");
    let short = &repository.git(&["rev-parse", "deployed"])[..7];
    assert_eq!(gate(&report, "production", "start")["notes"][0], format!("branch `deployed` ({short}), 1 migration"));
    assert_eq!(gate(&report, "production", "upgrade")["notes"][0], "1 migration");
    let report = promote(&repository, 0, &["--staging-at", "base", "--production-at", "1"]);
    assert_eq!(gate(&report, "staging", "start")["notes"][0], "at base: as asked for");
    assert_eq!(gate(&report, "production", "start")["notes"][0], "at 1 create_books, as asked for");
}

#[test]
fn a_branch_that_only_the_remote_has_counts() {
    let origin = Repository::new(&[BOOKS]);
    origin.git(&["branch", "staging"]);
    let repository = Repository::new(&[BOOKS, ISBN]);
    repository.git(&["remote", "add", "origin", origin.root().to_str().unwrap()]);
    repository.git(&["fetch", "--quiet", "origin"]);
    let report = promote(&repository, 0, &[]);
    let note = gate(&report, "staging", "start")["notes"][0].as_str().unwrap();
    assert!(note.starts_with("branch `origin/staging` ("), "{note}");
    assert_eq!(gate(&report, "staging", "upgrade")["notes"][0], "1 migration");
}
