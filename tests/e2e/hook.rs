//! The git hook that `init --hook` writes, in real repositories.

use std::os::unix::fs::PermissionsExt;

use insta::assert_snapshot;
use tests::bench::{Bench, LINE, MANIFEST, VERSIONS};
use tests::project::Project;

const HOOK: &str = ".git/hooks/pre-commit";
const BAD: &str = "--! parents = [3]\nalter table books add, year;\n";
const GOOD: &str = "--! parents = [3]\nalter table books add year int2;\n";

/// A package with migrations, committed.
fn committed() -> Bench {
    let bench = Bench::new(LINE);
    bench.project.write("build.rs", "fn main() {\n    migrate_build::embed(\"migrations\");\n}\n");
    bench.project.commit("start");
    bench
}

fn is_refused(project: &Project, folder: &str, args: &[&str]) -> bool {
    let head = |project: &Project| project.git_within(folder, &["rev-parse", "HEAD"], &[]).success().stdout;
    let before = head(project);
    let output = project.git_with_hooks(folder, &[&["commit", "--quiet", "--message", "x"], args].concat());
    let refused = output.code == Some(1);
    assert_eq!(refused, head(project) == before, "{output:?}");
    assert_eq!(
        refused,
        output.stderr.contains("error[") && output.stderr.contains("the commit is refused"),
        "{output:?}"
    );
    refused
}

