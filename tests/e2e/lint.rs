//! `lint` as a command: which migrations it looks at, its formats and fixes, and what it refuses.

use tests::bench::{Bench, LINE, MANIFEST};
use tests::output::Output;
use tests::repository::Repository;

const INDEX: (&str, &str) = ("V4__index_title.sql", "--! parents = [3]\ncreate index books_title on books (title);\n");

fn bench() -> Bench {
    let bench = Bench::new(LINE);
    bench.script(INDEX.0, INDEX.1);
    bench
}

/// `lint` that asks the bench's database.
fn asked(bench: &Bench, args: &[&str]) -> Output {
    let url = bench.database.url();
    let mut all = vec!["lint", "--database-url", url.expose()];
    all.extend(args);
    bench.invoke(&all).output()
}

/// The rules of the findings of a run in JSON.
#[track_caller]
fn rules(output: &Output) -> Vec<String> {
    let findings = output.json()["findings"].as_array().unwrap().clone();
    findings.iter().map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
}

/// Without a database and a repository the lock file knows best: what is sealed has been promoted.
#[test]
fn what_is_sealed_is_left_alone() {
    let bench = Bench::new(LINE);
    bench.migrate(&["seal"]).success();
    bench.script(INDEX.0, INDEX.1);
    let lint = bench.migrate(&["lint", "--format", "json"]).ended(0).json();
    assert_eq!(
        (&lint["migrations"], &lint["why"]),
        (&serde_json::json!([4]), &"those that `migrate.lock` does not have".into())
    );
}

#[test]
fn without_a_database_it_asks_none_and_says_what_it_took() {
    let bench = bench();
    let lint = bench.invoke(&["lint"]).env("DATABASE_URL", "postgres://nobody@127.0.0.1:1/nothing").output().ended(0);
    // The table is created by a migration that is looked at too, so nobody uses it yet.
    assert_eq!(
        lint.messages(),
        "Linted 4 migrations (all there are, since nothing says what is applied): nothing is wrong\n"
    );
    let one = bench.migrate_unchanged(&["lint", "4"]).ended(0);
    let messages = one.messages();
    assert!(messages.contains("warning[require-concurrent-index-creation]"), "{messages}");
    assert!(messages.contains("SHARE on `books`: blocks writes"), "{messages}");
    assert!(messages.contains("1 migration (as named): 1 warning"), "{messages}");
}

#[test]
fn what_the_database_has_is_left_alone_and_its_empty_tables_raise_no_alarm() {
    let bench = bench();
    bench.migrate(&["upgrade", "3"]).success();
    let lint = bench.unchanged(|| asked(&bench, &["--format", "json"])).ended(0);
    assert_eq!(lint.json()["migrations"], serde_json::json!([4]));
    assert_eq!(rules(&lint), Vec::<String>::new());
    bench.database.execute("insert into books (id, title) values (1, 'x')");
    let lint = asked(&bench, &["--format", "json"]).ended(0);
    assert_eq!(rules(&lint), ["require-concurrent-index-creation"]);
    let why = lint.json()["why"].as_str().unwrap().to_owned();
    assert!(why.starts_with("those that database `"), "{why}");
    let all = asked(&bench, &["--all", "--format", "json"]).ended(0);
    assert_eq!(all.json()["migrations"], serde_json::json!([1, 2, 3, 4]));
    bench.migrate(&["upgrade"]).success();
    let none = asked(&bench, &[]).ended(0).messages();
    assert!(none.contains("0 migrations") && none.contains("`cargo migrate lint --all`"), "{none}");
}

#[test]
fn what_the_highest_environments_branch_has_is_left_alone() {
    let bench = Bench::new(LINE);
    bench.project.git(&["init", "--quiet", "--initial-branch=main"]);
    bench.project.git(&["add", "--all"]);
    bench.project.git(&["commit", "--quiet", "--message=start"]);
    bench.script(INDEX.0, INDEX.1);
    let lint = bench.migrate(&["lint", "--format", "json"]).ended(0).json();
    assert_eq!(
        (&lint["migrations"], &lint["why"]),
        (&serde_json::json!([4]), &"those that branch `main` does not have".into())
    );
    // The one that the environment names is asked before others.
    bench.project.git(&["branch", "live"]);
    bench.project.git(&["add", "--all"]);
    bench.project.git(&["commit", "--quiet", "--message=index"]);
    assert_eq!(bench.migrate(&["lint", "--format", "json"]).success().json()["migrations"], serde_json::json!([]));
    bench.configure("\n[package.metadata.migrate.environments.production]\nbranch = \"live\"\n");
    let lint = bench.migrate(&["lint", "--format", "json"]).ended(0).json();
    assert_eq!(
        (&lint["migrations"], &lint["why"]),
        (&serde_json::json!([4]), &"those that branch `live` does not have".into())
    );
}

