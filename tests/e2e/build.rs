//! A package that embeds its migrations: what is compiled, and that it is what lies in the folder after every change.

use std::time::SystemTime;

use fs_err as fs;
use insta::assert_snapshot;
use migrate_build::checksum::{VersionWidth, refinery_checksum};
use tests::project::{NAME, Project};

/// What the package's program prints: the head, the migrations, and refinery's list of them.
#[track_caller]
fn run(project: &Project) -> String {
    project.cargo(&["run", "--quiet"]).success().stdout
}

/// The program's line about a migration.
#[track_caller]
fn line(printed: &str, version: i64) -> &str {
    let start = format!("{version} ");
    printed.lines().find(|line| line.starts_with(&start)).unwrap_or_else(|| panic!("no {version} in\n{printed}"))
}

/// When the files of `OUT_DIR` were written.
fn written(project: &Project) -> Vec<SystemTime> {
    ["migrate_build.rs", "migrate_build.sql"]
        .map(|file| fs::metadata(project.out_dir().join(file)).unwrap().modified().unwrap())
        .to_vec()
}

/// The module compiles under the strictest lints; nothing is done again where nothing changed.
#[test]
fn a_module_is_compiled_once() {
    let project = Project::copy("shop");
    let build = project.cargo(&["build"]).success();
    assert_eq!(build.messages(), "");
    assert_snapshot!(run(&project));

    let before = written(&project);
    assert!(project.cargo(&["build", "-v"]).success().is_fresh(NAME));

    // Another time on a file, and another form of the same text: the script runs, and leaves rustc nothing to do.
    let file = "migrations/versions/V1__create_books.sql";
    let text = project.read(file);
    for text in [text.clone(), format!("\u{feff}{}", text.replace('\n', "\r\n"))] {
        project.write(file, text);
        let build = project.cargo(&["build", "-v"]).success();
        assert!(build.stderr.contains("/build-script-build`"), "{}", build.stderr);
        assert_eq!(written(&project), before);
    }
    assert_snapshot!("a_module_is_compiled_once", run(&project));
    assert!(project.cargo(&["build", "-v"]).success().is_fresh(NAME));
}

/// The text that is embedded and its checksum are those of the folded script.
#[test]
fn line_ends_and_marks_are_folded() {
    let project = Project::copy("shop");
    project.write("migrations/versions/V1__create_books.sql", "\u{feff}create table books ();\r\n\r\n-- end\r\n");
    project.write("migrations/versions/V2__add_isbn.sql", "\u{feff}--! parents = [1]\r\nselect 2;\r\n");
    let printed = run(&project);
    let up = "create table books ();\n\n-- end\n";
    assert!(line(&printed, 1).contains(&format!("{up:?}")), "{printed}");
    assert!(line(&printed, 2).contains("on [1]: \"--! parents = [1]\\nselect 2;\\n\""), "{printed}");
    let checksum = refinery_checksum("create_books", 1, up, VersionWidth::Int4);
    assert!(printed.contains(&format!("V1__create_books {checksum}\n")), "{printed}");
}

#[test]
fn every_change_is_compiled() {
    let project = Project::copy("shop");
    let folder = "migrations/versions";
    assert!(run(&project).starts_with("head Some(3)\n"));

    // Added.
    project.write(format!("{folder}/V4__add_year.sql"), "--! parents = [3]\nalter table books add year int;\n");
    project.write(format!("{folder}/V4__add_year.down.sql"), "alter table books drop year;\n");
    let printed = run(&project);
    assert!(printed.starts_with("head Some(4)\n"), "{printed}");
    assert!(line(&printed, 4).contains("add_year on [3]"), "{printed}");

    // Edited: the up script, the down script, the header.
    project.replace(format!("{folder}/V4__add_year.sql"), "year int", "year int2");
    assert!(line(&run(&project), 4).contains("year int2"));
    project.replace(format!("{folder}/V4__add_year.down.sql"), "drop year", "drop column year");
    assert!(line(&run(&project), 4).contains("drop column year"));
    project.replace(format!("{folder}/V4__add_year.sql"), "--! parents", "--! transaction = false\n--! parents");
    let printed = run(&project);
    assert!(line(&printed, 4).ends_with(", false, None"), "{printed}");
    assert!(printed.contains("refinery: refinery can't run migration 4"), "{printed}");

    // Deleted: a down script (which stops nothing), then the migration.
    project.remove(format!("{folder}/V4__add_year.down.sql"));
    assert!(line(&run(&project), 4).contains(", None, false"));
    project.remove(format!("{folder}/V4__add_year.sql"));
    assert!(run(&project).starts_with("head Some(3)\n"));

    // Renamed: a migration, then the folder.
    project.rename(&format!("{folder}/V3__add_price.sql"), &format!("{folder}/V5__add_cost.sql"));
    let printed = run(&project);
    assert!(printed.starts_with("head Some(5)\n"), "{printed}");
    assert!(line(&printed, 5).contains("add_cost on [2]"), "{printed}");
    project.rename("migrations", "db");
    assert_snapshot!("the_folder_is_gone", project.cargo(&["build"]).ended(101).messages());
    project.replace("build.rs", "\"migrations\"", "\"db\"");
    assert!(run(&project).starts_with("head Some(5)\n"));
    project.replace("db/versions/V5__add_cost.sql", "numeric", "numeric(10, 2)");
    assert!(line(&run(&project), 5).contains("numeric(10, 2)"));
}

/// Warnings are cargo's own, and stop nothing; what they are is up to the manifest, and a change of it is seen.
#[test]
fn the_manifest_sets_levels() {
    let project = Project::copy("shop");
    project.remove("migrations/versions/V2__add_isbn.down.sql");
    let build = project.cargo(&["build", "--lib"]).success();
    assert_snapshot!("a_warning", build.messages());
    // Cargo repeats it as long as the package is built.
    assert_eq!(project.cargo(&["build", "--lib"]).success().messages(), build.messages());

    let manifest = project.read("Cargo.toml");
    let metadata = "\n[package.metadata.migrate]\n";
    project.write("Cargo.toml", format!("{manifest}{metadata}rules = {{ missing-down = \"deny\" }}\n"));
    assert_snapshot!("a_warning_denied", project.cargo(&["build", "--lib"]).ended(101).messages());
    project.write("Cargo.toml", format!("{manifest}{metadata}rules = {{ missing-down = \"allow\" }}\n"));
    assert_eq!(project.cargo(&["build", "--lib"]).success().messages(), "");
    project.write("Cargo.toml", format!("{manifest}{metadata}rules = {{ missing-dawn = \"off\" }}\nhistroy = \"h\"\n"));
    assert_snapshot!("a_manifest_with_mistakes", project.cargo(&["build", "--lib"]).ended(101).messages());
    project.write("Cargo.toml", manifest);
    assert_snapshot!("a_warning", project.cargo(&["build", "--lib"]).success().messages());
}