#[test]
fn a_commit_with_errors_is_refused() {
    let bench = committed();
    assert_snapshot!(bench.migrate(&["init", "--hook"]).success().snapshot(), @"
    $ cargo-migrate init --hook
    -- stderr
    Edited Cargo.toml: added `migrate-build` to `[dependencies]`, added `migrate-build` to `[build-dependencies]`
    Created migrations/.gitattributes: LF for scripts, merge by lines for the lock
    Created .git/hooks/pre-commit: git refuses commits whose migrations have errors
    build.rs calls `migrate_build` already
    migrations/versions has migrations already

    next steps:
      cargo migrate new create_books    write a migration, then its SQL in migrations/versions
      cargo build                       checks all migrations and embeds them
      cargo migrate upgrade             applies them to the database in DATABASE_URL

    to apply them when the application starts (`cargo add tokio-postgres tokio -F tokio/macros,tokio/rt-multi-thread`):
      mod db {
          migrate_build::include_migrations!();
      }
      db::MIGRATIONS.upgrade(&mut client).await?;
    -- exit 0
    ");
    assert_snapshot!(bench.project.read(HOOK), @r#"
    #!/bin/sh
    # What is staged must pass; without the command, no commit does.
    cargo migrate check --quiet --manifest-path Cargo.toml --at "$(git write-tree)" || {
        echo 'the commit is refused, see above (where the command is missing: cargo install cargo-migrate)' >&2
        exit 1
    }
    "#);
    let again = bench.migrate_unchanged(&["init", "--hook"]).success();
    assert!(again.stderr.contains(".git/hooks/pre-commit checks the migrations already"), "{again:?}");
    let project = &bench.project;
    project.git(&["add", "--all"]).success();
    assert!(!is_refused(project, "", &[]));
    bench.script("V4__add_year.sql", BAD);
    project.git(&["add", "--all"]).success();
    assert!(is_refused(project, "", &[]));
    // What counts is what is staged, not what lies around.
    bench.script("V4__add_year.sql", GOOD);
    assert!(is_refused(project, "", &[]));
    project.git(&["add", "--all"]).success();
    bench.script("V4__add_year.sql", BAD);
    assert!(!is_refused(project, "", &[]));
    assert!(is_refused(project, "", &["--all"]));
    assert!(is_refused(project, "", &["--", "migrations"]));
    project.write("src/lib.rs", "// more\n");
    assert!(!is_refused(project, "", &["--", "src"]), "with an index of its own");
    // Without the command no commit passes unseen.
    let output = project.git(&["commit", "--quiet", "--allow-empty", "--message", "x"]).ended(1);
    assert!(output.stderr.contains("where the command is missing: cargo install cargo-migrate"), "{output:?}");
}

#[test]
fn a_sealed_migration_is_not_committed_edited() {
    let bench = committed();
    let project = &bench.project;
    bench.migrate(&["init", "--hook"]).success();
    bench.migrate(&["seal"]).success();
    project.git(&["add", "--all"]).success();
    assert!(!is_refused(project, "", &[]));
    project.replace(format!("{VERSIONS}/V2__add_isbn.sql"), "text", "varchar(13)");
    let output = project.git_with_hooks("", &["commit", "--quiet", "--all", "--message", "x"]).ended(1);
    let cure = format!("help: restore the file first: `git checkout HEAD -- {VERSIONS}/V2__add_isbn.sql`");
    assert!(output.stderr.contains(&cure), "{output:?}");
}

#[test]
fn in_a_worktree_and_in_a_workspace() {
    let bench = committed();
    let project = &bench.project;
    project.write("app/Cargo.toml", MANIFEST.replace("shop", "other"));
    project.write("app/src/lib.rs", "");
    project.write("app/migrations/versions/V1__a.sql", "--! irreversible = \"x\"\nselect 1;\n");
    project.commit("two packages");
    bench.migrate(&["init", "--hook"]).success();
    bench.invoke(&["init", "--hook"]).within(project.path("app")).output().success();
    project.git(&["add", "--all"]).success();
    assert!(!is_refused(project, "", &[]));
    project.git(&["worktree", "add", "--quiet", "linked"]).success();
    for file in ["linked/migrations/versions/V4__a.sql", "linked/app/migrations/versions/V2__b.sql"] {
        project.write(file, "--! parents = [9]\n--! irreversible = \"x\"\nselect 1;\n");
        project.git_within("linked", &["add", "--all"], &[]).success();
        assert!(is_refused(project, "linked/src", &[]), "{file}");
        project.git_within("linked", &["reset", "--quiet", "--hard"], &[]).success();
    }
    // The other working tree's files are of no account here.
    project.write("migrations/versions/V4__a.sql", BAD);
    project.write("linked/README.md", "x");
    project.git_within("linked", &["add", "--all"], &[]).success();
    assert!(!is_refused(project, "linked", &[]));
}

#[test]
fn hooks_that_are_there_are_kept() {
    let bench = committed();
    let project = &bench.project;
    let hook = |path: &str, text: &str, mode: u32| {
        project.write(path, text);
        fs_err::set_permissions(project.path(path), PermissionsExt::from_mode(mode)).unwrap();
    };
    project.git(&["config", "core.hooksPath", ".hooks"]).success();
    hook(".hooks/pre-commit", "#!/usr/bin/env bash\ntouch ran\nexit 0\n", 0o750);
    bench.migrate(&["init", "--hook"]).success();
    project.git(&["add", "--all"]).success();
    assert!(!is_refused(project, "", &[]));
    assert!(project.path("ran").exists());
    project.remove("ran");
    bench.script("V4__add_year.sql", BAD);
    project.git(&["add", "--all"]).success();
    assert!(is_refused(project, "", &[]));
    let mode = fs_err::metadata(project.path(".hooks/pre-commit")).unwrap().permissions().mode();
    assert_eq!((project.path("ran").exists(), mode & 0o777), (false, 0o750));

    hook(".hooks/pre-commit", "#!/usr/bin/env python3\nprint(1)\n", 0o755);
    assert_snapshot!(bench.migrate_unchanged(&["init", "--hook"]).ended(1).snapshot(), @r#"
    $ cargo-migrate init --hook
    -- stderr
    error: `[ROOT]/.hooks/pre-commit` can't be extended safely
      caused by: it is no shell script
    note: nothing was changed
    help: let what runs before a commit run this, too: `cargo migrate check --quiet --manifest-path Cargo.toml --at "$(git write-tree)"`
    -- exit 1
    "#);
    hook(".hooks/pre-commit", "#!/bin/sh\nfalse\n", 0o644);
    assert_snapshot!(bench.migrate_unchanged(&["init", "--hook"]).ended(1).snapshot(), @"
    $ cargo-migrate init --hook
    -- stderr
    error: `[ROOT]/.hooks/pre-commit` can't be extended safely
      caused by: it is not executable, so git passes over it
    note: nothing was changed
    help: if it shall run: `chmod +x [ROOT]/.hooks/pre-commit`, then run this again
    help: if not, delete it
    -- exit 1
    ");
    let shared = tempfile::tempdir().unwrap();
    project.git(&["config", "core.hooksPath", shared.path().to_str().unwrap()]).success();
    let output = bench.migrate_unchanged(&["init", "--hook"]).ended(1);
    assert!(
        output.stderr.contains("its folder, which git's setting `core.hooksPath` names, is not this repository's own"),
        "{output:?}"
    );
    assert!(output.stderr.contains("let what runs before a commit run this, too: `cargo migrate check"), "{output:?}");
}

#[test]
fn without_a_repository_there_is_nothing_to_hook_into() {
    let bench = Bench::new(LINE);
    let output = bench.migrate_unchanged(&["init", "--hook"]).ended(1);
    assert!(output.stderr.contains("the package is in no git repository"), "{output:?}");
}

#[test]
fn check_at_names_what_it_can_not_find() {
    let bench = committed();
    bench.script("V4__add_year.sql", BAD);
    bench.migrate_unchanged(&["check"]).ended(1);
    bench.migrate_unchanged(&["check", "--at", "HEAD"]).success();
    let output = bench.migrate_unchanged(&["check", "--at", "nowhere"]).ended(2);
    assert!(output.stderr.contains("`nowhere` is no commit that has a folder `migrations`"), "{output:?}");
    bench.migrate_unchanged(&["check", "--at", "HEAD", "--database"]).ended(2);
}