#[test]
fn levels_of_the_manifest_and_reasons_of_the_header_count() {
    let bench = bench();
    bench.configure("rules = { require-concurrent-index-creation = \"deny\" }\n");
    assert!(
        bench
            .migrate_unchanged(&["lint", "4"])
            .ended(1)
            .messages()
            .contains("error[require-concurrent-index-creation]")
    );
    let reason = "--! allow = [{ rule = \"require-concurrent-index-creation\", reason = \"few books\" }]\n";
    bench.script(INDEX.0, format!("--! parents = [3]\n{reason}create index books_title on books (title);\n"));
    assert!(bench.migrate(&["lint", "4"]).ended(0).messages().contains("nothing is wrong"));
    bench.migrate(&["check"]).success();
    // A name that is no rule is found by the build and by `lint`.
    bench.script(INDEX.0, "--! parents = [3]\n--! allow = [\"require-concurent-index-creation\"]\nselect 1;\n");
    for command in ["lint", "check"] {
        let messages = bench.migrate_unchanged(&[command]).ended(1).messages();
        assert!(messages.contains("did you mean `require-concurrent-index-creation`?"), "{messages}");
    }
}

#[test]
fn an_allow_of_the_builds_rules_is_of_use_where_they_find_something() {
    let bench = Bench::new(&[
        ("V1__a.sql", "--! allow = [\"missing-down\"]\ncreate table a (id int8 primary key);\n"),
        ("V2__b.sql", "--! parents = [1]\n--! allow = [\"missing-down\"]\ncreate table b (id int8 primary key);\n"),
        ("V2__b.down.sql", "drop table b;\n"),
    ]);
    let lint = bench.migrate_unchanged(&["lint", "--format", "json"]).ended(0).json();
    let findings = lint["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1, "{lint}");
    assert_eq!((&findings[0]["rule"], &findings[0]["labels"][0]["line"]), (&"unused-allow".into(), &2.into()));
}

#[test]
fn formats_for_machines_name_the_place() {
    let bench = bench();
    bench.project.git(&["init", "--quiet", "--initial-branch=work"]);
    let github = bench.migrate(&["lint", "4", "--format", "github"]).ended(0);
    let start =
        "::warning file=migrations/versions/V4__index_title.sql,line=2,col=1,title=require-concurrent-index-creation::";
    assert!(github.stdout.starts_with(start), "{}", github.stdout);
    assert_eq!(github.stdout.lines().count(), 1);
    let sarif = bench.migrate(&["lint", "4", "--format", "sarif"]).ended(0);
    let sarif: serde_json::Value = serde_json::from_str(&sarif.stdout).unwrap();
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "require-concurrent-index-creation");
    assert_eq!(result["locations"][0]["physicalLocation"]["region"]["startLine"], 2);
    // From the root of a repository that holds more than the package.
    bench.project.write("app/Cargo.toml", MANIFEST.replace("shop", "other"));
    bench.project.write("app/src/lib.rs", "");
    bench.project.write("app/migrations/versions/V1__a.sql", "create table a (id int8 primary key, code char(3));\n");
    let below = |format: &str| bench.invoke(&["lint", "--format", format]).within(bench.project.path("app")).output();
    let github = below("github").ended(0).stdout;
    assert!(github.starts_with("::warning file=app/migrations/versions/V1__a.sql,line=1,"), "{github}");
    let sarif: serde_json::Value = serde_json::from_str(&below("sarif").ended(0).stdout).unwrap();
    let location = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
    assert_eq!(location["uri"], "app/migrations/versions/V1__a.sql");
    let refused = bench.migrate(&["status", "--format", "sarif"]).ended(2).messages();
    assert!(refused.contains("only `lint` prints that format"), "{refused}");
}

