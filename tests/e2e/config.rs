//! Which database is meant, and which setting wins.

use insta::assert_snapshot;
use tests::bench::{Bench, LINE, VERSIONS};
use tests::postgres::Database;

/// The database that `status` reads.
#[track_caller]
fn database(output: tests::output::Output) -> String {
    output.success().json()["database"].as_str().unwrap().to_owned()
}

const STATUS: [&str; 3] = ["status", "--format", "json"];

/// Argument, variable, package, workspace: whichever is first decides.
#[test]
fn the_nearest_setting_wins() {
    let bench = Bench::new(&[]);
    let [package, workspace, argument] = [Database::new(), Database::new(), Database::new()];
    let name = |database: &Database| database.name().to_owned();
    let url = |database: &Database| database.url().expose().to_owned();
    let table = |section: &str, key: &str, database: &Database| {
        format!("[{section}.metadata.migrate.environments.development]\n{key} = \"{}\"\n", url(database))
    };
    let member = "[package]\nname = \"member\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
    let root = "[workspace]\nmembers = [\"member\"]\n";
    bench.project.write("Cargo.toml", format!("{root}{}", table("workspace", "url", &workspace)));
    bench.project.write("member/Cargo.toml", format!("{member}{}", table("package", "url", &package)));
    bench.project.write("member/src/lib.rs", "");
    for (file, text) in LINE {
        bench.project.write(format!("member/{VERSIONS}/{file}"), text);
    }
    let run = |args: &[&str]| {
        let hidden = bench.invoke(&[&STATUS, args].concat()).without("DATABASE_URL");
        // The names are what this is about.
        hidden.hide("[DATABASE]", "variable")
    };
    let variable = url(&bench.database);
    let argument_url = url(&argument);
    let with_argument = ["--database-url", argument_url.as_str()];
    assert_eq!(database(run(&with_argument).env("DATABASE_URL", &variable).output()), name(&argument));
    assert_eq!(database(run(&[]).env("DATABASE_URL", &variable).output()), "variable");
    assert_eq!(database(run(&[]).output()), name(&package));
    // A named environment has its own URL, whatever the variable says.
    assert_eq!(database(run(&["--env", "development"]).env("DATABASE_URL", &variable).output()), name(&package));
    bench.project.write("member/Cargo.toml", member);
    assert_eq!(database(run(&[]).output()), name(&workspace));
    bench.project.write("Cargo.toml", root);
    assert_snapshot!(run(&[]).output().ended(2).snapshot(), @r#"
    $ cargo-migrate status --format json
    {
      "command": "status",
      "error": {
        "causes": [],
        "findings": [],
        "helps": [
          "set `DATABASE_URL`, for example in `.env`, or give `--database-url postgres://user@host/database`"
        ],
        "kind": "usage",
        "location": null,
        "message": "no database is configured",
        "notes": []
      },
      "version": 1
    }
    -- stderr
    error: no database is configured
    help: set `DATABASE_URL`, for example in `.env`, or give `--database-url postgres://user@host/database`
    -- exit 2
    "#);
}

#[test]
fn the_history_table_is_the_packages_then_the_workspaces() {
    let bench = Bench::new(LINE);
    let table =
        |bench: &Bench| bench.migrate(&STATUS).success().json()["history"]["table"].as_str().unwrap().to_owned();
    assert_eq!(table(&bench), "refinery_schema_history");
    bench.configure("\n[workspace]\n[workspace.metadata.migrate]\nhistory = \"theirs\"\n");
    assert_eq!(table(&bench), "theirs");
    bench.project.replace("Cargo.toml", "version-format", "history = \"ours\"\nversion-format");
    assert_eq!(table(&bench), "ours");
}

#[test]
fn an_environment_variable_names_the_environment() {
    let bench = Bench::new(LINE);
    bench.configure(
        "[package.metadata.migrate.environments.staging]\nurl = \"$STAGING_URL\"\n\
         [package.metadata.migrate.environments.production]\nprotected = true\n",
    );
    let staging = Database::new();
    let url = staging.url();
    for args in [&["status", "--format", "json", "--env", "staging"][..], &STATUS] {
        let run = bench.invoke(args).env("CARGO_MIGRATE_ENV", "staging").env("STAGING_URL", url.expose());
        let json = run.output().success().json();
        assert_eq!((&json["environment"], &json["database"]), (&"staging".into(), &staging.name().into()));
    }
    assert_snapshot!(bench.migrate_unchanged(&["status", "--env", "staging"]).ended(2).snapshot(), @"
    $ cargo-migrate status --env staging
    -- stderr
    error: variable `STAGING_URL`, which the URL of environment `staging` names, is not set
    help: set `STAGING_URL` in the environment; `.env` is read for development only
    -- exit 2
    ");
    assert_snapshot!(bench.migrate_unchanged(&["status", "--env", "stagign"]).ended(2).snapshot(), @"
    $ cargo-migrate status --env stagign
    -- stderr
    error: no environment `stagign` is configured for package `shop`
    help: did you mean `staging`?
    -- exit 2
    ");
    assert_snapshot!(bench.migrate_unchanged(&["status", "--env", "production"]).ended(2).snapshot(), @r#"
    $ cargo-migrate status --env production
    -- stderr
    error: environment `production` has no database URL
    help: add `url = "$VARIABLE"` to `[package.metadata.migrate.environments.production]`, or give `--database-url`
    -- exit 2
    "#);
    let wrong = bench.invoke(&["status"]).env("CARGO_MIGRATE_ENV", "nope").output().ended(2);
    assert!(wrong.stderr.contains("no environment `nope`"), "{wrong:?}");
}

#[test]
fn dotenv_is_for_development_alone() {
    let bench = Bench::new(LINE);
    let url = bench.database.url();
    bench.project.write(".env", format!("DATABASE_URL={0}\nSTAGING_URL={0}\n", url.expose()));
    let run = |args: &[&str]| bench.invoke(args).without("DATABASE_URL").output();
    run(&["status"]).success();
    bench.configure("[package.metadata.migrate.environments.staging]\nurl = \"$STAGING_URL\"\n");
    run(&["status"]).success();
    run(&["status", "--env", "development"]).success();
    run(&["status", "--env", "staging"]).ended(2);
    // The process's own variable wins.
    let other = Database::new();
    let found = bench
        .invoke(&["status", "--env", "development", "--format", "json"])
        .env("DATABASE_URL", other.url().expose())
        .output();
    assert_eq!(database(found), other.name());
    bench.project.write(".env", "# a comment\nDATABASE_URL 'postgres://ada:hunter2@localhost/x\n");
    let wrong = run(&["status"]).ended(2);
    assert_snapshot!(wrong.snapshot(), @"
    $ cargo-migrate status
    -- stderr
    error: [ROOT]/.env:2: not a `NAME=value` line
    help: write a line as `NAME=value` or `NAME='a value'`, a comment as `# comment`
    -- exit 2
    ");
}

#[test]
fn mistakes_in_the_manifest_are_named_with_their_line() {
    let bench = Bench::new(LINE);
    bench.configure("histroy = \"h\"\n[package.metadata.migrate.environments.staging]\nprotect = true\n");
    assert_snapshot!(bench.migrate_unchanged(&["status"]).ended(2).snapshot(), @"
    $ cargo-migrate status
    -- stderr
    error: [ROOT]/Cargo.toml:8:1: unknown key `histroy` in `[package.metadata.migrate]`
    help: did you mean `history`?
    -- exit 2
    ");
    bench.project.replace("Cargo.toml", "histroy", "history");
    assert_snapshot!(bench.migrate_unchanged(&["status"]).ended(2).snapshot(), @"
    $ cargo-migrate status
    -- stderr
    error: [ROOT]/Cargo.toml:10:1: unknown key `protect` in an environment
    help: did you mean `protected`?
    -- exit 2
    ");
    let bench = Bench::new(LINE);
    bench.configure("rules = { several-heads = \"off\" }\nlock-timeout = \"5 parsecs\"\n");
    assert_snapshot!(bench.migrate_unchanged(&["check"]).ended(2).snapshot(), @r#"
    $ cargo-migrate check
    -- stderr
    error: [ROOT]/Cargo.toml:8:27: `several-heads` has no level of this name
    help: the levels are `"allow"`, `"warn"` and `"deny"`
    -- exit 2
    "#);
}

/// A migration's header first, then the variable, then the manifest.
#[test]
fn timeouts_come_from_the_nearest_place() {
    let bench = Bench::new(&[
        ("V1__seen.sql", "create table seen as select current_setting('lock_timeout') as lock;\n"),
        ("V1__seen.down.sql", "drop table seen;\n"),
    ]);
    let seen = |bench: &Bench, variable: &str| {
        bench.invoke(&["upgrade"]).env("CARGO_MIGRATE_LOCK_TIMEOUT", variable).output().success();
        let seen = bench.database.value("select lock from seen");
        bench.migrate(&["downgrade"]).success();
        seen
    };
    bench.configure("lock-timeout = \"7s\"\n");
    assert_eq!(seen(&bench, ""), "7s");
    assert_eq!(seen(&bench, "8s"), "8s");
    bench.script(
        "V1__seen.sql",
        "--! lock-timeout = \"9s\"\ncreate table seen as select current_setting('lock_timeout') as lock;\n",
    );
    assert_eq!(seen(&bench, "8s"), "9s");
    let wrong = bench.unchanged(|| bench.invoke(&["upgrade"]).env("CARGO_MIGRATE_LOCK_TIMEOUT", "soon").output());
    assert_snapshot!(wrong.ended(2).snapshot(), @"
    $ cargo-migrate upgrade
    -- stderr
    error: variable `CARGO_MIGRATE_LOCK_TIMEOUT`: a duration is a whole number and a unit
    help: write a whole number and a unit out of `ms`, `s`, `min`, `h`, `d`, for example `5s`
    -- exit 2
    ");
    bench.migrate_unchanged(&["upgrade", "--wait", "soon"]).ended(2);
}