#[test]
fn fixes_reach_only_what_is_known_not_to_be_applied() {
    let bench = Bench::new(LINE);
    let file = "migrations/versions/V4__add_times.sql";
    let before = "--! parents = [3]\nalter table books add born timestamp, add code char(3);\n";
    bench.script("V4__add_times.sql", before);
    let refused = bench.migrate_unchanged(&["lint", "--fix"]).ended(1).messages();
    assert!(refused.contains("nothing says which migrations are applied"), "{refused}");
    bench.migrate(&["upgrade", "3"]).success();
    let fixed = asked(&bench, &["--fix"]).ended(0).messages();
    assert!(fixed.contains("Fixed 2 findings") && fixed.contains("nothing is wrong"), "{fixed}");
    let after = "--! parents = [3]\nalter table books add born timestamptz, add code varchar(3);\n";
    assert_eq!(bench.project.read(file), after);
    // What is sealed or applied stays as it is, whatever is found in it.
    bench.project.write(file, before);
    bench.migrate(&["seal"]).success();
    let lint = bench.unchanged(|| asked(&bench, &["--fix"])).ended(0).messages();
    assert!(lint.contains("prefer-timestamp-tz") && !lint.contains("Fixed"), "{lint}");
    bench.migrate(&["upgrade"]).success();
    let lint = bench.unchanged(|| asked(&bench, &["--fix", "--all"])).ended(0).messages();
    assert!(lint.contains("prefer-timestamp-tz") && !lint.contains("Fixed"), "{lint}");
}

#[test]
fn statements_that_no_parser_knows_are_said_once() {
    let bench =
        Bench::new(&[("V1__a.sql", "--! allow = [\"syntax-error\"]\nfrobnicate a;\nselect 1;\nfrobnicate b;\n")]);
    let lint = bench.migrate_unchanged(&["lint", "--format", "json"]).ended(0);
    assert_eq!(rules(&lint), ["not-analysed"]);
    assert_eq!(lint.json()["findings"][0]["labels"].as_array().unwrap().len(), 2);
}

#[test]
fn the_servers_version_counts() {
    let bench =
        Bench::new(&[("V1__a.sql", "create table a (b int8 primary key, c int8 generated always as (b) virtual);\n")]);
    assert!(!bench.migrate(&["lint"]).messages().contains("needs-newer-postgres"));
    bench.configure("postgres = \"17\"\n");
    assert!(bench.migrate(&["lint"]).ended(1).messages().contains("virtual generated columns needs PostgreSQL 18"));
    // Of what is configured and what is asked, the older one counts.
    bench.project.replace("Cargo.toml", "\"17\"", "\"13\"");
    let lint = asked(&bench, &[]).ended(1).messages();
    assert!(lint.contains("the migrations are for PostgreSQL 13"), "{lint}");
    bench.project.replace("Cargo.toml", "\"13\"", "\"seven\"");
    assert!(bench.migrate(&["lint"]).ended(2).messages().contains("`postgres` is not a major version of PostgreSQL"));
}

#[test]
fn a_denied_hazard_fails_the_rehearsal() {
    let repository =
        Repository::new(&[("V1__books", "create table books (id int8 primary key);\n", "drop table books;\n")]);
    repository.migration(
        "V2__unused",
        "--! parents = [1]\nalter table books add constraint a check (id > 0);\n",
        "alter table books drop constraint a;\n",
    );
    repository.git(&["branch", "production", "HEAD"]);
    repository.settings("rules = { constraint-missing-not-valid = \"deny\" }\n");
    repository.commit("add a check");
    let report = repository.promote(&["--format", "json"]);
    let messages = report.stdout.clone();
    let report: serde_json::Value = serde_json::from_str(&messages).unwrap();
    let gates = report["stages"][0]["gates"].as_array().unwrap();
    let lint = gates.iter().find(|gate| gate["name"] == "lint").unwrap();
    assert_eq!(lint["result"], "failed", "{lint}");
    assert!(lint["failures"][0]["body"].as_str().unwrap().contains("error[constraint-missing-not-valid]"), "{lint}");
    assert_eq!(lint["notes"][0], "1 migration (those that branch `production` does not have)");
}
